// What each hop cost over time: packets, losses and latencies in equal bins of the whole span, and the single latencies of one hop.
import { lowerBound, upperBound } from '../base/bisect';
import { GrowableColumn } from '../base/growable';
import { LOG_BUCKETS, logBucket, logQuantile } from '../base/log-buckets';
import { captureOfRow } from '../correlate/input/input';
import { patternStop, stopText } from '../correlate/summaries/names';
import type { Direction } from '../model/connection';
import { FATE_LOST } from '../model/fate';
import { NO_STOP, stopPoint } from '../model/stop';
import { yieldToEventLoop } from '../read/event-loop';
import type { Analysis } from './analysis';
import { spanOfJourneys } from './overview';
import type { HopPoints, HopSeries, HopSeriesWindow } from './protocol';

/** Time between two looks at the queue. */
const SLICE_MS = 8;
const LOOK_EVERY = 1024;
/** Hops told at most: those with most packets. */
const MOST_HOPS = 64;
const MOST_BINS = 1024;

/** Which journeys count; both null: all. */
export interface JourneyChoice {
  /** By journey: 1 where the display filter lets it through. */
  readonly matched: Uint8Array | null;
  /** By connection: 1 where it was asked for. */
  readonly connections: Uint8Array | null;
}

/**
 * A journey on one hop. `latency` is NaN where the packet was lost on it; `row` is the global row of the sighting after the hop, or of the last before
 * the loss, `before` of the one that it left.
 */
type Visit = (
  from: number,
  to: number,
  direction: number,
  time: number,
  latency: number,
  row: number,
  before: number,
) => void;

type Span = readonly [number, number];

/** A packet that left longer than this before a span is not looked for in it, ns. */
const LONGEST_WAY_NS = 1e9;

/** Ranges of journeys: of each connection wanted those that can be on their way within the span, all without one. */
function rangesOf(
  { correlation: { journeys, connections } }: Analysis,
  wanted: Uint8Array | null,
  span: Span | null,
): readonly Span[] {
  if (wanted === null && span === null) return [[0, journeys.count]];
  const ranges: Span[] = [];
  for (let connection = 0; connection < connections.count; connection += 1) {
    if (wanted?.[connection] === 0) continue;
    const [first, end] = [journeys.firstJourney[connection], journeys.firstJourney[connection + 1]];
    const from =
      span === null ? first : lowerBound(journeys.time, span[0] - LONGEST_WAY_NS, first, end);
    const to = span === null ? end : upperBound(journeys.time, span[1], from, end);
    if (to > from) ranges.push([from, to]);
  }
  return ranges;
}

/** `begin`: once for each journey, with the time it left at. */
async function walkHops(
  analysis: Analysis,
  choice: JourneyChoice,
  span: Span | null,
  visit: Visit,
  begin: (time: number) => void,
  signal: AbortSignal,
): Promise<void> {
  let sliceEnd = performance.now() + SLICE_MS;
  for (const [from, to] of rangesOf(analysis, choice.connections, span))
    for (let journey = from; journey < to; journey += 1) {
      if (journey % LOOK_EVERY === LOOK_EVERY - 1 && performance.now() > sliceEnd) {
        await yieldToEventLoop();
        signal.throwIfAborted();
        sliceEnd = performance.now() + SLICE_MS;
      }
      if (choice.matched?.[journey] === 0) continue;
      begin(analysis.correlation.journeys.time[journey]);
      walkJourney(analysis, journey, visit);
    }
}

function walkJourney({ correlation }: Analysis, journey: number, visit: Visit): void {
  const { journeys, input, clocks } = correlation;
  const pattern = journeys.patterns[journeys.pattern[journey]];
  if (pattern.toGroup) return;
  const first = journeys.firstSighting[journey];
  const direction = journeys.direction[journey];
  let stop = NO_STOP;
  let time = Number.NaN;
  let row = 0;
  for (let position = 0; position < pattern.wayLength; position += 1) {
    const before = row;
    row = journeys.sightingRow[first + position];
    const capture = captureOfRow(input, row);
    const { table } = input.captures[capture];
    const here = clocks.referenceTime(capture, table.get('time', row - input.rowBase[capture]));
    const next = patternStop(pattern.stations, pattern.order[position], pattern.passage[position]);
    if (position > 0) visit(stop, next, direction, time, here - time, row, before);
    stop = next;
    time = here;
  }
  if (journeys.fate[journey] === FATE_LOST && journeys.stops.fromOf(journey) !== NO_STOP)
    visit(
      journeys.stops.fromOf(journey),
      journeys.stops.toOf(journey),
      direction,
      time,
      Number.NaN,
      row,
      row,
    );
}

