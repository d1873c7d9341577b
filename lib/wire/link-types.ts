// Link types (the registry of draft-ietf-opsawg-pcaplinktype) that can be decoded: a table, a new one is a row here.
import {
  NEXT_CISCO_HDLC,
  NEXT_ETHERNET,
  NEXT_LINUX_SLL,
  NEXT_LINUX_SLL2,
  NEXT_LOOP,
  NEXT_MPLS,
  NEXT_NFLOG,
  NEXT_NULL,
  NEXT_PAYLOAD,
  NEXT_PPP,
  NEXT_PPP_WITH_DIRECTION,
  NEXT_PPPOE,
  NEXT_RAW,
} from './decoded-frame';

export const LINK_NULL = 0;
export const LINK_ETHERNET = 1;
export const LINK_PPP = 9;
export const LINK_PPP_HDLC = 50;
export const LINK_PPPOE = 51;
export const LINK_RAW = 101;
export const LINK_CISCO_HDLC = 104;
export const LINK_LOOP = 108;
export const LINK_LINUX_SLL = 113;
export const LINK_PPP_WITH_DIRECTION = 204;
export const LINK_MPLS = 219;
export const LINK_IPV4 = 228;
export const LINK_IPV6 = 229;
export const LINK_NFLOG = 239;
export const LINK_LINUX_SLL2 = 276;

interface LinkType {
  readonly number: number;
  readonly name: string;
  /** The first decoder. */
  readonly decoder: number;
}

export const LINK_TYPES: readonly LinkType[] = [
  { number: LINK_NULL, name: 'BSD loopback', decoder: NEXT_NULL },
  { number: LINK_ETHERNET, name: 'Ethernet', decoder: NEXT_ETHERNET },
  { number: LINK_PPP, name: 'PPP', decoder: NEXT_PPP },
  // 12 and 14 are DLT_RAW of some systems, written into files by old programs.
  { number: 12, name: 'raw IP', decoder: NEXT_RAW },
  { number: 14, name: 'raw IP', decoder: NEXT_RAW },
  { number: LINK_PPP_HDLC, name: 'PPP in HDLC framing', decoder: NEXT_PPP },
  { number: LINK_PPPOE, name: 'PPPoE', decoder: NEXT_PPPOE },
  { number: LINK_RAW, name: 'raw IP', decoder: NEXT_RAW },
  { number: LINK_CISCO_HDLC, name: 'Cisco HDLC', decoder: NEXT_CISCO_HDLC },
  { number: LINK_LOOP, name: 'OpenBSD loopback', decoder: NEXT_LOOP },
  { number: LINK_LINUX_SLL, name: 'Linux cooked (SLL)', decoder: NEXT_LINUX_SLL },
  { number: LINK_PPP_WITH_DIRECTION, name: 'PPP with direction', decoder: NEXT_PPP_WITH_DIRECTION },
  { number: LINK_MPLS, name: 'MPLS', decoder: NEXT_MPLS },
  // Their packets' own version counts: writers do not keep to the name.
  { number: LINK_IPV4, name: 'raw IPv4', decoder: NEXT_RAW },
  { number: LINK_IPV6, name: 'raw IPv6', decoder: NEXT_RAW },
  { number: LINK_NFLOG, name: 'NFLOG', decoder: NEXT_NFLOG },
  { number: LINK_LINUX_SLL2, name: 'Linux cooked v2 (SLL2)', decoder: NEXT_LINUX_SLL2 },
];

const GREATEST = Math.max(...LINK_TYPES.map(({ number }) => number));
/** First decoder by link type; 0: none. */
const FIRST_DECODER = new Uint8Array(GREATEST + 1);
for (const { number, decoder } of LINK_TYPES) FIRST_DECODER[number] = decoder;

export const isKnownLinkType = (linkType: number): boolean =>
  linkType <= GREATEST && FIRST_DECODER[linkType] !== 0;

export const firstDecoder = (linkType: number): number =>
  isKnownLinkType(linkType) ? FIRST_DECODER[linkType] : NEXT_PAYLOAD;
