// What the marks of the swimlane mean: a small sample of each, drawn by the same pens as the picture, with its words. The page and the report show it.
import {
  ALIGN_MIDDLE,
  GLYPH_ARROW_LEFT,
  GLYPH_ARROW_RIGHT,
  GLYPH_BAR,
  GLYPH_CROSS,
  GLYPH_DIAMOND,
  GLYPH_DOT,
  GLYPH_HOLLOW_DIAMOND,
  GLYPH_HOLLOW_DOT,
  GLYPH_STEP,
  GLYPH_STEP_AGAIN,
  LINE_DASHED,
  LINE_DOTTED,
  LINE_HATCHED,
  LINE_SOLID,
  LINE_WAVY,
  Marks,
} from './marks';
import { FONT, ROLE } from './theme';

export interface LegendEntry {
  readonly marks: Marks;
  readonly words: string;
}

/** Size of a sample. */
export const LEGEND_WIDTH_PX = 64;
export const LEGEND_HEIGHT_PX = 18;

const LEFT = 8;
const RIGHT = LEGEND_WIDTH_PX - 8;
const MIDDLE = LEGEND_WIDTH_PX / 2;
const Y = LEGEND_HEIGHT_PX / 2;

const entry = (words: string, draw: (marks: Marks) => void): LegendEntry => {
  const marks = new Marks();
  draw(marks);
  return { words, marks };
};

/** A line from `from` to `to` with its head. */
function arrow(marks: Marks, from: number, to: number, role: number, style = LINE_SOLID): void {
  marks.line(from, Y, to, Y, role, style);
  const heading = Math.sign(to - from);
  marks.glyph(to - heading * 8, Y, heading > 0 ? GLYPH_ARROW_RIGHT : GLYPH_ARROW_LEFT, role, 4);
  for (const x of [from, to]) marks.glyph(x, Y, GLYPH_DOT, role, 4);
}

export const buildLegend = (): readonly LegendEntry[] => [
  entry('a packet of the client; each dot is a frame', (marks) =>
    arrow(marks, LEFT, RIGHT, ROLE.forward),
  ),
  entry('a packet of the server', (marks) => arrow(marks, RIGHT, LEFT, ROLE.reverse)),
  entry('begins with a SYN (filled) or a FIN (hollow)', (marks) => {
    marks.line(LEFT, Y, MIDDLE - 6, Y, ROLE.forward);
    marks.glyph(LEFT, Y, GLYPH_DIAMOND, ROLE.forward, 5);
    marks.line(MIDDLE + 6, Y, RIGHT, Y, ROLE.forward);
    marks.glyph(MIDDLE + 6, Y, GLYPH_HOLLOW_DIAMOND, ROLE.forward, 5);
  }),
  entry('a reset (RST): the bar stands where it arrived', (marks) => {
    marks.line(LEFT, Y, RIGHT, Y, ROLE.failure);
    marks.glyph(LEFT, Y, GLYPH_DOT, ROLE.failure, 4);
    marks.glyph(RIGHT - 15, Y, GLYPH_ARROW_RIGHT, ROLE.failure, 4);
    marks.glyph(RIGHT, Y, GLYPH_DOT, ROLE.failure, 4);
    marks.glyph(RIGHT, Y, GLYPH_BAR, ROLE.failure, 8);
  }),
  entry('sent again', (marks) => arrow(marks, LEFT, RIGHT, ROLE.retransmission, LINE_DOTTED)),
  entry('translated on this hop (NAT)', (marks) => {
    marks.line(LEFT, Y, MIDDLE, Y, ROLE.forward);
    marks.line(MIDDLE, Y, RIGHT, Y, ROLE.nat);
    marks.glyph(LEFT, Y, GLYPH_DOT, ROLE.forward, 4);
    marks.glyph(RIGHT, Y, GLYPH_DOT, ROLE.nat, 4);
  }),
  entry('lost on this hop', (marks) => {
    marks.line(LEFT, Y, MIDDLE, Y, ROLE.forward);
    marks.glyph(LEFT, Y, GLYPH_DOT, ROLE.forward, 4);
    marks.line(MIDDLE, Y, RIGHT, Y, ROLE.failure, LINE_HATCHED, 1);
    marks.glyph(MIDDLE, Y, GLYPH_CROSS, ROLE.failure, 5);
  }),
  entry('went on, but this capture missed it', (marks) => {
    marks.line(LEFT, Y, RIGHT, Y, ROLE.forward, LINE_DASHED);
    marks.glyph(LEFT, Y, GLYPH_DOT, ROLE.forward, 4);
    marks.glyph(MIDDLE, Y, GLYPH_HOLLOW_DOT, ROLE.unknown, 4);
    marks.glyph(RIGHT, Y, GLYPH_DOT, ROLE.forward, 4);
  }),
  entry('what became of it is unknown', (marks) => {
    marks.glyph(LEFT, Y, GLYPH_DOT, ROLE.forward, 4);
    marks.line(LEFT, Y, MIDDLE + 4, Y, ROLE.unknown, LINE_DASHED);
    marks.text('?', MIDDLE + 11, Y, 7, ROLE.unknown, FONT['label-strong'], ALIGN_MIDDLE);
  }),
  entry('a copy off the way (flooded, mirrored)', (marks) => {
    marks.line(LEFT, Y - 3, RIGHT, Y + 3, ROLE['ink-faint'], LINE_SOLID, 0.75);
    marks.glyph(LEFT, Y - 3, GLYPH_DOT, ROLE.forward, 4);
    marks.glyph(RIGHT, Y + 3, GLYPH_DOT, ROLE['ink-faint'], 2.5);
  }),
  entry('a silence, folded', (marks) =>
    marks.line(LEFT, Y, RIGHT, Y, ROLE['line-strong'], LINE_WAVY, 1),
  ),
  entry('a step of the story (hollow: cited there too)', (marks) => {
    marks.glyph(MIDDLE - 11, Y, GLYPH_STEP, ROLE.ink, 8);
    marks.text('1', MIDDLE - 11, Y, 6, ROLE.surface, FONT.step, ALIGN_MIDDLE);
    marks.glyph(MIDDLE + 11, Y, GLYPH_STEP_AGAIN, ROLE.ink, 8);
    marks.text('1', MIDDLE + 11, Y, 6, ROLE.ink, FONT.step, ALIGN_MIDDLE);
  }),
];
