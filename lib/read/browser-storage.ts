// Decompressed bytes in the origin's private file system, in a folder of this page's own; in memory, as a Blob, where there is none (private windows).
// What no longer fits there goes on in memory, too: a full disk ends no capture. Only in workers: the file system's synchronous handles exist nowhere else.
import { SPOOL_ROOT, spoolLock } from '../base/spool-folder';
import type { ByteSource } from './byte-source';
import { blobSource } from './byte-source';
import type { ByteStorage, Spool } from './storage';

/** A source that can be handed to another worker as what it is. */
export interface BlobByteSource extends ByteSource {
  readonly blob: Blob;
}

export const openBlobSource = (blob: Blob, name: string): BlobByteSource => ({
  ...blobSource(blob, name),
  blob,
});

/** A Blob is made of parts of this size: browsers move them out of memory. */
const PART_BYTES = 32 << 20;

/** `name`: the page's own folder; the page holds the lock of that name for as long as it lives. */
export function openBrowserStorage(name: string): ByteStorage<BlobByteSource> {
  let folder: Promise<FileSystemDirectoryHandle | null> | undefined;
  return {
    maximumBytes: 2 ** 36,
    async openSpool(spoolName) {
      folder ??= openFolder(name).catch(() => null);
      const place = await folder;
      return place === null
        ? blobSpool(spoolName, [])
        : fileSpool(place, spoolName).catch(() => blobSpool(spoolName, []));
    },
    slice: (source, offset, size, sliceName) =>
      openBlobSource(source.blob.slice(offset, offset + size), sliceName),
  };
}

/** The folder, made where it is not there; what no page holds any more is swept. */
async function openFolder(name: string): Promise<FileSystemDirectoryHandle | null> {
  if (navigator.storage?.getDirectory === undefined || navigator.locks === undefined) return null;
  const origin = await navigator.storage.getDirectory();
  const root = await origin.getDirectoryHandle(SPOOL_ROOT, { create: true });
  const { held = [] } = await navigator.locks.query();
  const alive = new Set(held.map((lock) => lock.name));
  for await (const other of root.keys())
    if (other !== name && !alive.has(spoolLock(other)))
      await root.removeEntry(other, { recursive: true }).catch(() => {});
  return root.getDirectoryHandle(name, { create: true });
}

/** What a worker's file handle can do besides; the page's types do not know it. */
interface SyncFileHandle extends FileSystemFileHandle {
  createSyncAccessHandle(): Promise<SyncAccess>;
}

interface SyncAccess {
  write(bytes: Uint8Array, options: { readonly at: number }): number;
  flush(): void;
  close(): void;
}

/** A file of the folder as a spool; from where it is full on the bytes go to memory. */
export async function fileSpool(
  place: FileSystemDirectoryHandle,
  name: string,
): Promise<Spool<BlobByteSource>> {
  const fileName = crypto.getRandomValues(new Uint32Array(4)).join('-');
  const file = (await place.getFileHandle(fileName, { create: true })) as SyncFileHandle;
  const access = await file.createSyncAccessHandle();
  let size = 0;
  let overflow: Spool<BlobByteSource> | null = null;
  const close = async (): Promise<File> => {
    access.flush();
    access.close();
    return file.getFile();
  };
  return {
    get remark() {
      return overflow === null
        ? null
        : `the browser’s storage is full: of what it decompresses to all after byte ${size} is held in memory`;
    },
    async write(chunk) {
      if (overflow === null) {
        const written = writeWhatFits(access, chunk, size);
        size += written;
        if (written === chunk.length) return;
        overflow = blobSpool(name, [(await close()).slice(0, size)]);
        await overflow.write(chunk.slice(written));
      } else await overflow.write(chunk);
    },
    finish: async () => overflow?.finish() ?? openBlobSource(await close(), name),
    async discard() {
      if (overflow === null) access.close();
      await overflow?.discard();
      await place.removeEntry(fileName).catch(() => {});
    },
  };
}

/**
 * What a file handle says it wrote of so many bytes; throws where it wrote none. Chromium's private windows answer a number near 2³² (the system's error,
 * without its sign) where there is no room.
 */
export function ensureWritten(written: number, bytes: number): number {
  if (written > 0 && written <= bytes) return written;
  throw new Error('the browser’s storage is full');
}

/** Writes `chunk` at byte `at`; answers how many of its bytes there was room for. */
function writeWhatFits(access: SyncAccess, chunk: Uint8Array, at: number): number {
  let done = 0;
  try {
    while (done < chunk.length) {
      const rest = chunk.subarray(done);
      done += ensureWritten(access.write(rest, { at: at + done }), rest.length);
    }
  } catch {
    // QuotaExceededError, or as ensureWritten says: what was written before it stays.
  }
  return done;
}

function blobSpool(name: string, begun: readonly Blob[]): Spool<BlobByteSource> {
  const parts = [...begun];
  let waiting: Uint8Array<ArrayBuffer>[] = [];
  let bytes = 0;
  const pack = () => {
    if (waiting.length > 0) parts.push(new Blob(waiting));
    waiting = [];
    bytes = 0;
  };
  return {
    remark: null,
    write(chunk) {
      waiting.push(chunk as Uint8Array<ArrayBuffer>);
      bytes += chunk.length;
      if (bytes >= PART_BYTES) pack();
    },
    async finish() {
      pack();
      return openBlobSource(new Blob(parts), name);
    },
    async discard() {
      parts.length = 0;
      waiting = [];
    },
  };
}
