// IPv4 (RFC 791).
import {
  STATUS_DONT_FRAGMENT,
  STATUS_FRAGMENT,
  STATUS_IPV4,
  STATUS_LATER_FRAGMENT,
  STATUS_MALFORMED,
} from '../model/packet-status';
import { uint16 } from './bytes';
import { describeChecksum } from './checksum-field';
import {
  type DecodedFrame,
  FIELD_IP_ID,
  FIELD_IP_PROTOCOL,
  FIELD_IP_SOURCE,
  FIELD_IP_TTL,
  FIELDS_IP,
  NEXT_NONE,
  NEXT_PAYLOAD,
} from './decoded-frame';
import {
  type DescribeLayer,
  describeFields,
  type FieldSpec,
  fieldAt,
  makeLayer,
  showBit,
  showBits,
  showHex8,
  showHex16,
  showIpv4,
  showUint8,
  showUint16,
} from './field';
import { formatIpProtocol, nextOfProtocol } from './ip-protocol';
import { describeIpv4Options, isSourceRouted } from './ipv4-options';

export const IPV4_BYTES = 20;
// Places of the header's fields: the decoder and the tree's table read at the same.
const TOS_AT = 1;
const LENGTH_AT = 2;
const IDENT_AT = 4;
const FRAGMENT_AT = 6;
const TTL_AT = 8;
const PROTOCOL_AT = 9;
const CHECKSUM_AT = 10;
const SOURCE_AT = 12;
const DESTINATION_AT = 16;

export function decodeIpv4(bytes: Uint8Array, frame: DecodedFrame): number {
  const at = frame.position;
  if (frame.end - at < IPV4_BYTES) return decodeCutHeader(bytes, frame);
  const headerBytes = (bytes[at] & 0x0f) * 4;
  if (bytes[at] >>> 4 !== 4 || headerBytes < IPV4_BYTES) {
    frame.status |= STATUS_MALFORMED;
    return NEXT_NONE;
  }
  const totalLength = uint16(bytes, at + LENGTH_AT);
  if (totalLength !== 0 && totalLength < headerBytes) {
    frame.status |= STATUS_MALFORMED;
    return NEXT_NONE;
  }
  const fragment = uint16(bytes, at + FRAGMENT_AT);
  const protocol = bytes[at + PROTOCOL_AT];
  frame.version = 4;
  frame.family = 4;
  frame.source = at + SOURCE_AT;
  frame.destination = at + DESTINATION_AT;
  frame.protocol = protocol;
  frame.headerProtocol = protocol;
  frame.ipId = uint16(bytes, at + IDENT_AT);
  frame.ttl = bytes[at + TTL_AT];
  frame.tos = bytes[at + TOS_AT];
  frame.fields = FIELDS_IP;
  frame.status |= STATUS_IPV4;
  if (fragment & 0x4000) frame.status |= STATUS_DONT_FRAGMENT;
  // Total length 0: the card cuts the packet later (TSO), so the frame's own length holds.
  if (totalLength !== 0) {
    if (totalLength > frame.wireEnd - at) frame.status |= STATUS_MALFORMED;
    else {
      frame.wireEnd = at + totalLength;
      if (frame.end > frame.wireEnd) frame.end = frame.wireEnd;
    }
  }
  frame.position = at + headerBytes;
  if (frame.position > frame.end) {
    frame.status |= STATUS_MALFORMED;
    return NEXT_NONE;
  }
  if (headerBytes > IPV4_BYTES)
    frame.isRouted = isSourceRouted(bytes, at + IPV4_BYTES, frame.position);
  if ((fragment & 0x3fff) !== 0) {
    frame.status |= STATUS_FRAGMENT;
    frame.setFragment(frame.position, frame.ipId, (fragment & 0x1fff) * 8, (fragment >>> 13) & 1);
    if ((fragment & 0x1fff) !== 0) {
      frame.status |= STATUS_LATER_FRAGMENT;
      return NEXT_PAYLOAD;
    }
  }
  return nextOfProtocol(protocol);
}

/** A header that the capture cut: its fields so far, but no tuple. */
function decodeCutHeader(bytes: Uint8Array, frame: DecodedFrame): number {
  const at = frame.position;
  const available = frame.end - at;
  frame.status |= STATUS_MALFORMED;
  if (available < 1 || bytes[at] >>> 4 !== 4 || (bytes[at] & 0x0f) < 5) return NEXT_NONE;
  frame.version = 4;
  frame.source = at + SOURCE_AT;
  if (available >= 6) {
    frame.ipId = uint16(bytes, at + IDENT_AT);
    frame.fields |= FIELD_IP_ID;
  }
  if (available >= 9) {
    frame.ttl = bytes[at + TTL_AT];
    frame.fields |= FIELD_IP_TTL;
  }
  if (available >= 10) {
    frame.headerProtocol = bytes[at + PROTOCOL_AT];
    frame.fields |= FIELD_IP_PROTOCOL;
  }
  if (available >= 16) frame.fields |= FIELD_IP_SOURCE;
  return NEXT_NONE;
}

