// Byte sources, gzip, and the stream that feeds readers: the pieces in which bytes arrive must not matter.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { pcapFile, pcapngFile } from '../testing/capture-file';
import { join as joinBytes, tcpFrame } from '../testing/frame-builder';
import { type ByteSource, blobSource, chunkedSource, memorySource } from './byte-source';
import type { FrameSink } from './container-reader';
import { findContainerReader } from './containers';
import { openDecompressed } from './decompress';
import { RecordSplicer, streamFrames } from './frame-stream';
import { openFileSource } from './node-file-source';

const BYTES = Uint8Array.from({ length: 1000 }, (_, i) => (i * i) & 0xff);

/** As Blob.stream() is one: it writes into the reader's own buffer. */
function byteStream(bytes: Uint8Array, mostBytes: number): ReadableStream<Uint8Array> {
  let at = 0;
  return new ReadableStream({
    type: 'bytes',
    pull(controller) {
      const view = controller.byobRequest?.view;
      if (!(view instanceof Uint8Array)) throw new Error('It is not asked to fill a buffer');
      const piece = bytes.subarray(at, at + Math.min(mostBytes, view.length));
      at += piece.length;
      if (piece.length === 0) controller.close();
      else view.set(piece);
      controller.byobRequest?.respond(piece.length);
    },
  }) as ReadableStream<Uint8Array>;
}

function pieceStream(bytes: Uint8Array, pieceBytes: number): ReadableStream<Uint8Array> {
  let at = 0;
  return new ReadableStream({
    pull(controller) {
      if (at >= bytes.length) return controller.close();
      controller.enqueue(bytes.slice(at, at + pieceBytes));
      at += pieceBytes;
    },
  });
}

async function openNodeSource(bytes: Uint8Array): Promise<ByteSource> {
  const folder = mkdtempSync(join(tmpdir(), 'hoplane-'));
  const path = join(folder, 'bytes');
  writeFileSync(path, bytes);
  const source = await openFileSource(path, 'bytes');
  rmSync(folder, { recursive: true });
  return source;
}

describe.each([
  ['memory', async () => memorySource(BYTES, 'bytes')],
  ['blob', async () => blobSource(new Blob([BYTES]), 'bytes')],
  ['file', async () => openNodeSource(BYTES)],
  [
    'chunks',
    async () =>
      chunkedSource([BYTES.subarray(0, 1), BYTES.subarray(1, 400), BYTES.subarray(400)], 'bytes'),
  ],
])('a source of %s', (_, open) => {
  it.each([
    [0, 1000],
    [0, 1],
    [1, 399],
    [399, 2],
    [0, 401],
    [990, 100],
    [1000, 5],
    [2000, 5],
  ])('gives bytes from %i, %i of them', async (offset, length) => {
    const source = await open();
    expect(source.size).toBe(1000);
    expect(source.name).toBe('bytes');
    expect([...(await source.read(offset, length))]).toEqual([
      ...BYTES.subarray(offset, offset + length),
    ]);
    if ('close' in source && typeof source.close === 'function') await source.close();
  });
});

/** Quicker than `toEqual` on large arrays. */
const isSame = (a: Uint8Array, b: Uint8Array): boolean => Buffer.compare(a, b) === 0;

async function inflated(bytes: Uint8Array) {
  const opened = await openDecompressed(memorySource(bytes, 'a.pcap.gz'));
  if (!opened.ok) throw new Error(opened.error.text);
  const { source, warnings } = opened.value;
  return { bytes: await source.read(0, source.size), warnings };
}

