// How long packets take from station to station of one direction, from the first few packets that showed both: measured when the order is asked
// for, from the packets themselves.
import { lowerBound } from '../base/bisect';
import type { ClockModel } from './clocks';
import { type CorrelationInput, captureOfRow } from './input';
import { ORDER_SAMPLES } from './limits';
import type { PieceTable } from './piece-table';
import type { StationSet } from './station-set';

/** Numbers kept for a pair of stations: median, how many packets came to the lower one first, and how many not to both at once. */
const NUMBERS = 3;
const MOST_STATIONS = 65_536;

/** Of all pairs of stations (the lower number first) that packets showed. */
export class StationDeltas {
  constructor(
    /** Rising: lower × MOST_STATIONS + higher. */
    private readonly keys: readonly number[],
    private readonly numbers: readonly number[],
  ) {}

  median(a: number, b: number): number | undefined {
    const at = this.find(a, b);
    if (at === undefined) return undefined;
    return a > b ? -this.numbers[at] : this.numbers[at];
  }

  shareBefore(a: number, b: number): number | undefined {
    const at = this.find(a, b);
    if (at === undefined) return undefined;
    const [before, apart] = [this.numbers[at + 1], this.numbers[at + 2]];
    if (apart === 0) return 0;
    return (a > b ? apart - before : before) / apart;
  }

  private find(a: number, b: number): number | undefined {
    const key = keyOf(a, b);
    const at = lowerBound(this.keys, key);
    return this.keys[at] === key ? at * NUMBERS : undefined;
  }
}

/** Least and greatest difference, of all packets that showed both. */
export class StationSpans {
  constructor(private readonly spans: ReadonlyMap<number, readonly [number, number]>) {}

  longest(a: number, b: number): number | undefined {
    const span = this.spans.get(keyOf(a, b));
    return span === undefined ? undefined : a > b ? -span[0] : span[1];
  }
}

const keyOf = (a: number, b: number): number =>
  a > b ? b * MOST_STATIONS + a : a * MOST_STATIONS + b;

/** The packets of each set of stations, in order. */
export class DeltaSamples {
  private firstOfSet = new Uint32Array(0);
  private ofSets = new Uint32Array(0);
  private times = new Float64Array(0);
  private pieces: PieceTable | undefined;
  private stationOfSighting: Uint16Array = new Uint16Array(0);

  constructor(
    private readonly input: CorrelationInput,
    private readonly clocks: ClockModel,
  ) {}

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

  /** `sets`: all of a direction. From the first ORDER_SAMPLES packets of each pair of stations. */
  measure(sets: readonly number[]): StationDeltas {
    const deltas = new Map<number, number[]>();
    // The first of each pair are among the first of each set.
    const packets = sets.map((set) => this.packetsOf(set).subarray(0, ORDER_SAMPLES));
    const inOrder =
      sets.length === 1
        ? packets[0]
        : Uint32Array.from(packets.flatMap((ofSet) => [...ofSet])).sort();
    for (const packet of inOrder)
      this.observe(packet, (key, delta) => {
        const list = deltas.get(key);
        if (list === undefined) deltas.set(key, [delta]);
        else if (list.length < ORDER_SAMPLES) list.push(delta);
      });
    const keys = [...deltas.keys()].sort((a, b) => a - b);
    const numbers: number[] = [];
    for (const key of keys) {
      const sorted = Float64Array.from(deltas.get(key)!).sort();
      let before = 0;
      let apart = 0;
      for (const delta of sorted) {
        if (delta > 0) before += 1;
        if (delta !== 0) apart += 1;
      }
      numbers.push(sorted[sorted.length >> 1], before, apart);
    }
    return new StationDeltas(keys, numbers);
  }

  /** From all packets. */
  measureSpans(sets: readonly number[]): StationSpans {
    const spans = new Map<number, [number, number]>();
    for (const set of sets)
      for (const packet of this.packetsOf(set))
        this.observe(packet, (key, delta) => {
          const span = spans.get(key);
          if (span === undefined) spans.set(key, [delta, delta]);
          else if (delta < span[0]) span[0] = delta;
          else if (delta > span[1]) span[1] = delta;
        });
    return new StationSpans(spans);
  }

  private packetsOf(set: number): Uint32Array {
    return this.ofSets.subarray(this.firstOfSet[set], this.firstOfSet[set + 1]);
  }

  /** Tells of every two sightings of a packet: time at the higher station − time at the lower one. */
  private observe(packet: number, tell: (key: number, delta: number) => void): void {
    const { stationOfSighting, times } = this;
    const { firstSighting, sightingRow } = this.pieces!;
    const [from, to] = [firstSighting[packet], firstSighting[packet + 1]];
    if (times.length < to - from) this.times = new Float64Array(to - from);
    for (let s = from; s < to; s += 1) {
      const capture = captureOfRow(this.input, sightingRow[s]);
      const row = sightingRow[s] - this.input.rowBase[capture];
      const time = this.input.captures[capture].table.get('time', row);
      this.times[s - from] = this.clocks.referenceTime(capture, time);
    }
    for (let a = from; a < to; a += 1)
      for (let b = a + 1; b < to; b += 1) {
        const [timeA, timeB] = [this.times[a - from], this.times[b - from]];
        const flip = stationOfSighting[a] > stationOfSighting[b];
        tell(
          keyOf(stationOfSighting[a], stationOfSighting[b]),
          flip ? timeA - timeB : timeB - timeA,
        );
      }
  }
}
