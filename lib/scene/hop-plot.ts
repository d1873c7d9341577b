// Geometry of the plots of one hop: latency over time on a logarithmic scale, losses, and how often each latency occurs. No DOM.
import { scaleLog } from 'd3-scale';
import { LOG_BUCKETS, logBucketStart } from '../base/log-buckets';

/** ns; what is shorter stands at the foot of the plot. */
const LEAST_NS = 100;
/** Ticks nearer to each other are left out. */
const TICK_PX = 24;

export interface LatencyScale {
  /** px from the top. */
  readonly y: (ns: number) => number;
  readonly ticks: readonly number[];
}

/** From the shortest at the bottom to the longest at the top, in powers of ten where there is room. Undefined values do not count. */
export function latencyScale(
  latencies: Iterable<number>,
  topPx: number,
  bottomPx: number,
): LatencyScale | null {
  let low = Number.POSITIVE_INFINITY;
  let high = 0;
  for (const ns of latencies) {
    if (Number.isNaN(ns)) continue;
    low = Math.min(low, Math.max(LEAST_NS, ns));
    high = Math.max(high, Math.max(LEAST_NS, ns));
  }
  if (high === 0) return null;
  const scale = scaleLog()
    .domain([low * 0.9, high * 1.1])
    .range([bottomPx, topPx]);
  const most = Math.max(2, Math.floor((bottomPx - topPx) / TICK_PX));
  const all = scale.ticks(most);
  const tens = all.filter((tick) => Number.isInteger(Math.log10(tick) + 1e-9 - 1e-9));
  const ticks = tens.length >= 2 ? tens : all;
  const every = Math.ceil(ticks.length / most);
  return {
    y: (ns) => scale(Math.max(low, ns)),
    ticks: ticks.filter((_, k) => k % every === 0),
  };
}

export interface LatencyBar {
  /** ns. */
  readonly from: number;
  readonly to: number;
  readonly packets: number;
  /** 0 … 1, of the bar with most. */
  readonly share: number;
}

/** The buckets that hold a packet. */
export function latencyBars(buckets: Uint32Array): readonly LatencyBar[] {
  const most = buckets.reduce((greatest, count) => Math.max(greatest, count), 0);
  const bars: LatencyBar[] = [];
  for (let bucket = 0; bucket < LOG_BUCKETS; bucket += 1)
    if (buckets[bucket] > 0)
      bars.push({
        from: logBucketStart(bucket),
        to: logBucketStart(bucket + 1),
        packets: buckets[bucket],
        share: buckets[bucket] / most,
      });
  return bars;
}

/** The row nearest to x, y within `reachPx`; undefined where none is. */
export function nearestPoint(
  x: Float64Array,
  y: Float64Array,
  at: { readonly x: number; readonly y: number },
  reachPx: number,
): number | undefined {
  let best: number | undefined;
  let least = reachPx * reachPx;
  for (let row = 0; row < x.length; row += 1) {
    const distance = (x[row] - at.x) ** 2 + (y[row] - at.y) ** 2;
    if (distance <= least) {
      least = distance;
      best = row;
    }
  }
  return best;
}
