// Offsets between two clocks from made-up traffic whose truth is known: drift, steps, wrong pairs, few packets.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../testing/seeded-random';
import { boundAt, type Sample } from './clock-bounds';
import { fitOffsets, type OffsetSegment } from './clock-segments';

const SECOND = 1e9;

interface World {
  readonly packets: number;
  readonly seconds: number;
  /** ns at time 0, and parts per million. */
  readonly offset: number;
  readonly drift: number;
  /** Least delay either way, ns; queues add up to ten times as much. */
  readonly delay: number;
  readonly steps: readonly { readonly at: number; readonly by: number }[];
}

const trueOffset = (world: World, time: number): number =>
  world.offset +
  world.drift * 1e-6 * time +
  world.steps.reduce((sum, { at, by }) => (time >= at * SECOND ? sum + by : sum), 0);

function traffic(world: World, seed: number): { onward: Sample[]; back: Sample[] } {
  const next = seededRandom(seed);
  const onward: Sample[] = [];
  const back: Sample[] = [];
  for (let i = 0; i < world.packets; i += 1) {
    const time = ((i + next() * 0.9) / world.packets) * world.seconds * SECOND;
    const queue = next() < 0.3 ? 0 : -Math.log(1 - next()) * world.delay;
    const delay = world.delay + queue;
    if (next() < 0.5) onward.push({ time, delta: trueOffset(world, time) + delay });
    else back.push({ time, delta: trueOffset(world, time) - delay });
  }
  return { onward, back };
}

const at = (segments: readonly OffsetSegment[], time: number): OffsetSegment =>
  segments.findLast(({ from }) => from <= time) ?? segments[0];

const errorAt = (world: World, segments: readonly OffsetSegment[], time: number): number => {
  const { offset, slope, epoch } = at(segments, time);
  return offset + slope * (time - epoch) - trueOffset(world, time);
};

/** How far the truth lies beyond the bound at a time; 0 or less: within it. */
const excessAt = (world: World, segments: readonly OffsetSegment[], time: number): number =>
  Math.abs(errorAt(world, segments, time)) - boundAt(at(segments, time).bound, time);

const QUIET: World = {
  packets: 400,
  seconds: 30,
  offset: 3.5e6,
  drift: 40,
  delay: 60_000,
  steps: [],
};

