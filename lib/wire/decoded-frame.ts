// The one mutable record that all decoders write and that is used again for every frame: no object is made per frame in the fast path.
// decode-frame.ts runs the decoders over it, block-builder.ts turns it into columns.
import { SHELL_TUNNEL } from '../model/encapsulation';

/** What a decoder leaves for the next one to do. */
export const NEXT_NONE = 0;
export const NEXT_ETHERNET = 1;
export const NEXT_VLAN = 2;
export const NEXT_IPV4 = 3;
export const NEXT_IPV6 = 4;
export const NEXT_ARP = 5;
export const NEXT_TCP = 6;
export const NEXT_UDP = 7;
export const NEXT_ICMP = 8;
export const NEXT_ICMPV6 = 9;
export const NEXT_SCTP = 10;
export const NEXT_VXLAN = 11;
export const NEXT_GENEVE = 12;
export const NEXT_GRE = 13;
export const NEXT_LINUX_SLL = 14;
export const NEXT_LINUX_SLL2 = 15;
export const NEXT_NULL = 16;
export const NEXT_LOOP = 17;
export const NEXT_RAW = 18;
/** Bytes that no decoder knows: the payload of what came before. */
export const NEXT_PAYLOAD = 19;
export const NEXT_PPP = 20;
export const NEXT_PPP_WITH_DIRECTION = 21;
export const NEXT_PPPOE = 22;
export const NEXT_MPLS = 23;
export const NEXT_NFLOG = 24;
/** 802.2 LLC behind an 802.3 length. */
export const NEXT_LLC = 25;
export const NEXT_ERSPAN = 26;
export const NEXT_VXLAN_GPE = 27;
export const NEXT_CISCO_HDLC = 28;
export const NEXT_AH = 29;
export const NEXT_MACSEC = 30;
export const NEXT_ARISTA = 31;

/** Bits of `fields`: header fields that were read whole. A cut header has some and lacks others. */
export const FIELD_PORTS = 0x01;
export const FIELD_TCP_HEADER = 0x02;
/** The segment's length follows from the headers: no fragment, no contradiction. */
export const FIELD_TCP_LENGTH = 0x04;
/** TSval was read; a cut option may have no TSecr. */
export const FIELD_TIMESTAMP_VALUE = 0x08;
export const FIELD_UDP_LENGTH = 0x10;
export const FIELD_ICMP_TYPE = 0x20;
export const FIELD_IP_PROTOCOL = 0x80;
export const FIELD_IP_ID = 0x100;
export const FIELD_IP_TTL = 0x200;
export const FIELD_IP_SOURCE = 0x400;
export const FIELD_IP_DESTINATION = 0x800;
/** All of an IP header's. */
export const FIELDS_IP = 0xf80;

export const NO_IFINDEX = 0xffff_ffff;
/** More VLAN tags or tunnels than this within one frame are passed over without a note. */
export const MAXIMUM_NESTING = 8;
const MAXIMUM_SACK_EDGES = 8;

export const TUNNEL_VXLAN = 0;
export const TUNNEL_GENEVE = 1;
export const TUNNEL_GRE = 2;
export const TUNNEL_IPIP = 3;
export const TUNNEL_ERSPAN = 4;
export const TUNNEL_MPLS_IN_UDP = 5;
export const TUNNEL_VXLAN_GPE = 6;
export const NO_IDENTIFIER = 0xffff_ffff;
export const NO_SESSION = -1;
/** Shells whose order is kept: two bits each, and a one before them. */
const FULL_ORDER = 1 << 28;

export class DecodedFrame {
  /** `findsVxlan`: VXLAN is known by its content too, on any port; `packets` goes by ports alone. Holds for all frames decoded into this record. */
  constructor(readonly findsVxlan = true) {}

  /** Where the next decoder begins, in the bytes given. */
  position = 0;
  /** End of what was captured, and of what was there on the wire; both narrowed by lengths in headers. */
  end = 0;
  wireEnd = 0;

  // Below IP.
  /** Offset of the innermost Ethernet addresses (-1: none); the destination's is -1 on cooked links. */
  sourceMac = -1;
  destinationMac = -1;
  ifindex = NO_IFINDEX;
  direction = 0;
  vlanCount = 0;
  readonly vlans = new Uint16Array(MAXIMUM_NESTING);
  tunnelCount = 0;
  readonly tunnelKinds = new Uint8Array(MAXIMUM_NESTING);
  readonly tunnelIdentifiers = new Uint32Array(MAXIMUM_NESTING);
  /** Offsets of the outer addresses, and their family. */
  readonly tunnelSources = new Uint32Array(MAXIMUM_NESTING);
  readonly tunnelDestinations = new Uint32Array(MAXIMUM_NESTING);
  readonly tunnelFamilies = new Uint8Array(MAXIMUM_NESTING);
  /** Geneve's options, or VXLAN's word with a group policy: where they begin, and their whole 32-bit words. */
  readonly tunnelOptions = new Uint32Array(MAXIMUM_NESTING);
  readonly tunnelOptionWords = new Uint8Array(MAXIMUM_NESTING);
  /** MPLS labels, outermost first. */
  labelCount = 0;
  readonly labels = new Uint32Array(MAXIMUM_NESTING);
  /** PPPoE's. */
  session = NO_SESSION;
  /** Tags, sessions, labels and tunnels as they were met, from outside: `SHELL_…`, two bits each, below a leading one. */
  shellOrder = 1;
  /** A tag, session or label lies within a tunnel. */
  hasInnerTags = false;

