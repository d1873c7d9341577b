// Members of archives: what is damaged is said, a cut archive gives what it still holds, and all that was opened on the way can be closed.
import { gzipSync, Zip, ZipDeflate, zipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { pcapFile } from '../testing/capture-file';
import { tcpFrame } from '../testing/frame-builder';
import { readCapture, summaryOf } from '../testing/read-capture';
import { tarFile } from '../testing/tar-file';
import { unpackArchive } from './archives';
import { type ByteSource, memorySource } from './byte-source';
import { nodeStorage } from './node-storage';
import { type ByteStorage, memoryStorage } from './storage';

const FRAMES = 200;
/** Payloads that do not pack well: so a cut or a wrong byte of the archive is a cut or a wrong byte of few frames. */
const capture = (seed: number): Uint8Array<ArrayBuffer> =>
  pcapFile(
    Array.from({ length: FRAMES }, (_, n) => ({
      timeNs: 1_700_000_000_000_000_000n + BigInt(n) * 1000n,
      bytes: tcpFrame({
        source: '10.0.0.1:40000',
        destination: '10.0.0.2:80',
        sequence: n * 100,
        payload: Uint8Array.from(
          { length: 100 },
          (_, i) => ((n + seed) * 2654435761 * (i + 7)) >>> 13,
        ),
      }),
    })),
  );
const ZIP = zipSync({
  'a.pcap': capture(1),
  'notes.txt': new TextEncoder().encode('hi'),
  'b.pcap': capture(2),
});

const unpack = async (bytes: Uint8Array) => {
  const unpacked = await unpackArchive(memorySource(bytes, 'case.zip'), memoryStorage);
  if (unpacked === null) throw new Error('no archive');
  const captures = await Promise.all(
    unpacked.captures.map(async (source) => {
      const read = await readCapture(source);
      return `${source.name} ${read.result.ok ? summaryOf(read).frames : read.result.error.code}`;
    }),
  );
  return { captures, warnings: unpacked.warnings.map(({ text }) => text) };
};

describe('a zip archive that is damaged', () => {
  it('is whole to begin with', async () => {
    expect(await unpack(ZIP)).toEqual({
      captures: [`case.zip/a.pcap ${FRAMES}`, `case.zip/b.pcap ${FRAMES}`],
      warnings: [],
    });
  });

  it('says which member does not hold what its CRC32 says', async () => {
    // Stored as it is within deflate: a wrong byte stays one, and nothing breaks off.
    const stored = zipSync({ 'a.pcap': [capture(1), { level: 1 }] });
    let found = 0;
    for (let at = 200; at < stored.length - 200 && found < 3; at += 97) {
      const spoilt = stored.slice();
      spoilt[at] ^= 0x10;
      const { captures, warnings } = await unpack(spoilt);
      expect(warnings).toHaveLength(1);
      expect(warnings[0]).toMatch(
        /^case\.zip: “a\.pcap” (does not hold what its CRC32 says|breaks off near byte \d+)/,
      );
      expect(captures).toHaveLength(1);
      found += 1;
    }
    expect(found).toBe(3);
  });

  it('cut at any byte gives all members before the cut, what is there of the one that was cut, and one warning', async () => {
    const bodyOfB = Buffer.from(ZIP).lastIndexOf('b.pcap', ZIP.length - 100);
    expect(bodyOfB).toBeGreaterThan(0);
    let frames = 0;
    for (let length = 60; length < ZIP.length; length += 211) {
      const { captures, warnings } = await unpack(ZIP.slice(0, length));
      const ofA = Number(captures[0]?.split(' ').at(-1) ?? 0) || 0;
      const ofB = Number(captures[1]?.split(' ').at(-1) ?? 0) || 0;
      expect(ofA + ofB).toBeGreaterThanOrEqual(frames);
      frames = ofA + ofB;
      expect(warnings[0] ?? '').toMatch(new RegExp(`byte ${length}: it was cut short`));
    }
    expect(frames).toBe(2 * FRAMES);
  });

  it('that was cut, and written without lengths, says why nothing is found', async () => {
    const pieces: Uint8Array[] = [];
    const zip = new Zip((_, piece) => pieces.push(piece));
    const member = new ZipDeflate('a.pcap');
    zip.add(member);
    member.push(capture(1), true);
    zip.end();
    const bytes = Uint8Array.from(Buffer.concat(pieces));
    expect((await unpack(bytes)).captures).toEqual([`case.zip/a.pcap ${FRAMES}`]);
    const { warnings } = await unpack(bytes.slice(0, bytes.length - 60));
    expect(warnings.join()).toContain('the length of “a.pcap” stood in it alone');
  });
});

it('a tar that ends within a header says so', async () => {
  const tar = tarFile([{ name: 'a.pcap', bytes: capture(1) }]);
  const cut = tar.slice(0, tar.length - 1024 + 100);
  const spoilt = (await unpack(cut)).warnings;
  expect(spoilt).toEqual([
    `case.zip: the archive ends within the tar header at byte ${tar.length - 1024}`,
  ]);
});

/** A storage that counts what it has open. */
function countingStorage(): {
  readonly storage: ByteStorage<ByteSource>;
  open: number;
  most: number;
} {
  const counter = {
    open: 0,
    most: 0,
    storage: {
      ...memoryStorage,
      async openSpool(name: string) {
        const spool = await nodeStorage.openSpool(name);
        counter.open += 1;
        counter.most = Math.max(counter.most, counter.open);
        return {
          ...spool,
          async discard() {
            counter.open -= 1;
            await spool.discard();
          },
          async finish() {
            const source = await spool.finish();
            return {
              ...source,
              async close() {
                counter.open -= 1;
                await source.close?.();
              },
            };
          },
        };
      },
    },
  };
  return counter;
}

describe('what was opened to unpack', () => {
  const inner = zipSync({ 'x.pcap': capture(3), 'y.pcap': capture(4), 'z.txt': new Uint8Array(9) });
  const archives: readonly (readonly [string, Uint8Array, number])[] = [
    ['a zip', ZIP, 2],
    ['a compressed tar', gzipSync(tarFile([{ name: 'a.pcap', bytes: capture(1) }])), 1],
    [
      'archives in an archive',
      zipSync({ 'i.zip': inner, 'i.tar.gz': gzipSync(tarFile([{ name: 'i.zip', bytes: inner }])) }),
      2,
    ],
    ['one without captures', zipSync({ 'a.gz': gzipSync(new Uint8Array(999)) }), 0],
  ];
  it.each(archives)('of %s is closed with what it holds', async (_, bytes, captures) => {
    const counter = countingStorage();
    const unpacked = await unpackArchive(memorySource(bytes, 'a'), counter.storage);
    expect(unpacked?.captures).toHaveLength(captures);
    expect(counter.most).toBeGreaterThan(0);
    for (const source of unpacked?.held ?? []) await source.close?.();
    expect(counter.open).toBe(0);
  });

  it.each(archives)('of %s is closed where the storage fails', async (_, bytes) => {
    const counter = countingStorage();
    let left = 1;
    const failing: ByteStorage<ByteSource> = {
      ...counter.storage,
      async openSpool(name) {
        const spool = await counter.storage.openSpool(name);
        return {
          ...spool,
          async write(chunk) {
            if (left-- <= 0) throw new Error('no space left on device');
            await spool.write(chunk);
          },
        };
      },
    };
    await unpackArchive(memorySource(bytes, 'a'), failing).then(
      async (unpacked) => {
        for (const source of unpacked?.held ?? []) await source.close?.();
      },
      (error) => expect(error.message).toBe('no space left on device'),
    );
    expect(counter.open).toBe(0);
  });
});
