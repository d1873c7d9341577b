// MACsec (IEEE 802.1AE clause 9): encrypted frames are named with their channel and packet number; those that are signed alone are followed to the packet.
import { STATUS_MALFORMED } from '../model/packet-status';
import { formatMac } from './address-text';
import { uint16, uint32 } from './bytes';
import { type DecodedFrame, NEXT_NONE } from './decoded-frame';
import { formatEtherType, nextOfEtherType } from './ether-type';
import {
  type DescribeLayer,
  describeFields,
  type FieldSpec,
  makeLayer,
  showBit,
  showBits,
  showHex8,
  showMac,
  showUint16,
  showUint32,
} from './field';

/** Behind the EtherType: control, length, packet number; the channel's identifier where the control says so. */
const TAG_BYTES = 6;
const CHANNEL_BYTES = 8;
const TYPE_BYTES = 2;
/** The check at the frame's end, of the suites that version 0 has. */
const CHECK_BYTES = 16;
const LENGTH_AT = 1;
const PACKET_NUMBER_AT = 2;
const CHANNEL_AT = 6;
const PORT_AT = 12;
const VERSION = 0x80;
const HAS_CHANNEL = 0x20;
/** Encrypted, or changed in another way. */
const CHANGED = 0x0c;
/** Data shorter than this says its length; 0 otherwise. */
const SHORT_LENGTH = 0x3f;

const tagBytes = (control: number): number =>
  TAG_BYTES + (control & HAS_CHANNEL ? CHANNEL_BYTES : 0);
const isClear = (control: number): boolean => (control & (VERSION | CHANGED)) === 0;

export function decodeMacsec(bytes: Uint8Array, frame: DecodedFrame): number {
  const at = frame.position;
  const data = at + tagBytes(bytes[at]);
  if (frame.end - at < TAG_BYTES || frame.end < data) {
    frame.status |= STATUS_MALFORMED;
    return NEXT_NONE;
  }
  if (!isClear(bytes[at]) || frame.end - data < TYPE_BYTES) return NEXT_NONE;
  const short = bytes[at + LENGTH_AT] & SHORT_LENGTH;
  frame.narrow(short === 0 ? frame.wireEnd - CHECK_BYTES : data + short);
  if (frame.end - data < TYPE_BYTES) return NEXT_NONE;
  frame.position = data + TYPE_BYTES;
  return nextOfEtherType(uint16(bytes, data));
}

const FIELDS: readonly FieldSpec[] = [
  {
    name: 'macsec.TCI',
    label: 'Control',
    at: 0,
    length: 1,
    value: showHex8,
    children: [
      { name: 'macsec.TCI.SC', label: 'Channel named', at: 0, length: 1, value: showBit(0x20) },
      { name: 'macsec.TCI.E', label: 'Encrypted', at: 0, length: 1, value: showBit(0x08) },
      { name: 'macsec.TCI.C', label: 'Changed', at: 0, length: 1, value: showBit(0x04) },
    ],
  },
  { name: 'macsec.AN', label: 'Association', at: 0, length: 1, value: showBits(0x03, 0) },
  { name: 'macsec.SL', label: 'Short length', at: LENGTH_AT, length: 1, value: showBits(0x3f, 0) },
  {
    name: 'macsec.PN',
    label: 'Packet number',
    at: PACKET_NUMBER_AT,
    length: 4,
    value: showUint32,
  },
];
const CHANNEL_FIELDS: readonly FieldSpec[] = [
  {
    name: 'macsec.SCI.system_identifier',
    label: 'Channel: system',
    at: CHANNEL_AT,
    length: 6,
    value: showMac,
  },
  {
    name: 'macsec.SCI.port_identifier',
    label: 'Channel: port',
    at: PORT_AT,
    length: 2,
    value: showUint16,
  },
];

export const describeMacsec: DescribeLayer = (context) => {
  const { bytes, start, end } = context;
  const control = start < end ? bytes[start] : 0;
  const own = tagBytes(control);
  const hasChannel = (control & HAS_CHANNEL) !== 0;
  const isFollowed = isClear(control) && end - start >= own + TYPE_BYTES;
  const type: FieldSpec = {
    name: 'macsec.etype',
    label: 'Type',
    at: own,
    length: TYPE_BYTES,
    value: (of, at) => formatEtherType(uint16(of, at)),
  };
  const words = [
    control & CHANGED ? 'encrypted' : 'signed',
    ...(hasChannel ? [`channel ${formatMac(bytes, start + CHANNEL_AT)}`] : []),
    `packet ${end - start >= own ? uint32(bytes, start + PACKET_NUMBER_AT) : ''}`,
  ];
  return makeLayer(context, {
    name: 'macsec',
    title: 'MACsec',
    summary: end - start >= own ? words.join(', ') : 'cut',
    fields: describeFields(context, [
      ...FIELDS,
      ...(hasChannel ? CHANNEL_FIELDS : []),
      ...(isFollowed ? [type] : []),
    ]),
    layerEnd: start + own + (isFollowed ? TYPE_BYTES : 0),
  });
};
