// Frames of one connection into packets: equal identity, told apart where a packet was sent again or others are alike in everything.
import { GrowableColumn } from '../../base/growable';
import { RUNG_ALONE, RUNG_IP_ID, RUNG_KEY, RUNG_ORDER, RUNG_PAYLOAD } from '../../model/rung';
import { ORDER_SAMPLES, PACKET_SPAN_NS, ROW_ORDER_YIELD } from '../limits';
import { alignAlike, groupByCell } from './align-alike';
import { areNear, type ConnectionRows, sameCell } from './connection-rows';
import type { PacketList } from './packet-list';
import { endOfRun } from './row-order';

/** More frames of one identity are several packets: no sample of a delay. */
const MOST_LOOKS = 16;
/** No packet passes as many points: what seems to is taken for so many packets, as all looks at one are compared with each other. */
const MOST_SIGHTINGS = 256;

/** Fills `packets` with all packets of the connection; those of one direction follow each other, in no further order. Yields within a long one. */
export function* formPackets(rows: ConnectionRows, packets: PacketList): Generator<void> {
  packets.clear();
  const splitter = new RunSplitter(rows, packets);
  for (let from = 0; from < rows.count; ) {
    from = formSome(rows, packets, splitter, from);
    if (from < rows.count) yield;
  }
}

/** Takes frames from place `from` of their order on, some ROW_ORDER_YIELD of them; returns the place of the next one. */
function formSome(
  rows: ConnectionRows,
  packets: PacketList,
  splitter: RunSplitter,
  from: number,
): number {
  const { order, identity } = rows;
  let begin = from;
  while (begin < rows.count && begin - from < ROW_ORDER_YIELD) {
    const end = endOfRun(rows, begin);
    if (end - begin === 1 || identity[order[begin]] === 0)
      for (let i = begin; i < end; i += 1) packets.addRun(order, i, i + 1, RUNG_ALONE);
    else if (isOnePacket(rows, begin, end)) packets.addRun(order, begin, end, RUNG_KEY);
    else splitter.split(Array.from(order.subarray(begin, end)));
    begin = end;
  }
  return begin;
}

/** Nearly all runs are: one content, once in each cell, within the time that a packet may take. */
function isOnePacket(rows: ConnectionRows, from: number, to: number): boolean {
  const { order, ipId, payloadDigest, time } = rows;
  if (to - from > MOST_LOOKS) return false;
  const first = order[from];
  for (let i = from + 1; i < to; i += 1) {
    const k = order[i];
    if (ipId[k] !== ipId[first] || payloadDigest[k] !== payloadDigest[first]) return false;
    for (let j = from; j < i; j += 1) if (sameCell(rows, order[j], k)) return false;
  }
  return time[order[to - 1]] - time[first] <= PACKET_SPAN_NS;
}

/** Whether equal packets keep their IP ID from point to point, as far as this connection shows. */
function keepsIds({ count, order, identity, direction, point, ipId }: ConnectionRows): boolean {
  let kept = 0;
  let changed = 0;
  for (let i = 1; i < count; i += 1) {
    const [a, b] = [order[i - 1], order[i]];
    if (identity[a] !== identity[b] || direction[a] !== direction[b] || point[a] === point[b])
      continue;
    if (ipId[a] !== ipId[b]) changed += 1;
    else if (ipId[a] !== 0) kept += 1;
  }
  return kept > changed;
}

/** Tells apart the packets of frames that have one identity. */
class RunSplitter {
  private readonly delays: UsualDelays;
  private idsAreKept: boolean | undefined;

  constructor(
    private readonly rows: ConnectionRows,
    private readonly packets: PacketList,
  ) {
    this.delays = new UsualDelays(rows);
  }

  /** `run`: frames of one identity, by time. */
  split(run: readonly number[]): void {
    const { rows, packets, delays } = this;
    this.idsAreKept ??= keepsIds(rows);
    const parts = splitByContent(rows, run, this.idsAreKept);
    const toldApart = parts.length === 1 ? RUNG_KEY : whatDiffers(rows, run);
    for (const alike of parts) {
      if (alike.length > MOST_SIGHTINGS && spreadsWidely(rows, alike)) {
        for (let i = 0; i < alike.length; i += 1) packets.add(alike, i, i + 1, true, RUNG_ALONE);
        continue;
      }
      const cells = groupByCell(rows, alike);
      const once = cells.every((cell) => cell.length === 1);
      if (once && areNear(rows, alike[0], alike[alike.length - 1])) {
        const rung = alike.length === 1 ? RUNG_ALONE : toldApart;
        packets.add(alike, 0, alike.length, false, rung);
        continue;
      }
      const formed = alignAlike(rows, cells, (a, b) => delays.between(a, b));
      for (const members of formed) members.sort((a, b) => rows.time[a] - rows.time[b] || a - b);
      formed.sort((a, b) => rows.time[a[0]] - rows.time[b[0]]);
      const ambiguous = findAmbiguous(rows, formed);
      for (const [index, members] of formed.entries())
        packets.add(
          members,
          0,
          members.length,
          ambiguous[index] === 1,
          members.length === 1 ? RUNG_ALONE : RUNG_ORDER,
        );
    }
  }
}

