// `memory`: bytes that a frame takes in the engine's table, measured as the process' resident memory, and at the peak while it is read.
import { spawnSync } from 'node:child_process';
import { bytesPerRow } from '../lib/base/columns';
import { PACKET_COLUMNS } from '../lib/model/packet-columns';
import { bundle } from '../scripts/bundle.mjs';
import type { BenchOptions } from './bench-options';
import { median } from './median';
import { captureFile } from './traffic/captures';

interface Held {
  readonly frames: number;
  readonly held: number;
  readonly peak: number;
}

export async function benchMemory({ megabytes, rounds, files }: BenchOptions): Promise<void> {
  const program = await bundle('bench/hold-table.ts');
  console.log(`schema: ${bytesPerRow(PACKET_COLUMNS)} bytes a frame`);
  for (const name of files ?? (['small', 'mixed'] as const)) {
    const size = megabytes ?? 1000;
    const path = captureFile(name, size);
    const runs = Array.from({ length: rounds }, (): Held => {
      const run = spawnSync(process.execPath, ['--expose-gc', program, path], { encoding: 'utf8' });
      if (run.status !== 0) throw new Error(run.stderr);
      return JSON.parse(run.stdout);
    });
    const { frames } = runs[0];
    const held = median(runs.map((run) => run.held)) / frames;
    const peak = median(runs.map((run) => run.peak)) / frames;
    console.log(
      `${name.padEnd(14)} ${size} MB, ${frames} frames: ${held.toFixed(1)} bytes a frame held, ${peak.toFixed(1)} at the peak (${(peak / held).toFixed(2)} times)`,
    );
  }
}
