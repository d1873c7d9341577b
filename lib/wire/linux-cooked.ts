// Linux cooked captures, SLL and SLL2: what `tcpdump -i any` writes. SLL2 adds the interface's index, which makes several points of one file.
import { STATUS_MALFORMED } from '../model/packet-status';
import { uint16, uint32 } from './bytes';
import { type DecodedFrame, NEXT_NONE, NEXT_PAYLOAD } from './decoded-frame';
import { formatEtherType, nextOfEtherType } from './ether-type';
import { FIRST_ETHER_TYPE } from './ethernet';
import {
  type DescribeLayer,
  describeFields,
  type FieldSpec,
  makeLayer,
  named,
  showMac,
  showUint8,
  showUint16,
  showUint32,
} from './field';

export const SLL_BYTES = 16;
export const SLL2_BYTES = 20;
/** PACKET_OUTGOING of linux/if_packet.h: all smaller types were received. */
export const PACKET_OUTGOING = 4;
const MAC_BYTES = 6;
// Places of the headers' fields: the decoder and the tree's table read at the same.
const SLL_LENGTH_AT = 4;
const SLL_SOURCE_AT = 6;
const SLL_PROTOCOL_AT = 14;
const IFINDEX_AT = 4;
const PACKET_TYPE_AT = 10;
const SLL2_LENGTH_AT = 11;
const SLL2_SOURCE_AT = 12;

const directionOf = (packetType: number): number =>
  packetType < PACKET_OUTGOING ? 1 : packetType === PACKET_OUTGOING ? 2 : 0;

const nextOfProtocol = (protocol: number): number =>
  protocol < FIRST_ETHER_TYPE ? NEXT_PAYLOAD : nextOfEtherType(protocol);

export function decodeLinuxSll(bytes: Uint8Array, frame: DecodedFrame): number {
  const at = frame.position;
  if (frame.end - at < SLL_BYTES) {
    frame.status |= STATUS_MALFORMED;
    return NEXT_NONE;
  }
  frame.direction = directionOf(uint16(bytes, at));
  if (uint16(bytes, at + SLL_LENGTH_AT) === MAC_BYTES) frame.sourceMac = at + SLL_SOURCE_AT;
  frame.position = at + SLL_BYTES;
  return nextOfProtocol(uint16(bytes, at + SLL_PROTOCOL_AT));
}

export function decodeLinuxSll2(bytes: Uint8Array, frame: DecodedFrame): number {
  const at = frame.position;
  if (frame.end - at < SLL2_BYTES) {
    frame.status |= STATUS_MALFORMED;
    return NEXT_NONE;
  }
  frame.ifindex = uint32(bytes, at + IFINDEX_AT);
  frame.direction = directionOf(bytes[at + PACKET_TYPE_AT]);
  if (bytes[at + SLL2_LENGTH_AT] === MAC_BYTES) frame.sourceMac = at + SLL2_SOURCE_AT;
  frame.position = at + SLL2_BYTES;
  return nextOfProtocol(uint16(bytes, at));
}

const PACKET_TYPES: Readonly<Record<number, string>> = {
  0: 'to us',
  1: 'broadcast',
  2: 'multicast',
  3: 'to another host',
  4: 'sent by us',
};
const showPacketType = (value: number): string => named(PACKET_TYPES, value);
const showHardwareType = (bytes: Uint8Array, at: number): string =>
  named({ 1: 'Ethernet', 772: 'loopback', 65534: 'none' }, uint16(bytes, at));
const showProtocol = (bytes: Uint8Array, at: number): string => formatEtherType(uint16(bytes, at));

const SLL_FIELDS: readonly FieldSpec[] = [
  {
    name: 'sll.pkttype',
    label: 'Packet type',
    at: 0,
    length: 2,
    value: (bytes, at) => showPacketType(uint16(bytes, at)),
  },
  { name: 'sll.hatype', label: 'Link type', at: 2, length: 2, value: showHardwareType },
  { name: 'sll.halen', label: 'Address length', at: SLL_LENGTH_AT, length: 2, value: showUint16 },
  { name: 'sll.src.eth', label: 'Source', at: SLL_SOURCE_AT, length: 6, value: showMac },
  { name: 'sll.etype', label: 'Protocol', at: SLL_PROTOCOL_AT, length: 2, value: showProtocol },
];
const SLL2_FIELDS: readonly FieldSpec[] = [
  { name: 'sll.etype', label: 'Protocol', at: 0, length: 2, value: showProtocol },
  { name: 'sll.ifindex', label: 'Interface index', at: IFINDEX_AT, length: 4, value: showUint32 },
  { name: 'sll.hatype', label: 'Link type', at: 8, length: 2, value: showHardwareType },
  {
    name: 'sll.pkttype',
    label: 'Packet type',
    at: PACKET_TYPE_AT,
    length: 1,
    value: (bytes, at) => showPacketType(bytes[at]),
  },
  { name: 'sll.halen', label: 'Address length', at: SLL2_LENGTH_AT, length: 1, value: showUint8 },
  { name: 'sll.src.eth', label: 'Source', at: SLL2_SOURCE_AT, length: 6, value: showMac },
];

/** An address of another length than a MAC's is not shown as one. */
const withoutAddress = (fields: readonly FieldSpec[], hasMac: boolean): readonly FieldSpec[] =>
  hasMac ? fields : fields.filter(({ name }) => name !== 'sll.src.eth');

export const describeLinuxSll: DescribeLayer = (context) => {
  const { bytes, start, end, frame } = context;
  return makeLayer(context, {
    name: 'sll',
    title: 'Linux cooked capture',
    summary: end - start >= 2 ? showPacketType(uint16(bytes, start)) : 'cut',
    fields: describeFields(context, withoutAddress(SLL_FIELDS, frame.sourceMac >= 0)),
    layerEnd: start + SLL_BYTES,
  });
};

export const describeLinuxSll2: DescribeLayer = (context) => {
  const { bytes, start, end, frame } = context;
  return makeLayer(context, {
    name: 'sll',
    title: 'Linux cooked capture v2',
    summary:
      end - start >= 11
        ? `interface ${uint32(bytes, start + IFINDEX_AT)}, ${showPacketType(bytes[start + PACKET_TYPE_AT])}`
        : 'cut',
    fields: describeFields(context, withoutAddress(SLL2_FIELDS, frame.sourceMac >= 0)),
    layerEnd: start + SLL2_BYTES,
  });
};
