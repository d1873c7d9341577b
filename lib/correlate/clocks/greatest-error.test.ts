// The greatest error of many differences, against asking for each of them.
import { expect, it } from 'vitest';
import { seededRandom } from '../../testing/seeded-random';
import type { CorrelationInput } from '../input/input';
import { boundAt } from './clock-bounds';
import { type ClockLine, ClockModel, type SolvedHost, STEADY } from './clocks';
import { GreatestError } from './greatest-error';

const bowl = (epoch: number): ClockLine['bounds'] => [
  {
    epoch,
    lines: [
      { offset: 400, slope: 0.5 },
      { offset: 500, slope: -0.25 },
    ],
  },
];

const line = (from: number, bounds: ClockLine['bounds']): ClockLine => ({
  ...STEADY,
  from,
  bounds,
});

/** Captures of four hosts: the reference, one bound by a bowl, one that has three lines, one that nothing bounds; a fifth capture shares the first's host. */
function model(): ClockModel {
  const host = (captures: number[], state: SolvedHost['state'], segments: ClockLine[]) => ({
    captures,
    main: new Set(captures),
    state,
    samples: 9,
    segments,
  });
  const input = {
    captures: [0, 7, 0, 0, 3].map((baseDelta, lead) => ({ baseDelta, lead })),
  } as unknown as CorrelationInput;
  const hosts = [
    host([0, 4], 'reference', [STEADY]),
    host([1], 'solved', [line(Number.NEGATIVE_INFINITY, bowl(500))]),
    host([2], 'solved', [
      line(Number.NEGATIVE_INFINITY, bowl(100)),
      line(300, bowl(450)),
      line(700, bowl(900)),
    ]),
    host([3], 'one-way', [STEADY]),
  ];
  const apart = new Float64Array(25);
  apart[4] = apart[20] = 30;
  return new ClockModel(input, hosts, { clockOf: [0, 1, 2, 3, 0], hostOf: [0, 1, 2, 3, 0], apart });
}

it.each([
  [0, 1],
  [1, 0],
  [0, 2],
  [1, 2],
  [2, 4],
  [0, 4],
  [0, 3],
])('is the greatest of all, captures %i and %i', (a, b) => {
  const clocks = model();
  for (let seed = 1; seed <= 20; seed += 1) {
    const random = seededRandom(seed);
    const greatest = new GreatestError(clocks);
    let expected: number | null = 0;
    for (let n = 0; n < 40; n += 1) {
      // Half of them of the fifth capture, as if a file of a series followed the first.
      const first = a === 0 && n % 2 === 1 && b !== 4 ? 4 : a;
      const timeA = Math.floor(random() * 1000);
      const timeB = timeA + Math.floor(random() * 20);
      greatest.add(first, timeA, b, timeB);
      const error = clocks.errorAt(first, timeA, b, timeB);
      expected = error === null || expected === null ? null : Math.max(expected, error);
    }
    expect(greatest.error).toBe(expected);
  }
});

it('is told from bounds that differ from moment to moment', () => {
  expect(boundAt(bowl(500)[0], 0)).not.toBe(boundAt(bowl(500)[0], 500));
});
