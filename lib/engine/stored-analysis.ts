// A finished analysis in its kept form, `hoplane.kept-analysis/1`: a reload of a case takes it instead of computing it anew. It holds live tables, so only the
// very build that wrote it reads it, and only for the captures and corrections that it was computed from. Whatever does not fit is computed.
import type { CodecNames } from '../base/value-codec';
import { ClockModel } from '../correlate/clocks/clocks';
import type { Correlation } from '../correlate/correlate';
import type { CorrelationInput } from '../correlate/input/input';
import { JourneyBytes } from '../correlate/journeys/journey-bytes';
import { LossStops } from '../correlate/journeys/loss-stops';
import { Ends } from '../correlate/stations/ends';
import { PlacedPattern } from '../correlate/stations/pattern';
import { AddressPairs, RouteDirection } from '../correlate/stations/stations';
import type { ConnectionSummary, HopSummary } from '../model/connection';
import type { Evidence } from '../model/evidence';
import type { Diagnosis } from '../model/finding';
import type { FitnessFinding } from '../model/fitness';
import type { PointRole } from '../model/point-role';
import type { TupleRows, TupleTable } from '../model/tuple-table';
import type { ByteSource } from '../read/byte-source';
import { Analysis, type FinishedAnalysis } from './analysis';
import { GraphReader, writeGraph } from './stored-graphs';

const SCHEMA = 'hoplane.kept-analysis/1';
/** Connections that are written, or read, at once. */
const CHUNK = 256;
const NOTHING: CodecNames = { classes: {}, known: new Map() };

interface Head {
  readonly schema: string;
  readonly build: string;
  readonly key: string;
  readonly connections: number;
}

interface Judged {
  readonly hops: readonly HopSummary[];
  readonly fitness: readonly FitnessFinding[];
  readonly roles: readonly (PointRole | undefined)[];
  readonly diagnosis: Diagnosis;
}

/** What is not written: it is at hand once the captures' tables are. */
const namesFor = (input: CorrelationInput): CodecNames => ({
  classes: {
    AddressPairs,
    ClockModel,
    Ends,
    JourneyBytes,
    LossStops,
    PlacedPattern,
    RouteDirection,
  },
  known: new Map<string, object>([
    ['input', input],
    ['tuples', input.tuples],
  ]),
});

/** What the analysis was computed from: captures in their order, what was corrected by hand, and the evidence beside them. */
const keyOf = (
  { captures, corrections }: CorrelationInput,
  evidence: readonly Evidence[],
): string =>
  JSON.stringify([
    captures.map(({ file, summary, table }) => [file, summary.fingerprint, table.rows]),
    corrections,
    evidence.map((one) => JSON.stringify(one)).sort(),
  ]);

/** The bytes in pieces, each soon made. */
export function* writeAnalysis(
  { analysis, diagnosis }: FinishedAnalysis,
  evidence: readonly Evidence[],
  build: string,
): Generator<Uint8Array<ArrayBuffer>, void> {
  const { correlation, connections, hops, fitness, points } = analysis;
  const { input } = correlation;
  const head: Head = {
    schema: SCHEMA,
    build,
    key: keyOf(input, evidence),
    connections: connections.length,
  };
  yield* writeGraph(head, NOTHING);
  yield* writeGraph(input.tuples.rowsOf(), NOTHING);
  for (const { table } of input.captures)
    for (let block = 0; block < table.blockCount; block += 1)
      yield* writeGraph(
        table.blockColumns(block).analysis.subarray(0, table.blockRows(block)),
        NOTHING,
      );
  yield* writeGraph(correlation, namesFor(input));
  for (let at = 0; at < connections.length; at += CHUNK)
    yield* writeGraph(connections.slice(at, at + CHUNK), NOTHING);
  const judged: Judged = { hops, fitness, roles: points.map(({ role }) => role), diagnosis };
  yield* writeGraph(judged, NOTHING);
}

/** An analysis that was kept, before the tables that it speaks of are there. */
export class StoredAnalysis {
  private constructor(
    private readonly reader: GraphReader,
    private readonly head: Head,
  ) {}

  /**
   * Numbers addresses and tuples as they were when it was written: the tables of the captures must come after. null: it is of another build, or
   * cannot be read.
   */
  static async open(
    source: ByteSource,
    build: string,
    tuples: TupleTable,
  ): Promise<StoredAnalysis | null> {
    try {
      const reader = new GraphReader(source);
      const head = (await reader.next(NOTHING)) as Head;
      if (head.schema !== SCHEMA || head.build !== build || tuples.count > 0) return null;
      tuples.restore((await reader.next(NOTHING)) as TupleRows);
      return new StoredAnalysis(reader, head);
    } catch {
      return null;
    }
  }

  /** Once. null: it is of other captures, corrections or evidence, or damaged. `isWanted` is asked now and then. */
  async restore(
    input: CorrelationInput,
    evidence: readonly Evidence[],
    onProgress: (progress: number) => void,
    isWanted: () => boolean,
  ): Promise<FinishedAnalysis | null> {
    const { reader, head } = this;
    if (keyOf(input, evidence) !== head.key) return null;
    try {
      for (const { table } of input.captures)
        for (let block = 0; block < table.blockCount; block += 1)
          table.blockColumns(block).analysis.set((await reader.next(NOTHING)) as Uint32Array);
      onProgress(reader.progress);
      const correlation = (await reader.next(namesFor(input))) as Correlation;
      const connections: ConnectionSummary[] = [];
      while (connections.length < head.connections) {
        for (const connection of (await reader.next(NOTHING)) as ConnectionSummary[])
          connections.push(connection);
        onProgress(reader.progress);
        if (!isWanted()) return null;
      }
      const { hops, fitness, roles, diagnosis } = (await reader.next(NOTHING)) as Judged;
      return {
        analysis: new Analysis(correlation, connections, hops, fitness, roles),
        diagnosis,
      };
    } catch {
      return null;
    }
  }
}
