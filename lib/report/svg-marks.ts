// Each kind of mark as SVG elements; svg.ts puts them into a picture.
import {
  ALIGN_END,
  ALIGN_MIDDLE,
  GLYPH_ARROW_LEFT,
  GLYPH_ARROW_RIGHT,
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
} from '../scene/marks';
import { hatchStrokes, wavePoints } from '../scene/strokes';
import { COLOUR_ROLES, FONT_ROLES, FONTS, type Theme } from '../scene/theme';
import { escapeXml } from './xml';

export interface SvgFonts {
  readonly words: string;
  readonly numbers: string;
}

/** Two decimals are a hundredth of a px: finer is only longer. */
const px = (value: number): string => String(Math.round(value * 100) / 100);

export function writeMarks(marks: Marks, theme: Theme, fonts: SvgFonts): string {
  const colour = (role: number): string => theme[COLOUR_ROLES[role]];
  const parts: string[] = [];
  writeBands(marks, colour, parts);
  writeLines(marks, colour, parts);
  writeBoxes(marks, colour, parts);
  writeGlyphs(marks, colour, theme.surface, parts);
  writeTexts(marks, colour, fonts, parts);
  return parts.join('');
}

type Colour = (role: number) => string;

function writeBands({ bands }: Marks, colour: Colour, parts: string[]): void {
  for (let row = 0; row < bands.length; row++)
    parts.push(
      `<rect x="${px(bands.get('x', row))}" y="${px(bands.get('y', row))}" width="${px(bands.get('width', row))}" height="${px(bands.get('height', row))}" fill="${colour(bands.get('role', row))}" fill-opacity="${px(bands.get('alpha', row))}"/>`,
    );
}

function writeLines({ lines }: Marks, colour: Colour, parts: string[]): void {
  for (let row = 0; row < lines.length; row++) {
    const [x1, y1] = [lines.get('x1', row), lines.get('y1', row)];
    const [x2, y2] = [lines.get('x2', row), lines.get('y2', row)];
    const style = lines.get('style', row);
    const stroke = `stroke="${colour(lines.get('role', row))}" stroke-width="${px(lines.get('widthPx', row))}" fill="none"`;
    if (style === LINE_WAVY || style === LINE_HATCHED) {
      const points =
        style === LINE_WAVY ? [wavePoints(x1, y1, x2, y2)] : hatchStrokes(x1, y1, x2, y2);
      const path = points
        .map((stretch) => `M${stretch.map(([x, y]) => `${px(x)} ${px(y)}`).join('L')}`)
        .join('');
      parts.push(`<path d="${path}" ${stroke}/>`);
      continue;
    }
    const dash =
      style === LINE_DASHED
        ? ' stroke-dasharray="5 4"'
        : style === LINE_DOTTED
          ? ' stroke-dasharray="2 3"'
          : '';
    parts.push(
      `<line x1="${px(x1)}" y1="${px(y1)}" x2="${px(x2)}" y2="${px(y2)}" ${stroke}${dash}/>`,
    );
  }
}

function writeBoxes({ boxes }: Marks, colour: Colour, parts: string[]): void {
  for (let row = 0; row < boxes.length; row++)
    parts.push(
      `<rect x="${px(boxes.get('x', row))}" y="${px(boxes.get('y', row))}" width="${px(boxes.get('width', row))}" height="${px(boxes.get('height', row))}" rx="3" fill="${colour(boxes.get('fill', row))}" stroke="${colour(boxes.get('stroke', row))}" stroke-width="1"/>`,
    );
}

function writeGlyphs({ glyphs }: Marks, colour: Colour, surface: string, parts: string[]): void {
  for (let row = 0; row < glyphs.length; row++) {
    const [x, y, size] = [glyphs.get('x', row), glyphs.get('y', row), glyphs.get('sizePx', row)];
    parts.push(
      writeGlyph(glyphs.get('kind', row), x, y, size, colour(glyphs.get('role', row)), surface),
    );
  }
}

const polygon = (points: readonly (readonly [number, number])[], paint: string): string =>
  `<polygon points="${points.map(([x, y]) => `${px(x)},${px(y)}`).join(' ')}" ${paint}/>`;

function writeGlyph(
  kind: number,
  x: number,
  y: number,
  size: number,
  colour: string,
  surface: string,
): string {
  const hollow = `fill="${surface}" stroke="${colour}" stroke-width="1.5"`;
  const filled = `fill="${colour}"`;
  const stroke = `stroke="${colour}" stroke-width="2" fill="none"`;
  switch (kind) {
    case GLYPH_HOLLOW_DOT:
    case GLYPH_STEP_AGAIN:
      return `<circle cx="${px(x)}" cy="${px(y)}" r="${px(size)}" ${hollow}/>`;
    case GLYPH_HALO:
      return `<circle cx="${px(x)}" cy="${px(y)}" r="${px(size)}" fill="none" stroke="${colour}" stroke-width="1.5"/>`;
    case GLYPH_DIAMOND:
    case GLYPH_HOLLOW_DIAMOND:
      return polygon(
        [
          [x - size, y],
          [x, y - size],
          [x + size, y],
          [x, y + size],
        ],
        kind === GLYPH_DIAMOND ? filled : hollow,
      );
    case GLYPH_ARROW_LEFT:
    case GLYPH_ARROW_RIGHT: {
      const tip = kind === GLYPH_ARROW_RIGHT ? size : -size;
      return polygon(
        [
          [x + tip, y],
          [x - tip, y - size],
          [x - tip, y + size],
        ],
        filled,
      );
    }
    case GLYPH_CROSS:
      return `<path d="M${px(x - size)} ${px(y - size)}L${px(x + size)} ${px(y + size)}M${px(x - size)} ${px(y + size)}L${px(x + size)} ${px(y - size)}" ${stroke}/>`;
    case GLYPH_BAR:
      return `<line x1="${px(x - size)}" y1="${px(y - size)}" x2="${px(x + size)}" y2="${px(y + size)}" ${stroke}/>`;
    case GLYPH_NOTE:
      return polygon(
        [
          [x - size, y - size],
          [x + size, y - size],
          [x + size, y + size * 0.4],
          [x, y + size * 0.4],
          [x - size, y + size],
        ],
        filled,
      );
    default:
      return `<circle cx="${px(x)}" cy="${px(y)}" r="${px(size)}" ${filled}/>`;
  }
}

function writeTexts(marks: Marks, colour: Colour, fonts: SvgFonts, parts: string[]): void {
  const { texts, textValues } = marks;
  for (let row = 0; row < texts.length; row++) {
    const font = FONTS[FONT_ROLES[texts.get('font', row)]];
    const align = texts.get('align', row);
    const anchor =
      align === ALIGN_MIDDLE
        ? ' text-anchor="middle"'
        : align === ALIGN_END
          ? ' text-anchor="end"'
          : '';
    // Half the height of a capital below the middle: `dominant-baseline` is not drawn by every reader.
    const baseline = texts.get('y', row) + font.sizePx * 0.36;
    parts.push(
      `<text x="${px(texts.get('x', row))}" y="${px(baseline)}" font-family="${escapeXml(fonts[font.family])}" font-size="${font.sizePx}" font-weight="${font.weight}" fill="${colour(texts.get('role', row))}"${anchor}>${escapeXml(textValues[row])}</text>`,
    );
  }
}
