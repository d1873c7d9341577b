// The swimlane's layout: built once for its input, apart from pan and zoom. 300,000 journeys are columns here, not objects.
// A row is a journey. Its place `y` is in px of the document (even spacing) or in ns after the first row (to scale).
import { upperBound } from '../base/bisect';
import type { Point } from '../model/capture';
import type { ConnectionSummary, HopSummary } from '../model/connection';
import type { Finding } from '../model/finding';
import type { JourneyWindow } from '../model/journey-window';
import { journeyOfSighting } from '../model/rewrites';
import type { Annotation, LaneSettings } from '../model/snapshot';
import { buildLanes, type LanePlan } from './lanes';
import { type Marker, readMarkers } from './markers';
import { ROW_BADGE, ROW_FAULT, type RowFacts, readRowFacts } from './row-facts';
import { tunnelText } from './tunnel-text';

/** `events`: a row a packet, silences folded; `scale`: time to scale, silences folded; `absolute`: time to scale all through. */
export type TimeMode = 'events' | 'scale' | 'absolute';

/** `ladder`: points as columns, time down; `strips`: a row a point, time to the right. */
export type Arrangement = 'ladder' | 'strips';

export interface SceneInput {
  readonly window: JourneyWindow;
  readonly points: readonly Point[];
  readonly connections: readonly ConnectionSummary[];
  readonly hops: readonly HopSummary[];
  readonly lanes: LaneSettings;
  readonly finding: Finding | null;
  readonly notes: readonly Annotation[];
  readonly timeMode: TimeMode;
  readonly filter?: SceneFilter | null;
  /** Default: ladder. */
  readonly arrangement?: Arrangement;
}

/** What the display filter lets through, 1 for each journey of the window; the others are dimmed or not there. */
export interface SceneFilter {
  readonly matches: Uint8Array;
  readonly hides: boolean;
}

export interface SceneLayout {
  readonly input: SceneInput;
  readonly plan: LanePlan;
  /** Summary of each of the window's connections, where it is known. */
  readonly summaries: readonly (ConnectionSummary | undefined)[];
  readonly pointIndex: ReadonlyMap<string, number>;
  readonly facts: RowFacts;
  readonly rowCount: number;
  /** Journey of each row, by time; and the row of each journey. */
  readonly order: Uint32Array;
  /** Sorted. */
  readonly y: Float64Array;
  /** Reference time of the first row, ns after the base. */
  readonly originNs: number;
  /** What times are counted from where they are written: the first row, or the connections' beginning where rows before are left out. */
  readonly zeroNs: number;
  /** Document px for a ns of latency within a row; used in even spacing alone. */
  readonly dropPerNs: number;
  /** Longest journey: how far above the view a row may begin that still reaches into it, in units of `y`. */
  readonly reach: number;
  /** Length of the document in units of `y`. */
  readonly length: number;
  /** Silences folded away: before row `gapRow[i]`, its strip's middle at `gapY[i]`, `gapNs[i]` long. */
  readonly gapRow: Uint32Array;
  readonly gapY: Float64Array;
  readonly gapNs: Float64Array;
  /** To scale: how much of each folded silence is left, ns; 0 where none is folded. */
  readonly foldNs: number;
  /** Of each of the window's connections by direction: the fullest journey, what its way looks like, a reply not restored before all others; −1 without one. */
  readonly exemplars: { readonly forward: Int32Array; readonly reverse: Int32Array };
  /** Journeys of more than one connection. */
  readonly isMixed: boolean;
  /** By string of the window: 1 where it names a tunnel that packets travel in. */
  readonly isTunnel: Uint8Array;
  /** Numbers of a finding's steps, and notes, by row of the sightings, sorted. */
  readonly steps: readonly Marker[];
  readonly notes: readonly Marker[];
  /** The first journey that each step cites. */
  readonly firstOfStep: ReadonlyMap<number, number>;
}

