// Bits of the packet table's `status` column: what was there and what could be decoded.

export const STATUS_IPV4 = 0x0001;
export const STATUS_IPV6 = 0x0002;
/** Ports (or the ICMP header, or ARP's body) were decoded. */
export const STATUS_TRANSPORT = 0x0004;
/** The TCP timestamp option is present. */
export const STATUS_TIMESTAMPS = 0x0008;
/** An IP fragment, first or later. */
export const STATUS_FRAGMENT = 0x0010;
/** A later IP fragment: no ports of its own. */
export const STATUS_LATER_FRAGMENT = 0x0020;
/** Fewer payload bytes captured than the digest covers: the digest is 0. */
export const STATUS_PAYLOAD_CUT = 0x0040;
/** A header ended early or contradicted itself: what decoded before it is kept. */
export const STATUS_MALFORMED = 0x0080;
/** IPv4's Don't Fragment. */
export const STATUS_DONT_FRAGMENT = 0x0100;
/** The packet travelled inside a tunnel; the row describes the innermost packet. */
export const STATUS_TUNNELLED = 0x0200;
/** The outer UDP checksum of a tunnelled packet is there, and wrong. */
export const STATUS_OUTER_CHECKSUM_WRONG = 0x0800;
/** The TCP or UDP checksum is there, and wrong; looked at in SYNs, in segments with up to 256 bytes of payload, and in datagrams of up to 512 bytes, captured whole. Partial sums, as a sender leaves them to its card, are not wrong. */
export const STATUS_CHECKSUM_WRONG = 0x1000;
/** An ICMP or ICMPv6 error that quotes another packet. */
export const STATUS_ICMP_ERROR = 0x0400;
