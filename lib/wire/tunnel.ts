// Packets within packets: VXLAN (RFC 7348), Geneve (RFC 8926), GRE (RFC 2784, 2890), IP in IP (RFC 2003). The row describes the innermost packet.
import { SHELL_TUNNEL } from '../model/encapsulation';
import {
  STATUS_MALFORMED,
  STATUS_OUTER_CHECKSUM_WRONG,
  STATUS_TUNNELLED,
} from '../model/packet-status';
import { uint16, uint24, uint32 } from './bytes';
import {
  type DecodedFrame,
  MAXIMUM_NESTING,
  NEXT_ERSPAN,
  NEXT_ETHERNET,
  NEXT_IPV4,
  NEXT_IPV6,
  NEXT_MPLS,
  NEXT_NONE,
  NEXT_PAYLOAD,
  NEXT_PPP,
  NO_IDENTIFIER,
  TUNNEL_ERSPAN,
  TUNNEL_GENEVE,
  TUNNEL_GRE,
  TUNNEL_IPIP,
  TUNNEL_MPLS_IN_UDP,
  TUNNEL_VXLAN,
  TUNNEL_VXLAN_GPE,
} from './decoded-frame';
import { nextOfEtherType } from './ether-type';

export const VXLAN_BYTES = 8;
export const GENEVE_BYTES = 8;
export const GRE_BYTES = 4;
// Places of the headers' fields: the decoder and the tree's tables (tunnel-fields.ts) read at the same.
/** Of VXLAN, VXLAN-GPE and Geneve alike. */
export const VNI_AT = 4;
export const GPE_NEXT_AT = 3;
/** The group policy extension's bit G (draft-smith-vxlan-group-policy): a group stands in bytes 2 and 3. */
export const VXLAN_POLICY = 0x80;
export const TUNNEL_TYPE_AT = 2;
export const SESSION_AT = 2;
const ERSPAN_II_BYTES = 8;
const ERSPAN_III_BYTES = 12;
const ETHER_TYPE_ERSPAN_II = 0x88be;
const ETHER_TYPE_ERSPAN_III = 0x22eb;
export const GRE_CHECKSUM = 0x8000;
const GRE_ROUTING = 0x4000;
export const GRE_KEY = 0x2000;
export const GRE_SEQUENCE = 0x1000;
/** Of version 1 alone. */
export const GRE_ACKNOWLEDGEMENT = 0x0080;
const PROTOCOL_PPP = 0x880b;

export function decodeVxlan(bytes: Uint8Array, frame: DecodedFrame): number {
  const at = frame.position;
  if (frame.end - at < VXLAN_BYTES) {
    // The identifier may just have made it; then there is a tunnel, with nothing known of what it carries.
    if (frame.end - at === VXLAN_BYTES - 1)
      enterTunnel(frame, TUNNEL_VXLAN, uint24(bytes, at + VNI_AT));
    frame.status |= STATUS_MALFORMED;
    return NEXT_NONE;
  }
  const index = frame.tunnelCount;
  enterTunnel(frame, TUNNEL_VXLAN, uint24(bytes, at + VNI_AT));
  if (bytes[at] & VXLAN_POLICY) keepWords(frame, index, at, 1);
  frame.position = at + VXLAN_BYTES;
  return NEXT_ETHERNET;
}

/** Words of a header that belong to tunnel `index`: told in its context. */
function keepWords(frame: DecodedFrame, index: number, at: number, words: number): void {
  if (index >= frame.tunnelCount) return;
  frame.tunnelOptions[index] = at;
  frame.tunnelOptionWords[index] = words;
}

/** A stack of labels right behind UDP (RFC 7510). */
export function decodeMplsInUdp(frame: DecodedFrame): number {
  enterTunnel(frame, TUNNEL_MPLS_IN_UDP, NO_IDENTIFIER);
  return NEXT_MPLS;
}

export function decodeGeneve(bytes: Uint8Array, frame: DecodedFrame): number {
  const at = frame.position;
  if (frame.end - at < GENEVE_BYTES || bytes[at] >>> 6 !== 0) {
    frame.status |= STATUS_MALFORMED;
    return NEXT_NONE;
  }
  const headerBytes = GENEVE_BYTES + (bytes[at] & 0x3f) * 4;
  if (headerBytes > frame.end - at) {
    frame.status |= STATUS_MALFORMED;
    return NEXT_NONE;
  }
  const next = nextOfEtherType(uint16(bytes, at + TUNNEL_TYPE_AT));
  if (next === NEXT_PAYLOAD) return NEXT_NONE;
  const index = frame.tunnelCount;
  enterTunnel(frame, TUNNEL_GENEVE, uint24(bytes, at + VNI_AT));
  keepWords(frame, index, at + GENEVE_BYTES, bytes[at] & 0x3f);
  frame.position = at + headerBytes;
  return next;
}

/** Bytes of a GRE header by its flags; 0: a version or routing that is not followed. Version 1 is PPTP's (RFC 2637 section 4.1). */
export const greBytes = (flags: number): number =>
  (flags & 7) > 1 || (flags & GRE_ROUTING) !== 0
    ? 0
    : GRE_BYTES +
      (flags & GRE_CHECKSUM ? 4 : 0) +
      (flags & GRE_KEY ? 4 : 0) +
      (flags & GRE_SEQUENCE ? 4 : 0) +
      ((flags & 7) === 1 && flags & GRE_ACKNOWLEDGEMENT ? 4 : 0);

