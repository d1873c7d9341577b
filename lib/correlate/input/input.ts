// What correlation works on: the captures' tables side by side, with one number for every frame of all of them.
// A global row is `rowBase[capture] + row`; captures are ordered by file name, so numbers do not depend on the order of reading.
import {
  type CaptureSummary,
  type LinkContext,
  MOST_POINTS,
  type Point,
  placeKey,
} from '../../model/capture';
import { type Corrections, NO_CORRECTIONS } from '../../model/corrections';
import type { PacketTable } from '../../model/packet-table';
import type { TupleTable } from '../../model/tuple-table';
import { correctedPlaces, findSplits, partSuffix } from './place-corrections';
import { findSeries, type Series } from './series';

export interface CorrelationCapture {
  readonly file: string;
  readonly summary: CaptureSummary;
  readonly table: PacketTable;
  /** Its own; of a series' first file those of the later ones besides. */
  readonly links: readonly LinkContext[];
  /** ns from the analysis' base to the capture's base. */
  readonly baseDelta: number;
  /** Point index by link context. */
  readonly pointOfLink: Uint16Array;
  /** Its points are no interfaces but the first, second … sighting of alike frames (LinkContext.occurrence). */
  readonly interfacesUntold: boolean;
  /** Index of the series' first file, by which points, stations and clocks go; its own where it is no later file of a series. */
  readonly lead: number;
  /** The lead's number of each link context. */
  readonly leadLink: Uint16Array;
  /** Files of the series that it leads, in order of time; itself alone where there is none; empty of a later file. */
  readonly members: readonly number[];
  /** When its series ran, ns after the analysis' base by its own clock: a span for each stretch without an absent file, in order. */
  readonly spans: readonly (readonly [number, number])[];
}

export interface CorrelationInput {
  /** ns since 1970: base of all relative times, which may be negative. */
  readonly baseTime: bigint;
  /** In order of file name; files of one series stand together, in order of time. */
  readonly captures: readonly CorrelationCapture[];
  /** Global row of each capture's first frame; one element more than captures. */
  readonly rowBase: Float64Array;
  readonly totalRows: number;
  readonly points: readonly Omit<Point, 'host'>[];
  readonly tuples: TupleTable;
  /** What was corrected by hand. */
  readonly corrections: Corrections;
}

/** A capture as the engine holds it once it is read. */
export interface LoadedCapture {
  readonly file: string;
  readonly summary: CaptureSummary;
  readonly table: PacketTable;
  readonly links: readonly LinkContext[];
  /** Names of a cooked capture's interfaces by ifindex, where evidence tells them. */
  readonly interfaceNames?: ReadonlyMap<number, string>;
}

/** Orders captures by file name, joins rotated series and finds the points: an interface each, and an ifindex each where the capture is cooked. */
export function buildInput(
  loaded: readonly LoadedCapture[],
  tuples: TupleTable,
  corrections: Corrections = NO_CORRECTIONS,
): CorrelationInput {
  const { ordered, recordings } = orderCaptures(loaded);
  const bases = ordered.map((capture) => BigInt(capture.summary.baseTime));
  const baseTime = chooseBase(bases);
  const baseDeltas = bases.map((base) => Number(base - baseTime));
  const rowBase = new Float64Array(ordered.length + 1);
  for (const [index, { table }] of ordered.entries())
    rowBase[index + 1] = rowBase[index] + table.rows;
  const points: FoundPoint[] = [];
  const captures = recordings.flatMap(({ lead, files, name, goesOn }): CorrelationCapture[] => {
    const { links, leadLinks } = uniteLinks(files);
    const found = findPoints(files, links, leadLinks, lead, name, points.length, corrections);
    points.push(...found.points);
    const interfacesUntold = links.some(({ occurrence }) => occurrence > 0);
    return files.map((file, place) => ({
      ...file,
      links: place === 0 ? links : file.links,
      baseDelta: baseDeltas[lead + place],
      pointOfLink: leadLinks[place].map((link) => found.pointOfLink[link]),
      interfacesUntold,
      lead,
      leadLink: leadLinks[place],
      members: place === 0 ? files.map((_, other) => lead + other) : [],
      spans: place === 0 ? findSpans(files, baseDeltas.slice(lead), goesOn) : [],
    }));
  });
  return {
    baseTime,
    captures,
    rowBase,
    totalRows: rowBase[ordered.length],
    points: nameApart(points, ordered),
    tuples,
    corrections,
  };
}

/** One capture: a file, or the files of a series. */
interface Recording {
  /** Index of its first file among the ordered ones. */
  readonly lead: number;
  readonly files: readonly LoadedCapture[];
  readonly name: string;
  readonly goesOn: readonly boolean[];
}

