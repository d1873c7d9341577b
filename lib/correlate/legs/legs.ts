// Legs: the frames of one tuple at one point that belong to one pair of sockets. A tuple that is used again, or that a stray SYN-ACK of
// another connection crosses (a reply that was not translated back), has several legs, told apart by their sequence numbers.
import { GrowableColumn } from '../../base/growable';
import { sequenceAdd, sequenceDifference } from '../../base/sequence-number';
import { LENGTH_OVERFLOW, NO_TUPLE } from '../../model/packet-columns';
import { STATUS_TRANSPORT } from '../../model/packet-status';
import { PROTOCOL_TCP } from '../../model/protocols';
import { TCP_ACK, TCP_FIN, TCP_RST, TCP_SYN } from '../../model/tcp-flags';
import type { CorrelationCapture, CorrelationInput } from '../input/input';
import { type RowSlice, rowSlices } from '../input/row-slices';

export const NO_LEG = 0xffff_ffff;

/** Farther than this from what a leg expects, a sequence number belongs to another leg. Larger than any scaled window (RFC 7323: 2³⁰ at most, in practice 2²⁴). */
const NEAR_BYTES = 1 << 27;
/** Older legs of one tuple that a frame is compared with. */
const CHAIN_LIMIT = 16;

/** A row a leg. Legs of one point and tuple are chained by `older`. */
export interface LegTable {
  readonly count: number;
  readonly point: Uint16Array;
  /** Undirected tuple. */
  readonly tuple: Uint32Array;
  /** Tuple direction (0, 1) in which a SYN without ACK went; 2: none seen. */
  readonly synDirection: Uint8Array;
  /** Global row of the leg's first frame. */
  readonly firstRow: Float64Array;
  /** Leg of each global row; NO_LEG: no tuple. */
  readonly legOfRow: Uint32Array;
}

/** Walks all captures once. Yields now and then; returns the table. */
export function* buildLegs(input: CorrelationInput): Generator<number, LegTable> {
  const legs = new LegBuilder(input);
  let capture: CorrelationCapture | undefined;
  for (const slice of rowSlices(input)) {
    if (slice.source !== capture) legs.startCapture(slice.source);
    capture = slice.source;
    legs.add(slice);
    yield slice.done;
  }
  return legs.finish();
}

/** Bits of `known`: both directions' next number. */
const BOTH_NEXT = 12;
const NO_HEADS = new Uint32Array(0);

class LegBuilder {
  private readonly legOfRow: Uint32Array;
  private readonly point = new GrowableColumn(Uint16Array);
  private readonly tuple = new GrowableColumn(Uint32Array);
  private readonly older = new GrowableColumn(Uint32Array);
  private readonly synDirection = new GrowableColumn(Uint8Array);
  private readonly firstRow = new GrowableColumn(Float64Array);
  /** Two numbers a leg, one for each tuple direction: initial sequence number and next expected; `known` has their bits. */
  private readonly initial = new GrowableColumn(Uint32Array);
  private readonly next = new GrowableColumn(Uint32Array);
  private readonly known = new GrowableColumn(Uint8Array);
  /** Newest leg by point of the capture and tuple. */
  private heads = new Map<number, Uint32Array>();

  constructor(private readonly input: CorrelationInput) {
    this.legOfRow = new Uint32Array(input.totalRows).fill(NO_LEG);
  }

  startCapture(capture: CorrelationCapture): void {
    // A later file of a series goes on where the one before it ends.
    if (this.input.captures[capture.lead] === capture) this.heads = new Map();
  }

  add({ source, columns, from, to, globalBase, rowBase }: RowSlice): void {
    const { legOfRow } = this;
    const { tuples } = this.input;
    const { pointOfLink, table } = source;
    const { tuple: tupleColumn, link, status, flags, sequence, acknowledgement } = columns;
    let headsPoint = -1;
    let heads: Uint32Array = NO_HEADS;
    for (let i = from; i < to; i += 1) {
      const directed = tupleColumn[i];
      if (directed === NO_TUPLE) continue;
      const tuple = directed >>> 1;
      const point = pointOfLink[link[i]];
      if (point !== headsPoint) heads = this.headsOf(point);
      headsPoint = point;
      const head = heads[tuple];
      let leg = head;
      // A later fragment of a segment, or a frame cut short, has no numbers to go by.
      const isSegment =
        (status[i] & STATUS_TRANSPORT) !== 0 && tuples.protocol(directed) === PROTOCOL_TCP;
      if (isSegment) {
        const short = columns.payloadLength[i];
        const payload = short === LENGTH_OVERFLOW ? table.payloadLength(rowBase + i) : short;
        if (!this.goesOn(head, directed & 1, flags[i], sequence[i], acknowledgement[i], payload)) {
          leg = this.findTcpLeg(head, directed & 1, flags[i], sequence[i], acknowledgement[i]);
          if (leg === NO_LEG) leg = this.create(point, tuple, head, globalBase + i);
          this.learn(leg, directed & 1, flags[i], sequence[i], acknowledgement[i], payload);
        }
      } else if (head === NO_LEG) leg = this.create(point, tuple, NO_LEG, globalBase + i);
      if (leg + 1 === this.point.length) heads[tuple] = leg;
      legOfRow[globalBase + i] = leg;
    }
  }

