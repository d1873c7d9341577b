// Files named on the command line: captures as they are, folders and archives searched for captures. Names stay as given.
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { CaptureWarning } from '../lib/model/capture';
import { describeEmptyArchive, describeOthers, unpackArchive } from '../lib/read/archives';
import type { ByteSource } from '../lib/read/byte-source';
import { type FileSource, openFileSource } from '../lib/read/node-file-source';
import { nodeStorage } from '../lib/read/node-storage';

/** What a folder's files must be called to be taken for captures; a rotated series adds digits. */
const CAPTURE_NAME =
  /(\.(pcap|pcapng|cap|ntar)\d*(\.(gz|zst|xz))?|\.(tar|zip|tgz)|\.tar\.(gz|zst|xz))$/i;

export interface UnreadableInput {
  readonly file: string;
  readonly text: string;
}

export interface OpenedInputs {
  readonly sources: readonly ByteSource[];
  readonly unreadable: readonly UnreadableInput[];
  /** What is to be said of archives that were read. */
  readonly warnings: readonly CaptureWarning[];
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
  const opened: FileSource[] = [];
  const sources: ByteSource[] = [];
  const warnings: CaptureWarning[] = [];
  for (const file of [...files].sort()) {
    try {
      const source = await openFileSource(file, file);
      opened.push(source);
      const unpacked = await unpackArchive<ByteSource>(source, nodeStorage);
      if (unpacked === null) {
        sources.push(source);
        continue;
      }
      const nothing = describeEmptyArchive(file, unpacked);
      if (nothing !== null) unreadable.push({ file, text: nothing.text });
      else warnings.push(...unpacked.warnings);
      sources.push(...unpacked.captures);
      if (nothing === null && unpacked.others.length > 0)
        warnings.push(describeOthers(file, unpacked.others));
    } catch (error) {
      unreadable.push({ file, text: causeOf(error) });
    }
  }
  return {
    sources,
    unreadable,
    warnings,
    async close() {
      for (const source of new Set([...opened, ...sources])) await source.close?.();
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