describe('fitOffsets', () => {
  it('finds offset and drift, within the bound it gives', () => {
    const { onward, back } = traffic(QUIET, 1);
    const segments = fitOffsets(onward, back);
    expect(segments).toHaveLength(1);
    expect(segments[0].slope * 1e6).toBeCloseTo(40, 0);
    for (const time of [0, 15, 30]) {
      expect(Math.abs(errorAt(QUIET, segments, time * SECOND))).toBeLessThan(10_000);
      expect(excessAt(QUIET, segments, time * SECOND)).toBeLessThan(0);
    }
  });

  it.each([
    ['ten milliseconds ahead', 10e6],
    ['37 milliseconds back', -37e6],
    ['an hour ahead', 3600e9],
    ['one millisecond ahead', 1e6],
  ])('finds a step of %s', (_, by) => {
    const world = { ...QUIET, steps: [{ at: 15, by }] };
    const { onward, back } = traffic(world, 2);
    const segments = fitOffsets(onward, back);
    expect(segments).toHaveLength(2);
    expect(Math.abs(segments[1].from / SECOND - 15)).toBeLessThan(0.5);
    for (const time of [1, 14, 16, 29])
      expect(Math.abs(errorAt(world, segments, time * SECOND))).toBeLessThan(20_000);
  });

  it('finds several steps', () => {
    const world = {
      ...QUIET,
      packets: 900,
      steps: [
        { at: 8, by: 5e6 },
        { at: 20, by: -9e6 },
      ],
    };
    const { onward, back } = traffic(world, 3);
    expect(fitOffsets(onward, back)).toHaveLength(3);
  });

  it('takes a wrong pair for no step', () => {
    const { onward, back } = traffic(QUIET, 4);
    onward.push({ time: 12 * SECOND, delta: -50e6 });
    const segments = fitOffsets(onward, back);
    expect(segments).toHaveLength(1);
    expect(Math.abs(errorAt(QUIET, segments, 15 * SECOND))).toBeLessThan(10_000);
  });

  it('bounds the offset by the round trip where one exchange is all there is', () => {
    const [segment] = fitOffsets(
      [{ time: 0, delta: 5e6 + 80_000 }],
      [{ time: 1e6, delta: 5e6 - 40_000 }],
    );
    // Half the round trip and what taps are off by; two clocks drift apart by a millisecond a second at most.
    expect(boundAt(segment.bound, 5e5)).toBeCloseTo(80_000, -4);
    expect(Math.abs(segment.offset - 5e6)).toBeLessThanOrEqual(80_000);
    expect(boundAt(segment.bound, 60 * SECOND)).toBeCloseTo(60e6, -6);
  });

  it('holds the truth within its bound, whatever the world, also before and after all samples', () => {
    fc.assert(
      fc.property(
        fc.record({
          packets: fc.integer({ min: 4, max: 300 }),
          seconds: fc.integer({ min: 1, max: 120 }),
          offset: fc.integer({ min: -1e9, max: 1e9 }),
          drift: fc.integer({ min: -200, max: 200 }),
          delay: fc.integer({ min: 5_000, max: 2_000_000 }),
        }),
        fc.nat(1e6),
        (shape, seed) => {
          const world = { ...shape, steps: [] };
          const { onward, back } = traffic(world, seed);
          if (onward.length === 0 || back.length === 0) return;
          const segments = fitOffsets(onward, back);
          expect(segments).toHaveLength(1);
          for (let part = -10; part <= 20; part += 1) {
            const time = (part / 10) * world.seconds * SECOND;
            expect(excessAt(world, segments, time)).toBeLessThan(0);
          }
        },
      ),
    );
  });

  it('bounds nothing where only one side shows that the clock stepped', () => {
    const world = { ...QUIET, packets: 60, steps: [{ at: 24, by: -80e6 }] };
    for (let seed = 0; seed < 20; seed += 1) {
      const { onward, back } = traffic(world, seed);
      const [before, after] = fitOffsets(
        onward,
        back.filter(({ time }) => time < 24 * SECOND),
      );
      expect(excessAt(world, [before], 10 * SECOND)).toBeLessThan(0);
      expect(before.lastSure).toBeLessThan(24 * SECOND);
      expect(boundAt(after.bound, 27 * SECOND)).toBe(Number.POSITIVE_INFINITY);
    }
  });

  it('bounds a step that a drift beyond all crystals would explain as well, and such a drift', () => {
    // Nothing is seen for two seconds around it: a line that falls by 1000 ppm lies between all samples of a round trip of 3 ms.
    const stepped = {
      ...QUIET,
      drift: 20,
      seconds: 8,
      delay: 1.5e6,
      steps: [{ at: 4, by: -4.5e6 }],
    };
    const drifting = { ...stepped, drift: -900, steps: [] };
    for (const world of [stepped, drifting])
      for (let seed = 0; seed < 20; seed += 1) {
        const seen = ({ time }: Sample): boolean => Math.abs(time - 4 * SECOND) > SECOND;
        const { onward, back } = traffic(world, seed);
        const segments = fitOffsets(onward.filter(seen), back.filter(seen));
        for (let time = 0; time <= 8 * SECOND; time += SECOND / 16)
          for (const segment of segments)
            if (time >= segment.firstSure && time <= segment.lastSure)
              expect(excessAt(world, [segment], time)).toBeLessThan(0);
      }
  });

  it('takes a drift beyond all crystals for one where no single step would do', () => {
    const world = { ...QUIET, drift: 400 };
    const { onward, back } = traffic(world, 5);
    const segments = fitOffsets(onward, back);
    expect(segments).toHaveLength(1);
    expect(segments[0].slope * 1e6).toBeCloseTo(400, 0);
  });

  it('knows between which moments a clock stepped', () => {
    const world = { ...QUIET, packets: 60, steps: [{ at: 15, by: 10e6 }] };
    for (let seed = 0; seed < 20; seed += 1) {
      const { onward, back } = traffic(world, seed);
      const [before, after] = fitOffsets(onward, back);
      expect(before.lastSure).toBeLessThan(15 * SECOND);
      expect(after.firstSure).toBeGreaterThan(15 * SECOND);
    }
  });
});
