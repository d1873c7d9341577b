// Which captures have one clock. Each packet that two captures saw limits the difference of their clocks from one side, and limits add up along
// chains of captures (difference constraints, shortest paths): a point that all packets only enter is held from both sides by its neighbours.

import type { CorrelationCapture, CorrelationInput } from '../input/input';
import { ONE_CLOCK_GAP_NS, ONE_HOST_GAP_NS, ONE_WAY_GAP_NS } from '../limits';
import { boundAt, type Sample, TAP_JITTER_NS, widestRoom } from './clock-bounds';
import type { PairEvidence } from './clock-evidence';
import { ANY_SLOPE, fitOffsets } from './clock-segments';
import type { ClockGroups } from './clocks';
import { regroup } from './host-corrections';

/** Parts of the time in each of which samples bound the difference anew, so that a slow drift is not overlooked. */
const WINDOWS = 8;
/** So few samples of all captures are one part. */
const FEW_SAMPLES = 64;
/** Share of a pair's samples that may be strays, and so many of few. */
const STRAYS = 0.02;
const FEW_STRAYS = 2;
/** Ports of a switch that are served one after the other, and the pods behind them, see copies of one frame within this time. */
const COPY_SLACK_NS = 100_000;

/** The evidence speaks of leads: files of one series have one clock. Yields, as all evidence is there, 1. */
export function* groupClocks(
  { captures, corrections }: Pick<CorrelationInput, 'captures' | 'corrections'>,
  evidence: ReadonlyMap<number, PairEvidence>,
): Generator<number, ClockGroups> {
  const leads = captures.map(({ lead }) => lead);
  const count = leads.length;
  const limits: Limits[] = [];
  for (const [key, pair] of evidence) {
    limits.push(...findLimits(key, pair));
    yield 1;
  }
  const always = shortestPaths(count, limits, greatestOfWindows);
  yield 1;
  const gaps = leastGaps(count, limits, evidence);
  yield 1;
  const foundClockOf = joined(leads, (a, b) => gaps[a * count + b] <= ONE_CLOCK_GAP_NS);
  const pairOf = (a: number, b: number): PairEvidence | undefined =>
    evidence.get(Math.min(a, b) * count + Math.max(a, b));
  const membersOf = (clock: number): number[] =>
    leads.flatMap((_, capture) => (foundClockOf[capture] === clock ? [capture] : []));
  // One pair that seems to be of one host says nothing where others of the same two clocks are apart.
  const disagreeing = (a: number, b: number): readonly PairEvidence[] =>
    membersOf(foundClockOf[a]).flatMap((one) =>
      membersOf(foundClockOf[b]).flatMap((other) => {
        const pair = pairOf(one, other);
        return isTwoWay(pair) && contradictsOneClock(pair) ? [pair] : [];
      }),
    );
  const areApart = (a: number, b: number): boolean => disagreeing(a, b).length > 0;
  const foundHostOf = joined(leads, (a, b) => {
    if (foundClockOf[a] === foundClockOf[b]) return true;
    if (gaps[a * count + b] <= ONE_HOST_GAP_NS) return !areApart(a, b);
    const pair = pairOf(a, b);
    return pair !== undefined && isWithinAHost(pair) && !areApart(a, b);
  });
  const [clockOf, hostOf] = [foundClockOf, foundHostOf].map((groups) =>
    regroup(captures, groups, corrections.hosts),
  );
  const apart = new Float64Array(count * count);
  const capturesOf = (clock: number) => captures.filter((_, capture) => clockOf[capture] === clock);
  const apartOf = (a: number, b: number): number => {
    if (foundClockOf[a] === foundClockOf[b] && clockOf[a] === clockOf[b]) return 0;
    // One clock by someone's word: as far apart as packets that run against it say.
    if (clockOf[a] === clockOf[b])
      return disagreeing(a, b).reduce(
        (most, pair) => Math.max(most, directly(pair, spanOf([captures[a], captures[b]]))),
        0,
      );
    if (hostOf[a] !== hostOf[b]) return Number.POSITIVE_INFINITY;
    const pair = pairOf(a, b);
    // Bounds add up along chains: each must hold as long as either clock is looked at.
    const bound = isTwoWay(pair)
      ? directly(pair, spanOf([...capturesOf(clockOf[a]), ...capturesOf(clockOf[b])]))
      : Math.max(always[a * count + b], always[b * count + a]);
    return Math.max(0, bound) + TAP_JITTER_NS;
  };
  for (let a = 0; a < count; a += 1) {
    yield 1;
    for (let b = a; b < count; b += 1) apart[a * count + b] = apart[b * count + a] = apartOf(a, b);
  }
  shorten(count, apart);
  return { clockOf, hostOf, apart };
}

