// Frames of one connection into packets: equal identity, told apart where a packet was sent again or others are alike in everything.

import { RUNG_ALONE, RUNG_IP_ID, RUNG_KEY, RUNG_ORDER, RUNG_PAYLOAD } from '../model/rung';
import { alignAlike, groupByCell } from './align-alike';
import type { ConnectionRows } from './connection-rows';
import { ORDER_SAMPLES, PACKET_SPAN_NS } from './limits';

/** More frames of one identity are several packets: no sample of a delay. */
const MOST_LOOKS = 16;

/** A packet as a set of frames (indices into ConnectionRows, by reference time). */
export interface PacketSet {
  readonly members: number[];
  /** Others were alike in everything and near in time: joined in order. */
  ambiguous: boolean;
  /** By what its members were joined: a code of lib/model/rung.ts. */
  readonly rung: number;
}

/** All packets of the connection; those of one direction follow each other, in no further order. */
export function formPackets(rows: ConnectionRows): PacketSet[] {
  const packets: PacketSet[] = [];
  const { order, direction, identity } = rows;
  const idsAreKept = keepsIds(rows);
  const delays = new UsualDelays(rows);
  for (let from = 0; from < rows.count; ) {
    let to = from + 1;
    while (
      to < rows.count &&
      identity[order[to]] === identity[order[from]] &&
      direction[order[to]] === direction[order[from]]
    )
      to += 1;
    if (to - from === 1 || identity[order[from]] === 0)
      for (let i = from; i < to; i += 1)
        packets.push({ members: [order[i]], ambiguous: false, rung: RUNG_ALONE });
    else splitRun(rows, Array.from(order.subarray(from, to)), idsAreKept, delays, packets);
    from = to;
  }
  return packets;
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

/** Frames of one identity, by time, into packets. */
function splitRun(
  rows: ConnectionRows,
  run: readonly number[],
  idsAreKept: boolean,
  delays: UsualDelays,
  packets: PacketSet[],
): void {
  const parts = splitByContent(rows, run, idsAreKept);
  const toldApart = parts.length === 1 ? RUNG_KEY : whatDiffers(rows, run);
  for (const alike of parts) {
    const cells = groupByCell(rows, alike);
    const once = cells.every((cell) => cell.length === 1);
    if (once && spanOf(rows, alike) <= PACKET_SPAN_NS) {
      const rung = alike.length === 1 ? RUNG_ALONE : toldApart;
      packets.push({ members: alike, ambiguous: false, rung });
      continue;
    }
    const formed = alignAlike(rows, cells, (a, b) => delays.between(a, b)).map((members) => ({
      members,
      ambiguous: false,
      rung: members.length === 1 ? RUNG_ALONE : RUNG_ORDER,
    }));
    for (const packet of formed)
      packet.members.sort((a, b) => rows.time[a] - rows.time[b] || a - b);
    formed.sort((a, b) => rows.time[a.members[0]] - rows.time[b.members[0]]);
    markAmbiguous(rows, formed);
    for (const packet of formed) packets.push(packet);
  }
}

/**
 * IP IDs and payload digests that differ mean different packets (digests only where all have one: a snapshot length may cut them). Not so when
 * each is known to one point alone while several points saw the packet, unless the connection's other packets keep theirs: then something on
 * the way rewrites IP IDs.
 */
function splitByContent(
  rows: ConnectionRows,
  run: readonly number[],
  idsAreKept: boolean,
): number[][] {
  const { ipId, payloadDigest } = rows;
  const comparable = run.every((k) => payloadDigest[k] !== 0);
  const contentOf = (k: number): number => ipId[k] * 2 ** 32 + (comparable ? payloadDigest[k] : 0);
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

/** What tells packets of one identity apart. */
const whatDiffers = ({ ipId }: ConnectionRows, run: readonly number[]): number =>
  run.some((k) => ipId[k] !== ipId[run[0]]) ? RUNG_IP_ID : RUNG_PAYLOAD;

const spanOf = (rows: ConnectionRows, run: readonly number[]): number =>
  rows.time[run[run.length - 1]] - rows.time[run[0]];

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
    const { count, order, identity, direction } = this.rows;
    for (let from = 0; from < count; ) {
      let to = from + 1;
      while (
        to < count &&
        identity[order[to]] === identity[order[from]] &&
        direction[order[to]] === direction[order[from]]
      )
        to += 1;
      if (to - from <= MOST_LOOKS) this.learnRun(Array.from(order.subarray(from, to)), learned);
      from = to;
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

/** Alike packets that overlap in time could be joined otherwise: both say so. `packets` are sorted by first sighting. */
function markAmbiguous(rows: ConnectionRows, packets: readonly PacketSet[]): void {
  for (let p = 1; p < packets.length; p += 1) {
    const before = packets[p - 1];
    const end = rows.time[before.members[before.members.length - 1]];
    if (rows.time[packets[p].members[0]] <= end) {
      before.ambiguous = true;
      packets[p].ambiguous = true;
    }
  }
}
