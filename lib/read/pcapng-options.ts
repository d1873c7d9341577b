// Option lists of pcapng blocks (draft-ietf-opsawg-pcapng section 3.5): code, length, value padded to 32 bits.
import ipaddr from 'ipaddr.js';
import { readUint16, readUint32 } from './container-reader';

export const OPTION_END = 0;
export const OPTION_COMMENT = 1;

/** Calls `visit` for each whole option in bytes[at, end); stops at the end mark or where one runs over the end. */
export function visitOptions(
  bytes: Uint8Array,
  at: number,
  end: number,
  littleEndian: boolean,
  visit: (code: number, start: number, length: number) => void,
): void {
  let position = at;
  while (position + 4 <= end) {
    const code = readUint16(bytes, position, littleEndian);
    const length = readUint16(bytes, position + 2, littleEndian);
    if (code === OPTION_END || position + 4 + length > end) return;
    visit(code, position + 4, length);
    position += 4 + ((length + 3) & ~3);
  }
}

const decoder = new TextDecoder();

/** UTF-8 without the zero bytes that some writers end it with. */
export const optionText = (bytes: Uint8Array, start: number, length: number): string =>
  decoder.decode(bytes.subarray(start, start + length)).replace(/\0+$/, '');

/** Unsigned 64 bits in the section's byte order. */
export function readUint64(bytes: Uint8Array, at: number, littleEndian: boolean): bigint {
  const [high, low] = littleEndian ? [at + 4, at] : [at, at + 4];
  return (
    (BigInt(readUint32(bytes, high, littleEndian)) << 32n) |
    BigInt(readUint32(bytes, low, littleEndian))
  );
}

/** `10.0.0.1`, `fd00::1` of 4 or 16 bytes. */
export const addressText = (bytes: Uint8Array, start: number, length: 4 | 16): string =>
  ipaddr.fromByteArray(Array.from(bytes.subarray(start, start + length))).toString();
