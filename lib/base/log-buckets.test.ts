import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LOG_BUCKETS, logBucket, logBucketStart, logQuantile } from './log-buckets';

describe('log buckets', () => {
  it('hold each duration between their start and that of the next', () => {
    fc.assert(
      fc.property(fc.double({ min: 1, max: 2 ** 43, noNaN: true }), (ns) => {
        const bucket = logBucket(ns);
        expect(ns * (1 + 1e-9)).toBeGreaterThanOrEqual(logBucketStart(bucket));
        expect(ns * (1 - 1e-9)).toBeLessThan(logBucketStart(bucket + 1));
      }),
    );
    expect([logBucket(-5), logBucket(0.5), logBucket(1e18)]).toEqual([0, 0, LOG_BUCKETS - 1]);
  });

  it('give quantiles to 5 %', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 1, max: 1e9 }), { minLength: 1 }),
        fc.constantFrom(0, 0.5, 0.99, 1),
        (values, q) => {
          const counts = new Uint32Array(2 * LOG_BUCKETS);
          for (const ns of values) counts[LOG_BUCKETS + logBucket(ns)] += 1;
          const truth = values.sort((a, b) => a - b)[Math.floor((values.length - 1) * q)];
          const told = logQuantile(counts, q, LOG_BUCKETS);
          expect(Math.abs(told / truth - 1)).toBeLessThan(0.05);
          expect(logQuantile(counts, q)).toBeNaN();
        },
      ),
    );
  });
});