  /** Nearly every segment goes on where its tuple's newest leg is: then nothing else is to be looked at, and it is learnt from. */
  private goesOn(
    leg: number,
    direction: number,
    flags: number,
    sequence: number,
    acknowledgement: number,
    payload: number,
  ): boolean {
    if (leg === NO_LEG || (flags & (TCP_SYN | TCP_RST | TCP_FIN)) !== 0) return false;
    if ((this.known.values[leg] & BOTH_NEXT) !== BOTH_NEXT) return false;
    if (!this.fits(leg, direction, sequence, (flags & TCP_ACK) !== 0, acknowledgement))
      return false;
    this.advance(leg, direction, sequenceAdd(sequence, payload));
    return true;
  }

  finish(): LegTable {
    return {
      count: this.point.length,
      point: this.point.finish(),
      tuple: this.tuple.finish(),
      synDirection: this.synDirection.finish(),
      firstRow: this.firstRow.finish(),
      legOfRow: this.legOfRow,
    };
  }

  private headsOf(point: number): Uint32Array {
    let heads = this.heads.get(point);
    if (heads === undefined) {
      heads = new Uint32Array(this.input.tuples.count).fill(NO_LEG);
      this.heads.set(point, heads);
    }
    return heads;
  }

  private create(point: number, tuple: number, older: number, globalRow: number): number {
    this.tuple.push(tuple);
    this.older.push(older);
    this.synDirection.push(2);
    this.firstRow.push(globalRow);
    for (const column of [this.initial, this.next]) {
      column.push(0);
      column.push(0);
    }
    this.known.push(0);
    return this.point.push(point);
  }

  /** The leg a TCP frame belongs to, NO_LEG when it opens one of its own. */
  private findTcpLeg(
    head: number,
    direction: number,
    flags: number,
    sequence: number,
    acknowledgement: number,
  ): number {
    const peer = direction ^ 1;
    const isSyn = (flags & TCP_SYN) !== 0;
    const hasAck = (flags & TCP_ACK) !== 0;
    let steps = 0;
    for (let leg = head; leg !== NO_LEG && steps < CHAIN_LIMIT; leg = this.older.values[leg]) {
      steps += 1;
      if (isSyn) {
        if (
          this.hasInitial(leg, direction) &&
          this.initial.values[leg * 2 + direction] === sequence
        )
          return leg;
        if (
          hasAck &&
          this.hasInitial(leg, peer) &&
          sequenceAdd(this.initial.values[leg * 2 + peer], 1) === acknowledgement
        )
          return leg;
      } else if (this.fits(leg, direction, sequence, hasAck, acknowledgement)) return leg;
    }
    return isSyn ? NO_LEG : head;
  }

  private fits(
    leg: number,
    direction: number,
    sequence: number,
    hasAck: boolean,
    acknowledgement: number,
  ): boolean {
    const peer = direction ^ 1;
    return (
      this.near(leg, direction, sequence) && (!hasAck || this.near(leg, peer, acknowledgement))
    );
  }

  private near(leg: number, direction: number, sequence: number): boolean {
    if (!this.hasNext(leg, direction)) return true;
    return (
      Math.abs(sequenceDifference(sequence, this.next.values[leg * 2 + direction])) < NEAR_BYTES
    );
  }

  private learn(
    leg: number,
    direction: number,
    flags: number,
    sequence: number,
    acknowledgement: number,
    payload: number,
  ): void {
    const peer = direction ^ 1;
    if (flags & TCP_SYN) {
      this.setInitial(leg, direction, sequence);
      if (flags & TCP_ACK) {
        if (!this.hasInitial(leg, peer))
          this.setInitial(leg, peer, sequenceAdd(acknowledgement, -1));
      } else if (this.synDirection.values[leg] === 2) this.synDirection.values[leg] = direction;
    }
    if (flags & TCP_RST && this.hasNext(leg, direction)) return;
    const length = payload + (flags & TCP_SYN ? 1 : 0) + (flags & TCP_FIN ? 1 : 0);
    this.advance(leg, direction, sequenceAdd(sequence, length));
    if (flags & TCP_ACK && !this.hasNext(leg, peer)) this.advance(leg, peer, acknowledgement);
  }

  private advance(leg: number, direction: number, sequence: number): void {
    const index = leg * 2 + direction;
    if (!this.hasNext(leg, direction) || sequenceDifference(sequence, this.next.values[index]) > 0)
      this.next.values[index] = sequence;
    this.known.values[leg] |= 4 << direction;
  }

  private setInitial(leg: number, direction: number, sequence: number): void {
    if (this.hasInitial(leg, direction)) return;
    this.initial.values[leg * 2 + direction] = sequence;
    this.known.values[leg] |= 1 << direction;
    this.advance(leg, direction, sequenceAdd(sequence, 1));
  }

  private hasInitial(leg: number, direction: number): boolean {
    return (this.known.values[leg] & (1 << direction)) !== 0;
  }

  private hasNext(leg: number, direction: number): boolean {
    return (this.known.values[leg] & (4 << direction)) !== 0;
  }
}
