// Clocks that were set back while a capture ran: its frames, in the order they were written, begin again at an earlier time.
import type { CorrelationInput } from '../input/input';

/** Frames of several queues or interfaces are written a little out of order. */
const SLACK_NS = 2e6;
/** So many frames in a row that lie before one written earlier: the clock was set back. */
const PROOF_FRAMES = 16;
/** No queue holds frames back so long: fewer in a row are proof, for a quiet link may have no more until its clock has caught up. */
const CLEAR_NS = 50e6;
const CLEAR_FRAMES = 3;

export interface Folds {
  /** By capture: by how much its clock was set back in all, ns; that of later files of a series stands with the first. */
  readonly total: Float64Array;
  /** By capture: within how much its times may come twice, ns; Infinity where some frame lies farther before one written earlier than queues explain. */
  readonly disorder: Float64Array;
}

/** Yields 1 after each block. */
export function* findFolds({ captures }: CorrelationInput): Generator<number, Folds> {
  const total = new Float64Array(captures.length);
  const disorder = new Float64Array(captures.length).fill(SLACK_NS);
  for (const [index, { members, byHand }] of captures.entries()) {
    const order = new WrittenOrder();
    for (const member of members) {
      // Files that someone joined may have been written at the same time.
      if (byHand) order.beginAnew();
      const { table, baseDelta } = captures[member];
      for (let block = 0; block < table.blockCount; block += 1) {
        order.take(table.blockColumns(block).time, table.blockRows(block), baseDelta);
        yield 1;
      }
    }
    order.settle();
    total[index] = order.total;
    if (!order.isInOrder) disorder[index] = Number.POSITIVE_INFINITY;
  }
  return { total, disorder };
}

/** Times of one capture's frames, as they were written. */
class WrittenOrder {
  /** By how much the clock was set back in all. */
  total = 0;
  isInOrder = true;
  private highest = Number.NEGATIVE_INFINITY;
  /** The latest of the frames on end that lie before one written earlier, and how many they are. */
  private since = Number.NEGATIVE_INFINITY;
  private behind = 0;

  take(time: Float64Array, rows: number, baseDelta: number): void {
    for (let i = this.passInOrder(time, 0, rows, baseDelta); i < rows; ) {
      this.noteBehind(time[i] + baseDelta);
      i = this.passInOrder(time, i + 1, rows, baseDelta);
    }
  }

  /** What is behind at the end of what was written counts, too. */
  settle(): void {
    if (this.behind === 0) return;
    this.total += this.highest - this.since;
    this.highest = this.since;
    this.behind = 0;
  }

  beginAnew(): void {
    this.settle();
    this.highest = Number.NEGATIVE_INFINITY;
  }

  /** Takes the times from `from` on that are no earlier than queues explain; returns the place of the first that is. */
  private passInOrder(time: Float64Array, from: number, to: number, baseDelta: number): number {
    let { highest } = this;
    let i = from;
    for (; i < to; i += 1) {
      const own = time[i] + baseDelta;
      if (own < highest - SLACK_NS) break;
      if (own > highest) highest = own;
    }
    if (i > from) this.behind = 0;
    this.highest = highest;
    return i;
  }

  private noteBehind(own: number): void {
    this.isInOrder = false;
    this.since = this.behind === 0 ? own : Math.max(this.since, own);
    this.behind += 1;
    const isClear = this.behind >= CLEAR_FRAMES && this.highest - this.since > CLEAR_NS;
    if (this.behind === PROOF_FRAMES || isClear) this.settle();
  }
}
