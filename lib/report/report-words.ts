// How the report says things: counts, times, citations, stops by the names that lanes have.
import { formatUtc } from '../base/time';
import type { Direction } from '../model/connection';
import type { FrameReference, Severity } from '../model/finding';
import { framesByFile } from '../model/finding-frames';
import {
  countPassages,
  laneName,
  laneStop,
  type PassageCounts,
  waysOfHop,
} from '../model/lane-name';
import type { CaseSnapshot } from '../model/snapshot';
import { namePoints } from '../scene/point-name';

export const SEVERITY_WORDS: Readonly<Record<Severity, readonly [one: string, many: string]>> = {
  failure: ['failure', 'failures'],
  warning: ['warning', 'warnings'],
  note: ['note', 'notes'],
};

/** `1 packet`, `1,108 packets` */
export const countOf = (count: number, one: string, many: string): string =>
  `${count.toLocaleString('en-GB')} ${count === 1 ? one : many}`;

/** `article-3.1-cpe.pcap #2 #5 #7` for each file. */
export const citeFrames = (
  frames: readonly FrameReference[],
  names: ReportNames,
): readonly string[] =>
  framesByFile(frames).map(
    ({ file, frames: numbers }) =>
      `${names.file(file)} ${numbers.map((number) => `#${number}`).join(' ')}`,
  );

/** `2021-01-12 09:14:02.111000` of a decimal time; an en dash where there is none. */
export const utcText = (time: string | null, digits = 6): string =>
  time === null ? '–' : formatUtc(BigInt(time), digits);

/** Names as the report uses them: of points those given by hand, else short ones where they are no one else's; of files likewise. */
export class ReportNames {
  private readonly names: ReadonlyMap<string, string>;
  private readonly files: ReadonlyMap<string, string>;
  private readonly passages: PassageCounts;

  constructor({ points, view, captures, hops }: CaseSnapshot) {
    this.passages = countPassages(hops.map(waysOfHop));
    const base = captures.map(({ file }) => file.slice(file.lastIndexOf('/') + 1));
    this.files = new Map(
      captures.map(({ file }, index) => [
        file,
        base.filter((name) => name === base[index]).length === 1 ? base[index] : file,
      ]),
    );
    this.names = namePoints(points, view.lanes.names);
  }

  /** `cpe-eth0.pcap`: without its folder, which the table of captures has, unless two files differ by it alone. */
  file(file: string): string {
    return this.files.get(file) ?? file;
  }

  /** Name of a point by its id. */
  point(id: string): string {
    return this.names.get(id) ?? id;
  }

  /** `tun0`, and `tun0′` of a stop such as `p3/2`: as its lane is called. */
  stop(stop: string, direction: Direction): string {
    return laneName(laneStop(stop, direction, this.passages), (point) => this.point(point));
  }

  /** `p3`, `p3′`: the same by the point's id. */
  shortStop(stop: string, direction: Direction): string {
    return laneName(laneStop(stop, direction, this.passages), (point) => point);
  }
}
