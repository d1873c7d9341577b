// ARP (RFC 826) for IPv4 addresses. Its tuple is the pair of protocol addresses, sender first.
import { STATUS_MALFORMED, STATUS_TRANSPORT } from '../model/packet-status';
import { PROTOCOL_ARP } from '../model/protocols';
import { uint16 } from './bytes';
import { type DecodedFrame, NEXT_NONE } from './decoded-frame';
import { ETHER_TYPE_IPV4 } from './ether-type';

export const ARP_HEADER_BYTES = 8;

export function decodeArp(bytes: Uint8Array, frame: DecodedFrame): number {
  const at = frame.position;
  if (frame.end - at < ARP_HEADER_BYTES) {
    frame.status |= STATUS_MALFORMED;
    return NEXT_NONE;
  }
  frame.flags = uint16(bytes, at + 6);
  const hardwareBytes = bytes[at + 4];
  if (uint16(bytes, at + 2) !== ETHER_TYPE_IPV4 || bytes[at + 5] !== 4) return NEXT_NONE;
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
