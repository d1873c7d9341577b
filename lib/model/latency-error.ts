// By how much a latency may be off that stands between two sightings: what their hop's figures are bounded by, or more where a clock may have stepped at
// the packet's own times, which those figures leave out. For all who tell the latency of one packet: inspector, stories, tests.
import { formatDuration } from '../base/time';
import type { ClockSegment, Direction, HopSummary, HostClock } from './connection';
import type { JourneyWindow } from './journey-window';
import { formatStop } from './stop';

/** A sighting as its capture has it: the point's index, and the time ns after the base. */
export interface Moment {
  readonly point: number;
  readonly passage: number;
  readonly time: number;
}

/** What is known of the case: `baseTime` (ns since 1970) is that of the moments. */
export interface ClocksOfCase {
  readonly baseTime: bigint;
  readonly points: readonly { readonly id: string; readonly host: string }[];
  readonly clocks: readonly HostClock[];
  readonly hops: readonly HopSummary[];
}

/** A segment with its times in ns after the base. */
interface Line {
  readonly segment: ClockSegment;
  readonly from: number;
  readonly to: number;
  readonly epoch: number;
}

export class LatencyErrors {
  private readonly lines: ReadonlyMap<string, readonly Line[]>;
  /** By stops and direction. */
  private readonly hopErrors: ReadonlyMap<string, number | null | undefined>;

  constructor(private readonly known: ClocksOfCase) {
    const sinceBase = (text: string): number => Number(BigInt(text) - known.baseTime);
    this.lines = new Map(
      known.clocks.map(({ host, segments }) => [
        host,
        segments.map((segment) => ({
          segment,
          from: sinceBase(segment.from),
          to: sinceBase(segment.to),
          epoch: sinceBase(segment.epoch),
        })),
      ]),
    );
    this.hopErrors = new Map(
      known.hops.map((hop) => [keyOf(hop.from, hop.to, hop.direction), hop.latencyNs?.error]),
    );
  }

  /** ns; 0 where both were taken by one clock, null where nothing bounds it. */
  between(from: Moment, to: Moment, direction: Direction): number | null {
    // Sightings of an analysis that another took the place of may name points that are gone.
    const { points } = this.known;
    if (from.point >= points.length || to.point >= points.length) return null;
    const hop = this.hopErrors.get(keyOf(this.stopOf(from), this.stopOf(to), direction));
    if (hop === null) return null;
    const [before, behind] = [this.lineAt(from), this.lineAt(to)];
    const isOneLine = before === behind && before?.segment.unsure !== true;
    // Of captures of one host the hop's figures say by how much their clocks may differ.
    if (isOneLine && (hop !== undefined || from.point === to.point))
      return (hop ?? 0) + this.jumpBetween(from, to);
    const errors = [before, behind].flatMap((line) => line?.segment.errorNs ?? []);
    if (errors.length < 2) return null;
    return Math.max(hop ?? 0, errors[0] + errors[1] + this.jumpBetween(from, to));
  }

  /** Of a sighting since the one before it in its journey. */
  since({ sightings }: JourneyWindow, row: number, direction: number): number | null {
    const moment = (at: number): Moment => ({
      point: sightings.point[at],
      passage: sightings.passage[at],
      time: sightings.time[at],
    });
    return this.between(moment(row - 1), moment(row), direction === 0 ? 'forward' : 'reverse');
  }

  private stopOf({ point, passage }: Moment): string {
    return formatStop(this.known.points[point].id, passage);
  }

  private lineAt({ point, time }: Moment): Line | undefined {
    const lines = this.lines.get(this.known.points[point].host) ?? [];
    // Where segments share a moment, it belongs to the one that begins there.
    return lines.findLast((line) => line.from <= time) ?? lines[0];
  }

  /** What seems to have passed may be a step of the clock that both were taken by, where another clock shows one that long then. */
  private jumpBetween(from: Moment, to: Moment): number {
    const [a, b] = [from, to].map((moment) => {
      const line = this.lineAt(moment);
      return line === undefined ? moment.time : placed(line, moment.time);
    });
    const [first, last] = a < b ? [a, b] : [b, a];
    let most = 0;
    for (const lines of this.lines.values())
      for (const line of lines) {
        const by = line.segment.errorNs;
        if (line.segment.unsure !== true || by === null || (last - first) * 2 < by) continue;
        if (first <= placed(line, line.to) + by && last >= placed(line, line.from) - by)
          most = Math.max(most, by);
      }
    return most;
  }
}

/** By the reference clock. */
const placed = ({ epoch, segment }: Line, time: number): number =>
  time - (segment.offsetNs + segment.driftPpm * 1e-6 * (time - epoch));

const keyOf = (from: string, to: string, direction: Direction): string =>
  `${from} ${to} ${direction}`;

/** ` ± 30 µs`, behind a latency in a table or label; nothing where it is exact. */
export function boundText(errorNs: number | null): string {
  if (errorNs === null) return ' (no bound)';
  return errorNs > 0 ? ` ± ${formatDuration(errorNs)}` : '';
}

/** The same in a sentence: `, ± 22.5 µs by the clocks`. */
export function describeBound(errorNs: number | null): string {
  if (errorNs === null) return ', and nothing bounds what the clocks are off';
  return errorNs === 0 ? '' : `, ± ${formatDuration(errorNs)} by the clocks`;
}
