import { expect, it } from 'vitest';
import { clockLines } from './clock-lines';
import type { ClockSegment } from './connection';

const segment = (from: number, offsetNs: number, errorNs: number | null): ClockSegment => ({
  from: String(from),
  to: String(from + 10),
  epoch: '0',
  offsetNs,
  driftPpm: 0,
  errorNs,
});

it('tells a clock that stepped once as two lines, each with its best bound', () => {
  const known = [segment(10, 5e6, 40_000), segment(40, 15e6, 50_000)];
  const segments = [
    segment(0, 5e6, null),
    known[0],
    segment(20, 5e6, 10e6),
    segment(30, 15e6, 10e6),
    known[1],
  ];
  expect(clockLines(segments)).toEqual(known);
});

it('has no line for a clock of which nothing is known', () => {
  expect(clockLines([])).toEqual([]);
});
