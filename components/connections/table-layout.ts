// Which columns the connection table shows, in which order and how wide: by default, or as the user set them. Kept in the browser, for each place of the table.
import * as v from 'valibot';
import { create } from 'zustand';
import { COLUMN_IDS, type ColumnId, columnOf, type TablePlace } from './columns';

export interface TableLayout {
  /** All columns in order. */
  readonly order: readonly ColumnId[];
  readonly hidden: readonly ColumnId[];
  /** Px, of columns whose width was set by hand. */
  readonly widths: Readonly<Partial<Record<ColumnId, number>>>;
}

export type TableLayouts = Readonly<Record<TablePlace, TableLayout>>;

const STORAGE = 'hoplane.connection-columns/1';
const LEAST_PX = 24;
const MOST_PX = 800;

const initialLayout = (place: TablePlace): TableLayout => ({
  order: COLUMN_IDS,
  hidden: COLUMN_IDS.filter((id) => !columnOf(id).shown.includes(place)),
  widths: {},
});

export const initialLayouts = (): TableLayouts => ({
  panel: initialLayout('panel'),
  page: initialLayout('page'),
});

const Columns = v.array(v.picklist(COLUMN_IDS));
const Layout = v.object({
  order: Columns,
  hidden: Columns,
  widths: v.record(v.string(), v.pipe(v.number(), v.minValue(LEAST_PX), v.maxValue(MOST_PX))),
});
const Layouts = v.object({ panel: Layout, page: Layout });

/** As it was written; columns that it does not know yet come last, as they are shown at first. What cannot be read gives the first layout. */
export function readLayouts(text: string | null): TableLayouts {
  let raw: unknown = null;
  try {
    raw = JSON.parse(text ?? 'null');
  } catch {
    // Not ours, or cut: as at first.
  }
  const read = v.safeParse(Layouts, raw);
  if (!read.success) return initialLayouts();
  return {
    panel: complete(read.output.panel, 'panel'),
    page: complete(read.output.page, 'page'),
  };
}

function complete(layout: TableLayout, place: TablePlace): TableLayout {
  const added = COLUMN_IDS.filter((id) => !layout.order.includes(id));
  return {
    ...layout,
    order: [...new Set(layout.order), ...added],
    hidden: [...layout.hidden, ...added.filter((id) => !columnOf(id).shown.includes(place))],
  };
}

export const shownColumns = ({ order, hidden }: TableLayout): readonly ColumnId[] =>
  order.filter((id) => !hidden.includes(id));

/** The last column shown cannot be hidden. */
export function toggleColumn(layout: TableLayout, id: ColumnId): TableLayout {
  const { hidden } = layout;
  if (hidden.includes(id)) return { ...layout, hidden: hidden.filter((one) => one !== id) };
  return shownColumns(layout).length === 1 ? layout : { ...layout, hidden: [...hidden, id] };
}

/** Puts `id` where `target` stands. */
export function placeColumn(layout: TableLayout, id: ColumnId, target: ColumnId): TableLayout {
  const to = layout.order.indexOf(target);
  const others = layout.order.filter((one) => one !== id);
  return { ...layout, order: [...others.slice(0, to), id, ...others.slice(to)] };
}

/** One place to the left or right among those shown. */
export function moveColumn(layout: TableLayout, id: ColumnId, step: -1 | 1): TableLayout {
  const shown = shownColumns(layout);
  const target = shown[shown.indexOf(id) + step];
  return target === undefined ? layout : placeColumn(layout, id, target);
}

export const resizeColumn = (layout: TableLayout, id: ColumnId, widthPx: number): TableLayout => ({
  ...layout,
  widths: {
    ...layout.widths,
    [id]: Math.round(Math.min(MOST_PX, Math.max(LEAST_PX, widthPx))),
  },
});

/** Between columns, and at the table's sides, px. */
const GAP_PX = 8;
const SIDE_PX = 12;

export interface PlacedColumn {
  readonly id: ColumnId;
  readonly widthPx: number;
}

/**
 * Widths in a table of `roomPx`: those that grow share what the others leave, each first up to what it asks for, then alike; none is narrower than its own.
 */
export function placeColumns(layout: TableLayout, roomPx: number): readonly PlacedColumn[] {
  const columns = shownColumns(layout).map((id) => {
    const { widthPx, growsTo } = columnOf(id);
    const own = layout.widths[id];
    const leastPx = own ?? widthPx;
    return { id, leastPx, wantedPx: own === undefined ? (growsTo ?? leastPx) : leastPx };
  });
  const growing = columns.filter(({ leastPx, wantedPx }) => wantedPx > leastPx);
  const taken =
    columns.reduce((sum, { leastPx }) => sum + leastPx, 0) +
    GAP_PX * (columns.length - 1) +
    2 * SIDE_PX;
  const left = Math.max(0, roomPx - taken);
  const wanted = growing.reduce((sum, { leastPx, wantedPx }) => sum + wantedPx - leastPx, 0);
  const part = wanted === 0 ? 0 : Math.min(1, left / wanted);
  const more = Math.floor(Math.max(0, left - wanted) / Math.max(1, growing.length));
  return columns.map(({ id, leastPx, wantedPx }) => {
    if (wantedPx <= leastPx) return { id, widthPx: leastPx };
    const grown = leastPx + Math.floor(part * (wantedPx - leastPx));
    return { id, widthPx: Math.max(grown, Math.min(GREATEST_SHARE_PX, grown + more)) };
  });
}

/** An IPv6 address with its port has room. */
const GREATEST_SHARE_PX = 330;

export const tableWidth = (columns: readonly PlacedColumn[]): number =>
  columns.reduce((sum, { widthPx }) => sum + widthPx, 0) +
  GAP_PX * (columns.length - 1) +
  2 * SIDE_PX;

const readStorage = (): TableLayouts => {
  try {
    return readLayouts(localStorage.getItem(STORAGE));
  } catch {
    return initialLayouts();
  }
};

export const useTableLayouts = create<TableLayouts>(readStorage);

export function setTableLayout(place: TablePlace, layout: TableLayout): void {
  useTableLayouts.setState({ [place]: layout });
  try {
    localStorage.setItem(STORAGE, JSON.stringify(useTableLayouts.getState()));
  } catch {
    // Storage is refused: the layout holds until the page is left.
  }
}

export const resetTableLayout = (place: TablePlace): void =>
  setTableLayout(place, initialLayout(place));
