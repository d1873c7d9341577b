import { describe, expect, it } from 'vitest';
import type { Point } from '../model/capture';
import { failingHandshake } from '../testing/node-path';
import type { Placement } from './draft';
import { readGroups } from './lane-groups';
import type { Lane } from './lanes';
import { buildLayout } from './layout';

const base = buildLayout({
  ...failingHandshake(),
  lanes: { order: [], hidden: [], names: {} },
  timeMode: 'events',
});

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
  gutter: 0,
});
/** Each letter 6 px wide. */
const measure = (text: string): number => text.length * 6;

/** `hosts`: clock of each point. */
const groupsOf = (lanes: readonly Lane[], x: readonly number[], hosts: readonly string[]) => {
  const points = hosts.map((host): Point => ({ ...base.input.points[0], host }));
  const layout = { plan: { ...base.plan, lanes }, input: { ...base.input, points } };
  return readGroups(layout, placementOf(x), measure);
};

describe('headings over the lanes', () => {
  const uplinks = [laneOf(0, 1, 'node1, uplink'), laneOf(1, 1, 'node2, uplink')];

  it('are whole where there is room, else the place alone, else the ends of its name', () => {
    const textAt = (x: number) => groupsOf(uplinks, [0, x], ['h1', 'h2'])[0].text;
    expect(textAt(84)).toBe('node1, uplink');
    expect(textAt(83)).toBe('node1');
    expect(textAt(30)).toBe('no…1');
  });

  it('stand once over the passages of a point, in their middle', () => {
    const lanes = [laneOf(0, 1, 'node'), laneOf(0, 2, 'node'), laneOf(1, 1, '')];
    const groups = groupsOf(lanes, [100, 150, 250], ['h1', 'h1']);
    expect(groups).toMatchObject([{ text: 'node', x: 125, bracket: [86, 164] }]);
  });

  it('span neighbours of one place, by what they share', () => {
    const lanes = [
      laneOf(0, 1, 'pod shop'),
      laneOf(1, 1, 'node1'),
      laneOf(2, 1, 'node1, uplink'),
      laneOf(3, 1, 'node2, uplink'),
      laneOf(4, 1, 'node2'),
    ];
    const groups = groupsOf(lanes, [0, 100, 200, 300, 400], ['h1', 'h1', 'h1', 'h2', 'h2']);
    expect(groups.map(({ text, bracket }) => [text, bracket])).toEqual([
      ['pod shop', null],
      ['node1', [86, 214]],
      ['node2', [286, 414]],
    ]);
  });

  it('have brackets that end before the headings beside them', () => {
    const lanes = [
      laneOf(0, 1, 'pod shop'),
      laneOf(1, 1, 'node1'),
      laneOf(2, 1, 'node1'),
      laneOf(3, 1, 'pod cart'),
    ];
    const [before, node, after] = groupsOf(lanes, [0, 40, 80, 120], ['h1', 'h1', 'h1', 'h1']);
    // Eight letters of 6 px around the outer lanes.
    expect([before.text, after.text]).toEqual(['pod shop', 'pod cart']);
    expect(node.bracket).toEqual([30, 90]);
  });

  it('do not span two clocks: places of one name on other hosts are others', () => {
    const lanes = [laneOf(0, 1, 'node'), laneOf(1, 1, 'node')];
    expect(groupsOf(lanes, [0, 100], ['h1', 'h2'])).toHaveLength(2);
  });
});
