// IPv6 (RFC 8200) and its extension headers: hop-by-hop, routing, fragment, destination options, authentication, mobility, HIP, shim6. ipv6-fields.ts lists them.
import {
  STATUS_FRAGMENT,
  STATUS_IPV6,
  STATUS_LATER_FRAGMENT,
  STATUS_MALFORMED,
} from '../model/packet-status';
import { uint16, uint32 } from './bytes';
import {
  type DecodedFrame,
  FIELD_IP_PROTOCOL,
  FIELD_IP_SOURCE,
  FIELD_IP_TTL,
  FIELDS_IP,
  NEXT_NONE,
  NEXT_PAYLOAD,
} from './decoded-frame';
import { nextOfProtocol } from './ip-protocol';

export const IPV6_BYTES = 40;
// Places of the header's fields: the decoder and the tree's table (ipv6-fields.ts) read at the same.
export const LENGTH_AT = 4;
export const NEXT_HEADER_AT = 6;
export const HOP_LIMIT_AT = 7;
export const SOURCE_AT = 8;
export const DESTINATION_AT = 24;
// Of the routing and the fragment header.
export const SEGMENTS_LEFT_AT = 3;
export const FRAGMENT_OFFSET_AT = 2;
export const FRAGMENT_IDENT_AT = 4;
export const EXTENSION_ROUTING = 43;
export const EXTENSION_FRAGMENT = 44;
export const EXTENSION_AUTHENTICATION = 51;
export const NO_NEXT_HEADER = 59;
/** Also the least that any extension header has. */
export const FRAGMENT_BYTES = 8;

/** Whether a next-header number names an extension header that another header can follow. */
export const isExtension = (nextHeader: number): boolean => {
  switch (nextHeader) {
    case 0:
    case EXTENSION_ROUTING:
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
  const payloadLength = uint16(bytes, at + LENGTH_AT);
  frame.version = 6;
  frame.family = 6;
  frame.source = at + SOURCE_AT;
  frame.destination = at + DESTINATION_AT;
  frame.headerProtocol = bytes[at + NEXT_HEADER_AT];
  frame.ttl = bytes[at + HOP_LIMIT_AT];
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
  return decodeExtensions(bytes, frame, bytes[at + NEXT_HEADER_AT], at + IPV6_BYTES);
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
    // Segments left: the route goes on behind the destination.
    if (header === EXTENSION_ROUTING && bytes[at + SEGMENTS_LEFT_AT] > 0) frame.isRouted = true;
    header = bytes[at];
    if (isFragment) {
      const offset = uint16(bytes, at + FRAGMENT_OFFSET_AT);
      // Its low bits.
      frame.ipId = uint16(bytes, at + FRAGMENT_IDENT_AT + 2);
      // An atomic fragment (offset 0, no more to come; RFC 6946) is a whole packet.
      if ((offset & 0xfff9) !== 0) {
        frame.status |= STATUS_FRAGMENT;
        frame.setFragment(
          at + length,
          uint32(bytes, at + FRAGMENT_IDENT_AT),
          offset & 0xfff8,
          offset & 1,
        );
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
  frame.source = at + SOURCE_AT;
  if (available >= 7) {
    frame.headerProtocol = bytes[at + NEXT_HEADER_AT];
    frame.fields |= FIELD_IP_PROTOCOL;
  }
  if (available >= 8) {
    frame.ttl = bytes[at + HOP_LIMIT_AT];
    frame.fields |= FIELD_IP_TTL;
  }
  if (available >= 24) frame.fields |= FIELD_IP_SOURCE;
  return NEXT_NONE;
}
