import { expect, it } from 'vitest';
import { countImpossible, residualSpan } from './residual-scale';

const residuals = {
  time: Float64Array.of(0, 1, 2, 3),
  residual: Float64Array.of(50_000, 60_000, -40_000, -900_000),
  arriving: Uint8Array.of(1, 1, 0, 0),
  impossible: 0,
};

it('counts what would arrive before it left, on either side', () => {
  expect(countImpossible(residuals, 0)).toBe(0);
  expect(countImpossible(residuals, 55_000)).toBe(1);
  expect(countImpossible(residuals, 70_000)).toBe(2);
  expect(countImpossible(residuals, -45_000)).toBe(1);
});

it('is as high as most samples need', () => {
  expect(residualSpan(residuals)).toBe(75_000);
  expect(residualSpan({ ...residuals, residual: Float64Array.of() })).toBe(1000);
});
