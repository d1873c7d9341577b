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
    let highest = Number.NEGATIVE_INFINITY;
    let since = Number.NEGATIVE_INFINITY;
    let behind = 0;
    const settle = (): void => {
      total[index] += highest - since;
      highest = since;
    };
    for (const member of members) {
      // Files that someone joined may have been written at the same time.
      if (byHand) {
        if (behind > 0) settle();
        highest = Number.NEGATIVE_INFINITY;
        behind = 0;
      }
      const { table, baseDelta } = captures[member];
      for (let block = 0; block < table.blockCount; block += 1) {
        const { time } = table.blockColumns(block);
        const rows = table.blockRows(block);
        for (let i = 0; i < rows; i += 1) {
          const own = time[i] + baseDelta;
          if (own >= highest - SLACK_NS) {
            if (own > highest) highest = own;
            behind = 0;
            continue;
          }
          disorder[index] = Number.POSITIVE_INFINITY;
          since = behind === 0 ? own : Math.max(since, own);
          behind += 1;
          const isClear = behind >= CLEAR_FRAMES && highest - since > CLEAR_NS;
          if (behind === PROOF_FRAMES || isClear) {
            settle();
            behind = 0;
          }
        }
        yield 1;
      }
    }
    if (behind > 0) settle();
  }
  return { total, disorder };
}
