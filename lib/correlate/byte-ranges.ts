// Segments that offloads cut anew (TSO, GSO, GRO): packets of one transmission that overlap in sequence space without being equal are
// cut at every boundary that any point saw. Each piece is a packet; its sightings are the frames that carry it (ALGORITHMS B2).
import { sequenceAdd, sequenceDifference } from '../base/sequence-number';
import { PROTOCOL_TCP } from '../model/protocols';
import { RUNG_BYTES } from '../model/rung';
import { type ConnectionRows, sameCell } from './connection-rows';
import { PACKET_SPAN_NS } from './limits';
import type { PacketSet } from './packets';

/** A packet at the finest cut. `ranges` hold a member's share where the frame carries more than this piece. */
export interface Piece {
  readonly members: readonly number[];
  readonly ambiguous: boolean;
  /** Raw sequence numbers of the payload; equal when it has none. */
  readonly start: number;
  readonly end: number;
  /** By member: 1 when the frame carries more than this piece. */
  readonly partial: readonly boolean[];
  /** By member: by what it was joined, a code of lib/model/rung.ts. */
  readonly rungs: readonly number[];
}

/** Cuts the packets of one connection. Packets that no other overlaps stay as they are. */
export function cutPackets(rows: ConnectionRows, packets: readonly PacketSet[]): Piece[] {
  const whole = (packet: PacketSet): Piece => {
    const first = packet.members[0];
    return {
      members: packet.members,
      ambiguous: packet.ambiguous,
      start: rows.protocol === PROTOCOL_TCP ? rows.sequence[first] : 0,
      end:
        rows.protocol === PROTOCOL_TCP ? sequenceAdd(rows.sequence[first], rows.payload[first]) : 0,
      partial: packet.members.map(() => false),
      rungs: packet.members.map(() => packet.rung),
    };
  };
  if (rows.protocol !== PROTOCOL_TCP) return packets.map(whole);
  const pieces: Piece[] = [];
  const withPayload: PacketSet[] = [];
  for (const packet of packets)
    if (rows.payload[packet.members[0]] > 0) withPayload.push(packet);
    else pieces.push(whole(packet));
  for (const family of findFamilies(rows, withPayload))
    for (const transmission of splitTransmissions(rows, family))
      if (transmission.length === 1) pieces.push(whole(transmission[0]));
      else for (const piece of cutTransmission(rows, transmission)) pieces.push(piece);
  return pieces;
}

/** Packets of one transmission (direction, timestamps, acknowledgement) whose byte ranges overlap. */
function findFamilies(rows: ConnectionRows, packets: readonly PacketSet[]): PacketSet[][] {
  const key = (packet: PacketSet): number => packet.members[0];
  const sameTransmission = (a: number, b: number): boolean =>
    rows.direction[a] === rows.direction[b] &&
    rows.timestampValue[a] === rows.timestampValue[b] &&
    rows.timestampEcho[a] === rows.timestampEcho[b] &&
    rows.acknowledgement[a] === rows.acknowledgement[b];
  const sorted = [...packets].sort((p, q) => {
    const a = key(p);
    const b = key(q);
    return (
      rows.direction[a] - rows.direction[b] ||
      rows.timestampValue[a] - rows.timestampValue[b] ||
      rows.timestampEcho[a] - rows.timestampEcho[b] ||
      rows.acknowledgement[a] - rows.acknowledgement[b] ||
      sequenceDifference(rows.sequence[a], rows.sequence[b]) ||
      rows.payload[b] - rows.payload[a] ||
      rows.time[a] - rows.time[b] ||
      a - b
    );
  });
  const families: PacketSet[][] = [];
  let end = 0;
  for (const packet of sorted) {
    const k = key(packet);
    const family = families[families.length - 1];
    const packetEnd = sequenceAdd(rows.sequence[k], rows.payload[k]);
    if (
      family &&
      sameTransmission(key(family[0]), k) &&
      sequenceDifference(rows.sequence[k], end) < 0 &&
      Math.abs(rows.time[k] - rows.time[key(family[0])]) <= PACKET_SPAN_NS
    ) {
      family.push(packet);
      if (sequenceDifference(packetEnd, end) > 0) end = packetEnd;
    } else {
      families.push([packet]);
      end = packetEnd;
    }
  }
  return families;
}

