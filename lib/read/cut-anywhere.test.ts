// A capture cut at any byte gives all frames before the cut, and one warning that names the byte: plain, gzip, zstd.
import { readFileSync } from 'node:fs';
import { constants, gunzipSync, gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { parseCapture } from '../engine/parse-capture';
import { BLOCK_BYTES } from '../model/packet-columns';
import {
  type PcapngBlock,
  type PcapngSection,
  pcapFile,
  pcapngFile,
} from '../testing/capture-file';
import { tcpFrame } from '../testing/frame-builder';
import { memorySource } from './byte-source';
import { joinWarnings, openDecompressed } from './decompress';

const SECOND = 1_700_000_000n;
const frameOf = (n: number): Uint8Array =>
  tcpFrame({ source: '10.0.0.1:1000', destination: '10.0.0.2:80', sequence: n, payload: n * 3 });

/** A file with the places at which its frames end, and all places at which a cut shows nothing. */
interface Piecewise {
  readonly file: Uint8Array;
  readonly ends: readonly number[];
  readonly seams: ReadonlySet<number>;
}

function pcap(bigEndian: boolean): Piecewise {
  const frames = [1, 2, 3, 4, 5].map((n) => ({
    timeNs: SECOND * 1_000_000_000n + BigInt(n) * 1000n,
    bytes: frameOf(n),
  }));
  const ends = frames.map((_, n) => pcapFile(frames.slice(0, n + 1)).length);
  return { file: pcapFile(frames, { bigEndian }), ends, seams: new Set([24, ...ends]) };
}

function pcapng(bigEndian: boolean): Piecewise {
  const packet = (n: number, kind: 'enhanced' | 'obsolete' = 'enhanced'): PcapngBlock => ({
    kind,
    ticks: SECOND * 1_000_000n + BigInt(n),
    bytes: frameOf(n),
    comment: n % 2 === 0 ? `comment ${n}` : undefined,
    flags: n,
  });
  const all: readonly PcapngSection[] = [
    {
      bigEndian,
      comment: 'first',
      blocks: [
        { kind: 'interface', spec: { name: 'eth0' } },
        packet(1),
        { kind: 'names', names: [[Uint8Array.of(10, 0, 0, 1), 'a.example']] },
        packet(2),
        { kind: 'statistics', ticks: SECOND * 1_000_000n, systemDrops: 1n },
        { kind: 'other', type: 0x4567, body: new Uint8Array(20) },
      ],
    },
    { bigEndian: !bigEndian, blocks: [{ kind: 'interface' }, packet(3, 'obsolete'), packet(4)] },
  ];
  const ends: number[] = [];
  const seams = new Set<number>();
  all.forEach((section, s) => {
    for (let count = 0; count <= section.blocks.length; count += 1) {
      const end = pcapngFile([
        ...all.slice(0, s),
        { ...section, blocks: section.blocks.slice(0, count) },
      ]).length;
      seams.add(end);
      if (count > 0 && ['enhanced', 'obsolete'].includes(section.blocks[count - 1].kind))
        ends.push(end);
    }
  });
  return { file: pcapngFile(all), ends, seams };
}

/** One for all: what is in it does not matter here. */
const BLOCK = new ArrayBuffer(BLOCK_BYTES);

/** Frames that could be read, and what was said: of the capture, or of why it is none. */
async function readAll(bytes: Uint8Array, name: string) {
  const opened = await openDecompressed(memorySource(bytes, name));
  if (!opened.ok) return { frames: 0, said: [opened.error] };
  const { source, warnings } = opened.value;
  const parsed = await parseCapture(
    source,
    { block: () => {}, progress: () => {} },
    { allocate: () => BLOCK },
  );
  return parsed.ok
    ? { frames: parsed.value.frames, said: joinWarnings(warnings, parsed.value.warnings) }
    : { frames: 0, said: [parsed.error] };
}

describe.each([
  ['pcap', pcap(false)],
  ['pcap, big-endian', pcap(true)],
  ['pcapng', pcapng(false)],
  ['pcapng, big-endian', pcapng(true)],
])('%s', (_, { file, ends, seams }) => {
  it('cut at any byte', async () => {
    for (let cut = 1; cut <= file.length; cut += 1) {
      const { frames, said } = await readAll(file.slice(0, cut), 'x');
      expect([cut, frames]).toEqual([cut, ends.filter((end) => end <= cut).length]);
      if (seams.has(cut))
        expect([cut, said.filter(({ code }) => code !== 'empty')]).toEqual([cut, []]);
      else {
        const last = Math.max(0, ...[...seams].filter((seam) => seam < cut));
        expect([cut, said.map(({ offset }) => offset)]).toEqual([cut, [last]]);
        expect(said[0].text).toContain(`byte ${last}`);
      }
    }
  });

  it('compressed by gzip, cut at any byte', async () => {
    const packed = gzipSync(file);
    for (let cut = 1; cut < packed.length; cut += 1) {
      const { frames, said } = await readAll(packed.slice(0, cut), 'x.gz');
      expect([cut, said.length]).toEqual([cut, 1]);
      expect(said[0].text).toMatch(/byte \d+/);
      // As much as zlib makes of it.
      const there =
        cut < 18
          ? 0
          : gunzipSync(packed.subarray(0, cut), { finishFlush: constants.Z_SYNC_FLUSH }).length;
      expect([cut, frames]).toEqual([cut, ends.filter((end) => end <= there).length]);
    }
  });
});

it('zstd, cut at any byte: frames of its whole blocks, and one warning', async () => {
  const packed = new Uint8Array(
    readFileSync(new URL('../../e2e/captures/packed/cpe-two-frames.pcap.zst', import.meta.url)),
  );
  const seen = new Set<number>();
  for (let cut = 4; cut < packed.length; cut += 3) {
    const bytes = packed.slice(0, cut);
    const { frames, said } = await readAll(bytes, 'x.zst');
    seen.add(frames);
    const opened = await openDecompressed(memorySource(bytes, 'x.zst'));
    const broken = opened.ok ? opened.value.warnings.length > 0 : true;
    const plain = opened.ok
      ? await readAll(await opened.value.source.read(0, opened.value.source.size), 'x')
      : { frames: 0, said: [] };
    expect([cut, frames]).toEqual([cut, plain.frames]);
    // Between two zstd frames the compressed data is whole, and its last record may be.
    expect([cut, said.length]).toEqual([cut, broken ? 1 : plain.said.length]);
    for (const { text } of said) expect(text).toMatch(/byte \d+|zstd data/);
  }
  expect(seen.size).toBeGreaterThan(1);
});