/** A frame as the clocks know it: its capture, and the time in that one's column. */
function placeOf({ correlation: { input } }: Analysis, row: number): readonly [number, number] {
  const capture = captureOfRow(input, row);
  return [capture, input.captures[capture].table.get('time', row - input.rowBase[capture])];
}

interface Tally {
  readonly from: number;
  readonly to: number;
  readonly direction: number;
  readonly journeys: Uint32Array<ArrayBuffer>;
  readonly lost: Uint32Array<ArrayBuffer>;
  /** Buckets of each bin, one after the other. */
  readonly buckets: Uint32Array;
  total: number;
}

/** In bins of the span, of the whole time where that is null. Rejects with AbortError. */
export async function computeHopSeries(
  analysis: Analysis,
  wantedBins: number,
  choice: JourneyChoice,
  span: Span | null,
  revision: number,
  signal: AbortSignal,
): Promise<HopSeriesWindow> {
  const bins = Math.max(1, Math.min(MOST_BINS, Math.floor(wantedBins)));
  const whole = spanOfJourneys(analysis);
  const [from, to] = span ?? [whole.from, whole.to];
  const packets = new Uint32Array(bins);
  const binOf = (time: number): number =>
    Math.max(0, Math.min(bins - 1, Math.floor((time - from) * scale)));
  const isWithin = (time: number): boolean => span === null || (time >= from && time <= to);
  const scale = to > from ? bins / (to - from) : 0;
  const { clocks } = analysis.correlation;
  const tallies = new Map<number, Map<number, Tally>>();
  const tallyOf = (start: number, stop: number, direction: number): Tally => {
    const outer = start * 2 + direction;
    let inner = tallies.get(outer);
    if (inner === undefined) {
      inner = new Map();
      tallies.set(outer, inner);
    }
    let tally = inner.get(stop);
    if (tally === undefined) {
      tally = {
        from: start,
        to: stop,
        direction,
        journeys: new Uint32Array(bins),
        lost: new Uint32Array(bins),
        buckets: new Uint32Array(bins * LOG_BUCKETS),
        total: 0,
      };
      inner.set(stop, tally);
    }
    return tally;
  };
  await walkHops(
    analysis,
    choice,
    span,
    (start, stop, direction, time, latency, row, before) => {
      if (!isWithin(time)) return;
      const tally = tallyOf(start, stop, direction);
      const bin = binOf(time);
      tally.total += 1;
      if (Number.isNaN(latency)) tally.lost[bin] += 1;
      else {
        tally.journeys[bin] += 1;
        // As in the hops' figures: of what was on its way when a clock may have stepped, nothing tells how long that took.
        if (
          !clocks.hasSteps ||
          clocks.isSteady(...placeOf(analysis, before), ...placeOf(analysis, row))
        )
          tally.buckets[bin * LOG_BUCKETS + logBucket(latency)] += 1;
      }
    },
    (time) => {
      if (isWithin(time)) packets[binOf(time)] += 1;
    },
    signal,
  );
  const all = [...tallies.values()].flatMap((inner) => [...inner.values()]);
  const hops = all
    .sort((a, b) => b.total - a.total)
    .slice(0, MOST_HOPS)
    .sort((a, b) => a.direction - b.direction || a.from - b.from || a.to - b.to)
    .map((tally) => finishTally(analysis, tally, bins));
  return { revision, from, to, packets, hops };
}

