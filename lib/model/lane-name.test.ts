// One place has one name whichever way a packet runs through it.
import { expect, it } from 'vitest';
import { countPassages, laneName, laneStop } from './lane-name';

const counts = countPassages([
  { forwardStops: ['p1', 'p2', 'p2/2', 'p3'], reverseStops: ['p3', 'p2', 'p2/2', 'p1'] },
  { forwardStops: ['p4', 'p4/2'], reverseStops: ['p4'] },
]);
const nameOf = (point: string): string => ({ p2: 'tun0', p4: 'br0' })[point] ?? point;
const named = (stop: string, direction: 'forward' | 'reverse'): string =>
  laneName(laneStop(stop, direction, counts), nameOf);

it('a request passes the lane nearer to the client first, a reply last', () => {
  expect(['p2', 'p2/2'].map((stop) => named(stop, 'forward'))).toEqual(['tun0', 'tun0′']);
  expect(['p2', 'p2/2'].map((stop) => named(stop, 'reverse'))).toEqual(['tun0′', 'tun0']);
});

it('what is passed once has its point’s name', () => {
  expect(named('p1', 'reverse')).toBe('p1');
  expect(named('p4', 'reverse')).toBe('br0');
  expect(named('p4/2', 'forward')).toBe('br0′');
});

it('a point that no connection passes keeps its stop', () => {
  expect(laneStop('p9/2', 'reverse', counts)).toBe('p9/2');
});