/** Place of the key within the header; 0: it has none. */
const greKeyOffset = (flags: number): number =>
  flags & GRE_KEY ? GRE_BYTES + (flags & GRE_CHECKSUM ? 4 : 0) : 0;

/** Next protocol of VXLAN-GPE (draft-ietf-nvo3-vxlan-gpe): 1 IPv4, 2 IPv6, 3 Ethernet, 5 MPLS. */
export function decodeVxlanGpe(bytes: Uint8Array, frame: DecodedFrame): number {
  const at = frame.position;
  if (frame.end - at < VXLAN_BYTES) {
    frame.status |= STATUS_MALFORMED;
    return NEXT_NONE;
  }
  const next =
    [NEXT_NONE, NEXT_IPV4, NEXT_IPV6, NEXT_ETHERNET, NEXT_NONE, NEXT_MPLS][
      bytes[at + GPE_NEXT_AT]
    ] ?? NEXT_NONE;
  if (next === NEXT_NONE) return NEXT_NONE;
  enterTunnel(frame, TUNNEL_VXLAN_GPE, uint24(bytes, at + VNI_AT));
  frame.position = at + VXLAN_BYTES;
  return next;
}

/** Mirrored frames within GRE (draft-foschiano-erspan): type II has 8 bytes of its own, type III 12 and 8 more where it says so. */
export function decodeErspan(bytes: Uint8Array, frame: DecodedFrame): number {
  const at = frame.position;
  const version = frame.end > at ? bytes[at] >>> 4 : -1;
  const own = erspanBytes(bytes, at, frame.end);
  if (own === 0 || own > frame.end - at) {
    if (version === 1 || version === 2) frame.status |= STATUS_MALFORMED;
    return NEXT_NONE;
  }
  frame.tunnelKinds[frame.tunnelCount - 1] = TUNNEL_ERSPAN;
  frame.tunnelIdentifiers[frame.tunnelCount - 1] = uint16(bytes, at + SESSION_AT) & 0x3ff;
  frame.position = at + own;
  return NEXT_ETHERNET;
}

/** 0: no version that is known, or cut. */
export function erspanBytes(bytes: Uint8Array, at: number, end: number): number {
  if (end - at < ERSPAN_II_BYTES) return 0;
  switch (bytes[at] >>> 4) {
    case 1:
      return ERSPAN_II_BYTES;
    case 2:
      return end - at < ERSPAN_III_BYTES
        ? 0
        : ERSPAN_III_BYTES + (bytes[at + ERSPAN_III_BYTES - 1] & 1 ? 8 : 0);
    default:
      return 0;
  }
}

export function decodeGre(bytes: Uint8Array, frame: DecodedFrame): number {
  const at = frame.position;
  if (frame.end - at < GRE_BYTES) {
    frame.status |= STATUS_MALFORMED;
    return NEXT_NONE;
  }
  const flags = uint16(bytes, at);
  const headerBytes = greBytes(flags);
  const type = uint16(bytes, at + TUNNEL_TYPE_AT);
  const isErspan = type === ETHER_TYPE_ERSPAN_II || type === ETHER_TYPE_ERSPAN_III;
  // Type I has no header of its own, and no sequence number in GRE's.
  const next = !isErspan
    ? type === PROTOCOL_PPP
      ? NEXT_PPP
      : nextOfEtherType(type)
    : type === ETHER_TYPE_ERSPAN_II && (flags & GRE_SEQUENCE) === 0
      ? NEXT_ETHERNET
      : NEXT_ERSPAN;
  if (headerBytes === 0 || next === NEXT_PAYLOAD) return NEXT_PAYLOAD;
  if (headerBytes > frame.end - at) {
    frame.status |= STATUS_MALFORMED;
    return NEXT_NONE;
  }
  // Acknowledgements of PPTP carry nothing.
  if (next === NEXT_PPP && frame.wireEnd - at === headerBytes) return NEXT_PAYLOAD;
  const key = greKeyOffset(flags);
  enterTunnel(frame, TUNNEL_GRE, key === 0 ? NO_IDENTIFIER : uint32(bytes, at + key));
  frame.position = at + headerBytes;
  return next;
}

/** An IP header directly within another. */
export const enterIpTunnel = (frame: DecodedFrame): void =>
  enterTunnel(frame, TUNNEL_IPIP, NO_IDENTIFIER);

/** Notes the outer packet as a tunnel and makes room for the inner one. Bounds of the outer packet hold for the inner. */
function enterTunnel(frame: DecodedFrame, kind: number, identifier: number): void {
  const index = frame.tunnelCount;
  if (index < MAXIMUM_NESTING) {
    frame.tunnelKinds[index] = kind;
    frame.tunnelIdentifiers[index] = identifier;
    frame.tunnelSources[index] = frame.source;
    frame.tunnelDestinations[index] = frame.destination;
    frame.tunnelFamilies[index] = frame.family;
    frame.tunnelOptionWords[index] = 0;
    frame.addShell(SHELL_TUNNEL);
    frame.tunnelCount = index + 1;
  }
  const outer = frame.status & STATUS_OUTER_CHECKSUM_WRONG;
  frame.clearPacket();
  frame.status = STATUS_TUNNELLED | outer;
}
