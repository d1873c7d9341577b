// The canvas pen: draws the scene's marks. The SVG pen (lib/report/svg.ts) is its sister: what one learns to draw the other must too.
import {
  ALIGN_END,
  ALIGN_MIDDLE,
  GLYPH_ARROW_DOWN,
  GLYPH_ARROW_LEFT,
  GLYPH_ARROW_RIGHT,
  GLYPH_ARROW_UP,
  GLYPH_BAR,
  GLYPH_CROSS,
  GLYPH_DIAMOND,
  GLYPH_HALO,
  GLYPH_HOLLOW_DIAMOND,
  GLYPH_HOLLOW_DOT,
  GLYPH_NOTE,
  GLYPH_STEP_AGAIN,
  LINE_DASHED,
  LINE_DOTTED,
  LINE_HATCHED,
  LINE_WAVY,
  type Marks,
  NOTHING,
} from '@/lib/scene/marks';
import { hatchStrokes, wavePoints } from '@/lib/scene/strokes';
import { COLOUR_ROLES, FONT_ROLES, FONTS, type FontRole, type Theme } from '@/lib/scene/theme';

export interface PenStyle {
  readonly theme: Theme;
  readonly families: { readonly words: string; readonly numbers: string };
}

type Context = CanvasRenderingContext2D;

/** CSS font of a role. */
export const fontOf = (role: FontRole, families: PenStyle['families']): string => {
  const { family, sizePx, weight } = FONTS[role];
  return `${weight} ${sizePx}px ${families[family]}`;
};

/** Draws in CSS px; the context is scaled to the device already. */
export function drawMarks(context: Context, marks: Marks, style: PenStyle): void {
  const colour = (role: number): string => style.theme[COLOUR_ROLES[role]];
  drawBands(context, marks, colour);
  drawLines(context, marks, colour);
  drawBoxes(context, marks, colour);
  drawGlyphs(context, marks, colour, style.theme.surface);
  drawTexts(context, marks, colour, style);
}

type Colour = (role: number) => string;

function drawBands(context: Context, { bands }: Marks, colour: Colour): void {
  for (let row = 0; row < bands.length; row++) {
    context.globalAlpha = bands.get('alpha', row);
    context.fillStyle = colour(bands.get('role', row));
    context.fillRect(
      bands.get('x', row),
      bands.get('y', row),
      bands.get('width', row),
      bands.get('height', row),
    );
  }
  context.globalAlpha = 1;
}

const NO_DASH: number[] = [];
const DASH = [5, 4];
const DOTS = [2, 3];

function drawLines(context: Context, { lines }: Marks, colour: Colour): void {
  // Setting what is set already costs as much as drawing the line.
  let [strokeRole, dashes, strokeWidth] = [NOTHING, NOTHING, NOTHING];
  for (let row = 0; row < lines.length; row++) {
    const style = lines.get('style', row);
    const x1 = lines.get('x1', row);
    const y1 = lines.get('y1', row);
    const x2 = lines.get('x2', row);
    const y2 = lines.get('y2', row);
    const width = lines.get('widthPx', row);
    const role = lines.get('role', row);
    if (role !== strokeRole) context.strokeStyle = colour(role);
    if (width !== strokeWidth) context.lineWidth = width;
    if (style !== dashes)
      context.setLineDash(style === LINE_DASHED ? DASH : style === LINE_DOTTED ? DOTS : NO_DASH);
    strokeRole = role;
    dashes = style;
    strokeWidth = width;
    context.beginPath();
    if (style === LINE_WAVY || style === LINE_HATCHED) {
      const stretches =
        style === LINE_WAVY ? [wavePoints(x1, y1, x2, y2)] : hatchStrokes(x1, y1, x2, y2);
      for (const points of stretches)
        points.forEach(([x, y], index) => {
          if (index === 0) context.moveTo(x, y);
          else context.lineTo(x, y);
        });
    } else {
      // A hairline that stands upright or lies level is sharp only on whole pixels.
      const shiftX = x1 === x2 && width === 1 ? Math.round(x1) + 0.5 - x1 : 0;
      const shiftY = y1 === y2 && width === 1 ? Math.round(y1) + 0.5 - y1 : 0;
      context.moveTo(x1 + shiftX, y1 + shiftY);
      context.lineTo(x2 + shiftX, y2 + shiftY);
    }
    context.stroke();
  }
  context.setLineDash(NO_DASH);
}

function drawBoxes(context: Context, { boxes }: Marks, colour: Colour): void {
  context.lineWidth = 1;
  for (let row = 0; row < boxes.length; row++) {
    context.beginPath();
    context.roundRect(
      Math.round(boxes.get('x', row)) + 0.5,
      Math.round(boxes.get('y', row)) + 0.5,
      Math.round(boxes.get('width', row)),
      Math.round(boxes.get('height', row)),
      3,
    );
    context.fillStyle = colour(boxes.get('fill', row));
    context.fill();
    context.strokeStyle = colour(boxes.get('stroke', row));
    context.stroke();
  }
}

