// Stations: the ways a packet of one route can look at one point (link context, TTL, addresses). Connections between the same client and
// server, as the client sees them, share a route; what their packets show together tells the order of its stations.
import { isGroupAddress } from '../model/endpoint';
import { NO_TUPLE } from '../model/packet-columns';
import type { TupleTable } from '../model/tuple-table';
import type { ClockModel } from './clocks';
import { type CorrelationInput, captureOfRow } from './input';
import { IDENTITY_YIELD_ROWS, JOURNEY_YIELD_ROWS, ORDER_SAMPLES } from './limits';
import type { PieceTable } from './piece-table';

export interface Station {
  readonly point: number;
  /** The lead of its series, and the lead's number of the link context. */
  readonly capture: number;
  readonly link: number;
  readonly ttl: number;
  /** Interned source and destination address. */
  readonly pair: number;
}

/** Differences of reference time between two stations of one packet. */
interface PairSamples {
  count: number;
  readonly deltas: number[];
  least: number;
  most: number;
}

/** One direction of one route. */
export class RouteDirection {
  readonly stations: Station[] = [];
  /** By capture, link and TTL, then by pair of addresses. */
  private readonly indexOfLook = new Map<number, Map<number, number>>();
  private readonly samples = new Map<number, PairSamples>();
  private readonly medians = new Map<number, number>();

  /** Number of the station with this look; a new one takes `point` for its place. */
  station(capture: number, link: number, ttl: number, pair: number, point: number): number {
    const look = (capture * 65_536 + link) * 256 + ttl;
    let byPair = this.indexOfLook.get(look);
    if (byPair === undefined) {
      byPair = new Map();
      this.indexOfLook.set(look, byPair);
    }
    let index = byPair.get(pair);
    if (index === undefined) {
      index = this.stations.push({ point, capture, link, ttl, pair }) - 1;
      byPair.set(pair, index);
    }
    return index;
  }

  /** Notes that one packet was at `a` at timeA and at `b` at timeB. */
  observe(a: number, b: number, timeA: number, timeB: number): void {
    const flip = a > b;
    const key = flip ? b * 65_536 + a : a * 65_536 + b;
    let samples = this.samples.get(key);
    if (samples === undefined) {
      samples = { count: 0, deltas: [], least: Infinity, most: -Infinity };
      this.samples.set(key, samples);
    }
    const delta = flip ? timeA - timeB : timeB - timeA;
    samples.count += 1;
    samples.least = Math.min(samples.least, delta);
    samples.most = Math.max(samples.most, delta);
    if (samples.deltas.length < ORDER_SAMPLES) samples.deltas.push(delta);
  }

  /** Greatest (time at b − time at a), undefined when no packet showed both. */
  longestDelta(a: number, b: number): number | undefined {
    return a > b
      ? negated(this.samples.get(b * 65_536 + a)?.least)
      : this.samples.get(a * 65_536 + b)?.most;
  }

  /** Median of (time at b − time at a), undefined when no packet showed both. */
  medianDelta(a: number, b: number): number | undefined {
    const flip = a > b;
    const key = flip ? b * 65_536 + a : a * 65_536 + b;
    let median = this.medians.get(key);
    if (median === undefined) {
      const deltas = this.samples.get(key)?.deltas;
      if (deltas === undefined) return undefined;
      const sorted = [...deltas].sort((x, y) => x - y);
      median = sorted[sorted.length >> 1];
      this.medians.set(key, median);
    }
    return flip ? -median : median;
  }

  /** Share of the packets seen at both, and not at the same time, that came to `a` first; undefined when no packet showed both. */
  shareBefore(a: number, b: number): number | undefined {
    const flip = a > b;
    const key = flip ? b * 65_536 + a : a * 65_536 + b;
    const deltas = this.samples.get(key)?.deltas;
    if (deltas === undefined) return undefined;
    const apart = deltas.filter((delta) => delta !== 0);
    if (apart.length === 0) return 0;
    return apart.filter((delta) => (flip ? -delta : delta) > 0).length / apart.length;
  }
}

const negated = (value: number | undefined): number | undefined =>
  value === undefined ? undefined : -value;

export interface Route {
  readonly directions: readonly [RouteDirection, RouteDirection];
}

export interface StationTable {
  readonly routes: readonly Route[];
  /** Route of each connection. */
  readonly routeOfConnection: Uint32Array;
  /** Station index, within the route's direction, of each sighting of the piece table. */
  readonly stationOfSighting: Uint16Array;
  readonly pairs: AddressPairs;
}

/** Ordered pairs of addresses, interned. */
export class AddressPairs {
  private readonly indexOfKey = new Map<number, number>();
  private readonly sources: number[] = [];
  private readonly destinations: number[] = [];
  private readonly ofTuple = new Map<number, number>();

  constructor(private readonly tuples: TupleTable) {}

  of(directedTuple: number): number {
    let pair = this.ofTuple.get(directedTuple);
    if (pair === undefined) {
      pair = this.intern(
        this.tuples.sourceAddress(directedTuple),
        this.tuples.destinationAddress(directedTuple),
      );
      this.ofTuple.set(directedTuple, pair);
    }
    return pair;
  }

  source(pair: number): number {
    return this.sources[pair];
  }

  destination(pair: number): number {
    return this.destinations[pair];
  }