/**
 * IP IDs and payload digests that differ mean different packets (digests only where all have one: a snapshot length may cut them). Not so when
 * each is known to one point alone while several points saw the packet, unless the connection's other packets keep theirs: then something on
 * the way rewrites IP IDs. Where some points show none at all (IPv6 has none, RFC 7915 makes them up), they tell nothing.
 */
function splitByContent(
  rows: ConnectionRows,
  run: readonly number[],
  idsAreKept: boolean,
): number[][] {
  const { ipId, payloadDigest } = rows;
  const comparable = run.every((k) => payloadDigest[k] !== 0);
  const numbered = idsAreEverywhere(rows, run);
  const contentOf = (k: number): number =>
    (numbered ? ipId[k] * 2 ** 32 : 0) + (comparable ? payloadDigest[k] : 0);
  const byContent = new Map<number, number[]>();
  for (const k of run) {
    const list = byContent.get(contentOf(k));
    if (list) list.push(k);
    else byContent.set(contentOf(k), [k]);
  }
  if (byContent.size === 1) return [[...run]];
  const parts = [...byContent.values()];
  const points = new Set(run.map((k) => rows.point[k]));
  const eachAtOnePoint = parts.every((part) =>
    part.every((k) => rows.point[k] === rows.point[part[0]]),
  );
  return !idsAreKept && points.size > 1 && eachAtOnePoint ? [[...run]] : parts;
}

/** False where the points that show IP IDs and those that show none are others; a translator's own interface shows both IP versions. */
function idsAreEverywhere(
  { ipId, point, isVersion6 }: ConnectionRows,
  run: readonly number[],
): boolean {
  const sideOf = (k: number): number => point[k] * 2 + (isVersion6(k) ? 1 : 0);
  const without = run.filter((k) => ipId[k] === 0);
  if (without.length === 0 || without.length === run.length) return true;
  const numbered = new Set(run.filter((k) => ipId[k] !== 0).map(sideOf));
  return without.some((k) => numbered.has(sideOf(k)));
}

/** What tells packets of one identity apart. */
const whatDiffers = ({ ipId }: ConnectionRows, run: readonly number[]): number =>
  run.some((k) => ipId[k] !== ipId[run[0]]) ? RUNG_IP_ID : RUNG_PAYLOAD;

/** Whether the frames look like more than a packet may. */
const spreadsWidely = ({ capture, link }: ConnectionRows, run: readonly number[]): boolean =>
  new Set(run.map((k) => capture[k] * 65_536 + link[k])).size > MOST_SIGHTINGS;

/** Median time between two looks (direction, point, TTL) at the packets that nothing else is alike; for telling alike ones apart. */
class UsualDelays {
  private deltas: Map<number, number[]> | undefined;

  constructor(private readonly rows: ConnectionRows) {}

  /** From row a's look to row b's; undefined when no packet showed both. Learned when first asked for: few connections need it. */
  between(a: number, b: number): number | undefined {
    this.deltas ??= this.learn();
    const deltas = this.deltas.get(this.key(a, b));
    if (deltas === undefined) return undefined;
    return [...deltas].sort((x, y) => x - y)[deltas.length >> 1];
  }

  private learn(): Map<number, number[]> {
    const learned = new Map<number, number[]>();
    const { count, order } = this.rows;
    const starts = new GrowableColumn(Uint32Array);
    for (let from = 0; from < count; from = endOfRun(this.rows, from)) starts.push(from);
    // In strides, so that what is learned first is of all the time.
    const stride = Math.ceil(starts.length / ORDER_SAMPLES);
    for (let offset = 0; offset < stride; offset += 1)
      for (let at = offset; at < starts.length; at += stride) {
        const from = starts.values[at];
        const to = at + 1 < starts.length ? starts.values[at + 1] : count;
        if (to - from <= MOST_LOOKS) this.learnRun(Array.from(order.subarray(from, to)), learned);
      }
    return learned;
  }

  private learnRun(run: readonly number[], learned: Map<number, number[]>): void {
    const { rows } = this;
    if (groupByCell(rows, run).some((cell) => cell.length > 1)) return;
    for (const a of run)
      for (const b of run) {
        if (a === b) continue;
        const deltas = learned.get(this.key(a, b));
        if (deltas === undefined) learned.set(this.key(a, b), [rows.time[b] - rows.time[a]]);
        else if (deltas.length < ORDER_SAMPLES) deltas.push(rows.time[b] - rows.time[a]);
      }
  }

  private key(a: number, b: number): number {
    const { point, ttl, direction } = this.rows;
    const look = (row: number): number => (point[row] & 0xfff) * 256 + ttl[row];
    return (look(a) * 2 ** 20 + look(b)) * 2 + direction[a];
  }
}

/** 1 for alike packets that overlap in time and could be joined otherwise. `packets` are sorted by first sighting. */
function findAmbiguous(rows: ConnectionRows, packets: readonly (readonly number[])[]): Uint8Array {
  const ambiguous = new Uint8Array(packets.length);
  for (let p = 1; p < packets.length; p += 1) {
    const before = packets[p - 1];
    if (rows.time[packets[p][0]] <= rows.time[before[before.length - 1]])
      ambiguous[p - 1] = ambiguous[p] = 1;
  }
  return ambiguous;
}
