import { describe, expect, it } from 'vitest';
import type { ConnectionSummary } from '@/lib/model/connection';
import { defaultLaneOrder, moveLane, renameLane, toggleLane } from './lane-settings';

const NONE = { order: [], hidden: [], names: {} };
const points = ['p1', 'p2', 'p3', 'p4'].map((id) => ({
  id,
  capture: 0,
  name: id,
  interface: null,
  host: 'h1',
  frames: 1,
}));
const way = { points: ['p3', 'p1'] } as unknown as ConnectionSummary;

describe('lane settings', () => {
  it('puts what was ordered by hand first, then the way, then the rest', () => {
    const lanes = { ...NONE, order: ['p4', 'p9'] };
    expect(defaultLaneOrder(points, lanes, way)).toEqual(['p4', 'p3', 'p1', 'p2']);
  });

  it('moves a lane by one and stops at the ends', () => {
    const order = ['p3', 'p1', 'p2'];
    expect(moveLane(NONE, order, 1, 1).order).toEqual(['p3', 'p2', 'p1']);
    expect(moveLane(NONE, order, 0, -1)).toBe(NONE);
    expect(moveLane(NONE, order, 2, 1)).toBe(NONE);
  });

  it('gives the lane its own name back when the given one is emptied', () => {
    const named = renameLane(NONE, 'p1', 'client');
    expect(named.names).toEqual({ p1: 'client' });
    expect(renameLane(named, 'p1', '').names).toEqual({});
  });

  it('hides and shows', () => {
    const hidden = toggleLane(NONE, 'p2');
    expect(hidden.hidden).toEqual(['p2']);
    expect(toggleLane(hidden, 'p2')).toEqual(NONE);
  });
});