const isTwoWay = (pair: PairEvidence | undefined): pair is PairEvidence =>
  pair !== undefined && pair.onward.length > 0 && pair.back.length > 0;

/** First and last moment of captures. */
function spanOf(captures: readonly CorrelationCapture[]): readonly [number, number] {
  const spans = captures.flatMap((capture) => capture.spans);
  return [Math.min(...spans.map(([from]) => from)), Math.max(...spans.map(([, to]) => to))];
}

/** What the samples of two captures leave for the difference of their clocks, either way, at any moment between two of the first: they may drift. */
function directly({ onward, back }: PairEvidence, ends: readonly [number, number]): number {
  const lines = fitOffsets(onward, back);
  return Math.max(
    ...lines.flatMap(({ from, offset, slope, epoch, bound }, index) =>
      [Math.max(from, ends[0]), Math.min(lines[index + 1]?.from ?? ends[1], ends[1])].map(
        (time) => Math.abs(offset + slope * (time - epoch)) + boundAt(bound, time),
      ),
    ),
  );
}

const negated = (samples: readonly Sample[]): Sample[] =>
  samples.map(({ time, delta }) => ({ time, delta: -delta }));

/**
 * Without the few that run against the clock: wrong pairs, and packets that were on their way while the clock stepped. Each stands alone between
 * others that do not: what stands against the clock from some moment on is a clock of its own.
 */
function withoutStrays(samples: readonly Sample[]): readonly Sample[] {
  const sorted = [...samples].sort((a, b) => a.time - b.time);
  const isAgainst = (index: number): boolean => sorted[index]?.delta < -TAP_JITTER_NS;
  const isStray = (index: number): boolean =>
    isAgainst(index) && index > 0 && index + 1 < sorted.length && !isAgainst(index + 1);
  const kept = sorted.filter((_, index) => !isAgainst(index));
  const strays = sorted.length - kept.length;
  const alone = sorted.filter((_, index) => isStray(index)).length;
  const few = strays <= sorted.length * STRAYS || (strays <= FEW_STRAYS && alone === strays);
  return few ? kept : samples;
}

const deltaOf = ({ delta }: Sample): number => delta;

/** How far the second clock may be ahead at most, and how far behind, by samples that hold no offset. */
const leeway = ({ onward, back }: PairEvidence): readonly [ahead: number, behind: number] => {
  const least = (samples: readonly Sample[]): number =>
    Math.min(...withoutStrays(samples).map(deltaOf));
  return [least(onward), least(negated(back))];
};

/** So many samples on end that run against one clock: two clocks, at least from there on. */
const TELLING_RUN = 3;

/**
 * Samples that run against one clock, most of a side or some on end, and that two clocks would explain. Copies on their way to several ports run against
 * one clock, too, by their delay: both ways they come after the packet, which leaves two clocks no time for a round trip.
 */
function contradictsOneClock({ onward, back }: PairEvidence): boolean {
  const sides = [onward, negated(back)];
  if (sides.some((samples) => longestRun(samples, ONE_HOST_GAP_NS) >= TELLING_RUN)) return true;
  const against = sides.some(
    (samples) =>
      longestRun(samples, COPY_SLACK_NS) >= TELLING_RUN ||
      samples.filter(({ delta }) => delta < -TAP_JITTER_NS).length * 2 > samples.length,
  );
  return against && widestRoom(onward, back, ANY_SLOPE) > 0;
}

/** Most samples on end, in order of time, that run against one clock by more than `slack`. */
function longestRun(samples: readonly Sample[], slack: number): number {
  let run = 0;
  let longest = 0;
  for (const { delta } of [...samples].sort((a, b) => a.time - b.time)) {
    run = delta < -slack ? run + 1 : 0;
    longest = Math.max(longest, run);
  }
  return longest;
}

/** Two-way bounds that hold nearly no offset, or packets one way only, which show delay and offset as one: so little of both is no accident of two clocks. */
function isWithinAHost(pair: PairEvidence): boolean {
  const { onward, back, undirected } = pair;
  if (isTwoWay(pair)) {
    const [ahead, behind] = leeway(pair);
    return Math.min(ahead, behind) >= -COPY_SLACK_NS && ahead + behind <= ONE_HOST_GAP_NS;
  }
  const usual =
    onward.length > 0
      ? Math.min(...onward.map(deltaOf))
      : back.length > 0
        ? Math.max(...back.map(deltaOf))
        : median(undirected);
  return Math.abs(usual) <= ONE_WAY_GAP_NS;
}

function median(samples: readonly Sample[]): number {
  const sorted = samples.map(deltaOf).sort((a, b) => a - b);
  return sorted[sorted.length >> 1] ?? Number.POSITIVE_INFINITY;
}

