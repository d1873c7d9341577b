// Where the browser's private file system is full, what is decompressed goes on in memory: no byte is lost, and it is said.
import { describe, expect, it } from 'vitest';
import { fileSpool } from './browser-storage';

/** What a full folder does: it writes less, or throws as browsers do, or answers the system's error (-8) without its sign as Chromium's private windows do. */
type Manner = 'less' | 'throws' | 'wraps';

/** A folder with room for `room` bytes. */
function smallFolder(room: number, manner: Manner): FileSystemDirectoryHandle {
  const content: number[] = [];
  const access = {
    write(bytes: Uint8Array, { at }: { readonly at: number }): number {
      const fits = Math.min(bytes.length, room - at);
      if (manner === 'throws' && fits < bytes.length)
        throw new DOMException('full', 'QuotaExceededError');
      if (manner === 'wraps' && fits < bytes.length) return 2 ** 32 - 8;
      content.splice(at, fits, ...bytes.subarray(0, fits));
      return fits;
    },
    flush() {},
    close() {},
  };
  const handle = {
    createSyncAccessHandle: async () => access,
    getFile: async () => new File([Uint8Array.from(content)], 'spool'),
  };
  return { getFileHandle: async () => handle } as unknown as FileSystemDirectoryHandle;
}

const BYTES = Uint8Array.from({ length: 100 }, (_, index) => index);

async function written(room: number, manner: Manner) {
  const spool = await fileSpool(smallFolder(room, manner), 'x.pcap');
  for (let at = 0; at < BYTES.length; at += 30) await spool.write(BYTES.slice(at, at + 30));
  const { remark } = spool;
  const source = await spool.finish();
  expect([...(await source.read(0, 1000))]).toEqual([...BYTES]);
  return remark;
}

describe('the private file system', () => {
  it('takes what fits', async () => {
    expect(await written(100, 'less')).toBeNull();
  });

  it.each([0, 1, 29, 30, 31, 60, 99])(
    'with room for %i bytes: the rest is held in memory',
    async (room) => {
      expect(await written(room, 'less')).toContain(`after byte ${room} is held in memory`);
    },
  );

  it.each(['throws', 'wraps'] as const)(
    'the same where it %s: what was written whole stays there',
    async (manner) => {
      expect(await written(59, manner)).toContain('after byte 30 is held in memory');
    },
  );
});
