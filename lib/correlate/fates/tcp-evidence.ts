// What a TCP connection's own packets say of what reached the receiver: when bytes were first acknowledged, cumulatively or by a SACK block
// (RFC 2018), which arrived twice (D-SACK, RFC 2883), and which transmissions carry the same bytes.
import { lowerBoundBy } from '../../base/bisect';
import { sequenceAdd, sequenceDifference } from '../../base/sequence-number';
import { TCP_ACK, TCP_RST } from '../../model/tcp-flags';
import { type CorrelationInput, captureOfRow } from '../input/input';
import type { JourneyNumbers } from '../journeys/journey-numbers';
import type { JourneyTable } from '../journeys/journeys';

/** What a journey occupies of its direction's sequence space: raw start, and end exclusive. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** Bytes that one direction sent and the other acknowledged, in sequence numbers that do not wrap; lists in order of time. */
interface DirectionEvidence {
  /** The first number seen. */
  base: number | undefined;
  /** How far it has come. */
  head: number;
  readonly sent: {
    readonly journey: number;
    readonly start: number;
    readonly end: number;
    readonly time: number;
  }[];
  readonly acknowledged: { readonly time: number; readonly upTo: number }[];
  readonly blocks: {
    readonly time: number;
    readonly left: number;
    readonly right: number;
    readonly again: boolean;
  }[];
  longest: number;
}

/** Blocks that are looked at for one packet: more than come in the time of a retransmission. */
const BLOCKS_LOOKED_AT = 4096;

export class TcpEvidence {
  /** By journey: where its bytes begin, in sequence numbers that do not wrap. */
  private readonly positions: Float64Array;
  private readonly directions: readonly [DirectionEvidence, DirectionEvidence];

  constructor(
    private readonly input: CorrelationInput,
    private readonly journeys: JourneyTable,
    private readonly numbers: JourneyNumbers,
    spanOf: (journey: number) => Span | undefined,
    private readonly first: number,
    end: number,
  ) {
    this.positions = new Float64Array(end - first);
    const empty = (): DirectionEvidence => ({
      base: undefined,
      head: 0,
      sent: [],
      acknowledged: [],
      blocks: [],
      longest: 0,
    });
    this.directions = [empty(), empty()];
    for (let journey = first; journey < end; journey += 1) {
      this.noteSent(journey, spanOf(journey));
      this.noteAcknowledged(journey);
    }
    for (const { sent } of this.directions)
      sent.sort((a, b) => a.start - b.start || a.time - b.time);
  }

  /** Journeys that carry some of the same bytes, in order of time, itself left out. */
  overlapping(journey: number, span: Span): readonly number[] {
    const { sent, longest } = this.directions[this.journeys.direction[journey]];
    const { start, end } = this.unwrap(span, journey);
    const found: { journey: number; time: number }[] = [];
    for (
      let at = lowerBoundBy(sent.length, (index) => sent[index].start <= start - longest);
      at < sent.length && sent[at].start < end;
      at += 1
    )
      if (sent[at].end > start && sent[at].journey !== journey) found.push(sent[at]);
    return found.sort((a, b) => a.time - b.time).map((other) => other.journey);
  }

  /** When the bytes were first acknowledged; undefined: never, as far as was seen. */
  coveredAt(journey: number, span: Span): number | undefined {
    const { acknowledged, blocks } = this.directions[this.journeys.direction[journey]];
    const { start, end } = this.unwrap(span, journey);
    const at = lowerBoundBy(acknowledged.length, (index) => acknowledged[index].upTo < end);
    let time = acknowledged[at]?.time;
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
    const { acknowledged } = this.directions[this.journeys.direction[journey]];
    const last = acknowledged[acknowledged.length - 1];
    return last !== undefined && last.time > this.journeys.time[journey];
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
    direction.sent.push({ journey, start, end, time: this.journeys.time[journey] });
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
    const { acknowledged } = direction;
    const so = acknowledged[acknowledged.length - 1]?.upTo ?? Number.NEGATIVE_INFINITY;
    acknowledged.push({ time, upTo: Math.max(so, upTo) });
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
