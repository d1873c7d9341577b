import { describe, expect, it } from 'vitest';
import { LOG_BUCKETS, logBucket } from '../base/log-buckets';
import { histogramAxis, histogramBars } from './hop-histogram';

const bucketsOf = (...latencies: readonly number[]) => {
  const buckets = new Uint32Array(LOG_BUCKETS);
  for (const ns of latencies) buckets[logBucket(ns)] += 1;
  return buckets;
};

describe('histograms of hops', () => {
  it('stand on one axis: the slow hop right of the fast one', () => {
    const fast = bucketsOf(1000, 1000, 1000, 1000, 2000);
    const slow = bucketsOf(1e6, 1e6);
    const axis = histogramAxis([fast, slow]);
    if (axis === null) throw new Error('no axis');
    const [left, right] = [fast, slow].map((buckets) => [...histogramBars(buckets, axis, 12)]);
    expect(left.slice(0, 2)).toEqual([1, 0.5]);
    expect(left.slice(2).every((height) => height === 0)).toBe(true);
    expect(right.findIndex((height) => height > 0)).toBe(11);
    expect(right[11]).toBe(1);
  });

  it('put what took no time at all, or less, into the first bar', () => {
    const buckets = bucketsOf(-20, 0, 3, 1000);
    const axis = histogramAxis([buckets]);
    if (axis === null) throw new Error('no axis');
    const bars = histogramBars(buckets, axis, 10);
    expect(bars[0]).toBe(1);
    expect(bars[9]).toBeCloseTo(Math.sqrt(1 / 3));
    expect(histogramAxis([bucketsOf(0)])).not.toBeNull();
  });

  it('are none where no latency is known', () => {
    expect(histogramAxis([bucketsOf()])).toBeNull();
    expect(histogramAxis([])).toBeNull();
  });
});
