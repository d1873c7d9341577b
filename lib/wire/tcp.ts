// TCP (RFC 9293) and its options: MSS, window scale and timestamps (RFC 7323), SACK (RFC 2018).
import {
  STATUS_CHECKSUM_WRONG,
  STATUS_FRAGMENT,
  STATUS_MALFORMED,
  STATUS_TIMESTAMPS,
  STATUS_TRANSPORT,
} from '../model/packet-status';
import { TCP_SYN } from '../model/tcp-flags';
import { uint16, uint32 } from './bytes';
import {
  type DecodedFrame,
  FIELD_PORTS,
  FIELD_TCP_HEADER,
  FIELD_TCP_LENGTH,
  FIELD_TIMESTAMP_VALUE,
  NEXT_NONE,
} from './decoded-frame';
import { isChecksumWrong } from './transport-checksum';

export const TCP_BYTES = 20;
// Places of the header's fields: the decoder and the tree's table (tcp-fields.ts) read at the same.
export const SOURCE_PORT_AT = 0;
export const DESTINATION_PORT_AT = 2;
export const SEQUENCE_AT = 4;
export const ACKNOWLEDGEMENT_AT = 8;
export const FLAGS_AT = 12;
export const WINDOW_AT = 14;
export const CHECKSUM_AT = 16;
const PORT_BYTES = 4;
/** Up to the window: what a row needs. Checksum and urgent pointer may be cut off. */
const NEEDED_BYTES = 16;

export const OPTION_END = 0;
export const OPTION_NOP = 1;
export const OPTION_MSS = 2;
export const OPTION_WINDOW_SCALE = 3;
export const OPTION_SACK_PERMITTED = 4;
export const OPTION_SACK = 5;
export const OPTION_TIMESTAMPS = 8;

/** Payload of the segments whose checksum is looked at: requests and short answers. Adding up whole segments would cost a tenth of reading. */
export const MOST_SUMMED = 256;
/** NOP, NOP, timestamps of length 10: how nearly every stack writes the only option of a data segment. */
const ALIGNED_TIMESTAMPS = 0x0101080a;

export function decodeTcp(bytes: Uint8Array, frame: DecodedFrame): number {
  const at = frame.position;
  if (frame.end - at < NEEDED_BYTES) {
    frame.status |= STATUS_MALFORMED;
    if (frame.end - at >= PORT_BYTES) decodePorts(bytes, frame);
    return NEXT_NONE;
  }
  decodePorts(bytes, frame);
  const flags = uint16(bytes, at + FLAGS_AT) & 0x0fff;
  const headerBytes = (bytes[at + FLAGS_AT] >>> 4) * 4;
  frame.sequence = uint32(bytes, at + SEQUENCE_AT);
  frame.acknowledgement = uint32(bytes, at + ACKNOWLEDGEMENT_AT);
  frame.flags = flags;
  frame.window = uint16(bytes, at + WINDOW_AT);
  frame.fields |= FIELD_TCP_HEADER;
  frame.status |= STATUS_TRANSPORT;
  if (headerBytes < TCP_BYTES) {
    frame.status |= STATUS_MALFORMED;
    return NEXT_NONE;
  }
  const payload = at + headerBytes;
  if (payload <= frame.wireEnd) {
    frame.payload = payload;
    frame.payloadLength = frame.wireEnd - payload;
    if ((frame.status & STATUS_FRAGMENT) === 0) frame.fields |= FIELD_TCP_LENGTH;
  }
  if (headerBytes > TCP_BYTES) {
    let optionsEnd = payload;
    if (payload > frame.end) {
      frame.status |= STATUS_MALFORMED;
      optionsEnd = frame.end;
    }
    if (
      headerBytes === TCP_BYTES + 12 &&
      optionsEnd === payload &&
      uint32(bytes, at + TCP_BYTES) === ALIGNED_TIMESTAMPS
    )
      setTimestamps(bytes, frame, at + TCP_BYTES + 4);
    else decodeOptions(bytes, frame, at + TCP_BYTES, optionsEnd);
  }
  const carries = frame.wireEnd - payload;
  if (
    ((flags & TCP_SYN) !== 0 ? carries >= 0 : carries > 0 && carries <= MOST_SUMMED) &&
    isChecksumWrong(bytes, frame, at, frame.wireEnd - at, CHECKSUM_AT)
  )
    frame.status |= STATUS_CHECKSUM_WRONG;
  return NEXT_NONE;
}

function decodePorts(bytes: Uint8Array, frame: DecodedFrame): void {
  frame.sourcePort = uint16(bytes, frame.position + SOURCE_PORT_AT);
  frame.destinationPort = uint16(bytes, frame.position + DESTINATION_PORT_AT);
  frame.fields |= FIELD_PORTS;
}

function setTimestamps(bytes: Uint8Array, frame: DecodedFrame, at: number): void {
  frame.timestampValue = uint32(bytes, at);
  frame.timestampEcho = uint32(bytes, at + 4);
  frame.status |= STATUS_TIMESTAMPS;
  frame.fields |= FIELD_TIMESTAMP_VALUE;
}

function decodeOptions(bytes: Uint8Array, frame: DecodedFrame, from: number, end: number): void {
  let at = from;
  while (at < end) {
    const kind = bytes[at];
    if (kind === OPTION_END) return;
    if (kind === OPTION_NOP) {
      at++;
      continue;
    }
    const length = at + 1 < end ? bytes[at + 1] : 0;
    if (length < 2 || at + length > end) {
      frame.status |= STATUS_MALFORMED;
      if (kind === OPTION_TIMESTAMPS && length === 10 && at + 6 <= end) {
        frame.cutTimestampValue = uint32(bytes, at + 2);
        frame.fields |= FIELD_TIMESTAMP_VALUE;
      }
      return;
    }
    decodeOption(bytes, frame, kind, at, length);
    at += length;
  }
}

function decodeOption(
  bytes: Uint8Array,
  frame: DecodedFrame,
  kind: number,
  at: number,
  length: number,
): void {
  if (kind === OPTION_TIMESTAMPS && length === 10) setTimestamps(bytes, frame, at + 2);
  else if (kind === OPTION_SACK) decodeSack(bytes, frame, at + 2, at + length);
  else if ((frame.flags & TCP_SYN) !== 0) {
    if (kind === OPTION_MSS && length === 4) frame.mss = uint16(bytes, at + 2);
    else if (kind === OPTION_WINDOW_SCALE && length === 3) frame.windowScale = bytes[at + 2];
    else if (kind === OPTION_SACK_PERMITTED && length === 2) frame.sackPermitted = 1;
    else return;
    frame.hasSynOptions = true;
  }
}

function decodeSack(bytes: Uint8Array, frame: DecodedFrame, from: number, end: number): void {
  for (let at = from; at + 8 <= end && frame.sackEdges < frame.sacks.length; at += 8) {
    frame.sacks[frame.sackEdges++] = uint32(bytes, at);
    frame.sacks[frame.sackEdges++] = uint32(bytes, at + 4);
  }
}
