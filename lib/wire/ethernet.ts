// Ethernet II, and 802.1Q / 802.1ad tags. 802.3 frames with a length field carry nothing we follow.
import { STATUS_MALFORMED } from '../model/packet-status';
import { uint16 } from './bytes';
import { type DecodedFrame, MAXIMUM_NESTING, NEXT_NONE, NEXT_PAYLOAD } from './decoded-frame';
import { nextOfEtherType } from './ether-type';

export const ETHERNET_BYTES = 14;
export const VLAN_TAG_BYTES = 4;
/** Values below are lengths, not types (IEEE 802.3 section 3.2.6). */
export const FIRST_ETHER_TYPE = 0x0600;

export function decodeEthernet(bytes: Uint8Array, frame: DecodedFrame): number {
  const at = frame.position;
  if (frame.end - at < ETHERNET_BYTES) {
    frame.status |= STATUS_MALFORMED;
    return NEXT_NONE;
  }
  frame.destinationMac = at;
  frame.sourceMac = at + 6;
  frame.position = at + ETHERNET_BYTES;
  const type = uint16(bytes, at + 12);
  return type < FIRST_ETHER_TYPE ? NEXT_PAYLOAD : nextOfEtherType(type);
}

/** One tag: its EtherType has been read, its control information and the next EtherType follow. */
export function decodeVlan(bytes: Uint8Array, frame: DecodedFrame): number {
  const at = frame.position;
  if (frame.end - at < VLAN_TAG_BYTES) {
    frame.status |= STATUS_MALFORMED;
    return NEXT_NONE;
  }
  if (frame.vlanCount < MAXIMUM_NESTING)
    frame.vlans[frame.vlanCount++] = uint16(bytes, at) & 0x0fff;
  frame.position = at + VLAN_TAG_BYTES;
  const type = uint16(bytes, at + 2);
  return type < FIRST_ETHER_TYPE ? NEXT_PAYLOAD : nextOfEtherType(type);
}
