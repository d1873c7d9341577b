// Latency and loss between successive stops, over all connections and by direction. What is sent to a group is flooded and has no hops.
import type { Direction, HopSummary, OrderGround } from '../model/connection';
import { FATE_LOST } from '../model/fate';
import { NO_STOP, stopPoint } from '../model/stop';
import type { Correlation } from './correlate';
import { captureOfRow } from './input';
import { JOURNEY_YIELD_ROWS } from './limits';
import { patternStop, stopText } from './names';

/** Latencies kept for the percentiles of a hop. */
const HOP_SAMPLES = 65_536;

interface HopCount {
  readonly from: number;
  readonly to: number;
  readonly direction: number;
  journeys: number;
  lost: number;
  readonly latencies: number[];
  error: number | null;
  /** Packets by how sure the order is. */
  readonly orders: Map<OrderGround, number>;
}

/** All hops, ordered by direction, then by stop. */
export function* summariseHops(correlation: Correlation): Generator<number, readonly HopSummary[]> {
  const { journeys, input, clocks } = correlation;
  const hops = new Map<string, HopCount>();
  const hopOf = (from: number, to: number, direction: number): HopCount => {
    const key = `${from}/${to}/${direction}`;
    let hop = hops.get(key);
    if (hop === undefined) {
      hop = {
        from,
        to,
        direction,
        journeys: 0,
        lost: 0,
        latencies: [],
        error: 0,
        orders: new Map(),
      };
      hops.set(key, hop);
    }
    return hop;
  };
  for (let journey = 0; journey < journeys.count; journey += 1) {
    if (journey % JOURNEY_YIELD_ROWS === 0) yield journey / journeys.count;
    const pattern = journeys.patterns[journeys.pattern[journey]];
    if (pattern.toGroup) continue;
    const direction = journeys.direction[journey];
    const first = journeys.firstSighting[journey];
    let before: { stop: number; capture: number; own: number; time: number } | undefined;
    for (let position = 0; position < pattern.wayLength; position += 1) {
      const globalRow = journeys.sightingRow[first + position];
      const capture = captureOfRow(input, globalRow);
      const own = input.captures[capture].table.get('time', globalRow - input.rowBase[capture]);
      const here = {
        stop: patternStop(pattern.stations, pattern.order[position], pattern.passage[position]),
        capture,
        own,
        time: clocks.referenceTime(capture, own),
      };
      if (before !== undefined) {
        const hop = hopOf(before.stop, here.stop, direction);
        hop.journeys += 1;
        const edge = pattern.edges[position - 1];
        hop.orders.set(edge, (hop.orders.get(edge) ?? 0) + 1);
        const error = clocks.errorAt(before.capture, before.own, capture, own);
        hop.error = error === null || hop.error === null ? null : Math.max(error, hop.error);
        if (hop.latencies.length < HOP_SAMPLES) hop.latencies.push(here.time - before.time);
        else hop.latencies[hop.journeys % HOP_SAMPLES] = here.time - before.time;
      }
      before = here;
    }
    if (journeys.fate[journey] === FATE_LOST && journeys.lostFrom[journey] !== NO_STOP)
      hopOf(journeys.lostFrom[journey], journeys.lostTo[journey], direction).lost += 1;
  }
  return [...hops.values()]
    .sort((a, b) => a.direction - b.direction || a.from - b.from || a.to - b.to)
    .map((hop) => finishHop(correlation, hop));
}

function finishHop(correlation: Correlation, hop: HopCount): HopSummary {
  const sorted = Float64Array.from(hop.latencies).sort();
  const comparable = correlation.clocks.comparable(
    correlation.input.points[stopPoint(hop.from)].capture,
    correlation.input.points[stopPoint(hop.to)].capture,
  );
  const direction: Direction = hop.direction === 0 ? 'forward' : 'reverse';
  return {
    from: stopText(correlation, hop.from),
    to: stopText(correlation, hop.to),
    direction,
    journeys: hop.journeys,
    lost: hop.lost,
    latencyNs:
      sorted.length === 0 || !comparable
        ? null
        : {
            min: Math.round(sorted[0]),
            p50: Math.round(sorted[Math.floor((sorted.length - 1) * 0.5)]),
            p99: Math.round(sorted[Math.floor((sorted.length - 1) * 0.99)]),
            max: Math.round(sorted[sorted.length - 1]),
            error: hop.error === null ? null : Math.round(hop.error),
          },
    ...(hop.orders.size > 0 ? { order: usualOrder(hop.orders) } : {}),
  };
}

/** What most of the hop's packets say. */
function usualOrder(orders: ReadonlyMap<OrderGround, number>): OrderGround {
  const counts = new Map<string, { order: OrderGround; packets: number }>();
  for (const [order, packets] of orders) {
    const key = `${order.confidence}/${order.ground}`;
    const entry = counts.get(key);
    if (entry) entry.packets += packets;
    else counts.set(key, { order, packets });
  }
  return [...counts].sort(
    ([keyA, a], [keyB, b]) => b.packets - a.packets || (keyA < keyB ? -1 : 1),
  )[0][1].order;
}
