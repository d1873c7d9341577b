// Where decompressed bytes go, and how a part of a source becomes one of its own. Memory here; a temporary file in Node (node-storage.ts), the browser's
// private file system (browser-storage.ts).
import { type ByteSource, chunkedSource } from './byte-source';

/** Takes bytes in order and gives them back as a source. */
export interface Spool<S extends ByteSource> {
  write(chunk: Uint8Array): Promise<void> | void;
  finish(): Promise<S>;
  /** What is to be said of where it went; null: nothing. */
  readonly remark: string | null;
  /** Drops what was written. */
  discard(): Promise<void>;
}

export interface ByteStorage<S extends ByteSource> {
  /** Most bytes that one spool may hold. */
  readonly maximumBytes: number;
  openSpool(name: string): Promise<Spool<S>>;
  /** Bytes [offset, offset + size) of a source under another name. */
  slice(source: S, offset: number, size: number, name: string): S;
}

const GIBIBYTE = 2 ** 30;

export const memoryStorage: ByteStorage<ByteSource> = {
  maximumBytes: 4 * GIBIBYTE,
  async openSpool(name) {
    const chunks: Uint8Array[] = [];
    return {
      remark: null,
      write: (chunk) => {
        chunks.push(chunk);
      },
      finish: async () => chunkedSource(chunks, name),
      discard: async () => {
        chunks.length = 0;
      },
    };
  },
  slice: sliceSource,
};

export function sliceSource(
  source: ByteSource,
  offset: number,
  size: number,
  name: string,
): ByteSource {
  return {
    name,
    size,
    sliceBytes: source.sliceBytes,
    read: (from, length, into) =>
      from >= size
        ? Promise.resolve(new Uint8Array(0))
        : source.read(offset + from, Math.min(length, size - from), into),
  };
}
