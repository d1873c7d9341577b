// Fields of IPv6 and its extension headers for the inspector; ipv6.ts decodes them.
import type { ProtocolField } from '../model/protocol-tree';
import { uint16, uint24 } from './bytes';
import {
  type DescribeLayer,
  describeFields,
  type FieldSpec,
  fieldAt,
  hexText,
  type LayerContext,
  makeLayer,
  showHex32,
  showIpv6,
  showUint8,
  showUint16,
  showUint32,
} from './field';
import { formatIpProtocol } from './ip-protocol';
import {
  DESTINATION_AT,
  EXTENSION_AUTHENTICATION,
  EXTENSION_FRAGMENT,
  EXTENSION_ROUTING,
  extensionBytes,
  FRAGMENT_BYTES,
  FRAGMENT_IDENT_AT,
  FRAGMENT_OFFSET_AT,
  HOP_LIMIT_AT,
  IPV6_BYTES,
  isExtension,
  LENGTH_AT,
  NEXT_HEADER_AT,
  SEGMENTS_LEFT_AT,
  SOURCE_AT,
} from './ipv6';
import { describeIpv6Options } from './ipv6-options';

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
  { name: 'ipv6.plen', label: 'Payload length', at: LENGTH_AT, length: 2, value: showUint16 },
  { name: 'ipv6.nxt', label: 'Next header', at: NEXT_HEADER_AT, length: 1, value: showNextHeader },
  { name: 'ipv6.hlim', label: 'Hop limit', at: HOP_LIMIT_AT, length: 1, value: showUint8 },
  { name: 'ipv6.src', label: 'Source', at: SOURCE_AT, length: 16, value: showIpv6 },
  { name: 'ipv6.dst', label: 'Destination', at: DESTINATION_AT, length: 16, value: showIpv6 },
];

const HOP_BY_HOP = 0;
const DESTINATION_OPTIONS = 60;
const SEGMENT_ROUTING = 4;

/** Wireshark's name and plain words of the extension headers. */
const EXTENSIONS: Readonly<Record<number, readonly [string, string]>> = {
  [HOP_BY_HOP]: ['ipv6.hopopts', 'Hop-by-hop options'],
  [EXTENSION_ROUTING]: ['ipv6.routing', 'Routing header'],
  [EXTENSION_FRAGMENT]: ['ipv6.fraghdr', 'Fragment header'],
  [EXTENSION_AUTHENTICATION]: ['ah', 'Authentication header'],
  [DESTINATION_OPTIONS]: ['ipv6.dstopts', 'Destination options'],
  135: ['mip6', 'Mobility header'],
  139: ['hip', 'Host identity header'],
  140: ['ipv6.shim6', 'Shim6 header'],
};

const FRAGMENT_FIELDS: readonly FieldSpec[] = [
  {
    name: 'ipv6.fraghdr.offset',
    label: 'Offset',
    at: FRAGMENT_OFFSET_AT,
    length: 2,
    value: (bytes, at) => `${uint16(bytes, at) & 0xfff8}`,
  },
  {
    name: 'ipv6.fraghdr.more',
    label: 'More fragments',
    at: FRAGMENT_OFFSET_AT,
    length: 2,
    value: (bytes, at) => (bytes[at + 1] & 1 ? 'set' : 'not set'),
  },
  {
    name: 'ipv6.fraghdr.ident',
    label: 'Identification',
    at: FRAGMENT_IDENT_AT,
    length: 4,
    value: showUint32,
  },
];

const lengthField = (name: string): FieldSpec => ({
  name,
  label: 'Length in 8 bytes, less 1',
  at: 1,
  length: 1,
  value: showUint8,
});

/** What stands behind the next header, by extension. */
const EXTENSION_FIELDS: Readonly<Record<number, readonly FieldSpec[]>> = {
  [HOP_BY_HOP]: [lengthField('ipv6.hopopts.len')],
  [EXTENSION_ROUTING]: [
    lengthField('ipv6.routing.len'),
    { name: 'ipv6.routing.type', label: 'Type', at: 2, length: 1, value: showUint8 },
    {
      name: 'ipv6.routing.segleft',
      label: 'Segments left',
      at: SEGMENTS_LEFT_AT,
      length: 1,
      value: showUint8,
    },
  ],
  [EXTENSION_FRAGMENT]: FRAGMENT_FIELDS,
  [EXTENSION_AUTHENTICATION]: [
    { name: 'ah.spi', label: 'Security parameters index', at: 4, length: 4, value: showHex32 },
    { name: 'ah.sequence', label: 'Sequence number', at: 8, length: 4, value: showUint32 },
  ],
  [DESTINATION_OPTIONS]: [lengthField('ipv6.dstopts.len')],
};

/** Addresses of the route, by the header's type: 0 source route, 2 mobility, 4 segments (RFC 8754). */
const ROUTE_ADDRESSES: Readonly<Record<number, string>> = {
  0: 'ipv6.routing.src.addr',
  2: 'ipv6.routing.mipv6.home_address',
  4: 'ipv6.routing.srh.addr',
};

function describeRoute(bytes: Uint8Array, at: number, end: number): ProtocolField[] {
  const fields: ProtocolField[] = [];
  const name = ROUTE_ADDRESSES[bytes[at + 2]];
  if (name === undefined) return fields;
  let stop = end;
  if (bytes[at + 2] === SEGMENT_ROUTING) {
    fields.push(
      fieldAt('ipv6.routing.srh.last_entry', 'Last entry', `${bytes[at + 4]}`, at + 4, 1),
    );
    // Further values may follow the last segment.
    stop = Math.min(end, at + FRAGMENT_BYTES + (bytes[at + 4] + 1) * 16);
  }
  for (let place = at + FRAGMENT_BYTES; place + 16 <= stop; place += 16)
    fields.push(fieldAt(name, 'Address', showIpv6(bytes, place), place, 16));
  return fields;
}

export const describeIpv6: DescribeLayer = (context) => {
  const { bytes, start, end, frame } = context;
  const whole = end - start >= IPV6_BYTES;
  return makeLayer(context, {
    name: 'ipv6',
    title: 'IPv6',
    summary: whole
      ? `${showIpv6(bytes, start + SOURCE_AT)} → ${showIpv6(bytes, start + DESTINATION_AT)}, hop limit ${bytes[start + HOP_LIMIT_AT]}`
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
  let header = bytes[start + NEXT_HEADER_AT];
  for (let at = start + IPV6_BYTES; isExtension(header) && at + FRAGMENT_BYTES <= end; ) {
    const [name, label] = EXTENSIONS[header];
    const length = extensionBytes(bytes, at, header);
    const extensionEnd = Math.min(at + length, end);
    const children = describeFields({ bytes, start: at, end: extensionEnd }, [
      {
        name: header === EXTENSION_AUTHENTICATION ? 'ah.next_header' : `${name}.nxt`,
        label: 'Next header',
        at: 0,
        length: 1,
        value: showNextHeader,
      },
      ...(EXTENSION_FIELDS[header] ?? []),
    ]);
    if (header === EXTENSION_ROUTING) children.push(...describeRoute(bytes, at, extensionEnd));
    if (header === HOP_BY_HOP || header === DESTINATION_OPTIONS)
      children.push(...describeIpv6Options(bytes, at + 2, extensionEnd));
    fields.push(
      fieldAt(name, label, `then ${formatIpProtocol(bytes[at])}`, at, extensionEnd - at, children),
    );
    header = bytes[at];
    at += length;
    if (at > frame.position) break;
  }
  return fields;
}
