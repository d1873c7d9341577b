// SCTP (RFC 9260): ports and verification tag for the columns, its chunks for the tree.
import { STATUS_MALFORMED, STATUS_TRANSPORT } from '../model/packet-status';
import type { ProtocolField } from '../model/protocol-tree';
import { uint16, uint32 } from './bytes';
import { describeCrc32c } from './checksum-field';
import { type DecodedFrame, FIELD_PORTS, NEXT_NONE } from './decoded-frame';
import {
  type DescribeLayer,
  describeFields,
  type FieldSpec,
  fieldAt,
  fieldsAt,
  makeLayer,
  named,
  showHex8,
  showHex32,
  showUint16,
  showUint32,
} from './field';

const SCTP_BYTES = 12;
const CHUNK_BYTES = 4;
/** Chunks of one packet that are listed: an honest packet of 64 kB holds no more that say anything. */
const MOST_CHUNKS = 256;
const CHECKSUM_AT = 8;

export function decodeSctp(bytes: Uint8Array, frame: DecodedFrame): number {
  const at = frame.position;
  if (frame.end - at < SCTP_BYTES) {
    frame.status |= STATUS_MALFORMED;
    return NEXT_NONE;
  }
  frame.sourcePort = uint16(bytes, at);
  frame.destinationPort = uint16(bytes, at + 2);
  frame.fields |= FIELD_PORTS;
  frame.status |= STATUS_TRANSPORT;
  frame.payload = at + SCTP_BYTES;
  frame.payloadLength = frame.wireEnd - frame.payload;
  return NEXT_NONE;
}

const HEADER_FIELDS: readonly FieldSpec[] = [
  { name: 'sctp.srcport', label: 'Source port', at: 0, length: 2, value: showUint16 },
  { name: 'sctp.dstport', label: 'Destination port', at: 2, length: 2, value: showUint16 },
  { name: 'sctp.verification_tag', label: 'Verification tag', at: 4, length: 4, value: showHex32 },
];

const CHUNK_NAMES: Readonly<Record<number, string>> = {
  0: 'DATA',
  1: 'INIT',
  2: 'INIT ACK',
  3: 'SACK',
  4: 'HEARTBEAT',
  5: 'HEARTBEAT ACK',
  6: 'ABORT',
  7: 'SHUTDOWN',
  8: 'SHUTDOWN ACK',
  9: 'ERROR',
  10: 'COOKIE ECHO',
  11: 'COOKIE ACK',
  12: 'ECNE',
  13: 'CWR',
  14: 'SHUTDOWN COMPLETE',
  15: 'AUTH',
  64: 'I-DATA',
  128: 'ASCONF-ACK',
  130: 'RE-CONFIG',
  132: 'PAD',
  192: 'FORWARD TSN',
  193: 'ASCONF',
  194: 'I-FORWARD-TSN',
};

const initFields = (name: string): readonly FieldSpec[] => [
  { name: `sctp.${name}_initiate_tag`, label: 'Initiate tag', at: 4, length: 4, value: showHex32 },
  { name: `sctp.${name}_credit`, label: 'Window', at: 8, length: 4, value: showUint32 },
  {
    name: `sctp.${name}_nr_out_streams`,
    label: 'Outbound streams',
    at: 12,
    length: 2,
    value: showUint16,
  },
  {
    name: `sctp.${name}_nr_in_streams`,
    label: 'Inbound streams',
    at: 14,
    length: 2,
    value: showUint16,
  },
  { name: `sctp.${name}_initial_tsn`, label: 'Initial TSN', at: 16, length: 4, value: showUint32 },
];

