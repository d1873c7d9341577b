import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { TCP_ACK } from '../model/tcp-flags';
import {
  everyMark,
  failingHandshake,
  forward,
  NODE_HOPS,
  NODE_POINTS,
  reverse,
} from '../testing/node-path';
import { buildWindow } from '../testing/window-builder';
import type { SceneView } from './draft';
import { drawScene, type Scene } from './draw-scene';
import { findHit } from './hit-test';
import { buildLayout, rowOfJourney, type SceneInput, type SceneLayout } from './layout';
import {
  ALIGN_START,
  GLYPH_ARROW_DOWN,
  GLYPH_ARROW_LEFT,
  GLYPH_ARROW_RIGHT,
  GLYPH_ARROW_UP,
  GLYPH_BAR,
  GLYPH_CROSS,
  GLYPH_DIAMOND,
  GLYPH_DOT,
  GLYPH_HALO,
  GLYPH_HOLLOW_DIAMOND,
  GLYPH_HOLLOW_DOT,
  GLYPH_NOTE,
  GLYPH_STEP,
  GLYPH_STEP_AGAIN,
  LINE_DASHED,
  LINE_DOTTED,
  LINE_HATCHED,
  LINE_WAVY,
  type Marks,
} from './marks';
import { estimateText, FONT, FONT_ROLES, FONTS, ROLE } from './theme';

const LANES = { order: [], hidden: [], names: {} };
const VIEW: SceneView = {
  width: 980,
  height: 1200,
  top: 0,
  scale: 1,
  left: 0,
  selected: -1,
  hovered: -1,
};
const draw = (layout: SceneLayout, view: Partial<SceneView> = {}): Scene =>
  drawScene(layout, { ...VIEW, ...view }, estimateText);
const layoutOf = (
  input: Omit<SceneInput, 'lanes' | 'timeMode'>,
  timeMode: 'events' | 'scale' = 'events',
) => buildLayout({ ...input, lanes: LANES, timeMode });

const glyphsOf = ({ glyphs }: Marks, kind: number, journey?: number): number[] =>
  Array.from({ length: glyphs.length }, (_, row) => row).filter(
    (row) =>
      glyphs.get('kind', row) === kind &&
      (journey === undefined || glyphs.get('journey', row) === journey),
  );
const linesOf = ({ lines }: Marks, style: number, journey?: number): number[] =>
  Array.from({ length: lines.length }, (_, row) => row).filter(
    (row) =>
      lines.get('style', row) === style &&
      (journey === undefined || lines.get('journey', row) === journey),
  );
const textsOf = (marks: Marks, font: number): string[] =>
  marks.textValues.filter((_, row) => marks.texts.get('font', row) === font);

