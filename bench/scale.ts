// `scale`: five captures of one path, correlated: cost against reading, memory beside the columns, three sizes for linearity, very many connections, one very long one.
import { spawnSync } from 'node:child_process';
import { CORRELATION_STEPS } from '../lib/correlate/correlate';
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
    const cost: RunCost = JSON.parse(run.stdout);
    console.log(
      [
        `${world.name.padEnd(5)} ${POINTS} × ${world.frames} frames, ${connections} connections sent, ${cost.connections} found, ${cost.journeys} journeys, ${(cost.columnBytes / cost.frames).toFixed(1)} bytes a frame in columns, peak ${(cost.peakBytes / 1e6).toFixed(0)} MB`,
        costLine('read', { seconds: cost.readSeconds, bytes: 0, longestMs: 0 }, cost),
        costLine('correlated', sumCosts(cost, Object.keys(CORRELATION)), cost),
        ...Object.entries(cost.costs).map(([name, step]) => costLine(`  ${name}`, step, cost)),
        costLine('all', sumCosts(cost, Object.keys(cost.costs)), cost),
      ].join('\n      '),
    );
  }
}

/** What the line of the issue speaks of: from frames to journeys, their fates and hops. */
const CORRELATION = { ...CORRELATION_STEPS, hops: 1 };

interface StepCost {
  readonly seconds: number;
  readonly bytes: number;
  readonly longestMs: number;
}

/** What correlate-once.ts prints. */
interface RunCost {
  readonly frames: number;
  readonly readSeconds: number;
  readonly columnBytes: number;
  readonly peakBytes: number;
  readonly connections: number;
  readonly journeys: number;
  readonly costs: Readonly<Record<string, StepCost>>;
}

const sumCosts = ({ costs }: RunCost, names: readonly string[]): StepCost =>
  names
    .flatMap((name) => costs[name] ?? [])
    .reduce((sum, { seconds, bytes, longestMs }) => ({
      seconds: sum.seconds + seconds,
      bytes: sum.bytes + bytes,
      longestMs: Math.max(sum.longestMs, longestMs),
    }));

const costLine = (name: string, { seconds, bytes, longestMs }: StepCost, run: RunCost): string =>
  [
    name.padEnd(14),
    `${seconds.toFixed(2).padStart(7)} s`,
    `${(seconds / run.readSeconds).toFixed(2).padStart(6)} × reading`,
    `${((seconds * 1e9) / run.frames).toFixed(0).padStart(6)} ns`,
    `${(bytes / run.frames).toFixed(1).padStart(6)} bytes a frame`,
    longestMs === 0 ? '' : `${longestMs.toFixed(0).padStart(5)} ms at once`,
  ].join(' ');
