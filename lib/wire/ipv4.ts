// IPv4 (RFC 791).
import {
  STATUS_DONT_FRAGMENT,
  STATUS_FRAGMENT,
  STATUS_IPV4,
  STATUS_LATER_FRAGMENT,
  STATUS_MALFORMED,
} from '../model/packet-status';
import { uint16 } from './bytes';
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

export const IPV4_BYTES = 20;

export function decodeIpv4(bytes: Uint8Array, frame: DecodedFrame): number {
  const at = frame.position;
  if (frame.end - at < IPV4_BYTES) return decodeCutHeader(bytes, frame);
  const headerBytes = (bytes[at] & 0x0f) * 4;
  if (bytes[at] >>> 4 !== 4 || headerBytes < IPV4_BYTES) {
    frame.status |= STATUS_MALFORMED;
    return NEXT_NONE;
  }
  const totalLength = uint16(bytes, at + 2);
  if (totalLength !== 0 && totalLength < headerBytes) {
    frame.status |= STATUS_MALFORMED;
    return NEXT_NONE;
  }
  const fragment = uint16(bytes, at + 6);
  const protocol = bytes[at + 9];
  frame.version = 4;
  frame.family = 4;
  frame.source = at + 12;
  frame.destination = at + 16;
  frame.protocol = protocol;
  frame.headerProtocol = protocol;
  frame.ipId = uint16(bytes, at + 4);
  frame.ttl = bytes[at + 8];
  frame.tos = bytes[at + 1];
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
  frame.source = at + 12;
  if (available >= 6) {
    frame.ipId = uint16(bytes, at + 4);
    frame.fields |= FIELD_IP_ID;
  }
  if (available >= 9) {
    frame.ttl = bytes[at + 8];
    frame.fields |= FIELD_IP_TTL;
  }
  if (available >= 10) {
    frame.headerProtocol = bytes[at + 9];
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
    at: 1,
    length: 1,
    value: showHex8,
    children: [
      { name: 'ip.dsfield.dscp', label: 'DSCP', at: 1, length: 1, value: showDscp },
      { name: 'ip.dsfield.ecn', label: 'ECN', at: 1, length: 1, value: showEcn },
    ],
  },
  { name: 'ip.len', label: 'Total length', at: 2, length: 2, value: showUint16 },
  { name: 'ip.id', label: 'Identification', at: 4, length: 2, value: showHex16 },
  {
    name: 'ip.flags',
    label: 'Flags',
    at: 6,
    length: 1,
    value: showBits(0xe0, 5),
    children: [
      { name: 'ip.flags.rb', label: 'Reserved', at: 6, length: 1, value: showBit(0x80) },
      { name: 'ip.flags.df', label: "Don't fragment", at: 6, length: 1, value: showBit(0x40) },
      { name: 'ip.flags.mf', label: 'More fragments', at: 6, length: 1, value: showBit(0x20) },
    ],
  },
  {
    name: 'ip.frag_offset',
    label: 'Fragment offset',
    at: 6,
    length: 2,
    value: (bytes, at) => `${(uint16(bytes, at) & 0x1fff) * 8}`,
  },
  { name: 'ip.ttl', label: 'Time to live', at: 8, length: 1, value: showUint8 },
  {
    name: 'ip.proto',
    label: 'Protocol',
    at: 9,
    length: 1,
    value: (bytes, at) => formatIpProtocol(bytes[at]),
  },
  { name: 'ip.checksum', label: 'Header checksum', at: 10, length: 2, value: showHex16 },
  { name: 'ip.src', label: 'Source', at: 12, length: 4, value: showIpv4 },
  { name: 'ip.dst', label: 'Destination', at: 16, length: 4, value: showIpv4 },
];

export const describeIpv4: DescribeLayer = (context) => {
  const { bytes, start, end } = context;
  const headerBytes = end > start ? Math.max(IPV4_BYTES, (bytes[start] & 0x0f) * 4) : IPV4_BYTES;
  const fields = describeFields(context, IPV4_FIELDS);
  const optionBytes = headerBytes - IPV4_BYTES;
  if (optionBytes > 0 && start + headerBytes <= end)
    fields.push({
      name: 'ip.options',
      label: 'Options',
      value: `${optionBytes} bytes`,
      start: start + IPV4_BYTES,
      length: optionBytes,
    });
  return makeLayer(context, {
    name: 'ip',
    title: 'IPv4',
    summary:
      end - start >= IPV4_BYTES
        ? `${showIpv4(bytes, start + 12)} → ${showIpv4(bytes, start + 16)}, TTL ${bytes[start + 8]}`
        : 'cut',
    fields,
    layerEnd: start + headerBytes,
  });
};
