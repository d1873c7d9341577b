// What the connection list shows beyond the summaries: bytes, handshake, activity over time. Read from the journeys when a row is shown or a column sorted.
import type { Correlation } from '../correlate/correlate';
import { captureOfRow } from '../correlate/input/input';
import type { ConnectionMetrics } from '../model/connection-list';
import { findHandshakeEnd } from '../model/handshake-time';
import { formatHints, type Hint } from '../model/hint';
import { PROTOCOL_TCP } from '../model/protocols';

/** Journeys from a connection's beginning in which its first messages are looked for: handshake, retries, and some data. */
const HINT_JOURNEYS = 32;

export class AnalysisMetrics implements ConnectionMetrics {
  /** By position; NaN: not computed yet. */
  private readonly knownBytes: Float64Array;
  private readonly knownHints: (string | undefined)[] = [];
  private span: readonly [number, number] | undefined;

  constructor(private readonly correlation: Correlation) {
    this.knownBytes = new Float64Array(correlation.order.length).fill(Number.NaN);
  }

  bytes(position: number): number {
    if (Number.isNaN(this.knownBytes[position])) {
      let sum = 0;
      const [first, end] = this.journeysOf(position);
      for (let journey = first; journey < end; journey += 1) {
        const { table, row } = this.firstFrame(journey);
        sum += table.wireLength(row);
      }
      this.knownBytes[position] = sum;
    }
    return this.knownBytes[position];
  }

  handshake(position: number): number {
    const { journeys, connections, order } = this.correlation;
    if (connections.protocol[order[position]] !== PROTOCOL_TCP) return Number.NaN;
    const [first, end] = this.journeysOf(position);
    return findHandshakeEnd(
      end - first,
      (at) => {
        const { table, row } = this.firstFrame(first + at);
        return table.get('flags', row);
      },
      (at) => journeys.direction[first + at],
      (at) => journeys.time[first + at],
    );
  }

  hint(position: number): string {
    const { journeys } = this.correlation;
    const known = this.knownHints[position];
    if (known !== undefined) return known;
    const [first, end] = this.journeysOf(position);
    const found: (Hint | undefined)[] = [undefined, undefined];
    const last = Math.min(end, first + HINT_JOURNEYS);
    for (let journey = first; journey < last; journey += 1) {
      const { table, row } = this.firstFrame(journey);
      found[journeys.direction[journey]] ??= table.hintOf(row);
      if (found[0] !== undefined && found[1] !== undefined) break;
    }
    const text = formatHints(found[0], found[1]);
    this.knownHints[position] = text;
    return text;
  }

  countActivity(position: number, counts: Uint32Array): void {
    const { time } = this.correlation.journeys;
    this.span ??= spanOf(time);
    const [from, to] = this.span;
    const scale = to > from ? counts.length / (to - from) : 0;
    const [first, end] = this.journeysOf(position);
    for (let journey = first; journey < end; journey += 1)
      counts[Math.min(counts.length - 1, Math.floor((time[journey] - from) * scale))] += 1;
  }

  private journeysOf(position: number): readonly [number, number] {
    const { journeys, order } = this.correlation;
    const connection = order[position];
    return [journeys.firstJourney[connection], journeys.firstJourney[connection + 1]];
  }

  private firstFrame(journey: number) {
    const { journeys, input } = this.correlation;
    const globalRow = journeys.sightingRow[journeys.firstSighting[journey]];
    const capture = captureOfRow(input, globalRow);
    return { table: input.captures[capture].table, row: globalRow - input.rowBase[capture] };
  }
}

function spanOf(times: Float64Array): readonly [number, number] {
  let from = Number.POSITIVE_INFINITY;
  let to = Number.NEGATIVE_INFINITY;
  for (const time of times) {
    if (time < from) from = time;
    if (time > to) to = time;
  }
  return from > to ? [0, 0] : [from, to];
}
