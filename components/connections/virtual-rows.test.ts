import { describe, expect, it } from 'vitest';
import { bodyHeight, MOST_PX, ROW_PX, rowsInView, scrollToRow } from './virtual-rows';

const VIEW = 240;

describe('rows in view', () => {
  it('are those under the view and a few beside it', () => {
    expect(rowsInView(1000, 0, VIEW)).toEqual({ first: 0, end: 22, topPx: 0 });
    expect(rowsInView(1000, 2400, VIEW)).toEqual({ first: 88, end: 122, topPx: 88 * ROW_PX });
    expect(rowsInView(3, 0, VIEW)).toEqual({ first: 0, end: 3, topPx: 0 });
    expect(rowsInView(0, 0, VIEW)).toEqual({ first: 0, end: 0, topPx: 0 });
  });

  it('a million rows fit under a bounded height, the first and the last can be reached', () => {
    const rows = 1_000_000;
    expect(bodyHeight(rows)).toBe(MOST_PX);
    expect(rowsInView(rows, 0, VIEW).first).toBe(0);
    const bottom = MOST_PX - VIEW;
    const last = rowsInView(rows, bottom, VIEW);
    expect(last.end).toBe(rows);
    // The last row ends where the body does.
    expect(last.topPx + (last.end - last.first) * ROW_PX).toBeCloseTo(MOST_PX, 0);
  });

  it.each([1000, 1_000_000])('of %i rows each can be scrolled to, from anywhere', (rows) => {
    for (const row of [0, 1, 17, 500, rows - 1])
      for (const from of [0, 1234, bodyHeight(rows) - VIEW]) {
        const top = scrollToRow(rows, row, from, VIEW);
        const { first, topPx } = rowsInView(rows, top, VIEW);
        const at = topPx + (row - first) * ROW_PX - top;
        expect(at).toBeGreaterThan(-0.5);
        expect(at + ROW_PX).toBeLessThan(VIEW + 0.5);
      }
  });

  it('of a million rows each is seen whole on the way up and down, where a scroll bar stands on whole px', () => {
    const rows = 1_000_000;
    for (const [start, step] of [
      [rows - 1, -1],
      [400_000, 1],
    ]) {
      let top = scrollToRow(rows, start, 0, VIEW);
      for (let row = start; Math.abs(row - start) < 200; row += step) {
        top = scrollToRow(rows, row, top, VIEW);
        expect(Number.isInteger(top)).toBe(true);
        const { first, topPx } = rowsInView(rows, top, VIEW);
        const at = topPx + (row - first) * ROW_PX - top;
        expect(at).toBeGreaterThan(-0.01);
        expect(at + ROW_PX).toBeLessThan(VIEW + 0.01);
      }
    }
  });

  it('a row in view moves nothing', () => {
    expect(scrollToRow(1000, 102, 2400, VIEW)).toBe(2400);
  });
});
