// Name resolution blocks of pcapng (draft-ietf-opsawg-pcapng section 4.5): names that whoever wrote the file gave addresses.
import type { AddressName } from '../model/capture';
import { readUint16 } from './container-reader';
import { addressText } from './pcapng-options';

const RECORD_END = 0;
/** By record type: bytes of the address that comes first. */
const ADDRESS_BYTES: Readonly<Record<number, 4 | 16>> = { 1: 4, 2: 16 };
/** More names than a case has hosts are not kept. */
const MOST_NAMES = 10_000;
/** RFC 1035: the longest name. */
const LONGEST_NAME = 255;

const decoder = new TextDecoder();

/** Appends the first name of each address record in the block's body, bytes[at, end). */
export function readNames(
  bytes: Uint8Array,
  at: number,
  end: number,
  littleEndian: boolean,
  names: AddressName[],
): void {
  let position = at;
  while (position + 4 <= end && names.length < MOST_NAMES) {
    const type = readUint16(bytes, position, littleEndian);
    const length = readUint16(bytes, position + 2, littleEndian);
    const start = position + 4;
    if (type === RECORD_END || start + length > end) return;
    const addressBytes = ADDRESS_BYTES[type];
    if (addressBytes !== undefined && length > addressBytes) {
      const text = bytes.subarray(start + addressBytes, start + length);
      const stop = text.indexOf(0);
      const name = decoder.decode(
        text.subarray(0, Math.min(stop < 0 ? text.length : stop, LONGEST_NAME)),
      );
      if (name !== '') names.push({ address: addressText(bytes, start, addressBytes), name });
    }
    position = start + ((length + 3) & ~3);
  }
}
