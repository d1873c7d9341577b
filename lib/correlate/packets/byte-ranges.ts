// Segments that offloads cut anew (TSO, GSO, GRO): packets of one transmission that overlap in sequence space without being equal are
// cut at every boundary that any point saw. Each piece is a packet; its sightings are the frames that carry it (ALGORITHMS B2).
import { sequenceAdd, sequenceDifference } from '../../base/sequence-number';
import { PROTOCOL_TCP } from '../../model/protocols';
import { RUNG_BYTES } from '../../model/rung';
import { areNear, type ConnectionRows, sameCell } from './connection-rows';
import type { PacketList } from './packet-list';
import type { PieceTableBuilder } from './piece-table';

/** Gives `pieces` the packets of one connection at the finest cut. Packets that no other overlaps stay as they are. */
export function cutPackets(
  rows: ConnectionRows,
  packets: PacketList,
  pieces: PieceTableBuilder,
): void {
  const isTcp = rows.protocol === PROTOCOL_TCP;
  // Of datagrams those in fragments, which have a number there (fragments.ts).
  const hasRange = (key: number): boolean => isTcp || rows.acknowledgement[key] !== 0;
  const takeWhole = (packet: number): void => {
    const key = packets.key(packet);
    const start = hasRange(key) ? rows.sequence[key] : 0;
    const end = hasRange(key) ? sequenceAdd(start, rows.payload[key]) : 0;
    pieces.begin(packets.isAmbiguous(packet), start, end);
    for (let m = packets.from(packet); m < packets.to(packet); m += 1)
      pieces.addSighting(packets.member(m), packets.rung(packet));
  };
  const withPayload: number[] = [];
  for (let packet = 0; packet < packets.count; packet += 1) {
    const key = packets.key(packet);
    if (hasRange(key) && rows.payload[key] > 0) withPayload.push(packet);
    else takeWhole(packet);
  }
  forEachFamily(rows, packets, withPayload, (family) => {
    if (family.length === 1) takeWhole(family[0]);
    else
      for (const transmission of splitTransmissions(rows, packets, family))
        if (transmission.length === 1) takeWhole(transmission[0]);
        else cutTransmission(rows, packets, transmission, pieces);
  });
}

