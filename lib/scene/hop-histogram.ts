// Latencies of the hops of a path as small histograms on one logarithmic axis, so that a slow hop stands to the right of a fast one.
import { LOG_BUCKETS, logBucket } from '../base/log-buckets';

/** Buckets of lib/base/log-buckets.ts that the axis begins and ends with. */
export interface HistogramAxis {
  readonly first: number;
  readonly end: number;
}

/** What is shorter, or negative by the clocks' error, stands in the first bar. */
const LEAST_BUCKET = logBucket(100);

/** From the shortest latency of any of the hops to the longest; null where none is known. */
export function histogramAxis(hops: readonly Uint32Array[]): HistogramAxis | null {
  let first = LOG_BUCKETS;
  let end = 0;
  for (const buckets of hops)
    buckets.forEach((count, bucket) => {
      if (count === 0) return;
      first = Math.min(first, Math.max(LEAST_BUCKET, bucket));
      end = Math.max(end, first + 1, bucket + 1);
    });
  return end === 0 ? null : { first, end };
}

/** Heights 0 … 1 of `bars` bars over the axis: square roots of the shares, so that a rare latency is seen. */
export function histogramBars(
  buckets: Uint32Array,
  { first, end }: HistogramAxis,
  bars: number,
): Float64Array {
  const sums = new Float64Array(bars);
  for (let bucket = 0; bucket < end; bucket++)
    sums[Math.floor((Math.max(0, bucket - first) * bars) / (end - first))] += buckets[bucket];
  const most = sums.reduce((greatest, sum) => Math.max(greatest, sum), 0);
  return most === 0 ? sums : sums.map((sum) => Math.sqrt(sum / most));
}
