// What two-way samples leave possible for the offset of one clock against another: every line below all that ran onward and above all that ran
// back (ALGORITHMS B3). The middle one is the estimate; how far the others are from it, at any moment, is the bound. It grows beyond the samples.

/** Time at clock a (ns after the base) and time at b minus time at a. */
export interface Sample {
  readonly time: number;
  readonly delta: number;
}

/** `offset` at an epoch that is known from elsewhere, and its growth for each ns of time. */
interface Line {
  readonly offset: number;
  readonly slope: number;
}

/** A bound that changes with time: the greatest of its lines, none below 0. Convex, so that over a span it is greatest at an end. */
export interface Bound {
  readonly epoch: number;
  readonly lines: readonly Line[];
}

export interface BoundedLine extends Line {
  readonly epoch: number;
  readonly bound: Bound;
  /** Slopes of the lines that are possible. */
  readonly slopes: Slopes;
}

export interface Slopes {
  readonly least: number;
  readonly greatest: number;
}

/** Taps stamp frames late, and files round times: a sample may be off by so much (ALGORITHMS B3, pcap-tstamp(7)). */
export const TAP_JITTER_NS = 20_000;
/** Slopes less sure than this are no estimate of a drift: the one nearest to none is as good. */
const TELLING_SLOPES = 100e-6;
/** Steps of a search; each leaves two thirds, or half, of what is searched. */
const SEARCH_STEPS = 60;

export const boundAt = ({ epoch, lines }: Bound, time: number): number =>
  lines.reduce((most, { offset, slope }) => Math.max(most, offset + slope * (time - epoch)), 0);

/** The line, and nothing that bounds it. */
export const unbound = <T extends BoundedLine>(line: T): T => ({
  ...line,
  bound: { epoch: line.epoch, lines: [{ offset: Number.POSITIVE_INFINITY, slope: 0 }] },
});

interface Point {
  readonly x: number;
  readonly y: number;
}

/** How much room the samples leave for a line between them, at the slope that has most; below 0: none fits. Both lists have samples. */
export function widestRoom(
  onward: readonly Sample[],
  back: readonly Sample[],
  within: Slopes,
): number {
  const { room } = roomBetween(onward, back, onward[0].time);
  return room(greatestOf(room, within));
}

/** The room at a slope, and the sides of it: the highest line below all that ran onward, the lowest above all that ran back. */
function roomBetween(onward: readonly Sample[], back: readonly Sample[], epoch: number) {
  const above = lowerHull(onward.map(({ time, delta }) => ({ x: time - epoch, y: delta })));
  const below = lowerHull(back.map(({ time, delta }) => ({ x: time - epoch, y: -delta })));
  const highest = (slope: number): number => floorOf(above, slope);
  const lowest = (slope: number): number => -floorOf(below, -slope);
  const room = (slope: number): number => highest(slope) - lowest(slope);
  return { above, below, highest, lowest, room };
}

/** Both lists have samples. `within`: slopes that can be; where none of them fits, the samples are taken to be off by as much as it takes. */
export function boundLine(
  onward: readonly Sample[],
  back: readonly Sample[],
  epoch: number,
  within: Slopes,
): BoundedLine {
  const { above, below, highest, lowest, room } = roomBetween(onward, back, epoch);
  const widest = greatestOf(room, within);
  const jitter = TAP_JITTER_NS + Math.max(0, -room(widest)) / 2;
  const fits = (slope: number): boolean => room(slope) + 2 * jitter >= 0;
  const slopes = {
    least: lastThatHolds(fits, widest, within.least),
    greatest: lastThatHolds(fits, widest, within.greatest),
  };
  // The lines nearest to all samples of each side (Moon's linear programme): their mean slope is the best guess.
  const guess = (edgeOverMean(above).slope - edgeOverMean(below).slope) / 2;
  const wanted = slopes.greatest - slopes.least > TELLING_SLOPES ? 0 : guess;
  const slope = Math.min(slopes.greatest, Math.max(slopes.least, wanted));
  const offset = (highest(slope) + lowest(slope)) / 2;
  const corners = (hull: readonly Point[], sign: 1 | -1): number[] => [
    slopes.least,
    slopes.greatest,
    ...edgeSlopes(hull)
      .map((edge) => edge * sign)
      .filter((edge) => edge > slopes.least && edge < slopes.greatest),
  ];
  return {
    epoch,
    offset,
    slope,
    slopes,
    bound: {
      epoch,
      lines: [
        ...corners(above, 1).map((s) => ({
          offset: highest(s) + jitter - offset,
          slope: s - slope,
        })),
        ...corners(below, -1).map((s) => ({
          offset: offset - lowest(s) + jitter,
          slope: slope - s,
        })),
      ],
    },
  };
}

/** Offset of the highest line of this slope below all points. */
function floorOf(hull: readonly Point[], slope: number): number {
  let least = Number.POSITIVE_INFINITY;
  for (const { x, y } of hull) least = Math.min(least, y - slope * x);
  return least;
}

/** The lower hull (Andrew's monotone chain), by x. */
function lowerHull(points: readonly Point[]): readonly Point[] {
  const hull: Point[] = [];
  for (const point of [...points].sort((a, b) => a.x - b.x || a.y - b.y)) {
    if (hull.length > 0 && hull[hull.length - 1].x === point.x) continue;
    while (hull.length >= 2 && turnsDown(hull[hull.length - 2], hull[hull.length - 1], point))
      hull.pop();
    hull.push(point);
  }
  return hull;
}

const turnsDown = (a: Point, b: Point, c: Point): boolean =>
  (b.x - a.x) * (c.y - a.y) - (b.y - a.y) * (c.x - a.x) <= 0;

const edgeSlopes = (hull: readonly Point[]): number[] =>
  hull.slice(1).map((b, index) => (b.y - hull[index].y) / (b.x - hull[index].x));

/** The hull's edge over the middle of its span. */
function edgeOverMean(hull: readonly Point[]): Line {
  const mean = (hull[0].x + hull[hull.length - 1].x) / 2;
  let edge = 0;
  while (edge + 2 < hull.length && hull[edge + 1].x < mean) edge += 1;
  const a = hull[edge];
  const slope = edgeSlopes(hull)[edge] ?? 0;
  return { offset: a.y - slope * a.x, slope };
}

/** Where a concave function is greatest. */
function greatestOf(of: (slope: number) => number, { least, greatest }: Slopes): number {
  let [low, high] = [least, greatest];
  for (let step = 0; step < SEARCH_STEPS; step += 1) {
    const left = low + (high - low) / 3;
    const right = high - (high - low) / 3;
    if (of(left) < of(right)) low = left;
    else high = right;
  }
  return (low + high) / 2;
}

/** The value nearest to `end` that holds, which `start` does. */
function lastThatHolds(holds: (slope: number) => boolean, start: number, end: number): number {
  if (holds(end)) return end;
  let [good, bad] = [start, end];
  for (let step = 0; step < SEARCH_STEPS; step += 1) {
    const middle = (good + bad) / 2;
    if (holds(middle)) good = middle;
    else bad = middle;
  }
  return good;
}
