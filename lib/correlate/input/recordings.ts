// Which files are one recording: those of a rotated series, and those of which someone said that their points are one. Its files have one clock, and
// stand together in order of time.
import { fileStem } from '../../base/file-name';
import type { Corrections } from '../../model/corrections';
import type { LoadedCapture } from './loaded-capture';
import { findSeries, SILENCE_NS } from './series';

/** A file of a recording. */
export interface RecordedFile {
  readonly capture: LoadedCapture;
  /** What its points are called after: its own name, or what those of its series have in common. */
  readonly name: string;
  /** Fingerprint by which corrections name its places: that of its series' first file. */
  readonly home: string;
  /** Nothing is absent between the file before and it. */
  readonly goesOn: boolean;
}

export interface Recording {
  /** Index of its first file among the ordered ones. */
  readonly lead: number;
  readonly files: readonly RecordedFile[];
  /** Files that are one by a correction: their spans may overlap, and one frame may be in two of them. */
  readonly byHand: boolean;
}

interface Ordered {
  readonly ordered: readonly LoadedCapture[];
  readonly recordings: readonly Recording[];
}

/** Orders captures by file name and joins what is one recording; it stands where the first of its files does. */
export function orderCaptures(loaded: readonly LoadedCapture[], corrections: Corrections): Ordered {
  const byName = [...loaded].sort((a, b) => compareText(a.file, b.file));
  const found = joinSeries(byName);
  const ordered: LoadedCapture[] = [];
  const recordings = joinByHand(found, corrections).map(({ files, byHand }) => {
    const lead = ordered.length;
    ordered.push(...files.map(({ capture }) => capture));
    return { lead, files, byHand };
  });
  return { ordered, recordings };
}

type Files = Omit<Recording, 'lead'>;

function joinSeries(byName: readonly LoadedCapture[]): readonly Files[] {
  const first = new Map<number, Files>();
  const later = new Set<number>();
  for (const { members, name, goesOn } of findSeries(byName)) {
    const home = byName[members[0]].summary.fingerprint;
    const files = members.map((member, place) => ({
      capture: byName[member],
      name,
      home,
      goesOn: goesOn[place],
    }));
    const [leader, ...rest] = [...members].sort((a, b) => a - b);
    first.set(leader, { files, byHand: false });
    for (const member of rest) later.add(member);
  }
  return byName.flatMap((capture, index) => {
    if (later.has(index)) return [];
    const { fingerprint: home } = capture.summary;
    const alone = { capture, name: fileStem(capture.file), home, goesOn: true };
    return [first.get(index) ?? { files: [alone], byHand: false }];
  });
}

/** Joins recordings of which a place of one was merged into a place of another. */
function joinByHand(found: readonly Files[], { points }: Corrections): readonly Files[] {
  const group = found.map((_, index) => index);
  const indexOf = (fingerprint: string): number =>
    found.findIndex(({ files }) => files[0].home === fingerprint);
  for (const correction of points) {
    if (correction.kind !== 'merge' || correction.intoCapture === undefined) continue;
    const [a, b] = [indexOf(correction.capture), indexOf(correction.intoCapture)];
    if (a < 0 || b < 0 || group[a] === group[b]) continue;
    const [low, high] = [Math.min(group[a], group[b]), Math.max(group[a], group[b])];
    group.forEach((one, index) => {
      if (one === high) group[index] = low;
    });
  }
  return found.flatMap((alone, index): Files[] => {
    if (group[index] !== index) return [];
    const joined = found.filter((_, other) => group[other] === index);
    return [joined.length === 1 ? alone : { files: inOrderOfTime(joined), byHand: true }];
  });
}

function inOrderOfTime(joined: readonly Files[]): readonly RecordedFile[] {
  const files = joined
    .flatMap((one) => one.files)
    .map((file) => ({ file, ...spanOf(file.capture) }))
    .sort((a, b) => (a.from < b.from ? -1 : a.from > b.from ? 1 : 0));
  let last: bigint | undefined;
  return files.map(({ file, from, to }, place) => {
    const before = files[place - 1]?.file;
    // Of files of one series their names tell; of others the silence between them.
    const goesOn =
      before === undefined || last === undefined
        ? true
        : before.home === file.home
          ? file.goesOn
          : from - last <= SILENCE_NS;
    if (last === undefined || to > last) last = to;
    return { ...file, goesOn };
  });
}

/** ns since 1970, by its own clock; of an empty file its base. */
function spanOf({ summary }: LoadedCapture): { readonly from: bigint; readonly to: bigint } {
  const base = BigInt(summary.baseTime);
  const at = (time: number | null): bigint => base + BigInt(Math.round(time ?? 0));
  return { from: at(summary.firstTime), to: at(summary.lastTime) };
}

/** When a recording ran, ns after the analysis' base: a span for each stretch without an absent file. */
export function findSpans(
  files: readonly RecordedFile[],
  baseDeltas: readonly number[],
): readonly (readonly [number, number])[] {
  const spans: [number, number][] = [];
  files.forEach(({ capture: { summary }, goesOn }, place) => {
    const from = (summary.firstTime ?? 0) + baseDeltas[place];
    const to = (summary.lastTime ?? 0) + baseDeltas[place];
    const before = spans[spans.length - 1];
    if (before !== undefined && goesOn) before[1] = Math.max(before[1], to);
    else spans.push([from, to]);
  });
  return spans;
}

export const compareText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
