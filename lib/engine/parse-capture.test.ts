// A capture from bytes to columns: blocks, checkpoints, fingerprint, cancelling; and a frame read again from its checkpoint.
import { readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { describe, expect, it, vi } from 'vitest';
import { BLOCK_BYTES, BLOCK_ROWS } from '../model/packet-columns';
import { type ByteSource, memorySource } from '../read/byte-source';
import { openDecompressed } from '../read/decompress';
import { STILL_MS } from '../read/frame-stream';
import { pcapFile, pcapngFile } from '../testing/capture-file';
import { tcpFrame } from '../testing/frame-builder';
import { type CaptureRead, readCapture, summaryOf, tupleText } from '../testing/read-capture';
import { parseCapture } from './parse-capture';
import { readFrame } from './read-frame';

const CAPTURES = join(import.meta.dirname, '..', '..', 'e2e', 'captures');
const START = 1_600_000_000_000_000_000n;

/** More frames than a block holds, of a few sizes, without building each. */
function manyFrames(count: number): Uint8Array<ArrayBuffer> {
  const kinds = Array.from({ length: 7 }, (_, i) =>
    tcpFrame({
      source: `10.0.0.${i}:1000`,
      destination: '10.0.1.1:80',
      sequence: i,
      payload: i * 11,
    }),
  );
  const frames = Array.from({ length: count }, (_, i) => ({
    timeNs: START + BigInt(i) * 1000n,
    bytes: kinds[i % kinds.length],
  }));
  return pcapFile(frames);
}

describe('parseCapture', () => {
  const scenarios = readdirSync(CAPTURES).filter((name) =>
    readdirSync(join(CAPTURES, name)).includes('truth.json.gz'),
  );

  it.each(scenarios)('finds the frames of %s', async (scenario) => {
    const truth: { readonly frames: Readonly<Record<string, number>> } = JSON.parse(
      gunzipSync(readFileSync(join(CAPTURES, scenario, 'truth.json.gz'))).toString(),
    );
    for (const [file, frames] of Object.entries(truth.frames)) {
      const bytes = gunzipSync(readFileSync(join(CAPTURES, scenario, `${file}.gz`)));
      const summary = summaryOf(await readCapture(bytes, file));
      expect(summary).toMatchObject({ frames, bytes: bytes.length, warnings: [] });
    }
  });

  it('fills one block after the other, every one but the last', async () => {
    const capture = await readCapture(manyFrames(BLOCK_ROWS + 1000));
    expect(capture.blocks.map(({ rows }) => rows)).toEqual([BLOCK_ROWS, 1000]);
    expect(capture.blocks.map(({ buffer }) => buffer.byteLength)).toEqual([
      BLOCK_BYTES,
      BLOCK_BYTES,
    ]);
    expect(capture.blocks.map(({ checkpoints }) => checkpoints.length)).toEqual([1024, 16]);
    expect(capture.tuples).toHaveLength(7);
    expect(tupleText(capture, BLOCK_ROWS + 5)).toBe(tupleText(capture, (BLOCK_ROWS + 5) % 7));
    expect(capture.table.get('time', BLOCK_ROWS)).toBe(BLOCK_ROWS * 1000);
  });

  it('hands out only what is new with each block', async () => {
    const { blocks } = await readCapture(manyFrames(BLOCK_ROWS + 1000));
    expect(
      blocks.map(({ tuples, addresses, links }) => [tuples.length, addresses.length, links.length]),
    ).toEqual([
      [35, 8 * 17, 1],
      [0, 0, 0],
    ]);
  });

  it('writes into the buffers that it is given', async () => {
    const given: SharedArrayBuffer[] = [];
    const used: unknown[] = [];
    await parseCapture(
      memorySource(manyFrames(10), 'a.pcap'),
      { block: ({ buffer }) => void used.push(buffer), progress() {} },
      {
        allocate() {
          given.push(new SharedArrayBuffer(BLOCK_BYTES));
          return given[given.length - 1];
        },
      },
    );
    expect(used).toEqual(given);
    expect(used).toHaveLength(1);
  });

  it('waits for the sink before it goes on', async () => {
    let taking = false;
    await parseCapture(memorySource(manyFrames(BLOCK_ROWS * 2 + 1), 'a.pcap'), {
      async block() {
        expect(taking).toBe(false);
        taking = true;
        await new Promise((resolve) => setTimeout(resolve, 1));
        taking = false;
      },
      progress() {},
    });
    expect(taking).toBe(false);
  });

  it('tells progress up to the last byte', async () => {
    const file = manyFrames(30_000);
    const told: [number, number][] = [];
    await parseCapture(memorySource(file, 'a.pcap'), {
      block() {},
      progress: (bytesRead, frames) => told.push([bytesRead, frames]),
    });
    expect(told.length).toBeGreaterThan(1);
    expect(told[told.length - 1]).toEqual([file.length, 30_000]);
  });

  it('rejects with AbortError, soon', async () => {
    const controller = new AbortController();
    const parsing = parseCapture(
      memorySource(manyFrames(200_000), 'a.pcap'),
      { block() {}, progress: () => controller.abort() },
      { signal: controller.signal },
    );
    await expect(parsing).rejects.toMatchObject({ name: 'AbortError' });
  });

  it('has one fingerprint for the same frames: under another name, compressed, and no other', async () => {
    const file = manyFrames(500);
    const fingerprint = summaryOf(await readCapture(file, 'a.pcap')).fingerprint;
    expect(fingerprint).toMatch(/^[0-9a-f]{16}$/);
    const opened = await openDecompressed(memorySource(gzipSync(file), 'b.pcap.gz'));
    if (!opened.ok) throw new Error(opened.error.text);
    expect(summaryOf(await readCapture(opened.value.source)).fingerprint).toBe(fingerprint);
    const later = file.slice();
    later[24 + 4] ^= 1;
    const other = file.slice();
    other[24 + 16 + 40] ^= 1;
    const shorter = file.slice(0, file.length - 1);
    for (const bytes of [later, other, shorter])
      expect(summaryOf(await readCapture(bytes)).fingerprint).not.toBe(fingerprint);
  });

  it('fails on a file that breaks off within its header', async () => {
    const { result } = await readCapture(manyFrames(1).slice(0, 20), 'cut.pcap');
    expect(result).toMatchObject({ ok: false, error: { code: 'cut-short', offset: 0 } });
    if (!result.ok) expect(result.error.text).toMatch(/^cut\.pcap: /);
  });
});

describe('readFrame', () => {
  const frames = Array.from({ length: 300 }, (_, i) =>
    tcpFrame({
      source: '10.0.0.1:1',
      destination: '10.0.0.2:2',
      sequence: i,
      payload: (i * 37) % 900,
    }),
  );
  const linkOf = (i: number): number => (i < 150 ? 0 : 1 + (i % 2));
  const pcapng = pcapngFile(
    [0, 1].map((section) => ({
      bigEndian: section === 1,
      blocks: [
        { kind: 'interface', spec: { linkType: 1 } } as const,
        ...(section === 1 ? [{ kind: 'interface', spec: { linkType: 101 } } as const] : []),
        ...frames.slice(section * 150, section * 150 + 150).map((bytes, i) => ({
          kind: 'enhanced' as const,
          interface: section === 0 ? 0 : i % 2,
          ticks: START / 1000n + BigInt(section * 150 + i),
          bytes,
        })),
      ],
    })),
  );
  const records = frames.map((bytes, i) => ({ timeNs: START + BigInt(i) * 1000n, bytes }));

  const check = async (file: Uint8Array, capture: CaptureRead, row: number) => {
    const held = { table: capture.table, links: capture.links, summary: summaryOf(capture) };
    return readFrame(memorySource(file, 'a'), held, row);
  };

  it.each([
    ['pcap', pcapFile(records)],
    ['pcap, big-endian', pcapFile(records, { bigEndian: true })],
    ['pcapng of two sections', pcapng],
  ])('gives each frame of %s back', async (name, file) => {
    const capture = await readCapture(file);
    expect(capture.table.rows).toBe(300);
    for (let row = 0; row < 300; row++) {
      const frame = await check(file, capture, row);
      expect([row, frame?.timeNs]).toEqual([row, String(START + BigInt(row) * 1000n)]);
      expect(frame?.bytes).toEqual(frames[row]);
      expect(frame?.wireLength).toBe(frames[row].length);
      const linkType = name.startsWith('pcapng') && linkOf(row) === 2 ? 101 : 1;
      expect(frame?.linkType).toBe(linkType);
    }
  });

  it('has none outside the capture, or where the file is another now', async () => {
    const file = pcapFile(records);
    const capture = await readCapture(file);
    expect(await check(file, capture, 300)).toBeUndefined();
    expect(await check(file, capture, -1)).toBeUndefined();
    expect(await check(file.slice(0, 5000), capture, 299)).toBeUndefined();
    expect(await check(new Uint8Array(100), capture, 0)).toBeUndefined();
  });

  it('reads frames of a recorded capture, larger than one read', async () => {
    const path = join(CAPTURES, 'bridge-healthy', 'web-eth0.pcap.gz');
    const file = gunzipSync(readFileSync(path));
    const capture = await readCapture(file, `${basename(dirname(path))}`);
    for (let row = 0; row < capture.table.rows; row++) {
      const frame = await check(file, capture, row);
      expect([row, frame?.bytes.length]).toEqual([row, capture.table.capturedLength(row)]);
    }
  });
});

/** Bytes of which those from `end` on can no longer be read: the file was changed or removed meanwhile. */
function lostFrom(bytes: Uint8Array, end: number): ByteSource {
  const lost = () => Promise.reject(new DOMException('Not to be read', 'NotReadableError'));
  return {
    name: 'eth0.pcap',
    size: bytes.length,
    sliceBytes: 4096,
    read: async (offset, length) =>
      offset + length > end ? lost() : bytes.subarray(offset, offset + length),
  };
}

describe('parseCapture of a file that is lost while it is read', () => {
  const bytes = manyFrames(1000);

  it('keeps the frames before and says how many they are', async () => {
    let frames = 0;
    const result = await parseCapture(lostFrom(bytes, 40_000), {
      block: ({ rows }) => {
        frames += rows;
      },
      progress() {},
    });
    if (!result.ok) throw new Error(result.error.text);
    expect(frames).toBe(result.value.frames);
    expect(frames).toBeGreaterThan(300);
    expect(result.value.warnings).toEqual([
      {
        code: 'unreadable',
        text: expect.stringContaining(
          `${frames} frames were read, then no more: the file was changed`,
        ),
      },
    ]);
  });

  it('does not wait for a stream that will never answer', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const whole = memorySource(bytes, 'eth0.pcap');
    let stand = (): void => {};
    const stands = new Promise<void>((resolve) => {
      stand = resolve;
    });
    let isCut = false;
    const pieces = [bytes.slice(0, 40_000)];
    const cut: ByteSource = {
      ...whole,
      read: (offset, length) =>
        isCut
          ? Promise.reject(new DOMException('Not to be read', 'NotReadableError'))
          : whole.read(offset, length),
      stream: () =>
        new ReadableStream({
          pull(controller) {
            const piece = pieces.shift();
            if (piece !== undefined) return controller.enqueue(piece);
            stand();
            return new Promise(() => {});
          },
        }),
    };
    const parsed = parseCapture(cut, { block() {}, progress() {} });
    await stands;
    // A slow disk is waited for.
    await vi.advanceTimersByTimeAsync(STILL_MS * 3);
    isCut = true;
    await vi.advanceTimersByTimeAsync(STILL_MS);
    const result = await parsed;
    expect(result).toMatchObject({
      ok: true,
      value: {
        warnings: [{ text: expect.stringContaining('then no more: the file was changed') }],
      },
    });
    vi.useRealTimers();
  });

  it('fails with the name of the file where not one frame was read', async () => {
    const result = await parseCapture(lostFrom(bytes, 24), { block() {}, progress() {} });
    expect(result).toMatchObject({
      ok: false,
      error: {
        code: 'unreadable',
        text: expect.stringMatching(/^eth0\.pcap: the file was changed/),
      },
    });
  });

  it('takes no fault of the program for one of the file', async () => {
    const source = { ...lostFrom(bytes, 0), read: () => Promise.reject(new TypeError('a bug')) };
    await expect(parseCapture(source, { block() {}, progress() {} })).rejects.toThrow('a bug');
  });
});
