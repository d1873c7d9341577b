// The files that benches read, by name: built when they are first needed, in a scratch folder, the oldest removed when they would take too much of the disk.
import {
  mkdirSync,
  readdirSync,
  renameSync,
  rmSync,
  statfsSync,
  statSync,
  utimesSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CaptureWriter, ONLY_POINT, type WriterSpec } from './capture-writer';
import { Traffic, type TrafficSpec } from './traffic';

export const SCRATCH = process.env.HOPLANE_BENCH_FOLDER ?? join(tmpdir(), 'hoplane-bench');
/** All files of the folder together. */
const MOST_BYTES = 12e9;
/** Left free on the disk. */
const SPARE_BYTES = 2e9;

/** Web traffic: half of the responses one segment of any length, the rest up to eight whole ones, each acknowledged. */
const MIXED: TrafficSpec = {
  seed: 7,
  concurrent: 1000,
  exchanges: 40,
  requestBytes: [80, 600],
  responseSegments: [1, 8],
  segmentBytes: 1448,
  loss: 0,
};

/** Nothing but headers and a few bytes. */
const SMALL: TrafficSpec = {
  ...MIXED,
  requestBytes: [0, 20],
  responseSegments: [1, 2],
  segmentBytes: 24,
};

interface CaptureKind extends Omit<WriterSpec, 'point'> {
  readonly traffic: TrafficSpec;
}

const PLAIN = { container: 'pcap', family: 4, vxlan: false } as const;

export const CAPTURE_KINDS = {
  mixed: { ...PLAIN, traffic: MIXED },
  small: { ...PLAIN, traffic: SMALL },
  'mixed-pcapng': { ...PLAIN, container: 'pcapng', traffic: MIXED },
  'small-pcapng': { ...PLAIN, container: 'pcapng', traffic: SMALL },
  vxlan: { ...PLAIN, vxlan: true, traffic: MIXED },
  ipv6: { ...PLAIN, family: 6, traffic: MIXED },
} as const satisfies Readonly<Record<string, CaptureKind>>;

export type CaptureName = keyof typeof CAPTURE_KINDS;

/** Path of a capture of about so many bytes. */
export function captureFile(name: CaptureName, megabytes: number): string {
  const { traffic, container, ...kind } = CAPTURE_KINDS[name];
  const path = join(SCRATCH, `${name}-${megabytes}.${container}`);
  if (isThere(path)) return path;
  makeRoom(megabytes * 1e6);
  const source = new Traffic(traffic);
  const writer = new CaptureWriter(`${path}.part`, { ...kind, container, point: ONLY_POINT });
  while (writer.bytes < megabytes * 1e6) writer.write(source.next());
  writer.close();
  renameSync(`${path}.part`, path);
  return path;
}

/** Paths of captures at `points` points of one path, of about so many frames each; the third and later are behind a translation and on a clock of their own. */
export function pathFiles(
  name: string,
  traffic: TrafficSpec,
  points: number,
  frames: number,
): { readonly paths: readonly string[]; readonly connections: number } {
  const folder = join(SCRATCH, `path-${name}-${points}x${frames}`);
  const source = new Traffic(traffic);
  makeRoom(points * frames * 120);
  mkdirSync(folder, { recursive: true });
  const paths = Array.from({ length: points }, (_, place) => join(folder, `p${place}-eth0.pcap`));
  const writers = paths.map(
    (path, place) =>
      new CaptureWriter(path, {
        ...PLAIN,
        point: { place, places: points, clockOffsetNs: place >= 2 ? 40_000_000 : 0 },
      }),
  );
  while (writers[0].frames < frames) {
    const segment = source.next();
    for (const writer of writers) writer.write(segment);
  }
  for (const writer of writers) writer.close();
  return { paths, connections: source.connections };
}

/** Removes what `pathFiles` wrote. */
export function dropPathFiles(paths: readonly string[]): void {
  for (const path of paths) rmSync(path, { force: true });
}

function isThere(path: string): boolean {
  const found = statSync(path, { throwIfNoEntry: false });
  if (found === undefined) return false;
  utimesSync(path, new Date(), new Date());
  return true;
}

function makeRoom(bytes: number): void {
  mkdirSync(SCRATCH, { recursive: true });
  const files = readdirSync(SCRATCH, { recursive: true, encoding: 'utf8' })
    .map((name) => join(SCRATCH, name))
    .map((path) => ({ path, ...statSync(path), isFile: statSync(path).isFile() }))
    .filter(({ isFile }) => isFile)
    .sort((a, b) => a.mtimeMs - b.mtimeMs);
  let held = files.reduce((sum, { size }) => sum + size, 0);
  for (const { path, size } of files) {
    if (held + bytes <= MOST_BYTES) break;
    rmSync(path);
    held -= size;
  }
  const { bavail, bsize } = statfsSync(SCRATCH);
  if (bavail * bsize < bytes + SPARE_BYTES)
    throw new Error(`${SCRATCH} has no room for ${Math.round(bytes / 1e6)} MB`);
}
