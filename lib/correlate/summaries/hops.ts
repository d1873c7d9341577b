// Latency, loss, reordering and duplication between successive stops, over all connections and by direction. What is sent to a group is flooded and has no hops.
import { Distribution } from '../../base/distribution';
import { GrowableColumn } from '../../base/growable';
import type { Direction, HopSummary, OrderGround } from '../../model/connection';
import { FATE_LOST } from '../../model/fate';
import { NO_STOP, stopPoint } from '../../model/stop';
import type { ClockModel } from '../clocks/clocks';
import { GreatestError } from '../clocks/greatest-error';
import type { Correlation } from '../correlate';
import type { JourneyBytes } from '../journeys/journey-bytes';
import { SightingTimes } from '../journeys/sighting-times';
import { JOURNEY_YIELD_ROWS } from '../limits';
import type { PlacedPattern } from '../stations/pattern';
import { CutFrames } from './cut-frames';
import { findDuplicates, Passages } from './hop-order';
import { patternStop, stopText } from './names';

/** Latencies of packets, and by how much the worst known of them may be off. */
interface Latencies {
  readonly times: Distribution;
  readonly error: GreatestError;
}

interface HopCount {
  readonly from: number;
  readonly to: number;
  readonly direction: number;
  journeys: number;
  lost: number;
  reordered: number;
  duplicated: number;
  readonly latencies: Latencies;
  /** Of packets that were on their way when a clock may have stepped: told only where there are no others. */
  unsteady: Latencies | undefined;
  /** Of the connection that is counted. */
  readonly passages: Passages;
  readonly cutFrames: CutFrames;
  /** Packets by how sure the order is. */
  readonly orders: Map<OrderGround, number>;
}

/** All hops, ordered by direction, then by stop. */
export function* summariseHops(correlation: Correlation): Generator<number, readonly HopSummary[]> {
  const { firstJourney, count } = correlation.journeys;
  const counter = new HopCounter(correlation);
  for (let connection = 0; connection + 1 < firstJourney.length; connection += 1) {
    const end = firstJourney[connection + 1];
    for (let from = firstJourney[connection]; from < end; from += JOURNEY_YIELD_ROWS) {
      if (counter.isDue(from)) yield from / count;
      counter.take(from, Math.min(end, from + JOURNEY_YIELD_ROWS));
    }
    counter.endConnection(connection);
  }
  correlation.journeys.draft = undefined;
  return counter.counts.sorted().map((hop) => finishHop(correlation, hop));
}

/** Counts journey after journey into the hops that they pass. */
class HopCounter {
  readonly counts: HopCounts;
  private readonly times: SightingTimes;
  private told = 0;

  constructor(private readonly correlation: Correlation) {
    const { journeys, input, clocks } = correlation;
    this.times = new SightingTimes(input, clocks, journeys);
    this.counts = new HopCounts(journeys.patterns, journeys.bytes, clocks);
  }

  /** Whether others are to have their turn before this journey. */
  isDue(journey: number): boolean {
    if (journey - this.told < JOURNEY_YIELD_ROWS) return false;
    this.told = journey;
    return true;
  }

  take(from: number, to: number): void {
    const { journeys } = this.correlation;
    const { patterns, pattern, fate, stops, direction, firstSighting } = journeys;
    this.times.read(firstSighting[from], firstSighting[to]);
    for (let journey = from; journey < to; journey += 1) {
      const { toGroup, wayLength } = patterns[pattern[journey]];
      if (toGroup) continue;
      if (wayLength > 1) this.measure(journey, wayLength);
      if (fate[journey] === FATE_LOST && stops.fromOf(journey) !== NO_STOP)
        this.counts.of(stops.fromOf(journey), stops.toOf(journey), direction[journey]).lost += 1;
    }
  }

  endConnection(connection: number): void {
    const { journeys } = this.correlation;
    for (const hop of this.counts.all) {
      hop.reordered += hop.passages.countReordered();
      hop.passages.clear();
      hop.cutFrames.finish();
    }
    for (const { from, to, direction } of findDuplicates(
      this.correlation,
      journeys.firstJourney[connection],
      journeys.firstJourney[connection + 1],
    ))
      this.counts.of(from, to, direction).duplicated += 1;
  }

