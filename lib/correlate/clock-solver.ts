// Clocks from the traffic itself (ALGORITHMS B3): packets that two captures saw bound the offset from both sides. What runs one way lies
// above the true offset by its delay, what runs the other way below it: the line between the two hulls is the estimate, half the gap the
// bound. Captures whose bounds leave room for no offset, and little room for any, are of one host: verified, not fitted.
import { fitOffsets, type OffsetSegment, type Sample } from './clock-segments';
import { type ClockLine, ClockModel, oneClock, type SolvedHost, STEADY } from './clocks';
import { type ConnectionRows, gatherConnection } from './connection-rows';
import type { ConnectionTable } from './connections';
import type { CorrelationInput } from './input';
import type { LegTable } from './legs';
import {
  CLOCK_SAMPLES,
  ONE_HOST_GAP_NS,
  ONE_WAY_GAP_NS,
  SAME_CLOCK_SLACK_NS,
  SPREAD_CONNECTIONS,
} from './limits';

/** What two captures saw in common; `onward` ran from the first to the second. */
interface PairEvidence {
  readonly onward: Sample[];
  readonly back: Sample[];
  /** Ran one way only, and nothing tells which. */
  readonly undirected: Sample[];
  exchanges: number;
}

interface Bounds {
  /** Offsets of b against a over time, at least one. */
  readonly segments: readonly OffsetSegment[];
  readonly state: 'solved' | 'one-way';
  readonly sameClock: boolean;
}

/** Finds the hosts and their clocks. */
export function* solveClocks(
  input: CorrelationInput,
  legs: LegTable,
  connections: ConnectionTable,
  identities: Uint32Array,
): Generator<number, ClockModel> {
  if (input.captures.every(({ lead }) => lead === 0)) return oneClock(input);
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
  return assembleHosts(input, evidence);
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
  connections: ConnectionTable,
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
      keep(pair.undirected, forward);
      keep(pair.undirected, reverse);
      continue;
    }
    pair.exchanges += Math.min(forward.length, reverse.length);
    keep(pair.onward, sense > 0 ? forward : reverse);
    keep(pair.back, sense > 0 ? reverse : forward);
  }
}

