// One round of fuzzing: two damaged captures through reading, the inspector's tree and the whole analysis. Nothing may throw, hang, or give more frames than bytes.
import { analyseSources } from '../lib/engine/analyse';
import { FrameReader } from '../lib/engine/frame-reader';
import { unpackArchive } from '../lib/read/archives';
import { type ByteSource, memorySource } from '../lib/read/byte-source';
import { memoryStorage } from '../lib/read/storage';
import { captureScenarios, scenarioSources } from '../lib/testing/committed-captures';
import { edgeCaptures } from '../lib/testing/edge-captures';
import { seededRandom } from '../lib/testing/simulate-world';
import { mutate } from './mutate';

/** Captures of this size take milliseconds: longer is a hang. */
const MOST_SECONDS = 20;
/** Larger captures make few rounds a second. */
const LARGEST_BYTES = 300_000;
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
  return [...real, ...edgeCaptures().map(({ bytes }) => bytes)];
}

/** Throws where something is wrong with what came of the inputs. */
async function check(inputs: readonly ByteSource[]): Promise<void> {
  for (const source of inputs) await unpackArchive(source, memoryStorage);
  const { analysis } = await analyseSources(inputs);
  for (const { file, summary } of analysis.captures) {
    const source = inputs.find(({ name }) => name === file)!;
    if (summary.frames > source.size) throw new Error(`${file}: more frames than bytes`);
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
