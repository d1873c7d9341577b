// IPv6 (RFC 8200) and its extension headers: hop-by-hop, routing, fragment, destination options, authentication, mobility, HIP, shim6.
import {
  STATUS_FRAGMENT,
  STATUS_IPV6,
  STATUS_LATER_FRAGMENT,
  STATUS_MALFORMED,
} from '../model/packet-status';
import type { ProtocolField } from '../model/protocol-tree';
import { uint16, uint24, uint32 } from './bytes';
import {
  type DecodedFrame,
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
  hexText,
  type LayerContext,
  makeLayer,
  showIpv6,
  showUint8,
  showUint16,
  showUint32,
} from './field';
import { formatIpProtocol, nextOfProtocol } from './ip-protocol';

export const IPV6_BYTES = 40;
export const EXTENSION_FRAGMENT = 44;
export const EXTENSION_AUTHENTICATION = 51;
export const NO_NEXT_HEADER = 59;
const FRAGMENT_BYTES = 8;

/** Whether a next-header number names an extension header that another header can follow. */
export const isExtension = (nextHeader: number): boolean => {
  switch (nextHeader) {
    case 0:
    case 43:
    case EXTENSION_FRAGMENT:
    case EXTENSION_AUTHENTICATION:
    case 60:
    case 135:
    case 139:
    case 140:
      return true;
    default:
      return false;
  }
};

/** Bytes of the extension header at `at`, of which two bytes at least are there. */
export const extensionBytes = (bytes: Uint8Array, at: number, header: number): number =>
  header === EXTENSION_FRAGMENT
    ? FRAGMENT_BYTES
    : header === EXTENSION_AUTHENTICATION
      ? (bytes[at + 1] + 2) * 4
      : (bytes[at + 1] + 1) * 8;

export function decodeIpv6(bytes: Uint8Array, frame: DecodedFrame): number {
  const at = frame.position;
  if (frame.end - at < IPV6_BYTES || bytes[at] >>> 4 !== 6) return decodeCutHeader(bytes, frame);
  const payloadLength = uint16(bytes, at + 4);
  frame.version = 6;
  frame.family = 6;
  frame.source = at + 8;
  frame.destination = at + 24;
  frame.headerProtocol = bytes[at + 6];
  frame.ttl = bytes[at + 7];
  frame.tos = ((bytes[at] & 0x0f) << 4) | (bytes[at + 1] >>> 4);
  frame.fields = FIELDS_IP;
  frame.status |= STATUS_IPV6;
  // Payload length 0 with more to come is a jumbogram or TSO: the frame's own length holds.
  if (payloadLength !== 0) {
    const wireEnd = at + IPV6_BYTES + payloadLength;
    if (wireEnd > frame.wireEnd) frame.status |= STATUS_MALFORMED;
    else {
      frame.wireEnd = wireEnd;
      if (frame.end > wireEnd) frame.end = wireEnd;
    }
  }
  return decodeExtensions(bytes, frame, bytes[at + 6], at + IPV6_BYTES);
}

function decodeExtensions(
  bytes: Uint8Array,
  frame: DecodedFrame,
  firstHeader: number,
  first: number,
): number {
  let header = firstHeader;
  let at = first;
  while (isExtension(header)) {
    frame.protocol = header;
    frame.position = at;
    if (frame.end - at < FRAGMENT_BYTES) {
      frame.status |= STATUS_MALFORMED;
      return NEXT_NONE;
    }
    const length = extensionBytes(bytes, at, header);
    const isFragment = header === EXTENSION_FRAGMENT;
    header = bytes[at];
    if (isFragment) {
      const offset = uint16(bytes, at + 2);
      frame.ipId = uint16(bytes, at + 6);
      // An atomic fragment (offset 0, no more to come; RFC 6946) is a whole packet.
      if ((offset & 0xfff9) !== 0) {
        frame.status |= STATUS_FRAGMENT;
        frame.setFragment(at + length, uint32(bytes, at + 4), offset & 0xfff8, offset & 1);
      }
      if ((offset & 0xfff8) !== 0) {
        frame.status |= STATUS_LATER_FRAGMENT;
        frame.protocol = header;
        frame.position = at + length;
        return NEXT_PAYLOAD;
      }
    }
    at += length;
  }
  frame.protocol = header;
  frame.position = at;
  if (at > frame.end) {
    frame.status |= STATUS_MALFORMED;
    return NEXT_NONE;
  }
  return header === NO_NEXT_HEADER ? NEXT_PAYLOAD : nextOfProtocol(header);
}

/** A header that the capture cut: its fields so far, but no tuple. */
function decodeCutHeader(bytes: Uint8Array, frame: DecodedFrame): number {
  const at = frame.position;
  const available = frame.end - at;
  frame.status |= STATUS_MALFORMED;
  if (available < 1 || bytes[at] >>> 4 !== 6) return NEXT_NONE;
  frame.version = 6;
  frame.source = at + 8;
  if (available >= 7) {
    frame.headerProtocol = bytes[at + 6];
    frame.fields |= FIELD_IP_PROTOCOL;
  }
  if (available >= 8) {
    frame.ttl = bytes[at + 7];
    frame.fields |= FIELD_IP_TTL;
  }
  if (available >= 24) frame.fields |= FIELD_IP_SOURCE;
  return NEXT_NONE;
}

