// SHA-256 of a file of any size, piece by piece (WebCrypto cannot stream): what a report cites so that a second engineer knows the file.
import { createSHA256 } from 'hash-wasm';
import type { ByteSource } from './byte-source';
import { yieldToEventLoop } from './event-loop';

const PIECE_BYTES = 4 << 20;

/** 64 hex digits. Rejects with AbortError when aborted, with the source's error when it cannot be read. */
export async function sha256Of(source: ByteSource, signal?: AbortSignal): Promise<string> {
  const hasher = await createSHA256();
  for (let offset = 0; offset < source.size; ) {
    signal?.throwIfAborted();
    const piece = await source.read(offset, PIECE_BYTES);
    if (piece.length === 0) break;
    hasher.update(piece);
    offset += piece.length;
    await yieldToEventLoop();
  }
  return hasher.digest('hex');
}
