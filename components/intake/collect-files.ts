// Files out of a drop, a paste or a folder. What was named by hand is taken whatever it is; of folders that is taken later which holds captures.

import { rememberHandle } from '@/lib/store/file-handles';

export interface CollectedFiles {
  readonly named: readonly File[];
  /** Called by their paths: `case/node1/eth0.pcap`. */
  readonly inFolders: readonly File[];
}

/** A file under another name, with the same bytes. */
export const called = (file: File, name: string): File =>
  name === file.name
    ? file
    : new File([file], name, { type: file.type, lastModified: file.lastModified });

/** Files of a folder picked as a whole. */
export const folderFiles = (files: readonly File[]): readonly File[] =>
  inOrder(files.map((file) => called(file, file.webkitRelativePath || file.name)));

/** By path: a folder gives its entries as they happen to lie. */
const inOrder = (files: readonly File[]): readonly File[] =>
  [...files].sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));

/** Where the browser gives handles; the page's types do not know it. */
interface HandleItem extends DataTransferItem {
  getAsFileSystemHandle?(): Promise<FileSystemHandle | null>;
}

/** Call it within the event: its items are gone afterwards. */
export async function collectDropped(transfer: DataTransfer): Promise<CollectedFiles> {
  const entries = [...transfer.items]
    .filter((item) => item.kind === 'file')
    .map((item) => {
      const file = item.getAsFile();
      const handle = (item as HandleItem).getAsFileSystemHandle?.();
      if (file !== null && handle !== undefined) rememberHandle(file, handle);
      return { entry: item.webkitGetAsEntry(), file };
    });
  const named: File[] = [];
  const inFolders: File[] = [];
  for (const { entry, file } of entries) {
    if (entry?.isDirectory) await walk(entry as FileSystemDirectoryEntry, inFolders);
    else if (file !== null) named.push(file);
  }
  return { named, inFolders: inOrder(inFolders) };
}

async function walk(folder: FileSystemDirectoryEntry, files: File[]): Promise<void> {
  const reader = folder.createReader();
  for (;;) {
    // A reader gives its entries in portions and an empty one at the end.
    const entries = await new Promise<FileSystemEntry[]>((resolve, reject) =>
      reader.readEntries(resolve, reject),
    );
    if (entries.length === 0) return;
    for (const entry of entries) {
      if (entry.isDirectory) await walk(entry as FileSystemDirectoryEntry, files);
      else
        files.push(
          called(await fileOf(entry as FileSystemFileEntry), entry.fullPath.replace(/^\/+/, '')),
        );
    }
  }
}

const fileOf = (entry: FileSystemFileEntry): Promise<File> =>
  new Promise((resolve, reject) => entry.file(resolve, reject));