  /** The times of a journey's way. */
  private measure(journey: number, wayLength: number): void {
    const { counts } = this;
    const { capture, own, time, base } = this.times;
    const { journeys, clocks } = this.correlation;
    const { sightingRow } = journeys;
    const first = journeys.firstSighting[journey];
    const pattern = journeys.pattern[journey];
    const isAmbiguous = journeys.ambiguous[journey] === 1;
    for (let s = first + 1; s < first + wayLength; s += 1) {
      const [a, b] = [s - 1 - base, s - base];
      const hop = counts.at(pattern, s - first - 1);
      const isSteady = !clocks.hasSteps || clocks.isSteady(capture[a], own[a], capture[b], own[b]);
      const { error, times } = isSteady ? hop.latencies : counts.unsteadyOf(hop);
      error.add(capture[a], own[a], capture[b], own[b]);
      const latency = time[b] - time[a];
      times.add(latency);
      if (!isSteady) continue;
      // Alike ones are joined in order: that they never overtake each other is no finding.
      if (!isAmbiguous) hop.passages.add(time[a], time[b]);
      hop.cutFrames.add(journey, sightingRow[s - 1], sightingRow[s], latency);
    }
  }
}

/** The hops by number, and those that each pattern passes. */
class HopCounts {
  readonly all: HopCount[] = [];
  private readonly indexOfKey = new Map<string, number>();
  /** By pattern: where the hops of its way begin in `hops`. */
  private readonly first: Uint32Array;
  private readonly hops = new GrowableColumn(Uint32Array);

  constructor(
    patterns: readonly PlacedPattern[],
    private readonly bytes: JourneyBytes,
    private readonly clocks: ClockModel,
  ) {
    this.first = new Uint32Array(patterns.length);
    for (const [index, pattern] of patterns.entries()) {
      this.first[index] = this.hops.length;
      if (!pattern.toGroup) this.addWay(pattern);
    }
  }

  /** The hop from a position of a pattern's way to the next. */
  at(pattern: number, position: number): HopCount {
    return this.all[this.hops.values[this.first[pattern] + position]];
  }

  of(from: number, to: number, direction: number): HopCount {
    return this.all[this.indexOf(from, to, direction)];
  }

  unsteadyOf(hop: HopCount): Latencies {
    hop.unsteady ??= this.noLatencies();
    return hop.unsteady;
  }

  sorted(): readonly HopCount[] {
    return [...this.all].sort(
      (a, b) => a.direction - b.direction || a.from - b.from || a.to - b.to,
    );
  }

  private addWay(pattern: PlacedPattern): void {
    const { stations, order, passage, edges, wayLength, direction, uses } = pattern;
    for (let position = 0; position + 1 < wayLength; position += 1) {
      const from = patternStop(stations, order[position], passage[position]);
      const to = patternStop(stations, order[position + 1], passage[position + 1]);
      const index = this.indexOf(from, to, direction);
      this.hops.push(index);
      const hop = this.all[index];
      hop.journeys += uses;
      hop.orders.set(edges[position], (hop.orders.get(edges[position]) ?? 0) + uses);
    }
  }

  private indexOf(from: number, to: number, direction: number): number {
    const key = `${from}/${to}/${direction}`;
    let index = this.indexOfKey.get(key);
    if (index === undefined) {
      index =
        this.all.push({
          from,
          to,
          direction,
          journeys: 0,
          lost: 0,
          reordered: 0,
          duplicated: 0,
          latencies: this.noLatencies(),
          unsteady: undefined,
          passages: new Passages(),
          cutFrames: new CutFrames(this.bytes),
          orders: new Map(),
        }) - 1;
      this.indexOfKey.set(key, index);
    }
    return index;
  }

  private noLatencies(): Latencies {
    return { times: new Distribution(), error: new GreatestError(this.clocks) };
  }
}

function finishHop(correlation: Correlation, hop: HopCount): HopSummary {
  const told = hop.latencies.times.count > 0 ? hop.latencies : (hop.unsteady ?? hop.latencies);
  const { times, error: greatest } = told;
  const { error } = greatest;
  const comparable = correlation.clocks.comparable(
    correlation.input.points[stopPoint(hop.from)].capture,
    correlation.input.points[stopPoint(hop.to)].capture,
  );
  const cutFrames = comparable ? hop.cutFrames.summarise() : undefined;
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
      times.count === 0 || !comparable
        ? null
        : {
            min: Math.round(times.min),
            p50: Math.round(times.quantile(0.5)),
            p99: Math.round(times.quantile(0.99)),
            max: Math.round(times.max),
            error: error === null ? null : Math.round(error),
          },
    ...(cutFrames === undefined ? {} : { cutFrames }),
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
