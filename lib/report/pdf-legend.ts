// What the marks of the swimlanes mean, under the first of them: samples drawn by the pen that draws the pictures.
import type { Content } from 'pdfmake/interfaces';
import { buildLegend, LEGEND_HEIGHT_PX, LEGEND_WIDTH_PX, type LegendEntry } from '../scene/legend';
import { NUMBERS_FONT, PAPER, WORDS_FONT } from './pdf-style';
import { writeMarks } from './svg-marks';

const COLUMNS = 3;
/** Points that a px of a sample takes. */
const SCALE = 0.62;

export function legendContent(): Content {
  const entries = buildLegend();
  const perColumn = Math.ceil(entries.length / COLUMNS);
  return {
    columns: Array.from({ length: COLUMNS }, (_, column) => ({
      stack: entries.slice(column * perColumn, (column + 1) * perColumn).map(entryContent),
      width: '*',
    })),
    columnGap: 10,
    margin: [0, 8, 0, 4],
    unbreakable: true,
  };
}

const entryContent = ({ marks, words }: LegendEntry): Content => ({
  columns: [
    {
      svg: [
        `<svg xmlns="http://www.w3.org/2000/svg" width="${LEGEND_WIDTH_PX}" height="${LEGEND_HEIGHT_PX}" viewBox="0 0 ${LEGEND_WIDTH_PX} ${LEGEND_HEIGHT_PX}">`,
        writeMarks(marks, PAPER, { words: WORDS_FONT, numbers: NUMBERS_FONT }),
        '</svg>',
      ].join(''),
      width: LEGEND_WIDTH_PX * SCALE,
      height: LEGEND_HEIGHT_PX * SCALE,
    },
    { text: words, style: 'small', fontSize: 7, width: '*', margin: [0, 1, 0, 0] },
  ],
  columnGap: 4,
  margin: [0, 0, 0, 1],
});
