import { expect, it } from 'vitest';
import { seededRandom } from '../testing/seeded-random';
import { KeyOrder, mergeStretches } from './merge-stretches';

const sorted = (values: readonly number[], from: number, to: number) => {
  const order = Uint32Array.from(values.keys());
  const scratch = new Uint32Array(order.length);
  const by = new KeyOrder(Float64Array.from(values));
  const steps = mergeStretches(order, from, to, scratch, by, 100);
  return { turns: [...steps].length, order: [...order] };
};

it.each([
  [
    'in order but for some',
    (place: number, random: () => number) => place - (random() < 0.05 ? 300 : 0),
  ],
  ['in no order, many equal', (_: number, random: () => number) => Math.floor(random() * 20)],
  ['backwards', (place: number) => -place],
  ['in order', (place: number) => place],
])('sorts what is %s, equal values in their order, in slices', (_, valueAt) => {
  const random = seededRandom(5);
  const values = Array.from({ length: 1000 }, (_, place) => valueAt(place, random));
  const [from, to] = [50, 950];
  const { order, turns } = sorted(values, from, to);
  const whole = values.map((_, place) => place);
  const expected = whole.slice(from, to).sort((a, b) => values[a] - values[b] || a - b);
  expect(order).toEqual([...whole.slice(0, from), ...expected, ...whole.slice(to)]);
  const isInOrder = expected.every((place, index) => place === index + from);
  if (!isInOrder) expect(turns).toBeGreaterThanOrEqual(Math.floor((to - from) / 100));
});
