// Stations: the ways a packet of one route can look at one point (link context, TTL, addresses). Connections between the same client and
// server, as the client sees them, share a route; what their packets show together tells the order of its stations.
import { GrowableColumn } from '../../base/growable';
import { isGroupAddress } from '../../model/endpoint';
import type { TupleTable } from '../../model/tuple-table';
import type { CorrelationInput } from '../input/input';
import type { DeltaSamples, StationDeltas, StationSpans } from './station-deltas';
import type { StationSet } from './station-set';

/** How packets look at a point, whatever their addresses. One object for all directions that have it. */
export interface Look {
  readonly id: number;
  readonly point: number;
  /** The lead of its series, and the lead's number of the link context. */
  readonly capture: number;
  readonly link: number;
  readonly ttl: number;
  /** 0; 1 and more where a point has the packet again in the very same look. */
  readonly echo: number;
}

export interface Station extends Look {
  /** Interned source and destination address. */
  readonly pair: number;
}

/** The looks of a direction's stations, and which of them have addresses in common: those of many clients on one path have one shape. */
export interface StationShape {
  readonly id: number;
  readonly looks: readonly Look[];
  /** By station: which of the direction's pairs of addresses it has, numbered as they come. */
  readonly pairs: readonly number[];
}

/** More stations of a direction are found by a map. */
const FEW_STATIONS = 16;

/** What a direction has while its stations are added and ordered. */
interface Making {
  /** What differences of time are measured from. */
  readonly samples: DeltaSamples;
  readonly looks: Look[];
  readonly pairs: number[];
  /** The sets of its stations that packets showed: indices of the station table. */
  readonly sets: number[];
  /** By look, then by pair of addresses; of the first FEW_STATIONS only once there are more. */
  indexOfLook: Map<number, Map<number, number>> | undefined;
  deltas: StationDeltas | undefined;
  spans: StationSpans | undefined;
  stations: readonly Station[] | undefined;
}

const NO_SHAPE: StationShape = { id: -1, looks: [], pairs: [] };
const NO_PAIRS = new Uint32Array(0);

/** One direction of one route. */
export class RouteDirection {
  /** Known once all stations are. */
  shape = NO_SHAPE;
  /** Its pairs of addresses are `pairs[firstPair] …`. */
  private pairs = NO_PAIRS;
  private firstPair = 0;
  private making: Making | undefined;

  constructor(samples: DeltaSamples) {
    this.making = {
      samples,
      looks: [],
      pairs: [],
      sets: [],
      indexOfLook: undefined,
      deltas: undefined,
      spans: undefined,
      stations: undefined,
    };
  }

  /** Number of the station with this look and pair of addresses; a new one takes it as it is. */
  station(look: Look, pair: number): number {
    const { looks, pairs, indexOfLook } = this.making!;
    const known = this.find(look, pair);
    if (known !== undefined) return known;
    const index = looks.push(look) - 1;
    pairs.push(pair);
    if (indexOfLook !== undefined) this.note(indexOfLook, index);
    return index;
  }

  get sets(): number[] {
    return this.making!.sets;
  }

  /** All stations are there. `shapes` gives equal ones one shape. */
  settle(shapes: StationShapes): void {
    const { looks, pairs } = this.making!;
    const placed = shapes.place(looks, pairs);
    this.shape = placed.shape;
    this.firstPair = placed.firstPair;
  }

  /** `pairs`: those of all directions. */
  takePairs(pairs: Uint32Array<ArrayBuffer>): void {
    this.pairs = pairs;
  }

  /** For loops over few of them: `shape` and `pairOf` do without an object for each. */
  get stations(): readonly Station[] {
    const known = this.making?.stations;
    if (known !== undefined) return known;
    const stations = this.shape.looks.map(
      ({ id, point, capture, link, ttl, echo }, index): Station => ({
        id,
        point,
        capture,
        link,
        ttl,
        pair: this.pairOf(index),
        echo,
      }),
    );
    if (this.making !== undefined) this.making.stations = stations;
    return stations;
  }

  /** Interned source and destination address of a station. */
  pairOf(station: number): number {
    return this.pairs[this.firstPair + this.shape.pairs[station]];
  }

  /** Median of (time at b − time at a), undefined when no packet showed both. */
  medianDelta(a: number, b: number): number | undefined {
    return this.measured()?.median(a, b);
  }

  /** Greatest (time at b − time at a), undefined when no packet showed both. */
  longestDelta(a: number, b: number): number | undefined {
    const { making } = this;
    if (making === undefined) return undefined;
    making.spans ??= making.samples.measureSpans(making.sets, making.looks.length);
    return making.spans.longest(a, b);
  }

  /** Share of the packets seen at both, and not at the same time, that came to `a` first; undefined when no packet showed both. */
  shareBefore(a: number, b: number): number | undefined {
    return this.measured()?.shareBefore(a, b);
  }

  /** Lets go of what was measured: it is measured again where it is asked for. */
  forgetDeltas(): void {
    if (this.making !== undefined) this.making.deltas = undefined;
  }

  /** Lets go of what ordering and fates need and nobody after them: no difference of time is known any more. */
  forget(): void {
    this.making = undefined;
  }

  private measured(): StationDeltas | undefined {
    const { making } = this;
    if (making === undefined) return undefined;
    making.deltas ??= making.samples.measure(making.sets, making.looks.length);
    return making.deltas;
  }

