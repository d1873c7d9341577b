// Encrypted overlays: AH (RFC 4302), whose payload is clear and followed; ESP (RFC 4303), also in UDP 4500 (RFC 3948), and WireGuard, which are named.
// What is encrypted stays one payload: its digest covers index and counter, and so tells packets apart. Columns need no more, so only the tree looks in.
import { STATUS_MALFORMED } from '../model/packet-status';
import type { ProtocolLayer } from '../model/protocol-tree';
import { uint32 } from './bytes';
import { type DecodedFrame, NEXT_NONE } from './decoded-frame';
import {
  type DescribeLayer,
  describeFields,
  type FieldSpec,
  type LayerContext,
  makeLayer,
  named,
  showBytes,
  showHex32,
  showUint8,
  showUint32,
} from './field';
import { formatIpProtocol, nextOfProtocol } from './ip-protocol';

const AH_BYTES = 12;
export const ESP_BYTES = 8;

/** AH behind IPv4; behind IPv6 it is one of the extension headers. */
export function decodeAh(bytes: Uint8Array, frame: DecodedFrame): number {
  const at = frame.position;
  const length = frame.end - at < AH_BYTES ? 0 : (bytes[at + 1] + 2) * 4;
  if (length < AH_BYTES || length > frame.end - at) {
    frame.status |= STATUS_MALFORMED;
    return NEXT_NONE;
  }
  frame.protocol = bytes[at];
  frame.position = at + length;
  return nextOfProtocol(frame.protocol);
}

const spiField = (name: string, at: number): FieldSpec => ({
  name,
  label: 'Security parameters index',
  at,
  length: 4,
  value: showHex32,
});

const AH_FIELDS: readonly FieldSpec[] = [
  {
    name: 'ah.next_header',
    label: 'Next header',
    at: 0,
    length: 1,
    value: (bytes, at) => formatIpProtocol(bytes[at]),
  },
  { name: 'ah.length', label: 'Length in words, less 2', at: 1, length: 1, value: showUint8 },
  spiField('ah.spi', 4),
  { name: 'ah.sequence', label: 'Sequence number', at: 8, length: 4, value: showUint32 },
];
const ESP_FIELDS: readonly FieldSpec[] = [
  spiField('esp.spi', 0),
  { name: 'esp.sequence', label: 'Sequence number', at: 4, length: 4, value: showUint32 },
];

const showIndex = (bytes: Uint8Array, at: number): string => showBytes(bytes, at, 8);
/** With the marker of zeros. */
export const IKE_BYTES = 20;
const IKE_FIELDS: readonly FieldSpec[] = [
  { name: 'udpencap.non_esp_marker', label: 'Marker', at: 0, length: 4, value: showHex32 },
  { name: 'isakmp.ispi', label: "Initiator's index", at: 4, length: 8, value: showIndex },
  { name: 'isakmp.rspi', label: "Responder's index", at: 12, length: 8, value: showIndex },
];

export const describeAh: DescribeLayer = (context) => {
  const { bytes, start, end } = context;
  const whole = end - start >= AH_BYTES;
  return makeLayer(context, {
    name: 'ah',
    title: 'AH',
    summary: whole ? `SPI ${showHex32(bytes, start + 4)}` : 'cut',
    fields: describeFields(context, AH_FIELDS),
    layerEnd: whole ? start + (bytes[start + 1] + 2) * 4 : end,
  });
};

const WIREGUARD_TYPES: Readonly<Record<number, string>> = {
  1: 'handshake initiation',
  2: 'handshake response',
  3: 'cookie reply',
  4: 'transport data',
};
const INITIATION_BYTES = 148;
const RESPONSE_BYTES = 92;
const COOKIE_BYTES = 64;
/** Header and authentication tag: a keepalive. */
const LEAST_DATA_BYTES = 32;

const TYPE_FIELD: FieldSpec = {
  name: 'wg.type',
  label: 'Type',
  at: 0,
  length: 1,
  value: (bytes, at) => named(WIREGUARD_TYPES, bytes[at]),
};
const indexField = (name: string, label: string, at: number): FieldSpec => ({
  name,
  label,
  at,
  length: 4,
  value: (bytes, place) => `0x${swapBytes(uint32(bytes, place)).toString(16).padStart(8, '0')}`,
});
const SENDER = indexField('wg.sender', 'Sender index', 4);
const RECEIVER = indexField('wg.receiver', 'Receiver index', 4);
const WIREGUARD_FIELDS: Readonly<Record<number, readonly FieldSpec[]>> = {
  1: [TYPE_FIELD, SENDER],
  2: [TYPE_FIELD, SENDER, indexField('wg.receiver', 'Receiver index', 8)],
  3: [TYPE_FIELD, RECEIVER],
  4: [TYPE_FIELD, RECEIVER],
};

const swapBytes = (value: number): number =>
  ((value << 24) | ((value & 0xff00) << 8) | ((value >>> 8) & 0xff00) | (value >>> 24)) >>> 0;

/** WireGuard has no port of its own: type, three reserved zeros and the type's exact length must all agree. */
export function isWireguard(bytes: Uint8Array, at: number, length: number): boolean {
  switch (uint32(bytes, at)) {
    case 0x0100_0000:
      return length === INITIATION_BYTES;
    case 0x0200_0000:
      return length === RESPONSE_BYTES;
    case 0x0300_0000:
      return length === COOKIE_BYTES;
    case 0x0400_0000:
      return length >= LEAST_DATA_BYTES && length % 16 === 0;
    default:
      return false;
  }
}

export const describeEsp = (context: LayerContext): ProtocolLayer =>
  makeLayer(context, {
    name: 'esp',
    title: 'ESP',
    summary: `encrypted, SPI ${showHex32(context.bytes, context.start)}`,
    fields: describeFields(context, ESP_FIELDS),
    layerEnd: context.start + ESP_BYTES,
  });

export function describeWireguard(context: LayerContext): ProtocolLayer {
  const { bytes, start } = context;
  const type = bytes[start];
  const fields = describeFields(context, WIREGUARD_FIELDS[type]);
  const [, index] = fields;
  return makeLayer(context, {
    name: 'wg',
    title: 'WireGuard',
    summary: `${WIREGUARD_TYPES[type]}, ${index.label.toLowerCase()} ${index.value}`,
    fields,
    layerEnd: start + ESP_BYTES + (type === 2 ? 4 : 0),
  });
}

/** IKE behind the four zeros that tell it from ESP (RFC 3948 section 2.2): at least these 16 bytes of both indices are there. */
export const describeIke = (context: LayerContext): ProtocolLayer =>
  makeLayer(context, {
    name: 'isakmp',
    title: 'IKE',
    summary: `initiator ${showBytes(context.bytes, context.start + 4, 8)}`,
    fields: describeFields(context, IKE_FIELDS),
    layerEnd: context.start + IKE_BYTES,
  });
