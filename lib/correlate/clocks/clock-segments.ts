// The offset between two clocks over time, from packets that both saw: one line while the clocks run evenly, a new one where one of them stepped.
// What runs one way lies above the true offset by its delay, what runs the other way below it (ALGORITHMS B3): where no line fits between the two any more, a clock stepped.

import {
  type BoundedLine,
  boundAt,
  boundLine,
  type Sample,
  type Slopes,
  unbound,
  widestRoom,
} from './clock-bounds';

/** From `from` on (time of the first clock) the offset of b against a is offset + slope·(t − epoch), give or take its bound. */
export interface OffsetSegment extends BoundedLine {
  readonly from: number;
  /** First and last moment at which it is sure that this line holds, and neither of its neighbours. Where nothing bounds a line: the span that it fills. */
  readonly firstSure: number;
  readonly lastSure: number;
  /** By the second clock, unless its times come twice: from when on surely no line before this one holds, and until when surely none behind it; infinite where nothing tells. */
  readonly farBegin: number;
  readonly farEnd: number;
}

interface Mark extends Sample {
  /** 1: it ran onward and lies above the offset; −1: it ran back and lies below. */
  readonly side: 1 | -1;
}

/** No crystal is off by more, and no daemon slews faster (500 ppm); two clocks apart by twice that. */
export const ANY_SLOPE: Slopes = { least: -0.001, greatest: 0.001 };
/** Two crystals are off by no more, each by 100 ppm. A drift beyond may be a daemon that slews, or a step which packets do not show: either may be meant. */
const CRYSTAL_SLOPES: Slopes = { least: -0.0002, greatest: 0.0002 };
/** Software timestamps come late by as much (pcap-tstamp(7)); and of steps that are smaller nothing is claimed. */
const SLACK_NS = 100_000;
/** As many samples that fit again behind one that does not: it was a wrong pair, no step. */
const OUTLIER_PROOF = 6;
/** A clock that steps more often is no clock. */
const MOST_SEGMENTS = 64;
/** A step changes no crystal, but the daemon that made it may turn the frequency by so much: drifts of segments differ by no more. */
const SAME_CRYSTAL = 100e-6;

/**
 * Segments in order of time; at least one. Both lists have samples. A stretch seen one way only, against its neighbours, is a segment that nothing
 * bounds: the clock stepped there, and no one can say how far.
 */
export function fitOffsets(
  onward: readonly Sample[],
  back: readonly Sample[],
): readonly OffsetSegment[] {
  const marks: Mark[] = [
    ...onward.map((sample) => ({ ...sample, side: 1 as const })),
    ...back.map((sample) => ({ ...sample, side: -1 as const })),
  ].sort((a, b) => a.time - b.time || a.delta - b.delta);
  const runs = cutAtSteps(marks);
  const told = runs.filter(hasBoth);
  if (told.length === 0) {
    return [{ ...unbound(fitRun(marks, ANY_SLOPE)), ...ALWAYS }];
  }
  const longest = told.reduce((most, run) => (run.length > most.length ? run : most));
  const shared = fitRun(longest, ANY_SLOPE);
  const near: Slopes = {
    least: shared.slopes.least - SAME_CRYSTAL,
    greatest: shared.slopes.greatest + SAME_CRYSTAL,
  };
  const lines = runs.map((run) => {
    if (run === longest) return shared;
    return hasBoth(run) ? fitRun(run, near) : unbound(lineOfOneSide(run, shared));
  });
  const sure = runs.map((run, index) => ({
    first: firstSureOf(run, lines[index - 1], runs[index - 1]),
    last: lastSureOf(run, lines[index + 1], runs[index + 1]),
  }));
  const firstOf = (index: number): number => {
    const first = sure[index].first;
    return first === undefined ? ALWAYS.firstSure : nearOf(lines[index], first, 1);
  };
  const lastOf = (index: number): number => {
    const last = sure[index].last;
    return last === undefined ? ALWAYS.lastSure : nearOf(lines[index], last, -1);
  };
  return lines.map((line, index): OffsetSegment => {
    const { first, last } = sure[index];
    const filled = hasBoth(runs[index])
      ? [firstOf(index), lastOf(index)]
      : [
          index === 0 ? Number.NEGATIVE_INFINITY : lastOf(index - 1),
          index + 1 === runs.length ? Number.POSITIVE_INFINITY : firstOf(index + 1),
        ];
    const from = index === 0 ? Number.NEGATIVE_INFINITY : runs[index][0].time;
    return {
      ...line,
      from,
      firstSure: filled[0],
      lastSure: filled[1],
      farBegin: first === undefined ? ALWAYS.farBegin : farOf(line, first, 1),
      farEnd: last === undefined ? ALWAYS.farEnd : farOf(line, last, -1),
    };
  });
}

