// Which lanes there are, in which order, and which lane a sighting stands on: one lane a stop of the forward way.
// A reply passes the same lanes from the other end, so its first passage of a point is the forward way's last.

import type { Point } from '../model/capture';
import type { ConnectionSummary, HopSummary } from '../model/connection';
import type { JourneyWindow } from '../model/journey-window';
import type { LaneSettings } from '../model/snapshot';
import { formatStop, pointOfStop } from '../model/stop';
import { describePoint } from './point-name';

/** More passages of one packet through one point share the last lane. */
const MAX_PASSAGES = 8;
/** Points that saw nothing of these journeys are drawn while there are no more lanes than this. */
const IDLE_LANES_UP_TO = 8;
/** Width of the hop between two passages of one point, other hops being 1. */
const PASSAGE_HOP = 0.6;

export interface Lane {
  /** Stop: `p3`, `p3/2`. */
  readonly id: string;
  readonly point: number;
  readonly pointId: string;
  /** 1 for the first lane of a point. */
  readonly passage: number;
  readonly name: string;
  /** Where the point is: `pod cpe`, `node`; where its name does not tell, who it is by its traffic, if that does. */
  readonly role: string;
  /** Who the point is by its traffic, and what says so; empty where it does not tell. */
  readonly grounds: readonly string[];
  /** Distance from the first lane in hops. */
  readonly at: number;
  /** No sighting of these journeys. */
  readonly idle: boolean;
}

export interface LanePlan {
  readonly lanes: readonly Lane[];
  /** Points hidden by hand that would have lanes. */
  readonly hidden: readonly Lane[];
  /** Lane of a sighting; −1 where its lane is hidden. `direction` 0 forward, 1 reverse. */
  laneOf(direction: number, point: number, passage: number): number;
  /** Lane of a stop such as `p3/2` of a direction's way; −1. */
  laneOfStop(direction: number, stop: string): number;
}

/** What of the journeys' sightings decides the lanes: greatest passage by point and direction. */
interface Passages {
  readonly forward: Uint8Array;
  readonly reverse: Uint8Array;
  /** By point × stride + passage, as string indices: where the first forward sighting there goes, and where the first reverse one comes from. */
  readonly forwardServer: Uint32Array;
  readonly reverseServer: Uint32Array;
}

const STRIDE = MAX_PASSAGES + 1;

export function buildLanes(
  window: JourneyWindow,
  points: readonly Point[],
  connections: readonly ConnectionSummary[],
  hops: readonly HopSummary[],
  settings: LaneSettings,
): LanePlan {
  const passages = readPassages(window, points.length);
  const pointIndex = new Map(points.map((point, index) => [point.id, index]));
  for (const connection of connections) {
    countStops(connection.forwardStops, pointIndex, passages.forward);
    countStops(connection.reverseStops, pointIndex, passages.reverse);
  }
  const stops = orderStops(points, pointIndex, passages, connections, hops);
  const rank = new Map(settings.order.map((id, index) => [id, index]));
  const ranked = stops
    .map((stop, index) => ({ stop, index }))
    .sort((a, b) => rankOf(a) - rankOf(b) || a.index - b.index);
  function rankOf({ stop }: { stop: ParsedStop }): number {
    return rank.get(points[stop.point].id) ?? rank.size;
  }

  const hiddenIds = new Set(settings.hidden);
  const lanes: Lane[] = [];
  const hidden: Lane[] = [];
  for (const { stop } of ranked) {
    const point = points[stop.point];
    const described = describePoint(point, points);
    const given = settings.names[point.id];
    const isHidden = hiddenIds.has(point.id);
    const before = lanes.at(-1);
    const lane: Lane = {
      id: formatStop(point.id, stop.passage),
      point: stop.point,
      pointId: point.id,
      passage: stop.passage,
      name: (given ?? described.name) + '′'.repeat(stop.passage - 1),
      role: described.role || (point.role?.text ?? ''),
      grounds: point.role ? [`By its traffic: ${point.role.text}.`, ...point.role.grounds] : [],
      at: before ? before.at + (before.point === stop.point ? PASSAGE_HOP : 1) : 0,
      idle: passages.forward[stop.point] === 0 && passages.reverse[stop.point] === 0,
    };
    (isHidden ? hidden : lanes).push(lane);
  }
  return { lanes, hidden, ...laneTables(lanes, points.length, pointIndex, passages) };
}

