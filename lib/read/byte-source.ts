// Where bytes come from: the only way the program reads a capture. A browser's File, bytes in memory, or (node-file-source.ts) a file on disk.

export interface ByteSource {
  /** The name a person knows the file by. */
  readonly name: string;
  readonly size: number;
  /** Bytes that are best read at once when the whole is read; a default of the reader's where it is left out. */
  readonly sliceBytes?: number;
  /** Bytes [offset, offset + length), fewer where the source ends before. A source that copies may fill `into`, of at least that length, and answer a view of it. */
  read(offset: number, length: number, into?: Uint8Array): Promise<Uint8Array>;
  /** All bytes in order, in chunks of the source's own choice; absent where `read` is as good. */
  stream?(): ReadableStream<Uint8Array>;
  /** Frees what it holds open; absent where there is nothing to free. */
  close?(): Promise<void>;
}

/** A browser's File or Blob. */
export const blobSource = (blob: Blob, name: string): ByteSource => ({
  name,
  size: blob.size,
  async read(offset, length) {
    return new Uint8Array(await blob.slice(offset, offset + length).arrayBuffer());
  },
  stream: () => blob.stream(),
});

export const memorySource = (bytes: Uint8Array, name: string): ByteSource => ({
  name,
  size: bytes.length,
  async read(offset, length) {
    return bytes.subarray(offset, offset + length);
  },
});

/** Bytes that lie in memory in pieces, such as what was decompressed. */
export function chunkedSource(chunks: readonly Uint8Array[], name: string): ByteSource {
  const starts: number[] = [];
  let size = 0;
  for (const chunk of chunks) {
    starts.push(size);
    size += chunk.length;
  }
  const chunkAt = (offset: number): number => {
    let low = 0;
    let high = starts.length;
    while (high - low > 1) {
      const middle = (low + high) >>> 1;
      if (starts[middle] <= offset) low = middle;
      else high = middle;
    }
    return low;
  };
  return {
    name,
    size,
    async read(offset, length) {
      const end = Math.min(size, offset + length);
      if (offset >= end) return new Uint8Array(0);
      let index = chunkAt(offset);
      if (end <= starts[index] + chunks[index].length)
        return chunks[index].subarray(offset - starts[index], end - starts[index]);
      const bytes = new Uint8Array(end - offset);
      for (let at = offset; at < end; index++) {
        const piece = chunks[index].subarray(at - starts[index], end - starts[index]);
        bytes.set(piece, at - offset);
        at += piece.length;
      }
      return bytes;
    },
  };
}