  /** The last IP fragment met, kept when its inner packet takes over: its IP payload in bytes [fragmentStart, fragmentEnd) (-1: none), where it belongs. */
  fragmentStart = -1;
  fragmentEnd = 0;
  fragmentIdent = 0;
  fragmentOffset = 0;
  fragmentMore = 0;
  fragmentFamily = 0;
  /** IPv4: the protocol. IPv6 tells datagrams apart without it (RFC 8200 section 4.5): 0. */
  fragmentProtocol = 0;
  fragmentSource = 0;
  fragmentDestination = 0;

  // The innermost packet.
  /** 4 or 6 where an IP header begins, whole or cut. */
  version = 0;
  /** 4 or 6; 0: no tuple. ARP over IPv4 has 4 without STATUS_IPV4. */
  family = 0;
  /** Offsets of the addresses. */
  source = 0;
  destination = 0;
  /** As the tuple table stores it: the transport behind IPv6's extension headers. */
  protocol = 0;
  /** The IP header's own protocol or next-header field. */
  headerProtocol = 0;
  sourcePort = 0;
  destinationPort = 0;
  sequence = 0;
  acknowledgement = 0;
  timestampValue = 0;
  timestampEcho = 0;
  /** TSval of an option that is cut before TSecr: shown, but no timestamps to go by. */
  cutTimestampValue = 0;
  ipId = 0;
  flags = 0;
  window = 0;
  /** Source routed, and not yet at the route's end: the destination is a hop. */
  isRouted = false;
  /** Offset of the payload, and its length by the headers. */
  payload = 0;
  payloadLength = 0;
  status = 0;
  ttl = 0;
  tos = 0;
  fields = 0;
  udpLength = 0;
  /** Options of a SYN: 0, 0xffff, 0 where they are none. */
  mss = 0;
  windowScale = 0xffff;
  sackPermitted = 0;
  hasSynOptions = false;
  sackEdges = 0;
  readonly sacks = new Uint32Array(MAXIMUM_SACK_EDGES);

  /** A header says that its packet ends at `end`: what lies behind is padding, or was never there. */
  narrow(end: number): void {
    if (end < this.wireEnd) this.wireEnd = end;
    if (end < this.end) this.end = end;
  }

  /** The packet at hand is a fragment whose IP payload begins at `start` and ends where the wire does. */
  setFragment(start: number, ident: number, offset: number, more: number): void {
    this.fragmentStart = start;
    this.fragmentEnd = this.wireEnd;
    this.fragmentIdent = ident;
    this.fragmentOffset = offset;
    this.fragmentMore = more;
    this.fragmentFamily = this.family;
    this.fragmentProtocol = this.family === 4 ? this.protocol : 0;
    this.fragmentSource = this.source;
    this.fragmentDestination = this.destination;
  }

  /** Notes what lies around the packet: `SHELL_…`. */
  addShell(shell: number): void {
    if (shell !== SHELL_TUNNEL && this.tunnelCount > 0) this.hasInnerTags = true;
    if (this.shellOrder < FULL_ORDER) this.shellOrder = (this.shellOrder << 2) | shell;
  }

  /** Before a frame: bytes [start, start + capturedLength), of which wireLength were on the wire. */
  begin(start: number, capturedLength: number, wireLength: number): void {
    this.position = start;
    this.end = start + capturedLength;
    this.wireEnd = start + (wireLength > capturedLength ? wireLength : capturedLength);
    this.sourceMac = -1;
    this.destinationMac = -1;
    this.ifindex = NO_IFINDEX;
    this.direction = 0;
    this.vlanCount = 0;
    this.tunnelCount = 0;
    this.labelCount = 0;
    this.session = NO_SESSION;
    this.shellOrder = 1;
    this.hasInnerTags = false;
    this.fragmentStart = -1;
    this.status = 0;
    this.clearPacket();
  }

  /** Forgets the packet decoded so far, because another travels inside it; what lies below IP stays. */
  clearPacket(): void {
    this.version = 0;
    this.family = 0;
    this.protocol = 0;
    this.headerProtocol = 0;
    this.sourcePort = 0;
    this.destinationPort = 0;
    this.sequence = 0;
    this.acknowledgement = 0;
    this.timestampValue = 0;
    this.timestampEcho = 0;
    this.cutTimestampValue = 0;
    this.ipId = 0;
    this.flags = 0;
    this.window = 0;
    this.payload = 0;
    this.payloadLength = 0;
    this.ttl = 0;
    this.tos = 0;
    this.fields = 0;
    this.udpLength = 0;
    this.mss = 0;
    this.windowScale = 0xffff;
    this.sackPermitted = 0;
    this.hasSynOptions = false;
    this.sackEdges = 0;
    this.isRouted = false;
  }
}
