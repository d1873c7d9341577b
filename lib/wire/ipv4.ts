// IPv4 (RFC 791).
import {
  STATUS_DONT_FRAGMENT,
  STATUS_FRAGMENT,
  STATUS_IPV4,
  STATUS_LATER_FRAGMENT,
  STATUS_MALFORMED,
} from '../model/packet-status';
import { uint16 } from './bytes';
import {
  type DecodedFrame,
  FIELD_IP_ID,
  FIELD_IP_PROTOCOL,
  FIELD_IP_SOURCE,
  FIELD_IP_TTL,
  FIELDS_IP,
  NEXT_NONE,
  NEXT_PAYLOAD,
} from './decoded-frame';
import { nextOfProtocol } from './ip-protocol';

export const IPV4_BYTES = 20;

export function decodeIpv4(bytes: Uint8Array, frame: DecodedFrame): number {
  const at = frame.position;
  if (frame.end - at < IPV4_BYTES) return decodeCutHeader(bytes, frame);
  const headerBytes = (bytes[at] & 0x0f) * 4;
  if (bytes[at] >>> 4 !== 4 || headerBytes < IPV4_BYTES) {
    frame.status |= STATUS_MALFORMED;
    return NEXT_NONE;
  }
  const totalLength = uint16(bytes, at + 2);
  if (totalLength !== 0 && totalLength < headerBytes) {
    frame.status |= STATUS_MALFORMED;
    return NEXT_NONE;
  }
  const fragment = uint16(bytes, at + 6);
  const protocol = bytes[at + 9];
  frame.version = 4;
  frame.family = 4;
  frame.source = at + 12;
  frame.destination = at + 16;
  frame.protocol = protocol;
  frame.headerProtocol = protocol;
  frame.ipId = uint16(bytes, at + 4);
  frame.ttl = bytes[at + 8];
  frame.tos = bytes[at + 1];
  frame.fields = FIELDS_IP;
  frame.status |= STATUS_IPV4;
  if (fragment & 0x4000) frame.status |= STATUS_DONT_FRAGMENT;
  // Total length 0: the card cuts the packet later (TSO), so the frame's own length holds.
  if (totalLength !== 0) {
    if (totalLength > frame.wireEnd - at) frame.status |= STATUS_MALFORMED;
    else {
      frame.wireEnd = at + totalLength;
      if (frame.end > frame.wireEnd) frame.end = frame.wireEnd;
    }
  }
  frame.position = at + headerBytes;
  if (frame.position > frame.end) {
    frame.status |= STATUS_MALFORMED;
    return NEXT_NONE;
  }
  if ((fragment & 0x3fff) !== 0) {
    frame.status |= STATUS_FRAGMENT;
    if ((fragment & 0x1fff) !== 0) {
      frame.status |= STATUS_LATER_FRAGMENT;
      return NEXT_PAYLOAD;
    }
  }
  return nextOfProtocol(protocol);
}

/** A header that the capture cut: its fields so far, but no tuple. */
function decodeCutHeader(bytes: Uint8Array, frame: DecodedFrame): number {
  const at = frame.position;
  const available = frame.end - at;
  frame.status |= STATUS_MALFORMED;
  if (available < 1 || bytes[at] >>> 4 !== 4 || (bytes[at] & 0x0f) < 5) return NEXT_NONE;
  frame.version = 4;
  frame.source = at + 12;
  if (available >= 6) {
    frame.ipId = uint16(bytes, at + 4);
    frame.fields |= FIELD_IP_ID;
  }
  if (available >= 9) {
    frame.ttl = bytes[at + 8];
    frame.fields |= FIELD_IP_TTL;
  }
  if (available >= 10) {
    frame.headerProtocol = bytes[at + 9];
    frame.fields |= FIELD_IP_PROTOCOL;
  }
  if (available >= 16) frame.fields |= FIELD_IP_SOURCE;
  return NEXT_NONE;
}
