// Digest of the first bytes of a payload: 32 bits, murmur3's mixing over little-endian words, seeded with the length so that a prefix differs from the whole.
import { DIGEST_BYTES } from '../model/packet-columns';
import { STATUS_PAYLOAD_CUT } from '../model/packet-status';
import type { DecodedFrame } from './decoded-frame';

/** Digest of bytes [start, start + length); never 0. */
export function payloadDigest(bytes: DataView, start: number, length: number): number {
  let hash = length;
  const wordsEnd = start + (length & ~3);
  let at = start;
  for (; at < wordsEnd; at += 4) {
    let word = Math.imul(bytes.getInt32(at, true), 0xcc9e2d51);
    word = (word << 15) | (word >>> 17);
    hash ^= Math.imul(word, 0x1b873593);
    hash = (hash << 13) | (hash >>> 19);
    hash = (Math.imul(hash, 5) + 0xe6546b64) | 0;
  }
  let rest = 0;
  for (let shift = 0; at < start + length; at++, shift += 8) rest |= bytes.getUint8(at) << shift;
  if ((length & 3) !== 0) {
    rest = Math.imul(rest, 0xcc9e2d51);
    rest = (rest << 15) | (rest >>> 17);
    hash ^= Math.imul(rest, 0x1b873593);
  }
  hash ^= hash >>> 16;
  hash = Math.imul(hash, 0x85ebca6b);
  hash ^= hash >>> 13;
  hash = Math.imul(hash, 0xc2b2ae35);
  hash ^= hash >>> 16;
  return hash === 0 ? 1 : hash >>> 0;
}

/** Digest of a decoded frame's first DIGEST_BYTES bytes of payload; 0: it has none, or they were not all captured, which its status then says. */
export function digestPayload(bytes: DataView, frame: DecodedFrame): number {
  const length = frame.payloadLength < DIGEST_BYTES ? frame.payloadLength : DIGEST_BYTES;
  if (length <= 0) return 0;
  if (frame.payload + length <= frame.end) return payloadDigest(bytes, frame.payload, length);
  frame.status |= STATUS_PAYLOAD_CUT;
  return 0;
}
