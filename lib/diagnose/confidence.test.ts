import { expect, it } from 'vitest';
import { weigh } from './confidence';

it('adds what holds, and names only that', () => {
  expect(
    weigh(0.7, 'a reset', [
      [true, 0.15, 'seen twice'],
      [false, -0.3, 'one side only'],
      [true, -0.05, 'a clock is off'],
      [true, 0, 'both sides seen'],
    ]),
  ).toEqual({
    confidence: 0.8,
    grounds: [
      { text: 'a reset', speaks: 'for' },
      { text: 'seen twice', speaks: 'for' },
      { text: 'a clock is off', speaks: 'against' },
      { text: 'both sides seen', speaks: 'for' },
    ],
  });
});

it('is never certain and never nothing', () => {
  expect(weigh(0.97, 'x', [[true, 0.5, 'y']]).confidence).toBe(0.99);
  expect(weigh(0.2, 'x', [[true, -0.5, 'y']]).confidence).toBe(0.05);
});
