// Segments that offloads cut anew (TSO, GSO, GRO): packets of one transmission that overlap in sequence space without being equal are
// cut at every boundary that any point saw. Each piece is a packet; its sightings are the frames that carry it (ALGORITHMS B2).
import { mergeStretches } from '../../base/merge-stretches';
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
  private rows!: ConnectionRows;

  constructor(
    private readonly packets: PacketList,
    private readonly pieces: PieceTableBuilder,
  ) {}

  /** Gives the pieces the packets of one connection at the finest cut. Packets that no other overlaps stay as they are. Yields within a long one. */
  *cut(rows: ConnectionRows): Generator<void> {
    const { packets } = this;
    this.rows = rows;
    if (this.cuttable.length < packets.count) {
      this.cuttable = new Uint32Array(packets.count);
      this.scratch = new Uint32Array(packets.count);
    }
    let count = 0;
    for (let packet = 0; packet < packets.count; packet += 1) {
      if (packet % CUT_YIELD === CUT_YIELD - 1) yield;
      const key = packets.key(packet);
      if (hasRange(rows, key) && rows.payload[key] > 0) this.cuttable[count++] = packet;
      else this.takeWhole(packet);
    }
    const { cuttable, scratch } = this;
    const isBefore = (p: number, q: number): boolean =>
      compareTransmissions(rows, packets.key(p), packets.key(q)) < 0;
    yield* mergeStretches(cuttable, 0, count, scratch, isBefore, CUT_YIELD);
    for (let from = 0, since = 0; from < count; ) {
      const to = this.endOfFamily(from, count);
      if (to === from + 1) this.takeWhole(cuttable[from]);
      else this.cutFamily(Array.from(cuttable.subarray(from, to)));
      since += to - from;
      from = to;
      if (since < CUT_YIELD) continue;
      since = 0;
      yield;
    }
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
