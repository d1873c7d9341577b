// The packet table: one row a frame of one capture, built in blocks of 64k rows, written once, then read.
//
// Row r of a capture is frame r + 1; rows are in file order, so `time` is nearly but not surely sorted. Example:
//   row  time(ns)  tuple  link  tcpFlags  sequence    acknowledgement  payloadLength
//   0    0         12     0     SYN       1750650374  0                0
//   1    228000    13     1     SYN|ACK   2835703864  1750650375       0
// Values that do not fit (lengths from 65,535 bytes on) stand in the block's sparse `overflow` table.
import { bytesPerRow, type ColumnBuffer, type ColumnsOf, viewColumns } from '../base/columns';

/** Rows of a full block. */
export const BLOCK_ROWS = 65_536;
/** A file offset is kept for every so many rows. */
export const CHECKPOINT_ROWS = 64;
/** No tuple: not IP and not ARP, or not decodable so far. */
export const NO_TUPLE = 0xffff_ffff;
/** The length stands in the overflow table. */
export const LENGTH_OVERFLOW = 0xffff;
/** The payload digest covers this many first bytes of payload. */
export const DIGEST_BYTES = 64;

export const PACKET_COLUMNS = {
  /** Nanoseconds after the capture's base time. */
  time: Float64Array,
  /**
   * Directed tuple: index in the tuple table × 2, plus 1 when the frame runs from its second end to its first. NO_TUPLE: none.
   * A later IP fragment has its datagram's, an ICMP error one that no other conversation's errors have (engine/conversation-tuples.ts).
   */
  tuple: Uint32Array,
  /** TCP sequence number, raw. ICMP echo: identifier × 65536 + sequence. UDP to or from port 53: the DNS id. Else 0. */
  sequence: Uint32Array,
  /** TCP acknowledgement number, raw; 0 without ACK flag only if the header says so. */
  acknowledgement: Uint32Array,
  /** TCP timestamp option (RFC 7323): TSval; 0 unless STATUS_TIMESTAMPS. */
  timestampValue: Uint32Array,
  /** TSecr; 0 unless STATUS_TIMESTAMPS. */
  timestampEcho: Uint32Array,
  /** Digest of the first DIGEST_BYTES bytes of payload; 0: no payload, or not all of those bytes captured (STATUS_PAYLOAD_CUT). */
  payloadDigest: Uint32Array,
  /** TCP analysis bits of lib/model/tcp-analysis.ts; 0 until lib/tcp ran. */
  analysis: Uint32Array,
  /** Captured bytes of the frame. */
  capturedLength: Uint16Array,
  /** Bytes of the frame on the wire. */
  wireLength: Uint16Array,
  /** Index in the capture's table of link contexts. */
  link: Uint16Array,
  /** IPv4 identification; 0 for IPv6 without fragment header (then its low 16 bits). */
  ipId: Uint16Array,
  /** TCP: flag bits. ICMP: type × 256 + code. ARP: operation. */
  flags: Uint16Array,
  /** TCP window field, unscaled. */
  window: Uint16Array,
  /** TCP, UDP: bytes of payload by the IP length (by the wire length where that is 0). ICMP: bytes after the 8-byte header. */
  payloadLength: Uint16Array,
  /** Bits of lib/model/packet-status.ts. */
  status: Uint16Array,
  /** IPv4 TTL, IPv6 hop limit. */
  ttl: Uint8Array,
  /** IPv4 TOS, IPv6 traffic class. */
  tos: Uint8Array,
} as const;

export type PacketColumns = ColumnsOf<typeof PACKET_COLUMNS>;

/** Bytes of a block's one buffer. */
export const BLOCK_BYTES = bytesPerRow(PACKET_COLUMNS) * BLOCK_ROWS;

/** Views over a block's buffer of BLOCK_BYTES bytes. */
export const viewPacketColumns = (buffer: ColumnBuffer): PacketColumns =>
  viewColumns(PACKET_COLUMNS, buffer, BLOCK_ROWS);