describe('marks of each fate', () => {
  const input = everyMark();
  const layout = layoutOf(input);
  const { body, placement } = draw(layout);
  const journeyAt = (row: number) => layout.order[row];

  it('begins a SYN with a diamond and a FIN with a hollow one, and ends with an arrow', () => {
    expect(glyphsOf(body, GLYPH_DIAMOND)).toHaveLength(2);
    expect(glyphsOf(body, GLYPH_HOLLOW_DIAMOND)).toHaveLength(2);
    expect(glyphsOf(body, GLYPH_ARROW_RIGHT, journeyAt(0))).toHaveLength(1);
    expect(glyphsOf(body, GLYPH_ARROW_LEFT, journeyAt(1))).toHaveLength(1);
  });

  it('ends a loss in a cross on the hop, and hatches the way it did not go', () => {
    const [cross] = glyphsOf(body, GLYPH_CROSS);
    const [hatch] = linesOf(body, LINE_HATCHED);
    const journey = body.glyphs.get('journey', cross);
    expect(input.window.journeys.fate[journey]).toBe(2);
    expect(body.glyphs.get('x', cross)).toBeGreaterThan(placement.x[2]);
    expect(body.glyphs.get('x', cross)).toBeLessThan(placement.x[3]);
    expect(body.lines.get('x1', hatch)).toBe(body.glyphs.get('x', cross));
    expect(body.lines.get('x2', hatch)).toBe(placement.x[3]);
    expect(glyphsOf(body, GLYPH_ARROW_RIGHT, journey)).toEqual([]);
  });

  it('has a hollow dot and a dashed line through where a capture missed the packet', () => {
    const [hollow] = glyphsOf(body, GLYPH_HOLLOW_DOT);
    expect(body.glyphs.get('x', hollow)).toBe(placement.x[4]);
    const journey = body.glyphs.get('journey', hollow);
    expect(linesOf(body, LINE_DASHED, journey).length).toBeGreaterThan(0);
    expect(glyphsOf(body, GLYPH_ARROW_RIGHT, journey)).toHaveLength(1);
  });

  it('asks where it does not know', () => {
    const question = body.textValues.indexOf('?');
    expect(body.texts.get('role', question)).toBe(ROLE.unknown);
    const journey = body.texts.get('journey', question);
    expect(input.window.journeys.fate[journey]).toBe(0);
  });

  it('dots a retransmission in amber and says which', () => {
    const [dotted] = linesOf(body, LINE_DOTTED);
    expect(body.lines.get('role', dotted)).toBe(ROLE.retransmission);
    expect(textsOf(body, FONT.label)).toContain('[P.] len 1448 retry 1');
  });

  it('draws a copy off the way small and grey', () => {
    const grey = glyphsOf(body, GLYPH_DOT).filter(
      (row) => body.glyphs.get('role', row) === ROLE['ink-faint'],
    );
    expect(grey).toHaveLength(1);
    expect(body.glyphs.get('sizePx', grey[0])).toBeLessThan(4);
  });

  it('changes the colour to that of NAT from the hop that rewrote the tuple, both ways', () => {
    const roleAt = (journey: number, lane: number): number => {
      const row = glyphsOf(body, GLYPH_DOT, journey).find(
        (glyph) => body.glyphs.get('x', glyph) === placement.x[lane],
      );
      return row === undefined ? -1 : body.glyphs.get('role', row);
    };
    expect([1, 2, 3, 4].map((lane) => roleAt(journeyAt(0), lane))).toEqual([
      ROLE.forward,
      ROLE.forward,
      ROLE.nat,
      ROLE.nat,
    ]);
    expect([4, 1, 0].map((lane) => roleAt(journeyAt(1), lane))).toEqual([
      ROLE.reverse,
      ROLE.nat,
      ROLE.nat,
    ]);
  });
});