/** Above 0: forward packets take longer than their neighbours that run back. Neighbours in time, so that neither drift nor a step counts. */
function voteOfNeighbours(forward: readonly Sample[], reverse: readonly Sample[]): number {
  const both = [
    ...forward.map((sample) => ({ ...sample, sign: 1 })),
    ...reverse.map((sample) => ({ ...sample, sign: -1 })),
  ].sort((a, b) => a.time - b.time);
  let vote = 0;
  for (let i = 1; i < both.length; i += 1)
    if (both[i].sign !== both[i - 1].sign)
      vote += both[i].sign * Math.sign(both[i].delta - both[i - 1].delta);
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

/** Adds samples; beyond the limit every second one is dropped, so that the whole span stays covered. */
function keep(list: Sample[], more: readonly Sample[]): void {
  for (const sample of more) list.push(sample);
  while (list.length > CLOCK_SAMPLES * 2) {
    list.sort((a, b) => a.time - b.time);
    for (let i = 0; i * 2 < list.length; i += 1) {
      const other = list[i * 2 + 1];
      // Of two neighbours the one that bounds more closely stays.
      list[i] =
        other !== undefined && Math.abs(other.delta) < Math.abs(list[i * 2].delta)
          ? other
          : list[i * 2];
    }
    list.length = Math.ceil(list.length / 2);
  }
}

function median(samples: readonly Sample[]): number {
  const sorted = samples.map((sample) => sample.delta).sort((a, b) => a - b);
  return sorted[sorted.length >> 1];
}

/** One offset for all time. */
const constant = (offset: number): readonly OffsetSegment[] => [
  { from: Number.NEGATIVE_INFINITY, epoch: 0, offset, slope: 0, error: 0 },
];

function boundOffset(pair: PairEvidence): Bounds | undefined {
  const { onward, back, undirected } = pair;
  if (onward.length === 0 && back.length === 0) {
    // Whichever way they ran, so little time between the two sightings is no accident of two clocks.
    if (undirected.length === 0) return undefined;
    const offset = median(undirected);
    const sameClock = Math.abs(offset) <= ONE_WAY_GAP_NS;
    return sameClock ? { segments: constant(offset), state: 'one-way', sameClock } : undefined;
  }
  const least = Math.min(...onward.map((sample) => sample.delta));
  const greatest = Math.max(...back.map((sample) => sample.delta));
  if (onward.length === 0 || back.length === 0) {
    // One way only: taken as if the fastest packet took no time.
    const offset = onward.length > 0 ? least : greatest;
    const sameClock = Math.abs(offset) <= ONE_WAY_GAP_NS;
    return { segments: constant(offset), state: 'one-way', sameClock };
  }
  const sameClock =
    least >= -SAME_CLOCK_SLACK_NS &&
    greatest <= SAME_CLOCK_SLACK_NS &&
    least - greatest <= ONE_HOST_GAP_NS;
  // Captures with one clock are of one host: verified above, not fitted.
  const segments = sameClock ? constant(0) : fitOffsets(onward, back);
  return { segments, state: 'solved', sameClock };
}

/** Captures with one clock form a host; the host with most exchanges is the reference, the others are solved along the strongest pairs. */
function assembleHosts(
  input: CorrelationInput,
  evidence: ReadonlyMap<number, PairEvidence>,
): ClockModel {
  const count = input.captures.length;
  const bounds = new Map<number, Bounds>();
  for (const [key, pair] of evidence) {
    const bound = boundOffset(pair);
    if (bound !== undefined) bounds.set(key, bound);
  }
  const hostOf = input.captures.map(({ lead }) => lead);
  const pairsByKey = [...bounds].sort((a, b) => a[0] - b[0]);
  for (const [key, bound] of pairsByKey) {
    if (!bound.sameClock) continue;
    const [a, b] = [hostOf[Math.floor(key / count)], hostOf[key % count]];
    const [low, high] = [Math.min(a, b), Math.max(a, b)];
    for (let capture = 0; capture < count; capture += 1)
      if (hostOf[capture] === high) hostOf[capture] = low;
  }
  const exchanges = new Map<number, number>();
  for (const [key, pair] of evidence)
    for (const capture of [Math.floor(key / count), key % count])
      exchanges.set(hostOf[capture], (exchanges.get(hostOf[capture]) ?? 0) + pair.exchanges);
  const hostNumbers = [...new Set(hostOf)].sort((a, b) => a - b);
  const reference = hostNumbers.reduce(
    (best, host) => ((exchanges.get(host) ?? 0) > (exchanges.get(best) ?? 0) ? host : best),
    hostNumbers[0],
  );
  const solved = new Map<number, SolvedHost>();
  const capturesOf = (host: number): number[] =>
    hostOf.flatMap((other, capture) => (other === host ? [capture] : []));
  solved.set(reference, {
    captures: capturesOf(reference),
    state: 'reference',
    samples: exchanges.get(reference) ?? 0,
    segments: [STEADY],
  });
  const byStrength = [...evidence].sort((a, b) => b[1].exchanges - a[1].exchanges || a[0] - b[0]);
  for (let grew = true; grew; ) {
    grew = false;
    for (const [key, pair] of byStrength) {
      const bound = bounds.get(key);
      const [a, b] = [hostOf[Math.floor(key / count)], hostOf[key % count]];
      if (bound === undefined || a === b || solved.has(a) === solved.has(b)) continue;
      const known = solved.get(a) ?? solved.get(b)!;
      const target = solved.has(a) ? b : a;
      solved.set(target, chain(known, bound, solved.has(a), capturesOf(target), pair.exchanges));
      grew = true;
      break;
    }
  }
  const hosts = hostNumbers.map(
    (host): SolvedHost =>
      solved.get(host) ?? {
        captures: capturesOf(host),
        state: 'unknown',
        samples: 0,
        segments: [STEADY],
      },
  );
  return new ClockModel(input, hosts);
}

/** Clock of the far host from the near one's and the offset between them. `ahead`: the bound's second capture is the far host's. */
function chain(
  known: SolvedHost,
  bound: Bounds,
  ahead: boolean,
  captures: readonly number[],
  samples: number,
): SolvedHost {
  const state = known.state === 'one-way' || bound.state === 'one-way' ? 'one-way' : 'solved';
  const segments = bound.segments.flatMap((segment, index): ClockLine[] => {
    const end = bound.segments[index + 1]?.from ?? Number.POSITIVE_INFINITY;
    // Bounds are in the time of the pair's first capture: the near host's when the far one is ahead, else the far one's.
    const offset = segment.offset;
    const inPair = (time: number): number => (ahead ? time : time - offset);
    return known.segments.flatMap((near, place): ClockLine[] => {
      const nearFrom = inPair(near.from);
      const nearEnd = inPair(known.segments[place + 1]?.from ?? Number.POSITIVE_INFINITY);
      const from = Math.max(segment.from, nearFrom);
      if (from >= Math.min(end, nearEnd)) return [];
      return [chainLine(near, segment, ahead, from)];
    });
  });
  return { captures, state, samples, segments };
}

function chainLine(near: ClockLine, bound: OffsetSegment, ahead: boolean, from: number): ClockLine {
  const sign = ahead ? 1 : -1;
  const nearAtEpoch = near.offsetNs + near.driftPpm * 1e-6 * (bound.epoch - near.epoch);
  return {
    // The bound's times are the first capture's; on a clock that is ahead the same moment reads the offset later.
    from: from + (ahead ? bound.offset : 0),
    epoch: bound.epoch + (ahead ? bound.offset : 0),
    offsetNs: nearAtEpoch + sign * bound.offset,
    driftPpm: near.driftPpm + sign * bound.slope * 1e6,
    errorNs: near.errorNs + bound.error,
  };
}