/** Calls `take` for the packets of one transmission (direction, timestamps, acknowledgement) whose byte ranges overlap. Sorts `family`. */
function forEachFamily(
  rows: ConnectionRows,
  packets: PacketList,
  withPayload: number[],
  take: (family: readonly number[]) => void,
): void {
  const sameTransmission = (a: number, b: number): boolean =>
    rows.direction[a] === rows.direction[b] &&
    rows.timestampValue[a] === rows.timestampValue[b] &&
    rows.timestampEcho[a] === rows.timestampEcho[b] &&
    rows.acknowledgement[a] === rows.acknowledgement[b];
  withPayload.sort((p, q) => {
    const a = packets.key(p);
    const b = packets.key(q);
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
  let family: number[] = [];
  let end = 0;
  for (const packet of withPayload) {
    const k = packets.key(packet);
    const packetEnd = sequenceAdd(rows.sequence[k], rows.payload[k]);
    const first = family.length === 0 ? -1 : packets.key(family[0]);
    if (
      first >= 0 &&
      sameTransmission(first, k) &&
      sequenceDifference(rows.sequence[k], end) < 0 &&
      areNear(rows, first, k)
    ) {
      family.push(packet);
      if (sequenceDifference(packetEnd, end) > 0) end = packetEnd;
    } else {
      if (first >= 0) take(family);
      family = [packet];
      end = packetEnd;
    }
  }
  if (family.length > 0) take(family);
}

/**
 * A fast retransmission has the timestamps of the original: a family may hold several transmissions. No cell sees the same bytes of one
 * transmission twice, so a packet goes to the first that has room for it; IP IDs that count on from a segment to its parts come before that.
 */
function splitTransmissions(
  rows: ConnectionRows,
  packets: PacketList,
  family: readonly number[],
): number[][] {
  // By the middle one of its sightings: a clock that stepped may misplace the first.
  const timeOf = (packet: number): number =>
    rows.time[packets.member((packets.from(packet) + packets.to(packet)) >> 1)];
  const byTime = [...family].sort(
    (p, q) => timeOf(p) - timeOf(q) || packets.key(p) - packets.key(q),
  );
  const transmissions: number[][] = [];
  for (const packet of byTime) {
    const open = transmissions.filter((transmission) =>
      transmission.every((other) => !clash(rows, packets, packet, other)),
    );
    const home =
      open.find((transmission) =>
        transmission.some((other) => countsOn(rows, packets.key(other), packets.key(packet))),
      ) ?? open[0];
    if (home) home.push(packet);
    else transmissions.push([packet]);
  }
  return transmissions;
}

/** Same bytes in the same cell. */
function clash(rows: ConnectionRows, packets: PacketList, p: number, q: number): boolean {
  const [a, b] = [packets.key(p), packets.key(q)];
  const distance = sequenceDifference(rows.sequence[b], rows.sequence[a]);
  if (distance >= rows.payload[a] || -distance >= rows.payload[b]) return false;
  for (let x = packets.from(p); x < packets.to(p); x += 1)
    for (let y = packets.from(q); y < packets.to(q); y += 1)
      if (sameCell(rows, packets.member(x), packets.member(y))) return true;
  return false;
}

/** Offloads give the n-th part of a segment its IP ID plus n (Linux: inet_gso_segment). Either packet may be the segment. */
function countsOn(rows: ConnectionRows, a: number, b: number): boolean {
  const [whole, part] = rows.payload[a] >= rows.payload[b] ? [a, b] : [b, a];
  const [wholeId, partId] = [rows.ipId[whole], rows.ipId[part]];
  const distance = sequenceDifference(rows.sequence[part], rows.sequence[whole]);
  if (wholeId === 0 || partId === 0 || distance < 0 || distance >= rows.payload[whole])
    return false;
  const parts = (partId - wholeId) & 0xffff;
  // Parts but the last are alike in length: so many of them fill the distance.
  return parts === 0 ? distance === 0 : distance / parts >= rows.payload[part];
}

function cutTransmission(
  rows: ConnectionRows,
  packets: PacketList,
  family: readonly number[],
  pieces: PieceTableBuilder,
): void {
  const base = rows.sequence[packets.key(family[0])];
  const spans = family.map((packet) => {
    const key = packets.key(packet);
    const start = sequenceDifference(rows.sequence[key], base);
    return { packet, start, end: start + rows.payload[key] };
  });
  spans.sort((a, b) => a.start - b.start || b.end - a.end);
  const boundaries = [...new Set(spans.flatMap((span) => [span.start, span.end]))].sort(
    (a, b) => a - b,
  );
  let firstSpan = 0;
  for (let b = 0; b + 1 < boundaries.length; b += 1) {
    const start = boundaries[b];
    const end = boundaries[b + 1];
    while (firstSpan < spans.length && spans[firstSpan].end <= start) firstSpan += 1;
    let lastSpan = firstSpan;
    while (lastSpan < spans.length && spans[lastSpan].start < end) lastSpan += 1;
    const carriers = spans.slice(firstSpan, lastSpan).filter((span) => span.end > start);
    if (carriers.length === 0) continue;
    pieces.begin(
      carriers.some(({ packet }) => packets.isAmbiguous(packet)),
      sequenceAdd(base, start),
      sequenceAdd(base, end),
    );
    for (const span of carriers) {
      const isPart = span.start !== start || span.end !== end;
      const rung = isPart ? RUNG_BYTES : packets.rung(span.packet);
      for (let m = packets.from(span.packet); m < packets.to(span.packet); m += 1)
        pieces.addSighting(packets.member(m), rung);
    }
  }
}
