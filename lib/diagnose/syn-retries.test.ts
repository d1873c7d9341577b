import { describe, expect, it } from 'vitest';
import { classifySynRetries } from './syn-retries';

const classify = (gaps: readonly number[], sequences?: readonly number[]) => {
  let time = 5e9;
  const times = [time, ...gaps.map((gap) => (time += gap * 1e9))];
  return classifySynRetries(times, sequences ?? times.map(() => 77)).class;
};

describe('classifySynRetries', () => {
  it('knows the doubling timer, late as kernels are', () => {
    expect(classify([1.027, 2.048, 4.034, 8.382])).toBe('exponential');
    expect(classify([1.003])).toBe('exponential');
  });

  it('knows the linear beginning of newer kernels', () => {
    expect(classify([1, 1, 1, 1, 1, 2, 4])).toBe('linear');
    expect(classify([1.02, 1.01])).toBe('linear');
  });

  it('tells an application that tries again, and what fits no timer', () => {
    expect(classify([1, 1], [5, 6, 7])).toBe('application');
    expect(classify([0.3, 0.3])).toBe('irregular');
    expect(classify([1, 3, 9])).toBe('irregular');
    expect(classify([])).toBe('none');
  });
});
