// Shares of many values against the same values sorted.
import { expect, it } from 'vitest';
import { seededRandom } from '../testing/seeded-random';
import { Distribution } from './distribution';

const SHARES = [0, 0.01, 0.5, 0.99, 1];

function draw(count: number, seed: number): number[] {
  const random = seededRandom(seed);
  // Latencies of a few microseconds to seconds, some below zero as clocks leave them.
  return Array.from({ length: count }, () =>
    Math.round(random() < 0.1 ? -random() * 5000 : 10 ** (3 + random() * 6)),
  );
}

const told = (values: readonly number[]): Distribution => {
  const distribution = new Distribution();
  for (const value of values) distribution.add(value);
  return distribution;
};

it('tells shares exactly while there are few', () => {
  const values = draw(5000, 1);
  const sorted = [...values].sort((a, b) => a - b);
  const distribution = told(values);
  for (const share of SHARES)
    expect(distribution.quantile(share)).toBe(sorted[Math.floor((values.length - 1) * share)]);
});

it('tells shares of all of many to half a percent, merged or not, the ends exactly', () => {
  const values = draw(150_000, 2);
  const sorted = [...values].sort((a, b) => a - b);
  const merged = told(values.slice(0, 40_000));
  merged.merge(told(values.slice(40_000, 50_000)));
  merged.merge(told(values.slice(50_000)));
  for (const distribution of [told(values), merged]) {
    expect([distribution.count, distribution.min, distribution.max]).toEqual([
      values.length,
      sorted[0],
      sorted[sorted.length - 1],
    ]);
    for (const share of SHARES) {
      const exact = sorted[Math.floor((values.length - 1) * share)];
      expect(Math.abs(distribution.quantile(share) - exact)).toBeLessThanOrEqual(
        Math.abs(exact) * 0.006,
      );
    }
  }
});
