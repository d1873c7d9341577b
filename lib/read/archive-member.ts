// One member of an archive as a source of its own: where it lies packed it is unpacked into storage, and held against the length and the check that the archive tells.
import { Inflate } from 'fflate';
import { createCRC32 } from 'hash-wasm';
import type { ArchiveMember } from './archive-listing';
import type { ByteSource } from './byte-source';
import { findExcess } from './decompress';
import type { ByteStorage, Spool } from './storage';

/** Of a member, to see whether it is worth unpacking. */
const HEAD_BYTES = 4096;
const INPUT_BYTES = 64 << 10;

/** The first bytes of a member, unpacked; fewer where it is damaged. */
export async function memberHead(
  archive: ByteSource,
  { offset, size, packed }: ArchiveMember,
): Promise<Uint8Array> {
  if (packed === null) return archive.read(offset, Math.min(size, HEAD_BYTES));
  const head = new Uint8Array(HEAD_BYTES);
  let filled = 0;
  const inflate = new Inflate((chunk) => {
    const part = chunk.subarray(0, HEAD_BYTES - filled);
    head.set(part, filled);
    filled += part.length;
  });
  try {
    inflate.push(await archive.read(offset, Math.min(packed, HEAD_BYTES)), false);
  } catch {
    // Damaged within its first bytes: what came before may say enough.
  }
  return head.subarray(0, filled);
}

export interface UnpackedMember<S> {
  /** null: nothing of it can be had. */
  readonly source: S | null;
  /** What is to be said of it behind its name; null: it is whole. */
  readonly fault: string | null;
}

/** Rejects with an error of archive or storage; then nothing stays open. */
export async function unpackMember<S extends ByteSource>(
  archive: S,
  member: ArchiveMember,
  name: string,
  storage: ByteStorage<S>,
): Promise<UnpackedMember<S>> {
  const { offset, size, packed } = member;
  if (packed === null) return { source: storage.slice(archive, offset, size, name), fault: null };
  const excess = findExcess(size, packed, storage.maximumBytes);
  if (excess !== undefined) return { source: null, fault: excess };
  const spool = await storage.openSpool(name);
  try {
    const { written, fault } = await inflateInto(spool, archive, { ...member, packed });
    if (written > 0) return { source: await spool.finish(), fault };
    await spool.discard();
    return { source: null, fault: fault ?? 'holds nothing' };
  } catch (error) {
    await spool.discard();
    throw error;
  }
}

async function inflateInto(
  spool: Spool<ByteSource>,
  archive: ByteSource,
  { offset, size, packed, check }: ArchiveMember & { readonly packed: number },
): Promise<{ readonly written: number; readonly fault: string | null }> {
  const crc = await createCRC32();
  crc.init();
  let waiting: Uint8Array[] = [];
  const inflate = new Inflate((chunk) => waiting.push(chunk));
  let written = 0;
  let broken: string | null = null;
  let at = 0;
  while (at < packed && broken === null) {
    const input = await archive.read(offset + at, Math.min(INPUT_BYTES, packed - at));
    if (input.length === 0) broken = 'the archive ends';
    at += input.length;
    try {
      if (input.length > 0) inflate.push(input, at >= packed);
    } catch (error) {
      broken = error instanceof Error ? error.message : String(error);
    }
    for (const chunk of waiting) {
      const part = chunk.subarray(0, size - written);
      if (part.length < chunk.length) broken ??= 'it is longer than the archive says';
      if (part.length === 0) continue;
      crc.update(part);
      written += part.length;
      await spool.write(part);
    }
    waiting = [];
  }
  if (broken !== null || written < size)
    return {
      written,
      fault: `breaks off near byte ${offset + at} of the archive (${broken ?? 'it is shorter than the archive says'}): ${written} of its ${size} bytes could be unpacked`,
    };
  const isRight = check === null || Number.parseInt(crc.digest('hex'), 16) === check;
  return {
    written,
    fault: isRight
      ? null
      : 'does not hold what its CRC32 says: some of its bytes are wrong, and frames of it may be',
  };
}
