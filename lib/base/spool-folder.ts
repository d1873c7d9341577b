// The folder of the origin's private file system where a page keeps decompressed bytes: its place, and the lock that says the page still lives.

export const SPOOL_ROOT = 'spool';

/** Name of the lock that a page holds while its folder is in use. */
export const spoolLock = (folder: string): string => `hoplane-spool-${folder}`;

/** Drops a page's folder with all that is in it. Rejects where there is none. */
export async function dropSpoolFolder(folder: string): Promise<void> {
  const origin = await navigator.storage?.getDirectory?.();
  const root = await origin?.getDirectoryHandle(SPOOL_ROOT);
  await root?.removeEntry(folder, { recursive: true });
}
