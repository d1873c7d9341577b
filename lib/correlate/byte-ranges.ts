// Segments that offloads cut anew (TSO, GSO, GRO): packets of one transmission that overlap in sequence space without being equal are
// cut at every boundary that any point saw. Each piece is a packet; its sightings are the frames that carry it (ALGORITHMS B2).
import { sequenceAdd, sequenceDifference } from '../base/sequence-number';
import { PROTOCOL_TCP } from '../model/protocols';
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
    };
  };
  if (rows.protocol !== PROTOCOL_TCP) return packets.map(whole);
  const pieces: Piece[] = [];
  const withPayload: PacketSet[] = [];
  for (const packet of packets)
    if (rows.payload[packet.members[0]] > 0) withPayload.push(packet);
    else pieces.push(whole(packet));
  for (const family of findFamilies(rows, withPayload)) {
    const cut = family.length === 1 ? undefined : cutFamily(rows, family);
    if (cut) pieces.push(...cut);
    else for (const packet of family) pieces.push(whole(packet));
  }
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

/** undefined when two packets of the family were seen in one cell with the same bytes: then they are two transmissions, not one that was cut. */
function cutFamily(rows: ConnectionRows, family: readonly PacketSet[]): Piece[] | undefined {
  const base = rows.sequence[family[0].members[0]];
  const spans = family.map((packet) => {
    const start = sequenceDifference(rows.sequence[packet.members[0]], base);
    return { packet, start, end: start + rows.payload[packet.members[0]] };
  });
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
    let ambiguous = false;
    for (let s = firstSpan; s < spans.length && spans[s].start < end; s += 1) {
      const span = spans[s];
      if (span.end <= start) continue;
      ambiguous ||= span.packet.ambiguous;
      for (const member of span.packet.members) {
        if (members.some((other) => sameCell(rows, other, member))) return undefined;
        members.push(member);
        partial.push(span.start !== start || span.end !== end);
      }
    }
    if (members.length > 0)
      pieces.push({
        members,
        ambiguous,
        start: sequenceAdd(base, start),
        end: sequenceAdd(base, end),
        partial,
      });
  }
  return pieces;
}
