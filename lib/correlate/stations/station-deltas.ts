// How long packets take from station to station of one direction, from the first few packets that showed both: measured when the order is asked
// for, from the packets themselves.
import { selectAt } from '../../base/select';
import { ORDER_SAMPLES } from '../limits';
import type { PieceTable } from '../packets/piece-table';
import type { StationSet } from './station-set';

/** Numbers kept for a pair of stations: median, how many packets came to the lower one first, and how many not to both at once. */
const NUMBERS = 3;
/** Stations of a direction up to which each pair has a place of its own. */
const FEW_STATIONS = 24;

/** Number of a pair: all pairs of lower stations come before. */
const pairOf = (a: number, b: number): number =>
  a > b ? (a * (a - 1)) / 2 + b : (b * (b - 1)) / 2 + a;

/** Of all pairs of stations that packets showed. */
export class StationDeltas {
  constructor(
    /** NUMBERS for each place; NaN where no packet showed both. */
    private readonly numbers: readonly number[],
    /** By pair; undefined: its number is its place. */
    private readonly places: ReadonlyMap<number, number> | undefined,
  ) {}

  /** Median of (time at b − time at a). */
  median(a: number, b: number): number | undefined {
    const median = this.numberOf(a, b, 0);
    return median === undefined || Number.isNaN(median) ? undefined : a > b ? -median : median;
  }

  shareBefore(a: number, b: number): number | undefined {
    const before = this.numberOf(a, b, 1);
    const apart = this.numberOf(a, b, 2);
    if (before === undefined || apart === undefined || Number.isNaN(apart)) return undefined;
    if (apart === 0) return 0;
    return (a > b ? apart - before : before) / apart;
  }

  private numberOf(a: number, b: number, which: number): number | undefined {
    const pair = pairOf(a, b);
    const place = this.places === undefined ? pair : this.places.get(pair);
    return place === undefined ? undefined : this.numbers[place * NUMBERS + which];
  }
}

/** Least and greatest difference, of all packets that showed both. */
export class StationSpans {
  /** By place, of (time at the higher station − time at the lower one); NaN where no packet showed both. */
  private readonly least: number[] = [];
  private readonly greatest: number[] = [];
  /** By pair; undefined: its number is its place. */
  private readonly places: Map<number, number> | undefined;

  constructor(stationCount: number) {
    if (stationCount > FEW_STATIONS) this.places = new Map();
    else for (let pair = pairOf(0, stationCount); pair > 0; pair -= 1) this.makePlace();
  }

  /** `delta`: time at b − time at a. */
  take(a: number, b: number, delta: number): void {
    const pair = pairOf(a, b);
    let place = this.places === undefined ? pair : this.places.get(pair);
    if (place === undefined) {
      place = this.makePlace();
      this.places?.set(pair, place);
    }
    const own = a > b ? -delta : delta;
    if (!(this.least[place] <= own)) this.least[place] = own;
    if (!(this.greatest[place] >= own)) this.greatest[place] = own;
  }

  /** Greatest (time at b − time at a). */
  longest(a: number, b: number): number | undefined {
    const pair = pairOf(a, b);
    const place = this.places === undefined ? pair : this.places.get(pair);
    if (place === undefined || Number.isNaN(this.least[place])) return undefined;
    return a > b ? -this.least[place] : this.greatest[place];
  }

  private makePlace(): number {
    this.greatest.push(Number.NaN);
    return this.least.push(Number.NaN) - 1;
  }
}

/** The packets of each set of stations, in order. */
export class DeltaSamples {
  private firstOfSet = new Uint32Array(0);
  private ofSets = new Uint32Array(0);
  /** Of the packet that is looked at, by sighting: so many. */
  private sightings = 0;
  private stations = new Uint16Array(16);
  private times = new Float64Array(16);
  /** Of the direction that is measured, by place: how many differences there are, and ORDER_SAMPLES of them. */
  private counts = new Uint8Array(0);
  private deltas = new Float64Array(0);
  private spread = new Uint32Array(0);
  private pieces: PieceTable | undefined;
  private stationOfSighting: Uint16Array = new Uint16Array(0);

  /** Takes the finished table; nothing can be measured before. */
  take(
    pieces: PieceTable,
    sets: readonly StationSet[],
    setOfPiece: Uint32Array,
    stationOfSighting: Uint16Array,
  ): void {
    this.pieces = pieces;
    this.stationOfSighting = stationOfSighting;
    this.firstOfSet = new Uint32Array(sets.length + 1);
    for (const [set, { uses }] of sets.entries())
      this.firstOfSet[set + 1] = this.firstOfSet[set] + uses;
    this.ofSets = new Uint32Array(pieces.count);
    const next = this.firstOfSet.slice();
    for (let piece = 0; piece < pieces.count; piece += 1)
      this.ofSets[next[setOfPiece[piece]]++] = piece;
  }

