// Writes files of a kept case, in a worker: synchronous handles exist nowhere else. What fails (no room, no such file system) leaves nothing behind.
import { dropCaseFile, openCaseFolder } from '../base/case-folder';
import { ensureWritten } from './browser-storage';

/** Part of a case: its folder and the file in it. */
export interface KeptPlace {
  readonly folder: string;
  readonly name: string;
}

interface SyncFileHandle extends FileSystemFileHandle {
  createSyncAccessHandle(): Promise<{
    write(bytes: Uint8Array, options: { readonly at: number }): number;
    truncate(size: number): void;
    flush(): void;
    close(): void;
  }>;
}

export interface CaseFile {
  /** Throws where there is no room. */
  write(bytes: Uint8Array<ArrayBuffer>): void;
  /** Its size in bytes. */
  finish(): number;
  discard(): Promise<void>;
}

/** null: nothing can be kept here. Rejects with QuotaExceededError where there is no room for even an empty file. */
export async function createCaseFile({ folder, name }: KeptPlace): Promise<CaseFile | null> {
  try {
    const place = await openCaseFolder(folder, true);
    const handle = (await place.getFileHandle(name, { create: true })) as SyncFileHandle;
    const access = await handle.createSyncAccessHandle();
    access.truncate(0);
    let size = 0;
    return {
      write(bytes) {
        for (let done = 0; done < bytes.length; ) {
          const rest = bytes.subarray(done);
          const written = ensureWritten(access.write(rest, { at: size }), rest.length);
          done += written;
          size += written;
        }
      },
      finish() {
        access.flush();
        access.close();
        return size;
      },
      async discard() {
        access.close();
        await dropCaseFile(folder, name);
      },
    };
  } catch (error) {
    if (error instanceof DOMException && error.name === 'QuotaExceededError') throw error;
    return null;
  }
}

const COPY_BYTES = 4 << 20;

/** Copies a file into the case; its size, or null where it does not fit. */
export async function copyIntoCase(blob: Blob, place: KeptPlace): Promise<number | null> {
  const file = await createCaseFile(place).catch(() => null);
  if (file === null) return null;
  try {
    for (let at = 0; at < blob.size; at += COPY_BYTES)
      file.write(new Uint8Array(await blob.slice(at, at + COPY_BYTES).arrayBuffer()));
    return file.finish();
  } catch {
    await file.discard();
    return null;
  }
}
