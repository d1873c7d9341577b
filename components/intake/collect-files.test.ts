import { describe, expect, it } from 'vitest';
import { collectDropped, folderFiles } from './collect-files';

const fileEntry = (fullPath: string) => ({
  isDirectory: false,
  fullPath,
  file: (take: (file: File) => void) => take(new File(['x'], fullPath.replace(/.*\//, ''))),
});

/** A folder that gives its entries in two portions. */
const folderEntry = (fullPath: string, entries: readonly unknown[]) => ({
  isDirectory: true,
  fullPath,
  createReader: () => {
    const portions = [entries.slice(0, 1), entries.slice(1), []];
    return {
      readEntries: (take: (portion: readonly unknown[]) => void) => take(portions.shift()!),
    };
  },
});

const dropOf = (...entries: readonly { readonly isDirectory: boolean }[]) =>
  ({
    items: entries.map((entry) => ({
      kind: 'file',
      webkitGetAsEntry: () => entry,
      getAsFile: () => new File(['x'], 'named'),
    })),
  }) as unknown as DataTransfer;

const names = (files: readonly File[]): string[] => files.map(({ name }) => name);

describe('what was dropped', () => {
  it('is taken apart: files that were named, and all of the folders by their paths', async () => {
    const { named, inFolders } = await collectDropped(
      dropOf(
        fileEntry('/notes.txt'),
        folderEntry('/case', [
          fileEntry('/case/trace'),
          folderEntry('/case/node1', [fileEntry('/case/node1/eth0.pcap')]),
        ]),
      ),
    );
    expect(names(named)).toEqual(['named']);
    expect(names(inFolders)).toEqual(['case/node1/eth0.pcap', 'case/trace']);
    expect(await inFolders[0].text()).toBe('x');
  });

  it('keeps the paths of a folder that was picked', () => {
    const file = new File([], 'eth0.pcap');
    Object.defineProperty(file, 'webkitRelativePath', { value: 'case/node1/eth0.pcap' });
    expect(names(folderFiles([file]))).toEqual(['case/node1/eth0.pcap']);
  });
});
