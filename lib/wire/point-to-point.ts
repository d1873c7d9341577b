// PPP (RFC 1661), alone, in HDLC-like framing (RFC 1662) and over Ethernet (RFC 2516), and MPLS label stacks (RFC 3032): links with little of their own, peeled to the packet.
import { SHELL_LABEL, SHELL_SESSION } from '../model/encapsulation';
import { STATUS_MALFORMED } from '../model/packet-status';
import { uint16, uint24, uint32 } from './bytes';
import {
  type DecodedFrame,
  NEXT_IPV4,
  NEXT_IPV6,
  NEXT_MPLS,
  NEXT_NONE,
  NEXT_PAYLOAD,
  NEXT_PPP,
} from './decoded-frame';
import { formatEtherType, nextOfEtherType } from './ether-type';
import {
  type DescribeLayer,
  describeFields,
  type FieldSpec,
  fieldAt,
  makeLayer,
  showHex16,
  showUint16,
} from './field';

const HDLC_ADDRESS = 0xff03;
const PPP_IPV4 = 0x0021;
const PPP_IPV6 = 0x0057;
const PPP_MPLS = 0x0281;
const PPPOE_BYTES = 6;
const CISCO_HDLC_BYTES = 4;
const LABEL_BYTES = 4;
// Places of the headers' fields: the decoders and the tree's tables read at the same.
const HDLC_TYPE_AT = 2;
const PPPOE_CODE_AT = 1;
const PPPOE_SESSION_AT = 2;
const PPPOE_LENGTH_AT = 4;
const BOTTOM_OF_STACK = 0x100;

const cut = (frame: DecodedFrame): number => {
  frame.status |= STATUS_MALFORMED;
  return NEXT_NONE;
};

/** The protocol field takes two bytes, or one where it is compressed: its last byte is odd (RFC 1661 section 6.5). */
export function decodePpp(bytes: Uint8Array, frame: DecodedFrame): number {
  const header = pppHeader(bytes, frame.position, frame.end);
  if (header === undefined) return cut(frame);
  frame.position += header.length;
  switch (header.protocol) {
    case PPP_IPV4:
      return NEXT_IPV4;
    case PPP_IPV6:
      return NEXT_IPV6;
    case PPP_MPLS:
      return NEXT_MPLS;
    default:
      return NEXT_PAYLOAD;
  }
}

function pppHeader(
  bytes: Uint8Array,
  start: number,
  end: number,
): { readonly protocol: number; readonly length: number } | undefined {
  const at = end - start >= 2 && uint16(bytes, start) === HDLC_ADDRESS ? start + 2 : start;
  if (end <= at) return undefined;
  if (bytes[at] & 1) return { protocol: bytes[at], length: at + 1 - start };
  return end - at < 2 ? undefined : { protocol: uint16(bytes, at), length: at + 2 - start };
}

/** One byte before PPP tells the direction: 0 received, 1 sent (LINKTYPE_PPP_WITH_DIR). */
export function decodePppWithDirection(bytes: Uint8Array, frame: DecodedFrame): number {
  if (frame.end <= frame.position) return cut(frame);
  frame.direction = bytes[frame.position] === 0 ? 1 : 2;
  frame.position += 1;
  return NEXT_PPP;
}

/** Cisco's HDLC (LINKTYPE_C_HDLC): address, control, EtherType. */
export function decodeCiscoHdlc(bytes: Uint8Array, frame: DecodedFrame): number {
  const at = frame.position;
  if (frame.end - at < CISCO_HDLC_BYTES) return cut(frame);
  frame.position = at + CISCO_HDLC_BYTES;
  return nextOfEtherType(uint16(bytes, at + HDLC_TYPE_AT));
}

const CISCO_HDLC_FIELDS: readonly FieldSpec[] = [
  {
    name: 'chdlc.protocol',
    label: 'Protocol',
    at: HDLC_TYPE_AT,
    length: 2,
    value: (bytes, at) => formatEtherType(uint16(bytes, at)),
  },
];

export const describeCiscoHdlc: DescribeLayer = (context) =>
  makeLayer(context, {
    name: 'chdlc',
    title: 'Cisco HDLC',
    summary:
      context.end - context.start >= CISCO_HDLC_BYTES
        ? formatEtherType(uint16(context.bytes, context.start + HDLC_TYPE_AT))
        : 'cut',
    fields: describeFields(context, CISCO_HDLC_FIELDS),
    layerEnd: context.start + CISCO_HDLC_BYTES,
  });

