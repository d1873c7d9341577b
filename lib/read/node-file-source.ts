// A file on disk as a byte source, for the command line and tests. Not for the browser.
import { type FileHandle, open } from 'node:fs/promises';
import type { ByteSource } from './byte-source';

export interface FileSource extends ByteSource {
  close(): Promise<void>;
}

/** Opens `path` for reading; rejects with Node's error (ENOENT, EACCES, EISDIR …) where it can't. */
export async function openFileSource(path: string, name: string): Promise<FileSource> {
  const handle = await open(path, 'r');
  const { size } = await handle.stat();
  return openHandleSource(handle, size, name);
}

/** What stays in a core's cache between the read and the parser. */
const SLICE_BYTES = 1 << 20;

/** The first `size` bytes of an open file. */
export function openHandleSource(handle: FileHandle, size: number, name: string): FileSource {
  return {
    name,
    size,
    sliceBytes: SLICE_BYTES,
    async read(offset, length, into) {
      const wanted = Math.max(0, Math.min(length, size - offset));
      const bytes = into?.subarray(0, wanted) ?? new Uint8Array(wanted);
      let filled = 0;
      while (filled < wanted) {
        const { bytesRead } = await handle.read(bytes, filled, wanted - filled, offset + filled);
        if (bytesRead === 0) break;
        filled += bytesRead;
      }
      return filled === wanted ? bytes : bytes.subarray(0, filled);
    },
    close: () => handle.close(),
  };
}
