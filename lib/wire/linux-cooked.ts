// Linux cooked captures, SLL and SLL2: what `tcpdump -i any` writes. SLL2 adds the interface's index, which makes several points of one file.
import { STATUS_MALFORMED } from '../model/packet-status';
import { uint16, uint32 } from './bytes';
import { type DecodedFrame, NEXT_NONE, NEXT_PAYLOAD } from './decoded-frame';
import { nextOfEtherType } from './ether-type';
import { FIRST_ETHER_TYPE } from './ethernet';

export const SLL_BYTES = 16;
export const SLL2_BYTES = 20;
/** PACKET_OUTGOING of linux/if_packet.h: all smaller types were received. */
export const PACKET_OUTGOING = 4;
const MAC_BYTES = 6;

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
  if (uint16(bytes, at + 4) === MAC_BYTES) frame.sourceMac = at + 6;
  frame.position = at + SLL_BYTES;
  return nextOfProtocol(uint16(bytes, at + 14));
}

export function decodeLinuxSll2(bytes: Uint8Array, frame: DecodedFrame): number {
  const at = frame.position;
  if (frame.end - at < SLL2_BYTES) {
    frame.status |= STATUS_MALFORMED;
    return NEXT_NONE;
  }
  frame.ifindex = uint32(bytes, at + 4);
  frame.direction = directionOf(bytes[at + 10]);
  if (bytes[at + 11] === MAC_BYTES) frame.sourceMac = at + 12;
  frame.position = at + SLL2_BYTES;
  return nextOfProtocol(uint16(bytes, at));
}
