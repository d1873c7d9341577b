// The SVG pen: the scene's marks as a string, for the export and inside the PDF. Basic shapes and presentation attributes only, since pdfmake reads it.

import { PINNED_PX, placeScene } from '../scene/draft';
import { drawHeader, HEADER_PX } from '../scene/draw-frame';
import { drawScene } from '../scene/draw-scene';
import type { SceneLayout } from '../scene/layout';
import { Marks } from '../scene/marks';
import { estimateText, type MeasureText, type Theme } from '../scene/theme';
import { type SvgFonts, writeMarks } from './svg-marks';
import { escapeXml } from './xml';

export interface SvgOptions {
  readonly theme: Theme;
  /** Family names as the reader of the SVG knows them. */
  readonly fonts: SvgFonts;
  readonly widthPx: number;
  /** Part of the layout's document to draw, in its units; default all of it. */
  readonly from?: number;
  readonly to?: number;
  /** Screen px per unit; default 1, which is right for even spacing. */
  readonly scale?: number;
  readonly measure?: MeasureText;
  /** Say what the picture is, to those who do not see it. */
  readonly title?: string;
}

export interface SvgPicture {
  readonly svg: string;
  readonly widthPx: number;
  readonly heightPx: number;
}

export const GEIST_FONTS: SvgFonts = {
  words: 'Geist, Inter, Helvetica, Arial, sans-serif',
  numbers: 'Geist Mono, Menlo, Consolas, monospace',
};

/** The swimlane with its header. Escapes all text; needs neither CSS nor a browser. */
export function renderSvg(layout: SceneLayout, options: SvgOptions): SvgPicture {
  const { theme, fonts, widthPx } = options;
  const measure = options.measure ?? estimateText;
  const scale = options.scale ?? 1;
  const from = options.from ?? 0;
  const to = options.to ?? layout.length;
  const bodyHeight = Math.max(40, (to - from) * scale) + PINNED_PX;
  const placement = placeScene(layout, widthPx);
  const width = Math.ceil(Math.max(widthPx, placement.contentWidth));
  const height = Math.ceil(bodyHeight + HEADER_PX);
  const scene = drawScene(
    layout,
    { width, height: bodyHeight, top: from, scale, left: 0, selected: -1, hovered: -1 },
    measure,
  );
  const header = new Marks();
  drawHeader(layout, placement, measure, header);
  const title = options.title === undefined ? '' : `<title>${escapeXml(options.title)}</title>`;
  const svg = [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}">`,
    title,
    `<rect x="0" y="0" width="${width}" height="${height}" fill="${theme.surface}"/>`,
    `<g transform="translate(0 ${HEADER_PX})">`,
    writeMarks(scene.body, theme, fonts),
    writeMarks(scene.pinned, theme, fonts),
    '</g>',
    // The header covers what of the body's first row reaches above it.
    `<rect x="0" y="0" width="${width}" height="${HEADER_PX}" fill="${theme.surface}"/>`,
    writeMarks(header, theme, fonts),
    '</svg>',
  ].join('');
  return { svg, widthPx: width, heightPx: height };
}
