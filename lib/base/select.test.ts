import { expect, it } from 'vitest';
import { seededRandom } from '../testing/seeded-random';
import { selectAt } from './select';

it('finds what sorting would bring to a place, and leaves the rest alone', () => {
  const random = seededRandom(3);
  for (const spread of [1, 4, 1e6])
    for (const count of [1, 2, 3, 5, 8, 33, 64]) {
      const values = Float64Array.from({ length: count + 4 }, () =>
        Math.floor((random() - 0.5) * spread),
      );
      const [from, to] = [2, count + 2];
      const sorted = values.slice(from, to).sort();
      for (const place of [from, (from + to) >> 1, to - 1]) {
        const own = values.slice();
        expect(selectAt(own, from, to, place)).toBe(sorted[place - from]);
        expect([...own.slice(0, from), ...own.slice(to)]).toEqual([
          ...values.slice(0, from),
          ...values.slice(to),
        ]);
      }
    }
});