describe('openDecompressed', () => {
  const LARGE = Uint8Array.from({ length: 300_000 }, (_, i) => (i * 2654435761) >>> 24);

  it('leaves what is not compressed as it is', async () => {
    const source = memorySource(BYTES, 'a');
    const opened = await openDecompressed(source);
    expect(opened).toEqual({ ok: true, value: { source, warnings: [], decompressed: false } });
  });

  it('inflates one member and several', async () => {
    const several = joinBytes(gzipSync(LARGE), gzipSync(BYTES), gzipSync(LARGE));
    expect(isSame((await inflated(gzipSync(LARGE))).bytes, LARGE)).toBe(true);
    expect(isSame((await inflated(several)).bytes, joinBytes(LARGE, BYTES, LARGE))).toBe(true);
    expect((await inflated(several)).warnings).toEqual([]);
  });

  it('passes over zeros behind the last member, and says that something else stands there', async () => {
    const tail = async (bytes: Uint8Array) => {
      const whole = await inflated(joinBytes(gzipSync(BYTES), bytes));
      expect(isSame(whole.bytes, BYTES)).toBe(true);
      return whole.warnings.map(({ code, text }) => `${code} ${text}`);
    };
    expect(await tail(new Uint8Array(512))).toEqual([]);
    expect(await tail(new Uint8Array(40).fill(65))).toEqual([
      expect.stringMatching(
        /^unsupported-format .* the gzip data ends before the file does; .* left out$/,
      ),
    ]);
  });

  it('holds the check of each member against what came out of it', async () => {
    const members = [gzipSync(LARGE), gzipSync(BYTES), gzipSync(LARGE)];
    const ends = members.map((_, index) => joinBytes(...members.slice(0, index + 1)).length);
    expect((await inflated(joinBytes(...members))).warnings).toEqual([]);
    for (const end of ends) {
      const spoilt = joinBytes(...members);
      spoilt[end - 8] ^= 1;
      const { bytes, warnings } = await inflated(spoilt);
      // What came out is there all the same.
      expect(isSame(bytes, joinBytes(LARGE, BYTES, LARGE))).toBe(true);
      expect(warnings.map(({ code, text }) => `${code} ${text}`)).toEqual([
        expect.stringMatching(`^damaged .* gzip data that ends at byte ${end} is wrong`),
      ]);
    }
  });

  it('gives what could be read of a cut file, and says so', async () => {
    const whole = gzipSync(LARGE);
    const { bytes, warnings } = await inflated(whole.subarray(0, whole.length / 2));
    expect(bytes.length).toBeGreaterThan(1000);
    expect(isSame(bytes, LARGE.subarray(0, bytes.length))).toBe(true);
    expect(warnings).toMatchObject([{ code: 'cut-short', offset: bytes.length }]);
  });

  it('gives what could be read before damage', async () => {
    const whole = joinBytes(gzipSync(LARGE), Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12));
    const { bytes, warnings } = await inflated(whole);
    expect(isSame(bytes.subarray(0, LARGE.length), LARGE)).toBe(true);
    expect(warnings).toHaveLength(1);
  });

  it('fails where nothing comes out', async () => {
    const opened = await openDecompressed(
      memorySource(Uint8Array.of(0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3, 0xff, 0xff, 0xff), 'a.gz'),
    );
    expect(opened).toMatchObject({ ok: false, error: { code: 'damaged', offset: 0 } });
  });

  it('refuses more than its limit', async () => {
    const bomb = memorySource(gzipSync(new Uint8Array(3_000_000)), 'bomb.gz');
    const opened = await openDecompressed(bomb, {
      maximumBytes: 1_000_000,
      maximumRatio: 300,
    });
    expect(opened).toMatchObject({ ok: false, error: { code: 'unsupported-format' } });
  });

  it('rejects when it is cancelled', async () => {
    const source = memorySource(gzipSync(LARGE), 'a.gz');
    await expect(openDecompressed(source, { signal: AbortSignal.abort() })).rejects.toThrow(
      'abort',
    );
  });

  it('never throws on damaged data', async () => {
    const whole = gzipSync(LARGE.subarray(0, 5000));
    await fc.assert(
      fc.asyncProperty(fc.nat(whole.length - 1), fc.nat(255), async (at, value) => {
        const bytes = Uint8Array.from(whole);
        bytes[at] = value;
        const opened = await openDecompressed(memorySource(bytes, 'a.gz'));
        expect(typeof opened.ok).toBe('boolean');
      }),
    );
  });
});

