// What a pen draws, in columns: bands, lines, boxes, glyphs, texts, in that order. Positions in px, colours and fonts as role codes of theme.ts.
// `journey` and `sighting` are rows of the journey window (−1: none): a hit on a mark is a hit on them.
import { GrowableColumn } from '../base/growable';

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

type Numbers = GrowableColumn<Float64Array<ArrayBuffer>>;
const numbers = (): Numbers => new GrowableColumn(Float64Array, 256);

/** Equal-length columns of one kind of mark; `length` rows are valid. */
class MarkColumns<K extends string> {
  readonly columns: Readonly<Record<K, Numbers>>;
  private readonly list: readonly Numbers[];

  constructor(names: readonly K[]) {
    this.list = names.map(numbers);
    this.columns = Object.fromEntries(names.map((name, i) => [name, this.list[i]])) as Record<
      K,
      Numbers
    >;
  }

  get length(): number {
    return this.list[0].length;
  }

  get(name: K, row: number): number {
    return this.columns[name].values[row];
  }

  /** One value a column, in the order of the names. */
  push(...values: readonly number[]): void {
    for (let i = 0; i < this.list.length; i++) this.list[i].push(values[i]);
  }

  reset(): void {
    for (const column of this.list) column.length = 0;
  }
}

/** Where marks are put: into columns, or turned before they are (turned-marks.ts). */
export type MarkSink = Pick<Marks, 'band' | 'line' | 'box' | 'glyph' | 'text'>;

/** Marks of one picture. Filled anew for every picture, the columns are kept. */
export class Marks {
  /** Filled rectangles under all else; `alpha` 0 … 1. */
  readonly bands = new MarkColumns(['x', 'y', 'width', 'height', 'role', 'alpha'] as const);
  readonly lines = new MarkColumns([
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
  readonly boxes = new MarkColumns([
    'x',
    'y',
    'width',
    'height',
    'fill',
    'stroke',
    'journey',
    'sighting',
  ] as const);
  readonly glyphs = new MarkColumns([
    'x',
    'y',
    'kind',
    'role',
    'sizePx',
    'journey',
    'sighting',
  ] as const);
  /** `y` is the vertical middle of the text; `width` is what it measures. */
  readonly texts = new MarkColumns([
    'x',
    'y',
    'width',
    'role',
    'font',
    'align',
    'journey',
  ] as const);
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
