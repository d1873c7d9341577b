import { describe, expect, it } from 'vitest';
import {
  initialLayouts,
  moveColumn,
  placeColumn,
  placeColumns,
  readLayouts,
  resizeColumn,
  shownColumns,
  tableWidth,
  toggleColumn,
} from './table-layout';

const { panel, page } = initialLayouts();

describe('the layout of the table', () => {
  it('shows few columns beside the picture, and across the page all but how it was closed, which is chosen', () => {
    expect(shownColumns(panel)).toEqual([
      'state',
      'client',
      'server',
      'packets',
      'lost',
      'activity',
    ]);
    expect(shownColumns(page)).toEqual(page.order.filter((id) => id !== 'close'));
  });

  it('hides, shows and moves columns', () => {
    expect(shownColumns(toggleColumn(panel, 'lost'))).not.toContain('lost');
    expect(toggleColumn(toggleColumn(panel, 'lost'), 'lost')).toEqual(panel);
    expect(shownColumns(moveColumn(panel, 'packets', -1)).slice(0, 4)).toEqual([
      'state',
      'client',
      'packets',
      'server',
    ]);
    expect(shownColumns(moveColumn(panel, 'server', 1)).slice(1, 4)).toEqual([
      'client',
      'packets',
      'server',
    ]);
    expect(moveColumn(panel, 'state', -1)).toEqual(panel);
    expect(shownColumns(placeColumn(panel, 'activity', 'client')).slice(0, 3)).toEqual([
      'state',
      'activity',
      'client',
    ]);
  });

  it('keeps at least one column', () => {
    const one = panel.order.reduce(toggleColumn, { ...panel, hidden: [] });
    expect(shownColumns(one)).toHaveLength(1);
  });

  it('lets endpoints share the room, but never less than their own width', () => {
    const widthIn = (room: number, id: string) =>
      placeColumns(panel, room).find((column) => column.id === id)?.widthPx;
    expect(widthIn(400, 'client')).toBe(widthIn(400, 'server'));
    expect(tableWidth(placeColumns(panel, 400))).toBeLessThanOrEqual(400);
    expect(tableWidth(placeColumns(panel, 400))).toBeGreaterThan(398);
    expect(widthIn(100, 'client')).toBe(72);
    expect(tableWidth(placeColumns(panel, 100))).toBeGreaterThan(100);
  });

  it.each([1280, 1440, 1600, 1920])(
    'has all columns of the page within %i px, findings among them',
    (room) => {
      const columns = placeColumns(page, room);
      expect(tableWidth(columns)).toBeLessThanOrEqual(room);
      expect(columns.at(-1)).toMatchObject({ id: 'findings' });
      expect(columns.at(-1)?.widthPx).toBeGreaterThanOrEqual(130);
    },
  );

  it('keeps a width that was set, within bounds', () => {
    const set = resizeColumn(panel, 'client', 133.4);
    expect(placeColumns(set, 2000)[1]).toEqual({ id: 'client', widthPx: 133 });
    expect(resizeColumn(panel, 'client', 1).widths.client).toBe(24);
  });

  it('comes back as it was kept, and as at first from anything else', () => {
    const kept = { panel: resizeColumn(moveColumn(panel, 'lost', -1), 'lost', 50), page };
    expect(readLayouts(JSON.stringify(kept))).toEqual(kept);
    for (const text of [null, '', '{', '{"panel":{}}', '{"panel":{"order":["x"]}}'])
      expect(readLayouts(text)).toEqual({ panel, page });
  });

  it('shows a column that a kept layout does not know where it would stand at first', () => {
    const old = { ...page, order: page.order.filter((id) => id !== 'bytes'), hidden: [] };
    const read = readLayouts(JSON.stringify({ panel: old, page: old }));
    expect(read.page.order.at(-1)).toBe('bytes');
    expect(read.panel.hidden).toEqual(['bytes']);
  });
});
