// Gives every sighting its station and every packet its set of stations, connection after connection, while the frames are at hand.
import { GrowableColumn } from '../../base/growable';
import type { CorrelationInput } from '../input/input';
import { JOURNEY_YIELD_ROWS } from '../limits';
import type { ConnectionRows } from '../packets/connection-rows';
import type { PieceTable, PieceTableBuilder } from '../packets/piece-table';
import { DeltaSamples } from './station-deltas';
import type { StationSet } from './station-set';
import {
  AddressPairs,
  Looks,
  type Route,
  RouteDirection,
  StationShapes,
  type StationTable,
} from './stations';

/** Stations that a number can have a bit for; one that a packet shows twice it can't tell either. */
const MOST_BITS = 31;
/** Sets of a direction up to which they are looked through. */
const FEW_SETS = 16;

export class StationTableBuilder {
  private readonly pairs: AddressPairs;
  private readonly looks = new Looks();
  private readonly samples = new DeltaSamples();
  private readonly routes: Route[] = [];
  private readonly routeOfKey = new Map<number, number>();
  private readonly sets: StationSet[] = [];
  private readonly setOfPiece = new GrowableColumn(Uint32Array);
  private readonly stationOfSighting: GrowableColumn<Uint16Array<ArrayBuffer>>;
  /** By set; 0 where bits can't tell its stations. */
  private readonly maskOfSet = new GrowableColumn(Uint32Array);
  private readonly setOfKey = new Map<number | string, number>();
  /** By point and direction: the frame last seen there, of the connection that is added, and its station. */
  private readonly lastFrame: Int32Array;
  private readonly lastStation: Uint16Array;
  /** By direction: the set of the packet before, of the connection that is added. */
  private readonly lastMask = [0, 0];
  private readonly lastSet = [0, 0];

  /** `frames`: how many there are, each a sighting at least. */
  constructor(input: CorrelationInput, frames: number) {
    this.pairs = new AddressPairs(input.tuples);
    this.stationOfSighting = new GrowableColumn(Uint16Array, frames);
    this.lastFrame = new Int32Array(input.points.length * 2);
    this.lastStation = new Uint16Array(input.points.length * 2);
  }

  /** Takes the packets of the connection that was added to `pieces` last. Yields within a long one. */
  *add(rows: ConnectionRows, pieces: PieceTableBuilder): Generator<void> {
    const route = this.routeOf(rows, pieces);
    this.lastFrame.fill(-1);
    this.lastMask.fill(0);
    let sighting = 0;
    for (let piece = pieces.firstOfConnection; piece < pieces.count; ) {
      const end = Math.min(pieces.count, piece + JOURNEY_YIELD_ROWS);
      sighting = this.addSome(route, rows, pieces, piece, end, sighting);
      piece = end;
      if (piece < pieces.count) yield;
    }
  }

  /** Takes packets `piece … endPiece`, the first of which begins at place `sighting` of the connection's frames; returns where the next one does. */
  private addSome(
    route: number,
    rows: ConnectionRows,
    pieces: PieceTableBuilder,
    piece: number,
    endPiece: number,
    sighting: number,
  ): number {
    const { stationOfSighting, setOfPiece, sets } = this;
    const { directions } = this.routes[route];
    const frames = pieces.frames.values;
    let at = sighting;
    for (let p = piece; p < endPiece; p += 1) {
      const from = at;
      const end = at + pieces.sightingCount(p);
      const direction = rows.direction[frames[at]];
      let mask = 0;
      let isTold = true;
      for (let echo = 0; at < end; at += 1) {
        // An echo stands behind its frame, under the same number.
        echo = at > from && frames[at] === frames[at - 1] ? echo + 1 : 0;
        const station =
          echo === 0
            ? this.stationOf(rows, frames[at], directions[direction])
            : this.newLook(rows, frames[at], directions[direction], echo);
        const place = stationOfSighting.claim();
        stationOfSighting.values[place] = station;
        const bit = station < MOST_BITS ? 1 << station : 0;
        if (bit === 0 || (mask & bit) !== 0) isTold = false;
        mask |= bit;
      }
      if (!isTold) mask = 0;
      const set =
        mask !== 0 && mask === this.lastMask[direction]
          ? this.lastSet[direction]
          : this.setOf(route, direction, mask, end - from);
      sets[set].uses += 1;
      const own = setOfPiece.claim();
      setOfPiece.values[own] = set;
    }
    return at;
  }

