// The stream of bytes that one connection carried, as one point saw it: which bytes of which segment come next, each byte once, in order.
// What overtook waits for what it overtook; a hole that the peer acknowledged all the same is one of the capture, and is passed over.
import { GrowableColumn } from '../base/growable';
import { sequenceAdd, sequenceDifference } from '../base/sequence-number';
import { TCP_ACK, TCP_SYN } from '../model/tcp-flags';

/** Segments held back at once in one direction; beyond that a hole is taken as one of the capture. */
const PENDING_LIMIT = 4096;
/** A sequence number farther off than this belongs to another stream (cf. lib/correlate/legs.ts). */
const NEAR_BYTES = 1 << 27;

/** Segments of one connection at one point in the order of the capture; a row each. */
export interface StreamSegments {
  readonly count: number;
  /** 0 forward, 1 reverse. */
  readonly direction: Uint8Array;
  readonly sequence: Uint32Array;
  /** Bytes of payload. */
  readonly length: Uint32Array;
  readonly acknowledgement: Uint32Array;
  readonly flags: Uint16Array;
}

/** A row a run of bytes that no row before it had. */
export interface StreamPlan {
  readonly count: number;
  /** Row of the segments. */
  readonly segment: Uint32Array;
  /** Bytes at the segment's head that came before, and bytes taken after them. */
  readonly skip: Uint32Array;
  readonly length: Uint32Array;
  /** Bytes that the capture lacks right before this run. */
  readonly gap: Uint32Array;
  /** Bytes of the direction's stream before this run, those that are lacking counted in. */
  readonly offset: Float64Array;
  /** Bytes of both streams, forward and reverse, without those that are lacking. */
  readonly bytes: readonly [number, number];
}

/** Payloads that stand each for themselves, as datagrams do: a run each, in the order of the capture. */
export function planDatagrams(segments: StreamSegments): StreamPlan {
  const plan = new PlanBuilder();
  for (let row = 0; row < segments.count; row += 1)
    if (segments.length[row] > 0)
      plan.add(row, segments.direction[row], 0, segments.length[row], 0);
  return plan.finish();
}

/** TCP's payload in order. The runs of both directions stand in the order in which they became readable. */
export function planStream(segments: StreamSegments): StreamPlan {
  const plan = new PlanBuilder();
  const sides = [new Side(segments, plan, 0), new Side(segments, plan, 1)];
  for (let row = 0; row < segments.count; row += 1) {
    const direction = segments.direction[row];
    if (segments.flags[row] & TCP_ACK)
      sides[direction ^ 1].acknowledged(segments.acknowledgement[row]);
    sides[direction].take(row);
  }
  for (const side of sides) side.finish();
  return plan.finish();
}

class PlanBuilder {
  private readonly segment = new GrowableColumn(Uint32Array);
  private readonly skip = new GrowableColumn(Uint32Array);
  private readonly length = new GrowableColumn(Uint32Array);
  private readonly gap = new GrowableColumn(Uint32Array);
  private readonly offset = new GrowableColumn(Float64Array);
  private readonly position: [number, number] = [0, 0];
  private readonly bytes: [number, number] = [0, 0];

  add(segment: number, direction: number, skip: number, length: number, gap: number): void {
    this.segment.push(segment);
    this.skip.push(skip);
    this.length.push(length);
    this.gap.push(gap);
    this.offset.push(this.position[direction] + gap);
    this.position[direction] += gap + length;
    this.bytes[direction] += length;
  }

  finish(): StreamPlan {
    return {
      count: this.segment.length,
      segment: this.segment.finish(),
      skip: this.skip.finish(),
      length: this.length.finish(),
      gap: this.gap.finish(),
      offset: this.offset.finish(),
      bytes: this.bytes,
    };
  }
}

/** One direction: where its stream stands, and the segments that came too early, by sequence number. */
class Side {
  private next = 0;
  private begun = false;
  private readonly pending: number[] = [];

  constructor(
    private readonly segments: StreamSegments,
    private readonly plan: PlanBuilder,
    private readonly direction: number,
  ) {}

  take(row: number): void {
    const { sequence, length, flags } = this.segments;
    const first = flags[row] & TCP_SYN ? sequenceAdd(sequence[row], 1) : sequence[row];
    if (!this.begun && (length[row] > 0 || flags[row] & TCP_SYN)) {
      this.begun = true;
      this.next = first;
    }
    if (length[row] === 0) return;
    const ahead = sequenceDifference(first, this.next);
    if (Math.abs(ahead) > NEAR_BYTES) return;
    if (ahead > 0) {
      this.hold(row);
      if (this.pending.length > PENDING_LIMIT) this.pass();
    } else {
      this.append(row, 0);
      this.drain();
    }
  }

  /** The peer has all bytes before `acknowledgement`: what is still lacking, this capture lacks. */
  acknowledged(acknowledgement: number): void {
    while (
      this.pending.length > 0 &&
      sequenceDifference(acknowledgement, this.first(this.pending[0])) > 0
    )
      this.pass();
  }

  finish(): void {
    while (this.pending.length > 0) this.pass();
  }

  private first(row: number): number {
    const { sequence, flags } = this.segments;
    return flags[row] & TCP_SYN ? sequenceAdd(sequence[row], 1) : sequence[row];
  }

  /** Goes on at the first segment that waits, whatever is lacking before it. */
  private pass(): void {
    const gap = sequenceDifference(this.first(this.pending[0]), this.next);
    if (gap > 0) {
      this.next = sequenceAdd(this.next, gap);
      this.append(this.pending[0], gap);
      this.pending.shift();
    }
    this.drain();
  }

  private drain(): void {
    let taken = 0;
    while (
      taken < this.pending.length &&
      sequenceDifference(this.first(this.pending[taken]), this.next) <= 0
    ) {
      this.append(this.pending[taken], 0);
      taken += 1;
    }
    if (taken > 0) this.pending.splice(0, taken);
  }

  private append(row: number, gap: number): void {
    const skip = sequenceDifference(this.next, this.first(row));
    const length = this.segments.length[row] - skip;
    if (length <= 0) return;
    this.plan.add(row, this.direction, skip, length, gap);
    this.next = sequenceAdd(this.next, length);
  }

  private hold(row: number): void {
    let low = 0;
    let high = this.pending.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (sequenceDifference(this.first(this.pending[middle]), this.first(row)) <= 0)
        low = middle + 1;
      else high = middle;
    }
    this.pending.splice(low, 0, row);
  }
}
