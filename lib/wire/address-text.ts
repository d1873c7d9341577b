// Addresses as text, straight from a frame's bytes.
import ipaddr from 'ipaddr.js';

const HEX = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));

/** `0a:58:0a:80:03:ca` */
export const formatMac = (bytes: Uint8Array, at: number): string =>
  `${HEX[bytes[at]]}:${HEX[bytes[at + 1]]}:${HEX[bytes[at + 2]]}:${HEX[bytes[at + 3]]}:${HEX[bytes[at + 4]]}:${HEX[bytes[at + 5]]}`;

/** `10.0.0.1` */
export const formatIpv4 = (bytes: Uint8Array, at: number): string =>
  `${bytes[at]}.${bytes[at + 1]}.${bytes[at + 2]}.${bytes[at + 3]}`;

/** `fd00::1` (RFC 5952) */
export const formatIpv6 = (bytes: Uint8Array, at: number): string =>
  ipaddr.fromByteArray(Array.from(bytes.subarray(at, at + 16))).toString();

export const formatAddress = (bytes: Uint8Array, at: number, family: number): string =>
  family === 4 ? formatIpv4(bytes, at) : formatIpv6(bytes, at);