function orderCaptures(loaded: readonly LoadedCapture[]): {
  readonly ordered: readonly LoadedCapture[];
  readonly recordings: readonly Recording[];
} {
  const byName = [...loaded].sort((a, b) => compareText(a.file, b.file));
  const seriesOf = new Map<number, Series>();
  for (const series of findSeries(byName))
    for (const member of series.members) seriesOf.set(member, series);
  const ordered: LoadedCapture[] = [];
  const recordings: Recording[] = [];
  const taken = new Set<Series>();
  byName.forEach((capture, index) => {
    const series = seriesOf.get(index);
    if (series !== undefined && taken.has(series)) return;
    if (series !== undefined) taken.add(series);
    const files = series?.members.map((member) => byName[member]) ?? [capture];
    recordings.push({
      lead: ordered.length,
      files,
      name: series?.name ?? fileStem(capture.file),
      goesOn: series?.goesOn ?? [true],
    });
    ordered.push(...files);
  });
  return { ordered, recordings };
}

/** The first file's link contexts and after them those that later files have besides; each file's numbers in that list. */
function uniteLinks(files: readonly LoadedCapture[]): {
  readonly links: readonly LinkContext[];
  readonly leadLinks: readonly Uint16Array[];
} {
  const [{ links: first }] = files;
  if (files.length === 1) return { links: first, leadLinks: [Uint16Array.from(first.keys())] };
  const links = [...first];
  const numbers = new Map<string, number>();
  first.forEach((link, index) => {
    numbers.set(JSON.stringify(link), index);
  });
  const leadLinks = files.map((file) =>
    Uint16Array.from(file.links, (link) => {
      const key = JSON.stringify(link);
      let number = numbers.get(key);
      if (number === undefined) {
        // Beyond what the column counts, MACs are not told apart any more: the interface still is.
        number =
          links.length < MOST_LINKS
            ? links.push(link) - 1
            : links.findIndex((other) => placeKey(other) === placeKey(link));
        numbers.set(key, number);
      }
      return Math.max(0, number);
    }),
  );
  return { links, leadLinks };
}

/** Values of the `link` column. */
const MOST_LINKS = 65_536;

function findSpans(
  files: readonly LoadedCapture[],
  baseDeltas: readonly number[],
  goesOn: readonly boolean[],
): readonly (readonly [number, number])[] {
  const spans: [number, number][] = [];
  files.forEach(({ summary }, place) => {
    const from = (summary.firstTime ?? 0) + baseDeltas[place];
    const to = (summary.lastTime ?? 0) + baseDeltas[place];
    const before = spans[spans.length - 1];
    if (before !== undefined && goesOn[place]) before[1] = Math.max(before[1], to);
    else spans.push([from, to]);
  });
  return spans;
}

/** Relative times are whole nanoseconds up to 104 days; half of that leaves room on both sides. */
const EXACT_SPAN_NS = 52n * 86_400n * 1_000_000_000n;

/** The first base among those near the middle one: a single clock that is years off must not cost all the others their exactness. */
function chooseBase(bases: readonly bigint[]): bigint {
  const sorted = [...bases].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
  const middle = sorted[sorted.length >> 1] ?? 0n;
  return sorted.find((base) => middle - base <= EXACT_SPAN_NS) ?? middle;
}

/** Capture index of a global row. */
export function captureOfRow(input: CorrelationInput, globalRow: number): number {
  let index = 0;
  while (globalRow >= input.rowBase[index + 1]) index += 1;
  return index;
}

export const compareText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** Of more places than a capture may have points, all further ones are one. */
function withinLimit(keys: readonly string[]): readonly string[] {
  const places = [...new Set(keys)].sort(compareText);
  if (places.length <= MOST_POINTS) return keys;
  const further = new Set(places.slice(MOST_POINTS));
  return keys.map((key) => (further.has(key) ? places[MOST_POINTS - 1] : key));
}

type Place = Pick<LinkContext, 'interface' | 'ifindex' | 'occurrence'> & { frames: number };
type FoundPoint = Omit<Point, 'host'>;