function finishTally(analysis: Analysis, tally: Tally, bins: number): HopSeries {
  const { correlation } = analysis;
  const comparable = isComparable(analysis, tally.from, tally.to);
  const buckets = new Uint32Array(LOG_BUCKETS);
  const median = new Float64Array(bins).fill(Number.NaN);
  const high = new Float64Array(bins).fill(Number.NaN);
  if (comparable)
    for (let bin = 0; bin < bins; bin += 1) {
      const at = bin * LOG_BUCKETS;
      for (let bucket = 0; bucket < LOG_BUCKETS; bucket += 1)
        buckets[bucket] += tally.buckets[at + bucket];
      median[bin] = logQuantile(tally.buckets, 0.5, at);
      high[bin] = logQuantile(tally.buckets, 0.99, at);
    }
  return {
    from: stopText(correlation, tally.from),
    to: stopText(correlation, tally.to),
    direction: directionText(tally.direction),
    journeys: tally.journeys,
    lost: tally.lost,
    median,
    high,
    buckets,
  };
}

const directionText = (direction: number): Direction => (direction === 0 ? 'forward' : 'reverse');

/** False where the clocks of the two are not known against each other. */
const isComparable = ({ correlation }: Analysis, from: number, to: number): boolean => {
  const { points } = correlation.input;
  return correlation.clocks.comparable(
    points[stopPoint(from)].capture,
    points[stopPoint(to)].capture,
  );
};

/**
 * The packets of one hop, a row each, in order of time; of more than `limit` the losses, the slowest and an even choice of the others.
 * Null where no packet took the hop, or the clocks of its ends are not known against each other. Rejects with AbortError.
 */
export async function readHopPoints(
  analysis: Analysis,
  hop: { readonly from: string; readonly to: string; readonly direction: Direction },
  choice: JourneyChoice,
  limit: number,
  signal: AbortSignal,
): Promise<HopPoints | null> {
  const { correlation } = analysis;
  const { input } = correlation;
  const texts = new Map<number, string>();
  const textOf = (stop: number): string => {
    const known = texts.get(stop) ?? stopText(correlation, stop);
    texts.set(stop, known);
    return known;
  };
  const wanted = hop.direction === 'forward' ? 0 : 1;
  const time = new GrowableColumn(Float64Array);
  const latency = new GrowableColumn(Float64Array);
  const rows = new GrowableColumn(Float64Array);
  const rowsBefore = new GrowableColumn(Float64Array);
  let ends: readonly [number, number] | undefined;
  await walkHops(
    analysis,
    choice,
    null,
    (from, to, direction, at, took, row, before) => {
      if (direction !== wanted || textOf(from) !== hop.from || textOf(to) !== hop.to) return;
      ends ??= [from, to];
      time.push(at);
      latency.push(took);
      rows.push(row);
      rowsBefore.push(before);
    },
    () => undefined,
    signal,
  );
  if (ends === undefined || !isComparable(analysis, ...ends)) return null;
  const errorOf = (before: number, row: number): number =>
    correlation.clocks.errorAt(...placeOf(analysis, before), ...placeOf(analysis, row)) ??
    Number.POSITIVE_INFINITY;
  const kept = choosePoints(latency.finish(), limit).sort(
    (a, b) => time.values[a] - time.values[b] || a - b,
  );
  const capture = Uint16Array.from(kept, (k) => captureOfRow(input, rows.values[k]));
  return {
    time: Float64Array.from(kept, (k) => time.values[k]),
    latency: Float64Array.from(kept, (k) => latency.values[k]),
    error: Float64Array.from(kept, (k) => errorOf(rowsBefore.values[k], rows.values[k])),
    files: input.captures.map(({ file }) => file),
    frame: Uint32Array.from(kept, (k, at) => rows.values[k] - input.rowBase[capture[at]] + 1),
    capture,
    omitted: time.length - kept.length,
  };
}

/** Rows to keep: all, or half of the room for losses and the slowest, half for an even choice of the rest. */
function choosePoints(latency: Float64Array, limit: number): number[] {
  const all = Array.from(latency.keys());
  if (all.length <= limit) return all;
  const half = Math.floor(limit / 2);
  const bySlowness = Float64Array.from(latency, (ns) =>
    Number.isNaN(ns) ? Number.POSITIVE_INFINITY : ns,
  );
  const threshold = bySlowness.slice().sort()[latency.length - half];
  const slow = all.filter((k) => bySlowness[k] >= threshold).slice(0, half);
  const isSlow = new Uint8Array(latency.length);
  for (const k of slow) isSlow[k] = 1;
  const rest = all.filter((k) => isSlow[k] === 0);
  const stride = Math.ceil(rest.length / (limit - slow.length));
  return [...slow, ...rest.filter((_, k) => k % stride === 0)];
}
