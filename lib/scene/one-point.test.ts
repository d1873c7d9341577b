// A picture of one capture alone: where each packet goes on nobody saw. Its question mark, the number of a step and its label each have their own place.
import { describe, expect, it } from 'vitest';
import { buildWindow } from '../testing/window-builder';
import { drawScene } from './draw-scene';
import { buildLayout } from './layout';
import { ALIGN_MIDDLE, GLYPH_STEP } from './marks';
import { estimateText, FONT, FONT_ROLES, FONTS } from './theme';

interface Box {
  readonly text: string;
  readonly left: number;
  readonly right: number;
  readonly y: number;
}

describe('a picture of one point', () => {
  it('lets nothing stand on a question mark', () => {
    const window = buildWindow({
      files: ['a.pcap'],
      journeys: [0, 1, 2, 3].map((number) => ({
        direction: number % 2 === 0 ? ('forward' as const) : ('reverse' as const),
        fate: 'unknown' as const,
        sightings: [
          { point: 0, time: number * 1e6, frame: number + 1, flags: 0x10, sequence: number },
        ],
      })),
    });
    const point = { id: 'p1', capture: 0, name: 'a', interface: null, host: 'h1', frames: 4 };
    const layout = buildLayout({
      window,
      points: [point],
      connections: [],
      hops: [],
      lanes: { order: [], hidden: [], names: {} },
      finding: {
        steps: [1, 2, 3, 4].map((frame) => ({ text: '', frames: [{ file: 'a.pcap', frame }] })),
      },
      notes: [],
      timeMode: 'events',
    });
    for (const width of [360, 700, 1100]) {
      const view = { width, height: 400, top: 0, scale: 1, left: 0, selected: -1, hovered: -1 };
      const { body } = drawScene(layout, view, estimateText);
      const boxes: Box[] = body.textValues.flatMap((text, row) => {
        const x = body.texts.get('x', row);
        const wide = Math.max(body.texts.get('width', row), text === '?' ? 7 : 0);
        const left = body.texts.get('align', row) === ALIGN_MIDDLE ? x - wide / 2 : x;
        return body.texts.get('font', row) === FONT.step
          ? []
          : [{ text, left, right: left + wide, y: body.texts.get('y', row) }];
      });
      for (let row = 0; row < body.glyphs.length; row++)
        if (body.glyphs.get('kind', row) === GLYPH_STEP) {
          const [x, size] = [body.glyphs.get('x', row), body.glyphs.get('sizePx', row)];
          boxes.push({
            text: 'step',
            left: x - size,
            right: x + size,
            y: body.glyphs.get('y', row),
          });
        }
      expect(boxes.filter(({ text }) => text === '?')).toHaveLength(4);
      expect(boxes.filter(({ text }) => text === 'step')).toHaveLength(4);
      const high = FONTS[FONT_ROLES[FONT.label]].sizePx;
      for (const [index, a] of boxes.entries())
        for (const b of boxes.slice(index + 1))
          if (Math.abs(a.y - b.y) < high)
            expect(a.right <= b.left || b.right <= a.left, `${a.text} on ${b.text}`).toBe(true);
    }
  });
});
