// The compressions that are read, as a table: how each is recognised and undone. Each decompressor takes the source piece by piece and gives what comes of it.
import { Gunzip } from 'fflate';
import { Decompress } from 'fzstd';
import { createCRC32, createXXHash64 } from 'hash-wasm';
import type { ByteSource } from './byte-source';
import { readUint32 } from './container-reader';
import { MemberCheck } from './gzip-check';
import { findCheckedBlocks, openBlockChecker, withoutChecks } from './xz-checks';
import { ZstdFrames } from './zstd-frames';

const READ_BYTES = 4 << 20;
/** Small pieces in, so that what comes out of one push stays bounded (deflate gives at most 1032 for 1). */
const PUSH_BYTES = 64 << 10;

/** What came of the compressed bytes before `consumed`. */
export interface Piece {
  readonly bytes: Uint8Array;
  readonly consumed: number;
}

export interface Compression {
  readonly name: string;
  readonly ending: string;
  readonly matches: (head: Uint8Array) => boolean;
  /** Throws where the data is damaged or ends early; what came before was given. */
  readonly decompress: (source: ByteSource) => AsyncGenerator<Piece>;
}

const startsWith =
  (...magic: readonly number[]) =>
  (head: Uint8Array): boolean =>
    head.length >= magic.length && magic.every((byte, index) => head[index] === byte);

export const COMPRESSIONS: readonly Compression[] = [
  {
    name: 'gzip',
    ending: '.gz',
    matches: startsWith(0x1f, 0x8b, 8),
    decompress: gunzip,
  },
  {
    name: 'zstd',
    ending: '.zst',
    // A file may begin with a skippable frame (0x184d2a50 … 5f).
    matches: (head) =>
      startsWith(0x28, 0xb5, 0x2f, 0xfd)(head) ||
      (head.length >= 4 &&
        (head[0] & 0xf0) === 0x50 &&
        startsWith(0x2a, 0x4d, 0x18)(head.subarray(1))),
    decompress: unzstd,
  },
  {
    name: 'xz',
    ending: '.xz',
    matches: startsWith(0xfd, 0x37, 0x7a, 0x58, 0x5a, 0),
    decompress: unxz,
  },
];

/** Answers how many bytes of the piece it took: fewer than all where much came of them, which is to be taken away first. */
type Push = (piece: Uint8Array, final: boolean) => number;

/** Thrown at the end: all came out that could, and this is to be said of it. */
export class Remark extends Error {
  constructor(
    readonly code: 'damaged' | 'unsupported-format',
    text: string,
  ) {
    super(text);
  }
}

/**
 * Members one after the other, their CRC32s checked. A file that is cut within its last eight bytes shows it by the length alone that stands there
 * (RFC 1952 section 2.3.1).
 */
async function* gunzip(source: ByteSource): AsyncGenerator<Piece> {
  const check = new MemberCheck(await createCRC32());
  let ofMember = 0;
  let hasBegun = false;
  try {
    yield* pushed(source, (take) => {
      const decoder = new Gunzip((bytes) => {
        ofMember += bytes.length;
        hasBegun = true;
        check.takeOutput(bytes);
        take(bytes);
      });
      decoder.onmember = (offset) => {
        check.endMember(offset);
        ofMember = 0;
      };
      return (piece, final) => {
        check.takeInput(piece);
        decoder.push(piece, final);
        return piece.length;
      };
    });
  } catch (error) {
    // The decoder says so of a member's header alone: the member before is whole.
    if (!hasBegun || !/invalid gzip data/.test(String(error))) throw error;
    if (await endsInZeros(source)) return;
    throw new Remark(
      'unsupported-format',
      `the gzip data ends before the file does; what follows it, up to byte ${source.size}, is something else and was left out`,
    );
  }
  const trailer = await source.read(source.size - 4, 4);
  if (trailer.length < 4 || readUint32(trailer, 0, true) !== ofMember % 2 ** 32)
    throw new Error('unexpected EOF: the length at its end is not that of what came out');
  check.endMember(source.size);
  if (check.wrongAt !== null)
    throw new Remark(
      'damaged',
      `the check of the gzip data that ends at byte ${check.wrongAt} is wrong: what came of it is not what was compressed`,
    );
}

/** What tapes and block devices leave behind a file: gzip passes over it too. */
const PADDING_BYTES = 16;

