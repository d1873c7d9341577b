import { expect, test } from 'vitest';
import { stepAt, stepsOf } from './steps';

const ENDS = { read: 0.5, sort: 0.6, write: 1 };

function* job(...own: number[]): Generator<number, string> {
  yield* own;
  return 'done';
}

const rounded = (progress: Iterable<number>): number[] =>
  Array.from(progress, (value) => Math.round(value * 1000) / 1000);

test('a step moves the whole by its share, and by no more', () => {
  const step = stepsOf(ENDS);
  expect(rounded(step('read', job(0.5)))).toEqual([0, 0.25, 0.5]);
  expect(rounded(step('sort', job(0.5, 1, 7)))).toEqual([0.5, 0.55, 0.6, 0.6, 0.6]);
  expect(rounded(step('write', job()))).toEqual([0.6, 1]);
});

test('what a step gives comes through', () => {
  const steps = stepsOf(ENDS)('read', job());
  steps.next();
  expect(steps.next()).toEqual({ done: false, value: 0.5 });
  expect(steps.next()).toEqual({ done: true, value: 'done' });
});

test('from the progress the step can be told, from its beginning to its end', () => {
  const step = stepsOf(ENDS);
  const told = (name: keyof typeof ENDS, own: number) =>
    [...step(name, job(own))].map((progress) => stepAt(ENDS, progress)[0]);
  expect(told('sort', 0)).toEqual(['sort', 'sort', 'sort']);
  expect(told('write', 1)).toEqual(['write', 'write', 'write']);
  expect(stepAt(ENDS, 0.25)).toEqual(['read', 0.5]);
});
