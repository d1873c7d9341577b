// `analysis`: how fast the five captures of a sample, repeated, are read and analysed in one thread, with other hosts and sequence numbers in each repetition.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { analyseSources } from '../lib/engine/analyse';
import { parseCapture } from '../lib/engine/parse-capture';
import { memorySource } from '../lib/read/byte-source';
import type { BenchOptions } from './bench-options';
import { medianOf } from './median';
import { repeatCapture } from './repeat-capture';

const SAMPLE = join(process.cwd(), 'public', 'samples', 'sdn-healthy');
const EVERY_SECONDS = 30;
/** Of one repetition of all five. */
const SAMPLE_MEGABYTES = 5.6;
const MOST_REPETITIONS = 128;

export async function benchAnalysis({ megabytes, rounds }: BenchOptions): Promise<void> {
  const times = Math.min(
    MOST_REPETITIONS,
    Math.max(1, Math.round((megabytes ?? 560) / SAMPLE_MEGABYTES)),
  );
  const captures = readdirSync(SAMPLE).map((name) => ({
    name: name.replace(/\.gz$/, ''),
    bytes: repeatCapture(gunzipSync(readFileSync(join(SAMPLE, name))), times, EVERY_SECONDS),
  }));
  const bytes = captures.reduce((sum, capture) => sum + capture.bytes.length, 0);

  const sources = captures.map((capture) => memorySource(capture.bytes, capture.name));
  const reading = await medianOf(rounds, async () => {
    let frames = 0;
    for (const source of sources) {
      const parsed = await parseCapture(source, { block() {}, progress() {} });
      if (parsed.ok) frames += parsed.value.frames;
    }
    return frames;
  });
  const whole = await medianOf(rounds, () => analyseSources(sources));

  const report = (name: string, seconds: number): void => {
    const rates = [
      `${(reading.result / seconds / 1e6).toFixed(2)} M frames/s`,
      `${(bytes / seconds / 1e6).toFixed(0)} MB/s`,
    ];
    console.log(`${name.padEnd(22)}${seconds.toFixed(2).padStart(7)} s   ${rates.join('   ')}`);
  };

  const { analysis, diagnosis } = whole.result;
  console.log(
    `${captures.length} captures, ${reading.result} frames, ${(bytes / 1e6).toFixed(0)} MB, ${analysis.connections.length} connections, ${diagnosis.findings.length} findings`,
  );
  report('read into columns', reading.seconds);
  report('read and analysed', whole.seconds);
  console.log(
    `analysis : reading     ${(whole.seconds / reading.seconds - 1).toFixed(1).padStart(7)}`,
  );
  console.log(
    `memory                ${(process.memoryUsage().rss / 1e6).toFixed(0).padStart(7)} MB`,
  );
}
