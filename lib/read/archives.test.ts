// Compressed captures and archives as the usual tools write them (e2e/captures/packed), whole, cut and hostile.
import { readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { gzipSync, zipSync } from 'fflate';
import { createXXHash64 } from 'hash-wasm';
import { describe, expect, it } from 'vitest';
import { scenarioSources } from '../testing/committed-captures';
import { type TarEntry, tarFile } from '../testing/tar-file';
import { describeEmptyArchive, looksLikeCapture, unpackArchive } from './archives';
import { type ByteSource, memorySource } from './byte-source';
import { COMPRESSIONS } from './compressions';
import { openDecompressed, openDecompressedIn } from './decompress';
import { nodeStorage } from './node-storage';
import { type ByteStorage, memoryStorage } from './storage';
import { findCheckedBlocks } from './xz-checks';
import { ZstdFrames } from './zstd-frames';

const FOLDER = new URL('../../e2e/captures/packed/', import.meta.url);
const packed = (name: string): ByteSource =>
  memorySource(new Uint8Array(readFileSync(new URL(name, FOLDER))), name);
const [baw, cpe] = scenarioSources('article-3.1');
const bytesOf = async (source: ByteSource): Promise<Uint8Array> => source.read(0, source.size);
const CPE = await bytesOf(cpe);

describe.each([
  ['memory', memoryStorage],
  ['a temporary file', nodeStorage],
] as const)('decompressed to %s', (_, storage: ByteStorage<ByteSource>) => {
  it.each([
    'cpe.pcap.zst',
    'cpe-two-frames.pcap.zst',
    'cpe.pcap.xz',
    'cpe-two-streams.pcap.xz',
    'cpe-sha256.pcap.xz',
    // Blocks of 400 bytes, padding, a second stream with blocks of 1000.
    'cpe-sha256-blocks.pcap.xz',
  ])('%s', async (name) => {
    const opened = await openDecompressedIn(packed(name), storage);
    if (!opened.ok) throw new Error(opened.error.text);
    const { source, warnings, decompressed } = opened.value;
    expect(warnings).toEqual([]);
    expect(decompressed).toBe(true);
    expect(Buffer.compare(await bytesOf(source), CPE)).toBe(0);
    await source.close?.();
  });
});

describe('decompress', () => {
  it('leaves the decoder free when it stops half way', async () => {
    const aborted = new AbortController();
    const { decompress } = COMPRESSIONS.find(({ name }) => name === 'xz')!;
    const half = decompress(packed('cpe-two-streams.pcap.xz'));
    await half.next();
    await half.return(undefined);
    const opened = await openDecompressed(packed('cpe.pcap.xz'), { signal: aborted.signal });
    expect(opened.ok).toBe(true);
  });

  it('says that zstd needs a dictionary', async () => {
    const opened = await openDecompressed(packed('cpe-dictionary.pcap.zst'));
    expect(opened).toMatchObject({
      ok: false,
      error: {
        text: expect.stringMatching(/^cpe-dictionary\.pcap\.zst: .*byte 0 .*with a dictionary/),
      },
    });
  });

  it('says that a SHA-256 check of xz is wrong, and gives what came before its block', async () => {
    const name = 'cpe-sha256-blocks.pcap.xz';
    const bytes = (await bytesOf(packed(name))).slice();
    // The second block's check: the padding behind its data, then 32 bytes.
    const [, second] = (await findCheckedBlocks(packed(name))) ?? [];
    bytes[second.offset + second.bytes] ^= 1;
    const opened = await openDecompressed(memorySource(bytes, name));
    if (!opened.ok) throw new Error(opened.error.text);
    expect(opened.value.warnings.map(({ code, text }) => `${code}: ${text}`)).toEqual([
      expect.stringContaining(`damaged: ${name}: the xz data breaks off near byte`),
    ]);
    expect(opened.value.warnings[0].text).toContain(`block at byte ${second.offset} is wrong`);
    expect(Buffer.compare(await bytesOf(opened.value.source), CPE.slice(0, 400))).toBe(0);
  });

  it('says that an xz file with SHA-256 checks must be whole', async () => {
    const whole = await bytesOf(packed('cpe-sha256.pcap.xz'));
    const opened = await openDecompressed(memorySource(whole.slice(0, -40), 'x.pcap.xz'));
    expect(opened).toMatchObject({ ok: false, error: { text: expect.stringContaining('xz -d') } });
  });

  it.each(['cpe-sha256.pcap.xz', 'cpe-sha256-blocks.pcap.xz'])(
    '%s: whatever its index is damaged by, it ends',
    async (name) => {
      const whole = await bytesOf(packed(name));
      const change = fc.tuple(fc.nat(100), fc.nat(255));
      await fc.assert(
        fc.asyncProperty(fc.array(change, { minLength: 1, maxLength: 4 }), async (changes) => {
          const spoilt = whole.slice();
          for (const [fromEnd, value] of changes) spoilt[spoilt.length - 1 - fromEnd] = value;
          const opened = await openDecompressed(memorySource(spoilt, name));
          if (!opened.ok) return;
          const got = await bytesOf(opened.value.source);
          expect(Buffer.compare(got, CPE.slice(0, got.length))).toBe(0);
        }),
        { numRuns: 60 },
      );
    },
  );

  it('says which zstd frame does not hold what its checksum says, and gives what came of it', async () => {
    const two = await bytesOf(packed('cpe-two-frames.pcap.zst'));
    const spoilt = two.slice();
    spoilt[spoilt.length - 1] ^= 1;
    const opened = await openDecompressed(memorySource(spoilt, 'x.zst'));
    if (!opened.ok) throw new Error(opened.error.text);
    expect(Buffer.compare(await bytesOf(opened.value.source), CPE)).toBe(0);
    expect(opened.value.warnings).toEqual([
      {
        code: 'damaged',
        text: `x.zst: the check of the zstd frame that ends at byte ${two.length} is wrong: what came of it is not what was compressed`,
      },
    ]);
  });

  it('takes what comes of a few bytes of zstd away before it takes more', async () => {
    // Blocks that say 128 KiB of one byte each: 40 kB for 1.3 GB.
    const block = [
      (((128 << 10) << 3) | 2) & 0xff,
      (((128 << 10) << 3) >> 8) & 0xff,
      ((128 << 10) << 3) >> 16,
      0,
    ];
    const bomb = Uint8Array.from([
      0x28,
      0xb5,
      0x2f,
      0xfd,
      0,
      0x58,
      ...Array.from({ length: 10_000 }, () => block).flat(),
    ]);
    const zstd = COMPRESSIONS.find(({ name }) => name === 'zstd')!;
    let [at, held, most, all] = [0, 0, 0, 0];
    for await (const { bytes, consumed } of zstd.decompress(memorySource(bomb, 'x.zst'))) {
      held = consumed === at ? held + bytes.length : bytes.length;
      at = consumed;
      most = Math.max(most, held);
      all += bytes.length;
      if (all > 300 << 20) break;
    }
    expect(all).toBeGreaterThan(300 << 20);
    expect(most).toBeLessThanOrEqual(8 << 20);
    const opened = await openDecompressed(memorySource(bomb, 'x.zst'));
    expect(!opened.ok && opened.error.text).toMatch(
      /decompresses to more than 1000 times its size/,
    );
  });

  it('does not take the memory that a zstd frame asks for, and says so', async () => {
    for (const header of [
      [0, 0xb0],
      [0xe0, 0, 0, 0, 0, 1, 0, 0, 0],
    ]) {
      const bytes = Uint8Array.from([0x28, 0xb5, 0x2f, 0xfd, ...header, 1, 0, 0]);
      const opened = await openDecompressed(memorySource(bytes, 'x.zst'));
      expect(!opened.ok && opened.error.text).toMatch(/it asks for 42949\d{5} bytes of memory/);
    }
  });

  it('checks zstd frames in whatever pieces they come, and passes over what is between them', async () => {
    const text = (value: string): number[] => [...new TextEncoder().encode(value)];
    // Single segment with checksum, one raw block; XXH64 of "abc" ends with ad770999.
    const frame = (content: string): number[] => [
      ...[0x28, 0xb5, 0x2f, 0xfd, 0x24, 3, (3 << 3) | 1, 0, 0],
      ...text(content),
      ...[0x99, 0x09, 0x77, 0xad],
    ];
    const skipped = [0x5a, 0x2a, 0x4d, 0x18, 5, 0, 0, 0, ...text('notes')];
    const unchecked = [0x28, 0xb5, 0x2f, 0xfd, 0x20, 3, (3 << 3) | 1, 0, 0, ...text('xyz')];
    const open = async (bytes: readonly number[]) => {
      const opened = await openDecompressed(memorySource(Uint8Array.from(bytes), 'x.zst'));
      if (!opened.ok) throw new Error(opened.error.text);
      const { source, warnings } = opened.value;
      return { text: new TextDecoder().decode(await bytesOf(source)), warnings };
    };
    const whole = [...skipped, ...frame('abc'), ...skipped, ...unchecked, ...frame('abc')];
    expect(await open(whole)).toEqual({ text: 'abcxyzabc', warnings: [] });
    const wrong = await open([...frame('abc'), ...frame('abd'), ...frame('abc')]);
    expect(wrong.text).toBe('abcabdabc');
    expect(wrong.warnings.map(({ text: said }) => said)).toEqual([
      expect.stringContaining('the zstd frame that ends at byte 32 is wrong'),
    ]);
    const frames = new ZstdFrames(await createXXHash64());
    let ends = 0;
    whole.forEach((byte, at) => {
      expect(frames.advance(Uint8Array.of(byte), 0)).toBe(1);
      if (frames.ended) ends += 1;
      if (at === whole.length - 1) expect(frames.ended).toBe(true);
    });
    expect(ends).toBe(5);
  });

  it.each(['cpe.pcap.zst', 'cpe.pcap.xz'])(
    '%s cut anywhere gives a true beginning',
    async (name) => {
      const whole = await bytesOf(packed(name));
      for (let length = 8; length < whole.length; length += 37) {
        const opened = await openDecompressed(memorySource(whole.slice(0, length), name));
        if (!opened.ok) {
          expect(opened.error.text).toContain(name);
          continue;
        }
        const bytes = await bytesOf(opened.value.source);
        expect(Buffer.compare(bytes, CPE.subarray(0, bytes.length))).toBe(0);
        // All of it may be there while the archive's own end is not.
        expect(opened.value.warnings).toHaveLength(1);
      }
    },
  );
});

describe('looksLikeCapture', () => {
  const at = (bytes: Uint8Array) => looksLikeCapture(memorySource(bytes, 'whatever.log'));
  const text = (value: string): Uint8Array => new TextEncoder().encode(value);

  it.each(['case.tar.gz', 'case.tar.xz', 'case.zip', 'cpe.pcap.xz', 'cpe.pcap.zst'])(
    'takes %s, under any name',
    async (name) => expect(await at(await bytesOf(packed(name)))).toBe(true),
  );

  it('takes captures, and those of formats that are named and refused', async () => {
    expect(await at(CPE)).toBe(true);
    expect(await at(gzipSync(CPE))).toBe(true);
    expect(await at(text('snoop\0\0\0\0\0\0\x02'))).toBe(true);
  });

  it.each([
    ['text', text('link up\n')],
    ['compressed text', gzipSync(text('link up\n'))],
    ['nothing', new Uint8Array(0)],
    ['a document', zipSync({ '[Content_Types].xml': text('<xml/>'), 'word/a.xml': text('a') })],
    ['a program of Java', zipSync({ 'META-INF/MANIFEST.MF': text('a') })],
    ['bytes without a meaning', Uint8Array.from({ length: 600 }, (_, i) => (i * 37) & 0xff)],
  ])('leaves %s aside', async (_, bytes) => expect(await at(bytes)).toBe(false));
});

const unpack = async (source: ByteSource) => {
  const unpacked = await unpackArchive(source, memoryStorage);
  if (unpacked === null) throw new Error('no archive');
  return {
    captures: unpacked.captures.map(({ name }) => name),
    sources: unpacked.captures,
    others: unpacked.others,
    warnings: unpacked.warnings.map(({ text }) => text),
    empty: describeEmptyArchive(source.name, unpacked)?.text,
  };
};

describe('unpackArchive', () => {
  it('knows what is no archive', async () => {
    expect(readdirSync(FOLDER).length).toBeGreaterThan(6);
    expect(await unpackArchive(cpe, memoryStorage)).toBeNull();
    expect(await unpackArchive(packed('cpe.pcap.xz'), memoryStorage)).toBeNull();
    expect(await unpackArchive(memorySource(new Uint8Array(0), 'a'), memoryStorage)).toBeNull();
  });

  it.each(['case.tar.gz', 'case.tar.xz', 'case.zip'])('%s', async (name) => {
    const { captures, sources, others, warnings } = await unpack(packed(name));
    expect([...captures].sort()).toEqual([
      `${name}/case/node1/cpe.pcap`,
      `${name}/case/node2/baw.pcap.gz`,
    ]);
    expect(others).toEqual([`${name}/case/node1/ip-a.txt`]);
    expect(warnings).toEqual([]);
    const first = sources.find((source) => source.name.endsWith('cpe.pcap'))!;
    expect(Buffer.compare(await bytesOf(first), CPE)).toBe(0);
    const second = await openDecompressed(sources.find((source) => source.name.endsWith('.gz'))!);
    expect(
      second.ok && Buffer.compare(await bytesOf(second.value.source), await bytesOf(baw)),
    ).toBe(0);
  });

  const tar = (entries: readonly TarEntry[]) => memorySource(tarFile(entries), 'a.tar');

  it('keeps to the archive whatever its paths say', async () => {
    const { captures } = await unpack(
      tar([
        { name: '../../etc/x.pcap', bytes: CPE },
        { name: '/abs/./y.pcap', bytes: CPE },
        { name: '/abs/y.pcap', bytes: CPE },
        { name: 'link.pcap', bytes: CPE, type: '2' },
      ]),
    );
    expect(captures).toEqual(['a.tar/etc/x.pcap', 'a.tar/abs/y.pcap', 'a.tar/abs/y.pcap (2)']);
  });

  it('reads long names', async () => {
    const name = `${'folder/'.repeat(30)}x.pcap`;
    expect((await unpack(tar([{ name, bytes: CPE }]))).captures).toEqual([`a.tar/${name}`]);
  });

  it('opens an archive in an archive, and no deeper', async () => {
    const inner = tarFile([{ name: 'x.pcap', bytes: CPE }]);
    const middle = zipSync({ 'inner.tar': inner });
    const once = await unpack(memorySource(zipSync({ 'inner.tar': inner }), 'a.zip'));
    expect(once.captures).toEqual(['a.zip/inner.tar/x.pcap']);
    const twice = await unpack(tar([{ name: 'm.zip', bytes: middle }]));
    expect(twice.captures).toEqual([]);
    expect(twice.others).toEqual(['a.tar/m.zip/inner.tar']);
    expect(twice.warnings.join()).toContain('m.zip: “inner.tar” lies in an archive within');
  });

  it('says what a zip keeps locked, and reads the rest', async () => {
    const bytes = zipSync({ 'a.pcap': CPE, 'b.pcap': CPE });
    const view = new DataView(bytes.buffer);
    const directory = view.getUint32(bytes.length - 22 + 16, true);
    view.setUint16(directory + 8, view.getUint16(directory + 8, true) | 1, true);
    const { captures, warnings } = await unpack(memorySource(bytes, 'c.zip'));
    expect(captures).toEqual(['c.zip/b.pcap']);
    expect(warnings.join()).toContain(
      `“a.pcap” is encrypted (its entry lies at byte ${directory}). Unpack`,
    );
  });

  it.each([
    [9, 'is packed by Deflate64, not by deflate'],
    [12, 'is packed by bzip2'],
    [14, 'is packed by LZMA'],
    [77, 'is packed by method 77'],
    [99, 'is encrypted'],
  ])('names the method %i of a member', async (method, text) => {
    const bytes = zipSync({ 'a.pcap': CPE, 'b.pcap': CPE });
    const view = new DataView(bytes.buffer);
    view.setUint16(view.getUint32(bytes.length - 22 + 16, true) + 10, method, true);
    const { captures, warnings } = await unpack(memorySource(bytes, 'c.zip'));
    expect(captures).toEqual(['c.zip/b.pcap']);
    expect(warnings.join()).toContain(`c.zip: “a.pcap” ${text}`);
  });

  // Written by GNU tar 1.34: `tar -S --format=gnu`, `--format=posix`, `--format=v7`.
  it('says that a sparse file is none to read here, and reads what follows it', async () => {
    const gnu = await unpack(packed('sparse-gnu.tar.xz'));
    expect(gnu.captures).toEqual([]);
    expect(gnu.warnings.join()).toContain('“holes.pcap” is stored as a sparse file');
    const pax = await unpack(packed('sparse-pax.tar.xz'));
    expect(pax.captures).toEqual(['sparse-pax.tar.xz/cpe.pcap']);
    expect(pax.warnings.join()).toContain('“holes.pcap” is stored as a sparse file');
  });

  it('knows tar from before POSIX', async () => {
    expect((await unpack(packed('old.tar.xz'))).captures).toEqual(['old.tar.xz/cpe.pcap']);
  });

  it('does not unpack a bomb, and reads the rest', async () => {
    const bomb = new Uint8Array(70 << 20);
    bomb.set(CPE.subarray(0, 24));
    const zip = zipSync({ 'bomb.pcap': bomb, 'x.pcap': CPE });
    const found = await unpack(memorySource(zip, 'a.zip'));
    expect(found.captures).toEqual(['a.zip/x.pcap']);
    expect(found.warnings).toEqual([
      'a.zip: “bomb.pcap” decompresses to more than 1000 times its size',
    ]);
  });

  it('takes what is wanted besides captures, and does not unpack what is not', async () => {
    const written: string[] = [];
    const storage: ByteStorage<ByteSource> = {
      ...memoryStorage,
      openSpool: (name) => {
        written.push(name);
        return memoryStorage.openSpool(name);
      },
    };
    const text = (value: string) => new TextEncoder().encode(value);
    const zip = zipSync({ 'ip-a.txt': text('1: lo'), 'notes.txt': text('x'), 'x.pcap': CPE });
    const unpacked = await unpackArchive(memorySource(zip, 'a.zip'), storage, {
      wants: (head) => head[0] === '1'.charCodeAt(0),
    });
    expect(unpacked?.wanted.map(({ name }) => name)).toEqual(['a.zip/ip-a.txt']);
    expect(unpacked?.others).toEqual(['a.zip/notes.txt']);
    expect(written).toEqual(['a.zip/ip-a.txt', 'a.zip/x.pcap']);
  });

  it('finds the capture behind tens of thousands of other files', async () => {
    const logs = Array.from({ length: 12_000 }, (_, i) => ({
      name: `${i}.log`,
      bytes: CPE.slice(30, 40),
    }));
    const found = await unpack(tar([...logs, { name: 'x.pcap', bytes: CPE }]));
    expect(found.captures).toEqual(['a.tar/x.pcap']);
    expect(found.warnings).toEqual([]);
  });

  it('says that nothing is in it', async () => {
    expect((await unpack(tar([{ name: 'a.txt', bytes: Uint8Array.of(65) }]))).empty).toBe(
      'a.tar: the archive holds no captures, only 1 other file',
    );
  });

  it('answers whatever the archive is damaged by', async () => {
    const bytes = [
      tarFile([
        { name: 'x.pcap', bytes: CPE.slice(0, 700) },
        { name: 'y.txt', bytes: CPE.slice(0, 9) },
      ]),
      zipSync({ 'x.pcap': CPE.slice(0, 700), 'y.txt': CPE.slice(0, 9) }),
    ];
    await fc.assert(
      fc.asyncProperty(
        fc.nat(1),
        fc.array(fc.tuple(fc.nat(5000), fc.nat(255)), { maxLength: 4 }),
        fc.nat(5000),
        async (which, changes, length) => {
          const spoilt = bytes[which].slice(0, length % (bytes[which].length + 1));
          for (const [at, value] of changes) if (at < spoilt.length) spoilt[at] = value;
          const unpacked = await unpackArchive(memorySource(spoilt, 'a'), memoryStorage);
          for (const { size } of unpacked?.captures ?? []) expect(size).toBeLessThanOrEqual(5000);
        },
      ),
    );
  });
});
