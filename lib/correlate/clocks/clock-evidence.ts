// What two captures have in common, as samples of the offset between their clocks: packets that both saw, told by which way they ran.
import { sortedOrder } from '../../base/sort-order';
import type { JoinedConnections } from '../connections/connections';
import type { CorrelationInput } from '../input/input';
import type { LegTable } from '../legs/legs';
import { CLOCK_SAMPLES, SPREAD_CONNECTIONS } from '../limits';
import { type ConnectionRows, gatherConnection } from '../packets/connection-rows';
import type { Sample } from './clock-bounds';
import { oneClock } from './clocks';

/** What two captures saw in common; `onward` ran from the first to the second. */
export interface PairEvidence {
  readonly onward: Sample[];
  readonly back: Sample[];
  /** Ran one way only, and nothing tells which. */
  readonly undirected: Sample[];
  exchanges: number;
}

/** By first capture × captures + second capture, the first the lower. */
export function* gatherEvidence(
  input: CorrelationInput,
  legs: LegTable,
  connections: JoinedConnections,
  identities: Uint32Array,
): Generator<number, ReadonlyMap<number, PairEvidence>> {
  const evidence = new Map<number, PairEvidence>();
  const start = oneClock(input);
  let done = 0;
  for (const connection of spreadOrder(connections.count)) {
    done += 1;
    if (done % 64 === 0) yield done / connections.count;
    if (isSettled(input, legs, connections, connection, evidence)) continue;
    const rows = gatherConnection(input, legs, connections, identities, start, connection);
    addEvidence(rows, input.captures.length, evidence);
    if (rows.count > 1000) yield done / connections.count;
  }
  return evidence;
}

/** Connections in strides over the whole table, so that the first of them are spread over the whole time. */
function* spreadOrder(count: number): Generator<number> {
  const stride = Math.max(1, Math.floor(count / SPREAD_CONNECTIONS));
  for (let offset = 0; offset < stride; offset += 1)
    for (let connection = offset; connection < count; connection += stride) yield connection;
}

/** Whether every two captures that saw the connection have samples enough. */
function isSettled(
  input: CorrelationInput,
  legs: LegTable,
  connections: JoinedConnections,
  connection: number,
  evidence: ReadonlyMap<number, PairEvidence>,
): boolean {
  const captures = new Set<number>();
  for (let l = connections.firstLeg[connection]; l < connections.firstLeg[connection + 1]; l += 1)
    captures.add(input.points[legs.point[connections.legs[l]]].capture);
  for (const a of captures)
    for (const b of captures) {
      if (a >= b) continue;
      const pair = evidence.get(a * input.captures.length + b);
      if (pair === undefined) return false;
      if (Math.min(pair.onward.length, pair.back.length) < CLOCK_SAMPLES) return false;
    }
  return true;
}

/** Frames of one identity that are still compared with each other: more than any packet has sightings. */
const MOST_ALIKE = 32;

/** Samples of one connection: packets that two points of different captures saw, each where it was freshest. */
function addEvidence(
  rows: ConnectionRows,
  captureCount: number,
  evidence: Map<number, PairEvidence>,
): void {
  const samples = new Map<number, { forward: Sample[]; reverse: Sample[]; ttlFalls: number }>();
  const { order, identity, direction, capture } = rows;
  for (let from = 0; from < rows.count; ) {
    let to = from + 1;
    while (
      to < rows.count &&
      identity[order[to]] === identity[order[from]] &&
      direction[order[to]] === direction[order[from]]
    )
      to += 1;
    // Many frames alike (ARP, heartbeats) are many packets: no pair of them is sure.
    const fresh = to - from <= MOST_ALIKE ? freshestSightings(rows, from, to) : [];
    for (const a of fresh)
      for (const b of fresh) {
        if (capture[a] >= capture[b]) continue;
        const key = capture[a] * captureCount + capture[b];
        let pair = samples.get(key);
        if (pair === undefined) {
          pair = { forward: [], reverse: [], ttlFalls: 0 };
          samples.set(key, pair);
        }
        const list = direction[a] === 0 ? pair.forward : pair.reverse;
        list.push({ time: rows.time[a], delta: rows.time[b] - rows.time[a] });
        pair.ttlFalls += (direction[a] === 0 ? 1 : -1) * Math.sign(rows.ttl[a] - rows.ttl[b]);
      }
    from = to;
  }
  for (const [key, { forward, reverse, ttlFalls }] of samples) {
    // Forward runs from the first capture to the second when its packets seem to take longer that way, or lose TTL on it.
    const sense =
      forward.length > 0 && reverse.length > 0
        ? voteOfNeighbours(forward, reverse) || ttlFalls
        : ttlFalls;
    let pair = evidence.get(key);
    if (pair === undefined) {
      pair = { onward: [], back: [], undirected: [], exchanges: 0 };
      evidence.set(key, pair);
    }
    if (sense === 0) {
      keep(pair.undirected, forward, 1);
      keep(pair.undirected, reverse, 1);
      continue;
    }
    pair.exchanges += Math.min(forward.length, reverse.length);
    keep(pair.onward, sense > 0 ? forward : reverse, 1);
    keep(pair.back, sense > 0 ? reverse : forward, -1);
  }
}

/** Above 0: forward packets take longer than their neighbours that run back. Neighbours in time, so that neither drift nor a step counts. */
function voteOfNeighbours(forward: readonly Sample[], reverse: readonly Sample[]): number {
  const both = [...forward, ...reverse];
  const order = sortedOrder(Float64Array.from(both, (sample) => sample.time));
  const signOf = (index: number): number => (index < forward.length ? 1 : -1);
  let vote = 0;
  for (let i = 1; i < order.length; i += 1) {
    const sign = signOf(order[i]);
    if (sign !== signOf(order[i - 1]))
      vote += sign * Math.sign(both[order[i]].delta - both[order[i - 1]].delta);
  }
  return vote;
}

/** Of the frames order[from … to), one for each point: the one with the highest TTL; none for a point where several have it. */
function freshestSightings(rows: ConnectionRows, from: number, to: number): number[] {
  const best = new Map<number, { row: number; twice: boolean }>();
  for (let i = from; i < to; i += 1) {
    const row = rows.order[i];
    const so = best.get(rows.point[row]);
    if (so === undefined || rows.ttl[row] > rows.ttl[so.row])
      best.set(rows.point[row], { row, twice: false });
    else if (rows.ttl[row] === rows.ttl[so.row]) so.twice = true;
  }
  return [...best.values()].filter(({ twice }) => !twice).map(({ row }) => row);
}

/** Adds samples; beyond the limit every second one is dropped, so that the whole span stays covered. `side` 1: the lower of two bounds more closely. */
export function keep(list: Sample[], more: readonly Sample[], side: 1 | -1): void {
  for (const sample of more) list.push(sample);
  while (list.length > CLOCK_SAMPLES * 2) {
    list.sort((a, b) => a.time - b.time);
    for (let i = 0; i * 2 < list.length; i += 1) {
      const [one, other] = [list[i * 2], list[i * 2 + 1]];
      list[i] = other !== undefined && (other.delta - one.delta) * side < 0 ? other : one;
    }
    list.length = Math.ceil(list.length / 2);
  }
}
