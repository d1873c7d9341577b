// What correlation works on: the captures' tables side by side, with one number for every frame of all of them.
// A global row is `rowBase[capture] + row`; captures are ordered by file name, so numbers do not depend on the order of reading.
import { type CaptureSummary, type LinkContext, type Point, placeKey } from '../model/capture';
import { type Corrections, NO_CORRECTIONS } from '../model/corrections';
import type { PacketTable } from '../model/packet-table';
import type { TupleTable } from '../model/tuple-table';

export interface CorrelationCapture {
  readonly file: string;
  readonly summary: CaptureSummary;
  readonly table: PacketTable;
  readonly links: readonly LinkContext[];
  /** ns from the analysis' base to the capture's base. */
  readonly baseDelta: number;
  /** Point index by link context. */
  readonly pointOfLink: Uint16Array;
  /** Its points are no interfaces but the first, second … sighting of alike frames (LinkContext.occurrence). */
  readonly interfacesUntold: boolean;
}

export interface CorrelationInput {
  /** ns since 1970: base of all relative times, which may be negative. */
  readonly baseTime: bigint;
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
}

/** Orders captures by file name and finds the points: an interface each, and an ifindex each where the capture is cooked. */
export function buildInput(
  loaded: readonly LoadedCapture[],
  tuples: TupleTable,
  corrections: Corrections = NO_CORRECTIONS,
): CorrelationInput {
  const ordered = [...loaded].sort((a, b) => compareText(a.file, b.file));
  const bases = ordered.map((capture) => BigInt(capture.summary.baseTime));
  const baseTime = chooseBase(bases);
  const points: Omit<Point, 'host'>[] = [];
  const rowBase = new Float64Array(ordered.length + 1);
  const captures = ordered.map((capture, index): CorrelationCapture => {
    rowBase[index + 1] = rowBase[index] + capture.table.rows;
    const found = findPoints(capture, index, points.length);
    points.push(...found.points);
    return {
      ...capture,
      baseDelta: Number(bases[index] - baseTime),
      pointOfLink: found.pointOfLink,
      interfacesUntold: capture.links.some(({ occurrence }) => occurrence > 0),
    };
  });
  return {
    baseTime,
    captures,
    rowBase,
    totalRows: rowBase[ordered.length],
    points,
    tuples,
    corrections,
  };
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

type Place = Pick<LinkContext, 'interface' | 'ifindex' | 'occurrence'> & { frames: number };

function findPoints(
  capture: LoadedCapture,
  captureIndex: number,
  firstPoint: number,
): { points: Omit<Point, 'host'>[]; pointOfLink: Uint16Array } {
  const places = new Map<string, Place>();
  const keys = capture.links.map((link) => {
    const key = placeKey(link);
    if (!places.has(key)) places.set(key, { ...link, frames: 0 });
    return key;
  });
  const framesOfLink = countLinks(capture.table, capture.links.length);
  keys.forEach((key, link) => {
    const place = places.get(key);
    if (place) place.frames += framesOfLink[link];
  });
  const sortedKeys = [...places.keys()].sort(compareText);
  const stem = fileStem(capture.file);
  const points = sortedKeys.map((key, index) => {
    const place = places.get(key)!;
    const interfaceName = capture.summary.interfaces[place.interface]?.name ?? null;
    const owner =
      place.ifindex !== null
        ? `${stem} if${place.ifindex}`
        : capture.summary.interfaces.length > 1
          ? `${stem} ${interfaceName ?? `#${place.interface}`}`
          : stem;
    const name = place.occurrence > 0 ? `${owner} (${place.occurrence + 1})` : owner;
    return {
      id: `p${firstPoint + index + 1}`,
      capture: captureIndex,
      name,
      interface: interfaceName,
      frames: place.frames,
    };
  });
  const pointOfLink = Uint16Array.from(keys, (key) => firstPoint + sortedKeys.indexOf(key));
  return { points, pointOfLink };
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
