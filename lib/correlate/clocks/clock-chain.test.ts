// Clocks laid out over their own time: steps ahead leave times out, steps back show some twice, and the bound holds whatever a time may mean.
import { describe, expect, it } from 'vitest';
import type { Sample } from './clock-bounds';
import { chainClock, withinReach } from './clock-chain';
import { fitOffsets } from './clock-segments';
import { boundOf, type ClockLine, offsetOf, STEADY } from './clocks';

const SECOND = 1e9;
const DELAY = 50_000;

type Steps = readonly { readonly at: number; readonly by: number }[];

const trueOffset = (steps: Steps, time: number): number =>
  steps.reduce((sum, { at, by }) => (time >= at * SECOND ? sum + by : sum), 3e6);

/** A clock that steps, seen from a steady one, a packet each way every 100 ms for 30 s. */
function clockOf(steps: Steps, disorder = Number.POSITIVE_INFINITY): readonly ClockLine[] {
  const onward: Sample[] = [];
  const back: Sample[] = [];
  for (let time = 0; time < 30 * SECOND; time += SECOND / 10) {
    onward.push({ time, delta: trueOffset(steps, time) + DELAY });
    back.push({ time: time + 1e6, delta: trueOffset(steps, time + 1e6) - DELAY });
  }
  const offsets = withinReach(fitOffsets(onward, back), [...onward, ...back]);
  return chainClock({ segments: [STEADY] }, offsets, 0, disorder);
}

const lineAt = (lines: readonly ClockLine[], own: number): ClockLine =>
  lines.findLast(({ from }) => from <= own) ?? lines[0];

const TIMES = Array.from({ length: 299 }, (_, index) => (index / 10 + 0.037) * SECOND);

describe('chainClock', () => {
  it.each<[string, Steps]>([
    ['none', []],
    ['ahead', [{ at: 12, by: 40e6 }]],
    ['back', [{ at: 12, by: -2 * SECOND }]],
    ['back over a step ahead', [{ at: 10, by: 40e6 }, { at: 12, by: -5 * SECOND }]], // biome-ignore format: a row a world
    ['back twice over the same time', [{ at: 10, by: -3 * SECOND }, { at: 12, by: -3 * SECOND }]], // biome-ignore format: a row a world
    ['an hour ahead', [{ at: 12, by: 3600 * SECOND }]],
  ])('bounds a clock at every time that it shows: steps %s', (_, steps) => {
    const lines = clockOf(steps);
    for (const time of TIMES) {
      const own = time + trueOffset(steps, time);
      const line = lineAt(lines, own);
      const error = Math.abs(offsetOf(line, own) - trueOffset(steps, time));
      expect(error, `at ${time / SECOND} s`).toBeLessThanOrEqual(boundOf(line, own));
    }
  });

  it('is sure again away from the step', () => {
    const lines = clockOf([{ at: 12, by: -2 * SECOND }]);
    for (const own of [5, 9, 13, 25])
      expect(boundOf(lineAt(lines, own * SECOND), own * SECOND)).toBeLessThan(100_000);
    expect(boundOf(lineAt(lines, 11 * SECOND), 11 * SECOND)).toBeGreaterThan(1.9 * SECOND);
  });

  it('is sure right beside a step, where no frame lies before one written earlier', () => {
    const lines = clockOf([{ at: 12, by: 3600 * SECOND }], 2e6);
    for (const own of [11.85, 3612.15, 3613])
      expect(boundOf(lineAt(lines, own * SECOND), own * SECOND)).toBeLessThan(100_000);
    expect(boundOf(lineAt(lines, 1800 * SECOND), 1800 * SECOND)).toBeGreaterThan(3599 * SECOND);
  });

  it('says nothing far from all samples', () => {
    const lines = clockOf([]);
    for (const own of [-100, 130])
      expect(boundOf(lineAt(lines, own * SECOND), own * SECOND)).toBe(Number.POSITIVE_INFINITY);
  });
});
