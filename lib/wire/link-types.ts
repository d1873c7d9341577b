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

/** Greatest link type in the table. */
const GREATEST = LINK_LINUX_SLL2;

/** First decoder by link type; 0: none. */
const FIRST_DECODER = new Uint8Array(GREATEST + 1);
FIRST_DECODER[LINK_NULL] = NEXT_NULL;
FIRST_DECODER[LINK_ETHERNET] = NEXT_ETHERNET;
// 12 and 14 are DLT_RAW of some systems, written into files by old programs.
FIRST_DECODER[12] = NEXT_RAW;
FIRST_DECODER[14] = NEXT_RAW;
FIRST_DECODER[LINK_RAW] = NEXT_RAW;
FIRST_DECODER[LINK_LOOP] = NEXT_LOOP;
FIRST_DECODER[LINK_LINUX_SLL] = NEXT_LINUX_SLL;
FIRST_DECODER[LINK_PPP] = NEXT_PPP;
FIRST_DECODER[LINK_PPP_HDLC] = NEXT_PPP;
FIRST_DECODER[LINK_CISCO_HDLC] = NEXT_CISCO_HDLC;
FIRST_DECODER[LINK_PPPOE] = NEXT_PPPOE;
FIRST_DECODER[LINK_PPP_WITH_DIRECTION] = NEXT_PPP_WITH_DIRECTION;
FIRST_DECODER[LINK_MPLS] = NEXT_MPLS;
FIRST_DECODER[LINK_NFLOG] = NEXT_NFLOG;
// Their packets' own version counts: writers do not keep to the name.
FIRST_DECODER[LINK_IPV4] = NEXT_RAW;
FIRST_DECODER[LINK_IPV6] = NEXT_RAW;
FIRST_DECODER[LINK_LINUX_SLL2] = NEXT_LINUX_SLL2;

export const isKnownLinkType = (linkType: number): boolean =>
  linkType <= GREATEST && FIRST_DECODER[linkType] !== 0;

export const firstDecoder = (linkType: number): number =>
  isKnownLinkType(linkType) ? FIRST_DECODER[linkType] : NEXT_PAYLOAD;
