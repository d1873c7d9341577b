// Archives of captures: opened by their content, the captures in them found by theirs. A member is called `case.tar.gz/node1/tun0.pcap`.
import type { CaptureWarning } from '../model/capture';
import type { ArchiveListing } from './archive-listing';
import { memberHead, unpackMember } from './archive-member';
import type { ByteSource } from './byte-source';
import { findContainerReader } from './containers';
import {
  type DecompressOptions,
  findCompression,
  findCompressionOf,
  openDecompressedIn,
} from './decompress';
import { isForeignCapture } from './foreign-format';
import type { ByteStorage } from './storage';
import { isTar, listTar } from './tar';
import { windowedSource } from './windowed-source';
import { isZip, listZip } from './zip';

interface ArchiveFormat {
  readonly name: string;
  readonly endings: readonly string[];
  readonly matches: (head: Uint8Array) => boolean;
  readonly list: (source: ByteSource, most: number) => Promise<ArchiveListing>;
}

export const ARCHIVES: readonly ArchiveFormat[] = [
  {
    name: 'tar',
    endings: ['.tar', '.tar.gz', '.tar.zst', '.tar.xz', '.tgz'],
    matches: isTar,
    list: listTar,
  },
  { name: 'zip', endings: ['.zip'], matches: isZip, list: listZip },
];

const HEAD_BYTES = 512;
/** A must-gather has tens of thousands of files; an archive of more is taken as far as this. */
const MOST_MEMBERS = 500_000;
/** An archive in an archive is opened, one in that is not. */
const DEEPEST = 2;

export interface UnpackOptions extends DecompressOptions {
  /** Whether a file that begins so is wanted although it is no capture. */
  readonly wants?: (head: Uint8Array) => boolean;
}

export interface Unpacked<S extends ByteSource> {
  /** Captures, and what may be one: compressed members are recognised as such when they are read. */
  readonly captures: readonly S[];
  /** No captures, but files that were wanted besides. */
  readonly wanted: readonly S[];
  /** Names of the other files. */
  readonly others: readonly string[];
  /** What was unpacked, captures among it and archives that others lie in: to be closed once nothing of it is read any more. */
  readonly held: readonly S[];
  readonly warnings: readonly CaptureWarning[];
}

const isEmpty = ({ captures, wanted }: Unpacked<ByteSource>): boolean =>
  captures.length + wanted.length === 0;
const NO_SINK = { time: 0, offset: 0, frame: () => {} };

/** What the source holds where it is an archive, compressed or not; null: it is none. Rejects with AbortError, or with an error of source or storage. */
export async function unpackArchive<S extends ByteSource>(
  source: S,
  storage: ByteStorage<S>,
  options: UnpackOptions = {},
  depth = 0,
): Promise<Unpacked<S> | null> {
  const opened = await openArchive(source, storage, options);
  if (opened === null) return null;
  const held: S[] = opened.archive === source ? [] : [opened.archive];
  try {
    return await listUnpacked(source.name, opened, held, storage, options, depth);
  } catch (error) {
    for (const one of held) await one.close?.();
    throw error;
  }
}

/** `held` takes what is unpacked at once: whatever happens then, the caller can close it. */
async function listUnpacked<S extends ByteSource>(
  sourceName: string,
  { format, archive, warnings: openingWarnings }: OpenedArchive<S>,
  held: S[],
  storage: ByteStorage<S>,
  options: UnpackOptions,
  depth: number,
): Promise<Unpacked<S>> {
  const windowed = windowedSource(archive);
  const listing = await format.list(windowed, MOST_MEMBERS);
  const captures: S[] = [];
  const wanted: S[] = [];
  const others: string[] = [];
  const warnings: CaptureWarning[] = [...openingWarnings, ...listing.warnings];
  if (listing.members.length === MOST_MEMBERS)
    warnings.push({
      code: 'unsupported-format',
      text: `${sourceName}: only the first ${MOST_MEMBERS} files of the archive were looked at`,
    });
  const taken = new Set<string>();
  for (const member of listing.members) {
    options.signal?.throwIfAborted();
    const name = freeName(`${sourceName}/${cleanPath(member.name)}`, taken);
    const head = await memberHead(windowed, member);
    const isWanted = options.wants?.(head) ?? false;
    // What is left aside is not unpacked either.
    if (!isWanted && !mayHoldCapture(head)) {
      others.push(name);
      continue;
    }
    const { source: part, fault } = await unpackMember(archive, member, name, storage);
    if (fault !== null)
      warnings.push({ code: 'damaged', text: `${sourceName}: “${member.name}” ${fault}` });
    if (part === null) continue;
    if (member.packed !== null) held.push(part);
    const inner =
      depth + 1 < DEEPEST ? await unpackArchive(part, storage, options, depth + 1) : null;
    if (inner !== null) {
      captures.push(...inner.captures);
      wanted.push(...inner.wanted);
      others.push(...inner.others);
      warnings.push(...inner.warnings);
      held.push(...inner.held);
    } else if (await mayBeCapture(part)) captures.push(part);
    else if (isWanted) wanted.push(part);
    else {
      others.push(name);
      if ((await innerHeads(part)).some(findFormat))
        warnings.push({
          code: 'unsupported-format',
          text: `${sourceName}: “${member.name}” lies in an archive within an archive and is one itself: it was not opened. Unpack it first.`,
        });
      if (member.packed !== null) await held.pop()?.close?.();
    }
  }
  return { captures, wanted, others, held, warnings };
}

