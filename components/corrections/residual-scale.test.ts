import { expect, it } from 'vitest';
import { findImpossible, residualSpan } from './residual-scale';

const residuals = {
  time: Float64Array.of(0, 1, 2, 3),
  residual: Float64Array.of(50_000, 60_000, -40_000, -900_000),
  arriving: Uint8Array.of(1, 1, 0, 0),
  impossible: 0,
  jitterNs: 20_000,
};

it('counts what would arrive before it left, on either side', () => {
  expect(findImpossible(residuals, 0)).toEqual({ count: 0, mostNs: 0 });
  expect(findImpossible(residuals, 55_000)).toEqual({ count: 1, mostNs: 5000 });
  expect(findImpossible(residuals, 70_000)).toEqual({ count: 2, mostNs: 20_000 });
  expect(findImpossible(residuals, -45_000)).toEqual({ count: 1, mostNs: 5000 });
});

it('is as high as most samples need', () => {
  expect(residualSpan(residuals)).toBe(75_000);
  expect(residualSpan({ ...residuals, residual: Float64Array.of() })).toBe(1000);
});
