// Where results go: a file, or standard output for `-`. Large results are written piece by piece.

import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import type { Writable } from 'node:stream';
import { finished } from 'node:stream/promises';
import { UsageError } from './usage';

/** Characters gathered before they are written. */
const PIECE = 1 << 16;

export interface TextOutput {
  write(text: string): Promise<void>;
  end(): Promise<void>;
}

/** Opens `path` for text. */
export function openTextOutput(path: string): TextOutput {
  const toStandardOutput = path === '-';
  const stream: Writable = toStandardOutput ? process.stdout : createWriteStream(path);
  let failed: Error | undefined;
  stream.on('error', (error: Error) => {
    failed = error;
  });
  let pending = '';
  const flush = async (): Promise<void> => {
    if (failed) throw failed;
    const text = pending;
    pending = '';
    if (!stream.write(text)) await once(stream, 'drain');
  };
  return {
    async write(text) {
      pending += text;
      if (pending.length >= PIECE) await flush();
    },
    async end() {
      if (pending.length > 0) await flush();
      if (toStandardOutput) return;
      stream.end();
      await finished(stream);
    },
  };
}

export async function writeBytes(path: string, bytes: Uint8Array): Promise<void> {
  if (path !== '-') {
    await writeFile(path, bytes);
    return;
  }
  await new Promise<void>((resolve, reject) => {
    process.stdout.write(bytes, (error) => (error ? reject(error) : resolve()));
  });
}

/** An output that is named like a capture is a slip (`--json *.pcap`): it would overwrite the first of them. */
export function refuseCaptureAsOutput(option: string, path: string | undefined): void {
  if (path !== undefined && /\.(pcap|pcapng|cap|ntar)\d*(\.(gz|zst|xz))?$/i.test(path))
    throw new UsageError(`--${option} names a place to write, and ${path} looks like a capture`);
}

/** A line on standard error about one file, which names it once. */
export function sayOf(file: string, text: string): void {
  process.stderr.write(text.startsWith(`${file}: `) ? `${text}\n` : `${file}: ${text}\n`);
}
