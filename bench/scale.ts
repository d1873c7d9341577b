// `scale`: five captures of one path, correlated: cost against reading, memory beside the columns, three sizes for linearity, very many connections, one very long one.
import { spawnSync } from 'node:child_process';
import { bundle } from '../scripts/bundle.mjs';
import type { BenchOptions } from './bench-options';
import { dropPathFiles, pathFiles } from './traffic/captures';
import type { TrafficSpec } from './traffic/traffic';

const POINTS = 5;

const WEB: TrafficSpec = {
  seed: 11,
  concurrent: 500,
  exchanges: 20,
  requestBytes: [20, 80],
  responseSegments: [1, 4],
  segmentBytes: 60,
  loss: 0.001,
};

interface World {
  readonly name: string;
  readonly traffic: TrafficSpec;
  /** Frames at each point. */
  readonly frames: number;
}

const worlds = (frames: number): readonly World[] => [
  { name: 'web', traffic: WEB, frames: frames / 4 },
  { name: 'web', traffic: WEB, frames: frames / 2 },
  { name: 'web', traffic: WEB, frames },
  { name: 'many', traffic: { ...WEB, exchanges: 2 }, frames },
  {
    name: 'one',
    traffic: { ...WEB, concurrent: 1, exchanges: Number.POSITIVE_INFINITY },
    frames: frames / 2,
  },
];

/** `--megabytes` is the size of the largest world's captures together; the default is 5 × 2 M frames. */
export async function benchScale({ megabytes }: BenchOptions): Promise<void> {
  const program = await bundle('bench/correlate-once.ts');
  const frames = Math.round(((megabytes ?? 1200) * 1e6) / (POINTS * 120));
  for (const world of worlds(frames)) {
    const { paths, connections } = pathFiles(world.name, world.traffic, POINTS, world.frames);
    const run = spawnSync(
      process.execPath,
      ['--expose-gc', '--max-old-space-size=12000', program, ...paths],
      { encoding: 'utf8' },
    );
    dropPathFiles(paths);
    if (run.status !== 0) throw new Error(run.stderr);
    const cost = JSON.parse(run.stdout);
    console.log(
      [
        `${world.name.padEnd(5)} ${POINTS} × ${world.frames} frames, ${connections} connections sent, ${cost.connections} found, ${cost.journeys} journeys`,
        `read ${cost.readSeconds.toFixed(2)} s, analysed ${cost.analysisSeconds.toFixed(2)} s (${(cost.analysisSeconds / cost.readSeconds).toFixed(1)} times; ${((cost.analysisSeconds * 1e9) / cost.frames).toFixed(0)} ns a frame)`,
        `${(cost.columnBytes / cost.frames).toFixed(1)} bytes a frame in columns, ${(cost.heldBytes / cost.frames).toFixed(1)} beside them, peak ${(cost.peakBytes / 1e6).toFixed(0)} MB`,
      ].join('\n      '),
    );
  }
}
