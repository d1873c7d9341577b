// The packets of one capture, block by block, as the engine holds them; rows are frames in file order (row r is frame r + 1).
// Columns are read by block for loops (`columnsOf`), or by row through the small accessors.
import {
  BLOCK_ROWS,
  CHECKPOINT_ROWS,
  LENGTH_OVERFLOW,
  type PacketColumns,
  viewPacketColumns,
} from './packet-columns';
import { OVERFLOW_STRIDE, type ParsedBlock, SACK_STRIDE, SYN_OPTIONS_STRIDE } from './parsed-block';

const BLOCK_SHIFT = 16;
const BLOCK_MASK = BLOCK_ROWS - 1;

export interface SynOptions {
  /** 0: none. */
  readonly mss: number;
  /** 0xffff: none. */
  readonly windowScale: number;
  readonly sackPermitted: boolean;
}

const NO_SYN_OPTIONS: SynOptions = { mss: 0, windowScale: 0xffff, sackPermitted: false };

export class PacketTable {
  rows = 0;
  private readonly blocks: PacketColumns[] = [];
  private readonly checkpoints: Float64Array[] = [];
  private readonly overflow = new Map<number, readonly [number, number, number]>();
  private readonly synOptions = new Map<number, SynOptions>();
  /** Flat [row, left, right] in row order. */
  private readonly sacks: number[] = [];

  /** Takes a block as it is; every block but the last is full. Its tuples are numbers of the engine's table by now. */
  take(block: ParsedBlock): void {
    const base = this.rows;
    this.blocks.push(viewPacketColumns(block.buffer));
    this.checkpoints.push(block.checkpoints);
    for (let i = 0; i < block.overflow.length; i += OVERFLOW_STRIDE) {
      const [row, captured, wire, payload] = block.overflow.subarray(i, i + OVERFLOW_STRIDE);
      this.overflow.set(base + row, [captured, wire, payload]);
    }
    for (let i = 0; i < block.synOptions.length; i += SYN_OPTIONS_STRIDE) {
      const [row, mss, windowScale, sackPermitted] = block.synOptions.subarray(
        i,
        i + SYN_OPTIONS_STRIDE,
      );
      this.synOptions.set(base + row, { mss, windowScale, sackPermitted: sackPermitted !== 0 });
    }
    for (let i = 0; i < block.sackBlocks.length; i += SACK_STRIDE)
      this.sacks.push(base + block.sackBlocks[i], block.sackBlocks[i + 1], block.sackBlocks[i + 2]);
    this.rows += block.rows;
  }

  get blockCount(): number {
    return this.blocks.length;
  }

  /** Columns of block `index`; its rows are index × 65536 … */
  blockColumns(index: number): PacketColumns {
    return this.blocks[index];
  }

  /** Rows in block `index`. */
  blockRows(index: number): number {
    return Math.min(BLOCK_ROWS, this.rows - index * BLOCK_ROWS);
  }

  /** Columns of the block that holds `row`; index them with `indexInBlock(row)`. */
  columnsOf(row: number): PacketColumns {
    return this.blocks[row >>> BLOCK_SHIFT];
  }

  indexInBlock(row: number): number {
    return row & BLOCK_MASK;
  }

  get(column: keyof PacketColumns, row: number): number {
    return this.blocks[row >>> BLOCK_SHIFT][column][row & BLOCK_MASK];
  }

  capturedLength(row: number): number {
    const length = this.get('capturedLength', row);
    return length === LENGTH_OVERFLOW ? (this.overflow.get(row)?.[0] ?? length) : length;
  }

  wireLength(row: number): number {
    const length = this.get('wireLength', row);
    return length === LENGTH_OVERFLOW ? (this.overflow.get(row)?.[1] ?? length) : length;
  }

  payloadLength(row: number): number {
    const length = this.get('payloadLength', row);
    return length === LENGTH_OVERFLOW ? (this.overflow.get(row)?.[2] ?? length) : length;
  }

  /** MSS, window scale and SACK permitted of a SYN. */
  synOptionsOf(row: number): SynOptions {
    return this.synOptions.get(row) ?? NO_SYN_OPTIONS;
  }

  /** SACK edges [left, right, left, right …] of the frame; empty where it has none. */
  sackEdgesOf(row: number): readonly number[] {
    let low = 0;
    let high = this.sacks.length / SACK_STRIDE;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.sacks[middle * SACK_STRIDE] < row) low = middle + 1;
      else high = middle;
    }
    const edges: number[] = [];
    for (
      let i = low * SACK_STRIDE;
      i < this.sacks.length && this.sacks[i] === row;
      i += SACK_STRIDE
    )
      edges.push(this.sacks[i + 1], this.sacks[i + 2]);
    return edges;
  }

  /** File offset of the nearest record at or before `row`, and that record's row. */
  checkpointBefore(row: number): { readonly row: number; readonly offset: number } {
    const first = row - (row % CHECKPOINT_ROWS);
    const offsets = this.checkpoints[row >>> BLOCK_SHIFT];
    return { row: first, offset: offsets[(first & BLOCK_MASK) / CHECKPOINT_ROWS] };
  }
}
