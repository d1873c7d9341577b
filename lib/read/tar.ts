// The members of a tar archive (POSIX ustar and pax, GNU long names), by their headers: the bodies stay where they lie.

import type { CaptureWarning } from '../model/capture';
import type { ArchiveListing, ArchiveMember } from './archive-listing';
import type { ByteSource } from './byte-source';

const BLOCK = 512;
/** A long name or a pax header that claims more is damage. */
const LONGEST_HEADER_BYTES = 1 << 20;

/** Before POSIX there was no mark: then the sum of a header with a name tells it, and a type that was known. */
export const isTar = (head: Uint8Array): boolean =>
  head.length >= BLOCK &&
  hasRightSum(head) &&
  (String.fromCharCode(...head.subarray(257, 262)) === 'ustar' ||
    (head[0] !== 0 && OLD_TYPES.includes(head[156])));
/** A file (NUL or 0), links, a directory as some wrote it. */
const OLD_TYPES: readonly number[] = [0, 0x30, 0x31, 0x32, 0x35];

/** `most`: members that are listed at most. What follows damage is left out, and said. */
export async function listTar(source: ByteSource, most: number): Promise<ArchiveListing> {
  const members: ArchiveMember[] = [];
  const warnings: CaptureWarning[] = [];
  let isSparse = false;
  let offset = 0;
  let longName: string | undefined;
  let longSize: number | undefined;
  let sparseName: string | undefined;
  const damaged = (text: string): ArchiveListing => ({
    members,
    warnings: [...warnings, { code: 'damaged', text: `${source.name}: ${text}`, offset }],
  });
  const noteSparse = (name: string): void => {
    warnings.push({
      code: 'unsupported-format',
      text: `${source.name}: “${name}” is stored as a sparse file, with its holes left out (its header lies at byte ${offset}). Unpack the archive first.`,
      offset,
    });
  };
  while (offset + BLOCK <= source.size && members.length < most) {
    const header = await source.read(offset, BLOCK);
    if (header.every((byte) => byte === 0)) return { members, warnings };
    if (!hasRightSum(header)) return damaged(`the tar header at byte ${offset} is damaged`);
    const size = longSize ?? readOctal(header, 124, 12);
    const body = offset + BLOCK;
    let next = body + Math.ceil(size / BLOCK) * BLOCK;
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
        sparseName = pax.get('GNU.sparse.name') ?? sparseName;
        isSparse ||= [...pax.keys()].some((key) => key.startsWith('GNU.sparse.'));
      }
      offset = body + Math.ceil(readOctal(header, 124, 12) / BLOCK) * BLOCK;
      continue;
    }
    if (type === 'S' || isSparse) {
      noteSparse(sparseName ?? longName ?? readName(header));
      if (type === 'S') {
        // Further parts of the map stand before the file.
        let more = header[482] === 1;
        let at = body;
        while (more && at + BLOCK <= source.size) {
          more = (await source.read(at, BLOCK))[504] === 1;
          at += BLOCK;
        }
        next += at - body;
      }
    }
    // Files and nothing else: links lead out of the archive.
    else if ((type === '0' || type === '\0' || type === '7') && size > 0) {
      const name = longName ?? readName(header);
      const there = Math.min(size, source.size - body);
      members.push({ name, size: there, offset: body, packed: null, check: null });
      if (there < size)
        return damaged(
          `the archive ends within “${name}”: ${there} of its ${size} bytes are there`,
        );
    }
    longName = undefined;
    longSize = undefined;
    sparseName = undefined;
    isSparse = false;
    offset = next;
  }
  return offset < source.size && members.length < most
    ? damaged(`the archive ends within the tar header at byte ${offset}`)
    : { members, warnings };
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