describe('RecordSplicer', () => {
  const frames = Array.from({ length: 20 }, (_, i) => ({
    timeNs: 1_600_000_000_000_000_000n + BigInt(i) * 1000n,
    bytes: tcpFrame({
      source: '10.0.0.1:1',
      destination: '10.0.0.2:2',
      sequence: i,
      payload: i * 9,
    }),
  }));
  const ng = pcapngFile([
    {
      blocks: [
        { kind: 'interface' },
        ...frames.map(({ timeNs, bytes }) => ({
          kind: 'enhanced' as const,
          ticks: timeNs / 1000n,
          bytes,
        })),
      ],
    },
  ]);

  /** Notes frames as [bytes, time, offset] in text. */
  const seeingSink = (seen: string[]): FrameSink => ({
    time: 0,
    offset: 0,
    frame(bytes, start, length) {
      seen.push(`${bytes.slice(start, start + length).join()} ${this.time} ${this.offset}`);
    },
  });

  /** Frames as [bytes, time, offset] in text. */
  function framesInPieces(file: Uint8Array, sizes: readonly number[]): string[] {
    const seen: string[] = [];
    const sink = seeingSink(seen);
    const reader = findContainerReader(file, sink);
    if (reader === undefined) throw new Error('no reader');
    const splicer = new RecordSplicer(reader);
    for (let at = 0, i = 0; at < file.length; i++) {
      const piece = file.slice(at, at + sizes[i % sizes.length]);
      splicer.feed(piece, at);
      at += piece.length;
    }
    expect(splicer.pending.bytes).toBe(0);
    return seen;
  }

  it.each([
    ['pcap', pcapFile(frames)],
    ['pcapng', ng],
  ])('gives the same frames of %s, however the file is cut into pieces', (_, file) => {
    const whole = framesInPieces(file, [file.length]);
    expect(whole).toHaveLength(20);
    for (let size = 1; size < 64; size++) expect(framesInPieces(file, [size])).toEqual(whole);
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 500 }), { minLength: 1 }), (sizes) => {
        expect(framesInPieces(file, sizes)).toEqual(whole);
      }),
    );
  });

  it.each([
    ['of bytes, which fills what it is given', byteStream],
    ['of pieces', pieceStream],
  ])('gives the same frames of a stream %s', async (_, open) => {
    const file = pcapFile(Array.from({ length: 400 }, () => frames).flat());
    const source: ByteSource = {
      ...memorySource(file, 'a.pcap'),
      stream: () => open(file, 40_001),
    };
    const seen: string[] = [];
    const reader = findContainerReader(file, seeingSink(seen));
    if (reader === undefined) throw new Error('no reader');
    expect(await streamFrames(source, reader, () => {})).toBeNull();
    expect(seen).toEqual(framesInPieces(file, [file.length]));
  });

  it('gives the same frames of a source that reads less than it is asked for, and later than what was asked for behind', async () => {
    const file = pcapFile(Array.from({ length: 40 }, () => frames).flat());
    let reads = 0;
    const source: ByteSource = {
      name: 'slow.pcap',
      size: file.length,
      sliceBytes: 512,
      async read(offset, length, into) {
        reads += 1;
        const wanted = reads % 3 === 0 ? length : Math.min(length, 101);
        for (let turns = reads % 4; turns > 0; turns--) await new Promise(setImmediate);
        const bytes = file.subarray(offset, offset + wanted);
        into?.set(bytes);
        return into?.subarray(0, bytes.length) ?? bytes;
      },
    };
    const seen: string[] = [];
    const reader = findContainerReader(file, seeingSink(seen));
    if (reader === undefined) throw new Error('no reader');
    expect(await streamFrames(source, reader, () => {})).toBeNull();
    expect(seen).toEqual(framesInPieces(file, [file.length]));
  });

  it('stops soon after it is cancelled', async () => {
    const controller = new AbortController();
    const file = pcapFile(Array.from({ length: 100 }, () => frames).flat());
    const large = joinBytes(file, ...Array.from({ length: 40 }, () => file.subarray(24)));
    const sink = seeingSink([]);
    const reader = findContainerReader(large, sink);
    if (reader === undefined) throw new Error('no reader');
    let pieces = 0;
    const streamed = streamFrames(
      memorySource(large, 'large.pcap'),
      reader,
      () => {
        if (++pieces === 2) setTimeout(() => controller.abort(), 0);
      },
      controller.signal,
    );
    await expect(streamed).rejects.toMatchObject({ name: 'AbortError' });
    expect(pieces).toBeLessThan(large.length >> 20);
  });

  it('says where a source gave less than it promised', async () => {
    const file = pcapFile(frames);
    const source: ByteSource = {
      ...memorySource(file, 'short.pcap'),
      size: file.length + 500,
    };
    const reader = findContainerReader(file, seeingSink([]));
    if (reader === undefined) throw new Error('no reader');
    const damage = await streamFrames(source, reader, () => {});
    expect(damage).toMatchObject({ code: 'cut-short', offset: file.length });
  });
});
