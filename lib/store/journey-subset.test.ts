import { expect, it } from 'vitest';
import { forward } from '../testing/node-path';
import { buildWindow } from '../testing/window-builder';
import { coversSpan, leavesWindow, selectJourneys } from './journey-subset';

const SECOND = 1e9;
/** Packets of the seconds 100 … 200, of a connection that goes on before and after. */
const window = {
  ...buildWindow({
    journeys: Array.from({ length: 101 }, (_, i) => forward((100 + i) * SECOND, { flags: 0x10 })),
    omitted: 500,
  }),
  omittedBefore: 200,
};
const leaves = (from: number, to: number, of = window) =>
  leavesWindow(of, [from * SECOND, to * SECOND]);

it('is left by a span that goes beyond an end of it, or has come to one', () => {
  expect(leaves(120, 150)).toBe(false);
  expect(leaves(90, 110)).toBe(true);
  expect(leaves(100.5, 110)).toBe(true);
  expect(leaves(180, 199)).toBe(true);
  expect(leaves(300, 310)).toBe(true);
});

it('is not left where nothing lies beyond, nor by a span that looks at all of it', () => {
  expect(leaves(90, 110, { ...window, omittedBefore: 0 })).toBe(false);
  expect(leaves(180, 210, { ...window, omittedBefore: 500 })).toBe(false);
  expect(leaves(90, 110, { ...window, omitted: 0, omittedBefore: 0 })).toBe(false);
  expect(leaves(0, 400)).toBe(false);
  expect(leaves(500, 900)).toBe(false);
});

it('covers a span that it has all packets of, and the little beyond its ends where a view stops', () => {
  const covers = (from: number, to: number, of = window) =>
    coversSpan(of, [from * SECOND, to * SECOND]);
  expect(covers(120, 150)).toBe(true);
  expect(covers(99, 201)).toBe(true);
  expect(covers(90, 150)).toBe(false);
  expect(covers(150, 210)).toBe(false);
  expect(covers(0, 400)).toBe(false);
  expect(covers(0, 150, { ...window, omittedBefore: 0 })).toBe(true);
  expect(covers(150, 900, { ...window, omittedBefore: 500 })).toBe(true);
  expect(covers(0, 900, { ...window, omitted: 0 })).toBe(true);
});

it('has the connections asked for alone, in their order, as an analysis gives them', () => {
  const two = buildWindow({
    journeys: [forward(SECOND, { flags: 0x02 }), forward(2 * SECOND, { flags: 0x10 })],
  });
  two.journeys.connection[1] = 1;
  const both = { ...two, connections: ['a', 'b'], protocols: [6, 17] };
  const picked = selectJourneys(both, ['b', 'gone'], 10);
  expect([picked.connections, picked.protocols]).toEqual([['b'], [17]]);
  expect([picked.journeyCount, picked.journeys.connection[0]]).toEqual([1, 0]);
  const turned = selectJourneys(both, ['b', 'a'], 10);
  expect([...turned.journeys.connection.subarray(0, 2)]).toEqual([1, 0]);
});
