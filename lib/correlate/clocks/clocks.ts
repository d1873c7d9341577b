// The clocks of the captures against one reference. Captures of one host share a clock. Timestamps are never rewritten: this model is
// data beside the columns, applied when a time must be placed. The solver is in clock-solver.ts.
import type { ClockSegment } from '../../model/connection';
import type { CorrelationInput } from '../input/input';
import { type Bound, boundAt } from './clock-bounds';

export interface SolvedHost {
  /** Indices of the captures whose clock this is, ascending. */
  readonly captures: readonly number[];
  /** Those of them that are proven to have one clock, the one that `segments` tells of. */
  readonly main: ReadonlySet<number>;
  readonly state: 'reference' | 'solved' | 'one-way' | 'unknown';
  readonly samples: number;
  /** In order of time, at least one: a new one from each step of the clock on, and one for the moments around it that may be before or after it. */
  readonly segments: readonly ClockLine[];
}

/** How a clock runs from `from` on (its own time, ns after the base): reference time = time − (offset + drift·(time − epoch)). */
export interface ClockLine {
  readonly from: number;
  readonly epoch: number;
  readonly offsetNs: number;
  readonly driftPpm: number;
  /** Their sum, at a time of this clock, bounds the error; none for the reference. Says nothing where packets ran one way only. */
  readonly bounds: readonly Bound[];
  /** A step lies in here, and this line or its neighbour holds. */
  readonly unsure?: true;
}

/** Which captures have one clock (clock-groups.ts). */
export interface ClockGroups {
  /** By capture: the lowest capture that is proven to have the same clock. */
  readonly clockOf: readonly number[];
  /** By capture: the lowest capture that is taken to be of the same host. */
  readonly hostOf: readonly number[];
  /** By capture × captures + capture, of one host: what the difference of their clocks may be, ns; Infinity where nothing bounds it. */
  readonly apart: Float64Array;
}

/** What is kept of a clock that one line tells of. */
const LINE_NUMBERS = 4;

/** The reference's own. */
export const STEADY: ClockLine = {
  from: Number.NEGATIVE_INFINITY,
  epoch: 0,
  offsetNs: 0,
  driftPpm: 0,
  bounds: [],
};

/** A time at which some clock stepped, or the reference did: by reference time, and by how much at most. */
interface Jump {
  readonly from: number;
  readonly to: number;
  readonly by: number;
}

export class ClockModel {
  private readonly hostOfCapture: Uint16Array;
  private readonly jumps: readonly Jump[];
  /** Some clock stepped. */
  readonly hasSteps: boolean;
  /** By capture whose clock has one line: its base, and the line's offset, slope and epoch; NaN of others. */
  private readonly steady: Float64Array;

  constructor(
    private readonly input: CorrelationInput,
    /** In order of their first capture. */
    readonly hosts: readonly SolvedHost[],
    private readonly groups: ClockGroups,
  ) {
    this.hostOfCapture = new Uint16Array(input.captures.length);
    hosts.forEach((host, index) => {
      for (const capture of host.captures) this.hostOfCapture[capture] = index;
    });
    this.jumps = findJumps(hosts);
    this.hasSteps = hosts.some(({ segments }) => segments.some(({ unsure }) => unsure === true));
    this.steady = Float64Array.from(
      input.captures.flatMap(({ baseDelta }, capture) => {
        const { segments } = hosts[this.hostOfCapture[capture]];
        const [{ offsetNs, driftPpm, epoch }] = segments;
        return segments.length > 1
          ? [Number.NaN, 0, 0, 0]
          : [baseDelta, offsetNs, driftPpm * 1e-6, epoch];
      }),
    );
  }

  hostOf(capture: number): number {
    return this.hostOfCapture[capture];
  }

  /** `h1` … in order of their first point. */
  hostId(capture: number): string {
    return `h${this.hostOfCapture[capture] + 1}`;
  }

