// What a connection carried, as one point saw it: the streams of both directions, read from the files a page at a time.
import { rowsOfConnection } from '../correlate/journeys/journeys';
import { PROTOCOL_TCP } from '../model/protocols';
import {
  planDatagrams,
  planStream,
  type StreamPlan,
  type StreamSegments,
} from '../tcp/stream-plan';
import { TlsRecordWalker } from '../wire/tls-records';
import type { Analysis } from './analysis';
import type { StreamQuestion, StreamRun, StreamWindow } from './protocol';

/** A page ends with the run that fills it. */
const PAGE_BYTES = 65_536;
const PAGE_RUNS = 256;

/** The captured payload of one frame; null where its bytes cannot be read any more. */
export type ReadPayload = (file: string, row: number) => Promise<Uint8Array | null>;

interface PreparedStream {
  readonly key: string;
  readonly plan: StreamPlan;
  readonly segments: StreamSegments;
  /** By row of the segments. */
  readonly capture: Uint16Array;
  readonly row: Float64Array;
  readonly time: Float64Array;
  /** One a direction; `next` is the run with which they go on. */
  readonly walkers: readonly [TlsRecordWalker, TlsRecordWalker];
  next: number;
}

/** Keeps the plan of the stream asked for last, so that its pages are read one after the other. */
export class StreamReader {
  private prepared: PreparedStream | undefined;

  constructor(
    private readonly analysis: Analysis,
    private readonly readPayload: ReadPayload,
  ) {}

  /** null where the connection was not seen at the point. Rejects with AbortError. */
  async read(
    connection: number,
    question: StreamQuestion,
    signal: AbortSignal,
  ): Promise<StreamWindow | null> {
    const point = this.analysis.points.findIndex(({ id }) => id === question.point);
    if (point < 0) return null;
    const key = `${connection} ${point}`;
    if (this.prepared?.key !== key || question.from === 0)
      this.prepared = this.prepare(key, connection, point);
    const stream = this.prepared;
    const { plan, segments } = stream;
    const runs: StreamRun[] = [];
    let bytes = 0;
    let at = question.from;
    while (at < plan.count && bytes < PAGE_BYTES && runs.length < PAGE_RUNS) {
      const segment = plan.segment[at];
      const { file } = this.analysis.correlation.input.captures[stream.capture[segment]];
      const payload = await this.readPayload(file, stream.row[segment]);
      signal.throwIfAborted();
      const from = plan.skip[at];
      const captured = (payload ?? new Uint8Array()).slice(from, from + plan.length[at]);
      const direction = segments.direction[segment] as 0 | 1;
      const lacking = plan.length[at] - captured.length;
      // A page that was asked for out of turn has no names: the walkers stand elsewhere.
      const records =
        stream.next === at
          ? stream.walkers[direction].take(captured, plan.offset[at], plan.gap[at] > 0)
          : [];
      if (lacking > 0) stream.walkers[direction].take(new Uint8Array(), 0, true);
      if (stream.next === at) stream.next = at + 1;
      runs.push({
        direction,
        file,
        frame: stream.row[segment] + 1,
        time: stream.time[segment],
        offset: plan.offset[at],
        gap: plan.gap[at],
        bytes: captured,
        lacking,
        records,
      });
      bytes += captured.length;
      at += 1;
    }
    return { point: question.point, total: plan.bytes, runs, next: at < plan.count ? at : null };
  }

  private prepare(key: string, connection: number, point: number): PreparedStream {
    const { correlation } = this.analysis;
    const { input, connections, clocks } = correlation;
    const { rows, capture, protocol } = this.rowsAt(connection, point);
    const count = rows.length;
    const segments: StreamSegments = {
      count,
      direction: new Uint8Array(count),
      sequence: new Uint32Array(count),
      length: new Uint32Array(count),
      acknowledgement: new Uint32Array(count),
      flags: new Uint16Array(count),
    };
    const row = new Float64Array(count);
    const time = new Float64Array(count);
    for (let k = 0; k < count; k += 1) {
      const { table } = input.captures[capture[k]];
      row[k] = rows[k] - input.rowBase[capture[k]];
      const columns = table.columnsOf(row[k]);
      const index = table.indexInBlock(row[k]);
      const leg = correlation.legs.legOfRow[rows[k]];
      segments.direction[k] = (columns.tuple[index] & 1) ^ connections.forwardOfLeg[leg];
      segments.sequence[k] = columns.sequence[index];
      segments.acknowledgement[k] = columns.acknowledgement[index];
      segments.flags[k] = columns.flags[index];
      segments.length[k] = table.payloadLength(row[k]);
      time[k] = clocks.referenceTime(capture[k], columns.time[index]);
    }
    return {
      key,
      plan: protocol === PROTOCOL_TCP ? planStream(segments) : planDatagrams(segments),
      segments,
      capture,
      row,
      time,
      walkers: [new TlsRecordWalker(), new TlsRecordWalker()],
      next: 0,
    };
  }

  /**
   * Global rows of the connection at the point, in the order of the captures: for each direction those of the one leg that carried most.
   * A point that sees packets before and after NAT has two legs with the same stream.
   */
  private rowsAt(
    connection: number,
    point: number,
  ): { readonly rows: Float64Array; readonly capture: Uint16Array; readonly protocol: number } {
    const { input, connections, legs, clocks, journeys } = this.analysis.correlation;
    const own = rowsOfConnection(journeys, connection);
    const carried = [new Map<number, number>(), new Map<number, number>()];
    const direction = new Uint8Array(own.length);
    const capture = new Uint16Array(own.length);
    let at = 0;
    for (let k = 0; k < own.length; k += 1) {
      while (own[k] >= input.rowBase[at + 1]) at += 1;
      capture[k] = at;
      const { table } = input.captures[at];
      const row = own[k] - input.rowBase[at];
      const leg = legs.legOfRow[own[k]];
      direction[k] = (table.get('tuple', row) & 1) ^ connections.forwardOfLeg[leg];
      if (legs.point[leg] !== point) continue;
      const sum = carried[direction[k]];
      sum.set(leg, (sum.get(leg) ?? 0) + table.payloadLength(row));
    }
    const chosen = carried.map(
      (sum) => [...sum].reduce<[number, number]>((a, b) => (b[1] > a[1] ? b : a), [-1, -1])[0],
    );
    const kept = [...own.keys()].filter((k) => legs.legOfRow[own[k]] === chosen[direction[k]]);
    // One capture's frames stand in order; those of several (a rotated series) by time.
    if (new Set(kept.map((k) => capture[k])).size > 1) {
      const time = (k: number) => {
        const { table } = input.captures[capture[k]];
        return clocks.referenceTime(
          capture[k],
          table.get('time', own[k] - input.rowBase[capture[k]]),
        );
      };
      kept.sort((a, b) => time(a) - time(b) || a - b);
    }
    return {
      rows: Float64Array.from(kept, (k) => own[k]),
      capture: Uint16Array.from(kept, (k) => capture[k]),
      protocol: connections.protocol[connection],
    };
  }
}
