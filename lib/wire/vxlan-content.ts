// VXLAN on a port of somebody's own, known by content: the header as RFC 7348 section 5 has it, and within it an Ethernet frame whose packet proves itself by its
// length and checksum. Each frame carries its own proof (some 100 bits that must fit), so no frame waits for others. `packets` goes by ports alone (PRODUCT.md).
import { uint16, uint32 } from './bytes';
import { checksumState } from './checksum';
import type { DecodedFrame } from './decoded-frame';
import { ETHER_TYPE_ARP, ETHER_TYPE_IPV4, ETHER_TYPE_IPV6, ETHER_TYPE_VLAN } from './ether-type';

const UDP_BYTES = 8;
const VXLAN_BYTES = 8;
const ETHERNET_BYTES = 14;
const VLAN_BYTES = 4;
const IPV4_BYTES = 20;
const IPV4_CHECKSUM_AT = 10;
const IPV6_BYTES = 40;
const ARP_BYTES = 28;
/** Only the bit that says that there is an identifier; all else is reserved and 0. */
const FLAGS = 0x08000000;
/** Hardware Ethernet, protocol IPv4. */
const ARP_START = 0x00010800;
/** A short frame is filled up to this, without its check sequence (IEEE 802.3). */
const LEAST_FRAME = 60;

/** Whether the datagram decoded last, whose payload begins at the frame's position, is VXLAN beyond doubt. */
export function isVxlanByContent(bytes: Uint8Array, frame: DecodedFrame): boolean {
  const at = frame.position;
  if (frame.end - at < VXLAN_BYTES + ETHERNET_BYTES + IPV4_BYTES) return false;
  if (uint32(bytes, at) !== FLAGS || bytes[at + 7] !== 0) return false;
  const inner = at + VXLAN_BYTES;
  const length = frame.udpLength - UDP_BYTES - VXLAN_BYTES;
  let packet = inner + ETHERNET_BYTES;
  let type = uint16(bytes, packet - 2);
  if (type === ETHER_TYPE_VLAN) {
    type = uint16(bytes, packet + 2);
    packet += VLAN_BYTES;
  }
  // By UDP's own length: of a first fragment less is here.
  const room = length - (packet - inner);
  const size = sizeOf(bytes, packet, frame.end, type);
  return size > 0 && (size === room || (size < room && length === LEAST_FRAME));
}

/** Bytes of the packet by its own header; 0: the header is not there whole, or does not prove itself. */
function sizeOf(bytes: Uint8Array, at: number, end: number, type: number): number {
  switch (type) {
    case ETHER_TYPE_IPV4: {
      if (end - at < IPV4_BYTES || bytes[at] !== 0x45) return 0;
      const place = { source: 0, destination: 0, family: 0, protocol: 0, end };
      const header = { ...place, start: at, length: IPV4_BYTES, field: IPV4_CHECKSUM_AT };
      return checksumState(bytes, header) === 'right' ? uint16(bytes, at + 2) : 0;
    }
    case ETHER_TYPE_IPV6:
      return end - at >= IPV6_BYTES && bytes[at] >>> 4 === 6
        ? IPV6_BYTES + uint16(bytes, at + 4)
        : 0;
    case ETHER_TYPE_ARP:
      return end - at >= ARP_BYTES &&
        uint32(bytes, at) === ARP_START &&
        uint16(bytes, at + 4) === 0x0604
        ? ARP_BYTES
        : 0;
    default:
      return 0;
  }
}
