// What the eye must never meet: a text on another, a number of a step on a text, a badge over a line of another packet, a text cut at the edge. Over random packets and views.
import fc from 'fast-check';
import { describe, it } from 'vitest';
import type { Finding } from '../model/finding';
import { failingHandshake, forward, NODE_HOPS, NODE_POINTS, reverse } from '../testing/node-path';
import { buildWindow } from '../testing/window-builder';
import { type SceneView, STRIP_HEAD_PX } from './draft';
import { drawScene } from './draw-scene';
import { buildLayout, type SceneLayout } from './layout';
import { ALIGN_END, ALIGN_MIDDLE, GLYPH_STEP, GLYPH_STEP_AGAIN, type Marks } from './marks';
import { estimateText, FONT, FONT_ROLES, FONTS } from './theme';

interface Shape {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
  readonly name: string;
}

const packets = fc.array(
  fc.record({
    time: fc.oneof(
      fc.integer({ min: 0, max: 3e6 }),
      fc.integer({ min: 0, max: 40 }).map((steps) => steps * 3e8),
    ),
    isReply: fc.boolean(),
    retransmission: fc.boolean(),
    restored: fc.boolean(),
    stops: fc.integer({ min: 1, max: 6 }),
    flags: fc.constantFrom(0x02, 0x10, 0x18, 0x04, 0x11),
    payloadLength: fc.integer({ min: 0, max: 60_000 }),
    /** Steps of the story that cite the packet. */
    steps: fc.array(fc.integer({ min: 1, max: 9 }), { maxLength: 4 }),
  }),
  { minLength: 1, maxLength: 40 },
);
const views = fc.record({
  width: fc.integer({ min: 640, max: 1600 }),
  height: fc.integer({ min: 420, max: 1000 }),
  /** Parts of the whole document. */
  zoom: fc.double({ min: 0.05, max: 1, noNaN: true }),
  top: fc.double({ min: 0, max: 0.9, noNaN: true }),
  timeMode: fc.constantFrom('events' as const, 'scale' as const, 'absolute' as const),
  arrangement: fc.constantFrom('ladder' as const, 'strips' as const),
});
type Packets = typeof packets extends fc.Arbitrary<infer T> ? T : never;
type View = typeof views extends fc.Arbitrary<infer T> ? T : never;

const FILE = 'a.pcap';

function layoutOf(drawn: Packets, { timeMode, arrangement }: View): SceneLayout {
  let frame = 0;
  const cited = Array.from({ length: 9 }, () => [] as { file: string; frame: number }[]);
  const sorted = drawn.toSorted((a, b) => a.time - b.time);
  const journeys = sorted.map(
    ({ time, isReply, restored, retransmission, steps, stops, ...packet }) => {
      frame++;
      for (const step of steps) cited[step - 1].push({ file: FILE, frame });
      const made = isReply
        ? reverse(time, packet, restored, { retransmission })
        : forward(time, packet, stops, { retransmission });
      return {
        ...made,
        sightings: made.sightings.map((sighting) => ({ ...sighting, capture: 0, frame })),
      };
    },
  );
  const input = failingHandshake();
  const finding: Finding = {
    ...input.finding,
    steps: cited.map((frames, index) => ({ text: `step ${index + 1}`, frames })),
  };
  return buildLayout({
    window: buildWindow({ files: [FILE], journeys }),
    points: NODE_POINTS,
    connections: input.connections,
    hops: NODE_HOPS,
    lanes: { order: [], hidden: [], names: {} },
    finding,
    notes: [],
    timeMode,
    arrangement,
  });
}

function viewOf(layout: SceneLayout, { width, height, zoom, top }: View): SceneView {
  const isStrips = layout.input.arrangement === 'strips';
  const scale =
    layout.input.timeMode === 'events'
      ? 0.4 + zoom * 2
      : ((isStrips ? width : height) - 100) / (layout.length * zoom);
  return { width, height, scale, top: top * layout.length, left: 0, selected: -1, hovered: -1 };
}

