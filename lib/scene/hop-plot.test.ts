import { describe, expect, it } from 'vitest';
import { LOG_BUCKETS, logBucket } from '../base/log-buckets';
import { latencyBars, latencyScale, nearestPoint } from './hop-plot';

describe('latencyScale', () => {
  it('stands long latencies high, in powers of ten', () => {
    const scale = latencyScale([1_000, Number.NaN, 10_000_000], 0, 120);
    if (scale === null) throw new Error('no scale');
    expect(scale.ticks).toEqual([1e3, 1e4, 1e5, 1e6, 1e7]);
    expect(scale.y(1e7)).toBeLessThan(10);
    expect(scale.y(1e3)).toBeGreaterThan(110);
    expect(scale.y(1e4) - scale.y(1e5)).toBeCloseTo(scale.y(1e5) - scale.y(1e6));
  });

  it('has finer ticks where the range is narrow, and none without a latency', () => {
    const narrow = latencyScale([20_000, 45_000], 0, 100);
    expect(narrow?.ticks.length).toBeGreaterThan(1);
    expect(latencyScale([Number.NaN], 0, 100)).toBeNull();
  });

  it('keeps what no clock could have measured at the foot', () => {
    const scale = latencyScale([-400, 5_000], 0, 100);
    expect(scale?.y(-400)).toBeLessThanOrEqual(100);
  });
});

describe('latencyBars', () => {
  it('has a bar for each bucket with packets, the fullest whole', () => {
    const buckets = new Uint32Array(LOG_BUCKETS);
    buckets[logBucket(1000)] = 3;
    buckets[logBucket(64_000)] = 6;
    const bars = latencyBars(buckets);
    expect(bars.map(({ packets, share }) => [packets, share])).toEqual([
      [3, 0.5],
      [6, 1],
    ]);
    expect(bars[1].from).toBeLessThanOrEqual(64_000);
    expect(bars[1].to).toBeGreaterThan(64_000);
  });
});

describe('nearestPoint', () => {
  it('finds what the pointer is at, and nothing far from all', () => {
    const [x, y] = [Float64Array.of(10, 50, 52), Float64Array.of(10, 20, 21)];
    expect(nearestPoint(x, y, { x: 52, y: 22 }, 8)).toBe(2);
    expect(nearestPoint(x, y, { x: 80, y: 80 }, 8)).toBeUndefined();
  });
});