export function decodePppoe(bytes: Uint8Array, frame: DecodedFrame): number {
  const at = frame.position;
  if (frame.end - at < PPPOE_BYTES) return cut(frame);
  // Code 0 is a session's data; discovery carries no packet.
  if (bytes[at + PPPOE_CODE_AT] !== 0) return NEXT_PAYLOAD;
  frame.session = uint16(bytes, at + PPPOE_SESSION_AT);
  frame.addShell(SHELL_SESSION);
  frame.position = at + PPPOE_BYTES;
  frame.narrow(frame.position + uint16(bytes, at + PPPOE_LENGTH_AT));
  return NEXT_PPP;
}

/** The whole stack of labels. What follows is told by the first half byte (RFC 4385 section 3). */
export function decodeMpls(bytes: Uint8Array, frame: DecodedFrame): number {
  let at = frame.position;
  for (;;) {
    if (frame.end - at < LABEL_BYTES) return cut(frame);
    const entry = uint32(bytes, at);
    const bottom = (entry & BOTTOM_OF_STACK) !== 0;
    if (frame.labelCount < frame.labels.length) {
      frame.addShell(SHELL_LABEL);
      frame.labels[frame.labelCount++] = entry >>> 12;
    }
    at += LABEL_BYTES;
    if (bottom) break;
  }
  frame.position = at;
  if (frame.end <= at) return cut(frame);
  switch (bytes[at] >>> 4) {
    case 4:
      return NEXT_IPV4;
    case 6:
      return NEXT_IPV6;
    default:
      return NEXT_PAYLOAD;
  }
}

export const describePpp: DescribeLayer = (context) => {
  const { bytes, start, end } = context;
  const header = pppHeader(bytes, start, end);
  return makeLayer(context, {
    name: 'ppp',
    title: 'PPP',
    summary:
      header === undefined ? 'cut' : `protocol 0x${header.protocol.toString(16).padStart(4, '0')}`,
    fields:
      header === undefined
        ? []
        : [
            {
              name: 'ppp.protocol',
              label: 'Protocol',
              value: `0x${header.protocol.toString(16).padStart(4, '0')}`,
              start:
                start + header.length - (header.protocol > 0xff || header.length % 2 === 0 ? 2 : 1),
              length: header.protocol > 0xff || header.length % 2 === 0 ? 2 : 1,
            },
          ],
    layerEnd: start + (header?.length ?? 0),
  });
};

const PPPOE_FIELDS: readonly FieldSpec[] = [
  {
    name: 'pppoe.code',
    label: 'Code',
    at: PPPOE_CODE_AT,
    length: 1,
    value: (bytes, at) => `${bytes[at]}`,
  },
  {
    name: 'pppoe.session_id',
    label: 'Session',
    at: PPPOE_SESSION_AT,
    length: 2,
    value: showHex16,
  },
  {
    name: 'pppoe.payload_length',
    label: 'Length',
    at: PPPOE_LENGTH_AT,
    length: 2,
    value: showUint16,
  },
];

export const describePppoe: DescribeLayer = (context) =>
  makeLayer(context, {
    name: 'pppoe',
    title: 'PPPoE',
    summary:
      context.end - context.start >= 4
        ? `session ${uint16(context.bytes, context.start + PPPOE_SESSION_AT)}`
        : 'cut',
    fields: describeFields(context, PPPOE_FIELDS),
    layerEnd: context.start + PPPOE_BYTES,
  });

export const describeMpls: DescribeLayer = (context) => {
  const { bytes, start, end } = context;
  const labels: number[] = [];
  let at = start;
  for (; end - at >= LABEL_BYTES; at += LABEL_BYTES) {
    labels.push(uint24(bytes, at) >>> 4);
    if (uint32(bytes, at) & BOTTOM_OF_STACK) break;
  }
  const layerEnd = Math.min(end, at + LABEL_BYTES);
  return makeLayer(context, {
    name: 'mpls',
    title: 'MPLS',
    summary: labels.length === 0 ? 'cut' : `label ${labels.join(', ')}`,
    fields: labels.map((label, index) => {
      const place = start + index * LABEL_BYTES;
      return fieldAt('mpls.label', 'Label', `${label}`, place, LABEL_BYTES, [
        fieldAt('mpls.exp', 'Traffic class', `${(bytes[place + 2] >>> 1) & 7}`, place, LABEL_BYTES),
        fieldAt('mpls.bottom', 'Bottom of stack', `${bytes[place + 2] & 1}`, place, LABEL_BYTES),
        fieldAt('mpls.ttl', 'TTL', `${bytes[place + 3]}`, place, LABEL_BYTES),
      ]);
    }),
    layerEnd,
  });
};