const isNumberOfStep = (marks: Marks, row: number): boolean =>
  marks.texts.get('font', row) === FONT.step;

function textsOf(marks: Marks): Shape[] {
  const { texts, textValues } = marks;
  return Array.from({ length: texts.length }, (_, row) => row)
    .filter((row) => !isNumberOfStep(marks, row))
    .map((row) => {
      const width = texts.get('width', row);
      const align = texts.get('align', row);
      const left =
        texts.get('x', row) -
        (align === ALIGN_MIDDLE ? width / 2 : align === ALIGN_END ? width : 0);
      const half = FONTS[FONT_ROLES[texts.get('font', row)]].sizePx / 3;
      const y = texts.get('y', row);
      return { left, right: left + width, top: y - half, bottom: y + half, name: textValues[row] };
    });
}

const stepsOf = ({ glyphs }: Marks): Shape[] =>
  Array.from({ length: glyphs.length }, (_, row) => row)
    .filter((row) => [GLYPH_STEP, GLYPH_STEP_AGAIN].includes(glyphs.get('kind', row)))
    .map((row) => {
      const [x, y, size] = [glyphs.get('x', row), glyphs.get('y', row), glyphs.get('sizePx', row)];
      return { left: x - size, right: x + size, top: y - size, bottom: y + size, name: 'a step' };
    });

const boxesOf = ({ boxes }: Marks): (Shape & { readonly journey: number })[] =>
  Array.from({ length: boxes.length }, (_, row) => {
    const [x, y] = [boxes.get('x', row), boxes.get('y', row)];
    return {
      left: x,
      right: x + boxes.get('width', row),
      top: y,
      bottom: y + boxes.get('height', row),
      name: 'a badge',
      journey: boxes.get('journey', row),
    };
  });

const touch = (a: Shape, b: Shape): boolean =>
  a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;

function check(drawn: Packets, wanted: View): void {
  const layout = layoutOf(drawn, wanted);
  const view = viewOf(layout, wanted);
  const isStrips = wanted.arrangement === 'strips';
  const { body, pinned, dense } = drawScene(layout, view, estimateText);
  if (dense) return;
  for (const marks of [body, pinned]) {
    const things = [...textsOf(marks), ...stepsOf(marks)];
    for (const [at, a] of things.entries())
      for (const b of things.slice(at + 1))
        if (touch(a, b)) throw new Error(`“${a.name}” and “${b.name}” overlap`);
    const least = isStrips && marks === body ? STRIP_HEAD_PX - 20 : 0;
    for (const { left, right, name } of textsOf(marks))
      if (right > least && left < view.width && right > view.width + 0.5)
        throw new Error(`“${name}” is cut at ${view.width}: it ends at ${right}`);
  }
  const badges = boxesOf(body);
  for (const [at, a] of badges.entries()) {
    for (const b of badges.slice(at + 1)) if (touch(a, b)) throw new Error('two badges overlap');
    for (const step of stepsOf(body)) if (touch(a, step)) throw new Error('a step on a badge');
    if (a.left < view.width && a.right > view.width) throw new Error('a badge is cut');
  }
  // A badge of a ladder keeps off the packets of others.
  if (isStrips) return;
  const { glyphs } = body;
  for (let row = 0; row < glyphs.length; row++) {
    if ([GLYPH_STEP, GLYPH_STEP_AGAIN].includes(glyphs.get('kind', row))) continue;
    const [x, y] = [glyphs.get('x', row), glyphs.get('y', row)];
    for (const badge of badges)
      if (badge.left < x && x < badge.right && badge.top < y && y < badge.bottom)
        throw new Error(
          `a badge of ${badge.journey} covers a sighting of ${glyphs.get('journey', row)}`,
        );
  }
}

describe('the picture', () => {
  it('is legible, whatever the packets and the view', () => {
    fc.assert(fc.property(packets, views, check), { numRuns: 200 });
  });
});
