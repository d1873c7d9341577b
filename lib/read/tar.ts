// The members of a tar archive (POSIX ustar and pax, GNU long names), by their headers: the bodies stay where they lie.

import type { ArchiveListing, ArchiveMember } from './archive-listing';
import type { ByteSource } from './byte-source';

const BLOCK = 512;
/** A long name or a pax header that claims more is damage. */
const LONGEST_HEADER_BYTES = 1 << 20;

export const isTar = (head: Uint8Array): boolean =>
  head.length >= BLOCK &&
  String.fromCharCode(...head.subarray(257, 262)) === 'ustar' &&
  hasRightSum(head);

/** `most`: members that are listed at most. What follows damage is left out, and said. */
export async function listTar(source: ByteSource, most: number): Promise<ArchiveListing> {
  const members: ArchiveMember[] = [];
  let offset = 0;
  let longName: string | undefined;
  let longSize: number | undefined;
  const damaged = (text: string): ArchiveListing => ({
    members,
    warnings: [{ code: 'damaged', text: `${source.name}: ${text}`, offset }],
  });
  while (offset + BLOCK <= source.size && members.length < most) {
    const header = await source.read(offset, BLOCK);
    if (header.every((byte) => byte === 0)) return { members, warnings: [] };
    if (!hasRightSum(header)) return damaged(`the tar header at byte ${offset} is damaged`);
    const size = longSize ?? readOctal(header, 124, 12);
    const body = offset + BLOCK;
    const next = body + Math.ceil(size / BLOCK) * BLOCK;
    const type = String.fromCharCode(header[156]);
    if (!Number.isSafeInteger(size) || size < 0)
      return damaged(`the tar header at byte ${offset} has no length`);
    if (type === 'L' || type === 'x') {
      if (size > LONGEST_HEADER_BYTES)
        return damaged(`the tar header at byte ${offset} claims a name of ${size} bytes`);
      const text = new TextDecoder().decode(await source.read(body, size));
      if (type === 'L') longName = text.replace(/\0.*$/s, '');
      else {
        const pax = readPax(text);
        longName = pax.get('path') ?? longName;
        const paxSize = Number(pax.get('size'));
        if (pax.has('size') && Number.isSafeInteger(paxSize)) longSize = paxSize;
      }
      offset = body + Math.ceil(readOctal(header, 124, 12) / BLOCK) * BLOCK;
      continue;
    }
    // Files and nothing else: links lead out of the archive.
    if ((type === '0' || type === '\0' || type === '7') && size > 0) {
      const name = longName ?? readName(header);
      const there = Math.min(size, source.size - body);
      members.push({ name, size: there, offset: body, packed: null });
      if (there < size)
        return damaged(
          `the archive ends within “${name}”: ${there} of its ${size} bytes are there`,
        );
    }
    longName = undefined;
    longSize = undefined;
    offset = next;
  }
  return { members, warnings: [] };
}

function readName(header: Uint8Array): string {
  const prefix = readText(header, 345, 155);
  const name = readText(header, 0, 100);
  return prefix === '' ? name : `${prefix}/${name}`;
}

const readText = (header: Uint8Array, at: number, length: number): string =>
  new TextDecoder().decode(header.subarray(at, at + length)).replace(/\0.*$/s, '');

/** Octal digits, or GNU's base 256 for sizes from 8 GiB on. */
function readOctal(header: Uint8Array, at: number, length: number): number {
  if (header[at] & 0x80) {
    let value = header[at] & 0x7f;
    for (let i = at + 1; i < at + length; i += 1) value = value * 256 + header[i];
    return value;
  }
  const digits = readText(header, at, length).trim();
  return digits === '' ? 0 : /^[0-7]+$/.test(digits) ? Number.parseInt(digits, 8) : Number.NaN;
}

/** The sum of all bytes with blanks in its own place. */
function hasRightSum(header: Uint8Array): boolean {
  let sum = 0;
  for (let i = 0; i < BLOCK; i += 1) sum += i >= 148 && i < 156 ? 0x20 : header[i];
  return sum === readOctal(header, 148, 8);
}

/** Records `27 path=node1/tun0.pcap\n`. */
function readPax(text: string): ReadonlyMap<string, string> {
  const records = new Map<string, string>();
  for (const line of text.split('\n')) {
    const match = /^\d+ ([^=]+)=(.*)$/.exec(line);
    if (match !== null) records.set(match[1], match[2]);
  }
  return records;
}
