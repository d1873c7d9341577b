// xz files whose blocks end in SHA-256 checks, which the decoder at hand does not know: it is given the same blocks without them, as one stream that has no
// checks, and what comes out is checked here. (The .xz file format 1.2.0: stream 2.1, blocks 3, index 4. https://tukaani.org/xz/xz-file-format.txt)
import { createSHA256 } from 'hash-wasm';
import type { ByteSource } from './byte-source';
import { readUint32 } from './container-reader';

const HEADER_BYTES = 12;
const CHECK_ID_AT = 7;
const SHA256_ID = 10;
const SHA256_BYTES = 32;
const FOOTER_MAGIC = [0x59, 0x5a];
const HEADER_MAGIC = [0xfd, 0x37, 0x7a, 0x58, 0x5a, 0];
/** Of two million blocks: more than any file of ours has. */
const LARGEST_INDEX = 32 << 20;
const READ_BYTES = 1 << 20;

interface Block {
  readonly offset: number;
  /** Header, compressed data and padding, without the check behind them. */
  readonly bytes: number;
  /** The same without the padding, as an index counts it. */
  readonly unpadded: number;
  readonly uncompressed: number;
}

const roundUp = (bytes: number): number => Math.ceil(bytes / 4) * 4;

/** Blocks of the file in order, where its first stream has SHA-256 checks; null: it has others, or the file is not whole. */
export async function findCheckedBlocks(source: ByteSource): Promise<readonly Block[] | null> {
  const head = await source.read(0, HEADER_BYTES);
  if ((head[CHECK_ID_AT] & 0xf) !== SHA256_ID) return null;
  const blocks: Block[] = [];
  let end = source.size;
  while (end > 0) {
    const footer = await source.read(end - HEADER_BYTES, HEADER_BYTES);
    if (end < 2 * HEADER_BYTES || footer.length < HEADER_BYTES) return null;
    // Padding between streams: zeros, four at a time.
    if (readUint32(footer, 8, true) === 0) {
      end -= 4;
      continue;
    }
    const [first, second] = FOOTER_MAGIC;
    if (footer[10] !== first || footer[11] !== second || footer[9] !== SHA256_ID) return null;
    const indexBytes = (readUint32(footer, 4, true) + 1) * 4;
    const indexStart = end - HEADER_BYTES - indexBytes;
    if (indexBytes > LARGEST_INDEX || indexStart < HEADER_BYTES) return null;
    const stream = readIndex(await source.read(indexStart, indexBytes), indexStart);
    if (stream === null) return null;
    blocks.unshift(...stream.blocks);
    end = stream.start;
  }
  return end === 0 ? blocks : null;
}

/** The blocks that an index lists, which end where it begins. */
function readIndex(
  index: Uint8Array,
  indexStart: number,
): { readonly start: number; readonly blocks: readonly Block[] } | null {
  let at = 1;
  const next = (): number => {
    let value = 0;
    for (let factor = 1; at < index.length; factor *= 128) {
      const byte = index[at++];
      value += (byte & 0x7f) * factor;
      if (byte < 0x80) return value;
    }
    return Number.NaN;
  };
  const count = next();
  const sizes: { readonly unpadded: number; readonly uncompressed: number }[] = [];
  let total = 0;
  // Each record takes two bytes of the index at least.
  if (index[0] !== 0 || !(count <= index.length / 2)) return null;
  for (let i = 0; i < count; i += 1) {
    const unpadded = next() - SHA256_BYTES;
    const uncompressed = next();
    if (!Number.isSafeInteger(uncompressed) || !(unpadded > 0)) return null;
    sizes.push({ unpadded, uncompressed });
    total += roundUp(unpadded) + SHA256_BYTES;
  }
  let offset = indexStart - total;
  const start = offset - HEADER_BYTES;
  if (!(start >= 0)) return null;
  const blocks = sizes.map((size): Block => {
    const bytes = roundUp(size.unpadded);
    const block = { ...size, bytes, offset };
    offset += bytes + SHA256_BYTES;
    return block;
  });
  return { start, blocks };
}

/** All blocks as one stream without checks, piece by piece, and how far in the file each piece lies. */
export async function* withoutChecks(
  source: ByteSource,
  blocks: readonly Block[],
): AsyncGenerator<{ readonly bytes: Uint8Array; readonly consumed: number }> {
  yield { bytes: withSum([...HEADER_MAGIC], [0, 0]), consumed: HEADER_BYTES };
  for (const { offset, bytes } of blocks)
    for (let at = 0; at < bytes; at += READ_BYTES) {
      const part = await source.read(offset + at, Math.min(READ_BYTES, bytes - at));
      yield { bytes: part.slice(), consumed: offset + at + part.length };
    }
  const index = [0, ...variable(blocks.length)];
  for (const { unpadded, uncompressed } of blocks)
    for (const byte of [...variable(unpadded), ...variable(uncompressed)]) index.push(byte);
  while (index.length % 4 !== 0) index.push(0);
  const sealed = Uint8Array.from([...index, ...little(crc32(index))]);
  yield { bytes: sealed, consumed: source.size };
  const tail = [...little(sealed.length / 4 - 1), 0, 0];
  yield {
    bytes: Uint8Array.from([...little(crc32(tail)), ...tail, ...FOOTER_MAGIC]),
    consumed: source.size,
  };
}

/** Takes what comes out of the decoder, in order; throws where a block is not what its check says. */
export async function openBlockChecker(
  source: ByteSource,
  blocks: readonly Block[],
): Promise<(bytes: Uint8Array) => Promise<void>> {
  const hash = await createSHA256();
  let block = 0;
  let left = blocks[0]?.uncompressed ?? 0;
  hash.init();
  return async (bytes) => {
    for (let at = 0; at < bytes.length; ) {
      const part = bytes.subarray(at, at + left);
      hash.update(part);
      at += part.length;
      left -= part.length;
      if (left > 0) continue;
      const { offset, bytes: length } = blocks[block];
      const stored = await source.read(offset + length, SHA256_BYTES);
      const computed = hash.digest('binary');
      if (!stored.every((byte, index) => byte === computed[index]))
        throw new Error(`the SHA-256 check of its block at byte ${offset} is wrong`);
      block += 1;
      left = blocks[block]?.uncompressed ?? Number.POSITIVE_INFINITY;
      hash.init();
    }
  };
}

const withSum = (magic: readonly number[], flags: readonly number[]): Uint8Array =>
  Uint8Array.from([...magic, ...flags, ...little(crc32(flags))]);

const little = (value: number): number[] => [
  value & 0xff,
  (value >>> 8) & 0xff,
  (value >>> 16) & 0xff,
  value >>> 24,
];

/** Seven bits a byte, lowest first (section 1.2). */
function variable(value: number): number[] {
  const bytes: number[] = [];
  for (let rest = value; ; rest = Math.floor(rest / 128)) {
    if (rest < 128) return [...bytes, rest];
    bytes.push((rest % 128) | 0x80);
  }
}

/** CRC32 of IEEE 802.3, bit by bit: of some bytes only. */
function crc32(bytes: readonly number[]): number {
  let crc = 0xffff_ffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit += 1) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb8_8320 : 0);
  }
  return ~crc >>> 0;
}