interface ParsedStop {
  readonly point: number;
  readonly passage: number;
}

function parseStop(text: string, pointIndex: ReadonlyMap<string, number>): ParsedStop | null {
  const [id, passage] = text.split('/');
  const point = pointIndex.get(id);
  return point === undefined
    ? null
    : { point, passage: Math.min(MAX_PASSAGES, Number(passage ?? 1)) };
}

function countStops(
  stops: readonly string[],
  pointIndex: ReadonlyMap<string, number>,
  passages: Uint8Array,
): void {
  for (const text of stops) {
    const stop = parseStop(text, pointIndex);
    if (stop) passages[stop.point] = Math.max(passages[stop.point], stop.passage);
  }
}

function readPassages(window: JourneyWindow, pointCount: number): Passages {
  const { journeys, sightings } = window;
  const forward = new Uint8Array(pointCount);
  const reverse = new Uint8Array(pointCount);
  const forwardServer = new Uint32Array(pointCount * STRIDE);
  const reverseServer = new Uint32Array(pointCount * STRIDE);
  for (let journey = 0; journey < window.journeyCount; journey++) {
    const isReverse = journeys.direction[journey] === 1;
    const seen = isReverse ? reverse : forward;
    const first = journeys.firstSighting[journey];
    const end = first + journeys.sightingCount[journey];
    for (let row = first; row < end; row++) {
      const point = sightings.point[row];
      // A copy off the way makes a lane for its point, but no passage.
      const passage =
        sightings.branch[row] === 0 ? Math.min(MAX_PASSAGES, sightings.passage[row]) : 1;
      if (passage > seen[point]) seen[point] = passage;
      const slot = point * STRIDE + passage;
      if (sightings.branch[row] !== 0) continue;
      if (isReverse) reverseServer[slot] ||= sightings.source[row];
      else forwardServer[slot] ||= sightings.destination[row];
    }
  }
  return { forward, reverse, forwardServer, reverseServer };
}

/** Stops in default order: the longest way first, what other ways add beside its neighbour there, then what no way tells. */
function orderStops(
  points: readonly Point[],
  pointIndex: ReadonlyMap<string, number>,
  passages: Passages,
  connections: readonly ConnectionSummary[],
  hops: readonly HopSummary[],
): readonly ParsedStop[] {
  const ordered: ParsedStop[] = [];
  const has = (stop: ParsedStop): boolean =>
    ordered.some(({ point, passage }) => point === stop.point && passage === stop.passage);
  const ways = connections
    .map(({ forwardStops }) => forwardStops)
    .concat(connections.map(({ reverseStops }) => mirror(reverseStops)))
    .concat(connections.map(({ points: seen }) => seen))
    .map((way, index) => ({ way, index }))
    // Forward ways before all others; among them the longest first.
    .sort(
      (a, b) =>
        Math.floor(a.index / Math.max(1, connections.length)) -
          Math.floor(b.index / Math.max(1, connections.length)) ||
        b.way.length - a.way.length ||
        a.index - b.index,
    );
  for (const { way } of ways) {
    let previous = -1;
    for (const text of way) {
      const stop = parseStop(text, pointIndex);
      if (!stop) continue;
      const known = ordered.findIndex(
        ({ point, passage }) => point === stop.point && passage === stop.passage,
      );
      if (known >= 0) previous = known;
      else ordered.splice(++previous, 0, stop);
    }
  }
  for (let point = 0; point < points.length; point++) {
    const lanes = Math.max(passages.forward[point], passages.reverse[point]);
    for (let passage = 1; passage <= lanes; passage++) {
      if (has({ point, passage })) continue;
      const before = ordered.findIndex(
        (stop) => stop.point === point && stop.passage === passage - 1,
      );
      ordered.splice(before >= 0 ? before + 1 : ordered.length, 0, { point, passage });
    }
  }
  addIdlePoints(ordered, points, pointIndex, hops);
  return ordered;
}

/** A reverse way turned round; only its points count, since passages are numbered from the other end. */
const mirror = (stops: readonly string[]): readonly string[] => stops.map(pointOfStop).reverse();