  /** The pair of the way back, undefined when no packet has it. */
  reverse(pair: number): number | undefined {
    return this.indexOfKey.get(this.destinations[pair] * 2 ** 26 + this.sources[pair]);
  }

  private intern(source: number, destination: number): number {
    const key = source * 2 ** 26 + destination;
    let index = this.indexOfKey.get(key);
    if (index === undefined) {
      index = this.sources.push(source) - 1;
      this.destinations.push(destination);
      this.indexOfKey.set(key, index);
    }
    return index;
  }
}

/** Whether a packet seen so is sent to a group: by its MAC's group bit or its address. */
export function isGroupStation(
  input: CorrelationInput,
  pairs: AddressPairs,
  station: Station,
): boolean {
  const { destinationMac } = input.captures[station.capture].links[station.link];
  return (
    (destinationMac !== null && (Number.parseInt(destinationMac.slice(0, 2), 16) & 1) === 1) ||
    isGroupAddress(input.tuples.addressName(pairs.destination(station.pair)))
  );
}

/** Assigns every sighting its station and gathers what the order of stations is found from. */
export function* buildStations(
  input: CorrelationInput,
  pieces: PieceTable,
  connectionCount: number,
  protocols: Uint16Array,
  clocks: ClockModel,
): Generator<number, StationTable> {
  const pairs = new AddressPairs(input.tuples);
  const routeOfConnection = yield* findRoutes(
    input,
    pieces,
    connectionCount,
    protocols,
    clocks,
    pairs,
  );
  const routeCount = routeOfConnection.reduce((most, route) => Math.max(most, route + 1), 0);
  const routes: Route[] = Array.from({ length: routeCount }, () => ({
    directions: [new RouteDirection(), new RouteDirection()],
  }));
  const stationOfSighting = new Uint16Array(pieces.sightingRow.length);
  const times: number[] = [];
  for (let piece = 0; piece < pieces.count; piece += 1) {
    if (piece % JOURNEY_YIELD_ROWS === 0) yield piece / pieces.count;
    const direction =
      routes[routeOfConnection[pieces.connection[piece]]].directions[pieces.direction[piece]];
    const from = pieces.firstSighting[piece];
    const to = pieces.firstSighting[piece + 1];
    times.length = 0;
    for (let s = from; s < to; s += 1) {
      const globalRow = pieces.sightingRow[s];
      const capture = captureOfRow(input, globalRow);
      const { table, pointOfLink, lead, leadLink } = input.captures[capture];
      const row = globalRow - input.rowBase[capture];
      const columns = table.columnsOf(row);
      const i = table.indexInBlock(row);
      const link = columns.link[i];
      const ttl = columns.ttl[i];
      const pair = pairs.of(columns.tuple[i]);
      stationOfSighting[s] = direction.station(lead, leadLink[link], ttl, pair, pointOfLink[link]);
      times.push(clocks.referenceTime(capture, columns.time[i]));
    }
    for (let a = from; a < to; a += 1)
      for (let b = a + 1; b < to; b += 1)
        direction.observe(
          stationOfSighting[a],
          stationOfSighting[b],
          times[a - from],
          times[b - from],
        );
  }
  return { routes, routeOfConnection, stationOfSighting, pairs };
}

/** Connections of one protocol with the same addresses where the client's packets are freshest (highest TTL, then earliest) share a route. */
function* findRoutes(
  input: CorrelationInput,
  pieces: PieceTable,
  connectionCount: number,
  protocols: Uint16Array,
  clocks: ClockModel,
  pairs: AddressPairs,
): Generator<number, Uint32Array> {
  const bestTtl = new Int16Array(connectionCount).fill(-1);
  const bestTime = new Float64Array(connectionCount).fill(Number.POSITIVE_INFINITY);
  const bestPair = new Uint32Array(connectionCount);
  for (let s = 0, piece = 0; s < pieces.sightingRow.length; s += 1) {
    if (s % IDENTITY_YIELD_ROWS === IDENTITY_YIELD_ROWS - 1) yield 0;
    while (pieces.firstSighting[piece + 1] <= s) piece += 1;
    const connection = pieces.connection[piece];
    const globalRow = pieces.sightingRow[s];
    const capture = captureOfRow(input, globalRow);
    const { table } = input.captures[capture];
    const row = globalRow - input.rowBase[capture];
    const tuple = table.get('tuple', row);
    if (tuple === NO_TUPLE) continue;
    // The way back counts only where nothing of the way out was seen; there the lowest TTL is nearest to the client.
    const forward = pieces.direction[piece] === 0;
    const ttl = table.get('ttl', row);
    const freshness = forward ? 256 + ttl : 255 - ttl;
    const time = clocks.referenceTime(capture, table.get('time', row));
    if (
      freshness > bestTtl[connection] ||
      (freshness === bestTtl[connection] && time < bestTime[connection])
    ) {
      bestTtl[connection] = freshness;
      bestTime[connection] = time;
      bestPair[connection] = pairs.of(forward ? tuple : tuple ^ 1);
    }
  }
  const routeOfKey = new Map<number, number>();
  return Uint32Array.from(bestPair, (pair, connection) => {
    const key = pair * 512 + protocols[connection];
    let route = routeOfKey.get(key);
    if (route === undefined) {
      route = routeOfKey.size;
      routeOfKey.set(key, route);
    }
    return route;
  });
}
