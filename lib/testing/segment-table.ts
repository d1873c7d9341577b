// A packet table of one capture from TCP segments in memory, for tests of what works on columns alone.
import { BLOCK_BYTES, BLOCK_ROWS, viewPacketColumns } from '../model/packet-columns';
import { STATUS_IPV4, STATUS_TRANSPORT } from '../model/packet-status';
import { PacketTable } from '../model/packet-table';
import { createSparseTables, finishSparseTables } from '../model/sparse-tables';
import { TCP_SYN } from '../model/tcp-flags';
import type { RandomSegment } from './random-segments';

/** The table, and the rows of each conversation. At most BLOCK_ROWS segments. */
export function buildSegmentTable(segments: readonly RandomSegment[]): {
  readonly table: PacketTable;
  readonly legs: readonly Uint32Array[];
} {
  if (segments.length > BLOCK_ROWS) throw new RangeError('more segments than a block has rows');
  const buffer = new ArrayBuffer(BLOCK_BYTES);
  const columns = viewPacketColumns(buffer);
  const sparse = createSparseTables();
  const rows: number[][] = [];
  segments.forEach((segment, row) => {
    columns.time[row] = segment.time;
    columns.tuple[row] = segment.conversation * 2 + (segment.fromClient ? 0 : 1);
    columns.sequence[row] = segment.sequence;
    columns.acknowledgement[row] = segment.acknowledgement;
    columns.flags[row] = segment.flags;
    columns.window[row] = segment.window;
    columns.payloadLength[row] = segment.length;
    columns.status[row] = STATUS_IPV4 | STATUS_TRANSPORT;
    if (segment.flags & TCP_SYN)
      for (const value of [row, 0, segment.windowScale ?? 0xffff, 0]) sparse.synOptions.push(value);
    rows[segment.conversation] ??= [];
    rows[segment.conversation].push(row);
  });
  const table = new PacketTable();
  table.take({
    rows: segments.length,
    buffer,
    checkpoints: new Float64Array(1),
    sparse: finishSparseTables(sparse),
    addresses: new Uint8Array(0),
    tuples: new Uint32Array(0),
    links: [],
    texts: [],
  });
  return { table, legs: rows.map((leg) => Uint32Array.from(leg)) };
}
