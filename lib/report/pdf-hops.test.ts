// The hops of a report: both ways in the order of the way, those of kept connections and those that others took.
import { describe, expect, it } from 'vitest';
import type { Direction, HopSummary } from '../model/connection';
import type { CaseSnapshot } from '../model/snapshot';
import { articleSnapshot } from '../testing/article-snapshot';
import { listHops } from './pdf-hops';

const hop = (from: string, to: string, direction: Direction, journeys: number): HopSummary => ({
  from,
  to,
  direction,
  journeys,
  lost: 0,
  latencyNs: null,
});

/** p2 is the client’s, p3 tun0, p1 the server’s; replies of the connection kept skip tun0. */
const snapshot: CaseSnapshot = {
  ...articleSnapshot,
  points: ['p1', 'p2', 'p3'].map((id) => ({ ...articleSnapshot.points[0], id })),
  connections: [
    {
      ...articleSnapshot.connections[0],
      points: ['p2', 'p3', 'p1'],
      forwardStops: ['p2', 'p3', 'p3/2', 'p1'],
      reverseStops: ['p1', 'p2'],
    },
  ],
  hops: [
    hop('p1', 'p2', 'reverse', 28),
    hop('p1', 'p3', 'reverse', 450),
    hop('p2', 'p1', 'forward', 1),
    hop('p2', 'p3', 'forward', 336),
    hop('p3', 'p3/2', 'forward', 335),
    hop('p3', 'p3/2', 'reverse', 450),
    hop('p3/2', 'p1', 'forward', 335),
    hop('p3/2', 'p2', 'reverse', 450),
  ],
};

describe('the hops of a report', () => {
  const { rows, left } = listHops(snapshot);

  it('stand in the order of the way, requests first, then replies from the server on', () => {
    expect(rows.map(({ hop: { from, to, direction } }) => `${direction} ${from} ${to}`)).toEqual([
      'forward p2 p3',
      'forward p3 p3/2',
      'forward p3/2 p1',
      'reverse p1 p3',
      'reverse p1 p2',
      'reverse p3 p3/2',
      'reverse p3/2 p2',
    ]);
  });

  it('tell those of the connections kept from those of others, and count what hardly a packet took', () => {
    expect(rows.filter(({ isKept }) => !isKept).map(({ hop: { from, to } }) => [from, to])).toEqual(
      [
        ['p1', 'p3'],
        ['p3', 'p3/2'],
        ['p3/2', 'p2'],
      ],
    );
    expect(left).toBe(1);
  });

  it('are listed too where the connections kept went no whole hop', () => {
    const lost = { ...snapshot.connections[0], forwardStops: ['p2'], reverseStops: [] };
    expect(listHops({ ...snapshot, connections: [lost] }).rows.length).toBe(7);
  });
});
