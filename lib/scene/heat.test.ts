// Heat: losses stand in their bin on their hop, latency traces go right where it is slow, what is out of view is not drawn, and time goes where it should.
import { describe, expect, it } from 'vitest';
import { everyMark, NODE_POINTS } from '../testing/node-path';
import { placeScene, timeOrigin } from './draft';
import { drawHeat, type HeatCounts, heatLayoutOf, packetsWithin, readHeatAt } from './heat';
import { type Arrangement, buildLayout } from './layout';
import type { Marks } from './marks';
import { estimateText, ROLE } from './theme';

const BINS = 100;
const [FROM, TO] = [5e9, 15e9];
const bins = (fill: (bin: number) => number) =>
  Uint32Array.from({ length: BINS }, (_, bin) => fill(bin));

const COUNTS: HeatCounts = {
  from: FROM,
  to: TO,
  packets: bins(() => 50),
  hops: [
    {
      from: 'p1',
      to: 'p2',
      direction: 'forward',
      journeys: bins((bin) => (bin < 50 ? 30 : 0)),
      lost: bins((bin) => Number(bin === 20)),
      // Slower by and by.
      median: Float64Array.from({ length: BINS }, (_, bin) => 1000 * 1.1 ** bin),
      high: Float64Array.from({ length: BINS }, (_, bin) => 2000 * 1.1 ** bin),
    },
  ],
};

const open = (arrangement: Arrangement, scale: number, top = 0) => {
  const layout = heatLayoutOf(
    buildLayout({
      ...everyMark(),
      points: NODE_POINTS,
      lanes: { order: [], hidden: [], names: {} },
      timeMode: 'events',
      arrangement,
    }),
    FROM,
    TO,
  );
  const view = { width: 900, height: 700, top, scale, left: 0, selected: -1, hovered: -1 };
  const { body } = drawHeat(layout, COUNTS, view, estimateText);
  const placement = placeScene(layout, arrangement === 'ladder' ? view.width : view.height);
  return { layout, body, placement };
};
const bandsOf = ({ bands }: Marks, role: number) =>
  Array.from({ length: bands.length }, (_, row) => row).flatMap((row) =>
    bands.get('role', row) === role
      ? [{ x: bands.get('x', row), y: bands.get('y', row), width: bands.get('width', row) }]
      : [],
  );

describe('heat', () => {
  const WHOLE = 600 / (TO - FROM);

  it('shows a loss on its hop at its time', () => {
    const { layout, body, placement } = open('ladder', WHOLE);
    const [loss, ...others] = bandsOf(body, ROLE.failure);
    expect(others).toEqual([]);
    expect(loss.y).toBeCloseTo(timeOrigin(layout) + (20 / BINS) * 600);
    expect(loss.x).toBeGreaterThan(placement.x[0]);
    expect(loss.x + loss.width).toBeLessThan(placement.x[1]);
  });

  it('shows it turned in strips', () => {
    const { layout, body, placement } = open('strips', WHOLE);
    const [loss] = bandsOf(body, ROLE.failure);
    expect(loss.x).toBeCloseTo(timeOrigin(layout) + (20 / BINS) * 600);
    expect(loss.y).toBeGreaterThan(placement.x[0]);
  });

  it('lets the trace of latency move to the right as it grows, bin by bin downwards', () => {
    const { body } = open('ladder', WHOLE);
    const trace = bandsOf(body, ROLE.forward).filter(({ width }) => width === 2);
    expect(trace.length).toBeGreaterThan(90);
    for (let at = 1; at < trace.length; at++) {
      expect(trace[at].y).toBeGreaterThan(trace[at - 1].y);
      expect(trace[at].x).toBeGreaterThan(trace[at - 1].x);
    }
  });

  it('draws what is in view and little more', () => {
    const { body } = open('ladder', WHOLE * 10, (TO - FROM) * 0.3);
    expect(bandsOf(body, ROLE.failure)).toEqual([]);
    // Ten bins fill 600 px, some twelve are in view: each with density, median and range.
    expect(body.bands.length).toBeLessThan(3 * 16);
    expect(body.bands.length).toBeGreaterThan(3 * 9);
  });

  it('counts the packets of a span, and tells what is under the pointer', () => {
    expect(packetsWithin(COUNTS, [FROM, TO])).toBe(5000);
    expect(packetsWithin(COUNTS, [FROM, FROM + (TO - FROM) / 10])).toBe(500);
    const { layout, placement } = open('ladder', WHOLE);
    const at = (share: number, px: number) =>
      readHeatAt(layout, COUNTS, FROM + share * (TO - FROM), placement.x, px);
    const middle = (placement.x[0] + placement.x[1]) / 2;
    expect(at(0.205, middle)?.readings).toMatchObject([{ packets: 30, lost: 1 }]);
    expect(at(0.8, middle)).toBeNull();
    expect(at(0.2, placement.x[1] + 5)).toBeNull();
  });
});
