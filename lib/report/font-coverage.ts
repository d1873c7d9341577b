// Text that the report's fonts can set. A glyph that is missing would be an empty box in print and nothing at all when copied,
// so a character without one is replaced by its likeness, or written by its number.
import type { ReportFonts } from './report-fonts';

/** Characters that come up in names and notes, and what stands for them. */
const LIKENESSES: Readonly<Record<string, string>> = {
  '✕': '×',
  '✗': '×',
  '✘': '×',
  '✖': '×',
  '✓': '√',
  '✔': '√',
  '⟶': '→',
  '⟵': '←',
  '➔': '→',
  '➜': '→',
  '⇒': '→',
  '‑': '-',
  '\u00a0': ' ',
  '\u2009': ' ',
  '\u202f': ' ',
  '\t': '    ',
};

/** Whether a font has a glyph, by code point. Throws on a file that is no TrueType font: ours are. */
export function readCoverage(font: Uint8Array<ArrayBuffer>): (codePoint: number) => boolean {
  const view = new DataView(font.buffer, font.byteOffset, font.byteLength);
  const cmap = findTable(view, 'cmap');
  const covered = new Set<number>();
  for (let i = 0; i < view.getUint16(cmap + 2); i++) {
    const subtable = cmap + view.getUint32(cmap + 4 + i * 8 + 4);
    if (view.getUint16(subtable) === 12) addFormat12(view, subtable, covered);
    else if (view.getUint16(subtable) === 4) addFormat4(view, subtable, covered);
  }
  return (codePoint) => covered.has(codePoint);
}

function findTable(view: DataView, name: string): number {
  for (let i = 0; i < view.getUint16(4); i++) {
    const entry = 12 + i * 16;
    const tag = String.fromCharCode(...[0, 1, 2, 3].map((at) => view.getUint8(entry + at)));
    if (tag === name) return view.getUint32(entry + 8);
  }
  throw new Error(`the font has no ${name} table`);
}

/** Groups of (first, last, glyph): OpenType, cmap format 12. */
function addFormat12(view: DataView, at: number, covered: Set<number>): void {
  for (let i = 0; i < view.getUint32(at + 12); i++) {
    const group = at + 16 + i * 12;
    for (let c = view.getUint32(group); c <= view.getUint32(group + 4); c++) covered.add(c);
  }
}

/** Segments of the basic plane; glyph 0 means none: OpenType, cmap format 4. */
function addFormat4(view: DataView, at: number, covered: Set<number>): void {
  const twice = view.getUint16(at + 6);
  const [ends, starts] = [at + 14, at + 16 + twice];
  const [deltas, ranges] = [starts + twice, starts + 2 * twice];
  for (let i = 0; i < twice; i += 2) {
    const start = view.getUint16(starts + i);
    const range = view.getUint16(ranges + i);
    for (let c = start; c <= view.getUint16(ends + i) && c < 0xffff; c++) {
      const glyph = range === 0 ? c : view.getUint16(ranges + i + range + (c - start) * 2);
      if (range !== 0 && glyph === 0) continue;
      if (((glyph + view.getUint16(deltas + i)) & 0xffff) !== 0) covered.add(c);
    }
  }
}

/** Text of which every character has a glyph; line ends stay. */
export function coverText(text: string, has: (codePoint: number) => boolean): string {
  let covered = '';
  for (const character of text.normalize('NFC')) {
    const codePoint = character.codePointAt(0) ?? 0;
    if (character === '\n' || has(codePoint)) covered += character;
    else if (character in LIKENESSES) covered += LIKENESSES[character];
    else if (codePoint > 0x1f)
      covered += `‹U+${codePoint.toString(16).toUpperCase().padStart(4, '0')}›`;
  }
  return covered;
}

/** The same with every text such that the report can set it. */
export function coverForPrint<T>(whole: T, fonts: ReportFonts): T {
  const words = readCoverage(fonts['Geist-Regular.ttf']);
  const numbers = readCoverage(fonts['GeistMono-Regular.ttf']);
  const has = (codePoint: number): boolean => words(codePoint) && numbers(codePoint);
  const cover = (value: unknown): unknown => {
    if (typeof value === 'string') return coverText(value, has);
    if (Array.isArray(value)) return value.map(cover);
    if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value)) return value;
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, cover(item)]));
  };
  return cover(whole) as T;
}
