// Ethernet II, 802.1Q and 802.1ad tags, and 802.3 frames with LLC and SNAP.
import { SHELL_VLAN } from '../model/encapsulation';
import { STATUS_MALFORMED } from '../model/packet-status';
import { formatMac } from './address-text';
import { uint16, uint24 } from './bytes';
import {
  type DecodedFrame,
  MAXIMUM_NESTING,
  NEXT_LLC,
  NEXT_NONE,
  NEXT_PAYLOAD,
} from './decoded-frame';
import { formatEtherType, nextOfEtherType } from './ether-type';
import {
  type DescribeLayer,
  describeFields,
  type FieldSpec,
  makeLayer,
  showBit,
  showBits,
  showMac,
  showUint16,
} from './field';

export const ETHERNET_BYTES = 14;
export const VLAN_TAG_BYTES = 4;
// Places of the headers' fields: the decoder and the tree's table read at the same.
const SOURCE_AT = 6;
const TYPE_AT = 12;
const TAG_TYPE_AT = 2;
const SNAP_TYPE_AT = 6;
/** Values below are lengths, not types (IEEE 802.3 section 3.2.6). */
export const FIRST_ETHER_TYPE = 0x0600;

/** Destination and source service access points and control of SNAP: AA AA 03. */
const SNAP = 0xaaaa03;
const SNAP_BYTES = 8;

export function decodeEthernet(bytes: Uint8Array, frame: DecodedFrame): number {
  const at = frame.position;
  if (frame.end - at < ETHERNET_BYTES) {
    frame.status |= STATUS_MALFORMED;
    return NEXT_NONE;
  }
  frame.destinationMac = at;
  frame.sourceMac = at + SOURCE_AT;
  frame.position = at + ETHERNET_BYTES;
  const type = uint16(bytes, at + TYPE_AT);
  return type < FIRST_ETHER_TYPE ? enterLlc(frame, type) : nextOfEtherType(type);
}

/** An 802.3 length: what lies behind it is padding. */
function enterLlc(frame: DecodedFrame, length: number): number {
  frame.narrow(frame.position + length);
  return NEXT_LLC;
}

/** 802.2 LLC; with SNAP and no organisation's own code (RFC 1042) an EtherType follows. */
export function decodeLlc(bytes: Uint8Array, frame: DecodedFrame): number {
  const at = frame.position;
  if (frame.end - at < SNAP_BYTES || uint24(bytes, at) !== SNAP || uint24(bytes, at + 3) !== 0)
    return NEXT_PAYLOAD;
  frame.position = at + SNAP_BYTES;
  return nextOfEtherType(uint16(bytes, at + SNAP_TYPE_AT));
}

/** One tag: its EtherType has been read, its control information and the next EtherType follow. */
export function decodeVlan(bytes: Uint8Array, frame: DecodedFrame): number {
  const at = frame.position;
  if (frame.end - at < VLAN_TAG_BYTES) {
    frame.status |= STATUS_MALFORMED;
    return NEXT_NONE;
  }
  if (frame.vlanCount < MAXIMUM_NESTING) {
    frame.addShell(SHELL_VLAN);
    frame.vlans[frame.vlanCount++] = uint16(bytes, at) & 0x0fff;
  }
  frame.position = at + VLAN_TAG_BYTES;
  const type = uint16(bytes, at + TAG_TYPE_AT);
  return type < FIRST_ETHER_TYPE ? enterLlc(frame, type) : nextOfEtherType(type);
}

const ETHERNET_FIELDS: readonly FieldSpec[] = [
  { name: 'eth.dst', label: 'Destination', at: 0, length: 6, value: showMac },
  { name: 'eth.src', label: 'Source', at: SOURCE_AT, length: 6, value: showMac },
];
const showEtherType = (bytes: Uint8Array, at: number): string => formatEtherType(uint16(bytes, at));
const ETHER_TYPE_FIELD: FieldSpec = {
  name: 'eth.type',
  label: 'Type',
  at: TYPE_AT,
  length: 2,
  value: showEtherType,
};
const ETHERNET_LENGTH_FIELD: FieldSpec = {
  name: 'eth.len',
  label: 'Length',
  at: TYPE_AT,
  length: 2,
  value: showUint16,
};

const SNAP_FIELDS: readonly FieldSpec[] = [
  { name: 'llc.type', label: 'Type', at: SNAP_TYPE_AT, length: 2, value: showEtherType },
];

export const describeEthernet: DescribeLayer = (context) => {
  const { bytes, start, end } = context;
  const isLength =
    end - start >= ETHERNET_BYTES && uint16(bytes, start + TYPE_AT) < FIRST_ETHER_TYPE;
  const fields = describeFields(context, [
    ...ETHERNET_FIELDS,
    isLength ? ETHERNET_LENGTH_FIELD : ETHER_TYPE_FIELD,
  ]);
  return makeLayer(context, {
    name: 'eth',
    title: 'Ethernet',
    summary:
      end - start >= 12
        ? `${formatMac(bytes, start + SOURCE_AT)} → ${formatMac(bytes, start)}`
        : 'cut',
    fields,
    layerEnd: start + ETHERNET_BYTES,
  });
};

export const describeLlc: DescribeLayer = (context) => {
  const { bytes, start, end } = context;
  const isSnap = end - start >= SNAP_BYTES && uint24(bytes, start) === SNAP;
  return makeLayer(context, {
    name: 'llc',
    title: 'LLC',
    summary: isSnap ? formatEtherType(uint16(bytes, start + SNAP_TYPE_AT)) : 'not followed',
    fields: describeFields(context, isSnap ? SNAP_FIELDS : []),
    layerEnd: start + (isSnap ? SNAP_BYTES : 0),
  });
};

const VLAN_FIELDS: readonly FieldSpec[] = [
  { name: 'vlan.priority', label: 'Priority', at: 0, length: 2, value: showBits(0xe0, 5) },
  { name: 'vlan.dei', label: 'Drop eligible', at: 0, length: 2, value: showBit(0x10) },
  {
    name: 'vlan.id',
    label: 'VLAN',
    at: 0,
    length: 2,
    value: (bytes, at) => `${uint16(bytes, at) & 0x0fff}`,
  },
  { name: 'vlan.etype', label: 'Type', at: TAG_TYPE_AT, length: 2, value: showEtherType },
];

export const describeVlan: DescribeLayer = (context) => {
  const { bytes, start, end } = context;
  return makeLayer(context, {
    name: 'vlan',
    title: 'VLAN',
    summary: end - start >= 2 ? `VLAN ${uint16(bytes, start) & 0x0fff}` : 'cut',
    fields: describeFields(context, VLAN_FIELDS),
    layerEnd: start + VLAN_TAG_BYTES,
  });
};
