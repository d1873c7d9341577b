// The packets of one capture, block by block, as the engine holds them; rows are frames in file order (row r is frame r + 1).
// Columns are read by block for loops (`columnsOf`), or by row through the small accessors.
import type { Hint } from './hint';
import {
  BLOCK_ROWS,
  CHECKPOINT_ROWS,
  LENGTH_OVERFLOW,
  type PacketColumns,
  viewPacketColumns,
} from './packet-columns';
import type { ParsedBlock } from './parsed-block';
import {
  createSparseTables,
  HINT_KINDS,
  SPARSE_NAMES,
  type SparseColumn,
  type SparseTables,
} from './sparse-tables';

const BLOCK_SHIFT = 16;
const BLOCK_MASK = BLOCK_ROWS - 1;

/** SynOptions.windowScale of a SYN without that option. */
export const NO_WINDOW_SCALE = 0xffff;
/** Windows are shifted by no more bits, whatever the option says (RFC 7323, 2.3). */
export const MOST_WINDOW_SHIFT = 14;

export interface SynOptions {
  /** 0: none. */
  readonly mss: number;
  /** NO_WINDOW_SCALE: none. */
  readonly windowScale: number;
  readonly sackPermitted: boolean;
}

const NO_SYN_OPTIONS: SynOptions = { mss: 0, windowScale: NO_WINDOW_SCALE, sackPermitted: false };

export class PacketTable {
  rows = 0;
  private readonly blocks: PacketColumns[] = [];
  private readonly checkpoints: Float64Array[] = [];
  /** What only some frames have. */
  readonly sparse: SparseTables = createSparseTables();

  /** Texts that hints refer to. */
  readonly texts: string[] = [];

  /** Takes a block as it is; every block but the last is full. Its tuples are numbers of the engine's table by now. */
  take(block: ParsedBlock): void {
    const base = this.rows;
    this.blocks.push(viewPacketColumns(block.buffer));
    this.checkpoints.push(block.checkpoints);
    const settled = this.sparse.settledFragments.length;
    for (const name of SPARSE_NAMES) this.sparse[name].take(block.sparse[name], base);
    this.settleFragments(settled);
    for (const text of block.texts) this.texts.push(text);
    this.rows += block.rows;
  }

  /** Fragments of earlier blocks get the ports of first ones that came with the block at hand. */
  private settleFragments(from: number): void {
    const { fragments, settledFragments } = this.sparse;
    for (let at = from; at < settledFragments.length; at += 1)
      fragments.set(
        settledFragments.get(at, 'position'),
        'tuple',
        settledFragments.get(at, 'tuple'),
      );
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
    return length === LENGTH_OVERFLOW ? this.longLength('captured', row) : length;
  }

  wireLength(row: number): number {
    const length = this.get('wireLength', row);
    return length === LENGTH_OVERFLOW ? this.longLength('wire', row) : length;
  }

  payloadLength(row: number): number {
    const length = this.get('payloadLength', row);
    return length === LENGTH_OVERFLOW ? this.longLength('payload', row) : length;
  }

  /** MSS, window scale and SACK permitted of a SYN. */
  synOptionsOf(row: number): SynOptions {
    const { synOptions } = this.sparse;
    const at = synOptions.find(row);
    if (at < 0) return NO_SYN_OPTIONS;
    return {
      mss: synOptions.get(at, 'mss'),
      windowScale: synOptions.get(at, 'windowScale'),
      sackPermitted: synOptions.get(at, 'sackPermitted') !== 0,
    };
  }

  /** What the frame's payload says of its conversation; undefined for most. */
  hintOf(row: number): Hint | undefined {
    const { hints } = this.sparse;
    const at = hints.find(row);
    if (at < 0) return undefined;
    return {
      kind: HINT_KINDS[hints.get(at, 'kind')],
      text: this.texts[hints.get(at, 'text')],
      number: hints.get(at, 'number'),
    };
  }

  /** SACK edges [left, right, left, right …] of the frame; empty where it has none. */
  sackEdgesOf(row: number): readonly number[] {
    const { sackBlocks } = this.sparse;
    const edges: number[] = [];
    for (
      let at = sackBlocks.first(row);
      at < sackBlocks.length && sackBlocks.get(at, 'row') === row;
      at += 1
    )
      edges.push(sackBlocks.get(at, 'left'), sackBlocks.get(at, 'right'));
    return edges;
  }

  /** File offset of the nearest record at or before `row`, and that record's row. */
  checkpointBefore(row: number): { readonly row: number; readonly offset: number } {
    const first = row - (row % CHECKPOINT_ROWS);
    const offsets = this.checkpoints[row >>> BLOCK_SHIFT];
    return { row: first, offset: offsets[(first & BLOCK_MASK) / CHECKPOINT_ROWS] };
  }

  private longLength(column: SparseColumn<'overflow'>, row: number): number {
    const { overflow } = this.sparse;
    const at = overflow.find(row);
    return at < 0 ? LENGTH_OVERFLOW : overflow.get(at, column);
  }
}