/** Distances of even spacing, document px at zoom 1. */
export const ROW_PX = 22;
export const BADGE_PX = 27;
const TOP_PX = 22;
const BOTTOM_PX = 36;
const GAP_PX = 26;
/** The same in strips, where texts lie along the time. */
const STRIP_ROW_PX = 26;
const STRIP_BADGE_PX = 96;
/** The latency of most journeys drops the line by this much; slower ones by at most MOST_DROP_PX. */
const TYPICAL_DROP_PX = 11;
const MOST_DROP_PX = 16;
const LEAST_DROP_PX = -3;
/** A silence folds when it is this long and stands out from the time between packets. */
const LEAST_GAP_NS = 20e6;
const ALWAYS_GAP_NS = 200e6;
const GAP_TIMES_MEDIAN = 20;

export function buildLayout(input: SceneInput): SceneLayout {
  const { window, points, connections, hops, lanes, finding, notes, timeMode } = input;
  const filter = input.filter ?? null;
  const pointIndex = new Map(points.map((point, index) => [point.id, index]));
  const byId = new Map(connections.map((connection) => [connection.id, connection]));
  const summaries = window.connections.map((id) => byId.get(id));
  const shown = summaries.filter((summary) => summary !== undefined);
  const plan = buildLanes(window, points, shown, hops, lanes);
  const facts = readRowFacts(window, plan, summaries, pointIndex, filter?.matches ?? null);
  const inTime = orderByTime(facts.startNs);
  const order = filter?.hides ? inTime.filter((journey) => filter.matches[journey] === 1) : inTime;
  const markers = readMarkers(window, finding, notes);
  const originNs = order.length === 0 ? 0 : facts.startNs[order[0]];
  const common = {
    input,
    plan,
    summaries,
    pointIndex,
    facts,
    rowCount: order.length,
    order,
    originNs,
    zeroNs:
      (window.omittedBefore ?? 0) > 0
        ? shown.reduce((least, { firstTime }) => Math.min(least, firstTime), originNs)
        : originNs,
    exemplars: {
      forward: findExemplars(window, facts, 0),
      reverse: findExemplars(window, facts, 1),
    },
    isMixed: window.journeys.connection
      .subarray(0, window.journeyCount)
      .some((connection, _, all) => connection !== all[0]),
    isTunnel: Uint8Array.from(window.strings, (text) => +(tunnelText(text) !== '')),
    ...markers,
    firstOfStep: findFirstOfSteps(window, markers.steps, facts),
  };
  return timeMode === 'events'
    ? { ...common, ...placeEvenly(facts, order, input.arrangement ?? 'ladder') }
    : { ...common, ...placeToScale(facts, order, timeMode === 'scale') };
}

/** Vertical distance in document px of a sighting below its row's place. */
export const dropOf = (layout: SceneLayout, journey: number, referenceNs: number): number =>
  clampDrop((referenceNs - layout.facts.startNs[journey]) * layout.dropPerNs);

const clampDrop = (drop: number): number => Math.min(MOST_DROP_PX, Math.max(LEAST_DROP_PX, drop));

/** Row of a journey; where the filter hides it, the row that comes next (`rowCount` behind the last). */
export function rowOfJourney(layout: SceneLayout, journey: number): number {
  const { order, facts } = layout;
  if (order[journey] === journey) return journey;
  const time = facts.startNs[journey];
  let low = 0;
  let high = order.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const other = order[middle];
    if (facts.startNs[other] < time || (facts.startNs[other] === time && other < journey))
      low = middle + 1;
    else high = middle;
  }
  return low;
}

