// ICMP (RFC 792) and ICMPv6 (RFC 4443). Echo: the identifier stands in both ports of the tuple, so that request and reply share it.
import { STATUS_ICMP_ERROR, STATUS_MALFORMED, STATUS_TRANSPORT } from '../model/packet-status';
import { uint16, uint32 } from './bytes';
import { type DecodedFrame, FIELD_ICMP_TYPE, NEXT_NONE } from './decoded-frame';

import {
  type DescribeLayer,
  describeFields,
  type FieldSpec,
  makeLayer,
  named,
  showHex16,
  showUint8,
  showUint16,
  showUint32,
} from './field';

export const ICMP_BYTES = 8;
/** tshark shows the type from here on, as it looks at an original datagram's length first. */
const TYPE_NEEDS_BYTES = 6;

/** ICMP types that quote the packet they complain of. */
export const isIcmpError = (type: number): boolean =>
  type === 3 || type === 4 || type === 5 || type === 11 || type === 12;
export const isIcmpEcho = (type: number): boolean => type === 0 || type === 8;
/** ICMPv6: errors are 1 … 127, of which four are defined (destination, size, time, parameter). */
export const isIcmpv6Error = (type: number): boolean => type >= 1 && type <= 4;
export const isIcmpv6Echo = (type: number): boolean => type === 128 || type === 129;

export const decodeIcmp = (bytes: Uint8Array, frame: DecodedFrame): number =>
  decode(bytes, frame, isIcmpEcho, isIcmpError);

export const decodeIcmpv6 = (bytes: Uint8Array, frame: DecodedFrame): number =>
  decode(bytes, frame, isIcmpv6Echo, isIcmpv6Error);

function decode(
  bytes: Uint8Array,
  frame: DecodedFrame,
  isEcho: (type: number) => boolean,
  isError: (type: number) => boolean,
): number {
  const at = frame.position;
  const available = frame.end - at;
  if (available >= TYPE_NEEDS_BYTES) frame.fields |= FIELD_ICMP_TYPE;
  if (available >= 2) frame.flags = uint16(bytes, at);
  if (available < ICMP_BYTES) {
    frame.status |= STATUS_MALFORMED;
    return NEXT_NONE;
  }
  frame.status |= STATUS_TRANSPORT;
  const type = bytes[at];
  if (isEcho(type)) {
    frame.sequence = uint32(bytes, at + 4);
    frame.sourcePort = uint16(bytes, at + 4);
    frame.destinationPort = frame.sourcePort;
  } else if (isError(type)) frame.status |= STATUS_ICMP_ERROR;
  frame.payload = at + ICMP_BYTES;
  frame.payloadLength = frame.wireEnd - frame.payload;
  return NEXT_NONE;
}

const ICMP_TYPES: Readonly<Record<number, string>> = {
  0: 'echo reply',
  3: 'destination unreachable',
  4: 'source quench',
  5: 'redirect',
  8: 'echo request',
  11: 'time exceeded',
  12: 'parameter problem',
  13: 'timestamp request',
  14: 'timestamp reply',
};
const ICMPV6_TYPES: Readonly<Record<number, string>> = {
  1: 'destination unreachable',
  2: 'packet too big',
  3: 'time exceeded',
  4: 'parameter problem',
  128: 'echo request',
  129: 'echo reply',
  133: 'router solicitation',
  134: 'router advertisement',
  135: 'neighbour solicitation',
  136: 'neighbour advertisement',
  137: 'redirect',
  143: 'MLDv2 report',
};

const headerFields = (
  protocol: string,
  types: Readonly<Record<number, string>>,
): readonly FieldSpec[] => [
  {
    name: `${protocol}.type`,
    label: 'Type',
    at: 0,
    length: 1,
    value: (bytes, at) => named(types, bytes[at]),
  },
  { name: `${protocol}.code`, label: 'Code', at: 1, length: 1, value: showUint8 },
  { name: `${protocol}.checksum`, label: 'Checksum', at: 2, length: 2, value: showHex16 },
];
const MTU_FIELDS: readonly FieldSpec[] = [
  { name: 'icmp.mtu', label: 'MTU of the next hop', at: 6, length: 2, value: showUint16 },
];
const MTU6_FIELDS: readonly FieldSpec[] = [
  { name: 'icmpv6.mtu', label: 'MTU', at: 4, length: 4, value: showUint32 },
];
const echoFields = (identifier: string, sequence: string): readonly FieldSpec[] => [
  { name: identifier, label: 'Identifier', at: 4, length: 2, value: showUint16 },
  { name: sequence, label: 'Sequence number', at: 6, length: 2, value: showUint16 },
];

const ICMP_FIELDS = headerFields('icmp', ICMP_TYPES);
const ICMP_ECHO_FIELDS = echoFields('icmp.ident', 'icmp.seq');
const ICMPV6_FIELDS = headerFields('icmpv6', ICMPV6_TYPES);
const ICMPV6_ECHO_FIELDS = echoFields('icmpv6.echo.identifier', 'icmpv6.echo.sequence_number');

export const describeIcmp: DescribeLayer = (context) => {
  const type = context.frame.flags >>> 8;
  const isTooBig = context.frame.flags === 0x0304;
  const more = isIcmpEcho(type) ? ICMP_ECHO_FIELDS : isTooBig ? MTU_FIELDS : [];
  return makeLayer(context, {
    name: 'icmp',
    title: 'ICMP',
    summary: named(ICMP_TYPES, type),
    fields: describeFields(context, [...ICMP_FIELDS, ...more]),
    layerEnd: context.start + ICMP_BYTES,
  });
};

export const describeIcmpv6: DescribeLayer = (context) => {
  const type = context.frame.flags >>> 8;
  const more = isIcmpv6Echo(type) ? ICMPV6_ECHO_FIELDS : type === 2 ? MTU6_FIELDS : [];
  return makeLayer(context, {
    name: 'icmpv6',
    title: 'ICMPv6',
    summary: named(ICMPV6_TYPES, type),
    fields: describeFields(context, [...ICMPV6_FIELDS, ...more]),
    layerEnd: context.start + ICMP_BYTES,
  });
};
