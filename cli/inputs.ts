// Files named on the command line: captures as they are, folders searched for captures. Names stay as given.
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { ByteSource } from '../lib/read/byte-source';
import { type FileSource, openFileSource } from '../lib/read/node-file-source';

/** What a folder's files must be called to be taken for captures; a rotated series adds digits. */
const CAPTURE_NAME = /\.(pcap|pcapng|cap|ntar)\d*(\.gz)?$/i;

export interface UnreadableInput {
  readonly file: string;
  readonly text: string;
}

export interface OpenedInputs {
  readonly sources: readonly ByteSource[];
  readonly unreadable: readonly UnreadableInput[];
  close(): Promise<void>;
}

/** Opens all captures, ordered by name. What does not open is listed, and the rest goes on. */
export async function openInputs(paths: readonly string[]): Promise<OpenedInputs> {
  const unreadable: UnreadableInput[] = [];
  const files = new Set<string>();
  for (const path of paths) {
    try {
      for (const file of await capturesAt(path)) files.add(file);
    } catch (error) {
      unreadable.push({ file: path, text: causeOf(error) });
    }
  }
  const sources: FileSource[] = [];
  for (const file of [...files].sort()) {
    try {
      sources.push(await openFileSource(file, file));
    } catch (error) {
      unreadable.push({ file, text: causeOf(error) });
    }
  }
  return {
    sources,
    unreadable,
    async close() {
      for (const source of sources) await source.close();
    },
  };
}

async function capturesAt(path: string): Promise<string[]> {
  if (!(await stat(path)).isDirectory()) return [path];
  const entries = await readdir(path, { recursive: true, withFileTypes: true });
  const found = entries
    .filter((entry) => entry.isFile() && CAPTURE_NAME.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name));
  if (found.length === 0) throw new Error('the folder holds no captures');
  return found;
}

const causeOf = (error: unknown): string =>
  error instanceof Error && 'code' in error && error.code === 'ENOENT'
    ? 'no such file'
    : error instanceof Error
      ? error.message
      : String(error);
