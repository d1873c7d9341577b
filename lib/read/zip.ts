// The members of a zip archive by its central directory (PKWARE APPNOTE 6.3, zip64 too): the bodies stay where they lie.

import type { CaptureWarning } from '../model/capture';
import type { ArchiveListing, ArchiveMember } from './archive-listing';
import type { ByteSource } from './byte-source';

const END_SIGNATURE = 0x06054b50;
const END64_LOCATOR_SIGNATURE = 0x07064b50;
const END64_SIGNATURE = 0x06064b50;
const ENTRY_SIGNATURE = 0x02014b50;
const LOCAL_SIGNATURE = 0x04034b50;
/** The end record with the longest comment. */
const END_BYTES = 22 + 0xffff;
/** A directory that claims more is damage. */
const LARGEST_DIRECTORY = 64 << 20;
const ENCRYPTED = 1;
const STORED = 0;
const DEFLATED = 8;
/** WinZip's encryption (AE-1, AE-2). */
const AES = 99;
/** APPNOTE section 4.4.5: those that programs write. */
const METHODS: Readonly<Record<number, string>> = {
  9: 'Deflate64',
  12: 'bzip2',
  14: 'LZMA',
  93: 'zstd',
  95: 'xz',
  98: 'PPMd',
};
const ALL = 0xffff_ffff;
const LOCAL_BYTES = 30;
/** The lengths stand behind the member, and in the directory. */
const LENGTHS_BEHIND = 8;

export const isZip = (head: Uint8Array): boolean =>
  head.length >= 4 && head[0] === 0x50 && head[1] === 0x4b && (head[2] === 3 || head[2] === 5);

const viewOf = (bytes: Uint8Array): DataView =>
  new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
const uint64 = (view: DataView, at: number): number =>
  view.getUint32(at, true) + view.getUint32(at + 4, true) * 2 ** 32;

/** `most`: members that are listed at most. */
export async function listZip(source: ByteSource, most: number): Promise<ArchiveListing> {
  const damaged = (text: string, offset: number): ArchiveListing => ({
    members: [],
    warnings: [{ code: 'damaged', text: `${source.name}: ${text}`, offset }],
  });
  const directory = await findDirectory(source);
  if (directory === undefined) return listByHeaders(source, most);
  const { offset, size } = directory;
  if (size > LARGEST_DIRECTORY || offset + size > source.size)
    return damaged(`the zip directory at byte ${offset} claims ${size} bytes`, offset);
  const bytes = await source.read(offset, size);
  const view = viewOf(bytes);
  const members: ArchiveMember[] = [];
  const warnings: CaptureWarning[] = [];
  for (let at = 0; at + 46 <= bytes.length && members.length < most; ) {
    if (view.getUint32(at, true) !== ENTRY_SIGNATURE)
      return {
        ...damaged(`the zip directory is damaged at byte ${offset + at}`, offset + at),
        members,
      };
    const flags = view.getUint16(at + 8, true);
    const method = view.getUint16(at + 10, true);
    const nameLength = view.getUint16(at + 28, true);
    const extraLength = view.getUint16(at + 30, true);
    const name = new TextDecoder().decode(bytes.subarray(at + 46, at + 46 + nameLength));
    const entry = offset + at;
    const sizes = readSizes(view, at, nameLength, extraLength);
    at += 46 + nameLength + extraLength + view.getUint16(at + 32, true);
    if (name.endsWith('/') || sizes.size === 0) continue;
    const obstacle = obstacleOf(flags, method);
    if (obstacle !== null) {
      warnings.push({
        code: 'unsupported-format',
        text: `${source.name}: “${name}” ${obstacle} (its entry lies at byte ${entry}). Unpack the archive first.`,
        offset: entry,
      });
      continue;
    }
    const body = await findBody(source, sizes.header);
    if (body === undefined || body + sizes.packed > source.size)
      return {
        ...damaged(`the zip member “${name}” is not where the directory says`, sizes.header),
        members,
      };
    members.push(
      memberOf(
        name,
        method,
        body,
        sizes.size,
        sizes.packed,
        view.getUint32(entry - offset + 16, true),
      ),
    );
  }
  return { members, warnings };
}

const memberOf = (
  name: string,
  method: number,
  offset: number,
  size: number,
  packed: number,
  check: number,
): ArchiveMember =>
  method === STORED
    ? { name, size, offset, packed: null, check: null }
    : { name, size, offset, packed, check };

