// Frames of one connection into packets: equal identity, told apart where a packet was sent again or others are alike in everything.

import { type ConnectionRows, sameCell } from './connection-rows';
import { PACKET_SPAN_NS } from './limits';

/** Packets still open to take a further sighting while alike ones are told apart. */
const OPEN_PACKETS = 16;

/** A packet as a set of frames (indices into ConnectionRows, by reference time). */
export interface PacketSet {
  readonly members: number[];
  /** Others were alike in everything and near in time: joined in order. */
  ambiguous: boolean;
}

/** All packets of the connection; those of one direction follow each other, in no further order. */
export function formPackets(rows: ConnectionRows): PacketSet[] {
  const packets: PacketSet[] = [];
  const { order, direction, identity } = rows;
  const idsAreKept = keepsIds(rows);
  for (let from = 0; from < rows.count; ) {
    let to = from + 1;
    while (
      to < rows.count &&
      identity[order[to]] === identity[order[from]] &&
      direction[order[to]] === direction[order[from]]
    )
      to += 1;
    if (to - from === 1) packets.push({ members: [order[from]], ambiguous: false });
    else splitRun(rows, Array.from(order.subarray(from, to)), idsAreKept, packets);
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
  packets: PacketSet[],
): void {
  for (const alike of splitByContent(rows, run, idsAreKept)) {
    const cells = groupByCell(rows, alike);
    const counts = cells.map((cell) => cell.length);
    const most = Math.max(...counts);
    if (most === 1 && spanOf(rows, alike) <= PACKET_SPAN_NS) {
      packets.push({ members: alike, ambiguous: false });
      continue;
    }
    const formed =
      counts.every((count) => count === most) && everyRankFits(rows, cells, most)
        ? joinByRank(cells, most)
        : joinByTime(rows, alike);
    for (const packet of formed)
      packet.members.sort((a, b) => rows.time[a] - rows.time[b] || a - b);
    formed.sort((a, b) => rows.time[a.members[0]] - rows.time[b.members[0]]);
    markAmbiguous(rows, formed);
    packets.push(...formed);
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

function groupByCell(rows: ConnectionRows, run: readonly number[]): number[][] {
  const cells: number[][] = [];
  for (const k of run) {
    const cell = cells.find((members) => sameCell(rows, members[0], k));
    if (cell) cell.push(k);
    else cells.push([k]);
  }
  return cells;
}

const spanOf = (rows: ConnectionRows, run: readonly number[]): number =>
  rows.time[run[run.length - 1]] - rows.time[run[0]];

/** Whether the i-th frames of all cells lie nearer to each other than to the next packet's, or at least could be one packet. */
function everyRankFits(rows: ConnectionRows, cells: readonly number[][], ranks: number): boolean {
  for (let rank = 0; rank < ranks; rank += 1) {
    const times = cells.map((cell) => rows.time[cell[rank]]);
    const span = Math.max(...times) - Math.min(...times);
    if (span > PACKET_SPAN_NS) return false;
    if (rank > 0) {
      const before = Math.min(
        ...cells.map((cell) => rows.time[cell[rank]] - rows.time[cell[rank - 1]]),
      );
      // The packets are sent farther apart than this rank is spread: ranks cannot be right when cells disagree by more than a gap.
      if (before > 0 && span > 4 * before && span > 1e9) return false;
    }
  }
  return true;
}

const joinByRank = (cells: readonly number[][], ranks: number): PacketSet[] =>
  Array.from({ length: ranks }, (_, rank) => ({
    members: cells.map((cell) => cell[rank]),
    ambiguous: false,
  }));

/** Each frame joins the open packet nearest in time that lacks its cell; else it opens a packet. */
function joinByTime(rows: ConnectionRows, run: readonly number[]): PacketSet[] {
  const packets: PacketSet[] = [];
  for (const k of run) {
    let best: PacketSet | undefined;
    for (let p = packets.length - 1; p >= Math.max(0, packets.length - OPEN_PACKETS); p -= 1) {
      const packet = packets[p];
      const last = packet.members[packet.members.length - 1];
      if (rows.time[k] - rows.time[packet.members[0]] > PACKET_SPAN_NS) break;
      if (packet.members.some((member) => sameCell(rows, member, k))) continue;
      if (best === undefined || rows.time[last] > rows.time[best.members[best.members.length - 1]])
        best = packet;
    }
    if (best) best.members.push(k);
    else packets.push({ members: [k], ambiguous: false });
  }
  return packets;
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
