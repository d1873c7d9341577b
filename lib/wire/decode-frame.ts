// Runs the decoders over one frame, each telling what comes next. No input may throw out of it or make it loop: every step moves forward or ends.
import { STATUS_FRAGMENT } from '../model/packet-status';
import { decodeArista } from './arista';
import { decodeArp } from './arp';
import {
  type DecodedFrame,
  NEXT_AH,
  NEXT_ARISTA,
  NEXT_ARP,
  NEXT_CISCO_HDLC,
  NEXT_ERSPAN,
  NEXT_ETHERNET,
  NEXT_GENEVE,
  NEXT_GRE,
  NEXT_ICMP,
  NEXT_ICMPV6,
  NEXT_IPV4,
  NEXT_IPV6,
  NEXT_LINUX_SLL,
  NEXT_LINUX_SLL2,
  NEXT_LLC,
  NEXT_LOOP,
  NEXT_MACSEC,
  NEXT_MPLS,
  NEXT_NFLOG,
  NEXT_NONE,
  NEXT_NULL,
  NEXT_PAYLOAD,
  NEXT_PPP,
  NEXT_PPP_WITH_DIRECTION,
  NEXT_PPPOE,
  NEXT_RAW,
  NEXT_SCTP,
  NEXT_TCP,
  NEXT_UDP,
  NEXT_VLAN,
  NEXT_VXLAN,
  NEXT_VXLAN_GPE,
} from './decoded-frame';
import { decodeEthernet, decodeLlc, decodeVlan } from './ethernet';
import { decodeIcmp, decodeIcmpv6 } from './icmp';
import { decodeIpv4 } from './ipv4';
import { decodeIpv6 } from './ipv6';
import { firstDecoder } from './link-types';
import { decodeLinuxSll, decodeLinuxSll2 } from './linux-cooked';
import { decodeLoopback, decodeRaw } from './loopback';
import { decodeMacsec } from './macsec';
import { decodeNflog } from './nflog';
import {
  decodeCiscoHdlc,
  decodeMpls,
  decodePpp,
  decodePppoe,
  decodePppWithDirection,
} from './point-to-point';
import { decodeSctp } from './sctp';
import { decodeAh } from './security';
import { decodeTcp } from './tcp';
import {
  decodeErspan,
  decodeGeneve,
  decodeGre,
  decodeVxlan,
  decodeVxlanGpe,
  enterIpTunnel,
} from './tunnel';
import { decodeUdp } from './udp';

/** Layers of one frame: more are not honest. */
export const MAXIMUM_LAYERS = 32;

/** Decodes bytes [start, start + capturedLength) into `frame`, which is cleared first. */
export function decodeFrame(
  bytes: Uint8Array,
  start: number,
  capturedLength: number,
  wireLength: number,
  linkType: number,
  frame: DecodedFrame,
): void {
  frame.begin(start, capturedLength, wireLength);
  let next = firstDecoder(linkType);
  for (let layer = 0; next !== NEXT_NONE && layer < MAXIMUM_LAYERS; layer++)
    next = decodeLayer(bytes, frame, next);
}

/**
 * What lies there, as Wireshark has it: a packet of version 6 is one also where IPv4 was announced. Where IPv6 was announced by the packet around it and another
 * version lies there, that packet is the row.
 */
export function layerAt(bytes: Uint8Array, frame: DecodedFrame, next: number): number {
  if ((next !== NEXT_IPV4 && next !== NEXT_IPV6) || frame.position >= frame.end) return next;
  const isVersion6 = bytes[frame.position] >>> 4 === 6;
  if (next === NEXT_IPV4) return isVersion6 ? NEXT_IPV6 : NEXT_IPV4;
  return isVersion6 || frame.family === 0 ? NEXT_IPV6 : NEXT_PAYLOAD;
}

/** One step: the layer at the frame's position; answers what comes next. */
export function decodeLayer(bytes: Uint8Array, frame: DecodedFrame, next: number): number {
  switch (layerAt(bytes, frame, next)) {
    case NEXT_ETHERNET:
      if (frame.family !== 0) enterIpTunnel(frame);
      return decodeEthernet(bytes, frame);
    case NEXT_IPV4:
      if (frame.family !== 0) enterIpTunnel(frame);
      return decodeIpv4(bytes, frame);
    case NEXT_TCP:
      return decodeTcp(bytes, frame);
    case NEXT_UDP:
      return decodeUdp(bytes, frame);
    case NEXT_IPV6:
      if (frame.family !== 0) enterIpTunnel(frame);
      return decodeIpv6(bytes, frame);
    case NEXT_VLAN:
      return decodeVlan(bytes, frame);
    case NEXT_ARP:
      return decodeArp(bytes, frame);
    case NEXT_ICMP:
      return decodeIcmp(bytes, frame);
    case NEXT_ICMPV6:
      return decodeIcmpv6(bytes, frame);
    case NEXT_SCTP:
      return decodeSctp(bytes, frame);
    case NEXT_VXLAN:
      return decodeVxlan(bytes, frame);
    case NEXT_GENEVE:
      return decodeGeneve(bytes, frame);
    case NEXT_GRE:
      return decodeGre(bytes, frame);
    case NEXT_LINUX_SLL:
      return decodeLinuxSll(bytes, frame);
    case NEXT_LINUX_SLL2:
      return decodeLinuxSll2(bytes, frame);
    case NEXT_CISCO_HDLC:
      return decodeCiscoHdlc(bytes, frame);
    case NEXT_LLC:
      return decodeLlc(bytes, frame);
    case NEXT_MPLS:
      if (frame.family !== 0) enterIpTunnel(frame);
      return decodeMpls(bytes, frame);
    case NEXT_PPP:
      return decodePpp(bytes, frame);
    case NEXT_PPP_WITH_DIRECTION:
      return decodePppWithDirection(bytes, frame);
    case NEXT_PPPOE:
      return decodePppoe(bytes, frame);
    case NEXT_NFLOG:
      return decodeNflog(bytes, frame);
    case NEXT_ERSPAN:
      return decodeErspan(bytes, frame);
    case NEXT_VXLAN_GPE:
      return decodeVxlanGpe(bytes, frame);
    case NEXT_MACSEC:
      return decodeMacsec(bytes, frame);
    case NEXT_ARISTA:
      return decodeArista(bytes, frame);
    case NEXT_AH:
      return decodeAh(bytes, frame);
    case NEXT_NULL:
    case NEXT_LOOP:
      return decodeLoopback(bytes, frame);
    case NEXT_RAW:
      return decodeRaw(bytes, frame);
    case NEXT_PAYLOAD:
      return decodePayload(frame);
    default:
      return NEXT_NONE;
  }
}

/** IP payload that no decoder knows, or of a later fragment: its length and digest still tell packets apart. */
function decodePayload(frame: DecodedFrame): number {
  if (frame.family === 0 && (frame.status & STATUS_FRAGMENT) === 0) return NEXT_NONE;
  frame.payload = frame.position;
  frame.payloadLength = frame.wireEnd - frame.position;
  return NEXT_NONE;
}
