import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sortedOrder } from './sort-order';

describe('sortedOrder', () => {
  it('is the order of a stable sort', () => {
    const value = fc.oneof(
      fc.integer({ min: -3, max: 3 }),
      fc.double({ noNaN: true }),
      fc.constantFrom(-0, 0),
    );
    fc.assert(
      fc.property(fc.array(value), (values) => {
        const expected = values
          .map((_, i) => i)
          .sort((a, b) => {
            const [one, other] = [values[a], values[b]];
            return one < other ? -1 : one > other ? 1 : a - b;
          });
        expect([...sortedOrder(Float64Array.from(values))]).toEqual(expected);
      }),
    );
  });
});
