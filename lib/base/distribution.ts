// How values are spread: least, greatest and any share of them, of as many as there are, in bounded memory. Two can be merged into one.

import { GrowableColumn } from './growable';

/** Values kept as they are; beyond, each counts in its bucket. */
const EXACT = 65_536;
/** Buckets for each doubling: a value read from one is off by half a percent at most. */
const PER_OCTAVE = 64;
/** Up to 2⁵³. */
const OCTAVES = 53;
const SIDE = PER_OCTAVE * OCTAVES;

export class Distribution {
  min = Number.POSITIVE_INFINITY;
  max = Number.NEGATIVE_INFINITY;
  count = 0;
  private values = new GrowableColumn(Float64Array, 16);
  private sorted = true;
  /** Below zero, from the greatest magnitude on; zero; above. Undefined while all values are kept. */
  private buckets: Float64Array | undefined;

  add(value: number): void {
    if (value < this.min) this.min = value;
    if (value > this.max) this.max = value;
    this.count += 1;
    if (this.buckets !== undefined) {
      this.buckets[bucketOf(value)] += 1;
      return;
    }
    this.values.push(value);
    this.sorted = false;
    if (this.values.length > EXACT) this.spill();
  }

  merge(other: Distribution): void {
    if (other.buckets === undefined) {
      for (let i = 0; i < other.values.length; i += 1) this.add(other.values.values[i]);
      return;
    }
    if (this.buckets === undefined) this.spill();
    for (let bucket = 0; bucket < other.buckets.length; bucket += 1)
      this.buckets![bucket] += other.buckets[bucket];
    this.min = Math.min(this.min, other.min);
    this.max = Math.max(this.max, other.max);
    this.count += other.count;
  }

  /** The value that this share (0 … 1) of all does not exceed. There is at least one. */
  quantile(share: number): number {
    const rank = Math.floor((this.count - 1) * share);
    if (this.buckets === undefined) {
      if (!this.sorted) this.values.values.subarray(0, this.count).sort();
      this.sorted = true;
      return this.values.values[rank];
    }
    if (rank === 0) return this.min;
    let below = 0;
    let bucket = 0;
    while (below + this.buckets[bucket] <= rank) {
      below += this.buckets[bucket];
      bucket += 1;
    }
    return Math.min(this.max, Math.max(this.min, middleOf(bucket)));
  }

  private spill(): void {
    this.buckets = new Float64Array(2 * SIDE + 1);
    const { values, length } = this.values;
    for (let i = 0; i < length; i += 1) this.buckets[bucketOf(values[i])] += 1;
    this.values = new GrowableColumn(Float64Array, 1);
  }
}

function bucketOf(value: number): number {
  const magnitude = Math.abs(value);
  if (magnitude < 1) return SIDE;
  const step = Math.min(SIDE - 1, Math.floor(Math.log2(magnitude) * PER_OCTAVE));
  return value > 0 ? SIDE + 1 + step : SIDE - 1 - step;
}

function middleOf(bucket: number): number {
  if (bucket === SIDE) return 0;
  const step = bucket > SIDE ? bucket - SIDE - 1 : SIDE - 1 - bucket;
  const magnitude = 2 ** ((step + 0.5) / PER_OCTAVE);
  return bucket > SIDE ? magnitude : -magnitude;
}
