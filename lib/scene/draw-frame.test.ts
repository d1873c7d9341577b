import { describe, expect, it } from 'vitest';
import type { Placement } from './draft';
import { readRole } from './draw-frame';
import type { Lane } from './lanes';

const laneOf = (point: number, passage: number, role: string): Lane => ({
  id: `p${point}/${passage}`,
  point,
  pointId: `p${point}`,
  passage,
  name: 'eth0',
  role,
  grounds: [],
  at: point,
  idle: false,
});
const placementOf = (x: readonly number[]): Placement => ({
  x: Float64Array.from(x),
  labelX: 0,
  labelWidth: 0,
  contentWidth: 0,
});
/** Each letter 6 px wide. */
const measure = (text: string): number => text.length * 6;

describe('the line that says where a lane is', () => {
  const uplinks = [laneOf(0, 1, 'node1, uplink'), laneOf(1, 1, 'node2, uplink')];

  it('is whole where there is room, else the place alone, else the ends of its name', () => {
    const textAt = (x: number) => readRole(uplinks, placementOf([0, x]), 0, measure)?.text;
    expect(textAt(84)).toBe('node1, uplink');
    expect(textAt(83)).toBe('node1');
    expect(textAt(30)).toBe('no…1');
  });

  it('stands once over the passages of a point, in their middle', () => {
    const lanes = [laneOf(0, 1, 'node'), laneOf(0, 2, 'node'), laneOf(1, 1, '')];
    const placement = placementOf([100, 150, 250]);
    const roles = lanes.map((_, index) => readRole(lanes, placement, index, measure));
    expect(roles).toEqual([{ text: 'node', x: 125 }, null, null]);
  });
});
