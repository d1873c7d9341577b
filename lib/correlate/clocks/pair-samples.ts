// What one connection says of the clocks of two captures: for each packet that both saw, when the first saw it and how much later, by its own
// clock, the second did. Of a long connection the extremes of some thousand stretches of time are kept, and all packets of a few of them.
import { GrowableColumn } from '../../base/growable';
import { sortedOrder } from '../../base/sort-order';
import { CLOCK_SAMPLES } from '../limits';

/** Frames of the first capture up to which all samples are kept; of more, extremes of as many stretches: what a side's samples are thinned to anyhow. */
const STRETCHES = 2 * CLOCK_SAMPLES;
/** Of a long connection so many groups of so many frames that follow each other tell which way it takes longer. */
const GROUPS = STRETCHES / 32;
const GROUP_FRAMES = 32;

/** When the first of two captures saw a packet, and how much later, each by its own clock, the second did. */
export interface Crossing {
  readonly time: number;
  readonly delta: number;
}

/** Samples of one side, by stretch or by packet; `count` of them, some of them `NaN`: a stretch without any. */
export interface SampleColumns {
  readonly count: number;
  readonly time: Float64Array;
  readonly delta: Float64Array;
}

export class PairSamples {
  /** Forward packets, and reverse ones. */
  readonly counts: [number, number] = [0, 0];
  /** More of the forward packets lost TTL from the first capture to the second than gained some, and the other way round of reverse ones. */
  ttlFalls = 0;
  /** By direction: of all packets, or of those that tell which way takes longer. */
  private readonly times = [new GrowableColumn(Float64Array), new GrowableColumn(Float64Array)];
  private readonly deltas = [new GrowableColumn(Float64Array), new GrowableColumn(Float64Array)];
  private framesOfStretch = 1;
  private groupStride = GROUP_FRAMES;
  /** Packets that came back the way they went (a hairpin) were seen: they alone count, the first capture being sender's side. */
  private isThereAndBack = false;
  private lows: readonly Extremes[] = [];
  private highs: readonly Extremes[] = [];

  /** Makes room for the samples of a connection. `frames`: that the first capture has of it. */
  begin(frames: number): void {
    this.isThereAndBack = false;
    this.framesOfStretch = Math.max(1, Math.ceil(frames / STRETCHES));
    this.groupStride = Math.max(GROUP_FRAMES, Math.floor(frames / GROUPS));
    this.reset();
  }

  /** A packet that passed both captures and came back over both: `out` from the first to the second, `back` the other way. */
  addThereAndBack(frame: number, out: Crossing, back: Crossing): void {
    if (!this.isThereAndBack) this.reset();
    this.isThereAndBack = true;
    this.take(0, frame, out.time, out.delta, 0);
    this.take(1, frame, back.time, back.delta, 0);
  }

  private reset(): void {
    this.counts[0] = this.counts[1] = 0;
    this.ttlFalls = 0;
    for (const column of [...this.times, ...this.deltas]) column.length = 0;
    if (this.framesOfStretch === 1) return;
    if (this.lows.length === 0) {
      this.lows = [new Extremes(1), new Extremes(1)];
      this.highs = [new Extremes(-1), new Extremes(-1)];
    }
    for (const extremes of [...this.lows, ...this.highs]) extremes.clear();
  }

  /** `frame`: the packet's place among the first capture's frames of the connection. */
  add(direction: number, frame: number, time: number, delta: number, ttlFall: number): void {
    // Where packets return, both directions of a connection run the same way at first.
    if (!this.isThereAndBack) this.take(direction, frame, time, delta, ttlFall);
  }

  private take(
    direction: number,
    frame: number,
    time: number,
    delta: number,
    ttlFall: number,
  ): void {
    this.counts[direction] += 1;
    this.ttlFalls += direction === 0 ? ttlFall : -ttlFall;
    if (frame % this.groupStride < GROUP_FRAMES) {
      this.times[direction].push(time);
      this.deltas[direction].push(delta);
    }
    if (this.framesOfStretch === 1) return;
    const stretch = Math.floor(frame / this.framesOfStretch);
    this.lows[direction].take(stretch, time, delta);
    this.highs[direction].take(stretch, time, delta);
  }

  /** Above 0: forward packets run from the first capture to the second, for they seem to take longer that way, or lose TTL on it. Below 0: reverse ones do. */
  sense(): number {
    const twoWay = this.counts[0] > 0 && this.counts[1] > 0;
    return (twoWay ? this.voteOfNeighbours() : 0) || this.ttlFalls;
  }

  /** Samples of a direction. `side` 1: of a long connection the lower ones, which bound more closely what ran onward; −1: the higher ones. */
  of(direction: number, side: 1 | -1): SampleColumns {
    if (this.framesOfStretch > 1) return (side === 1 ? this.lows : this.highs)[direction];
    const [times, deltas] = [this.times[direction], this.deltas[direction]];
    return {
      count: times.length,
      time: times.values.subarray(0, times.length),
      delta: deltas.values.subarray(0, times.length),
    };
  }

  /** Above 0: forward packets take longer than their neighbours that run back. Neighbours in time, so that neither drift nor a step counts. */
  private voteOfNeighbours(): number {
    const forward = this.times[0].length;
    const time = joined(this.times);
    const delta = joined(this.deltas);
    const order = sortedOrder(time);
    let vote = 0;
    for (let i = 1; i < time.length; i += 1) {
      const [own, before] = [order[i], order[i - 1]];
      const isForward = own < forward;
      if (isForward === before < forward) continue;
      vote += (isForward ? 1 : -1) * Math.sign(delta[own] - delta[before]);
    }
    return vote;
  }
}

function joined([first, second]: readonly GrowableColumn<
  Float64Array<ArrayBuffer>
>[]): Float64Array {
  const all = new Float64Array(first.length + second.length);
  all.set(first.values.subarray(0, first.length));
  all.set(second.values.subarray(0, second.length), first.length);
  return all;
}

/**
 * The lowest sample of each stretch (side −1: the highest). Lines that lie below all of a stretch's samples, at any slope that a clock can have, lie below
 * the lowest of them; the others would bound them by no more than the slope times the stretch, which is some µs.
 */
class Extremes implements SampleColumns {
  readonly count = STRETCHES;
  readonly time = new Float64Array(STRETCHES);
  readonly delta = new Float64Array(STRETCHES);

  constructor(private readonly side: 1 | -1) {}

  clear(): void {
    this.delta.fill(Number.NaN);
  }

  take(stretch: number, time: number, delta: number): void {
    // Nothing is lower than what is not there.
    if ((delta - this.delta[stretch]) * this.side >= 0) return;
    this.time[stretch] = time;
    this.delta[stretch] = delta;
  }
}
