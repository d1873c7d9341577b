// `parse`: how fast a capture in memory becomes columns in one thread, small frames and mixed ones: what a change of the hot path is judged by.
import { readFileSync } from 'node:fs';
import { parseCapture } from '../lib/engine/parse-capture';
import { memorySource } from '../lib/read/byte-source';
import type { BenchOptions } from './bench-options';
import { medianOf } from './median';
import { captureFile } from './traffic/captures';

export async function benchParse({ megabytes, rounds, files }: BenchOptions): Promise<void> {
  for (const name of files ?? (['small', 'mixed'] as const)) {
    const bytes = readFileSync(captureFile(name, megabytes ?? 200));
    const source = memorySource(bytes, name);
    const { seconds, result: frames } = await medianOf(rounds, async () => {
      const parsed = await parseCapture(source, { block() {}, progress() {} });
      return parsed.ok ? parsed.value.frames : 0;
    });
    console.log(
      `${name.padEnd(14)} ${frames} frames, ${(bytes.length / 1e6).toFixed(0)} MB in ${seconds.toFixed(2)} s: ${(frames / seconds / 1e6).toFixed(2)} M frames/s, ${(bytes.length / seconds / 1e6).toFixed(0)} MB/s`,
    );
  }
}
