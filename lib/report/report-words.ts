// How the report says things: confidence in words, frames as a display filter, citations, stops by the names that lanes have.
import { formatUtc } from '../base/time';
import type { FrameReference, Severity } from '../model/finding';
import type { CaseSnapshot } from '../model/snapshot';
import { describePoint } from '../scene/point-name';

/** A number alone says too much: words first, and where each begins. */
const CONFIDENCE: readonly (readonly [number, string])[] = [
  [0.95, 'practically certain'],
  [0.8, 'very likely'],
  [0.6, 'likely'],
  [0.4, 'possible'],
  [0, 'to be considered'],
];

/** `practically certain, 0.98` */
export function describeConfidence(confidence: number): string {
  const [, words] = CONFIDENCE.find(([least]) => confidence >= least) ?? CONFIDENCE[4];
  return `${words}, ${confidence.toFixed(2)}`;
}

export const SEVERITY_WORDS: Readonly<Record<Severity, readonly [one: string, many: string]>> = {
  failure: ['failure', 'failures'],
  warning: ['warning', 'warnings'],
  note: ['note', 'notes'],
};

/** `1 packet`, `1,108 packets` */
export const countOf = (count: number, one: string, many: string): string =>
  `${count.toLocaleString('en-GB')} ${count === 1 ? one : many}`;

/** Frames by file, files in order of their first citation, numbers ascending, each once. */
export function framesByFile(
  frames: readonly FrameReference[],
): readonly { readonly file: string; readonly frames: readonly number[] }[] {
  const files = new Map<string, Set<number>>();
  for (const { file, frame } of frames) {
    const known = files.get(file);
    if (known === undefined) files.set(file, new Set([frame]));
    else known.add(frame);
  }
  return [...files].map(([file, numbers]) => ({
    file,
    frames: [...numbers].sort((a, b) => a - b),
  }));
}

/** `article-3.1-cpe.pcap #2 #5 #7` for each file. */
export const citeFrames = (
  frames: readonly FrameReference[],
  names: ReportNames,
): readonly string[] =>
  framesByFile(frames).map(
    ({ file, frames: numbers }) =>
      `${names.file(file)} ${numbers.map((number) => `#${number}`).join(' ')}`,
  );

/** Wireshark's display filter for these frames of one file: `frame.number in {1..3, 7}`, ascending numbers given. */
export function frameFilter(frames: readonly number[]): string {
  if (frames.length === 1) return `frame.number == ${frames[0]}`;
  const ranges: string[] = [];
  for (let i = 0; i < frames.length; ) {
    let end = i;
    while (frames[end + 1] === frames[end] + 1) end++;
    // Two neighbours read better as two numbers.
    if (end === i + 1) end = i;
    ranges.push(end === i ? `${frames[i]}` : `${frames[i]}..${frames[end]}`);
    i = end + 1;
  }
  return `frame.number in {${ranges.join(', ')}}`;
}

/** `2021-01-12 09:14:02.111000` of a decimal time; an en dash where there is none. */
export const utcText = (time: string | null, digits = 6): string =>
  time === null ? '–' : formatUtc(BigInt(time), digits);

/** Names as the report uses them: of points those given by hand, else short ones where they are no one else's; of files likewise. */
export class ReportNames {
  private readonly names: ReadonlyMap<string, string>;
  private readonly files: ReadonlyMap<string, string>;

  constructor({ points, view, captures }: CaseSnapshot) {
    const base = captures.map(({ file }) => file.slice(file.lastIndexOf('/') + 1));
    this.files = new Map(
      captures.map(({ file }, index) => [
        file,
        base.filter((name) => name === base[index]).length === 1 ? base[index] : file,
      ]),
    );
    const given = view.lanes.names;
    const short = points.map((point) => describePoint(point, points).name);
    this.names = new Map(
      points.map((point, index) => [
        point.id,
        Object.hasOwn(given, point.id)
          ? given[point.id]
          : short.filter((name) => name === short[index]).length === 1
            ? short[index]
            : point.name,
      ]),
    );
  }

  /** `cpe-eth0.pcap`: without its folder, which the table of captures has, unless two files differ by it alone. */
  file(file: string): string {
    return this.files.get(file) ?? file;
  }

  /** Name of a point by its id. */
  point(id: string): string {
    return this.names.get(id) ?? id;
  }

  /** `tun0`, and `tun0 (passage 2)` of a stop such as `p3/2`. */
  stop(stop: string): string {
    const [id, passage] = stop.split('/');
    return passage === undefined ? this.point(id) : `${this.point(id)} (passage ${passage})`;
  }
}
