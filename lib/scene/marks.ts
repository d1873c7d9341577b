// What a pen draws, in rows of numbers: bands, lines, boxes, glyphs, texts, in that order. Positions in px, colours and fonts as role codes of theme.ts.
// `journey` and `sighting` are rows of the journey window (−1: none): a hit on a mark is a hit on them.

export const LINE_SOLID = 0;
export const LINE_DASHED = 1;
export const LINE_DOTTED = 2;
/** The way a lost packet did not go: short slanted strokes. */
export const LINE_HATCHED = 3;
/** The torn edge of a folded silence. */
export const LINE_WAVY = 4;

export const GLYPH_DOT = 0;
export const GLYPH_HOLLOW_DOT = 1;
export const GLYPH_DIAMOND = 2;
export const GLYPH_HOLLOW_DIAMOND = 3;
export const GLYPH_ARROW_LEFT = 4;
export const GLYPH_ARROW_RIGHT = 5;
export const GLYPH_CROSS = 6;
export const GLYPH_BAR = 7;
export const GLYPH_NOTE = 8;
export const GLYPH_HALO = 9;
/** A filled disc with the text of a step on it. */
export const GLYPH_STEP = 10;
export const GLYPH_STEP_AGAIN = 11;
export const GLYPH_ARROW_UP = 12;
export const GLYPH_ARROW_DOWN = 13;

export const ALIGN_START = 0;
export const ALIGN_MIDDLE = 1;
export const ALIGN_END = 2;

export const NOTHING = -1;

const FIRST_ROWS = 256;

/** Rows of one kind of mark, one after the other in a single array: written for each frame, so nothing is made for a row. `length` rows are valid. */
class MarkTable<K extends string> {
  length = 0;
  private readonly stride: number;
  private readonly offsets: Readonly<Record<K, number>>;
  private values: Float64Array;

  constructor(names: readonly K[]) {
    this.stride = names.length;
    this.offsets = Object.fromEntries(names.map((name, at) => [name, at])) as Record<K, number>;
    this.values = new Float64Array(FIRST_ROWS * this.stride);
  }

  get(name: K, row: number): number {
    return this.values[row * this.stride + this.offsets[name]];
  }

  /** A row in the order of the names; what a kind has no column for is left out. */
  push(a: number, b: number, c: number, d: number, e: number, f: number, g = 0, h = 0): void {
    const { stride } = this;
    const at = this.length * stride;
    if (at + stride > this.values.length) {
      const larger = new Float64Array(this.values.length * 2);
      larger.set(this.values);
      this.values = larger;
    }
    const { values } = this;
    values[at] = a;
    values[at + 1] = b;
    values[at + 2] = c;
    values[at + 3] = d;
    values[at + 4] = e;
    values[at + 5] = f;
    if (stride > 6) values[at + 6] = g;
    if (stride > 7) values[at + 7] = h;
    this.length++;
  }

  reset(): void {
    this.length = 0;
  }
}

/** Where marks are put: into tables, or turned before they are (turned-marks.ts). */
export type MarkSink = Pick<Marks, 'band' | 'line' | 'box' | 'glyph' | 'text'>;

/** Marks of one picture. Filled anew for every picture, the tables are kept. */
export class Marks {
  /** Filled rectangles under all else; `alpha` 0 … 1. */
  readonly bands = new MarkTable(['x', 'y', 'width', 'height', 'role', 'alpha'] as const);
  readonly lines = new MarkTable([
    'x1',
    'y1',
    'x2',
    'y2',
    'role',
    'style',
    'widthPx',
    'journey',
  ] as const);
  /** Rounded boxes, `fill` and `stroke` are roles, NOTHING for none. */
  readonly boxes = new MarkTable([
    'x',
    'y',
    'width',
    'height',
    'fill',
    'stroke',
    'journey',
    'sighting',
  ] as const);
  readonly glyphs = new MarkTable([
    'x',
    'y',
    'kind',
    'role',
    'sizePx',
    'journey',
    'sighting',
  ] as const);
  /** `y` is the vertical middle of the text; `width` is what it measures. */
  readonly texts = new MarkTable(['x', 'y', 'width', 'role', 'font', 'align', 'journey'] as const);
  readonly textValues: string[] = [];

  band(x: number, y: number, width: number, height: number, role: number, alpha = 1): void {
    this.bands.push(x, y, width, height, role, alpha);
  }

  line(
    x1: number,
    y1: number,
    x2: number,
    y2: number,
    role: number,
    style = LINE_SOLID,
    widthPx = 1.5,
    journey = NOTHING,
  ): void {
    this.lines.push(x1, y1, x2, y2, role, style, widthPx, journey);
  }

  box(
    x: number,
    y: number,
    width: number,
    height: number,
    fill: number,
    stroke: number,
    journey = NOTHING,
    sighting = NOTHING,
  ): void {
    this.boxes.push(x, y, width, height, fill, stroke, journey, sighting);
  }

  glyph(
    x: number,
    y: number,
    kind: number,
    role: number,
    sizePx: number,
    journey = NOTHING,
    sighting = NOTHING,
  ): void {
    this.glyphs.push(x, y, kind, role, sizePx, journey, sighting);
  }

  text(
    value: string,
    x: number,
    y: number,
    width: number,
    role: number,
    font: number,
    align = ALIGN_START,
    journey = NOTHING,
  ): void {
    this.texts.push(x, y, width, role, font, align, journey);
    this.textValues.push(value);
  }

  reset(): void {
    for (const table of [this.bands, this.lines, this.boxes, this.glyphs, this.texts])
      table.reset();
    this.textValues.length = 0;
  }
}
