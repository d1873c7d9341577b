// The offset between two clocks over time, from packets that both saw: one line while the clocks run evenly, a new one where one of them stepped.
// What runs one way lies above the true offset by its delay, what runs the other way below it (ALGORITHMS B3): where no line fits between the two any more, a clock stepped.

/** Time at capture a (ns after the base) and time at b minus time at a. */
export interface Sample {
  readonly time: number;
  readonly delta: number;
}

/** From `from` on (time of the first capture) the offset of b against a is offset + slope·(t − epoch), give or take error. */
export interface OffsetSegment {
  readonly from: number;
  readonly epoch: number;
  readonly offset: number;
  readonly slope: number;
  readonly error: number;
}

interface Mark extends Sample {
  /** 1: it ran onward and lies above the offset; −1: it ran back and lies below. */
  readonly side: 1 | -1;
}

/** No crystal is off by more, and no daemon slews faster (500 ppm); two clocks apart by twice that. */
const STEEPEST = 0.001;
/** Software timestamps come late by as much (pcap-tstamp(7)); and of steps that are smaller nothing is claimed. */
const SLACK_NS = 100_000;
/** Steps of one search for the steepness; each halves what is left. */
const SEARCH_STEPS = 48;
/** As many samples that fit again behind one that does not: it was a wrong pair, no step. */
const OUTLIER_PROOF = 6;
/** A clock that steps more often is no clock. */
const MOST_SEGMENTS = 64;
/** With fewer samples of a direction a segment's drift is that of the longest one: a step changes no crystal. */
const OWN_SLOPE_SAMPLES = 16;

/** Segments in order of time; at least one. Both lists have samples. */
export function fitOffsets(
  onward: readonly Sample[],
  back: readonly Sample[],
): readonly OffsetSegment[] {
  const marks: Mark[] = [
    ...onward.map((sample) => ({ ...sample, side: 1 as const })),
    ...back.map((sample) => ({ ...sample, side: -1 as const })),
  ].sort((a, b) => a.time - b.time || a.delta - b.delta);
  const runs = cutAtSteps(marks);
  const longest = runs.reduce((most, run) => (run.length > most.length ? run : most));
  const shared = fitRun(longest, undefined);
  return runs.map((run, index) => {
    const few = [1, -1].some(
      (side) => run.filter((mark) => mark.side === side).length < OWN_SLOPE_SAMPLES,
    );
    const line = run === longest ? shared : fitRun(run, few ? shared.slope : undefined);
    return { ...line, from: index === 0 ? Number.NEGATIVE_INFINITY : run[0].time };
  });
}

/** Runs of marks that one line each fits. */
function cutAtSteps(marks: readonly Mark[]): readonly (readonly Mark[])[] {
  const runs: (readonly Mark[])[] = [];
  let rest = marks;
  while (runs.length < MOST_SEGMENTS) {
    const { run, after } = takeRun(rest);
    runs.push(run);
    if (after.length === 0) return mergeLame(runs);
    rest = after;
  }
  runs.push(rest);
  return mergeLame(runs);
}

