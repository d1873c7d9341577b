import { expect, it } from 'vitest';
import { IntakeRemarks } from './intake-remarks';

it('one remark does not hide another, none is said twice, and many are counted', () => {
  const remarks = new IntakeRemarks();
  expect(remarks.add('2 files of the folder are no captures and were left aside.')).toBe(
    '2 files of the folder are no captures and were left aside.',
  );
  const both =
    '2 files of the folder are no captures and were left aside. a.zip: 1 file was left aside: x.';
  expect(remarks.add('a.zip: 1 file was left aside: x')).toBe(both);
  expect(remarks.add('a.zip: 1 file was left aside: x')).toBe(both);
  remarks.add('b.zip: 1');
  expect(remarks.add('c.zip: 1')).toBe(`${both} b.zip: 1. And 1 more remark of this kind.`);
  expect(remarks.add('d.zip: 1')).toBe(`${both} b.zip: 1. And 2 more remarks of this kind.`);
  remarks.clear();
  expect(remarks.add('e.zip: 1')).toBe('e.zip: 1.');
});