const ECN = ['not capable', 'capable (1)', 'capable (0)', 'congestion met'];
const showDscp = (bytes: Uint8Array, at: number): string => `${bytes[at] >>> 2}`;
const showEcn = (bytes: Uint8Array, at: number): string => ECN[bytes[at] & 3];

const IPV4_FIELDS: readonly FieldSpec[] = [
  { name: 'ip.version', label: 'Version', at: 0, length: 1, value: showBits(0xf0, 4) },
  {
    name: 'ip.hdr_len',
    label: 'Header length',
    at: 0,
    length: 1,
    value: (bytes, at) => `${(bytes[at] & 0x0f) * 4} bytes`,
  },
  {
    name: 'ip.dsfield',
    label: 'Differentiated services',
    at: TOS_AT,
    length: 1,
    value: showHex8,
    children: [
      { name: 'ip.dsfield.dscp', label: 'DSCP', at: TOS_AT, length: 1, value: showDscp },
      { name: 'ip.dsfield.ecn', label: 'ECN', at: TOS_AT, length: 1, value: showEcn },
    ],
  },
  { name: 'ip.len', label: 'Total length', at: LENGTH_AT, length: 2, value: showUint16 },
  { name: 'ip.id', label: 'Identification', at: IDENT_AT, length: 2, value: showHex16 },
  {
    name: 'ip.flags',
    label: 'Flags',
    at: FRAGMENT_AT,
    length: 1,
    value: showBits(0xe0, 5),
    children: [
      { name: 'ip.flags.rb', label: 'Reserved', at: FRAGMENT_AT, length: 1, value: showBit(0x80) },
      {
        name: 'ip.flags.df',
        label: "Don't fragment",
        at: FRAGMENT_AT,
        length: 1,
        value: showBit(0x40),
      },
      {
        name: 'ip.flags.mf',
        label: 'More fragments',
        at: FRAGMENT_AT,
        length: 1,
        value: showBit(0x20),
      },
    ],
  },
  {
    name: 'ip.frag_offset',
    label: 'Fragment offset',
    at: FRAGMENT_AT,
    length: 2,
    value: (bytes, at) => `${(uint16(bytes, at) & 0x1fff) * 8}`,
  },
  { name: 'ip.ttl', label: 'Time to live', at: TTL_AT, length: 1, value: showUint8 },
  {
    name: 'ip.proto',
    label: 'Protocol',
    at: PROTOCOL_AT,
    length: 1,
    value: (bytes, at) => formatIpProtocol(bytes[at]),
  },
];
const ADDRESS_FIELDS: readonly FieldSpec[] = [
  { name: 'ip.src', label: 'Source', at: SOURCE_AT, length: 4, value: showIpv4 },
  { name: 'ip.dst', label: 'Destination', at: DESTINATION_AT, length: 4, value: showIpv4 },
];

export const describeIpv4: DescribeLayer = (context) => {
  const { bytes, start, end } = context;
  const headerBytes = end > start ? Math.max(IPV4_BYTES, (bytes[start] & 0x0f) * 4) : IPV4_BYTES;
  const fields = describeFields(context, IPV4_FIELDS);
  const sum = { name: 'ip', label: 'Header checksum', field: CHECKSUM_AT, length: headerBytes };
  fields.push(
    ...describeChecksum(context, { ...sum, isPseudo: false }),
    ...describeFields(context, ADDRESS_FIELDS),
  );
  const optionsEnd = Math.min(end, start + headerBytes);
  const optionsAt = start + IPV4_BYTES;
  if (optionsEnd > optionsAt)
    fields.push(
      fieldAt(
        '',
        'Options',
        `${headerBytes - IPV4_BYTES} bytes`,
        optionsAt,
        optionsEnd - optionsAt,
        describeIpv4Options(bytes, optionsAt, optionsEnd),
      ),
    );
  return makeLayer(context, {
    name: 'ip',
    title: 'IPv4',
    summary:
      end - start >= IPV4_BYTES
        ? `${showIpv4(bytes, start + SOURCE_AT)} → ${showIpv4(bytes, start + DESTINATION_AT)}, TTL ${bytes[start + TTL_AT]}`
        : 'cut',
    fields,
    layerEnd: start + headerBytes,
  });
};
