// ICMP (RFC 792) and ICMPv6 (RFC 4443). Echo: the identifier stands in both ports of the tuple, so that request and reply share it. icmp-fields.ts lists the fields.
import { STATUS_ICMP_ERROR, STATUS_MALFORMED, STATUS_TRANSPORT } from '../model/packet-status';
import { uint16, uint32 } from './bytes';
import { type DecodedFrame, FIELD_ICMP_TYPE, NEXT_NONE } from './decoded-frame';

export const ICMP_BYTES = 8;
/** Identifier and sequence number of an echo: the decoder and the tree's table read at the same. */
export const ECHO_AT = 4;
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
    frame.sequence = uint32(bytes, at + ECHO_AT);
    frame.sourcePort = uint16(bytes, at + ECHO_AT);
    frame.destinationPort = frame.sourcePort;
  } else if (isError(type)) frame.status |= STATUS_ICMP_ERROR;
  frame.payload = at + ICMP_BYTES;
  frame.payloadLength = frame.wireEnd - frame.payload;
  return NEXT_NONE;
}
