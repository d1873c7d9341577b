// The Internet checksum (RFC 1071) of TCP, UDP and ICMP over a captured packet, and what it says: right, wrong, or left to the network card.

/**
 * `partial`: the field holds the folded sum of the pseudo-header, not complemented: the kernel leaves the rest to the card, and a capture on the sending
 * host sees it so. `absent`: UDP over IPv4 without checksum (0). `unknown`: not all of the bytes were captured.
 */
export type ChecksumState = 'right' | 'wrong' | 'partial' | 'absent' | 'unknown';

export interface ChecksumPlace {
  /** Offsets of the addresses in the bytes, and their family: 4 or 6; 0: no pseudo-header counts in (IPv4's own header, ICMP, IGMP, GRE). */
  readonly source: number;
  readonly destination: number;
  readonly family: number;
  readonly protocol: number;
  /** Offset of the header, its length with the payload, and the offset of the field within it. */
  readonly start: number;
  readonly length: number;
  readonly field: number;
  /** End of what was captured. */
  readonly end: number;
}

const PROTOCOL_UDP = 17;

export function checksumState(bytes: Uint8Array, place: ChecksumPlace): ChecksumState {
  const { start, length, field, end, protocol } = place;
  if (start + field + 2 > end) return 'unknown';
  const stored = (bytes[start + field] << 8) | bytes[start + field + 1];
  if (stored === 0 && protocol === PROTOCOL_UDP && place.family === 4) return 'absent';
  const pseudo = place.family === 0 ? 0 : pseudoHeaderSum(bytes, place);
  if (place.family !== 0 && stored === fold(pseudo)) return 'partial';
  if (start + length > end) return 'unknown';
  return fold(pseudo + sumWords(bytes, start, length)) === 0xffff ? 'right' : 'wrong';
}

function pseudoHeaderSum(bytes: Uint8Array, place: ChecksumPlace): number {
  const size = place.family === 6 ? 16 : 4;
  return (
    sumWords(bytes, place.source, size) +
    sumWords(bytes, place.destination, size) +
    place.protocol +
    (place.length >>> 16) +
    (place.length & 0xffff)
  );
}

/** Exact up to 2⁵³: no frame comes near it. */
function sumWords(bytes: Uint8Array, start: number, length: number): number {
  let sum = 0;
  const even = start + (length & ~1);
  for (let at = start; at < even; at += 2) sum += (bytes[at] << 8) | bytes[at + 1];
  return length & 1 ? sum + (bytes[even] << 8) : sum;
}

function fold(sum: number): number {
  let folded = sum;
  while (folded > 0xffff) folded = Math.floor(folded / 0x10000) + (folded % 0x10000);
  return folded;
}