const trafficClass = (bytes: Uint8Array, at: number): number => (uint16(bytes, at) >>> 4) & 0xff;
const showNextHeader = (bytes: Uint8Array, at: number): string => formatIpProtocol(bytes[at]);

const IPV6_FIELDS: readonly FieldSpec[] = [
  { name: 'ipv6.version', label: 'Version', at: 0, length: 1, value: () => '6' },
  {
    name: 'ipv6.tclass',
    label: 'Traffic class',
    at: 0,
    length: 2,
    value: (bytes, at) => hexText(trafficClass(bytes, at), 2),
    children: [
      {
        name: 'ipv6.tclass.dscp',
        label: 'DSCP',
        at: 0,
        length: 2,
        value: (bytes, at) => `${trafficClass(bytes, at) >>> 2}`,
      },
      {
        name: 'ipv6.tclass.ecn',
        label: 'ECN',
        at: 0,
        length: 2,
        value: (bytes, at) => `${trafficClass(bytes, at) & 3}`,
      },
    ],
  },
  {
    name: 'ipv6.flow',
    label: 'Flow label',
    at: 1,
    length: 3,
    value: (bytes, at) => hexText(uint24(bytes, at) & 0xfffff, 5),
  },
  { name: 'ipv6.plen', label: 'Payload length', at: 4, length: 2, value: showUint16 },
  { name: 'ipv6.nxt', label: 'Next header', at: 6, length: 1, value: showNextHeader },
  { name: 'ipv6.hlim', label: 'Hop limit', at: 7, length: 1, value: showUint8 },
  { name: 'ipv6.src', label: 'Source', at: 8, length: 16, value: showIpv6 },
  { name: 'ipv6.dst', label: 'Destination', at: 24, length: 16, value: showIpv6 },
];

/** Wireshark's name and plain words of the extension headers. */
const EXTENSIONS: Readonly<Record<number, readonly [string, string]>> = {
  0: ['ipv6.hopopts', 'Hop-by-hop options'],
  43: ['ipv6.routing', 'Routing header'],
  [EXTENSION_FRAGMENT]: ['ipv6.fraghdr', 'Fragment header'],
  [EXTENSION_AUTHENTICATION]: ['ah', 'Authentication header'],
  60: ['ipv6.dstopts', 'Destination options'],
  135: ['mip6', 'Mobility header'],
  139: ['hip', 'Host identity header'],
  140: ['ipv6.shim6', 'Shim6 header'],
};

const FRAGMENT_FIELDS: readonly FieldSpec[] = [
  {
    name: 'ipv6.fraghdr.offset',
    label: 'Offset',
    at: 2,
    length: 2,
    value: (bytes, at) => `${uint16(bytes, at) & 0xfff8}`,
  },
  {
    name: 'ipv6.fraghdr.more',
    label: 'More fragments',
    at: 3,
    length: 1,
    value: (bytes, at) => (bytes[at] & 1 ? 'set' : 'not set'),
  },
  { name: 'ipv6.fraghdr.ident', label: 'Identification', at: 4, length: 4, value: showUint32 },
];

export const describeIpv6: DescribeLayer = (context) => {
  const { bytes, start, end, frame } = context;
  const whole = end - start >= IPV6_BYTES;
  return makeLayer(context, {
    name: 'ipv6',
    title: 'IPv6',
    summary: whole
      ? `${showIpv6(bytes, start + 8)} → ${showIpv6(bytes, start + 24)}, hop limit ${bytes[start + 7]}`
      : 'cut',
    fields: [
      ...describeFields(context, IPV6_FIELDS),
      ...(frame.family === 6 ? describeExtensions(context) : []),
    ],
    layerEnd: Math.max(start + IPV6_BYTES, frame.position),
  });
};

/** The extension headers that the decoder walked over. */
function describeExtensions(context: LayerContext): ProtocolField[] {
  const { bytes, start, end, frame } = context;
  const fields: ProtocolField[] = [];
  let header = bytes[start + 6];
  for (let at = start + IPV6_BYTES; isExtension(header) && at + FRAGMENT_BYTES <= end; ) {
    const [name, label] = EXTENSIONS[header];
    const length = extensionBytes(bytes, at, header);
    const prefix = header === EXTENSION_AUTHENTICATION ? 'ah.next_header' : `${name}.nxt`;
    const inner = [
      { name: prefix, label: 'Next header', at: 0, length: 1, value: showNextHeader },
      ...(header === EXTENSION_FRAGMENT ? FRAGMENT_FIELDS : []),
    ];
    fields.push({
      name,
      label,
      value: `then ${formatIpProtocol(bytes[at])}`,
      start: at,
      length: Math.min(length, end - at),
      children: describeFields({ ...context, start: at }, inner),
    });
    header = bytes[at];
    at += length;
    if (at > frame.position) break;
  }
  return fields;
}