function findPoints(
  files: readonly LoadedCapture[],
  links: readonly LinkContext[],
  leadLinks: readonly Uint16Array[],
  captureIndex: number,
  stem: string,
  firstPoint: number,
  corrections: Corrections,
): { points: FoundPoint[]; pointOfLink: Uint16Array } {
  const places = new Map<string, Place>();
  const keys = withinLimit(correctedPlaces(links, corrections, files[0].summary.fingerprint));
  keys.forEach((key, link) => {
    if (!places.has(key)) places.set(key, { ...links[link], frames: 0 });
  });
  files.forEach((file, member) => {
    const framesOfLink = countLinks(file.table, file.links.length);
    leadLinks[member].forEach((lead, link) => {
      const place = places.get(keys[lead]);
      if (place) place.frames += framesOfLink[link];
    });
  });
  const [{ summary, interfaceNames }] = files;
  const { interfaces } = summary;
  const splitsOfPlace = findSplits(links, keys);
  const sortedKeys = [...places.keys()].sort(compareText);
  const points = sortedKeys.map((key, index) => {
    const place = places.get(key)!;
    const named = place.ifindex === null ? undefined : interfaceNames?.get(place.ifindex);
    const interfaceName = named ?? interfaces[place.interface]?.name ?? null;
    const owner =
      place.ifindex !== null
        ? `${stem} ${named ?? `if${place.ifindex}`}`
        : interfaces.length > 1
          ? `${stem} ${interfaceName ?? `#${place.interface}`}`
          : stem;
    const numbered = place.occurrence > 0 ? `${owner} (${place.occurrence + 1})` : owner;
    const name = numbered + partSuffix(key);
    const splits = splitsOfPlace.get(key);
    return {
      id: `p${firstPoint + index + 1}`,
      capture: captureIndex,
      name,
      interface: interfaceName,
      frames: place.frames,
      place: { capture: summary.fingerprint, key },
      ...(splits === undefined ? {} : { splits }),
    };
  });
  const indexOfKey = new Map(sortedKeys.map((key, index) => [key, firstPoint + index]));
  const pointOfLink = Uint16Array.from(keys, (key) => indexOfKey.get(key)!);
  return { points, pointOfLink };
}

/** Points of one name are told apart by the folders of their files, by the files' endings where these are equal, too, and by number in the end. */
function nameApart(
  points: readonly FoundPoint[],
  ordered: readonly LoadedCapture[],
): readonly FoundPoint[] {
  const ways: readonly ((point: FoundPoint, alike: readonly FoundPoint[]) => string)[] = [
    (point, alike) =>
      `${folderApart(
        ordered[point.capture].file,
        alike.map(({ capture }) => ordered[capture].file),
      )}${point.name}`,
    (point) => `${point.name} (${ordered[point.capture].file.replace(/^.*[\\/]/, '')})`,
    (point, alike) => `${point.name} (${alike.indexOf(point) + 1})`,
  ];
  let named = points;
  for (const way of ways) {
    const alike = new Map<string, FoundPoint[]>();
    for (const point of named) alike.set(point.name, [...(alike.get(point.name) ?? []), point]);
    named = named.map((point) => {
      const same = alike.get(point.name) ?? [];
      return same.length < 2 ? point : { ...point, name: way(point, same) };
    });
  }
  return named;
}

/** As much of a file's folder as tells it from the others: `node1/`; empty where folders do not. */
function folderApart(file: string, others: readonly string[]): string {
  const foldersOf = (path: string): readonly string[] => path.split(/[\\/]/).slice(0, -1);
  const all = others.map(foldersOf);
  const own = foldersOf(file);
  for (let depth = 1; depth <= own.length; depth += 1) {
    const tail = own.slice(-depth).join('/');
    if (all.filter((folders) => folders.slice(-depth).join('/') === tail).length === 1)
      return `${tail}/`;
  }
  return '';
}

function countLinks(table: PacketTable, links: number): Float64Array {
  const counts = new Float64Array(links);
  for (let block = 0; block < table.blockCount; block += 1) {
    const { link } = table.blockColumns(block);
    const rows = table.blockRows(block);
    for (let i = 0; i < rows; i += 1) counts[link[i]] += 1;
  }
  return counts;
}

/** `cpe-eth0` of `case/cpe-eth0.pcap.gz`. */
const fileStem = (file: string): string =>
  file
    .replace(/^.*[\\/]/, '')
    .replace(/\.(gz|zst|xz)$/i, '')
    .replace(/\.(pcapng|pcap|cap|ntar)$/i, '');

/** What the files of a capture are called in a sentence: `x.pcap0 … x.pcap4 (5 files)`. */
export function captureName({ captures }: CorrelationInput, lead: number): string {
  const base = (index: number): string => captures[index].file.replace(/^.*[\\/]/, '');
  const { members } = captures[lead];
  return members.length < 2
    ? base(lead)
    : `${base(members[0])} … ${base(members[members.length - 1])} (${members.length} files)`;
}