/** The longest beginning that one line fits, wrong pairs left out; and what comes behind the step. */
function takeRun(marks: readonly Mark[]): { run: readonly Mark[]; after: readonly Mark[] } {
  let kept = marks;
  for (let dropped = 0; dropped <= OUTLIER_PROOF; dropped += 1) {
    const length = fittingLength(kept);
    if (length === kept.length) return { run: kept, after: [] };
    // One that does not fit, with those behind it fitting again, is a wrong pair.
    const without = [...kept.slice(0, length), ...kept.slice(length + 1)];
    const proof = without.slice(0, Math.min(without.length, length + OUTLIER_PROOF));
    if (length > 1 && proof.length > length && isFitting(proof) && hasBoth(proof.slice(length))) {
      kept = without;
      continue;
    }
    return splitAt(kept, length);
  }
  return splitAt(kept, fittingLength(kept));
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

/** A run that was seen one way only bounds nothing: the one before it stands for it. */
function mergeLame(runs: readonly (readonly Mark[])[]): readonly (readonly Mark[])[] {
  const merged: (readonly Mark[])[] = [];
  for (const run of runs) {
    if (hasBoth(run) || merged.length === 0) merged.push(run);
  }
  // The first one too: then the second stands for both.
  return merged.length > 1 && !hasBoth(merged[0]) ? merged.slice(1) : merged;
}

function fittingLength(marks: readonly Mark[]): number {
  if (isFitting(marks)) return marks.length;
  let low = 1;
  let high = marks.length;
  while (high - low > 1) {
    const middle = (low + high) >>> 1;
    if (isFitting(marks.slice(0, middle))) low = middle;
    else high = middle;
  }
  return low;
}

/** Whether some line of a possible slope runs below all that ran onward and above all that ran back. */
function isFitting(marks: readonly Mark[]): boolean {
  if (!hasBoth(marks)) return true;
  const [{ time: start }] = marks;
  if (roomAt(marks, start, 0) >= -SLACK_NS) return true;
  // The room between the two sides is a concave function of the slope: searched by thirds.
  let low = -STEEPEST;
  let high = STEEPEST;
  for (let step = 0; step < SEARCH_STEPS; step += 1) {
    const left = low + (high - low) / 3;
    const right = high - (high - low) / 3;
    const roomLeft = roomAt(marks, start, left);
    const roomRight = roomAt(marks, start, right);
    if (roomLeft >= -SLACK_NS || roomRight >= -SLACK_NS) return true;
    if (roomLeft < roomRight) low = left;
    else high = right;
  }
  return false;
}

function roomAt(marks: readonly Mark[], start: number, slope: number): number {
  let above = Number.POSITIVE_INFINITY;
  let below = Number.NEGATIVE_INFINITY;
  for (const { time, delta, side } of marks) {
    const level = delta - slope * (time - start);
    if (side === 1) above = Math.min(above, level);
    else below = Math.max(below, level);
  }
  return above - below;
}

/** The middle line between the two hulls; with a slope given, between the nearest samples along it. */
function fitRun(run: readonly Mark[], slope: number | undefined): Omit<OffsetSegment, 'from'> {
  const first = run[0].time;
  const last = run[run.length - 1].time;
  const epoch = first + (last - first) / 2;
  const onward = run.filter(({ side }) => side === 1);
  const back = run.filter(({ side }) => side === -1);
  const upper =
    slope === undefined ? supportLine(onward, epoch, 1) : along(onward, epoch, 1, slope);
  const lower = slope === undefined ? supportLine(back, epoch, -1) : along(back, epoch, -1, slope);
  const gap = (time: number): number =>
    upper.offset - lower.offset + (upper.slope - lower.slope) * (time - epoch);
  return {
    epoch,
    offset: (upper.offset + lower.offset) / 2,
    slope: (upper.slope + lower.slope) / 2,
    error: Math.max(0, gap(first), gap(last)) / 2,
  };
}

interface Line {
  readonly offset: number;
  readonly slope: number;
}

function along(samples: readonly Sample[], epoch: number, side: 1 | -1, slope: number): Line {
  const levels = samples.map(({ time, delta }) => (delta - slope * (time - epoch)) * side);
  return { offset: Math.min(...levels) * side, slope };
}

/** The line below (side 1) or above (side −1) all samples that is nearest to them: the hull's edge over the middle of their times. */
function supportLine(samples: readonly Sample[], epoch: number, side: 1 | -1): Line {
  const sorted = samples
    .map((sample) => ({ x: sample.time - epoch, y: sample.delta * side }))
    .sort((a, b) => a.x - b.x || a.y - b.y);
  const hull: { x: number; y: number }[] = [];
  for (const point of sorted) {
    while (hull.length >= 2 && turnsDown(hull[hull.length - 2], hull[hull.length - 1], point))
      hull.pop();
    hull.push(point);
  }
  const mean = sorted.reduce((sum, point) => sum + point.x, 0) / sorted.length;
  let edge = 0;
  while (edge + 2 < hull.length && hull[edge + 1].x < mean) edge += 1;
  const a = hull[edge];
  const b = hull[edge + 1] ?? a;
  const slope = b.x > a.x ? (b.y - a.y) / (b.x - a.x) : 0;
  return { offset: (a.y - slope * a.x) * side, slope: slope * side };
}

const turnsDown = (
  a: { x: number; y: number },
  b: { x: number; y: number },
  c: { x: number; y: number },
): boolean => (b.x - a.x) * (c.y - a.y) - (b.y - a.y) * (c.x - a.x) <= 0;
