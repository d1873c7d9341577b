// How a SYN was repeated: the kernel's timer, doubling from one second (or its linear beginning), or an application that tried again (ALGORITHMS B9).
import { NANOSECONDS_PER_SECOND } from '../base/time';
import { THRESHOLDS } from './thresholds';

export type RetryClass = 'none' | 'exponential' | 'linear' | 'application' | 'irregular';

export interface SynRetries {
  readonly class: RetryClass;
  /** Gaps between successive SYNs, ns. */
  readonly gaps: readonly number[];
}

/** Times in ns, ascending, one initial sequence number each. */
export function classifySynRetries(
  times: readonly number[],
  initialSequences: readonly number[],
): SynRetries {
  const gaps = times.slice(1).map((time, index) => time - times[index]);
  if (gaps.length === 0) return { class: 'none', gaps };
  if (initialSequences.some((sequence) => sequence !== initialSequences[0]))
    return { class: 'application', gaps };
  if (!isTimer(gaps[0], 1)) return { class: 'irregular', gaps };
  if (followsDoubling(gaps)) return { class: 'exponential', gaps };
  const linear = gaps.findIndex((gap) => !isTimer(gap, 1));
  const steady = linear < 0 ? gaps.length : linear;
  // The last gap of one second is the first of those that double.
  return steady <= THRESHOLDS.linearRetries + 1 && followsDoubling(gaps.slice(steady - 1))
    ? { class: 'linear', gaps }
    : { class: 'irregular', gaps };
}

/** A timer of so many seconds, which fires late rather than early. */
export const isTimer = (gap: number, seconds: number): boolean =>
  gap >= THRESHOLDS.timerEarly * seconds * NANOSECONDS_PER_SECOND &&
  gap <= THRESHOLDS.timerLate * seconds * NANOSECONDS_PER_SECOND;

const followsDoubling = (gaps: readonly number[]): boolean =>
  gaps.slice(1).every((gap, index) => {
    const ratio = gap / gaps[index];
    return ratio >= THRESHOLDS.doublingLow && ratio <= THRESHOLDS.doublingHigh;
  });