describe('the article’s failure', () => {
  const input = failingHandshake();
  const layout = layoutOf(input);
  const { body, pinned } = draw(layout);

  it('says what NAT did, in full once, and again shorter', () => {
    const badges = textsOf(body, FONT.badge);
    expect(badges.filter((text) => text.startsWith('DNAT'))).toEqual([
      'DNAT 172.30.249.115:9443 → 10.128.3.214:9443 · :60170→:59906',
      ...Array(3).fill('DNAT → 10.128.3.214:9443 · :60170→:59906'),
    ]);
    expect(badges.filter((text) => text === ':59906→:60170')).toHaveLength(4);
  });

  it('says loudest what was not restored, expected and got', () => {
    const badges = textsOf(body, FONT.badge).filter((text) => text.startsWith('src'));
    expect(badges).toEqual([
      'src not restored: 10.128.3.214:9443, expected 172.30.249.115:9443',
      ...Array(3).fill('src not restored'),
    ]);
    const fills = Array.from({ length: body.boxes.length }, (_, row) =>
      body.boxes.get('fill', row),
    );
    expect(fills.filter((role) => role === ROLE.failure)).toHaveLength(1);
    expect(fills.filter((role) => role === ROLE['failure-surface'])).toHaveLength(3);
  });

  it('stands where the reply comes to, not under a lane that it passes by', () => {
    const { x } = draw(layout).placement;
    for (const word of ['src not restored', ':59906→:60170']) {
      const rows = body.textValues.flatMap((text, row) => (text === word ? [row] : []));
      expect(rows.length).toBeGreaterThan(2);
      // From node-veth91c7e3aa (4) to node-veth5b024d2c (1), past both passages of node-tun0.
      for (const row of rows) expect(body.texts.get('x', row)).toBeCloseTo((x[1] + x[2]) / 2, 0);
    }
  });

  it('bars a reset, folds silences, numbers the steps, flags the note', () => {
    expect(glyphsOf(body, GLYPH_BAR)).toHaveLength(4);
    expect(linesOf(body, LINE_WAVY)).toHaveLength(3);
    expect(textsOf(body, FONT.small)).toEqual(['1.01 s', '1.02 s', '2.05 s']);
    expect(glyphsOf(body, GLYPH_STEP)).toHaveLength(6);
    expect(textsOf(body, FONT.step)).toEqual(['1', '2', '3', '4', '5', '6']);
    expect(glyphsOf(body, GLYPH_NOTE)).toHaveLength(1);
  });

  it('hangs the number of the step on what was not restored, not on what was', () => {
    const text = body.textValues.findIndex(
      (value, row) => value === '3' && body.texts.get('font', row) === FONT.step,
    );
    const [step] = glyphsOf(body, GLYPH_STEP).filter(
      (row) =>
        body.glyphs.get('x', row) === body.texts.get('x', text) &&
        body.glyphs.get('y', row) === body.texts.get('y', text),
    );
    expect(body.glyphs.get('role', step)).toBe(ROLE.failure);
  });

  it('says what is wrong of a reply before all else where room is short', () => {
    const pair = layoutOf({ ...failingHandshake(), isPair: true });
    const scene = draw(pair, { width: 290 });
    expect(scene.pinned.textValues).toEqual(['← 10.128.3.214:9443 ≠']);
    // All lanes are in view, and room for what is said of the packet is left.
    expect(scene.placement.contentWidth).toBeLessThanOrEqual(290);
    expect(draw(pair, { width: 360 }).pinned.textValues).toContain(':60170 ← 10.128.3.214:9443 ≠');
  });

  it('writes the tuple in force along the path', () => {
    expect(pinned.textValues).toEqual([
      '10.128.3.202:60170 → 172.30.249.115:9443',
      '10.128.3.202:59906 → 10.128.3.214:9443',
      // The replies beneath, client first: what should be the service's name is the pod's.
      '10.128.3.202:60170 ← 10.128.3.214:9443 ≠',
      '10.128.3.202:59906 ← 10.128.3.214:9443',
    ]);
  });

  it('rings all sightings of the packet chosen', () => {
    const { body: chosen } = draw(layout, { selected: 0 });
    expect(glyphsOf(chosen, GLYPH_HALO)).toHaveLength(6);
    expect(chosen.bands.length).toBe(1);
  });

  it('finds what it drew', () => {
    const scene = draw(layout);
    const [diamond] = glyphsOf(scene.body, GLYPH_DIAMOND);
    const [x, y] = [scene.body.glyphs.get('x', diamond), scene.body.glyphs.get('y', diamond)];
    expect(findHit(scene.body, input.window, x + 2, y - 2)).toEqual({ journey: 0, sighting: 0 });
    expect(findHit(scene.body, input.window, (x + scene.placement.x[1]) / 2, y)?.journey).toBe(0);
    const label = scene.body.textValues.findIndex((text) => text.startsWith('[R]'));
    const hit = findHit(
      scene.body,
      input.window,
      scene.body.texts.get('x', label) + 5,
      scene.body.texts.get('y', label),
    );
    expect(hit?.journey).toBe(2);
    expect(findHit(scene.body, input.window, 500, 1190)).toBeNull();
  });
});

