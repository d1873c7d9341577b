// Packets of one connection that overtook each other between two stops, or came to the second once more than they left the first.
import { GrowableColumn } from '../../base/growable';
import { sequenceDifference } from '../../base/sequence-number';
import { STATUS_TIMESTAMPS } from '../../model/packet-status';
import { NO_STOP } from '../../model/stop';
import type { Correlation } from '../correlate';
import { captureOfRow } from '../input/input';
import { PACKET_SPAN_NS } from '../limits';
import { patternStop } from './names';

/** Departures and arrivals, pairwise, of packets of one connection that passed one hop. */
export class Passages {
  private readonly departed = new GrowableColumn(Float64Array, 16);
  private readonly arrived = new GrowableColumn(Float64Array, 16);
  private inOrder = true;

  add(departure: number, arrival: number): void {
    const { departed, arrived } = this;
    const last = departed.length - 1;
    if (last >= 0 && (arrival < arrived.values[last] || departure < departed.values[last]))
      this.inOrder = false;
    departed.push(departure);
    arrived.push(arrival);
  }

  /** For the next connection. */
  clear(): void {
    this.departed.length = 0;
    this.arrived.length = 0;
    this.inOrder = true;
  }

  /** Packets that arrive after one that left later (RFC 4737, section 3: reordered singletons). */
  countReordered(): number {
    if (this.inOrder) return 0;
    const departures = this.departed.values.subarray(0, this.departed.length);
    const arrivals = this.arrived.values;
    const order = Uint32Array.from(departures.keys()).sort(
      (a, b) => departures[a] - departures[b] || arrivals[a] - arrivals[b],
    );
    let late = 0;
    let earliest = Number.POSITIVE_INFINITY;
    let departedAt = Number.POSITIVE_INFINITY;
    let pending = Number.POSITIVE_INFINITY;
    for (let k = order.length - 1; k >= 0; k -= 1) {
      const [departure, arrival] = [departures[order[k]], arrivals[order[k]]];
      // Those that left in the same moment did not overtake each other.
      if (departure < departedAt) {
        earliest = Math.min(earliest, pending);
        departedAt = departure;
      }
      if (arrival > earliest) late += 1;
      pending = Math.min(pending, arrival);
    }
    return late;
  }
}

/**
 * By hop (`from`, `to`): packets of the connection's journeys `first … end` that begin in mid-way as copies of one that came the whole way: alike in
 * everything and not to be mistaken for one sent again, which has another IP ID or timestamp.
 */
export function findDuplicates(
  { journeys, input }: Correlation,
  first: number,
  end: number,
): readonly { readonly from: number; readonly to: number; readonly direction: number }[] {
  if (beginAlike()) return [];
  const beginnings = [new Map<number, number>(), new Map<number, number>()];
  for (let journey = first; journey < end; journey += 1) {
    const counts = beginnings[journeys.direction[journey]];
    const stop = stopAt(journey, 0);
    counts.set(stop, (counts.get(stop) ?? 0) + 1);
  }
  const usual = beginnings.map((counts) =>
    [...counts].reduce((most, entry) => (entry[1] > most[1] ? entry : most), [-1, 0]),
  );
  const whole = new Map<string, number[]>();
  const copies: number[] = [];
  for (let journey = first; journey < end; journey += 1) {
    if (stopAt(journey, 0) !== usual[journeys.direction[journey]][0]) {
      copies.push(journey);
      continue;
    }
    const key = keyOf(journey);
    if (key === undefined) continue;
    const list = whole.get(key);
    if (list) list.push(journey);
    else whole.set(key, [journey]);
  }
  return copies.flatMap((copy) => {
    const key = keyOf(copy);
    const to = stopAt(copy, 0);
    for (const original of key === undefined ? [] : (whole.get(key) ?? [])) {
      if (Math.abs(journeys.time[copy] - journeys.time[original]) > PACKET_SPAN_NS) continue;
      const { wayLength } = journeys.patterns[journeys.pattern[original]];
      for (let position = 1; position < wayLength; position += 1)
        if (stopAt(original, position) === to)
          return [
            { from: stopAt(original, position - 1), to, direction: journeys.direction[copy] },
          ];
    }
    return [];
  });

  /** Whether all packets of a direction begin at one stop: then none begins in mid-way. */
  function beginAlike(): boolean {
    const begun = [NO_STOP, NO_STOP];
    for (let journey = first; journey < end; journey += 1) {
      const direction = journeys.direction[journey];
      const stop = stopAt(journey, 0);
      if (begun[direction] === NO_STOP) begun[direction] = stop;
      else if (begun[direction] !== stop) return false;
    }
    return true;
  }

  function stopAt(journey: number, position: number): number {
    const { stations, order, passage } = journeys.patterns[journeys.pattern[journey]];
    return patternStop(stations, order[position], passage[position]);
  }

  function keyOf(journey: number): string | undefined {
    const globalRow = journeys.sightingRow[journeys.firstSighting[journey]];
    const capture = captureOfRow(input, globalRow);
    const { table } = input.captures[capture];
    const row = globalRow - input.rowBase[capture];
    const columns = table.columnsOf(row);
    const i = table.indexInBlock(row);
    if (columns.ipId[i] === 0 && (columns.status[i] & STATUS_TIMESTAMPS) === 0) return undefined;
    const length = sequenceDifference(journeys.bytes.end(journey), journeys.bytes.start(journey));
    return [
      journeys.direction[journey],
      columns.ipId[i],
      columns.flags[i],
      columns.timestampValue[i],
      columns.timestampEcho[i],
      columns.acknowledgement[i],
      length === 0 ? columns.sequence[i] : journeys.bytes.start(journey),
      length,
      columns.payloadDigest[i],
    ].join(' ');
  }
}
