// What a TCP connection's own packets say of what reached the receiver: when bytes were first acknowledged, cumulatively or by a SACK block
// (RFC 2018), which arrived twice (D-SACK, RFC 2883), and which transmissions carry the same bytes.
import { lowerBound, lowerBoundBy } from '../../base/bisect';
import { GrowableColumn } from '../../base/growable';
import { KeyOrder, mergeStretches } from '../../base/merge-stretches';
import { sequenceAdd, sequenceDifference } from '../../base/sequence-number';
import { TCP_ACK, TCP_RST } from '../../model/tcp-flags';
import { type CorrelationInput, captureOfRow } from '../input/input';
import type { JourneyNumbers } from '../journeys/journey-numbers';
import type { JourneyTable } from '../journeys/journeys';
import { JOURNEY_YIELD_ROWS } from '../limits';

/** What a journey occupies of its direction's sequence space: raw start, and end exclusive. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** Bytes that one direction sent and the other acknowledged, in sequence numbers that do not wrap. */
class DirectionEvidence {
  /** The first number seen. */
  base: number | undefined;
  /** How far it has come. */
  head = 0;
  longest = 0;
  /** What was sent, in order of time: journeys and their bytes. */
  readonly sent = new GrowableColumn(Uint32Array, 16);
  readonly start = new GrowableColumn(Float64Array, 16);
  readonly end = new GrowableColumn(Float64Array, 16);
  /** Rows of these by where their bytes start, then by time. */
  order = new Uint32Array(0);
  /** When so much was acknowledged, in order of time: never less than before. */
  readonly acknowledgedAt = new GrowableColumn(Float64Array, 16);
  readonly upTo = new GrowableColumn(Float64Array, 16);
  /** In order of time. */
  readonly blocks: {
    readonly time: number;
    readonly left: number;
    readonly right: number;
    readonly again: boolean;
  }[] = [];

  /** Yields now and then. */
  *sort(): Generator<void> {
    const { length, values } = this.start;
    this.order = Uint32Array.from({ length }, (_, row) => row);
    const by = new KeyOrder(values);
    yield* mergeStretches(this.order, 0, length, new Uint32Array(length), by, SORT_YIELD);
  }
}

/** Packets put in order between two yields. */
const SORT_YIELD = 32_768;
/** Blocks that are looked at for one packet: more than come in the time of a retransmission. */
const BLOCKS_LOOKED_AT = 4096;

export class TcpEvidence {
  /** By journey: where its bytes begin, in sequence numbers that do not wrap. */
  private readonly positions: Float64Array;
  private readonly directions = [new DirectionEvidence(), new DirectionEvidence()] as const;

  constructor(
    private readonly input: CorrelationInput,
    private readonly journeys: JourneyTable,
    private readonly numbers: JourneyNumbers,
    /** Good until another journey is asked for. */
    private readonly spanOf: (journey: number) => Span | undefined,
    private readonly first: number,
    private readonly end: number,
  ) {
    this.positions = new Float64Array(end - first);
  }

  /** Looks at all packets of the connection: before anything is asked. Yields within a long one. */
  *gather(): Generator<void> {
    for (let journey = this.first; journey < this.end; journey += 1) {
      this.noteSent(journey, this.spanOf(journey));
      this.noteAcknowledged(journey);
      if ((journey - this.first) % JOURNEY_YIELD_ROWS === JOURNEY_YIELD_ROWS - 1) yield;
    }
    for (const direction of this.directions) yield* direction.sort();
  }

  /** Journeys that carry some of the same bytes, in order of time, itself left out. */
  overlapping(journey: number, span: Span): readonly number[] {
    const { order, longest, ...sent } = this.directions[this.journeys.direction[journey]];
    const [starts, ends] = [sent.start.values, sent.end.values];
    const { start, end } = this.unwrap(span, journey);
    const found: number[] = [];
    for (
      let at = lowerBoundBy(order.length, (place) => starts[order[place]] <= start - longest);
      at < order.length && starts[order[at]] < end;
      at += 1
    ) {
      const other = sent.sent.values[order[at]];
      if (ends[order[at]] > start && other !== journey) found.push(other);
    }
    const { time } = this.journeys;
    return found.sort((a, b) => time[a] - time[b]);
  }