/** Boxes of all texts of the body. */
const textBoxes = ({ texts }: Marks) =>
  Array.from({ length: texts.length }, (_, row) => {
    const width = texts.get('width', row);
    const align = texts.get('align', row);
    const left = texts.get('x', row) - (align === 1 ? width / 2 : align === 2 ? width : 0);
    // Capitals and figures are as high as two thirds of the size.
    const half = FONTS[FONT_ROLES[texts.get('font', row)]].sizePx / 3;
    const y = texts.get('y', row);
    return { left, right: left + width, top: y - half, bottom: y + half, row };
  });

describe('texts', () => {
  const journeys = fc.array(
    fc.record({
      time: fc.integer({ min: 0, max: 3e6 }),
      reverse: fc.boolean(),
      retransmission: fc.boolean(),
      restored: fc.boolean(),
      flags: fc.constantFrom(0x02, 0x10, 0x18, 0x04, 0x11),
      payloadLength: fc.integer({ min: 0, max: 60_000 }),
    }),
    { minLength: 1, maxLength: 40 },
  );
  const views = fc.record({
    width: fc.integer({ min: 320, max: 1600 }),
    scale: fc.double({ min: 0.05, max: 3, noNaN: true }),
    timeMode: fc.constantFrom('events' as const, 'scale' as const),
  });

  it('never stand on each other, whatever the packets and the view', () => {
    fc.assert(
      fc.property(journeys, views, (packets, { width, scale, timeMode }) => {
        const window = buildWindow({
          journeys: packets.map(
            ({ time, reverse: isReply, restored, retransmission, ...packet }) =>
              isReply
                ? reverse(time, packet, restored, { retransmission })
                : forward(time, packet, 6, { retransmission }),
          ),
        });
        const layout = layoutOf(
          {
            window,
            points: NODE_POINTS,
            connections: failingHandshake().connections,
            hops: NODE_HOPS,
            finding: null,
            notes: [],
          },
          timeMode,
        );
        const { body } = draw(layout, {
          width,
          scale: timeMode === 'events' ? scale : 1100 / layout.length,
        });
        const boxes = textBoxes(body);
        for (const a of boxes)
          for (const b of boxes) {
            if (a.row >= b.row) continue;
            const apart =
              a.right <= b.left || b.right <= a.left || a.bottom <= b.top || b.bottom <= a.top;
            if (!apart)
              throw new Error(
                `“${body.textValues[a.row]}” and “${body.textValues[b.row]}” overlap`,
              );
          }
      }),
      { numRuns: 150 },
    );
  });

  it('are whole variants: no number is cut', () => {
    const layout = layoutOf(everyMark());
    for (const width of [320, 500, 700, 980, 1500]) {
      const { body } = draw(layout, { width });
      for (const text of textsOf(body, FONT.label).filter((label) => label.includes('seq')))
        expect(text).toMatch(/seq \d{9,10}( |$)/);
    }
  });
});

describe('culling', () => {
  const count = 3000;
  const window = buildWindow({
    journeys: Array.from({ length: count }, (_, i) => forward(i * 1e5, { flags: TCP_ACK })),
  });
  const layout = layoutOf({
    window,
    points: NODE_POINTS,
    connections: [],
    hops: [],
    finding: null,
    notes: [],
  });

  it('draws only the rows in view', () => {
    const middle = layout.y[1500];
    const scene = draw(layout, { top: middle, height: 600 });
    expect(scene.firstRow).toBeLessThanOrEqual(1500);
    expect(scene.firstRow).toBeGreaterThan(1490);
    expect(scene.endRow - scene.firstRow).toBeLessThan(50);
    expect(scene.body.glyphs.length).toBeLessThan(50 * 8);
  });

  it('merges rows that are too close into stripes', () => {
    const scene = draw(layout, { scale: 1000 / layout.length, height: 1030 });
    expect(scene.dense).toBe(true);
    expect(scene.body.glyphs.length).toBe(0);
    expect(scene.body.bands.length).toBeGreaterThan(100);
    expect(scene.body.bands.length).toBeLessThanOrEqual(500 * 5);
  });

  it('draws the packet that is looked at over the stripes', () => {
    const view = { scale: 1000 / layout.length, height: 1030 };
    const selected = layout.input.window.journeys.firstSighting[1500];
    const scene = draw(layout, { ...view, selected });
    expect(scene.dense).toBe(true);
    expect(scene.body.glyphs.length).toBeGreaterThan(1);
    expect(draw(layout, { ...view, selected, side: 1 }).body.glyphs.length).toBe(0);
  });

  it('uses the marks handed to it again', () => {
    const first = draw(layout);
    const again = drawScene(layout, { ...VIEW, top: 500 }, estimateText, first);
    expect(again.body).toBe(first.body);
    expect(again.body.texts.length).toBe(again.body.textValues.length);
  });
});

