// ARP (RFC 826) for IPv4 addresses. Its tuple is the pair of protocol addresses, sender first.
import { STATUS_MALFORMED, STATUS_TRANSPORT } from '../model/packet-status';
import { PROTOCOL_ARP } from '../model/protocols';
import { uint16 } from './bytes';
import { type DecodedFrame, NEXT_NONE } from './decoded-frame';
import { ETHER_TYPE_IPV4 } from './ether-type';
import {
  type DescribeLayer,
  describeFields,
  type FieldSpec,
  makeLayer,
  named,
  showBytes,
  showHex16,
  showIpv4,
  showMac,
  showUint8,
  showUint16,
} from './field';

export const ARP_HEADER_BYTES = 8;
// Places of the header's fields: the decoder and the tree's table read at the same.
const PROTOCOL_AT = 2;
const HARDWARE_SIZE_AT = 4;
const PROTOCOL_SIZE_AT = 5;
const OPERATION_AT = 6;

export function decodeArp(bytes: Uint8Array, frame: DecodedFrame): number {
  const at = frame.position;
  if (frame.end - at < ARP_HEADER_BYTES) {
    frame.status |= STATUS_MALFORMED;
    return NEXT_NONE;
  }
  frame.flags = uint16(bytes, at + OPERATION_AT);
  const hardwareBytes = bytes[at + HARDWARE_SIZE_AT];
  if (uint16(bytes, at + PROTOCOL_AT) !== ETHER_TYPE_IPV4 || bytes[at + PROTOCOL_SIZE_AT] !== 4)
    return NEXT_NONE;
  const sender = at + ARP_HEADER_BYTES + hardwareBytes;
  const target = sender + 4 + hardwareBytes;
  if (target + 4 > frame.end) {
    frame.status |= STATUS_MALFORMED;
    return NEXT_NONE;
  }
  frame.family = 4;
  frame.source = sender;
  frame.destination = target;
  frame.protocol = PROTOCOL_ARP;
  frame.status |= STATUS_TRANSPORT;
  return NEXT_NONE;
}

const OPERATIONS: Readonly<Record<number, string>> = {
  1: 'request',
  2: 'reply',
  3: 'reverse request',
  4: 'reverse reply',
  8: 'inverse request',
  9: 'inverse reply',
};

const HEADER_FIELDS: readonly FieldSpec[] = [
  { name: 'arp.hw.type', label: 'Hardware type', at: 0, length: 2, value: showUint16 },
  { name: 'arp.proto.type', label: 'Protocol type', at: PROTOCOL_AT, length: 2, value: showHex16 },
  {
    name: 'arp.hw.size',
    label: 'Hardware address length',
    at: HARDWARE_SIZE_AT,
    length: 1,
    value: showUint8,
  },
  {
    name: 'arp.proto.size',
    label: 'Protocol address length',
    at: PROTOCOL_SIZE_AT,
    length: 1,
    value: showUint8,
  },
  {
    name: 'arp.opcode',
    label: 'Operation',
    at: OPERATION_AT,
    length: 2,
    value: (bytes, at) => named(OPERATIONS, uint16(bytes, at)),
  },
];
/** Sender's and target's addresses, of whatever lengths the header says: MAC and IPv4 by their usual names. */
function addressFields(hardware: number, protocol: number): readonly FieldSpec[] {
  const fields: FieldSpec[] = [];
  let at = ARP_HEADER_BYTES;
  for (const [side, label] of [
    ['src', 'Sender'],
    ['dst', 'Target'],
  ]) {
    const mac = hardware === 6 ? 'hw_mac' : 'hw';
    const address = protocol === 4 ? 'proto_ipv4' : 'proto';
    if (hardware > 0)
      fields.push({
        name: `arp.${side}.${mac}`,
        label: `${label} MAC`,
        at,
        length: hardware,
        value: hardware === 6 ? showMac : (bytes, place) => showBytes(bytes, place, hardware),
      });
    if (protocol > 0)
      fields.push({
        name: `arp.${side}.${address}`,
        label: `${label} address`,
        at: at + hardware,
        length: protocol,
        value: protocol === 4 ? showIpv4 : (bytes, place) => showBytes(bytes, place, protocol),
      });
    at += hardware + protocol;
  }
  return fields;
}

export const describeArp: DescribeLayer = (context) => {
  const { bytes, start, end, frame } = context;
  const hasLengths = end - start >= ARP_HEADER_BYTES;
  const [hardware, protocol] = hasLengths ? [bytes[start + 4], bytes[start + 5]] : [0, 0];
  return makeLayer(context, {
    name: 'arp',
    title: 'ARP',
    summary: frame.family === 4 ? arpSummary(bytes, frame) : named(OPERATIONS, frame.flags),
    fields: describeFields(context, [...HEADER_FIELDS, ...addressFields(hardware, protocol)]),
    layerEnd: hasLengths ? start + ARP_HEADER_BYTES + 2 * (hardware + protocol) : end,
  });
};

function arpSummary(bytes: Uint8Array, frame: DecodedFrame): string {
  const sender = showIpv4(bytes, frame.source);
  const target = showIpv4(bytes, frame.destination);
  if (sender === target) return `${sender} announces itself`;
  return frame.flags === 1 ? `who has ${target}, tell ${sender}` : `${sender} answers ${target}`;
}
