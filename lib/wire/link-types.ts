// Link types (the registry of draft-ietf-opsawg-pcaplinktype) that can be decoded: a table, a new one is a row here.
import {
  NEXT_ETHERNET,
  NEXT_IPV4,
  NEXT_IPV6,
  NEXT_LINUX_SLL,
  NEXT_LINUX_SLL2,
  NEXT_LOOP,
  NEXT_NULL,
  NEXT_PAYLOAD,
  NEXT_RAW,
} from './decoded-frame';

export const LINK_NULL = 0;
export const LINK_ETHERNET = 1;
export const LINK_RAW = 101;
export const LINK_LOOP = 108;
export const LINK_LINUX_SLL = 113;
export const LINK_IPV4 = 228;
export const LINK_IPV6 = 229;
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
FIRST_DECODER[LINK_IPV4] = NEXT_IPV4;
FIRST_DECODER[LINK_IPV6] = NEXT_IPV6;
FIRST_DECODER[LINK_LINUX_SLL2] = NEXT_LINUX_SLL2;

export const isKnownLinkType = (linkType: number): boolean =>
  linkType <= GREATEST && FIRST_DECODER[linkType] !== 0;

export const firstDecoder = (linkType: number): number =>
  isKnownLinkType(linkType) ? FIRST_DECODER[linkType] : NEXT_PAYLOAD;
