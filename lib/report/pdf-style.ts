// How the PDF looks, in one place: page, type, colours (those of the page's light theme), and the pieces that every section is built of.
import type {
  Content,
  ContentTable,
  CustomTableLayout,
  StyleDictionary,
  TableCell,
} from 'pdfmake/interfaces';
import { LIGHT_THEME } from '../scene/theme';

/** A4 in points, and what is left of it between the margins. */
export const PAGE = {
  width: 595.28,
  height: 841.89,
  margins: [48, 62, 48, 52] as [number, number, number, number],
};
export const TEXT_WIDTH = PAGE.width - PAGE.margins[0] - PAGE.margins[2];
export const TEXT_HEIGHT = PAGE.height - PAGE.margins[1] - PAGE.margins[3];

/** Paper is white: the surface of what is drawn on it must be too. */
export const PAPER = { ...LIGHT_THEME, surface: '#ffffff' };

/** Names under which the fonts are known to pdfmake, and to `font-family` in figures. */
export const WORDS_FONT = 'Geist';
export const NUMBERS_FONT = 'Geist Mono';
/** Advance of a glyph of the mono, in ems. */
export const MONO_ADVANCE = 0.6;

export const COLOUR = {
  ...LIGHT_THEME,
  severity: {
    failure: LIGHT_THEME.failure,
    warning: LIGHT_THEME.retransmission,
    note: LIGHT_THEME['ink-muted'],
  },
} as const;

export const TABLE_SIZE = 7.5;

export const STYLES: StyleDictionary = {
  title: { fontSize: 21, bold: true, lineHeight: 1.15 },
  section: { fontSize: 14, bold: true, margin: [0, 22, 0, 6] },
  subsection: { fontSize: 10, bold: true, margin: [0, 14, 0, 4] },
  lead: { fontSize: 10.5, lineHeight: 1.35 },
  label: { fontSize: 7, bold: true, color: COLOUR['ink-faint'], characterSpacing: 0.6 },
  muted: { color: COLOUR['ink-muted'] },
  small: { fontSize: 8, color: COLOUR['ink-muted'] },
  mono: { font: NUMBERS_FONT, fontSize: 8 },
  cell: { fontSize: TABLE_SIZE, lineHeight: 1.15 },
  number: { font: NUMBERS_FONT, fontSize: TABLE_SIZE, lineHeight: 1.15 },
};

/** Hairlines between rows, a stronger one under the head, no box, no column lines. */
const hairlines = (padding: number): CustomTableLayout => ({
  hLineWidth: (row, node) => (row === (node.table.headerRows ?? 0) ? 0.7 : row === 0 ? 0 : 0.35),
  vLineWidth: () => 0,
  hLineColor: (row, node) =>
    row === (node.table.headerRows ?? 0) ? COLOUR['line-strong'] : COLOUR.line,
  paddingLeft: (column) => (column === 0 ? 0 : padding),
  paddingRight: (column, node) => (column === (node.table.widths?.length ?? 0) - 1 ? 0 : padding),
  paddingTop: () => 2.5,
  paddingBottom: () => 2.5,
});

export const headCell = (text: string, alignment: 'left' | 'right' = 'left'): TableCell => ({
  text: text.toUpperCase(),
  style: 'label',
  alignment,
});

export const textCell = (text: string): TableCell => ({ text, style: 'cell' });

export const numberCell = (text: string, alignment: 'left' | 'right' = 'left'): TableCell => ({
  text,
  style: 'number',
  alignment,
});

/** A table whose head is repeated on each page and whose rows stay whole. */
export const dataTable = (
  widths: NonNullable<ContentTable['table']['widths']>,
  head: TableCell[],
  rows: TableCell[][],
  padding = 5,
): ContentTable => ({
  table: {
    headerRows: 1,
    keepWithHeaderRows: 1,
    dontBreakRows: true,
    widths,
    body: [head, ...rows],
  },
  layout: hairlines(padding),
});

/** Headings stand in the outline, and never alone at the foot of a page: LOWEST_HEADING of report-definition.ts goes by their levels. */
const heading = (text: string, id: string, headlineLevel: number): Content => ({
  text,
  style: 'section',
  headlineLevel,
  id,
  outline: true,
  outlineText: text,
});

/** A finding, or what stands in the place of one: begins in the upper part of a page. */
export const partHeading = (text: string, id: string): Content => heading(text, id, 0);

export const sectionHeading = (text: string, id: string): Content => heading(text, id, 1);

/** Within an unbreakable stack it must have no level: pdfmake loses a stack in which it breaks the page. */
export const subsectionHeading = (
  text: string,
  id: string,
  parentId: string,
  headlineLevel?: number,
): Content => ({
  text,
  style: 'subsection',
  headlineLevel,
  id,
  outline: true,
  outlineText: text,
  outlineParentId: parentId,
});

/** A command or filter to be copied: mono on a sunken ground, whole on one page. */
export const codeBlock = (text: string): Content => ({
  table: { widths: ['*'], body: [[{ text, style: 'mono', lineHeight: 1.25 }]] },
  layout: {
    hLineWidth: () => 0,
    vLineWidth: () => 0,
    fillColor: COLOUR['surface-sunken'],
    paddingLeft: () => 7,
    paddingRight: () => 7,
    paddingTop: () => 4,
    paddingBottom: () => 3,
  },
  margin: [0, 3, 0, 3],
  unbreakable: true,
});