describe('what the display filter leaves out', () => {
  const input = failingHandshake();
  /** The filter lets the first three packets through: SYN, SYN-ACK, reset. */
  const matches = Uint8Array.from({ length: input.window.journeyCount }, (_, row) => +(row < 3));
  const dimmed = layoutOf({ ...input, filter: { matches, hides: false } });
  const whole = layoutOf(input);

  it('is drawn in one faint ink, in its place', () => {
    const { body } = draw(dimmed);
    expect([...dimmed.y]).toEqual([...whole.y]);
    const rolesOf = (from: number, end: number): Set<number> => {
      const roles = new Set<number>();
      const add = (journey: number, role: number): void => {
        if (journey >= from && journey < end) roles.add(role);
      };
      for (let row = 0; row < body.lines.length; row++)
        add(body.lines.get('journey', row), body.lines.get('role', row));
      for (let row = 0; row < body.glyphs.length; row++)
        if (body.glyphs.get('kind', row) < GLYPH_STEP)
          add(body.glyphs.get('journey', row), body.glyphs.get('role', row));
      return roles;
    };
    expect([...rolesOf(3, 12)]).toEqual([ROLE.dimmed]);
    expect(rolesOf(0, 3)).toContain(ROLE.forward);
    expect(rolesOf(0, 3)).not.toContain(ROLE.dimmed);
  });

  it('has the loud badge only where the packet is let through', () => {
    const loud = ({ boxes }: Marks): number =>
      Array.from({ length: boxes.length }, (_, row) => boxes.get('fill', row)).filter(
        (role) => role === ROLE.failure || role === ROLE['failure-surface'],
      ).length;
    expect(loud(draw(whole).body)).toBe(4);
    expect(loud(draw(dimmed).body)).toBe(1);
  });

  it('is not there where it is hidden', () => {
    const hidden = layoutOf({ ...input, filter: { matches, hides: true } });
    expect(hidden.rowCount).toBe(3);
    expect(hidden.length).toBeLessThan(whole.length / 2);
    expect([0, 1, 2, 5].map((journey) => rowOfJourney(hidden, journey))).toEqual([0, 1, 2, 3]);
    const { body } = draw(hidden, { selected: input.window.journeys.firstSighting[5] });
    for (let row = 0; row < body.glyphs.length; row++)
      expect(body.glyphs.get('journey', row)).toBeLessThan(3);
  });

  it('is counted apart where rows are too close for lines', () => {
    const many = buildWindow({
      journeys: Array.from({ length: 3000 }, (_, i) => forward(i * 1000, { flags: TCP_ACK })),
    });
    const none = new Uint8Array(3000);
    const layout = layoutOf({
      ...input,
      window: many,
      finding: null,
      notes: [],
      filter: { matches: none, hides: false },
    });
    const { body, dense } = draw(layout, { scale: 1000 / layout.length, height: 1030 });
    expect(dense).toBe(true);
    const roles = new Set(
      Array.from({ length: body.bands.length }, (_, row) => body.bands.get('role', row)),
    );
    expect([...roles]).toEqual([ROLE.dimmed]);
  });
});