const CHUNK_FIELDS: Readonly<Record<number, readonly FieldSpec[]>> = {
  0: [
    { name: 'sctp.data_tsn_raw', label: 'TSN', at: 4, length: 4, value: showUint32 },
    { name: 'sctp.data_sid', label: 'Stream', at: 8, length: 2, value: showUint16 },
    {
      name: 'sctp.data_ssn',
      label: 'Sequence within the stream',
      at: 10,
      length: 2,
      value: showUint16,
    },
    {
      name: 'sctp.data_payload_proto_id',
      label: 'Payload protocol',
      at: 12,
      length: 4,
      value: showUint32,
    },
  ],
  1: initFields('init'),
  2: initFields('initack'),
  3: [
    {
      name: 'sctp.sack_cumulative_tsn_ack_raw',
      label: 'Cumulative TSN',
      at: 4,
      length: 4,
      value: showUint32,
    },
    { name: 'sctp.sack_a_rwnd', label: 'Window', at: 8, length: 4, value: showUint32 },
    {
      name: 'sctp.sack_number_of_gap_blocks',
      label: 'Gap blocks',
      at: 12,
      length: 2,
      value: showUint16,
    },
    {
      name: 'sctp.sack_number_of_duplicated_tsns',
      label: 'Duplicates',
      at: 14,
      length: 2,
      value: showUint16,
    },
  ],
  7: [
    {
      name: 'sctp.shutdown_cumulative_tsn_ack',
      label: 'Cumulative TSN',
      at: 4,
      length: 4,
      value: showUint32,
    },
  ],
};

const chunkName = (type: number): string => CHUNK_NAMES[type] ?? `chunk ${type}`;

export const describeSctp: DescribeLayer = (context) => {
  const { bytes, start, end, wireEnd, frame } = context;
  const isWhole = end - start >= SCTP_BYTES;
  const chunks = isWhole ? describeChunks(bytes, start + SCTP_BYTES, end) : [];
  return makeLayer(context, {
    name: 'sctp',
    title: 'SCTP',
    summary: isWhole
      ? `${frame.sourcePort} → ${frame.destinationPort} ${chunks.map(({ label }) => label).join(', ')}`.trim()
      : 'cut',
    fields: [
      ...describeFields(context, HEADER_FIELDS),
      ...describeCrc32c(context, {
        name: 'sctp',
        field: CHECKSUM_AT,
        length: wireEnd - start,
        isPseudo: false,
      }),
      ...chunks,
    ],
    layerEnd: chunks.length > 0 ? end : start + SCTP_BYTES,
  });
};

function describeChunks(bytes: Uint8Array, from: number, end: number): ProtocolField[] {
  const chunks: ProtocolField[] = [];
  for (let at = from; at + CHUNK_BYTES <= end && chunks.length < MOST_CHUNKS; ) {
    const type = bytes[at];
    const length = uint16(bytes, at + 2);
    const chunkEnd = Math.min(end, at + Math.max(CHUNK_BYTES, length));
    const children = [
      fieldAt('sctp.chunk_type', 'Type', named(CHUNK_NAMES, type), at, 1),
      fieldAt('sctp.chunk_flags', 'Flags', showHex8(bytes, at + 1), at + 1, 1),
      fieldAt('sctp.chunk_length', 'Length', `${length}`, at + 2, 2),
      ...fieldsAt(bytes, at, chunkEnd, CHUNK_FIELDS[type] ?? []),
      ...(type === 3 ? describeGaps(bytes, at, chunkEnd) : []),
    ];
    chunks.push(
      fieldAt(
        '',
        chunkName(type),
        summaryOf(bytes, type, at, chunkEnd, length),
        at,
        chunkEnd - at,
        children,
      ),
    );
    if (length < CHUNK_BYTES) break;
    at += (length + 3) & ~3;
  }
  return chunks;
}

function summaryOf(
  bytes: Uint8Array,
  type: number,
  at: number,
  end: number,
  length: number,
): string {
  if (type === 0 && at + 16 <= end)
    return `TSN ${uint32(bytes, at + 4)}, stream ${uint16(bytes, at + 8)}, ${Math.max(0, length - 16)} bytes`;
  if (type === 3 && at + 8 <= end) return `up to TSN ${uint32(bytes, at + 4)}`;
  return `${length} bytes`;
}

/** Blocks of a SACK, as offsets to its cumulative TSN. */
function describeGaps(bytes: Uint8Array, chunk: number, end: number): ProtocolField[] {
  const fields: ProtocolField[] = [];
  if (chunk + 16 > end) return fields;
  const gaps = uint16(bytes, chunk + 12);
  for (let i = 0, at = chunk + 16; i < gaps && at + 4 <= end; i += 1, at += 4)
    fields.push(
      fieldAt('sctp.sack_gap_block_start', 'Gap block from', `${uint16(bytes, at)}`, at, 2),
      fieldAt('sctp.sack_gap_block_end', 'Gap block to', `${uint16(bytes, at + 2)}`, at + 2, 2),
    );
  return fields;
}