  /** `sets`: all of a direction. From ORDER_SAMPLES packets of each pair of its stations, at most. */
  measure(sets: readonly number[], stationCount: number): StationDeltas {
    const places = stationCount > FEW_STATIONS ? new Map<number, number>() : undefined;
    let pairs = places === undefined ? pairOf(0, stationCount) : 0;
    this.makeRoom(pairs);
    this.counts.fill(0, 0, pairs);
    for (const packet of this.spreadPackets(sets)) {
      this.readTimes(packet);
      const { stations, times, sightings } = this;
      for (let a = 0; a < sightings; a += 1)
        for (let b = a + 1; b < sightings; b += 1) {
          if (stations[a] === stations[b]) continue;
          const pair = pairOf(stations[a], stations[b]);
          let place = places === undefined ? pair : places.get(pair);
          if (place === undefined) {
            place = pairs++;
            places?.set(pair, place);
            this.makeRoom(pairs);
            this.counts[place] = 0;
          }
          const count = this.counts[place];
          if (count === ORDER_SAMPLES) continue;
          this.deltas[place * ORDER_SAMPLES + count] =
            stations[a] > stations[b] ? times[a] - times[b] : times[b] - times[a];
          this.counts[place] = count + 1;
        }
    }
    const numbers: number[] = [];
    for (let place = 0; place < pairs; place += 1) this.summarise(place, numbers);
    return new StationDeltas(numbers, places);
  }

  private makeRoom(pairs: number): void {
    if (this.counts.length >= pairs) return;
    const [{ counts, deltas }, size] = [this, Math.max(64, pairs * 2)];
    this.counts = new Uint8Array(size);
    this.deltas = new Float64Array(size * ORDER_SAMPLES);
    this.counts.set(counts);
    this.deltas.set(deltas);
  }

  private summarise(place: number, numbers: number[]): void {
    const { deltas } = this;
    const from = place * ORDER_SAMPLES;
    const count = this.counts[place];
    if (count === 0) {
      numbers.push(Number.NaN, Number.NaN, Number.NaN);
      return;
    }
    let before = 0;
    let apart = 0;
    for (let i = from; i < from + count; i += 1) {
      if (deltas[i] > 0) before += 1;
      if (deltas[i] !== 0) apart += 1;
    }
    numbers.push(selectAt(deltas, from, from + count, from + (count >> 1)), before, apart);
  }

  /** Packets spread over each set, in order: the first ones of a connection pass before the queues are full. */
  private spreadPackets(sets: readonly number[]): Uint32Array {
    if (this.spread.length < sets.length * ORDER_SAMPLES)
      this.spread = new Uint32Array(sets.length * ORDER_SAMPLES * 2);
    const { spread, firstOfSet, ofSets } = this;
    let length = 0;
    for (const set of sets) {
      const first = firstOfSet[set];
      const all = firstOfSet[set + 1] - first;
      const count = Math.min(ORDER_SAMPLES, all);
      for (let index = 0; index < count; index += 1)
        spread[length++] = ofSets[first + Math.floor((index * all) / count)];
    }
    const packets = spread.subarray(0, length);
    return sets.length === 1 ? packets : packets.sort();
  }

  /** `sets`: all of a direction, which has so many stations. From all packets. */
  measureSpans(sets: readonly number[], stationCount: number): StationSpans {
    const spans = new StationSpans(stationCount);
    for (const set of sets)
      for (const packet of this.packetsOf(set)) {
        this.readTimes(packet);
        const { stations, times, sightings } = this;
        for (let a = 0; a < sightings; a += 1)
          for (let b = a + 1; b < sightings; b += 1)
            if (stations[a] !== stations[b])
              spans.take(stations[a], stations[b], times[b] - times[a]);
      }
    return spans;
  }

  private packetsOf(set: number): Uint32Array {
    return this.ofSets.subarray(this.firstOfSet[set], this.firstOfSet[set + 1]);
  }

  /** Fills `stations` and `times` with those of a packet's sightings. */
  private readTimes(packet: number): void {
    const { firstSighting, sightingTime } = this.pieces!;
    const from = firstSighting[packet];
    const count = firstSighting[packet + 1] - from;
    this.sightings = count;
    if (this.times.length < count) {
      this.stations = new Uint16Array(count * 2);
      this.times = new Float64Array(count * 2);
    }
    const { stations, times, stationOfSighting } = this;
    for (let i = 0; i < count; i += 1) {
      stations[i] = stationOfSighting[from + i];
      times[i] = sightingTime[from + i];
    }
  }
}