/** First row at or after a time, ns after the base. */
export function rowAtTime(layout: SceneLayout, timeNs: number): number {
  let low = 0;
  let high = layout.rowCount;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (layout.facts.startNs[layout.order[middle]] < timeNs) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Reference time at a place of the document, ns after the base: between rows by the row before. */
export function timeAt(layout: SceneLayout, y: number): number {
  if (layout.input.timeMode !== 'events') return layout.originNs + y + foldedBefore(layout, y);
  const row = Math.max(0, upperBound(layout.y, y) - 1);
  return layout.rowCount === 0 ? 0 : layout.facts.startNs[layout.order[row]];
}

/** Place of the document of a time, ns after the base; within a folded silence its strip's end. */
export function placeOfTime(layout: SceneLayout, timeNs: number): number {
  const at = timeNs - layout.originNs;
  let folded = 0;
  for (let gap = 0; gap < layout.gapY.length; gap++) {
    const end = layout.gapY[gap] + layout.foldNs / 2;
    const cut = layout.gapNs[gap] - layout.foldNs;
    if (at - folded - cut < end - layout.foldNs) break;
    folded += cut;
  }
  return at - folded;
}

/** Time that is folded away above a place, ns: a fold counts from its strip's end. */
function foldedBefore({ gapY, gapNs, foldNs }: SceneLayout, y: number): number {
  let folded = 0;
  for (let gap = 0; gap < gapY.length && gapY[gap] + foldNs / 2 <= y; gap++)
    folded += gapNs[gap] - foldNs;
  return folded;
}

function findFirstOfSteps(
  window: JourneyWindow,
  steps: readonly Marker[],
  { startNs }: RowFacts,
): ReadonlyMap<number, number> {
  const first = new Map<number, number>();
  for (const { sighting, number } of steps) {
    const journey = journeyOfSighting(window, sighting);
    const known = first.get(number);
    if (known === undefined || startNs[journey] < startNs[known]) first.set(number, journey);
  }
  return first;
}

function findExemplars(
  { connections, journeyCount, journeys }: JourneyWindow,
  { bits }: RowFacts,
  direction: 0 | 1,
): Int32Array {
  const exemplars = new Int32Array(connections.length).fill(-1);
  const weightOf = (journey: number): number =>
    journeys.sightingCount[journey] + (bits[journey] & ROW_FAULT ? 1000 : 0);
  for (let journey = 0; journey < journeyCount; journey++) {
    if (journeys.direction[journey] !== direction) continue;
    const connection = journeys.connection[journey];
    const known = exemplars[connection];
    if (known < 0 || weightOf(journey) > weightOf(known)) exemplars[connection] = journey;
  }
  return exemplars;
}

function orderByTime(startNs: Float64Array): Uint32Array {
  const order = new Uint32Array(startNs.length);
  let sorted = true;
  for (let i = 0; i < order.length; i++) {
    order[i] = i;
    if (i > 0 && startNs[i] < startNs[i - 1]) sorted = false;
  }
  return sorted ? order : order.sort((a, b) => startNs[a] - startNs[b] || a - b);
}

type Placement = Pick<
  SceneLayout,
  'y' | 'dropPerNs' | 'reach' | 'length' | 'gapRow' | 'gapY' | 'gapNs' | 'foldNs'
>;

function placeEvenly(facts: RowFacts, order: Uint32Array, arrangement: Arrangement): Placement {
  const { startNs, endNs, bits } = facts;
  const dropPerNs =
    TYPICAL_DROP_PX /
    Math.max(
      1,
      sampleQuantile(order.length, 0.95, (row) => endNs[order[row]] - startNs[order[row]]),
    );
  const medianGap = sampleQuantile(
    Math.max(0, order.length - 1),
    0.5,
    (row) => startNs[order[row + 1]] - startNs[order[row]],
  );
  const y = new Float64Array(order.length);
  const gapRow: number[] = [];
  const gapY: number[] = [];
  const gapNs: number[] = [];
  const [rowPx, badgePx, gapPx] =
    arrangement === 'ladder' ? [ROW_PX, BADGE_PX, GAP_PX] : [STRIP_ROW_PX, STRIP_BADGE_PX, 44];
  let at = TOP_PX;
  for (let row = 0; row < order.length; row++) {
    const journey = order[row];
    const silence = row === 0 ? 0 : startNs[journey] - startNs[order[row - 1]];
    if (
      silence >= ALWAYS_GAP_NS ||
      (silence >= LEAST_GAP_NS && silence >= GAP_TIMES_MEDIAN * medianGap)
    ) {
      gapRow.push(row);
      gapY.push(at + gapPx / 2 - rowPx / 2);
      gapNs.push(silence);
      at += gapPx;
    }
    const drop = clampDrop((endNs[journey] - startNs[journey]) * dropPerNs);
    const badge = bits[journey] & ROW_BADGE ? badgePx : 0;
    const fault = bits[journey] & ROW_FAULT ? badgePx : 0;
    // With a fault below, the translation that did happen stands above the line.
    if (fault > 0 && arrangement === 'ladder') at += badge;
    y[row] = at;
    at += rowPx + Math.max(0, drop) + (fault > 0 ? fault : badge);
  }
  return {
    y,
    dropPerNs,
    reach: MOST_DROP_PX + rowPx + 2 * badgePx,
    length: at + BOTTOM_PX,
    gapRow: Uint32Array.from(gapRow),
    gapY: Float64Array.from(gapY),
    gapNs: Float64Array.from(gapNs),
    foldNs: 0,
  };
}

function placeToScale(facts: RowFacts, order: Uint32Array, folds: boolean): Placement {
  const { startNs, endNs } = facts;
  const { gapRow, gapNs, foldNs } = folds ? findFolds(facts, order) : NO_FOLDS;
  const y = new Float64Array(order.length);
  const gapY = new Float64Array(gapRow.length);
  const origin = order.length === 0 ? 0 : startNs[order[0]];
  let reach = 0;
  let length = 0;
  let folded = 0;
  let gap = 0;
  for (let row = 0; row < order.length; row++) {
    const journey = order[row];
    if (gapRow[gap] === row) {
      folded += gapNs[gap] - foldNs;
      gapY[gap] = startNs[journey] - origin - folded - foldNs / 2;
      gap++;
    }
    y[row] = startNs[journey] - origin - folded;
    reach = Math.max(reach, endNs[journey] - startNs[journey]);
    length = Math.max(length, endNs[journey] - origin - folded);
  }
  return {
    y,
    dropPerNs: 1,
    reach,
    length: Math.max(1, length),
    gapRow: Uint32Array.from(gapRow),
    gapY,
    gapNs: Float64Array.from(gapNs),
    foldNs,
  };
}

interface Folds {
  readonly gapRow: readonly number[];
  readonly gapNs: readonly number[];
  readonly foldNs: number;
}
const NO_FOLDS: Folds = { gapRow: [], gapNs: [], foldNs: 0 };

/** A silence to scale folds when it takes this share of all the time: shorter ones can be seen as they are. */
const LEAST_FOLD_SHARE = 0.04;
/** All folds together take this share of what is left of the time, and no fold more than the most. */
const FOLDS_SHARE = 0.5;
const MOST_FOLD_SHARE = 0.06;

/** Silences, in which no packet is on its way, that are long beside the whole. What is left of each is the same. */
function findFolds({ startNs, endNs }: RowFacts, order: Uint32Array): Folds {
  if (order.length === 0) return NO_FOLDS;
  const origin = startNs[order[0]];
  let last = origin;
  for (const journey of order) last = Math.max(last, endNs[journey]);
  const least = LEAST_FOLD_SHARE * (last - origin);
  const gapRow: number[] = [];
  const gapNs: number[] = [];
  let busyTo = origin;
  let left = last - origin;
  order.forEach((journey, row) => {
    const silence = startNs[journey] - busyTo;
    if (silence > 0 && silence >= least) {
      gapRow.push(row);
      gapNs.push(silence);
      left -= silence;
    }
    busyTo = Math.max(busyTo, endNs[journey]);
  });
  if (gapRow.length === 0) return NO_FOLDS;
  const share = Math.min(MOST_FOLD_SHARE, FOLDS_SHARE / gapRow.length);
  // Where all of it was silence, the folds are all there is to see.
  const foldNs = Math.min(least, Math.max(1, left, 1e-6 * (last - origin)) * share);
  return { gapRow, gapNs, foldNs };
}

/** Quantile of at most 2048 evenly picked values; 0 without values. */
function sampleQuantile(count: number, quantile: number, value: (index: number) => number): number {
  if (count === 0) return 0;
  const picked = Math.min(count, 2048);
  const values = Float64Array.from({ length: picked }, (_, i) =>
    value(Math.floor((i * count) / picked)),
  ).sort();
  return values[Math.min(picked - 1, Math.floor(quantile * picked))];
}