  private find(look: Look, pair: number): number | undefined {
    const { looks, pairs } = this.making!;
    if (looks.length <= FEW_STATIONS) {
      for (let index = 0; index < looks.length; index += 1)
        if (pairs[index] === pair && looks[index] === look) return index;
      return undefined;
    }
    const making = this.making!;
    if (making.indexOfLook === undefined) {
      making.indexOfLook = new Map();
      for (let index = 0; index < looks.length; index += 1) this.note(making.indexOfLook, index);
    }
    return making.indexOfLook.get(look.id)?.get(pair);
  }

  private note(indexOfLook: Map<number, Map<number, number>>, index: number): void {
    const { looks, pairs } = this.making!;
    const { id } = looks[index];
    const byPair = indexOfLook.get(id) ?? new Map<number, number>();
    indexOfLook.set(id, byPair);
    byPair.set(pairs[index], index);
  }
}

/** One object for each look. */
export class Looks {
  private readonly byKey = new Map<number, Look>();

  /** A link context has one point. */
  of(point: number, capture: number, link: number, ttl: number, echo: number): Look {
    const key = ((echo * 65_536 + capture) * 65_536 + link) * 256 + ttl;
    let look = this.byKey.get(key);
    if (look === undefined) {
      look = { id: this.byKey.size, point, capture, link, ttl, echo };
      this.byKey.set(key, look);
    }
    return look;
  }
}

/** A number as two characters: part of a key that is soon made and compared. */
export const keyText = (number: number): string =>
  String.fromCharCode(number >>> 16, number & 0xffff);

/** One object for each shape, and the pairs of addresses of all directions. */
export class StationShapes {
  private readonly byKey = new Map<string, StationShape>();
  private readonly pairs = new GrowableColumn(Uint32Array);

  place(
    looks: readonly Look[],
    pairs: readonly number[],
  ): { readonly shape: StationShape; readonly firstPair: number } {
    const firstPair = this.pairs.length;
    const placeOfPair = new Map<number, number>();
    let key = '';
    for (let station = 0; station < looks.length; station += 1) {
      const pair = pairs[station];
      let place = placeOfPair.get(pair);
      if (place === undefined) {
        place = placeOfPair.size;
        placeOfPair.set(pair, place);
        this.pairs.push(pair);
      }
      key += keyText(looks[station].id) + keyText(place);
    }
    let shape = this.byKey.get(key);
    if (shape === undefined) {
      shape = {
        id: this.byKey.size,
        looks: looks.slice(),
        pairs: pairs.map((pair) => placeOfPair.get(pair)!),
      };
      this.byKey.set(key, shape);
    }
    return { shape, firstPair };
  }

  finishPairs(): Uint32Array<ArrayBuffer> {
    return this.pairs.finish();
  }
}

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
  private count = 0;
  private sources = new Uint32Array(FIRST_PAIRS);
  private destinations = new Uint32Array(FIRST_PAIRS);
  /** −1: no packet has it. */
  private reverses = new Int32Array(FIRST_PAIRS);

  constructor(private readonly tuples: TupleTable) {}

  of(directedTuple: number): number {
    return this.intern(
      this.tuples.sourceAddress(directedTuple),
      this.tuples.destinationAddress(directedTuple),
    );
  }

  /** How many there are. */
  get size(): number {
    return this.count;
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

  /** All pairs are there: lets go of what finds them by their addresses, and of room for more. */
  finish(): void {
    this.indexOfKey = undefined;
    this.resize(this.count);
  }

  private intern(source: number, destination: number): number {
    const indices = this.indexOfKey!;
    const known = indices.get(keyOfPair(source, destination));
    if (known !== undefined) return known;
    if (this.count === this.sources.length) this.resize(this.count * 2);
    const index = this.count++;
    this.sources[index] = source;
    this.destinations[index] = destination;
    indices.set(keyOfPair(source, destination), index);
    const reverse = indices.get(keyOfPair(destination, source)) ?? -1;
    this.reverses[index] = reverse;
    if (reverse >= 0) this.reverses[reverse] = index;
    return index;
  }

  private resize(size: number): void {
    const { sources, destinations, reverses, count } = this;
    this.sources = new Uint32Array(size);
    this.destinations = new Uint32Array(size);
    this.reverses = new Int32Array(size);
    this.sources.set(sources.subarray(0, count));
    this.destinations.set(destinations.subarray(0, count));
    this.reverses.set(reverses.subarray(0, count));
  }
}

const FIRST_PAIRS = 64;

const keyOfPair = (source: number, destination: number): number => source * 2 ** 26 + destination;

/** Whether packets are sent to a group: by their MAC's group bit or their address. Asked for every set of stations, answered once for each look and pair. */
export class Groups {
  private readonly ofLook = new Map<Look, boolean>();
  /** 0: not known yet; 1 no, 2 yes. */
  private readonly ofPair: Uint8Array;

  constructor(
    private readonly input: CorrelationInput,
    private readonly pairs: AddressPairs,
  ) {
    this.ofPair = new Uint8Array(pairs.size);
  }

  has(look: Look, pair: number): boolean {
    return this.hasLook(look) || this.hasPair(pair);
  }

  private hasLook(look: Look): boolean {
    let answer = this.ofLook.get(look);
    if (answer === undefined) {
      const { destinationMac } = this.input.captures[look.capture].links[look.link];
      answer =
        destinationMac !== null && (Number.parseInt(destinationMac.slice(0, 2), 16) & 1) === 1;
      this.ofLook.set(look, answer);
    }
    return answer;
  }

  private hasPair(pair: number): boolean {
    if (this.ofPair[pair] === 0)
      this.ofPair[pair] = isGroupAddress(
        this.input.tuples.addressName(this.pairs.destination(pair)),
      )
        ? 2
        : 1;
    return this.ofPair[pair] === 2;
  }
}