  /** Reference time, ns after the analysis' base, of a time of the capture's column. */
  referenceTime(capture: number, time: number): number {
    const own = time + this.input.captures[capture].baseDelta;
    const line = this.lineAt(capture, own);
    return own - offsetOf(line, own);
  }

  /** The same of the first `count` of many times. */
  referenceTimes(
    captures: Uint16Array,
    times: Float64Array,
    count: number,
    to: Float64Array,
  ): void {
    const { steady } = this;
    for (let i = 0; i < count; i += 1) {
      const at = captures[i] * LINE_NUMBERS;
      const own = times[i] + steady[at];
      const placed = own - (steady[at + 1] + steady[at + 2] * (own - steady[at + 3]));
      to[i] = Number.isNaN(placed) ? this.referenceTime(captures[i], times[i]) : placed;
    }
  }

  /** Whether two captures are taken to be of one host, and their times compared as they are: proven where errorBetween is 0. */
  isOneHost(captureA: number, captureB: number): boolean {
    return this.hostOf(captureA) === this.hostOf(captureB);
  }

  /** Whether times of two captures can be compared at all. */
  comparable(captureA: number, captureB: number): boolean {
    return this.isOneHost(captureA, captureB) || this.errorBetween(captureA, captureB) !== null;
  }

  /** Bound of the error of a difference between times of two captures (of their columns), ns; 0 where they are proven to have one clock, null where nothing bounds it. */
  errorAt(captureA: number, timeA: number, captureB: number, timeB: number): number | null {
    const within = this.errorWithin(captureA, captureB);
    // On one host what the clock is off cancels, unless it stepped in between.
    const line = this.lineOf(captureA, timeA);
    const error =
      within !== undefined && line === this.lineOf(captureB, timeB) && line.unsure !== true
        ? within
        : sum(this.errorOf(captureA, timeA), this.errorOf(captureB, timeB));
    return this.jumps.length === 0
      ? error
      : sum(error, this.jumpBetween(captureA, timeA, captureB, timeB));
  }

  /** What errorAt depends on while neither time leaves its line: of neither time, of one, where it is convex in that one; or of anything. */
  errorVaries(
    captureA: number,
    timeA: number,
    captureB: number,
    timeB: number,
  ): 'never' | 'withA' | 'withB' | 'freely' {
    if (this.jumps.length > 0) return 'freely';
    const [a, b] = [this.lineOf(captureA, timeA), this.lineOf(captureB, timeB)];
    if (a === b && a.unsure !== true && this.isOneHost(captureA, captureB)) return 'never';
    const [isBoundA, isBoundB] = [a.bounds.length > 0, b.bounds.length > 0];
    if (isBoundA && isBoundB) return 'freely';
    return isBoundA ? 'withA' : isBoundB ? 'withB' : 'never';
  }

  /** The times of a capture's column that one line of its clock holds for: `[from, to)`. */
  spanOfLine(capture: number, time: number): readonly [from: number, to: number] {
    const { segments } = this.hosts[this.hostOfCapture[capture]];
    const { baseDelta } = this.input.captures[capture];
    const at = segments.indexOf(this.lineOf(capture, time));
    const to = segments[at + 1]?.from ?? Number.POSITIVE_INFINITY;
    // The first holds for all that is before it.
    return [at === 0 ? Number.NEGATIVE_INFINITY : segments[at].from - baseDelta, to - baseDelta];
  }

  /** Whether two times of captures can be compared as well as others of the same two: no clock may have stepped between them. */
  isSteady(captureA: number, timeA: number, captureB: number, timeB: number): boolean {
    if (!this.hasSteps) return true;
    return (
      this.lineOf(captureA, timeA).unsure !== true &&
      this.lineOf(captureB, timeB).unsure !== true &&
      this.jumpBetween(captureA, timeA, captureB, timeB) === 0
    );
  }

