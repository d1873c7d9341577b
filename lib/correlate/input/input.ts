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
import type { LoadedCapture } from './loaded-capture';
import {
  type CorrectedPlace,
  correctedPlaces,
  findSplits,
  partSuffix,
  placeText,
} from './place-corrections';
import { compareText, findSpans, orderCaptures, type RecordedFile } from './recordings';

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
  /** Its files are one by a correction: they may overlap, and one frame may be in two of them. */
  readonly byHand: boolean;
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

/** Orders captures by file name, joins what is one recording and finds the points: an interface each, and an ifindex each where the capture is cooked. */
export function buildInput(
  loaded: readonly LoadedCapture[],
  tuples: TupleTable,
  corrections: Corrections = NO_CORRECTIONS,
): CorrelationInput {
  const { ordered, recordings } = orderCaptures(loaded, corrections);
  const bases = ordered.map((capture) => BigInt(capture.summary.baseTime));
  const baseTime = chooseBase(bases);
  const baseDeltas = bases.map((base) => Number(base - baseTime));
  const rowBase = new Float64Array(ordered.length + 1);
  for (const [index, { table }] of ordered.entries())
    rowBase[index + 1] = rowBase[index] + table.rows;
  const known = new Set(recordings.flatMap(({ files }) => files.map(({ home }) => home)));
  const points: FoundPoint[] = [];
  const captures = recordings.flatMap(({ lead, files, byHand }): CorrelationCapture[] => {
    const placesOf = files.map(({ capture, home }) =>
      correctedPlaces(capture.links, corrections, home, known),
    );
    const united = uniteLinks(files, placesOf);
    const found = findPoints(files, united, lead, points.length);
    points.push(...found.points);
    const { links, leadLinks } = united;
    const interfacesUntold = links.some(({ occurrence }) => occurrence > 0);
    return files.map(({ capture }, place) => ({
      ...capture,
      links: place === 0 ? links : capture.links,
      baseDelta: baseDeltas[lead + place],
      pointOfLink: leadLinks[place].map((link) => found.pointOfLink[link]),
      interfacesUntold,
      lead,
      leadLink: leadLinks[place],
      members: place === 0 ? files.map((_, other) => lead + other) : [],
      byHand,
      spans: place === 0 ? findSpans(files, baseDeltas.slice(lead)) : [],
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

/** What the frames of a recording share: the first file's link contexts, then those that later files have besides. */
interface UnitedLinks {
  readonly links: readonly LinkContext[];
  /** By link context. */
  readonly places: readonly CorrectedPlace[];
  /** By file: each of its link contexts' number in `links`. */
  readonly leadLinks: readonly Uint16Array[];
}

function uniteLinks(
  files: readonly RecordedFile[],
  placesOf: readonly (readonly CorrectedPlace[])[],
): UnitedLinks {
  const [{ capture: first }] = files;
  const own = Uint16Array.from(first.links.keys());
  if (files.length === 1) return { links: first.links, places: placesOf[0], leadLinks: [own] };
  const links = [...first.links];
  const places = [...placesOf[0]];
  const keyOf = (link: LinkContext, place: CorrectedPlace): string =>
    `${placeText(place)}\n${JSON.stringify(link)}`;
  const numbers = new Map(links.map((link, index) => [keyOf(link, places[index]), index]));
  const leadLinks = files.map(({ capture: { links: theirs, summary } }, file) =>
    file === 0
      ? own
      : Uint16Array.from(theirs, (their, index) => {
          const place = placesOf[file][index];
          const link = asOfFirst(their, summary, first.summary);
          const key = keyOf(link, place);
          let number = numbers.get(key);
          if (number === undefined) {
            // Beyond what the column counts, MACs are not told apart any more: the interface still is.
            number =
              links.length < MOST_LINKS
                ? links.push(link) - 1
                : places.findIndex((other) => placeText(other) === placeText(place));
            if (number === places.length) places.push(place);
            numbers.set(key, number);
          }
          return Math.max(0, number);
        }),
  );
  return { links, places, leadLinks };
}

/** A link context with an interface of the first file's that is of its kind: interfaces are looked up there. */
function asOfFirst(
  link: LinkContext,
  { interfaces }: CaptureSummary,
  first: CaptureSummary,
): LinkContext {
  const { linkType } = interfaces[link.interface];
  if (first.interfaces[link.interface]?.linkType === linkType) return link;
  const alike = first.interfaces.findIndex((one) => one.linkType === linkType);
  return { ...link, interface: Math.max(0, alike) };
}

/** Values of the `link` column. */
const MOST_LINKS = 65_536;

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

/** Of more places than a capture may have points, all further ones are one. */
function withinLimit(keys: readonly string[]): readonly string[] {
  const places = [...new Set(keys)].sort(compareText);
  if (places.length <= MOST_POINTS) return keys;
  const further = new Set(places.slice(MOST_POINTS));
  return keys.map((key) => (further.has(key) ? places[MOST_POINTS - 1] : key));
}

type FoundPoint = Omit<Point, 'host'>;

function findPoints(
  files: readonly RecordedFile[],
  { links, places, leadLinks }: UnitedLinks,
  captureIndex: number,
  firstPoint: number,
): { points: FoundPoint[]; pointOfLink: Uint16Array } {
  const keys = withinLimit(places.map(placeText));
  const framesOf = new Map<string, number>();
  files.forEach(({ capture }, member) => {
    const framesOfLink = countLinks(capture.table, capture.links.length);
    leadLinks[member].forEach((lead, link) => {
      framesOf.set(keys[lead], (framesOf.get(keys[lead]) ?? 0) + framesOfLink[link]);
    });
  });
  const splitsOfPlace = findSplits(links, keys);
  const sortedKeys = [...new Set(keys)].sort(compareText);
  const own = ownLinks(files, leadLinks, keys, places);
  const points = sortedKeys.map((text, index) => {
    const place = places.find((one) => placeText(one) === text)!;
    const { link, file } = own.get(text)!;
    const { interfaceNames, summary } = file.capture;
    const { interfaces } = summary;
    const named = link.ifindex === null ? undefined : interfaceNames?.get(link.ifindex);
    const interfaceName = named ?? interfaces[link.interface]?.name ?? null;
    const owner =
      link.ifindex !== null
        ? `${file.name} ${named ?? `if${link.ifindex}`}`
        : interfaces.length > 1
          ? `${file.name} ${interfaceName ?? `#${link.interface}`}`
          : file.name;
    const numbered = link.occurrence > 0 ? `${owner} (${link.occurrence + 1})` : owner;
    const splits = splitsOfPlace.get(text);
    return {
      id: `p${firstPoint + index + 1}`,
      capture: captureIndex,
      name: numbered + partSuffix(place.key),
      interface: interfaceName,
      frames: framesOf.get(text) ?? 0,
      place,
      ...(splits === undefined ? {} : { splits }),
    };
  });
  const indexOfKey = new Map(sortedKeys.map((key, index) => [key, firstPoint + index]));
  const pointOfLink = Uint16Array.from(keys, (key) => indexOfKey.get(key)!);
  return { points, pointOfLink };
}

/** By place: a link context of it, with its file; of one whose own place it is, where several were merged into it. */
function ownLinks(
  files: readonly RecordedFile[],
  leadLinks: readonly Uint16Array[],
  keys: readonly string[],
  places: readonly CorrectedPlace[],
): ReadonlyMap<string, { readonly link: LinkContext; readonly file: RecordedFile }> {
  const found = new Map<string, { link: LinkContext; file: RecordedFile; fits: number }>();
  for (const [member, file] of files.entries())
    for (const [index, lead] of leadLinks[member].entries()) {
      const { capture, key } = places[lead];
      const link = file.capture.links[index];
      const isOwn = placeText(places[lead]) === keys[lead] && key.startsWith(placeKey(link));
      const fits = (file.home === capture ? 2 : 0) + (isOwn ? 1 : 0);
      if (fits > (found.get(keys[lead])?.fits ?? -1)) found.set(keys[lead], { link, file, fits });
    }
  return found;
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

/** What the files of a capture are called in a sentence: `x.pcap0 … x.pcap4 (5 files)`. */
export function captureName({ captures }: CorrelationInput, lead: number): string {
  const base = (index: number): string => captures[index].file.replace(/^.*[\\/]/, '');
  const { members } = captures[lead];
  return members.length < 2
    ? base(lead)
    : `${base(members[0])} … ${base(members[members.length - 1])} (${members.length} files)`;
}