/** Of a line that nothing contradicts. */
export const ALWAYS = {
  from: Number.NEGATIVE_INFINITY,
  firstSure: Number.NEGATIVE_INFINITY,
  lastSure: Number.POSITIVE_INFINITY,
  farBegin: Number.POSITIVE_INFINITY,
  farEnd: Number.NEGATIVE_INFINITY,
} as const;

/** What the first clock shows at the later (`sense` 1) or the earlier of a packet's two sightings: on its way, either clock may have stepped. */
function nearOf(line: BoundedLine, { time, delta }: Mark, sense: 1 | -1): number {
  const delay = delta - line.offset - line.slope * (time - line.epoch);
  return time + sense * Math.max(0, sense * delay + boundAt(line.bound, time));
}

/** What the second clock shows at the later (`sense` 1) or the earlier of them. */
function farOf(line: BoundedLine, { time, delta }: Mark, sense: 1 | -1): number {
  const shown = time + line.offset + line.slope * (time - line.epoch);
  const bound = boundAt(line.bound, time);
  return sense * Math.max(sense * (time + delta), sense * shown + bound);
}

/** Marks that a neighbour's line explains as well may lie on either side of the step. */
function firstSureOf(
  run: readonly Mark[],
  line: BoundedLine | undefined,
  before: readonly Mark[] | undefined,
): Mark | undefined {
  if (line === undefined || before === undefined) return undefined;
  const tells = hasBoth(before)
    ? (mark: Mark) => isAgainst(line, mark)
    : (mark: Mark) => mark.side !== before[0].side;
  return run.find(tells) ?? run[run.length - 1];
}

function lastSureOf(
  run: readonly Mark[],
  line: BoundedLine | undefined,
  behind: readonly Mark[] | undefined,
): Mark | undefined {
  if (line === undefined || behind === undefined) return undefined;
  const tells = hasBoth(behind)
    ? (mark: Mark) => isAgainst(line, mark)
    : (mark: Mark) => mark.side === behind[0].side;
  return run.findLast(tells) ?? run[0];
}

/** What was seen one way only: as if its quickest packet took no time. */
function lineOfOneSide(run: readonly Mark[], { slope, slopes, bound }: BoundedLine): BoundedLine {
  const { side, time: epoch } = run[0];
  const quickest = run.reduce((least, { time, delta }) => {
    const level = (delta - slope * (time - epoch)) * side;
    return Math.min(least, level);
  }, Number.POSITIVE_INFINITY);
  return { epoch, offset: quickest * side, slope, slopes, bound };
}

/** Whether a line, within its bound, can't be where the mark is: what runs onward lies above it, what runs back below. */
const isAgainst = (line: BoundedLine, { time, delta, side }: Mark): boolean =>
  (delta - line.offset - line.slope * (time - line.epoch)) * side < -boundAt(line.bound, time);

/**
 * Runs of marks that one line each fits. Where no drift of crystals does and one step would do, that is taken for a step: the lines of either side, at
 * any slope, are within the bounds, and so is the one through both.
 */
