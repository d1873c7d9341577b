// The clocks of the captures against one reference. Captures of one host share a clock. Timestamps are never rewritten: this model is
// data beside the columns, applied when a time must be placed. The solver is in clock-solver.ts.
import type { ClockSegment } from '../model/connection';
import type { CorrelationInput } from './input';

export interface SolvedHost {
  /** Indices of the captures whose clock this is, ascending. */
  readonly captures: readonly number[];
  readonly state: 'reference' | 'solved' | 'one-way' | 'unknown';
  readonly samples: number;
  /** Offset at `epoch` (ns after the base), drift, and half the gap between the bounds; 0 for the reference. */
  readonly epoch: number;
  readonly offsetNs: number;
  readonly driftPpm: number;
  readonly errorNs: number;
}

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
    const host = this.hosts[this.hostOfCapture[capture]];
    return own - (host.offsetNs + host.driftPpm * 1e-6 * (own - host.epoch));
  }

  /** Bound of the error of a difference between times of two captures, ns; 0 on one host, null where nothing bounds it. */
  errorBetween(captureA: number, captureB: number): number | null {
    const a = this.hosts[this.hostOfCapture[captureA]];
    const b = this.hosts[this.hostOfCapture[captureB]];
    if (a === b) return 0;
    const bounded = (host: SolvedHost): boolean =>
      host.state === 'reference' || host.state === 'solved';
    return bounded(a) && bounded(b) ? a.errorNs + b.errorNs : null;
  }

  /** Whether times of two captures can be compared at all. */
  comparable(captureA: number, captureB: number): boolean {
    return this.errorBetween(captureA, captureB) !== null;
  }

  /** The host's clock as the contract writes it; empty where nothing is known. */
  segmentsOf(host: SolvedHost, from: bigint, to: bigint): readonly ClockSegment[] {
    if (host.state === 'unknown') return [];
    return [
      {
        from: from.toString(),
        to: to.toString(),
        epoch: (this.input.baseTime + BigInt(Math.round(host.epoch))).toString(),
        offsetNs: host.offsetNs,
        driftPpm: host.driftPpm,
        errorNs: host.errorNs,
      },
    ];
  }
}

/** All captures on one clock: where correlation starts from before anything is known. */
export const oneClock = (input: CorrelationInput): ClockModel =>
  new ClockModel(input, [
    {
      captures: input.captures.map((_, index) => index),
      state: 'reference',
      samples: 0,
      epoch: 0,
      offsetNs: 0,
      driftPpm: 0,
      errorNs: 0,
    },
  ]);
