// Where a global row lies: its capture, the block of columns that holds it, and its place in there. Rows that follow each other cost a comparison.
import { BLOCK_ROWS, type PacketColumns } from '../../model/packet-columns';
import type { CorrelationCapture, CorrelationInput } from './input';

/** Its fields are those of the row that was sought last. */
export class RowCursor {
  capture = 0;
  source!: CorrelationCapture;
  columns!: PacketColumns;
  /** Global rows of the block: `[from, end)`. */
  end = 0;
  private from = 0;

  constructor(private readonly input: CorrelationInput) {}

  /** Index of the row in `columns`, which are those of its block from then on. */
  seek(globalRow: number): number {
    if (globalRow < this.from || globalRow >= this.end) this.turn(globalRow);
    return globalRow - this.from;
  }

  /** Row within its capture of an index in `columns`. */
  rowAt(index: number): number {
    return this.from + index - this.input.rowBase[this.capture];
  }

  /** Point that saw the row of an index in `columns`. */
  pointAt(index: number): number {
    return this.source.pointOfLink[this.columns.link[index]];
  }

  private turn(globalRow: number): void {
    const { rowBase, captures } = this.input;
    if (globalRow < rowBase[this.capture]) this.capture = 0;
    while (globalRow >= rowBase[this.capture + 1]) this.capture += 1;
    this.source = captures[this.capture];
    const base = rowBase[this.capture];
    const { table } = this.source;
    const row = globalRow - base;
    this.columns = table.columnsOf(row);
    this.from = globalRow - table.indexInBlock(row);
    this.end = Math.min(this.from + BLOCK_ROWS, rowBase[this.capture + 1]);
  }
}
