import { describe, expect, it } from 'vitest';
import { buildLayout } from '../scene/layout';
import { articleSnapshot } from '../testing/article-snapshot';
import { cutLayout, drawFigures } from './figures';
import { TEXT_HEIGHT, TEXT_WIDTH } from './pdf-style';

const all = [...articleSnapshot.journeys.journeys.fate.keys()];
const [finding] = articleSnapshot.findings;

const layout = buildLayout({
  window: articleSnapshot.journeys,
  points: articleSnapshot.points,
  connections: articleSnapshot.connections,
  hops: articleSnapshot.hops,
  lanes: articleSnapshot.view.lanes,
  finding,
  notes: [],
  timeMode: 'events',
});

describe('swimlanes on pages', () => {
  it('fit the page, with every packet in one of them', () => {
    const figures = drawFigures(articleSnapshot, all, finding);
    expect(figures.length).toBeGreaterThan(1);
    for (const { widthPx, heightPx } of figures)
      expect((heightPx * TEXT_WIDTH) / widthPx).toBeLessThan(TEXT_HEIGHT / 2);
    const svg = figures.map((figure) => figure.svg).join('');
    for (const time of ['0.000000', '1.007000', '3.058000', '7.096000', '15.174752'])
      expect(svg.split(`>${time}<`)).toHaveLength(2);
  });

  it('are cut at silences where one is near, in parts of like length', () => {
    const cuts = cutLayout(layout, layout.length * 0.6);
    expect(cuts).toHaveLength(3);
    const silences = Array.from(layout.gapY, (y) => y - 11);
    expect(silences).toContain(cuts[1]);
    expect(cuts[1]).toBeGreaterThan(layout.length * 0.35);
  });

  it('are not cut without need, and are where nothing allows it', () => {
    expect(cutLayout(layout, layout.length)).toEqual([0, layout.length]);
    const forced = cutLayout(layout, 5);
    expect(forced.length).toBeGreaterThan(layout.length / 5);
    expect(forced.at(-1)).toBe(layout.length);
  });

  it('are none without journeys', () => {
    expect(drawFigures(articleSnapshot, [], finding)).toEqual([]);
  });
});