describe('numbers of steps and labels', () => {
  it('never touch', () => {
    const input = failingHandshake();
    for (const width of [700, 980, 1400]) {
      const { body } = draw(layoutOf(input), { width });
      const steps = [...glyphsOf(body, GLYPH_STEP), ...glyphsOf(body, GLYPH_STEP_AGAIN)].map(
        (row) => ({
          x: body.glyphs.get('x', row),
          y: body.glyphs.get('y', row),
          r: body.glyphs.get('sizePx', row),
        }),
      );
      expect(steps.length).toBeGreaterThan(3);
      for (let row = 0; row < body.texts.length; row++) {
        if (body.texts.get('align', row) !== ALIGN_START) continue;
        const [x, y] = [body.texts.get('x', row), body.texts.get('y', row)];
        const right = x + body.texts.get('width', row);
        for (const step of steps) {
          const apart =
            step.x + step.r <= x || step.x - step.r >= right || Math.abs(step.y - y) >= step.r + 6;
          expect(apart, body.textValues[row]).toBe(true);
        }
      }
    }
  });
});

describe('strips', () => {
  const input = failingHandshake();
  const layout = buildLayout({
    ...input,
    lanes: LANES,
    timeMode: 'events',
    arrangement: 'strips',
  });
  const view = { width: 1400, height: 600 };
  const { body, pinned, placement } = draw(layout, view);

  it('has a row a point and time to the right', () => {
    const ofFirst = (column: 'x' | 'y') =>
      glyphsOf(body, GLYPH_DOT, layout.order[0]).map((row) => body.glyphs.get(column, row));
    expect(ofFirst('y')).toEqual([...placement.x].slice(1));
    expect(ofFirst('x')).toEqual([...ofFirst('x')].sort((a, b) => a - b));
    expect(glyphsOf(body, GLYPH_ARROW_DOWN, layout.order[0])).toHaveLength(1);
    expect(glyphsOf(body, GLYPH_ARROW_UP, layout.order[1])).toHaveLength(1);
  });

  it('folds silences with upright torn edges', () => {
    const waves = linesOf(body, LINE_WAVY);
    expect(waves).toHaveLength(3);
    for (const row of waves) expect(body.lines.get('x1', row)).toBe(body.lines.get('x2', row));
  });

  it('names its rows and says which tuple begins to hold there', () => {
    expect(pinned.textValues).toContain('cpe · eth0');
    expect(pinned.textValues).toContain(':60170 → 172.30.249.115:9443');
    expect(pinned.textValues).toContain(':60170 ← 10.128.3.214:9443 ≠');
  });

  it('sets no text on another, no badge on a text', () => {
    for (const width of [700, 1000, 1400])
      for (const scale of [0.6, 1, 2]) {
        const { body: marks } = draw(layout, { ...view, width, scale });
        const texts = Array.from({ length: marks.texts.length }, (_, row) => {
          const textWidth = marks.texts.get('width', row);
          const align = marks.texts.get('align', row);
          const x = marks.texts.get('x', row) - (align === ALIGN_START ? 0 : textWidth / 2);
          return { x, right: x + textWidth, y: marks.texts.get('y', row), row };
        });
        for (const one of texts)
          for (const other of texts)
            if (one.row < other.row)
              expect(
                one.right <= other.x || other.right <= one.x || Math.abs(one.y - other.y) >= 10,
                `${marks.textValues[one.row]} and ${marks.textValues[other.row]}`,
              ).toBe(true);
      }
  });

  it('is hit where it is drawn', () => {
    const [dot] = glyphsOf(body, GLYPH_DIAMOND, layout.order[1]);
    const hit = findHit(body, input.window, body.glyphs.get('x', dot), body.glyphs.get('y', dot));
    expect(hit?.journey).toBe(layout.order[1]);
  });
});
