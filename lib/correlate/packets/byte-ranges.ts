// Segments that offloads cut anew (TSO, GSO, GRO): packets of one transmission that overlap in sequence space without being equal are
// cut at every boundary that any point saw. Each piece is a packet; its sightings are the frames that carry it (ALGORITHMS B2).
import { mergeStretches, type StretchOrder } from '../../base/merge-stretches';
import { sequenceAdd, sequenceDifference } from '../../base/sequence-number';
import { PROTOCOL_TCP } from '../../model/protocols';
import { RUNG_BYTES } from '../../model/rung';
import { areNear, type ConnectionRows, sameCell } from './connection-rows';
import type { PacketList } from './packet-list';
import type { PieceTableBuilder } from './piece-table';

/** Packets taken, or put in order, between two yields. */
const CUT_YIELD = 16_384;

/** Cuts the packets of connection after connection. */
export class PacketCutter {
  /** Packets of the connection with bytes that have a place, and room for as many. */
  private cuttable = new Uint32Array(0);
  private scratch = new Uint32Array(0);
  private readonly by: TransmissionOrder;
  private rows!: ConnectionRows;

  constructor(
    private readonly packets: PacketList,
    private readonly pieces: PieceTableBuilder,
  ) {
    this.by = new TransmissionOrder(packets);
  }

  /** Gives the pieces the packets of one connection at the finest cut. Packets that no other overlaps stay as they are. Yields within a long one. */
  *cut(rows: ConnectionRows): Generator<void> {
    const { packets, by } = this;
    this.rows = rows;
    if (this.cuttable.length < packets.count) {
      this.cuttable = new Uint32Array(packets.count);
      this.scratch = new Uint32Array(packets.count);
    }
    by.begin(rows);
    let count = 0;
    for (let from = 0; from < packets.count; ) {
      const to = Math.min(packets.count, from + CUT_YIELD);
      count = this.choose(from, to, count);
      from = to;
      if (from < packets.count) yield;
    }
    yield* mergeStretches(this.cuttable, 0, count, this.scratch, by, CUT_YIELD);
    for (let from = 0; from < count; ) {
      from = this.cutFamilies(from, count);
      if (from < count) yield;
    }
  }

  /** Takes those of the packets `from … to` that have no bytes with a place, and gathers the others behind the `count` that are gathered. Returns how many they are. */
  private choose(from: number, to: number, count: number): number {
    const { rows, packets, cuttable, by } = this;
    let next = count;
    for (let packet = from; packet < to; packet += 1) {
      const key = packets.key(packet);
      if (hasRange(rows, key) && rows.payload[key] > 0) {
        by.note(packet, key);
        cuttable[next++] = packet;
      } else this.takeWhole(packet);
    }
    return next;
  }

  /** Takes families from place `from` of `cuttable` on, some CUT_YIELD packets; returns the place of the next one. */
  private cutFamilies(from: number, count: number): number {
    const { cuttable } = this;
    let at = from;
    while (at < count && at - from < CUT_YIELD) {
      const to = this.endOfFamily(at, count);
      if (to === at + 1) this.takeWhole(cuttable[at]);
      else this.cutFamily(Array.from(cuttable.subarray(at, to)));
      at = to;
    }
    return at;
  }

  private takeWhole(packet: number): void {
    const { rows, packets, pieces } = this;
    const key = packets.key(packet);
    const start = hasRange(rows, key) ? rows.sequence[key] : 0;
    const end = hasRange(rows, key) ? sequenceAdd(start, rows.payload[key]) : 0;
    pieces.begin(packets.isAmbiguous(packet), start, end);
    for (let m = packets.from(packet); m < packets.to(packet); m += 1)
      pieces.addSighting(packets.member(m), packets.rung(packet));
  }

  /** Behind the last of the packets, from place `from` of `cuttable`, that are of one transmission and whose byte ranges overlap. */
  private endOfFamily(from: number, count: number): number {
    const { rows, packets, cuttable } = this;
    const first = packets.key(cuttable[from]);
    let end = sequenceAdd(rows.sequence[first], rows.payload[first]);
    let to = from + 1;
    for (; to < count; to += 1) {
      const k = packets.key(cuttable[to]);
      if (
        sequenceDifference(rows.sequence[k], end) >= 0 ||
        !isSameTransmission(rows, first, k) ||
        !areNear(rows, first, k)
      )
        break;
      const ownEnd = sequenceAdd(rows.sequence[k], rows.payload[k]);
      if (sequenceDifference(ownEnd, end) > 0) end = ownEnd;
    }
    return to;
  }

  private cutFamily(family: readonly number[]): void {
    const { rows, packets, pieces } = this;
    for (const transmission of splitTransmissions(rows, packets, family))
      if (transmission.length === 1) this.takeWhole(transmission[0]);
      else cutTransmission(rows, packets, transmission, pieces);
  }
}

/** Those of one transmission follow each other, in order of bytes. */
class TransmissionOrder implements StretchOrder {
  /** By packet: direction and timestamp, which most often decide. */
  private keys = new Float64Array(0);
  private rows!: ConnectionRows;

  constructor(private readonly packets: PacketList) {}

  begin(rows: ConnectionRows): void {
    this.rows = rows;
    const { count } = this.packets;
    if (this.keys.length < count) this.keys = new Float64Array(count);
  }

  /** `key`: the frame that stands for the packet. */
  note(packet: number, key: number): void {
    this.keys[packet] = this.rows.direction[key] * 2 ** 32 + this.rows.timestampValue[key];
  }

  isBefore(p: number, q: number): boolean {
    const { keys, packets, rows } = this;
    if (keys[p] !== keys[q]) return keys[p] < keys[q];
    return compareTransmissions(rows, packets.key(p), packets.key(q)) < 0;
  }
}

/** Of datagrams those in fragments, which have a number there (fragments.ts). */
const hasRange = (rows: ConnectionRows, key: number): boolean =>
  rows.protocol === PROTOCOL_TCP || rows.acknowledgement[key] !== 0;

const isSameTransmission = (rows: ConnectionRows, a: number, b: number): boolean =>
  rows.direction[a] === rows.direction[b] &&
  rows.timestampValue[a] === rows.timestampValue[b] &&
  rows.timestampEcho[a] === rows.timestampEcho[b] &&
  rows.acknowledgement[a] === rows.acknowledgement[b];

/** Those of one transmission (direction, timestamps, acknowledgement) follow each other, in order of bytes. */
const compareTransmissions = (rows: ConnectionRows, a: number, b: number): number =>
  rows.direction[a] - rows.direction[b] ||
  rows.timestampValue[a] - rows.timestampValue[b] ||
  rows.timestampEcho[a] - rows.timestampEcho[b] ||
  rows.acknowledgement[a] - rows.acknowledgement[b] ||
  sequenceDifference(rows.sequence[a], rows.sequence[b]) ||
  rows.payload[b] - rows.payload[a] ||
  rows.time[a] - rows.time[b] ||
  a - b;

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