/** Why an archive gave nothing to read; null: it gave something. */
export const describeEmptyArchive = (
  name: string,
  unpacked: Unpacked<ByteSource>,
): CaptureWarning | null =>
  isEmpty(unpacked)
    ? (unpacked.warnings[0] ?? {
        code: 'empty',
        text: `${name}: the archive holds no captures${unpacked.others.length > 0 ? `, only ${unpacked.others.length} other ${unpacked.others.length === 1 ? 'file' : 'files'}` : ''}`,
      })
    : null;

/** Says once what an archive holds besides captures. */
export const describeOthers = (name: string, others: readonly string[]): CaptureWarning => ({
  code: 'not-a-capture',
  text: `${name}: ${others.length} ${others.length === 1 ? 'file is' : 'files are'} no capture and ${others.length === 1 ? 'was' : 'were'} left aside: ${others
    .slice(0, 3)
    .map((other) => other.slice(name.length + 1))
    .join(', ')}${others.length > 3 ? ' …' : ''}`,
});

interface OpenedArchive<S extends ByteSource> {
  readonly format: ArchiveFormat;
  /** The source itself, or what it decompresses to. */
  readonly archive: S;
  readonly warnings: readonly CaptureWarning[];
}

async function openArchive<S extends ByteSource>(
  source: S,
  storage: ByteStorage<S>,
  options: DecompressOptions,
): Promise<OpenedArchive<S> | null> {
  const plain = findFormat(await source.read(0, HEAD_BYTES));
  if (plain !== undefined) return { format: plain, archive: source, warnings: [] };
  const compression = await findCompression(source);
  if (compression === undefined) return null;
  // Only a tar's first header is decompressed to see whether it is one.
  if (findFormat(await firstBytes(source, compression.decompress)) === undefined) return null;
  const opened = await openDecompressedIn(source, storage, options);
  if (!opened.ok) return null;
  const { source: archive, warnings } = opened.value;
  const format = findFormat(await archive.read(0, HEAD_BYTES));
  if (format !== undefined) return { format, archive, warnings };
  await archive.close?.();
  return null;
}

const findFormat = (head: Uint8Array): ArchiveFormat | undefined =>
  ARCHIVES.find(({ matches }) => matches(head));

async function firstBytes(
  source: ByteSource,
  decompress: (source: ByteSource) => AsyncGenerator<{ readonly bytes: Uint8Array }>,
): Promise<Uint8Array> {
  const head = new Uint8Array(HEAD_BYTES);
  let filled = 0;
  const pieces = decompress(source);
  try {
    while (filled < HEAD_BYTES) {
      const { value, done } = await pieces.next();
      if (done) break;
      const part = value.bytes.subarray(0, HEAD_BYTES - filled);
      head.set(part, filled);
      filled += part.length;
    }
  } catch {
    // Damaged within its first bytes: reading it as a capture will say so.
  }
  await pieces.return(undefined).catch(() => {});
  return head.subarray(0, filled);
}

const mayHoldCapture = (head: Uint8Array): boolean =>
  isCaptureHead(head) || findFormat(head) !== undefined || findCompressionOf(head) !== undefined;

/** A path that stays within the archive's name, without control characters. */
const cleanPath = (path: string): string =>
  path
    .split(/[\\/]/)
    .filter((part) => part !== '' && part !== '.' && part !== '..')
    .join('/')
    .replace(/\p{Cc}/gu, '?');

function freeName(name: string, taken: Set<string>): string {
  let free = name;
  for (let copy = 2; taken.has(free); copy += 1) free = `${name} (${copy})`;
  taken.add(free);
  return free;
}

async function mayBeCapture(source: ByteSource): Promise<boolean> {
  return (await innerHeads(source)).some(isCaptureHead);
}

/** Zip files that are documents or programs: their first member says so. */
const NO_CASE = /^(\[Content_Types\]\.xml|mimetype|META-INF\/|_rels\/|docProps\/|word\/|xl\/)/;
const ZIP_NAME_OFFSET = 30;

/**
 * Whether a file that nobody named, one of a folder, is worth opening: a capture (also of a format that is named and refused), an archive, or one of
 * these compressed. By content alone.
 */
export async function looksLikeCapture(source: ByteSource): Promise<boolean> {
  const heads = await innerHeads(source);
  return heads.some(
    (head) =>
      isCaptureHead(head) ||
      isForeignCapture(head) ||
      (findFormat(head) !== undefined &&
        !(isZip(head) && NO_CASE.test(String.fromCharCode(...head.subarray(ZIP_NAME_OFFSET))))),
  );
}

const isCaptureHead = (head: Uint8Array): boolean =>
  findContainerReader(head, NO_SINK) !== undefined;

/** The first bytes, and those of what they decompress to. */
async function innerHeads(source: ByteSource): Promise<readonly Uint8Array[]> {
  const head = await source.read(0, HEAD_BYTES);
  const compression = await findCompression(source);
  return compression === undefined
    ? [head]
    : [head, await firstBytes(source, compression.decompress)];
}

/** `3 files of the folder are no captures and were left aside.` null: all were taken. */
export function describeLeftAside(leftAside: number, taken: number): string | null {
  if (leftAside === 0) return null;
  const which =
    leftAside === 1 ? '1 file of the folder is' : `${leftAside} files of the folder are`;
  return `${which} no ${leftAside === 1 ? 'capture and was' : 'captures and were'} left aside.${taken === 0 ? ' No capture was found.' : ''}`;
}