  /** By how much a difference between times may be off, for those who compare clocks that nothing bounds as they are, to within `unbounded`: not where one stepped. */
  leewayAt(
    captureA: number,
    timeA: number,
    captureB: number,
    timeB: number,
    unbounded: number,
  ): number {
    const error = this.errorAt(captureA, timeA, captureB, timeB);
    if (error !== null) return error;
    return this.isSteady(captureA, timeA, captureB, timeB) ? unbounded : Number.POSITIVE_INFINITY;
  }

  /** The greatest that errorAt comes to within the captures' spans, in-flight steps of one clock aside. */
  errorBetween(captureA: number, captureB: number): number | null {
    const within = this.errorWithin(captureA, captureB);
    if (within !== undefined) return within;
    const greatest = (capture: number): number | null => {
      // Bounds are convex between the lines' beginnings.
      const { baseDelta, lead } = this.input.captures[capture];
      const { spans } = this.input.captures[lead];
      const ends = [spans[0][0] - baseDelta, spans[spans.length - 1][1] - baseDelta];
      const starts = this.hosts[this.hostOf(capture)].segments
        .flatMap(({ from }) => [from - baseDelta - 1, from - baseDelta])
        .filter((time) => time > ends[0] && time < ends[1]);
      // Far from all that they share, nothing bounds clocks, and nothing is compared.
      const known = [...ends, ...starts].flatMap((time) => this.errorOf(capture, time) ?? []);
      return known.length === 0 ? null : Math.max(...known);
    };
    return sum(greatest(captureA), greatest(captureB));
  }

  /** The same with clocks set by hand: by host, how much farther ahead of the reference than solved, ns. Their bounds grow by as much. */
  nudged(nudges: ReadonlyMap<number, number>): ClockModel {
    const hosts = this.hosts.map((host, index): SolvedHost => {
      const by = nudges.get(index) ?? 0;
      if (by === 0) return host;
      const bound = { epoch: 0, lines: [{ offset: Math.abs(by), slope: 0 }] };
      return {
        ...host,
        // Of a clock that packets say nothing of, the offset given is all there is, and nothing bounds it.
        state: host.state === 'unknown' ? 'one-way' : host.state,
        segments: host.segments.map((line) => ({
          ...line,
          offsetNs: line.offsetNs + by,
          bounds: [...line.bounds, bound],
        })),
      };
    });
    return new ClockModel(this.input, hosts, this.groups);
  }

  /** The host's clock as the contract writes it; empty where nothing is known. */
  segmentsOf(host: SolvedHost, from: bigint, to: bigint): readonly ClockSegment[] {
    if (host.state === 'unknown') return [];
    const { baseTime } = this.input;
    const absolute = (time: number): bigint => baseTime + BigInt(Math.round(time));
    const own = (time: bigint): number => Number(time - baseTime);
    const within = this.spread(host);
    const reference = this.hosts.find(({ state }) => state === 'reference');
    const besides = reference === undefined || host === reference ? 0 : this.spread(reference);
    return host.segments.flatMap((line, index): ClockSegment[] => {
      const next = host.segments[index + 1];
      const begin = index === 0 ? from : latest(absolute(line.from), from);
      const end = next === undefined ? to : earliest(absolute(next.from), to);
      if (host.segments.length > 1 && end < begin) return [];
      const error = within + besides + Math.max(boundOf(line, own(begin)), boundOf(line, own(end)));
      return [
        {
          from: begin.toString(),
          to: end.toString(),
          epoch: absolute(line.epoch).toString(),
          offsetNs: line.offsetNs,
          driftPpm: line.driftPpm,
          errorNs: host.state === 'one-way' || !Number.isFinite(error) ? null : error,
          ...(line.unsure === true ? { unsure: true } : {}),
        },
      ];
    });
  }

