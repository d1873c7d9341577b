// Files out of a drop, a paste or a folder. Of a folder only what looks like a capture is taken; what was named by hand is taken whatever it is.

import { rememberHandle } from '@/lib/store/file-handles';

export interface CollectedFiles {
  readonly files: readonly File[];
  /** Files of a folder that were left aside. */
  readonly leftAside: number;
}

const CAPTURE_NAME =
  /(\.(pcap|pcapng|cap|dmp|dump|trc|snoop|ntar)\d*(\.(gz|zst|xz))?|\.(tar|zip|tgz)|\.tar\.(gz|zst|xz))$/i;

export const looksLikeCapture = (name: string): boolean => CAPTURE_NAME.test(name);

/** Files of a folder picked as a whole. */
export function pickCaptures(files: readonly File[]): CollectedFiles {
  const captures = files.filter((file) => looksLikeCapture(file.name));
  return { files: captures, leftAside: files.length - captures.length };
}

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
  const { files, leftAside } = pickCaptures(inFolders);
  return { files: [...named, ...files], leftAside };
}

/** `3 files of the folder do not look like captures and were left aside.` null: all were taken. */
export function describeLeftAside({ files, leftAside }: CollectedFiles): string | null {
  if (leftAside === 0) return null;
  const which =
    leftAside === 1 ? '1 file of the folder does' : `${leftAside} files of the folder do`;
  const none =
    files.length === 0
      ? ' No capture was found: drop files themselves to read them whatever their name.'
      : '';
  return `${which} not look like a capture and ${leftAside === 1 ? 'was' : 'were'} left aside.${none}`;
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
      else files.push(await fileOf(entry as FileSystemFileEntry));
    }
  }
}

const fileOf = (entry: FileSystemFileEntry): Promise<File> =>
  new Promise((resolve, reject) => entry.file(resolve, reject));