  /** When the bytes were first acknowledged; undefined: never, as far as was seen. */
  coveredAt(journey: number, span: Span): number | undefined {
    const { upTo, acknowledgedAt, blocks } = this.directions[this.journeys.direction[journey]];
    const { start, end } = this.unwrap(span, journey);
    const at = lowerBound(upTo.values, end, 0, upTo.length);
    let time = at < upTo.length ? acknowledgedAt.values[at] : undefined;
    const since = this.journeys.time[journey];
    const from = lowerBoundBy(blocks.length, (index) => blocks[index].time < since);
    for (let index = from; index < Math.min(blocks.length, from + BLOCKS_LOOKED_AT); index += 1) {
      if (time !== undefined && blocks[index].time >= time) break;
      if (blocks[index].left <= start && blocks[index].right >= end) time = blocks[index].time;
    }
    return time;
  }

  /** Whether the receiver says that the bytes came to it once more after this was sent. */
  cameAgain(journey: number, span: Span): boolean {
    const { blocks } = this.directions[this.journeys.direction[journey]];
    const { start, end } = this.unwrap(span, journey);
    const from = lowerBoundBy(
      blocks.length,
      (index) => blocks[index].time < this.journeys.time[journey],
    );
    for (let index = from; index < Math.min(blocks.length, from + BLOCKS_LOOKED_AT); index += 1)
      if (blocks[index].again && blocks[index].left < end && blocks[index].right > start)
        return true;
    return false;
  }

  /** Whether the receiver of this journey was seen to send an acknowledgement after it. */
  isHeardAfter(journey: number): boolean {
    const { acknowledgedAt } = this.directions[this.journeys.direction[journey]];
    const { values, length } = acknowledgedAt;
    return length > 0 && values[length - 1] > this.journeys.time[journey];
  }

  private unwrap({ start, end }: Span, journey: number): { start: number; end: number } {
    const position = this.positions[journey - this.first];
    return { start: position, end: position + sequenceDifference(end, start) };
  }

  private noteSent(journey: number, span: Span | undefined): void {
    if (span === undefined) return;
    const direction = this.directions[this.journeys.direction[journey]];
    const start = this.place(direction, span.start);
    const end = start + sequenceDifference(span.end, span.start);
    direction.longest = Math.max(direction.longest, end - start);
    this.positions[journey - this.first] = start;
    direction.sent.push(journey);
    direction.start.push(start);
    direction.end.push(end);
    direction.head = Math.max(direction.head, end);
  }

  private place(direction: DirectionEvidence, sequence: number): number {
    direction.base ??= sequence;
    return (
      direction.head + sequenceDifference(sequence, sequenceAdd(direction.base, direction.head))
    );
  }

  private noteAcknowledged(journey: number): void {
    const header = this.numbers.header(journey);
    if ((header.flags & TCP_ACK) === 0 || header.flags & TCP_RST) return;
    const direction = this.directions[this.journeys.direction[journey] ^ 1];
    const time = this.journeys.time[journey];
    const upTo = this.place(direction, header.acknowledgement);
    const { values, length } = direction.upTo;
    direction.upTo.push(length === 0 ? upTo : Math.max(values[length - 1], upTo));
    direction.acknowledgedAt.push(time);
    const globalRow = this.journeys.sightingRow[this.journeys.firstSighting[journey]];
    const capture = captureOfRow(this.input, globalRow);
    const { table } = this.input.captures[capture];
    const row = globalRow - this.input.rowBase[capture];
    const edges = table.sackEdgesOf(row);
    if (edges.length === 0) return;
    // Whoever shifts sequence numbers shifts the edges with the acknowledgement.
    const shift = sequenceDifference(header.acknowledgement, table.get('acknowledgement', row));
    let first: { left: number; right: number } | undefined;
    for (let k = 0; k < edges.length; k += 2) {
      const [left, right] = [edges[k], edges[k + 1]].map((edge) =>
        this.place(direction, sequenceAdd(edge, shift)),
      );
      const second = first !== undefined;
      // RFC 2883: only the first block can be of what came again, below the acknowledgement or within the second block.
      if (!second) first = { left, right };
      else if (first !== undefined && left <= first.left && first.right <= right)
        direction.blocks.push({ time, ...first, again: true });
      direction.blocks.push({ time, left, right, again: !second && right <= upTo });
    }
  }
}
