import { describe, expect, it } from 'vitest';
import { timeOrigin } from '@/lib/scene/draft';
import { type Arrangement, buildLayout, type TimeMode } from '@/lib/scene/layout';
import { failingHandshake, forward, NODE_POINTS } from '@/lib/testing/node-path';
import { buildWindow } from '@/lib/testing/window-builder';
import { hideLane, laneOrder, moveLaneTo, nameLane, neighbourOf } from './lane-edits';
import { clampView, openingView, spanOfView, viewOfSpan, zoomAbout } from './scene-view';

const LANES = { order: [], hidden: [], names: {} };
const layoutOf = (timeMode: TimeMode, arrangement: Arrangement = 'ladder') =>
  buildLayout({
    window: buildWindow({
      journeys: Array.from({ length: 400 }, (_, i) => forward(i * 1e6, { flags: 0x10 })),
    }),
    points: NODE_POINTS,
    connections: [],
    hops: [],
    lanes: LANES,
    finding: null,
    notes: [],
    timeMode,
    arrangement,
  });
const SIZE = { width: 900, height: 630 };

describe.each([
  ['events', 'ladder'],
  ['scale', 'ladder'],
  ['absolute', 'ladder'],
  ['events', 'strips'],
  ['scale', 'strips'],
] as const)('pan and zoom, %s, %s', (timeMode, arrangement) => {
  const layout = layoutOf(timeMode, arrangement);
  const originPx = timeOrigin(layout);
  const opened = openingView(layout, SIZE);

  it('stays within the document', () => {
    const above = clampView(layout, SIZE, { ...opened, top: Number.NEGATIVE_INFINITY });
    const below = clampView(layout, SIZE, { ...opened, scale: opened.scale * 3, top: 1e18 });
    expect(above.top * above.scale).toBeGreaterThanOrEqual(-25);
    expect(below.top).toBeLessThan(layout.length);
    expect(Number.isFinite(below.top)).toBe(true);
  });

  it('zooms about the pointer', () => {
    const from = clampView(layout, SIZE, {
      ...opened,
      scale: opened.scale * 2,
      top: layout.y[200],
    });
    const y = 300;
    const at = from.top + (y - originPx) / from.scale;
    const to = zoomAbout(layout, SIZE, from, 1.5, y);
    expect(to.scale).toBeCloseTo(from.scale * 1.5, 9);
    expect((to.top + (y - originPx) / to.scale) / at).toBeCloseTo(1, 6);
  });

  it('shows the span that the overview chose', () => {
    const span = [100e6, 220e6] as const;
    const [from, to] = spanOfView(layout, SIZE, viewOfSpan(layout, SIZE, opened, span));
    expect(Math.abs(from - span[0])).toBeLessThanOrEqual(2e6);
    expect(Math.abs(to - span[1])).toBeLessThanOrEqual(3e6);
  });
});

it('never zooms even spacing beyond its natural size for a span', () => {
  const layout = layoutOf('events');
  expect(viewOfSpan(layout, SIZE, openingView(layout, SIZE), [0, 2e6]).scale).toBe(1);
});

describe('lane edits', () => {
  const { plan } = buildLayout({ ...failingHandshake(), lanes: LANES, timeMode: 'events' });
  const order = laneOrder(plan.lanes);

  it('names each point once', () => {
    expect(order).toEqual(['p1', 'p2', 'p3', 'p4', 'p5']);
  });

  it('moves a lane to where it was dropped, or beside its neighbour', () => {
    expect(moveLaneTo(LANES, order, 'p5', 1).order).toEqual(['p1', 'p5', 'p2', 'p3', 'p4']);
    expect(moveLaneTo(LANES, order, 'p1', 3).order).toEqual(['p2', 'p3', 'p1', 'p4', 'p5']);
    expect(neighbourOf(LANES, order, 'p2', -1).order).toEqual(['p2', 'p1', 'p3', 'p4', 'p5']);
    expect(neighbourOf(LANES, order, 'p1', -1)).toBe(LANES);
  });

  it('hides, names, and gives the own name back', () => {
    expect(hideLane(hideLane(LANES, 'p1'), 'p1').hidden).toEqual(['p1']);
    expect(nameLane(LANES, 'p1', 'client').names).toEqual({ p1: 'client' });
    expect(nameLane({ ...LANES, names: { p1: 'client' } }, 'p1', '').names).toEqual({});
  });
});
