// Compressed captures: recognised by their magic number, decompressed into memory. Only gzip so far; what else is compressed is named by foreign-format.ts.
import { Gunzip } from 'fflate';
import { failure, type Result, success } from '../base/result';
import type { CaptureWarning } from '../model/capture';
import { type ByteSource, chunkedSource } from './byte-source';
import { yieldToEventLoop } from './event-loop';

export interface InflateLimits {
  /** Most bytes that may come out. */
  readonly maximumBytes: number;
  /** Most bytes that may come out for one byte put in, once more than 64 MiB came out. */
  readonly maximumRatio: number;
}

const GIBIBYTE = 1 << 30;
const DEFAULT_LIMITS: InflateLimits = { maximumBytes: 4 * GIBIBYTE, maximumRatio: 300 };
const RATIO_CHECKED_FROM = 64 << 20;
const READ_BYTES = 4 << 20;
/** Small pieces in, so that what comes out of one push stays bounded (deflate gives at most 1032 for 1). */
const PUSH_BYTES = 64 << 10;

export interface OpenedSource {
  readonly source: ByteSource;
  readonly warnings: readonly CaptureWarning[];
}

/** The source itself, or what it holds where it is gzip (several members are one stream). A cut or damaged one gives what could be read and a warning. */
export async function openDecompressed(
  source: ByteSource,
  signal?: AbortSignal,
  limits: InflateLimits = DEFAULT_LIMITS,
): Promise<Result<OpenedSource, CaptureWarning>> {
  const head = await source.read(0, 3);
  const isGzip = head.length === 3 && head[0] === 0x1f && head[1] === 0x8b && head[2] === 8;
  return isGzip ? inflateGzip(source, signal, limits) : success({ source, warnings: [] });
}

async function inflateGzip(
  source: ByteSource,
  signal: AbortSignal | undefined,
  limits: InflateLimits,
): Promise<Result<OpenedSource, CaptureWarning>> {
  const chunks: Uint8Array[] = [];
  let produced = 0;
  let consumed = 0;
  const gunzip = new Gunzip((chunk) => {
    if (chunk.length === 0) return;
    chunks.push(chunk);
    produced += chunk.length;
  });
  let broken: string | undefined;
  while (consumed < source.size && broken === undefined) {
    signal?.throwIfAborted();
    const input = await source.read(consumed, READ_BYTES);
    if (input.length === 0) break;
    for (let at = 0; at < input.length && broken === undefined; at += PUSH_BYTES) {
      const piece = input.subarray(at, at + PUSH_BYTES);
      const final = consumed + piece.length >= source.size;
      try {
        gunzip.push(piece, final);
      } catch (error) {
        broken = error instanceof Error ? error.message : String(error);
      }
      consumed += piece.length;
      const excess = findExcess(produced, consumed, limits);
      if (excess !== undefined)
        return failure({
          code: 'unsupported-format',
          text: `${source.name}: ${excess}. Decompress it first and open the result.`,
          offset: consumed,
        });
      // Inflating 64 KiB can take a while: cancelling must not wait for the whole file.
      if ((at / PUSH_BYTES) % 8 === 7) {
        await yieldToEventLoop();
        signal?.throwIfAborted();
      }
    }
  }
  if (produced === 0)
    return failure({
      code: 'damaged',
      text: `${source.name}: gzip data that can't be decompressed${broken === undefined ? '' : ` (${broken})`}`,
      offset: 0,
    });
  const warnings: CaptureWarning[] = [];
  if (broken !== undefined)
    warnings.push({
      code: broken.includes('EOF') ? 'cut-short' : 'damaged',
      text: `${source.name}: the gzip data breaks off near byte ${consumed} of the compressed file (${broken}); ${produced} bytes could be decompressed`,
      offset: produced,
    });
  return success({ source: chunkedSource(chunks, source.name), warnings });
}

const findExcess = (
  produced: number,
  consumed: number,
  limits: InflateLimits,
): string | undefined => {
  if (produced > limits.maximumBytes)
    return `decompresses to more than ${limits.maximumBytes} bytes`;
  if (produced > RATIO_CHECKED_FROM && produced > consumed * limits.maximumRatio)
    return `decompresses to more than ${limits.maximumRatio} times its size`;
  return undefined;
};
