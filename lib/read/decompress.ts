// Compressed captures: recognised by their first bytes, decompressed to where the storage keeps bytes, so that any frame can be read again.
import { failure, type Result, success } from '../base/result';
import type { CaptureWarning } from '../model/capture';
import type { ByteSource } from './byte-source';
import { COMPRESSIONS, type Compression, Remark } from './compressions';
import { yieldToEventLoop } from './event-loop';
import { type ByteStorage, memoryStorage, type Spool } from './storage';

export interface DecompressOptions {
  readonly signal?: AbortSignal;
  /** Compressed bytes read so far. */
  readonly onProgress?: (consumed: number) => void;
  /** Most bytes that may come out; the storage's own limit where it is less. */
  readonly maximumBytes?: number;
  /** Most bytes that may come out for one byte put in, once more than 64 MiB came out. */
  readonly maximumRatio?: number;
}

/** deflate's own limit is 1032; nothing honest comes near it. */
const MAXIMUM_RATIO = 1000;
const RATIO_CHECKED_FROM = 64 << 20;
/** Time between two looks at the queue. */
const SLICE_MS = 20;
const HEAD_BYTES = 6;

export interface OpenedSource<S extends ByteSource> {
  readonly source: S;
  readonly warnings: readonly CaptureWarning[];
  /** The source is not the one given: it was decompressed. */
  readonly decompressed: boolean;
}

/** The source itself, or what it holds where it is compressed (several members or frames are one stream). A cut or damaged one gives what could be read and a warning. */
export function openDecompressed(
  source: ByteSource,
  options?: DecompressOptions,
): Promise<Result<OpenedSource<ByteSource>, CaptureWarning>> {
  return openDecompressedIn(source, memoryStorage, options);
}

/** The same with the storage that takes what is decompressed. Rejects with AbortError, or with an error of source or storage. */
export async function openDecompressedIn<S extends ByteSource>(
  source: S,
  storage: ByteStorage<S>,
  options: DecompressOptions = {},
): Promise<Result<OpenedSource<S>, CaptureWarning>> {
  const compression = await findCompression(source);
  if (compression === undefined) return success({ source, warnings: [], decompressed: false });
  const spool = await storage.openSpool(source.name);
  try {
    const opened = await decompressInto(source, compression, spool, {
      ...options,
      maximumBytes: Math.min(options.maximumBytes ?? storage.maximumBytes, storage.maximumBytes),
    });
    if (!opened.ok) await spool.discard();
    return opened;
  } catch (error) {
    await spool.discard();
    throw error;
  }
}

/** What is said of a capture that was decompressed: where the compressed data breaks off, it says nothing more that the last record is not whole. */
export const joinWarnings = (
  opened: readonly CaptureWarning[],
  parsed: readonly CaptureWarning[],
): readonly CaptureWarning[] =>
  opened.every(({ code }) => code !== 'cut-short' && code !== 'damaged')
    ? [...opened, ...parsed]
    : [...opened, ...parsed.filter(({ code }) => code !== 'cut-short' && code !== 'empty')];

/** By the first bytes, whatever the name says. */
export async function findCompression(source: ByteSource): Promise<Compression | undefined> {
  return findCompressionOf(await source.read(0, HEAD_BYTES));
}

export const findCompressionOf = (head: Uint8Array): Compression | undefined =>
  COMPRESSIONS.find(({ matches }) => matches(head));

async function decompressInto<S extends ByteSource>(
  source: ByteSource,
  compression: Compression,
  spool: Spool<S>,
  { signal, onProgress, maximumBytes = 0, maximumRatio = MAXIMUM_RATIO }: DecompressOptions,
): Promise<Result<OpenedSource<S>, CaptureWarning>> {
  let produced = 0;
  let consumed = 0;
  let broken: string | undefined;
  let remark: Remark | undefined;
  let end = performance.now() + SLICE_MS;
  signal?.throwIfAborted();
  const pieces = compression.decompress(source);
  try {
    for (;;) {
      let step: IteratorResult<{ readonly bytes: Uint8Array; readonly consumed: number }>;
      try {
        step = await pieces.next();
      } catch (error) {
        if (error instanceof Remark) remark = error;
        else broken = error instanceof Error ? error.message : String(error);
        break;
      }
      if (step.done) break;
      consumed = step.value.consumed;
      produced += step.value.bytes.length;
      const excess = findExcess(produced, consumed, maximumBytes, maximumRatio);
      if (excess !== undefined)
        return failure({
          code: 'unsupported-format',
          text: `${source.name}: ${excess}. Decompress it first and open the result.`,
          offset: consumed,
        });
      if (step.value.bytes.length > 0) await spool.write(step.value.bytes);
      if (performance.now() < end) continue;
      onProgress?.(consumed);
      await yieldToEventLoop();
      signal?.throwIfAborted();
      end = performance.now() + SLICE_MS;
    }
  } finally {
    await pieces.return(undefined).catch(() => {});
  }
  const { name } = compression;
  if (produced === 0)
    return failure({
      code: 'damaged',
      text: `${source.name}: ${name} data that can't be decompressed from byte 0 on${broken === undefined ? '' : ` (${broken})`}${await adviceFor(source, name)}`,
      offset: 0,
    });
  const warnings: CaptureWarning[] = [];
  if (remark !== undefined)
    warnings.push({ code: remark.code, text: `${source.name}: ${remark.message}` });
  if (broken !== undefined)
    warnings.push({
      code: /EOF|truncated|end/i.test(broken) ? 'cut-short' : 'damaged',
      text: `${source.name}: the ${name} data breaks off near byte ${consumed} of the compressed file (${broken}); ${produced} bytes could be decompressed`,
      offset: produced,
    });
  if (spool.remark !== null)
    warnings.push({ code: 'storage-full', text: `${source.name}: ${spool.remark}` });
  return success({ source: await spool.finish(), warnings, decompressed: true });
}

/** Checks of an xz stream that the decoder at hand knows: none, CRC32, CRC64 (xz file format, section 2.1.1.2). */
const XZ_CHECKS: readonly number[] = [0, 1, 4];
const XZ_CHECK_OFFSET = 7;

async function adviceFor(source: ByteSource, compression: string): Promise<string> {
  if (compression !== 'xz') return '';
  const [check] = await source.read(XZ_CHECK_OFFSET, 1);
  return check === undefined || XZ_CHECKS.includes(check & 0xf)
    ? ''
    : ': its check is another than CRC32 or CRC64. Decompress it first with `xz -d`';
}

/** Why so many bytes out of so few are no honest file's; undefined: they may be. */
export const findExcess = (
  produced: number,
  consumed: number,
  maximumBytes: number,
  maximumRatio: number = MAXIMUM_RATIO,
): string | undefined => {
  if (produced > maximumBytes) return `decompresses to more than ${maximumBytes} bytes`;
  if (produced > RATIO_CHECKED_FROM && produced > consumed * maximumRatio)
    return `decompresses to more than ${maximumRatio} times its size`;
  return undefined;
};
