// Of a long connection the extremes bound the clocks as all its samples do.
import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../testing/seeded-random';
import { boundAt, boundLine, type Sample } from './clock-bounds';
import { ANY_SLOPE, fitOffsets } from './clock-segments';
import { KeptSamples } from './kept-samples';
import { PairSamples } from './pair-samples';

const SECOND = 1e9;
const PACKETS = 40_000;
const SPAN = 200 * SECOND;

/** A connection of 200 s whose server is behind a queue; `offset` of the second clock at a time of the first. Forward runs from the first capture when `sense` is 1. */
function connection(offset: (time: number) => number, sense: 1 | -1) {
  const random = seededRandom(7);
  const samples: (Sample & { readonly direction: number })[] = [];
  for (let n = 0; n < PACKETS; n += 1) {
    const direction = random() < 0.4 ? 1 : 0;
    const time = (SPAN * n) / PACKETS;
    const delay = 30_000 + random() ** 3 * 5e6;
    const way = (direction === 0 ? 1 : -1) * sense;
    samples.push({ direction, time, delta: offset(time) + way * delay });
  }
  return samples;
}

function gathered(samples: ReturnType<typeof connection>): PairSamples {
  const pair = new PairSamples();
  pair.begin(PACKETS);
  for (const direction of [0, 1])
    samples.forEach((sample, frame) => {
      if (sample.direction === direction) pair.add(direction, frame, sample.time, sample.delta, 0);
    });
  return pair;
}

const kept = (pair: PairSamples, direction: number, side: 1 | -1): readonly Sample[] => {
  const samples = new KeptSamples(side);
  samples.add(pair.of(direction, side));
  return samples.samples();
};

describe.each([1, -1] as const)('a long connection, forward %i', (sense) => {
  const [onward, back] = sense === 1 ? [0, 1] : [1, 0];

  it('of two clocks that drift: which way it ran, how many packets, and the same bounds', () => {
    const samples = connection((time) => 3e6 + 40e-6 * time, sense);
    const pair = gathered(samples);
    expect(Math.sign(pair.sense())).toBe(sense);
    expect(pair.counts[0] + pair.counts[1]).toBe(PACKETS);
    const [out, home] = [kept(pair, onward, 1), kept(pair, back, -1)];
    expect(out.length + home.length).toBeLessThan(PACKETS / 4);
    const some = boundLine(out, home, SPAN / 2, ANY_SLOPE);
    const all = boundLine(
      samples.filter(({ direction }) => direction === onward),
      samples.filter(({ direction }) => direction === back),
      SPAN / 2,
      ANY_SLOPE,
    );
    for (const time of [0, SPAN / 3, SPAN]) {
      const error = some.offset + some.slope * (time - SPAN / 2) - (3e6 + 40e-6 * time);
      expect(Math.abs(error)).toBeLessThan(boundAt(some.bound, time));
      expect(boundAt(some.bound, time)).toBeLessThan(boundAt(all.bound, time) + 1000);
    }
  });

  it('of a clock that stepped: both lines, and when', () => {
    const pair = gathered(connection((time) => (time < SPAN / 4 ? 0 : 2 * SECOND), sense));
    const segments = fitOffsets(kept(pair, onward, 1), kept(pair, back, -1));
    expect(segments).toHaveLength(2);
    expect(segments[0].offset).toBeCloseTo(0, -6);
    expect(segments[1].offset).toBeCloseTo(2 * SECOND, -6);
    expect(segments[1].firstSure - segments[0].lastSure).toBeLessThan(SECOND / 2);
  });
});
