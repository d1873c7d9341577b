// Latency, loss, reordering and duplication between successive stops, over all connections and by direction. What is sent to a group is flooded and has no hops.
import { Distribution } from '../base/distribution';
import type { Direction, HopSummary, OrderGround } from '../model/connection';
import { FATE_LOST } from '../model/fate';
import { NO_STOP, stopPoint } from '../model/stop';
import type { Correlation } from './correlate';
import { findDuplicates, Passages } from './hop-order';
import { captureOfRow } from './input';
import { JOURNEY_YIELD_ROWS } from './limits';
import { patternStop, stopText } from './names';

interface HopCount {
  readonly from: number;
  readonly to: number;
  readonly direction: number;
  journeys: number;
  lost: number;
  reordered: number;
  duplicated: number;
  readonly latencies: Distribution;
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
        reordered: 0,
        duplicated: 0,
        latencies: new Distribution(),
        error: 0,
        orders: new Map(),
      };
      hops.set(key, hop);
    }
    return hop;
  };
  const passed = new Map<HopCount, Passages>();
  let connection = 0;
  for (let journey = 0; journey < journeys.count; journey += 1) {
    if (journey % JOURNEY_YIELD_ROWS === 0) yield journey / journeys.count;
    while (journeys.firstJourney[connection + 1] <= journey) {
      finishConnection(connection);
      connection += 1;
    }
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
        hop.latencies.add(here.time - before.time);
        // Alike ones are joined in order: that they never overtake each other is no finding.
        if (journeys.ambiguous[journey] === 0) {
          const passages = passed.get(hop) ?? new Passages();
          passed.set(hop, passages);
          passages.add(before.time, here.time);
        }
      }
      before = here;
    }
    if (journeys.fate[journey] === FATE_LOST && journeys.lostFrom[journey] !== NO_STOP)
      hopOf(journeys.lostFrom[journey], journeys.lostTo[journey], direction).lost += 1;
  }
  if (journeys.count > 0) finishConnection(connection);
  return [...hops.values()]
    .sort((a, b) => a.direction - b.direction || a.from - b.from || a.to - b.to)
    .map((hop) => finishHop(correlation, hop));

  function finishConnection(index: number): void {
    for (const [hop, passages] of passed) hop.reordered += passages.countReordered();
    passed.clear();
    const { firstJourney } = journeys;
    for (const { from, to, direction } of findDuplicates(
      correlation,
      firstJourney[index],
      firstJourney[index + 1],
    ))
      hopOf(from, to, direction).duplicated += 1;
  }
}

function finishHop(correlation: Correlation, hop: HopCount): HopSummary {
  const { latencies } = hop;
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
    reordered: hop.reordered,
    duplicated: hop.duplicated,
    latencyNs:
      latencies.count === 0 || !comparable
        ? null
        : {
            min: Math.round(latencies.min),
            p50: Math.round(latencies.quantile(0.5)),
            p99: Math.round(latencies.quantile(0.99)),
            max: Math.round(latencies.max),
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
