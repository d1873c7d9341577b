// Which rows of a long table are in view. Browsers bound an element's height (Firefox at 17.9 million px): beyond MOST_PX the scroll bar stands for more
// rows than its length has room for, and rows are placed by the share scrolled.

export const ROW_PX = 24;
/** The head, with the line under it. */
export const HEAD_PX = ROW_PX + 1;
export const MOST_PX = 15_000_000;
/** Rows drawn beyond the view on either side. */
const OVERSCAN = 12;

export interface RowWindow {
  /** Rows first … end − 1 are drawn. */
  readonly first: number;
  readonly end: number;
  /** Where row `first` stands in the table's body, px. */
  readonly topPx: number;
}

export const bodyHeight = (rows: number): number => Math.min(rows * ROW_PX, MOST_PX);

/** Px of rows above the view, for a scroll position of the body. */
function offsetOf(rows: number, scrollTop: number, viewPx: number): number {
  const real = rows * ROW_PX - viewPx;
  const drawn = bodyHeight(rows) - viewPx;
  return real <= drawn || drawn <= 0 ? scrollTop : (scrollTop / drawn) * real;
}

/** `viewPx`: height of the view below the head. */
export function rowsInView(rows: number, scrollTop: number, viewPx: number): RowWindow {
  const offset = offsetOf(rows, scrollTop, viewPx);
  const first = Math.max(0, Math.floor(offset / ROW_PX) - OVERSCAN);
  const end = Math.min(rows, Math.ceil((offset + viewPx) / ROW_PX) + OVERSCAN);
  return { first, end: Math.max(first, end), topPx: first * ROW_PX - offset + scrollTop };
}

/** The scroll position that shows `row` whole with the least movement. */
export function scrollToRow(rows: number, row: number, scrollTop: number, viewPx: number): number {
  const offset = offsetOf(rows, scrollTop, viewPx);
  const least = (row + 1) * ROW_PX - viewPx;
  const wanted = Math.max(Math.min(offset, row * ROW_PX), least, 0);
  if (wanted === offset) return scrollTop;
  const real = rows * ROW_PX - viewPx;
  const drawn = bodyHeight(rows) - viewPx;
  if (real <= drawn || real <= 0) return wanted;
  // A scroll bar stands on whole px, each of which is more than one of the rows: to the side on which the row is seen whole.
  const top = (wanted / real) * drawn;
  return wanted < offset ? Math.floor(top) : Math.ceil(top);
}
