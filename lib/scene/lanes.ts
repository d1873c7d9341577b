// Which lanes there are, in which order, and which lane a sighting stands on: one lane a stop of the forward way.
// A reply passes the same lanes from the other end, so its first passage of a point is the forward way's last.
import type { Point } from '../model/capture';
import type { ConnectionSummary, HopSummary } from '../model/connection';
import type { JourneyWindow } from '../model/journey-window';
import type { LaneSettings } from '../model/snapshot';
import { formatStop } from '../model/stop';
import { describePoint } from './point-name';

/** More passages of one packet through one point share the last lane. */
const MAX_PASSAGES = 8;
/** Points that saw nothing of these journeys are drawn while there are no more lanes than this. */
const IDLE_LANES_UP_TO = 8;
/** Width of the hop between two passages of one point, other hops being 1. */
const PASSAGE_HOP = 0.5;

export interface Lane {
  /** Stop: `p3`, `p3/2`. */
  readonly id: string;
  readonly point: number;
  readonly pointId: string;
  /** 1 for the first lane of a point. */
  readonly passage: number;
  readonly name: string;
  /** Where the point is: `pod cpe`, `node`; empty where its name does not tell. */
  readonly role: string;
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
  /** Destination (string index) of the first forward sighting of (point, passage), and source of the first reverse one of a point. */
  readonly forwardDestination: Uint32Array;
  readonly reverseSource: Uint32Array;
}

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
      name: (given ?? described.name) + ' ′'.repeat(stop.passage > 1 ? 1 : 0),
      role: described.role,
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
  const forwardDestination = new Uint32Array(pointCount * (MAX_PASSAGES + 1));
  const reverseSource = new Uint32Array(pointCount);
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
      if (passage > seen[point]) {
        seen[point] = passage;
        if (!isReverse)
          forwardDestination[point * (MAX_PASSAGES + 1) + passage] = sightings.destination[row];
        else if (passage === 1) reverseSource[point] = sightings.source[row];
      }
    }
  }
  return { forward, reverse, forwardDestination, reverseSource };
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
const mirror = (stops: readonly string[]): readonly string[] =>
  stops.map((stop) => stop.split('/')[0]).reverse();

function addIdlePoints(
  ordered: ParsedStop[],
  points: readonly Point[],
  pointIndex: ReadonlyMap<string, number>,
  hops: readonly HopSummary[],
): void {
  const missing = points
    .map((_, point) => point)
    .filter((point) => !ordered.some((stop) => stop.point === point));
  if (ordered.length + missing.length > IDLE_LANES_UP_TO) return;
  for (const point of missing) {
    const id = points[point].id;
    const neighbour = (end: 'from' | 'to', other: 'from' | 'to'): number => {
      const hop = hops.find(
        (candidate) => candidate.direction === 'forward' && candidate[end].split('/')[0] === id,
      );
      const stop = hop && parseStop(hop[other], pointIndex);
      return stop ? ordered.findIndex((known) => known.point === stop.point) : -1;
    };
    const before = neighbour('to', 'from');
    const after = neighbour('from', 'to');
    const at = before >= 0 ? before + 1 : after >= 0 ? after : ordered.length;
    ordered.splice(at, 0, { point, passage: 1 });
  }
}

function laneTables(
  lanes: readonly Lane[],
  pointCount: number,
  pointIndex: ReadonlyMap<string, number>,
  passages: Passages,
): Pick<LanePlan, 'laneOf' | 'laneOfStop'> {
  const stride = MAX_PASSAGES + 1;
  const table = [new Int16Array(pointCount * stride), new Int16Array(pointCount * stride)];
  for (let point = 0; point < pointCount; point++) {
    const own = lanes.map((_, index) => index).filter((index) => lanes[index].point === point);
    for (let passage = 0; passage < stride; passage++) {
      const forward = Math.min(Math.max(passage, 1), own.length);
      const backward = own.length + 1 - Math.max(passage, 1);
      const reverse =
        passages.reverse[point] > 1
          ? Math.max(1, backward)
          : onlyReversePassage(passages, point, own.length);
      table[0][point * stride + passage] = own[forward - 1] ?? -1;
      table[1][point * stride + passage] = own[reverse - 1] ?? -1;
    }
  }
  const laneOf = (direction: number, point: number, passage: number): number =>
    table[direction][point * stride + Math.min(passage, MAX_PASSAGES)];
  const laneOfStop = (direction: number, text: string): number => {
    const stop = parseStop(text, pointIndex);
    return stop ? laneOf(direction, stop.point, stop.passage) : -1;
  };
  return { laneOf, laneOfStop };
}

/** A reply that passes a point once stands on the lane whose forward packets go to where it comes from. */
function onlyReversePassage(passages: Passages, point: number, laneCount: number): number {
  const source = passages.reverseSource[point];
  for (let passage = 1; passage <= laneCount; passage++)
    if (passages.forwardDestination[point * (MAX_PASSAGES + 1) + passage] === source)
      return passage;
  return 1;
}