/** Points that saw nothing stand where most other packets pass them. */
function addIdlePoints(
  ordered: ParsedStop[],
  points: readonly Point[],
  pointIndex: ReadonlyMap<string, number>,
  hops: readonly HopSummary[],
): void {
  const missing = points
    .map((_, point) => point)
    .filter((point) => !ordered.some((stop) => stop.point === point));
  if (missing.length === 0 || ordered.length + missing.length > IDLE_LANES_UP_TO) return;
  const depth = readDepths(points.length, pointIndex, hops);
  for (const point of missing.sort((a, b) => depth[a] - depth[b] || a - b)) {
    const after = ordered.findIndex((stop) => depth[stop.point] > depth[point]);
    ordered.splice(after < 0 ? ordered.length : after, 0, { point, passage: 1 });
  }
}

/** Hops that carry less than this share of the busiest say nothing about the order. */
const LEAST_SHARE = 0.05;

/** How far along the forward way each point is: longest chain of hops that lead more packets there than back. */
function readDepths(
  pointCount: number,
  pointIndex: ReadonlyMap<string, number>,
  hops: readonly HopSummary[],
): Uint32Array {
  const carried = new Float64Array(pointCount * pointCount);
  for (const { direction, from, to, journeys } of hops) {
    const [start, end] = [parseStop(from, pointIndex), parseStop(to, pointIndex)];
    if (direction === 'forward' && start && end && start.point !== end.point)
      carried[start.point * pointCount + end.point] += journeys;
  }
  const least = LEAST_SHARE * Math.max(0, ...carried);
  const depth = new Uint32Array(pointCount);
  // As many rounds as a chain can be long; a cycle stops there too.
  for (let round = 1; round < pointCount; round++)
    for (let from = 0; from < pointCount; from++)
      for (let to = 0; to < pointCount; to++) {
        const count = carried[from * pointCount + to];
        if (count > least && count > carried[to * pointCount + from])
          depth[to] = Math.min(pointCount, Math.max(depth[to], depth[from] + 1));
      }
  return depth;
}

function laneTables(
  lanes: readonly Lane[],
  pointCount: number,
  pointIndex: ReadonlyMap<string, number>,
  passages: Passages,
): Pick<LanePlan, 'laneOf' | 'laneOfStop'> {
  const table = [new Int16Array(pointCount * STRIDE), new Int16Array(pointCount * STRIDE)];
  for (let point = 0; point < pointCount; point++) {
    const own = lanes.map((_, index) => index).filter((index) => lanes[index].point === point);
    const alone = loneLanes(passages, point, own.length);
    for (let passage = 0; passage < STRIDE; passage++) {
      const forward = Math.min(Math.max(passage, 1), own.length);
      const backward = Math.max(1, own.length + 1 - Math.max(passage, 1));
      const slot = point * STRIDE + passage;
      table[0][slot] = own[(passages.forward[point] > 1 ? forward : alone.forward) - 1] ?? -1;
      table[1][slot] = own[(passages.reverse[point] > 1 ? backward : alone.reverse) - 1] ?? -1;
    }
  }
  const laneOf = (direction: number, point: number, passage: number): number =>
    table[direction][point * STRIDE + Math.min(passage, MAX_PASSAGES)];
  const laneOfStop = (direction: number, text: string): number => {
    const stop = parseStop(text, pointIndex);
    return stop ? laneOf(direction, stop.point, stop.passage) : -1;
  };
  return { laneOf, laneOfStop };
}

/** A direction that passes a point once stands on the lane where the other direction knows the server by the same name. */
function loneLanes(
  { forwardServer, reverseServer }: Passages,
  point: number,
  laneCount: number,
): { readonly forward: number; readonly reverse: number } {
  const slot = (passage: number): number => point * STRIDE + passage;
  let forward = 1;
  let reverse = 1;
  for (let passage = laneCount; passage >= 1; passage--) {
    if (reverseServer[slot(1)] !== 0 && forwardServer[slot(passage)] === reverseServer[slot(1)])
      reverse = passage;
    if (forwardServer[slot(1)] !== 0 && reverseServer[slot(passage)] === forwardServer[slot(1)])
      forward = laneCount + 1 - passage;
  }
  return { forward, reverse };
}
