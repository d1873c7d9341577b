// Samples of one side of two captures' clocks, from as many connections as there are. Beyond the limit every second one is dropped, so that the whole
// span stays covered: of two that follow each other in time the one that bounds more closely stays.
import { GrowableColumn } from '../../base/growable';
import { sortedOrder } from '../../base/sort-order';
import { CLOCK_SAMPLES } from '../limits';
import type { Sample } from './clock-bounds';
import type { SampleColumns } from './pair-samples';

export class KeptSamples {
  private readonly time = new GrowableColumn(Float64Array, 16);
  private readonly delta = new GrowableColumn(Float64Array, 16);

  /** `side` 1: the lower of two bounds more closely; −1: the higher. */
  constructor(private readonly side: 1 | -1) {}

  get length(): number {
    return this.time.length;
  }

  add({ count, time, delta }: SampleColumns): void {
    for (let i = 0; i < count; i += 1) {
      if (Number.isNaN(delta[i])) continue;
      this.time.push(time[i]);
      this.delta.push(delta[i]);
    }
    while (this.length > CLOCK_SAMPLES * 2) this.thin();
  }

  addAll(samples: readonly Sample[]): void {
    this.add({
      count: samples.length,
      time: Float64Array.from(samples, ({ time }) => time),
      delta: Float64Array.from(samples, ({ delta }) => delta),
    });
  }

  /** In the order they were added, or in that of time. */
  samples(): Sample[] {
    const [time, delta] = [this.time.values, this.delta.values];
    return Array.from({ length: this.length }, (_, i) => ({ time: time[i], delta: delta[i] }));
  }

  private thin(): void {
    const { length } = this;
    const [time, delta] = [this.time.values, this.delta.values];
    const order = sortedOrder(time.subarray(0, length));
    const [times, deltas] = [time.slice(0, length), delta.slice(0, length)];
    let kept = 0;
    for (let i = 0; i < length; i += 2, kept += 1) {
      const one = order[i];
      const other = i + 1 < length ? order[i + 1] : one;
      const closer = (deltas[other] - deltas[one]) * this.side < 0 ? other : one;
      time[kept] = times[closer];
      delta[kept] = deltas[closer];
    }
    this.time.length = this.delta.length = kept;
  }
}
