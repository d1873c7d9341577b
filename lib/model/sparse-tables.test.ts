import { expect, it } from 'vitest';
import { createSparseTables, finishSparseTables, SparseTable } from './sparse-tables';

it('finds the rows of a frame over the blocks they came in', () => {
  const block = createSparseTables();
  for (const value of [17, 1449, 2897, 17, 4345, 5793, 90, 1, 2]) block.sackBlocks.push(value);
  const { sackBlocks: rows } = finishSparseTables(block);
  const table = new SparseTable('sackBlocks');
  table.take(rows, 0);
  table.take(rows, 65_536);
  expect(table.length).toBe(6);
  expect(table.find(16)).toBe(-1);
  expect(table.find(17)).toBe(0);
  expect(table.get(1, 'left')).toBe(4345);
  expect(table.find(65_536 + 90)).toBe(5);
  expect(table.get(5, 'row')).toBe(65_626);
  expect(table.first(65_627)).toBe(6);
});
