// Tables of one capture in their written form, `hoplane.tables/1`: what a parser handed to the engine, to hand it over again without the capture.
//
// Records: length of the head (u32), length of the data (u32), the head as JSON, the data. Little-endian, as every machine that has a browser is. The first
// record names schema and columns, the last one holds the capture's summary: without it the file is cut. Columns are written as long as the block has rows.
import type { ColumnBuffer } from '../base/columns';
import { failure, type Result, success } from '../base/result';
import type { CaptureSummary, LinkContext } from '../model/capture';
import {
  BLOCK_BYTES,
  BLOCK_ROWS,
  PACKET_COLUMNS,
  viewPacketColumns,
} from '../model/packet-columns';
import type { ParsedBlock } from '../model/parsed-block';
import { SPARSE_NAMES, SPARSE_TABLES, type SparseRows } from '../model/sparse-tables';
import type { ByteSource } from '../read/byte-source';

const SCHEMA = 'hoplane.tables/1';
const COLUMN_NAMES = Object.keys(PACKET_COLUMNS) as (keyof typeof PACKET_COLUMNS)[];
/** A head is some lines of JSON, data a block's columns and what was interned: more than this is damage. */
const MOST_HEAD = 64 << 20;
const MOST_DATA = 16 * BLOCK_BYTES;

/** Tables written by other columns than today's are read from the capture anew. */
const LAYOUT = [
  BLOCK_ROWS,
  ...COLUMN_NAMES.map((name) => `${name} ${PACKET_COLUMNS[name].name}`),
  ...SPARSE_NAMES.map((name) => {
    const { array, columns } = SPARSE_TABLES[name];
    return `${name} ${array.name} ${columns.join(' ')}`;
  }),
].join('; ');

type Head =
  | { readonly type: 'tables'; readonly schema: string; readonly layout: string }
  | {
      readonly type: 'block';
      readonly rows: number;
      readonly links: readonly LinkContext[];
      readonly texts: ParsedBlock['texts'];
      /** Bytes of each part of the data. */
      readonly parts: readonly number[];
    }
  | { readonly type: 'summary'; readonly summary: CaptureSummary };

type Part = Float64Array | Uint32Array | Uint16Array | Uint8Array;

/** The parts of a block's data, in order. */
function partsOf({ rows, buffer, checkpoints, addresses, tuples, sparse }: ParsedBlock): Part[] {
  const columns = viewPacketColumns(buffer);
  return [
    ...COLUMN_NAMES.map((name): Part => columns[name].subarray(0, rows)),
    checkpoints,
    addresses,
    tuples,
    ...SPARSE_NAMES.map((name): Part => sparse[name]),
  ];
}

function writeRecord(head: Head, parts: readonly Part[] = []): Uint8Array<ArrayBuffer> {
  const json = new TextEncoder().encode(JSON.stringify(head));
  const dataBytes = parts.reduce((sum, { byteLength }) => sum + byteLength, 0);
  const record = new Uint8Array(8 + json.length + dataBytes);
  const view = new DataView(record.buffer);
  view.setUint32(0, json.length, true);
  view.setUint32(4, dataBytes, true);
  record.set(json, 8);
  let at = 8 + json.length;
  for (const part of parts) {
    record.set(new Uint8Array(part.buffer, part.byteOffset, part.byteLength), at);
    at += part.byteLength;
  }
  return record;
}

export const writeTablesHead = (): Uint8Array<ArrayBuffer> =>
  writeRecord({ type: 'tables', schema: SCHEMA, layout: LAYOUT });

/** Before the block is given away. */
export function writeTablesBlock(block: ParsedBlock): Uint8Array<ArrayBuffer> {
  const parts = partsOf(block);
  const { rows, links, texts } = block;
  return writeRecord(
    { type: 'block', rows, links, texts, parts: parts.map(({ byteLength }) => byteLength) },
    parts,
  );
}

export const writeTablesSummary = (summary: CaptureSummary): Uint8Array<ArrayBuffer> =>
  writeRecord({ type: 'summary', summary });

/** Hands over the blocks as they were; fails with the reason where the file is cut, damaged or of another version. */
export async function readTables(
  source: ByteSource,
  allocate: () => ColumnBuffer,
  take: (block: ParsedBlock, bytesRead: number) => void,
): Promise<Result<CaptureSummary, string>> {
  let offset = 0;
  for (let first = true; ; first = false) {
    const record = await readRecord(source, offset);
    if (record === null) return failure('the tables that were kept are cut or damaged');
    const { head, data } = record;
    offset += record.bytes;
    if (first !== (head.type === 'tables')) return failure('the tables that were kept are damaged');
    if (head.type === 'tables' && (head.schema !== SCHEMA || head.layout !== LAYOUT))
      return failure('the tables were kept by another version');
    if (head.type === 'summary') return success(head.summary);
    if (head.type !== 'block') continue;
    const block = readBlock(head, data, allocate());
    if (block === null) return failure('the tables that were kept are damaged');
    take(block, offset);
  }
}

async function readRecord(source: ByteSource, offset: number) {
  const lengths = await source.read(offset, 8);
  if (lengths.length < 8) return null;
  const view = new DataView(lengths.buffer, lengths.byteOffset, 8);
  const [headBytes, dataBytes] = [view.getUint32(0, true), view.getUint32(4, true)];
  if (headBytes > MOST_HEAD || dataBytes > MOST_DATA) return null;
  const body = await source.read(offset + 8, headBytes + dataBytes);
  if (body.length < headBytes + dataBytes) return null;
  try {
    const head = JSON.parse(new TextDecoder().decode(body.subarray(0, headBytes))) as Head;
    return { head, data: body.subarray(headBytes), bytes: 8 + headBytes + dataBytes };
  } catch {
    return null;
  }
}

function readBlock(
  { rows, links, texts, parts }: Extract<Head, { type: 'block' }>,
  data: Uint8Array,
  buffer: ColumnBuffer,
): ParsedBlock | null {
  const sum = parts.reduce((total, bytes) => total + bytes, 0);
  const count = COLUMN_NAMES.length + 3 + SPARSE_NAMES.length;
  if (sum !== data.length || parts.length !== count || rows > BLOCK_ROWS) return null;
  let at = 0;
  let part = 0;
  /** A copy of the next part: the parts of a record are not aligned. */
  const next = (): ArrayBuffer => {
    const bytes = data.slice(at, at + parts[part]);
    at += parts[part++];
    return bytes.buffer as ArrayBuffer;
  };
  const columns = viewPacketColumns(buffer);
  for (const name of COLUMN_NAMES) {
    const ArrayType = PACKET_COLUMNS[name];
    if (parts[part] !== rows * ArrayType.BYTES_PER_ELEMENT) return null;
    columns[name].set(new ArrayType(next()));
  }
  if (parts[part] % 8 !== 0 || parts[part + 2] % 4 !== 0) return null;
  const checkpoints = new Float64Array(next());
  const addresses = new Uint8Array(next());
  const tuples = new Uint32Array(next());
  const sparse: Record<string, unknown> = {};
  for (const name of SPARSE_NAMES) {
    const { array: ArrayType } = SPARSE_TABLES[name];
    if (parts[part] % ArrayType.BYTES_PER_ELEMENT !== 0) return null;
    sparse[name] = new ArrayType(next());
  }
  return {
    rows,
    buffer,
    checkpoints,
    addresses,
    tuples,
    sparse: sparse as unknown as SparseRows,
    links,
    texts,
  };
}
