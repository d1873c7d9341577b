// LINKTYPE_NFLOG (239): packets as netfilter logs them, in attributes of the writer's byte order (little-endian on all machines that write them).
import { STATUS_MALFORMED } from '../model/packet-status';
import { type DecodedFrame, NEXT_IPV4, NEXT_IPV6, NEXT_NONE, NEXT_PAYLOAD } from './decoded-frame';
import { type DescribeLayer, describeFields, type FieldSpec, makeLayer } from './field';

const HEADER_BYTES = 4;
const ATTRIBUTE_BYTES = 4;
/** NFULA_PAYLOAD. */
const PAYLOAD = 9;
const FAMILY_IPV4 = 2;
const FAMILY_IPV6 = 10;

const readPair = (bytes: Uint8Array, at: number): number => bytes[at] | (bytes[at + 1] << 8);

/** Offset and length of the packet; undefined: none, or cut before it. */
function findPacket(
  bytes: Uint8Array,
  start: number,
  end: number,
): { readonly at: number; readonly length: number } | undefined {
  for (let at = start + HEADER_BYTES; end - at >= ATTRIBUTE_BYTES; ) {
    const length = readPair(bytes, at);
    if (length < ATTRIBUTE_BYTES) return undefined;
    if (readPair(bytes, at + 2) === PAYLOAD)
      return { at: at + ATTRIBUTE_BYTES, length: length - ATTRIBUTE_BYTES };
    at += (length + 3) & ~3;
  }
  return undefined;
}

export function decodeNflog(bytes: Uint8Array, frame: DecodedFrame): number {
  const start = frame.position;
  const packet = frame.end - start < HEADER_BYTES ? undefined : findPacket(bytes, start, frame.end);
  if (packet === undefined) {
    frame.status |= STATUS_MALFORMED;
    return NEXT_NONE;
  }
  frame.position = packet.at;
  frame.narrow(packet.at + packet.length);
  switch (bytes[start]) {
    case FAMILY_IPV4:
      return NEXT_IPV4;
    case FAMILY_IPV6:
      return NEXT_IPV6;
    default:
      return NEXT_PAYLOAD;
  }
}

const NFLOG_FIELDS: readonly FieldSpec[] = [
  { name: 'nflog.family', label: 'Family', at: 0, length: 1, value: (bytes, at) => `${bytes[at]}` },
  {
    name: 'nflog.version',
    label: 'Version',
    at: 1,
    length: 1,
    value: (bytes, at) => `${bytes[at]}`,
  },
];

export const describeNflog: DescribeLayer = (context) => {
  const packet = findPacket(context.bytes, context.start, context.end);
  return makeLayer(context, {
    name: 'nflog',
    title: 'NFLOG',
    summary: packet === undefined ? 'cut' : `packet of ${packet.length} bytes`,
    fields: describeFields(context, NFLOG_FIELDS),
    layerEnd: packet?.at ?? context.end,
  });
};
