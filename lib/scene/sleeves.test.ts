import { expect, it } from 'vitest';
import { NODE_POINTS } from '../testing/node-path';
import { buildWindow } from '../testing/window-builder';
import { drawScene } from './draw-scene';
import { buildLayout } from './layout';
import { tunnelsOfHops } from './sleeves';
import { estimateText, ROLE } from './theme';
import { tunnelText } from './tunnel-text';

// eth0 ── veth ══ uplink ══ uplink ── veth: in the tunnel from the second point to the fourth.
const encapsulations = ['', 'vxlan 42 10.0.0.1 > 10.0.0.2', 'vxlan 42 10.0.0.1 > 10.0.0.2', ''];
const layout = buildLayout({
  window: buildWindow({
    journeys: [
      {
        sightings: encapsulations.map((encapsulation, point) => ({
          point,
          time: point * 1000,
          source: 'a:1',
          destination: 'b:2',
          encapsulation,
        })),
      },
    ],
  }),
  points: NODE_POINTS,
  connections: [],
  hops: [],
  lanes: { order: [], hidden: [], names: {} },
  finding: null,
  notes: [],
  timeMode: 'events',
});
const view = { width: 900, height: 300, top: 0, left: 0, selected: -1, hovered: -1 };

it('draws a sleeve around the hop inside the tunnel, and no other', () => {
  const { body, placement } = drawScene(layout, { ...view, scale: 1 }, estimateText);
  const sleeves = Array.from({ length: body.lines.length }, (_, row) => row).filter(
    (row) => body.lines.get('role', row) === ROLE['surface-sunken'],
  );
  expect(sleeves.map((row) => [body.lines.get('x1', row), body.lines.get('x2', row)])).toEqual([
    [placement.x[1], placement.x[2]],
  ]);
  expect([...tunnelsOfHops(layout)]).toEqual([[1, 'vxlan 42']]);
});

it('names a tunnel without its ends', () => {
  expect(tunnelText('vlan 7, vxlan 42 10.0.0.1 > 10.0.0.2')).toBe('vxlan 42');
  expect(tunnelText('ipip 10.0.0.1 > 10.0.0.2')).toBe('ipip');
  expect(tunnelText('vlan 7')).toBe('');
});
