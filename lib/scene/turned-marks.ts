// Turns what is drawn lanes across and time down into lanes down and time across: x and y change places, texts stay level.
import {
  ALIGN_MIDDLE,
  GLYPH_ARROW_DOWN,
  GLYPH_ARROW_LEFT,
  GLYPH_ARROW_RIGHT,
  GLYPH_ARROW_UP,
  type MarkSink,
  type Marks,
} from './marks';

const turnedKind = (kind: number): number =>
  kind === GLYPH_ARROW_LEFT ? GLYPH_ARROW_UP : kind === GLYPH_ARROW_RIGHT ? GLYPH_ARROW_DOWN : kind;

/** A sink that turns; texts are centred on their place. */
export const turnMarks = (marks: Marks): MarkSink => ({
  band: (x, y, width, height, role, alpha) => marks.band(y, x, height, width, role, alpha),
  line: (x1, y1, x2, y2, role, style, widthPx, journey) =>
    marks.line(y1, x1, y2, x2, role, style, widthPx, journey),
  box: (x, y, width, height, fill, stroke, journey, sighting) =>
    marks.box(y, x, height, width, fill, stroke, journey, sighting),
  glyph: (x, y, kind, role, sizePx, journey, sighting) =>
    marks.glyph(y, x, turnedKind(kind), role, sizePx, journey, sighting),
  text: (value, x, y, width, role, font, _align, journey) =>
    marks.text(value, y, x, width, role, font, ALIGN_MIDDLE, journey),
});
