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
import { keepRows, pairRows } from './pair-rows';
import { clampDrop, placeEvenly, placeToScale, type RowPlaces } from './place-rows';
import { ROW_FAULT, type RowFacts, readRowFacts } from './row-facts';
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
  /** Its steps are numbered in the picture. */
  readonly finding: Pick<Finding, 'steps'> | null;
  readonly notes: readonly Annotation[];
  readonly timeMode: TimeMode;
  readonly filter?: SceneFilter | null;
  /** Default: ladder. */
  readonly arrangement?: Arrangement;
  /** The window's two connections stand side by side: each is drawn by itself (SceneView.side), lanes and places are of both. */
  readonly isPair?: boolean;
}

/** What the display filter lets through, 1 for each journey of the window; the others are dimmed or not there. */
export interface SceneFilter {
  readonly matches: Uint8Array;
  readonly hides: boolean;
}

export interface SceneLayout extends RowPlaces {
  readonly input: SceneInput;
  readonly plan: LanePlan;
  /** Summary of each of the window's connections, where it is known. */
  readonly summaries: readonly (ConnectionSummary | undefined)[];
  readonly pointIndex: ReadonlyMap<string, number>;
  readonly facts: RowFacts;
  readonly rowCount: number;
  /** Journey of each row, by time; and the row of each journey. */
  readonly order: Uint32Array;
  /** Reference time of the first row, ns after the base. */
  readonly originNs: number;
  /** What times are counted from where they are written: the first row, or the connections' beginning where rows before are left out. */
  readonly zeroNs: number;
  /** Of each of the window's connections by direction: the fullest journey, what its way looks like, a reply not restored before all others; −1 without one. */
  readonly exemplars: { readonly forward: Int32Array; readonly reverse: Int32Array };
  /** Journeys of more than one connection. */
  readonly isMixed: boolean;
  /** By string of the window: 1 where it names a tunnel that packets travel in. */
  readonly isTunnel: Uint8Array;
  /** Numbers of a finding's steps, and notes, by row of the sightings, sorted. */
  readonly steps: readonly Marker[];
  readonly notes: readonly Marker[];
  /** The first journey that each step cites, of each of two connections side by side. */
  readonly firstOfStep: ReadonlyMap<number, readonly number[]>;
  /** Row of each journey where rows are not in the order of time; null: they are. */
  readonly rowOf: Uint32Array | null;
}

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
  const isPair = input.isPair ?? false;
  const shownOnly = filter?.hides ? filter.matches : null;
  const paired = isPair && timeMode === 'events' ? pairRows(window, facts.startNs) : null;
  const pair = paired && shownOnly ? keepRows(paired, shownOnly) : paired;
  const order =
    pair !== null
      ? pair.order
      : shownOnly !== null
        ? inTime.filter((journey) => shownOnly[journey] === 1)
        : inTime;
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
    rowOf: paired === null ? null : invert(paired.order, shownOnly),
    isMixed:
      !isPair &&
      window.journeys.connection
        .subarray(0, window.journeyCount)
        .some((connection, _, all) => connection !== all[0]),
    isTunnel: Uint8Array.from(window.strings, (text) => +(tunnelText(text) !== '')),
    ...markers,
    firstOfStep: findFirstOfSteps(window, markers.steps, facts, isPair),
  };
  return timeMode === 'events'
    ? {
        ...common,
        ...placeEvenly(
          facts,
          order,
          input.arrangement === 'strips',
          pair && { ...pair, side: window.journeys.connection },
        ),
      }
    : { ...common, ...placeToScale(facts, order, timeMode === 'scale') };
}

/** Vertical distance in document px of a sighting below its row's place. */
export const dropOf = (layout: SceneLayout, journey: number, referenceNs: number): number =>
  clampDrop((referenceNs - layout.facts.startNs[journey]) * layout.dropPerNs);

/** Row of a journey; where the filter hides it, the row that comes next (`rowCount` behind the last). */
export function rowOfJourney(layout: SceneLayout, journey: number): number {
  const { order, facts, rowOf } = layout;
  if (rowOf !== null) return rowOf[journey];
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
  isPair: boolean,
): SceneLayout['firstOfStep'] {
  const first = new Map<number, number[]>();
  for (const { sighting, number } of steps) {
    const journey = journeyOfSighting(window, sighting);
    const known = first.get(number) ?? [];
    const { connection } = window.journeys;
    const at = known.findIndex((one) => !isPair || connection[one] === connection[journey]);
    if (at < 0) first.set(number, [...known, journey]);
    else if (startNs[journey] < startNs[known[at]]) known[at] = journey;
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

/** Row of each journey of `order`; of one that `shown` leaves out the row that comes next. */
function invert(order: Uint32Array, shown: Uint8Array | null): Uint32Array {
  const rowOf = new Uint32Array(order.length);
  let row = 0;
  for (const journey of order) {
    rowOf[journey] = row;
    if (shown === null || shown[journey] === 1) row += 1;
  }
  return rowOf;
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
