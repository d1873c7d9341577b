// One round of fuzzing: two damaged captures through reading, the inspector's tree and the whole analysis. Nothing may throw, hang, or give more frames than bytes.
import { analyseSources } from '../lib/engine/analyse';
import { FrameReader } from '../lib/engine/frame-reader';
import { parseCapture } from '../lib/engine/parse-capture';
import { BLOCK_BYTES, BLOCK_ROWS } from '../lib/model/packet-columns';
import { unpackArchive } from '../lib/read/archives';
import { type ByteSource, memorySource } from '../lib/read/byte-source';
import { openDecompressedIn } from '../lib/read/decompress';
import { memoryStorage } from '../lib/read/storage';
import { type PcapngBlock, pcapngFile } from '../lib/testing/capture-file';
import { captureScenarios, packedFiles, scenarioSources } from '../lib/testing/committed-captures';
import { edgeCaptures } from '../lib/testing/edge-captures';
import { seededRandom } from '../lib/testing/seeded-random';
import { mutate } from './mutate';

/** Captures of this size take milliseconds: longer is a hang. */
const MOST_SECONDS = 20;
/** Larger captures make few rounds a second. */
const LARGEST_BYTES = 300_000;
/** Of a block of pcapng; a record of pcap has more. */
const LEAST_RECORD_BYTES = 12;
/** Frames of each capture that are opened as the inspector does. */
const OPENED_FRAMES = 20;

export interface Round {
  readonly inputs: readonly ByteSource[];
  /** What went wrong; undefined: nothing. */
  readonly problem: string | undefined;
}

export async function readCorpus(): Promise<readonly Uint8Array[]> {
  const sources = captureScenarios().flatMap(scenarioSources);
  const real = await Promise.all(sources.map((source) => source.read(0, LARGEST_BYTES)));
  const edges = edgeCaptures().map(({ bytes }) => bytes);
  return [...real, ...real.map(asPcapng), ...edges, ...packedFiles()];
}

/** Frames of a rewritten capture: enough for every kind of block. */
const REWRITTEN_FRAMES = 100;

/** The first frames of a little-endian pcap, as all committed captures are, in a pcapng with all that one can say. */
function asPcapng(bytes: Uint8Array): Uint8Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const linkType = view.getUint32(20, true);
  const blocks: PcapngBlock[] = [
    { kind: 'interface', spec: { name: 'eth0', linkType, description: 'uplink', resolution: 9 } },
    { kind: 'names', names: [[Uint8Array.of(10, 0, 0, 1), 'a.example']] },
  ];
  for (let at = 24, n = 0; at + 16 <= bytes.length && n < REWRITTEN_FRAMES; n += 1) {
    const captured = view.getUint32(at + 8, true);
    const ticks = BigInt(view.getUint32(at, true)) * 1_000_000_000n + BigInt(n * 1000);
    const frame = bytes.slice(at + 16, at + 16 + captured);
    const value = BigInt(n);
    blocks.push(
      n % 10 === 9
        ? { kind: 'simple', bytes: frame, wireLength: view.getUint32(at + 12, true) }
        : {
            kind: n % 7 === 6 ? 'obsolete' : 'enhanced',
            ticks,
            bytes: frame,
            flags: n,
            ...(n % 3 === 0 ? { comment: `frame ${n}` } : {}),
            ...(n % 4 === 0 ? { drops: n, packetId: value, verdict: { kind: 2, value } } : {}),
          },
    );
    if (n % 20 === 19) blocks.push({ kind: 'statistics', ticks, systemDrops: value });
    at += 16 + captured;
  }
  const half = blocks.length >> 1;
  return pcapngFile([
    { blocks: blocks.slice(0, half), comment: 'first' },
    {
      blocks: [{ kind: 'interface', spec: { linkType, resolution: 9 } }, ...blocks.slice(half)],
      bigEndian: true,
    },
  ]);
}

/** What reading a file may keep at most: a block of columns for each 64k frames and part of one, and of each byte so many. */
const KEPT_AT_LEAST = 1 << 13;
const KEPT_PER_BYTE = 8;

/** Throws where more is kept of a file than its size allows: no length in it may ask for memory. */
async function checkMemory(source: ByteSource): Promise<void> {
  const buffer = new ArrayBuffer(BLOCK_BYTES);
  let kept = KEPT_AT_LEAST;
  let buffers = 0;
  const parsed = await parseCapture(
    source,
    {
      block: ({ addresses, tuples, links, sparse, checkpoints }) => {
        kept += addresses.byteLength + tuples.byteLength + checkpoints.byteLength;
        kept += JSON.stringify(links).length;
        for (const rows of Object.values(sparse)) kept += rows.byteLength;
      },
      progress: () => {},
    },
    {
      allocate: () => {
        buffers += 1;
        return buffer;
      },
    },
  );
  if (parsed.ok) kept += JSON.stringify(parsed.value).length;
  if (buffers > 1 + source.size / (16 * BLOCK_ROWS))
    throw new Error(`${source.name}: ${buffers} blocks of ${source.size} bytes`);
  if (kept > KEPT_AT_LEAST * 2 + source.size * KEPT_PER_BYTE)
    throw new Error(`${source.name}: ${kept} bytes kept of ${source.size}`);
}

/** Throws where something is wrong with what came of the inputs. */
async function check(inputs: readonly ByteSource[]): Promise<void> {
  for (const source of inputs) {
    await unpackArchive(source, memoryStorage);
    await checkMemory(source);
  }
  const { analysis } = await analyseSources(inputs);
  for (const { file, summary } of analysis.captures) {
    const source = inputs.find(({ name }) => name === file)!;
    // A damaged piece of a compressed capture can repeat itself many times.
    const opened = await openDecompressedIn(source, memoryStorage);
    const bytes = opened.ok ? opened.value.source.size : 0;
    if (summary.frames * LEAST_RECORD_BYTES > bytes)
      throw new Error(`${file}: ${summary.frames} frames of ${bytes} bytes`);
    const reader = new FrameReader(file, source);
    const { table, links } =
      analysis.correlation.input.captures[analysis.captures.findIndex((one) => one.file === file)];
    for (let frame = 1; frame <= Math.min(summary.frames, OPENED_FRAMES); frame += 1)
      await reader.read({ table, links, summary }, frame);
  }
  analysis.journeysOf(analysis.connections.map((_, index) => index));
}

/** The same seed does the same. */
export async function fuzzRound(corpus: readonly Uint8Array[], seed: number): Promise<Round> {
  const random = seededRandom(seed);
  const inputs = [0, 1].map((index) => {
    const bytes = corpus[Math.floor(random() * corpus.length)];
    const other = corpus[Math.floor(random() * corpus.length)];
    return memorySource(mutate(bytes, other, random), `fuzz-${index}.pcap`);
  });
  const start = performance.now();
  try {
    await check(inputs);
    const seconds = (performance.now() - start) / 1000;
    return {
      inputs,
      problem: seconds > MOST_SECONDS ? `took ${seconds.toFixed(1)} s` : undefined,
    };
  } catch (error) {
    return {
      inputs,
      problem: error instanceof Error ? (error.stack ?? error.message) : String(error),
    };
  }
}
