// Decompressed bytes in a temporary file. It has no name from the start: nothing is left behind, however the program ends.
import { mkdtemp, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ByteSource } from './byte-source';
import { openHandleSource } from './node-file-source';
import { type ByteStorage, sliceSource } from './storage';

export const nodeStorage: ByteStorage<ByteSource> = {
  maximumBytes: 2 ** 40,
  async openSpool(name) {
    const folder = await mkdtemp(join(tmpdir(), 'hoplane-'));
    const handle = await open(join(folder, 'spool'), 'w+');
    await rm(folder, { recursive: true });
    let size = 0;
    return {
      remark: null,
      async write(chunk) {
        await handle.write(chunk, 0, chunk.length, size);
        size += chunk.length;
      },
      finish: async () => openHandleSource(handle, size, name),
      discard: () => handle.close(),
    };
  },
  slice: sliceSource,
};
