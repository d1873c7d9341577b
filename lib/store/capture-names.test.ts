import { describe, expect, it } from 'vitest';
import { describeOpen } from './capture-names';

describe('files that were given once more', () => {
  it.each([
    [['a'], 'a is already open: nothing was added.'],
    [['a', 'b'], 'a and b are already open: nothing was added.'],
    [['a', 'b', 'c', 'd', 'e'], 'a, b, c and 2 more are already open: nothing was added.'],
  ])('%j', (names, words) => {
    expect(describeOpen(names)).toBe(words);
  });
});