/**
 * A fast retransmission has the timestamps of the original: a family may hold several transmissions. No cell sees the same bytes of one
 * transmission twice, so a packet goes to the first that has room for it; IP IDs that count on from a segment to its parts come before that.
 */
function splitTransmissions(rows: ConnectionRows, family: readonly PacketSet[]): PacketSet[][] {
  if (family.length === 1) return [[...family]];
  const byTime = [...family].sort(
    (p, q) => rows.time[p.members[0]] - rows.time[q.members[0]] || p.members[0] - q.members[0],
  );
  const transmissions: PacketSet[][] = [];
  for (const packet of byTime) {
    const open = transmissions.filter((transmission) =>
      transmission.every((other) => !clash(rows, packet, other)),
    );
    const home =
      open.find((transmission) => transmission.some((other) => countsOn(rows, other, packet))) ??
      open[0];
    if (home) home.push(packet);
    else transmissions.push([packet]);
  }
  return transmissions;
}

const startOf = (rows: ConnectionRows, packet: PacketSet): number =>
  rows.sequence[packet.members[0]];
const lengthOf = (rows: ConnectionRows, packet: PacketSet): number =>
  rows.payload[packet.members[0]];

/** Same bytes in the same cell. */
function clash(rows: ConnectionRows, a: PacketSet, b: PacketSet): boolean {
  const distance = sequenceDifference(startOf(rows, b), startOf(rows, a));
  if (distance >= lengthOf(rows, a) || -distance >= lengthOf(rows, b)) return false;
  return a.members.some((x) => b.members.some((y) => sameCell(rows, x, y)));
}

/** Offloads give the n-th part of a segment its IP ID plus n (Linux: inet_gso_segment). Either packet may be the segment. */
function countsOn(rows: ConnectionRows, a: PacketSet, b: PacketSet): boolean {
  const [whole, part] = lengthOf(rows, a) >= lengthOf(rows, b) ? [a, b] : [b, a];
  const wholeId = rows.ipId[whole.members[0]];
  const partId = rows.ipId[part.members[0]];
  const distance = sequenceDifference(startOf(rows, part), startOf(rows, whole));
  if (wholeId === 0 || partId === 0 || distance < 0 || distance >= lengthOf(rows, whole))
    return false;
  const parts = (partId - wholeId) & 0xffff;
  // Parts but the last are alike in length: so many of them fill the distance.
  return parts === 0 ? distance === 0 : distance / parts >= lengthOf(rows, part);
}

function cutTransmission(rows: ConnectionRows, family: readonly PacketSet[]): Piece[] {
  const base = startOf(rows, family[0]);
  const spans = family.map((packet) => {
    const start = sequenceDifference(rows.sequence[packet.members[0]], base);
    return { packet, start, end: start + lengthOf(rows, packet) };
  });
  spans.sort((a, b) => a.start - b.start || b.end - a.end);
  const boundaries = [...new Set(spans.flatMap((span) => [span.start, span.end]))].sort(
    (a, b) => a - b,
  );
  const pieces: Piece[] = [];
  let firstSpan = 0;
  for (let b = 0; b + 1 < boundaries.length; b += 1) {
    const start = boundaries[b];
    const end = boundaries[b + 1];
    while (firstSpan < spans.length && spans[firstSpan].end <= start) firstSpan += 1;
    const members: number[] = [];
    const partial: boolean[] = [];
    const rungs: number[] = [];
    let ambiguous = false;
    for (let s = firstSpan; s < spans.length && spans[s].start < end; s += 1) {
      const span = spans[s];
      if (span.end <= start) continue;
      ambiguous ||= span.packet.ambiguous;
      for (const member of span.packet.members) {
        members.push(member);
        const isPart = span.start !== start || span.end !== end;
        partial.push(isPart);
        rungs.push(isPart ? RUNG_BYTES : span.packet.rung);
      }
    }
    if (members.length > 0)
      pieces.push({
        members,
        ambiguous,
        start: sequenceAdd(base, start),
        end: sequenceAdd(base, end),
        partial,
        rungs,
      });
  }
  return pieces;
}
