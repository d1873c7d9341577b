// One frame of a capture that was read before: its bytes from the source, the rest from the columns.
import { absoluteNanoseconds } from '../base/time';
import type { CaptureSummary, LinkContext } from '../model/capture';
import type { PacketTable } from '../model/packet-table';
import type { ByteSource } from '../read/byte-source';
import { checkBytesOfFlags } from '../read/pcapng-notes';
import { readFrameBytes } from '../read/read-frame';

/** What is held of a capture; `links` are those of all its blocks, in order. */
export interface ReadCapture {
  readonly table: PacketTable;
  readonly links: readonly LinkContext[];
  readonly summary: CaptureSummary;
}

export interface FrameBytes {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly linkType: number;
  readonly wireLength: number;
  /** Of the frame on the wire, its check sequence at the end. */
  readonly checkBytes: number;
  /** Nanoseconds since 1970, decimal. */
  readonly timeNs: string;
}

/** pcapng's epb_flags; 0: none, or no more than a direction. */
export function packetFlagsOf({ sparse }: PacketTable, row: number): number {
  const at = sparse.packetFlags.find(row);
  return at < 0 ? 0 : sparse.packetFlags.get(at, 'flags');
}

/** Frame row + 1 of the capture; undefined where there is no such frame, or the source no longer holds what was read. `source` is decompressed. */
export async function readFrame(
  source: ByteSource,
  capture: ReadCapture,
  row: number,
): Promise<FrameBytes | undefined> {
  const { table, links, summary } = capture;
  if (!Number.isInteger(row) || row < 0 || row >= table.rows) return undefined;
  const checkpoint = table.checkpointBefore(row);
  const bytes = await readFrameBytes(source, checkpoint.offset, row - checkpoint.row);
  if (bytes === undefined || bytes.length < table.capturedLength(row)) return undefined;
  const described = summary.interfaces[links[table.get('link', row)].interface];
  const wireLength = table.wireLength(row);
  const flags = packetFlagsOf(table, row);
  return {
    bytes: bytes.slice(0, table.capturedLength(row)),
    linkType: described.linkType,
    wireLength,
    checkBytes: Math.min(
      wireLength,
      checkBytesOfFlags(flags) || (described.details?.checkBytes ?? 0),
    ),
    timeNs: absoluteNanoseconds(BigInt(summary.baseTime), table.get('time', row)),
  };
}