  finish(pieces: PieceTable): StationTable {
    const setOfPiece = this.setOfPiece.finish();
    const stationOfSighting = this.stationOfSighting.finish();
    this.samples.take(pieces, this.sets, setOfPiece, stationOfSighting);
    this.pairs.finish();
    const { routes, sets, pairs } = this;
    const shapes = new StationShapes();
    for (const { directions } of routes)
      for (const direction of directions) direction.settle(shapes);
    const pairsOfDirections = shapes.finishPairs();
    for (const { directions } of routes)
      for (const direction of directions) direction.takePairs(pairsOfDirections);
    return { routes, sets, setOfPiece, stationOfSighting, pairs };
  }

  /** Connections of one protocol with the same addresses where the client's packets are freshest (highest TTL, then earliest) share a route. */
  private routeOf(rows: ConnectionRows, { frames }: PieceTableBuilder): number {
    let bestFreshness = -1;
    let bestTime = Number.POSITIVE_INFINITY;
    let best = frames.values[0];
    for (let s = 0; s < frames.length; s += 1) {
      const k = frames.values[s];
      // The way back counts only where nothing of the way out was seen; there the lowest TTL is nearest to the client.
      const freshness = rows.direction[k] === 0 ? 256 + rows.ttl[k] : 255 - rows.ttl[k];
      if (freshness > bestFreshness || (freshness === bestFreshness && rows.time[k] < bestTime)) {
        bestFreshness = freshness;
        bestTime = rows.time[k];
        best = k;
      }
    }
    const pair = this.pairs.of(rows.tuple[best] ^ rows.direction[best]);
    const key = pair * 512 + rows.protocol;
    let route = this.routeOfKey.get(key);
    if (route === undefined) {
      const { samples } = this;
      route =
        this.routes.push({
          directions: [new RouteDirection(samples), new RouteDirection(samples)],
        }) - 1;
      this.routeOfKey.set(key, route);
    }
    return route;
  }

  private stationOf(rows: ConnectionRows, k: number, direction: RouteDirection): number {
    const place = rows.point[k] * 2 + rows.direction[k];
    const last = this.lastFrame[place];
    const isKnown =
      last >= 0 &&
      rows.tuple[last] === rows.tuple[k] &&
      rows.link[last] === rows.link[k] &&
      rows.ttl[last] === rows.ttl[k] &&
      rows.capture[last] === rows.capture[k];
    if (!isKnown) this.lastStation[place] = this.newLook(rows, k, direction, 0);
    this.lastFrame[place] = k;
    return this.lastStation[place];
  }

  private newLook(
    rows: ConnectionRows,
    k: number,
    direction: RouteDirection,
    echo: number,
  ): number {
    const { capture, link, ttl, point } = rows;
    const look = this.looks.of(point[k], capture[k], link[k], ttl[k], echo);
    return direction.station(look, this.pairs.of(rows.tuple[k]));
  }

  /** Of the last `count` sightings' stations, which the bits of `mask` tell; 0: no bits can. */
  private setOf(route: number, direction: number, mask: number, count: number): number {
    const { values, length } = this.stationOfSighting;
    const stations = Array.from(values.subarray(length - count, length));
    const place = route * 2 + direction;
    const { sets } = this.routes[route].directions[direction];
    // Most directions have a handful: looking through them takes less than a key in a map of all.
    let set =
      mask === 0 || sets.length > FEW_SETS
        ? this.setOfKey.get(mask === 0 ? textKey(place, stations) : place * 2 ** MOST_BITS + mask)
        : sets.find((one) => this.maskOfSet.values[one] === mask);
    if (set === undefined) {
      const sorted = [...stations].sort((a, b) => a - b);
      set = this.sets.push({ route, direction, stations: sorted, uses: 0 }) - 1;
      this.maskOfSet.push(mask);
      sets.push(set);
      if (mask === 0) this.setOfKey.set(textKey(place, stations), set);
      else if (sets.length > FEW_SETS) this.noteMasks(sets, place);
    }
    this.lastMask[direction] = mask;
    this.lastSet[direction] = set;
    return set;
  }

  /** The direction has many sets now: the map has those that bits tell, all when they become many, then each new one. */
  private noteMasks(sets: readonly number[], place: number): void {
    for (const set of sets.length === FEW_SETS + 1 ? sets : sets.slice(-1)) {
      const mask = this.maskOfSet.values[set];
      if (mask !== 0) this.setOfKey.set(place * 2 ** MOST_BITS + mask, set);
    }
  }
}

const textKey = (place: number, stations: readonly number[]): string =>
  `${place}:${[...stations].sort((a, b) => a - b).join(',')}`;
