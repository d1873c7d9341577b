import fc from 'fast-check';
import { expect, it } from 'vitest';
import { sortNumbers } from './radix-sort';

it('sorts as the platform does, few and many numbers, small and of all 32 bits', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: 3000 }),
      fc.constantFrom(0, 1, 5, 12, 24, 32),
      fc.integer(),
      (count, bits, seed) => {
        let state = seed >>> 0;
        const values = Uint32Array.from({ length: count }, () => {
          state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
          return bits === 0 ? 0 : state >>> (32 - bits);
        });
        const expected = values.slice().sort();
        // More scratch than it needs, with something in it.
        sortNumbers(values, new Uint32Array(count + 7).fill(9));
        expect(values).toEqual(expected);
      },
    ),
  );
});
