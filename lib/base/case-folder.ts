// Where kept cases have their tables and copies: a folder a case in the origin's private file system. Pages read and drop, workers write (lib/read/case-files.ts).

const CASES_ROOT = 'cases';

/** Rejects where the browser has no such file system (private windows). */
export async function openCaseFolder(
  id: string,
  create: boolean,
): Promise<FileSystemDirectoryHandle> {
  const origin = await navigator.storage.getDirectory();
  const root = await origin.getDirectoryHandle(CASES_ROOT, { create });
  return root.getDirectoryHandle(id, { create });
}

/** null: it is not there, or nothing can be kept here. */
export async function findCaseFile(id: string, name: string): Promise<File | null> {
  try {
    const folder = await openCaseFolder(id, false);
    return await (await folder.getFileHandle(name)).getFile();
  } catch {
    return null;
  }
}

export async function dropCaseFile(id: string, name: string): Promise<void> {
  const folder = await openCaseFolder(id, false).catch(() => null);
  await folder?.removeEntry(name).catch(() => {});
}

/** Drops all of a case's files. */
export async function dropCaseFolder(id: string): Promise<void> {
  const origin = await navigator.storage?.getDirectory?.().catch(() => undefined);
  const root = await origin?.getDirectoryHandle(CASES_ROOT).catch(() => undefined);
  await root?.removeEntry(id, { recursive: true }).catch(() => {});
}

/** Names of the folders that are there. */
export async function listCaseFolders(): Promise<readonly string[]> {
  try {
    const origin = await navigator.storage.getDirectory();
    const root = await origin.getDirectoryHandle(CASES_ROOT);
    const names: string[] = [];
    for await (const name of root.keys()) names.push(name);
    return names;
  } catch {
    return [];
  }
}

/** Names of the files in a case's folder. */
export async function listCaseFiles(id: string): Promise<readonly string[]> {
  try {
    const names: string[] = [];
    for await (const name of (await openCaseFolder(id, false)).keys()) names.push(name);
    return names;
  } catch {
    return [];
  }
}

/** Name of the lock that a page holds while it has the case open. */
export const caseLock = (id: string): string => `hoplane-case-${id}`;
