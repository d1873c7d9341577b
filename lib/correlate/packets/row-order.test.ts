import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../testing/seeded-random';
import { RowSorter, type SortedRows } from './row-order';

/** Frames of `packets` packets at up to five points, each point's in order of time but for some; `alike` identities more than once. */
function rowsOf(packets: number, identities: number, seed: number): SortedRows {
  const random = seededRandom(seed);
  const frames: { identity: number; direction: number; time: number }[] = [];
  for (let point = 0; point < 5; point += 1)
    for (let packet = 0; packet < packets; packet += 1) {
      if (random() < 0.05) continue;
      const identity = Math.imul(packet % identities, 0x9e3779b1) >>> 0;
      const late = random() < 0.01 ? 400 : 0;
      frames.push({
        identity,
        direction: packet % 3 === 0 ? 1 : 0,
        time: packet * 10 + point + late,
      });
    }
  return {
    count: frames.length,
    identity: Uint32Array.from(frames, ({ identity }) => identity),
    direction: Uint8Array.from(frames, ({ direction }) => direction),
    time: Float64Array.from(frames, ({ time }) => time),
    order: new Uint32Array(frames.length),
  };
}

/** What the order is, by its words: direction, first row alike, time, row. */
function plainOrder({ count, identity, direction, time }: SortedRows): number[] {
  const firstOf = new Map<string, number>();
  const first = Array.from({ length: count }, (_, k) => {
    const key = `${direction[k]} ${identity[k]}`;
    if (!firstOf.has(key)) firstOf.set(key, k);
    return firstOf.get(key)!;
  });
  return Array.from({ length: count }, (_, k) => k).sort(
    (a, b) => direction[a] - direction[b] || first[a] - first[b] || time[a] - time[b] || a - b,
  );
}

describe('the order of a connection’s frames', () => {
  const sorter = new RowSorter();
  it.each([
    ['a short connection', 20, 1000],
    ['no frame twice alike', 3000, 10_000],
    ['many parts', 20_000, 20_000],
    ['heartbeats among others', 9000, 50],
    ['nothing but one heartbeat', 9000, 1],
    ['one packet', 1, 1],
    ['short again, after long ones', 7, 3],
  ])('%s', (_, packets, identities) => {
    const rows = rowsOf(packets, identities, packets);
    const steps = [...sorter.sort(rows, 0.25)];
    expect([...rows.order]).toEqual(plainOrder(rows));
    // Within a long connection others get their turn.
    expect(steps.length > rows.count / 32_768 - 1).toBe(true);
    expect(new Set(steps).size).toBeLessThanOrEqual(1);
  });
});