function drawGlyphs(context: Context, { glyphs }: Marks, colour: Colour, surface: string): void {
  let current = NOTHING;
  for (let row = 0; row < glyphs.length; row++) {
    const role = glyphs.get('role', row);
    const kind = glyphs.get('kind', row);
    if (role !== current) {
      context.fillStyle = colour(role);
      context.strokeStyle = colour(role);
    }
    // A hollow one is filled with another colour.
    current = isHollow(kind) ? NOTHING : role;
    drawGlyph(
      context,
      kind,
      glyphs.get('x', row),
      glyphs.get('y', row),
      glyphs.get('sizePx', row),
      surface,
    );
  }
}

function drawGlyph(
  context: Context,
  kind: number,
  x: number,
  y: number,
  size: number,
  surface: string,
): void {
  context.beginPath();
  context.lineWidth = 1.5;
  switch (kind) {
    case GLYPH_HALO:
      context.arc(x, y, size, 0, 2 * Math.PI);
      context.stroke();
      return;
    case GLYPH_DIAMOND:
    case GLYPH_HOLLOW_DIAMOND:
      context.moveTo(x - size, y);
      context.lineTo(x, y - size);
      context.lineTo(x + size, y);
      context.lineTo(x, y + size);
      context.closePath();
      fillOrHollow(context, isHollow(kind), surface);
      return;
    case GLYPH_ARROW_LEFT:
    case GLYPH_ARROW_RIGHT: {
      const tip = kind === GLYPH_ARROW_RIGHT ? size : -size;
      context.moveTo(x + tip, y);
      context.lineTo(x - tip, y - size);
      context.lineTo(x - tip, y + size);
      context.closePath();
      context.fill();
      return;
    }
    case GLYPH_ARROW_UP:
    case GLYPH_ARROW_DOWN: {
      const tip = kind === GLYPH_ARROW_DOWN ? size : -size;
      context.moveTo(x, y + tip);
      context.lineTo(x - size, y - tip);
      context.lineTo(x + size, y - tip);
      context.closePath();
      context.fill();
      return;
    }
    case GLYPH_CROSS:
      context.lineWidth = 2;
      context.moveTo(x - size, y - size);
      context.lineTo(x + size, y + size);
      context.moveTo(x - size, y + size);
      context.lineTo(x + size, y - size);
      context.stroke();
      return;
    case GLYPH_BAR:
      context.lineWidth = 2;
      context.moveTo(x - size, y - size);
      context.lineTo(x + size, y + size);
      context.stroke();
      return;
    case GLYPH_NOTE:
      context.moveTo(x - size, y - size);
      context.lineTo(x + size, y - size);
      context.lineTo(x + size, y + size * 0.4);
      context.lineTo(x, y + size * 0.4);
      context.lineTo(x - size, y + size);
      context.closePath();
      context.fill();
      return;
    default:
      context.arc(x, y, size, 0, 2 * Math.PI);
      fillOrHollow(context, isHollow(kind), surface);
  }
}

const isHollow = (kind: number): boolean =>
  kind === GLYPH_HOLLOW_DIAMOND || kind === GLYPH_HOLLOW_DOT || kind === GLYPH_STEP_AGAIN;

function fillOrHollow(context: Context, hollow: boolean, surface: string): void {
  if (hollow) context.fillStyle = surface;
  context.fill();
  if (hollow) context.stroke();
}

function drawTexts(context: Context, marks: Marks, colour: Colour, style: PenStyle): void {
  const { texts, textValues } = marks;
  const fonts = FONT_ROLES.map((role) => fontOf(role, style.families));
  context.textBaseline = 'alphabetic';
  let [setFont, setRole, setAlign] = [NOTHING, NOTHING, NOTHING];
  for (let row = 0; row < texts.length; row++) {
    const font = texts.get('font', row);
    const role = texts.get('role', row);
    const align = texts.get('align', row);
    if (font !== setFont) context.font = fonts[font];
    if (align !== setAlign)
      context.textAlign = align === ALIGN_MIDDLE ? 'center' : align === ALIGN_END ? 'end' : 'start';
    if (role !== setRole) context.fillStyle = colour(role);
    setFont = font;
    setRole = role;
    setAlign = align;
    // Half the height of a capital below the middle.
    const baseline = texts.get('y', row) + FONTS[FONT_ROLES[font]].sizePx * 0.36;
    context.fillText(textValues[row], texts.get('x', row), baseline);
  }
}