/** Samples of a pair of captures that limit how far each clock is ahead of the other, by samples that hold no offset. */
interface Limits {
  readonly key: number;
  readonly onward: readonly Sample[];
  readonly back: readonly Sample[];
}

/** None of a pair whose clocks disagree: they would make paths through them that say anything. */
function findLimits(key: number, pair: PairEvidence): readonly Limits[] {
  const [onward, back] = [pair.onward, negated(pair.back)].map(withoutStrays);
  const disagree = [onward, back].some((samples) =>
    samples.some(({ delta }) => delta < -TAP_JITTER_NS),
  );
  return disagree ? [] : [{ key, onward, back }];
}

/** By a × count + b: how far the clock of b is ahead of that of a at most; Infinity where nothing tells. */
function shortestPaths(
  count: number,
  limits: readonly Limits[],
  limitOf: (samples: readonly Sample[]) => number,
): Float64Array {
  const ahead = new Float64Array(count * count).fill(Number.POSITIVE_INFINITY);
  for (let a = 0; a < count; a += 1) ahead[a * count + a] = 0;
  for (const { key, onward, back } of limits) {
    const [a, b] = [Math.floor(key / count), key % count];
    if (onward.length > 0) ahead[key] = limitOf(onward);
    if (back.length > 0) ahead[b * count + a] = limitOf(back);
  }
  shorten(count, ahead);
  return ahead;
}

/**
 * By a × count + b: how little two-way samples leave for the difference of two clocks, in that part of the time that leaves least. The least of each way
 * over all the time would come from two moments, between which clocks that drift have passed each other.
 */
function leastGaps(
  count: number,
  limits: readonly Limits[],
  evidence: ReadonlyMap<number, PairEvidence>,
): Float64Array {
  const gaps = new Float64Array(count * count).fill(Number.POSITIVE_INFINITY);
  for (const [from, to] of windowsOf(evidence)) {
    const ahead = shortestPaths(count, limits, (samples) =>
      samples.reduce(
        (least, { time, delta }) => (time >= from && time <= to ? Math.min(least, delta) : least),
        Number.POSITIVE_INFINITY,
      ),
    );
    for (let a = 0; a < count; a += 1)
      for (let b = 0; b < count; b += 1) {
        const gap = ahead[a * count + b] + ahead[b * count + a];
        gaps[a * count + b] = Math.min(gaps[a * count + b], gap);
      }
  }
  return gaps;
}

/** Parts of the time with as many samples each; each half of one is half of another besides, so that no exchange is cut in two. */
function windowsOf(
  evidence: ReadonlyMap<number, PairEvidence>,
): readonly (readonly [from: number, to: number])[] {
  const times = Float64Array.from(
    [...evidence.values()].flatMap(({ onward, back }) => [...onward, ...back]),
    ({ time }) => time,
  ).sort();
  if (times.length < FEW_SAMPLES) return [[Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY]];
  const at = (halves: number): number =>
    times[Math.min(times.length - 1, Math.floor((times.length * halves) / (2 * WINDOWS)))];
  return Array.from({ length: 2 * WINDOWS - 1 }, (_, index) => [at(index), at(index + 2)]);
}

/** All shortest paths (Floyd and Warshall). */
function shorten(count: number, lengths: Float64Array): void {
  for (let via = 0; via < count; via += 1)
    for (let a = 0; a < count; a += 1)
      for (let b = 0; b < count; b += 1)
        if (a !== b)
          lengths[a * count + b] = Math.min(
            lengths[a * count + b],
            lengths[a * count + via] + lengths[via * count + b],
          );
}

function greatestOfWindows(samples: readonly Sample[]): number {
  const sorted = [...samples].sort((a, b) => a.time - b.time);
  const size = Math.ceil(sorted.length / WINDOWS);
  let greatest = Number.NEGATIVE_INFINITY;
  for (let from = 0; from < sorted.length; from += size)
    greatest = Math.max(greatest, Math.min(...sorted.slice(from, from + size).map(deltaOf)));
  return greatest;
}

/** By number: the lowest one that it is joined to, directly or through others. */
function joined(leads: readonly number[], areOne: (a: number, b: number) => boolean): number[] {
  const groups = [...leads];
  const count = groups.length;
  for (let a = 0; a < count; a += 1)
    for (let b = a + 1; b < count; b += 1) {
      if (groups[a] === groups[b] || !areOne(a, b)) continue;
      const [low, high] = [Math.min(groups[a], groups[b]), Math.max(groups[a], groups[b])];
      for (let index = 0; index < count; index += 1)
        if (groups[index] === high) groups[index] = low;
    }
  return groups;
}