/**
 * A zip that was cut has lost its directory: its members, as far as each one's own header tells where it ends (APPNOTE section 4.3.7; a writer
 * that could not go back has left the lengths out). The last one may be cut itself.
 */
async function listByHeaders(source: ByteSource, most: number): Promise<ArchiveListing> {
  const members: ArchiveMember[] = [];
  let at = 0;
  let told = '';
  while (members.length < most && at + LOCAL_BYTES <= source.size) {
    const header = await source.read(at, LOCAL_BYTES);
    const view = viewOf(header);
    if (view.getUint32(0, true) !== LOCAL_SIGNATURE) break;
    const flags = view.getUint16(6, true);
    const method = view.getUint16(8, true);
    const nameLength = view.getUint16(26, true);
    const packed = view.getUint32(18, true);
    const size = view.getUint32(22, true);
    const body = at + LOCAL_BYTES + nameLength + view.getUint16(28, true);
    const name = new TextDecoder().decode(await source.read(at + LOCAL_BYTES, nameLength));
    if (packed === ALL || size === ALL || (flags & LENGTHS_BEHIND && packed === 0)) {
      told = `; the length of “${name}” stood in it alone`;
      break;
    }
    const there = Math.min(packed, source.size - body);
    if (there > 0 && obstacleOf(flags, method) === null) {
      if (there < packed) told = `, within “${name}”`;
      members.push(
        memberOf(
          name,
          method,
          body,
          method === STORED ? there : size,
          there,
          view.getUint32(14, true),
        ),
      );
    }
    at = body + packed;
  }
  return {
    members,
    warnings: [
      {
        code: 'cut-short',
        text: `${source.name}: the zip archive has no directory at its end, byte ${source.size}: it was cut short${told}; ${members.length} of its files could be found`,
        offset: source.size,
      },
    ],
  };
}

/** Why a member can't be unpacked here; null: it can. */
function obstacleOf(flags: number, method: number): string | null {
  if (flags & ENCRYPTED || method === AES) return 'is encrypted';
  if (method === STORED || method === DEFLATED) return null;
  return `is packed by ${METHODS[method] ?? `method ${method}`}, not by deflate`;
}

/** Sizes and place of an entry; those that do not fit stand in the zip64 extra field, in this order. */
function readSizes(view: DataView, at: number, nameLength: number, extraLength: number) {
  const found = {
    size: view.getUint32(at + 24, true),
    packed: view.getUint32(at + 20, true),
    header: view.getUint32(at + 42, true),
  };
  const end = Math.min(at + 46 + nameLength + extraLength, view.byteLength);
  for (let extra = at + 46 + nameLength; extra + 4 <= end; ) {
    const length = view.getUint16(extra + 2, true);
    if (view.getUint16(extra, true) === 1) {
      let value = extra + 4;
      for (const key of ['size', 'packed', 'header'] as const) {
        if (found[key] !== ALL || value + 8 > Math.min(end, extra + 4 + length)) continue;
        found[key] = uint64(view, value);
        value += 8;
      }
    }
    extra += 4 + length;
  }
  return found;
}

async function findDirectory(
  source: ByteSource,
): Promise<{ readonly offset: number; readonly size: number } | undefined> {
  const start = Math.max(0, source.size - END_BYTES);
  const tail = await source.read(start, END_BYTES);
  const view = viewOf(tail);
  for (let at = tail.length - 22; at >= 0; at -= 1) {
    if (view.getUint32(at, true) !== END_SIGNATURE) continue;
    const size = view.getUint32(at + 12, true);
    const offset = view.getUint32(at + 16, true);
    if (offset !== ALL && size !== ALL) return { offset, size };
    if (at < 20 || view.getUint32(at - 20, true) !== END64_LOCATOR_SIGNATURE) return undefined;
    const record = await source.read(uint64(view, at - 12), 56);
    const large = viewOf(record);
    if (record.length < 56 || large.getUint32(0, true) !== END64_SIGNATURE) return undefined;
    return { size: uint64(large, 40), offset: uint64(large, 48) };
  }
  return undefined;
}

async function findBody(source: ByteSource, header: number): Promise<number | undefined> {
  const local = await source.read(header, LOCAL_BYTES);
  if (local.length < LOCAL_BYTES) return undefined;
  const view = viewOf(local);
  if (view.getUint32(0, true) !== LOCAL_SIGNATURE) return undefined;
  return header + LOCAL_BYTES + view.getUint16(26, true) + view.getUint16(28, true);
}
