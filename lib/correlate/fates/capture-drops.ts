// When captures dropped packets, as their files say (pcapng): a packet that was not seen there then may have passed all the same.
import { lowerBound, lowerBoundBy } from '../../base/bisect';
import { FATE_LOST, FATE_MISSED, FATE_UNKNOWN, fateReasonCode } from '../../model/fate';
import { stopPoint } from '../../model/stop';
import type { ClockModel } from '../clocks/clocks';
import type { CorrelationInput } from '../input/input';
import type { JourneyTable } from '../journeys/journeys';

/** Longer than a packet is on its way to the point: journeys' times are those of their first sighting. */
const ON_THE_WAY_NS = 50e6;
/** How many times more packets must be absent than the capture dropped before they count as lost: the odds of fates.ts. */
const LOSS_ODDS = 9;

/** Packets dropped at a point between two moments by the reference clock; infinite where the file does not say. */
interface DropWindow {
  readonly from: number;
  readonly to: number;
  readonly count: number;
}

/** The windows of one point. */
class PointDrops {
  private readonly starts: Float64Array;
  private readonly ends: Float64Array;
  /** Sums of the counts before, by start and by end. */
  private readonly begun: Float64Array;
  private readonly ended: Float64Array;

  constructor(readonly windows: readonly DropWindow[]) {
    const byStart = [...windows].sort((a, b) => compare(a.from, b.from));
    const byEnd = [...windows].sort((a, b) => compare(a.to, b.to));
    this.starts = Float64Array.from(byStart, ({ from }) => from);
    this.ends = Float64Array.from(byEnd, ({ to }) => to);
    this.begun = sumsOf(byStart);
    this.ended = sumsOf(byEnd);
  }

  /** Packets dropped in the windows that reach into from … to. */
  dropsBetween(from: number, to: number): number {
    const begun = lowerBoundBy(this.starts.length, (i) => this.starts[i] <= to);
    return this.begun[begun] - this.ended[lowerBound(this.ends, from)];
  }
}

const compare = (a: number, b: number): number => (a < b ? -1 : a > b ? 1 : 0);

function sumsOf(windows: readonly DropWindow[]): Float64Array {
  const sums = new Float64Array(windows.length + 1);
  for (const [i, { count }] of windows.entries()) sums[i + 1] = sums[i] + count;
  return sums;
}

export class CaptureDrops {
  /** By point, of those whose capture tells of drops. */
  readonly points: ReadonlyMap<number, PointDrops>;

  constructor(input: CorrelationInput, clocks: ClockModel) {
    const windows = new Map<number, DropWindow[]>();
    for (const [capture, { table, links, pointOfLink }] of input.captures.entries()) {
      const { drops } = table.sparse;
      const byReference = (time: number): number =>
        Number.isFinite(time) ? clocks.referenceTime(capture, time) : time;
      for (let at = 0; at < drops.length; at += 1) {
        const index = drops.get(at, 'interface');
        const window: DropWindow = {
          from: byReference(drops.get(at, 'from')),
          to: byReference(drops.get(at, 'to')),
          count: drops.get(at, 'count'),
        };
        // Of an interface with several points (cooked) the file does not say at which.
        for (const point of pointsOf(index, links, pointOfLink)) {
          const list = windows.get(point);
          if (list) list.push(window);
          else windows.set(point, [window]);
        }
      }
    }
    this.points = new Map([...windows].map(([point, list]) => [point, new PointDrops(list)]));
  }

  /** Packets that the capture dropped at the point in windows that reach into from … to (reference time). */
  dropsBetween(point: number, from: number, to: number): number {
    return this.points.get(point)?.dropsBetween(from, to) ?? 0;
  }
}

function pointsOf(
  index: number,
  links: CorrelationInput['captures'][number]['links'],
  pointOfLink: Uint16Array,
): ReadonlySet<number> {
  const points = new Set<number>();
  for (let link = 0; link < pointOfLink.length; link += 1)
    if (links[link].interface === index) points.add(pointOfLink[link]);
  return points;
}

/** What was called lost at a point in a window whose drops may account for it is not known to be lost. */
export function settleDropped(
  input: CorrelationInput,
  clocks: ClockModel,
  journeys: JourneyTable,
): void {
  const drops = new CaptureDrops(input, clocks);
  if (drops.points.size === 0) return;
  const absent = absentAt(journeys, drops);
  const reason = fateReasonCode('capture-drops');
  for (const [point, { lost, missed }] of absent)
    for (const window of drops.points.get(point)?.windows ?? []) {
      const candidates = within(journeys, lost, window);
      if (candidates.length === 0) continue;
      // Packets that are known to have passed the point unseen account for drops, too.
      const left =
        drops.dropsBetween(point, window.from, window.to) - within(journeys, missed, window).length;
      if (left <= 0 || candidates.length >= left * LOSS_ODDS) continue;
      for (const journey of candidates) {
        journeys.fate[journey] = FATE_UNKNOWN;
        journeys.reason[journey] = reason;
      }
    }
}

/** Of journeys by time those that passed the point in the window, or may have. */
function within(
  journeys: JourneyTable,
  list: readonly number[],
  { from, to }: DropWindow,
): readonly number[] {
  return list.slice(
    lowerBoundBy(list.length, (i) => journeys.time[list[i]] < from - ON_THE_WAY_NS),
    lowerBoundBy(list.length, (i) => journeys.time[list[i]] <= to),
  );
}

/** Journeys that were not seen at points with drops, by time. */
function absentAt(
  journeys: JourneyTable,
  { points }: CaptureDrops,
): ReadonlyMap<number, { readonly lost: number[]; readonly missed: number[] }> {
  const absent = new Map(
    [...points.keys()].map((point) => [point, { lost: [] as number[], missed: [] as number[] }]),
  );
  for (let journey = 0; journey < journeys.count; journey += 1) {
    const fate = journeys.fate[journey];
    if (fate !== FATE_LOST && fate !== FATE_MISSED) continue;
    const at = absent.get(stopPoint(journeys.stops.toOf(journey)));
    if (at !== undefined) (fate === FATE_LOST ? at.lost : at.missed).push(journey);
  }
  const byTime = (a: number, b: number): number => journeys.time[a] - journeys.time[b] || a - b;
  for (const { lost, missed } of absent.values()) {
    lost.sort(byTime);
    missed.sort(byTime);
  }
  return absent;
}
