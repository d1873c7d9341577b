// What a parser hands to the engine for up to BLOCK_ROWS frames: columns in one buffer, and what was interned since the block before.
import type { ColumnBuffer } from '../base/columns';
import type { LinkContext } from './capture';
import type { SparseRows } from './sparse-tables';

/** Numbers of a tuple in `ParsedBlock.tuples`: protocol, address of the first end, its port, address of the second end, its port. */
export const TUPLE_STRIDE = 5;
/** Bytes of an address in `ParsedBlock.addresses`: 4 or 6, then 16 bytes (IPv4 in the first four). */
export const ADDRESS_STRIDE = 17;

export interface ParsedBlock {
  readonly rows: number;
  /** BLOCK_BYTES bytes, viewed by `viewPacketColumns`. Tuples are the parser's own: the engine writes its own numbers over them. */
  readonly buffer: ColumnBuffer;
  /** File offset of the record of every CHECKPOINT_ROWS-th row. */
  readonly checkpoints: Float64Array<ArrayBuffer>;
  /** What only some frames have (lib/model/sparse-tables.ts). */
  readonly sparse: SparseRows;
  /** Addresses interned since the block before, in order of their numbers. */
  readonly addresses: Uint8Array<ArrayBuffer>;
  /** Tuples interned since the block before, in order of their numbers. Ends are ordered by address bytes, then port. */
  readonly tuples: Uint32Array<ArrayBuffer>;
  readonly links: readonly LinkContext[];
  /** Texts of hints interned since the block before, in order of their numbers. */
  readonly texts: readonly string[];
}