function cutAtSteps(marks: readonly Mark[]): readonly (readonly Mark[])[] {
  return cutToFit(marks, ANY_SLOPE).flatMap((run) => {
    if (isFitting(run, CRYSTAL_SLOPES)) return [run];
    const parts = cutToFit(run, CRYSTAL_SLOPES);
    return parts.length === 2 && parts.every(hasBoth) ? parts : [run];
  });
}

function cutToFit(marks: readonly Mark[], within: Slopes): readonly (readonly Mark[])[] {
  const runs: (readonly Mark[])[] = [];
  let rest = marks;
  while (runs.length < MOST_SEGMENTS) {
    const { run, after } = takeRun(rest, within);
    runs.push(run);
    if (after.length === 0) return runs;
    rest = after;
  }
  runs.push(rest);
  return runs;
}

/** The longest beginning that one line fits, wrong pairs left out; and what comes behind the step. */
function takeRun(
  marks: readonly Mark[],
  within: Slopes,
): { run: readonly Mark[]; after: readonly Mark[] } {
  let kept = marks;
  for (let dropped = 0; dropped <= OUTLIER_PROOF; dropped += 1) {
    const length = fittingLength(kept, within);
    if (length === kept.length) return { run: kept, after: [] };
    // One that does not fit, with those behind it fitting again, is a wrong pair.
    const without = [...kept.slice(0, length), ...kept.slice(length + 1)];
    const proof = without.slice(0, Math.min(without.length, length + OUTLIER_PROOF));
    if (
      length > 1 &&
      proof.length > length &&
      isFitting(proof, within) &&
      hasBoth(proof.slice(length))
    ) {
      kept = without;
      continue;
    }
    return splitAt(kept, length);
  }
  return splitAt(kept, fittingLength(kept, within));
}

const hasBoth = (marks: readonly Mark[]): boolean =>
  marks.some(({ side }) => side === 1) && marks.some(({ side }) => side === -1);

/**
 * The mark at `length` shows the step. Marks of the other side before it may lie behind the step already: an offset that grew lifts what runs onward,
 * which no bound forbids. They go to the side whose level they have.
 */
function splitAt(
  marks: readonly Mark[],
  length: number,
): { run: readonly Mark[]; after: readonly Mark[] } {
  const proof = marks[length];
  let sure = length;
  while (sure > 0 && marks[sure - 1].side !== proof.side) sure -= 1;
  if (sure === 0) return { run: marks.slice(0, length), after: marks.slice(length) };
  const own = marks.slice(0, sure).filter(({ side }) => side === proof.side);
  const others = marks.slice(0, sure).filter(({ side }) => side !== proof.side);
  const jump = proof.delta - own[own.length - 1].delta;
  const level = others.length > 0 ? others[others.length - 1].delta : undefined;
  let cut = sure;
  while (
    cut < length &&
    (level === undefined || Math.abs(marks[cut].delta - level) < Math.abs(jump) / 2)
  )
    cut += 1;
  return { run: marks.slice(0, cut), after: marks.slice(cut) };
}

function fittingLength(marks: readonly Mark[], within: Slopes): number {
  if (isFitting(marks, within)) return marks.length;
  let low = 1;
  let high = marks.length;
  while (high - low > 1) {
    const middle = (low + high) >>> 1;
    if (isFitting(marks.slice(0, middle), within)) low = middle;
    else high = middle;
  }
  return low;
}

/** Whether some line of a possible slope runs below all that ran onward and above all that ran back. */
function isFitting(marks: readonly Mark[], within: Slopes): boolean {
  if (!hasBoth(marks)) return true;
  const sides = [1, -1].map((side) => marks.filter((mark) => mark.side === side));
  return widestRoom(sides[0], sides[1], within) >= -SLACK_NS;
}

function fitRun(run: readonly Mark[], within: Slopes): BoundedLine {
  const first = run[0].time;
  const last = run[run.length - 1].time;
  return boundLine(
    run.filter(({ side }) => side === 1),
    run.filter(({ side }) => side === -1),
    first + (last - first) / 2,
    within,
  );
}