  /** What seems to have passed between two times may be a step of the clock that both were taken by, where it is as long as the step that another clock shows then. */
  private jumpBetween(captureA: number, timeA: number, captureB: number, timeB: number): number {
    const [a, b] = [this.referenceTime(captureA, timeA), this.referenceTime(captureB, timeB)];
    const [first, last] = a < b ? [a, b] : [b, a];
    return this.jumps.reduce(
      (most, { from, to, by }) =>
        first <= to && last >= from && (last - first) * 2 >= by ? Math.max(most, by) : most,
      0,
    );
  }

  private lineOf(capture: number, time: number): ClockLine {
    return this.lineAt(capture, time + this.input.captures[capture].baseDelta);
  }

  private lineAt(capture: number, own: number): ClockLine {
    const { segments } = this.hosts[this.hostOfCapture[capture]];
    let line = segments[0];
    for (let i = 1; i < segments.length && segments[i].from <= own; i += 1) line = segments[i];
    return line;
  }

  /** Of two captures of one host: by how much their clocks may differ; undefined where they are of two. */
  private errorWithin(captureA: number, captureB: number): number | null | undefined {
    if (!this.isOneHost(captureA, captureB)) return undefined;
    const apart = this.apart(captureA, captureB);
    return Number.isFinite(apart) ? apart : null;
  }

  /** How far the clock of a capture may be from the reference as it was solved, at a time of its column. */
  private errorOf(capture: number, time: number): number | null {
    const host = this.hosts[this.hostOf(capture)];
    if (host.state !== 'reference' && host.state !== 'solved') return null;
    const own = time + this.input.captures[capture].baseDelta;
    const [standing] = host.main;
    const error = boundOf(this.lineAt(capture, own), own) + this.apart(capture, standing);
    return Number.isFinite(error) ? error : null;
  }

  /** How far any capture of a host may be from the clock that stands for it. */
  private spread({ captures, main }: SolvedHost): number {
    const [standing] = main;
    return Math.max(...captures.map((capture) => this.apart(capture, standing)));
  }

  private apart(captureA: number, captureB: number): number {
    return this.groups.apart[captureA * this.input.captures.length + captureB];
  }
}

/** By reference time: where lines of clocks are unsure, for one of the two steps there. */
const findJumps = (hosts: readonly SolvedHost[]): readonly Jump[] =>
  hosts.flatMap(({ segments }) =>
    segments.flatMap((line, index): Jump[] => {
      const to = segments[index + 1]?.from ?? Number.POSITIVE_INFINITY;
      const by = Math.max(boundOf(line, line.from), boundOf(line, to));
      if (line.unsure !== true || !Number.isFinite(by)) return [];
      // Either line may hold, which are so far apart.
      const ends = [line.from, to].map((own) => own - offsetOf(line, own));
      return [{ from: ends[0] - by, to: ends[1] + by, by }];
    }),
  );

const latest = (a: bigint, b: bigint): bigint => (a > b ? a : b);
const earliest = (a: bigint, b: bigint): bigint => (a < b ? a : b);

const sum = (a: number | null, b: number | null): number | null =>
  a === null || b === null ? null : a + b;

/** How far ahead of the reference, at a time of the clock. */
export const offsetOf = ({ offsetNs, driftPpm, epoch }: ClockLine, own: number): number =>
  offsetNs + driftPpm * 1e-6 * (own - epoch);

/** How far that may be off. */
export const boundOf = ({ bounds }: ClockLine, own: number): number =>
  bounds.reduce((total, bound) => total + boundAt(bound, own), 0);

/** All captures on one clock: where correlation starts from before anything is known. */
export function oneClock(input: CorrelationInput): ClockModel {
  const all = input.captures.map((_, index) => index);
  const none = all.map(() => 0);
  return new ClockModel(
    input,
    [{ captures: all, main: new Set(all), state: 'reference', samples: 0, segments: [STEADY] }],
    { clockOf: none, hostOf: none, apart: new Float64Array(all.length ** 2) },
  );
}
