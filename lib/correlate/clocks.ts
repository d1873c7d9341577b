// The clocks of the captures against one reference. Captures of one host share a clock. Timestamps are never rewritten: this model is
// data beside the columns, applied when a time must be placed. The solver is in clock-solver.ts.
import type { ClockSegment } from '../model/connection';
import type { CorrelationInput } from './input';

export interface SolvedHost {
  /** Indices of the captures whose clock this is, ascending. */
  readonly captures: readonly number[];
  readonly state: 'reference' | 'solved' | 'one-way' | 'unknown';
  readonly samples: number;
  /** In order of time, at least one: a new one from each step of the clock on. */
  readonly segments: readonly ClockLine[];
}

/** How a clock runs from `from` on (its own time, ns after the base): reference time = time − (offset + drift·(time − epoch)). */
export interface ClockLine {
  readonly from: number;
  readonly epoch: number;
  readonly offsetNs: number;
  readonly driftPpm: number;
  /** Half the gap between the bounds; 0 for the reference. */
  readonly errorNs: number;
}

/** The reference's own. */
export const STEADY: ClockLine = {
  from: Number.NEGATIVE_INFINITY,
  epoch: 0,
  offsetNs: 0,
  driftPpm: 0,
  errorNs: 0,
};

export class ClockModel {
  private readonly hostOfCapture: Uint16Array;

  constructor(
    private readonly input: CorrelationInput,
    /** In order of their first capture. */
    readonly hosts: readonly SolvedHost[],
  ) {
    this.hostOfCapture = new Uint16Array(input.captures.length);
    hosts.forEach((host, index) => {
      for (const capture of host.captures) this.hostOfCapture[capture] = index;
    });
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
    const { segments } = this.hosts[this.hostOfCapture[capture]];
    let line = segments[0];
    for (let i = 1; i < segments.length && segments[i].from <= own; i += 1) line = segments[i];
    return own - (line.offsetNs + line.driftPpm * 1e-6 * (own - line.epoch));
  }

  /** Bound of the error of a difference between times of two captures, ns; 0 on one host, null where nothing bounds it. */
  errorBetween(captureA: number, captureB: number): number | null {
    const a = this.hosts[this.hostOfCapture[captureA]];
    const b = this.hosts[this.hostOfCapture[captureB]];
    if (a === b) return 0;
    const bounded = (host: SolvedHost): boolean =>
      host.state === 'reference' || host.state === 'solved';
    return bounded(a) && bounded(b) ? greatestError(a) + greatestError(b) : null;
  }

  /** Whether times of two captures can be compared at all. */
  comparable(captureA: number, captureB: number): boolean {
    return this.errorBetween(captureA, captureB) !== null;
  }

  /** The host's clock as the contract writes it; empty where nothing is known. */
  segmentsOf(host: SolvedHost, from: bigint, to: bigint): readonly ClockSegment[] {
    if (host.state === 'unknown') return [];
    const { baseTime } = this.input;
    const absolute = (time: number): bigint => baseTime + BigInt(Math.round(time));
    return host.segments.map((line, index) => {
      const next = host.segments[index + 1];
      return {
        from: (index === 0 ? from : absolute(line.from)).toString(),
        to: (next === undefined ? to : absolute(next.from)).toString(),
        epoch: absolute(line.epoch).toString(),
        offsetNs: line.offsetNs,
        driftPpm: line.driftPpm,
        errorNs: line.errorNs,
      };
    });
  }
}

const greatestError = ({ segments }: SolvedHost): number =>
  segments.reduce((most, { errorNs }) => Math.max(most, errorNs), 0);

/** All captures on one clock: where correlation starts from before anything is known. */
export const oneClock = (input: CorrelationInput): ClockModel =>
  new ClockModel(input, [
    {
      captures: input.captures.map((_, index) => index),
      state: 'reference',
      samples: 0,
      segments: [STEADY],
    },
  ]);
