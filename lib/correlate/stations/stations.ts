// Stations: the ways a packet of one route can look at one point (link context, TTL, addresses). Connections between the same client and
// server, as the client sees them, share a route; what their packets show together tells the order of its stations.
import { isGroupAddress } from '../../model/endpoint';
import type { TupleTable } from '../../model/tuple-table';
import type { CorrelationInput } from '../input/input';
import type { DeltaSamples, StationDeltas, StationSpans } from './station-deltas';
import type { StationSet } from './station-set';

export interface Station {
  readonly point: number;
  /** The lead of its series, and the lead's number of the link context. */
  readonly capture: number;
  readonly link: number;
  readonly ttl: number;
  /** Interned source and destination address. */
  readonly pair: number;
  /** 0; 1 and more where a point has the packet again in the very same look. */
  readonly echo: number;
}

/** More stations of a direction are found by a map. */
const FEW_STATIONS = 16;

/** One direction of one route. */
export class RouteDirection {
  stations: Station[] = [];
  /** The sets of its stations that packets showed: indices of the station table. */
  sets: number[] = [];
  /** By capture, link and TTL, then by pair of addresses; of the first FEW_STATIONS only once there are more. */
  private indexOfLook: Map<number, Map<number, number>> | undefined;
  private deltas: StationDeltas | undefined;
  private spans: StationSpans | undefined;

  /** `samples`: what differences of time are measured from. */
  constructor(private samples: DeltaSamples | undefined) {}

  /** Number of the station with this look; a new one takes `point` for its place. */
  station(
    capture: number,
    link: number,
    ttl: number,
    pair: number,
    point: number,
    echo = 0,
  ): number {
    const known = this.find(capture, link, ttl, pair, echo);
    if (known !== undefined) return known;
    const index = this.stations.push({ point, capture, link, ttl, pair, echo }) - 1;
    if (this.indexOfLook !== undefined) this.note(this.indexOfLook, index);
    return index;
  }

  /** Median of (time at b − time at a), undefined when no packet showed both. */
  medianDelta(a: number, b: number): number | undefined {
    this.deltas ??= this.samples?.measure(this.sets, this.stations.length);
    return this.deltas?.median(a, b);
  }

  /** Greatest (time at b − time at a), undefined when no packet showed both. */
  longestDelta(a: number, b: number): number | undefined {
    this.spans ??= this.samples?.measureSpans(this.sets);
    return this.spans?.longest(a, b);
  }

  /** Share of the packets seen at both, and not at the same time, that came to `a` first; undefined when no packet showed both. */
  shareBefore(a: number, b: number): number | undefined {
    this.deltas ??= this.samples?.measure(this.sets, this.stations.length);
    return this.deltas?.shareBefore(a, b);
  }

  /** Lets go of what ordering and fates need and nobody after them: no difference of time is known any more. */
  forget(): void {
    this.deltas = undefined;
    this.spans = undefined;
    this.indexOfLook = undefined;
    this.samples = undefined;
    this.sets = [];
    // As long as it is, without room for more.
    this.stations = this.stations.slice();
  }

  private find(
    capture: number,
    link: number,
    ttl: number,
    pair: number,
    echo: number,
  ): number | undefined {
    const { stations } = this;
    if (stations.length <= FEW_STATIONS) {
      const index = stations.findIndex(
        (station) =>
          station.pair === pair &&
          station.link === link &&
          station.ttl === ttl &&
          station.capture === capture &&
          station.echo === echo,
      );
      return index < 0 ? undefined : index;
    }
    if (this.indexOfLook === undefined) {
      this.indexOfLook = new Map();
      for (let index = 0; index < stations.length; index += 1) this.note(this.indexOfLook, index);
    }
    return this.indexOfLook.get(lookOf(capture, link, ttl, echo))?.get(pair);
  }

  private note(indexOfLook: Map<number, Map<number, number>>, index: number): void {
    const { capture, link, ttl, pair, echo } = this.stations[index];
    const look = lookOf(capture, link, ttl, echo);
    const byPair = indexOfLook.get(look) ?? new Map<number, number>();
    indexOfLook.set(look, byPair);
    byPair.set(pair, index);
  }
}

const lookOf = (capture: number, link: number, ttl: number, echo: number): number =>
  ((echo * 65_536 + capture) * 65_536 + link) * 256 + ttl;

export interface Route {
  readonly directions: readonly [RouteDirection, RouteDirection];
}

export interface StationTable {
  readonly routes: readonly Route[];
  readonly sets: readonly StationSet[];
  /** By packet. */
  readonly setOfPiece: Uint32Array;
  /** Station index, within the route's direction, of each sighting of the piece table. */
  readonly stationOfSighting: Uint16Array;
  readonly pairs: AddressPairs;
}

/** Ordered pairs of addresses, interned. */
export class AddressPairs {
  private indexOfKey: Map<number, number> | undefined = new Map();
  private readonly sources: number[] = [];
  private readonly destinations: number[] = [];
  /** −1: no packet has it. */
  private readonly reverses: number[] = [];

  constructor(private readonly tuples: TupleTable) {}

  of(directedTuple: number): number {
    return this.intern(
      this.tuples.sourceAddress(directedTuple),
      this.tuples.destinationAddress(directedTuple),
    );
  }

  source(pair: number): number {
    return this.sources[pair];
  }

  destination(pair: number): number {
    return this.destinations[pair];
  }

  /** The pair of the way back, undefined when no packet has it. */
  reverse(pair: number): number | undefined {
    const reverse = this.reverses[pair];
    return reverse < 0 ? undefined : reverse;
  }

  /** All pairs are there: lets go of what finds them by their addresses. */
  finish(): void {
    this.indexOfKey = undefined;
  }

  private intern(source: number, destination: number): number {
    const indices = this.indexOfKey!;
    const known = indices.get(keyOfPair(source, destination));
    if (known !== undefined) return known;
    const index = this.sources.push(source) - 1;
    this.destinations.push(destination);
    indices.set(keyOfPair(source, destination), index);
    const reverse = indices.get(keyOfPair(destination, source)) ?? -1;
    this.reverses.push(reverse);
    if (reverse >= 0) this.reverses[reverse] = index;
    return index;
  }
}

const keyOfPair = (source: number, destination: number): number => source * 2 ** 26 + destination;

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
