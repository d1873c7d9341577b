// All frames of all captures, in slices that lie in one block of columns: what walks over every frame reads the columns' arrays, not row by row.
import { BLOCK_ROWS, type PacketColumns } from '../../model/packet-columns';
import type { CorrelationCapture, CorrelationInput } from './input';

/** Rows of a slice: a few milliseconds of work, between two yields. */
const SLICE_ROWS = BLOCK_ROWS / 2;

export interface RowSlice {
  readonly source: CorrelationCapture;
  readonly columns: PacketColumns;
  /** Indices in the columns: `[from, to)`. */
  readonly from: number;
  readonly to: number;
  /** Global row of index 0 of the columns, and its row within the capture. */
  readonly globalBase: number;
  readonly rowBase: number;
  /** Share of all rows that lies before its end. */
  readonly done: number;
}

export function* rowSlices(input: CorrelationInput): Generator<RowSlice> {
  for (const [capture, source] of input.captures.entries()) {
    const { table } = source;
    for (let row = 0; row < table.rows; row += SLICE_ROWS) {
      const from = table.indexInBlock(row);
      const to = Math.min(from + SLICE_ROWS, table.rows - row + from);
      const globalBase = input.rowBase[capture] + row - from;
      yield {
        source,
        columns: table.columnsOf(row),
        from,
        to,
        globalBase,
        rowBase: row - from,
        done: (globalBase + to) / input.totalRows,
      };
    }
  }
}
