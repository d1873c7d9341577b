import { describe, expect, it } from 'vitest';
import {
  formatBytes,
  formatCompact,
  formatCount,
  formatPercent,
  formatQuantity,
  formatTimeLeft,
} from './format-number';

describe('numbers for people', () => {
  it('separates thousands', () => {
    expect(formatCount(1_108)).toBe('1,108');
  });

  it('says one of a thing in the singular', () => {
    expect([0, 1, 2].map((count) => formatQuantity(count, 'file'))).toEqual([
      '0 files',
      '1 file',
      '2 files',
    ]);
  });

  it('gives sizes three digits and never four before the unit', () => {
    expect(
      [0, 461, 999, 1000, 25_571, 99_940, 999_499, 999_500, 1_803_402].map(formatBytes),
    ).toEqual([
      '0 B',
      '461 B',
      '999 B',
      '1.00 kB',
      '25.6 kB',
      '99.9 kB',
      '999 kB',
      '1.00 MB',
      '1.80 MB',
    ]);
  });

  it('shortens rates', () => {
    expect([42, 9_949, 310_200, 8_200_000].map(formatCompact)).toEqual([
      '42',
      '9,949',
      '310 k',
      '8.2 M',
    ]);
  });

  it('does not say 100 % before it is done', () => {
    expect([0.999, 1].map(formatPercent)).toEqual(['99 %', '100 %']);
  });

  it('gives the time left in the unit that fits', () => {
    expect([0.4, 12.1, 89, 91, 3599, 7500].map(formatTimeLeft)).toEqual([
      'under 1 s',
      '13 s',
      '89 s',
      '2 min',
      '1 h 0 min',
      '2 h 5 min',
    ]);
  });
});
