// Bounds of single latencies: those of the hop, and more where a clock may have stepped.
import { describe, expect, it } from 'vitest';
import type { ClockSegment, HostClock } from './connection';
import { boundText, LatencyErrors, type Moment } from './latency-error';

const SECOND = 1e9;

const segment = (
  from: number,
  to: number,
  errorNs: number | null,
  unsure?: true,
): ClockSegment => ({
  from: String(from * SECOND),
  to: String(to * SECOND),
  epoch: '0',
  offsetNs: unsure === undefined && from > 0 ? SECOND / 2 : 0,
  driftPpm: 0,
  errorNs,
  ...(unsure === undefined ? {} : { unsure }),
});

const clock = (host: string, segments: readonly ClockSegment[]): HostClock => ({
  host,
  reference: 'h1',
  state: host === 'h1' ? 'reference' : 'solved',
  samples: 9,
  segments,
});

/** The second host's clock stepped by half a second between 10 s and 11 s. */
const CLOCKS = [
  clock('h1', [segment(0, 20, 0)]),
  clock('h2', [segment(0, 10, 40_000), segment(10, 11, SECOND / 2, true), segment(11, 20, 50_000)]),
];
const POINTS = [
  { id: 'p1', host: 'h1' },
  { id: 'p2', host: 'h2' },
  { id: 'p3', host: 'h2' },
  { id: 'p4', host: 'h1' },
];
const hop = (from: string, to: string, error: number | null) => ({
  from,
  to,
  direction: 'forward' as const,
  journeys: 1,
  lost: 0,
  latencyNs: { min: 1, p50: 1, p99: 1, max: 1, error },
});

const errors = new LatencyErrors({
  baseTime: 0n,
  points: POINTS,
  clocks: CLOCKS,
  hops: [hop('p1', 'p2', 60_000), hop('p2', 'p3', 0), hop('p1', 'p4', 0)],
});
const at = (point: number, seconds: number): Moment => ({
  point,
  passage: 1,
  time: seconds * SECOND,
});

describe('the bound of a latency', () => {
  it('of a point that is gone nothing is known', () => {
    const errors = new LatencyErrors({
      baseTime: 0n,
      points: POINTS.slice(0, 1),
      clocks: CLOCKS,
      hops: [],
    });
    const [here, gone] = [0, 1].map((point): Moment => ({ point, passage: 1, time: SECOND }));
    expect(errors.between(here, gone, 'forward')).toBeNull();
  });

  it('is the hop’s where that is larger than the clocks’', () => {
    expect(errors.between(at(0, 1), at(1, 1.001), 'forward')).toBe(60_000);
  });

  it('is the clocks’ where one may have stepped', () => {
    expect(errors.between(at(0, 10.2), at(1, 10.2001), 'forward')).toBe(SECOND / 2);
  });

  it('is the clocks’ within a host whose clock stepped in between', () => {
    expect(errors.between(at(1, 9), at(2, 9.0001), 'forward')).toBe(0);
    expect(errors.between(at(1, 9.9999), at(2, 10.0001), 'forward')).toBe(40_000 + SECOND / 2);
  });

  it('is the step where the reference may have made it while the packet was on its way', () => {
    expect(errors.between(at(0, 10.1), at(3, 10.7), 'forward')).toBe(SECOND / 2);
    expect(errors.between(at(0, 5), at(3, 5.6), 'forward')).toBe(0);
  });

  it('is the clocks’ for two sightings that are no hop', () => {
    expect(errors.between(at(1, 1), at(0, 1), 'reverse')).toBe(40_000);
  });

  it('is none where nothing bounds the clock, or the hop', () => {
    const unbounded = new LatencyErrors({
      baseTime: 0n,
      points: POINTS,
      clocks: [CLOCKS[0], clock('h2', [segment(0, 20, null)])],
      hops: [hop('p1', 'p4', null)],
    });
    expect(unbounded.between(at(0, 1), at(1, 1), 'forward')).toBeNull();
    expect(unbounded.between(at(0, 1), at(3, 1), 'forward')).toBeNull();
  });
});

it('says a bound in words', () => {
  expect([boundText(0), boundText(30_000), boundText(null)]).toEqual([
    '',
    ' ± 30 µs',
    ' (no bound)',
  ]);
});
