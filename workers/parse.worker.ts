// Reads one capture after another and sends its blocks straight to the engine, over a channel of its own.

import { parseCapture } from '../lib/engine/parse-capture';
import type { ParseMessage } from '../lib/engine/parse-messages';
import { BLOCK_BYTES } from '../lib/model/packet-columns';
import { blobSource } from '../lib/read/byte-source';
import { openDecompressed } from '../lib/read/inflate';
import { type Endpoint, ownedBuffers, serve } from './rpc';
import type { ParseWorkerQuestions } from './worker-questions';

let engine: MessagePort | undefined;

const send = (message: ParseMessage, transfer: Transferable[] = []) => {
  if (engine === undefined) throw new Error('The parse worker has no channel to the engine');
  engine.postMessage(message, transfer);
};

/** Shared where the page is cross-origin isolated, so that other workers can join on it; else it is given away. */
const allocate = () =>
  globalThis.crossOriginIsolated
    ? new SharedArrayBuffer(BLOCK_BYTES)
    : new ArrayBuffer(BLOCK_BYTES);

serve<ParseWorkerQuestions>(globalThis as unknown as Endpoint, {
  connectEngine(port) {
    engine = port;
    return null;
  },
  async parse({ key, file }, signal) {
    const opened = await openDecompressed(blobSource(file, file.name), signal);
    if (!opened.ok) {
      send({ type: 'failed', key, warning: opened.error });
      return null;
    }
    const { source, warnings } = opened.value;
    // Progress is told in bytes of the file as the user has it.
    const scale = source.size > 0 ? file.size / source.size : 1;
    const result = await parseCapture(
      source,
      {
        block: (block) => send({ type: 'block', key, block }, transferOf(block)),
        progress: (bytesRead, frames) =>
          send({ type: 'progress', key, bytesRead: Math.round(bytesRead * scale), frames }),
      },
      { signal, allocate },
    );
    if (result.ok) {
      const summary = { ...result.value, warnings: [...warnings, ...result.value.warnings] };
      send({ type: 'done', key, summary });
    } else send({ type: 'failed', key, warning: result.error });
    return null;
  },
});

/** A block's own buffer is given away unless it is shared; the rest of it is small. */
function transferOf(block: { readonly buffer: ArrayBuffer | SharedArrayBuffer }): Transferable[] {
  const buffers = new Set(ownedBuffers(block));
  if (block.buffer instanceof ArrayBuffer) buffers.add(block.buffer);
  return [...buffers];
}
