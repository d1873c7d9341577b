// The bytes that each journey carries. Nearly always they are those of its first frame, and read from it when asked for; kept are those of packets that
// offloads and fragments cut, and what is not as the first frame says.
import { upperBound } from '../../base/bisect';
import { GrowableColumn } from '../../base/growable';
import { sequenceAdd } from '../../base/sequence-number';
import { PROTOCOL_TCP } from '../../model/protocols';
import { TCP_SYN } from '../../model/tcp-flags';
import type { ConnectionTable } from '../connections/connections';
import { type CorrelationInput, captureOfRow } from '../input/input';
import { sequenceShift } from '../legs/leg-shifts';
import type { LegTable } from '../legs/legs';

export class JourneyBytes {
  /** Journeys whose bytes are kept, rising, and those bytes. */
  private kept = new Uint32Array(0);
  private starts = new Uint32Array(0);
  private ends = new Uint32Array(0);
  /** Of the journey that was asked about last. */
  private journey = -1;
  private lastStart = 0;
  private lastEnd = 0;
  /** Those of all journeys, while fates are decided. */
  private all: { readonly starts: Uint32Array; readonly ends: Uint32Array } | undefined;

  /** `firstSighting`, `sightingRow`: those of the journey table. */
  constructor(
    private readonly input: CorrelationInput,
    private readonly legs: LegTable,
    private readonly connections: ConnectionTable,
    private readonly firstSighting: Uint32Array,
    private readonly sightingRow: Uint32Array,
  ) {}

  /**
   * Raw sequence numbers of the payload as the connection counts them, of a datagram in fragments its bytes from 0; equal where it has none, or is a whole
   * datagram.
   */
  start(journey: number): number {
    if (journey !== this.journey) this.read(journey);
    return this.lastStart;
  }

  end(journey: number): number {
    if (journey !== this.journey) this.read(journey);
    return this.lastEnd;
  }

  has(journey: number): boolean {
    if (journey !== this.journey) this.read(journey);
    return this.lastStart !== this.lastEnd;
  }

  /**
   * Takes what is not as the first frames say, of the journeys that `isTold` does not say it of. All have the bytes `starts … ends` until `forget`.
   * Yields now and then.
   */
  *keep(
    starts: Uint32Array,
    ends: Uint32Array,
    isTold: (journey: number) => boolean,
    yieldRows: number,
  ): Generator<void> {
    const kept = new GrowableColumn(Uint32Array);
    for (let from = 0; from < starts.length; from += yieldRows) {
      const to = Math.min(starts.length, from + yieldRows);
      for (let journey = from; journey < to; journey += 1) {
        if (isTold(journey)) continue;
        this.readFrame(journey);
        if (this.lastStart !== starts[journey] || this.lastEnd !== ends[journey])
          kept.push(journey);
      }
      yield;
    }
    this.journey = -1;
    this.kept = kept.finish();
    this.starts = this.kept.map((journey) => starts[journey]);
    this.ends = this.kept.map((journey) => ends[journey]);
    this.all = { starts, ends };
  }

  /** From now on most are read from the frames: few are asked for. */
  forget(): void {
    this.all = undefined;
    this.journey = -1;
  }

  private read(journey: number): void {
    this.journey = journey;
    if (this.all !== undefined) {
      this.lastStart = this.all.starts[journey];
      this.lastEnd = this.all.ends[journey];
      return;
    }
    const at = upperBound(this.kept, journey) - 1;
    if (at >= 0 && this.kept[at] === journey) {
      this.lastStart = this.starts[at];
      this.lastEnd = this.ends[at];
    } else this.readFrame(journey);
  }

  private readFrame(journey: number): void {
    const { input, connections } = this;
    const globalRow = this.sightingRow[this.firstSighting[journey]];
    const leg = this.legs.legOfRow[globalRow];
    this.lastStart = 0;
    this.lastEnd = 0;
    if (connections.protocol[connections.connectionOfLeg[leg]] !== PROTOCOL_TCP) return;
    const capture = captureOfRow(input, globalRow);
    const { table } = input.captures[capture];
    const row = globalRow - input.rowBase[capture];
    const { sequence, flags, tuple } = table.columnsOf(row);
    const i = table.indexInBlock(row);
    // SYN takes a number before the payload (RFC 9293).
    const first = flags[i] & TCP_SYN ? sequence[i] + 1 : sequence[i];
    this.lastStart = sequenceAdd(first, -sequenceShift(connections.shifts, leg, tuple[i] & 1));
    this.lastEnd = sequenceAdd(this.lastStart, table.payloadLength(row));
  }
}