const endsInZeros = async (source: ByteSource): Promise<boolean> =>
  (await source.read(source.size - PADDING_BYTES, PADDING_BYTES)).every((byte) => byte === 0);

/** Frames one after the other, each by a decoder of its own: so it is known what came of which, and its checksum can be held against it. */
async function* unzstd(source: ByteSource): AsyncGenerator<Piece> {
  const frames = new ZstdFrames(await createXXHash64());
  yield* pushed(source, (take) => {
    let decoder: Decompress | null = null;
    return (piece, final) => {
      const end = frames.advance(piece, 0);
      decoder ??= new Decompress((bytes) => {
        frames.takeOutput(bytes);
        take(bytes);
      });
      decoder.push(piece.subarray(0, end), frames.ended || (final && end === piece.length));
      if (frames.ended) {
        frames.check();
        decoder = null;
      }
      return end;
    };
  });
  if (frames.wrongAt !== null)
    throw new Remark(
      'damaged',
      `the check of the zstd frame that ends at byte ${frames.wrongAt} is wrong: what came of it is not what was compressed`,
    );
}

/** Drives a decompressor that takes pushes and calls back. */
async function* pushed(
  source: ByteSource,
  open: (take: (bytes: Uint8Array) => void) => Push,
): AsyncGenerator<Piece> {
  let waiting: Uint8Array[] = [];
  const push = open((bytes) => {
    if (bytes.length > 0) waiting.push(bytes);
  });
  for (let consumed = 0; consumed < source.size; ) {
    const input = await source.read(consumed, READ_BYTES);
    if (input.length === 0) return;
    for (let at = 0; at < input.length; ) {
      const piece = input.subarray(at, at + PUSH_BYTES);
      let taken = piece.length;
      let broken: unknown;
      try {
        taken = push(piece, consumed + piece.length >= source.size);
      } catch (error) {
        broken = error;
      }
      at += taken;
      consumed += taken;
      for (const bytes of waiting) yield { bytes, consumed };
      waiting = [];
      if (broken !== undefined) throw broken;
      // Nothing came of it: the driver may still look whether it is to stop.
      yield { bytes: new Uint8Array(0), consumed };
    }
  }
}

/** What the decoder's codes mean (enum xz_ret of XZ Embedded). */
const XZ_CAUSES: Readonly<Record<string, string>> = {
  4: 'it needs too large a dictionary',
  5: 'no xz stream',
  6: 'options that are not known',
  7: 'damaged data',
  8: 'unexpected end of the data',
};

function xzCause(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return XZ_CAUSES[/error code (\d+)/.exec(text)?.[1] ?? ''] ?? text;
}

/** Node gives a CommonJS package as the default of its module, bundlers give its names. */
type XzPackage = typeof import('xz-decompress');

async function* piecesOf(source: ByteSource): AsyncGenerator<Piece> {
  for (let consumed = 0; consumed < source.size; ) {
    const bytes = await source.read(consumed, PUSH_BYTES);
    if (bytes.length === 0) return;
    consumed += bytes.length;
    yield { bytes: bytes.slice(), consumed };
  }
}

/** xz by WebAssembly. Its package is loaded when the first such file comes. */
async function* unxz(source: ByteSource): AsyncGenerator<Piece> {
  const loaded: XzPackage & { readonly default?: XzPackage } = await import('xz-decompress');
  const { XzReadableStream } = loaded.default ?? loaded;
  const checked = await findCheckedBlocks(source);
  const pieces = checked === null ? piecesOf(source) : withoutChecks(source, checked);
  const check = checked === null ? null : await openBlockChecker(source, checked);
  let consumed = 0;
  const compressed = new ReadableStream<Uint8Array>({
    async pull(controller) {
      const { done, value } = await pieces.next();
      if (done) {
        controller.close();
        return;
      }
      ({ consumed } = value);
      controller.enqueue(value.bytes);
    },
  });
  const reader = new XzReadableStream(compressed).getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read().catch((error) => {
        throw new Error(xzCause(error));
      });
      if (done) return;
      await check?.(value);
      yield { bytes: value.slice(), consumed };
    }
  } finally {
    // One stream at a time has the decoder: the next waits until this one is cancelled.
    await reader.cancel().catch(() => {});
  }
}
