// The packet table: a line a packet, its frame number at each point, the letters of what the hops rewrote, and what those letters stand for.
import type { Content, TableCell } from 'pdfmake/interfaces';
import type { CaseSnapshot } from '../model/snapshot';
import type { PacketRow, PacketTableData, RewriteKey, RewriteText } from './packet-rows';
import {
  COLOUR,
  dataTable,
  headCell,
  MONO_ADVANCE,
  NUMBERS_FONT,
  TABLE_SIZE,
  TEXT_WIDTH,
} from './pdf-style';
import { countOf, type ReportNames, utcText } from './report-words';

const SIZE = 6.8;
const CHARACTER = SIZE * MONO_ADVANCE;
const TIME_WIDTH = 44;
const ARROW_WIDTH = 6;
const CONNECTION_WIDTH = 14;
const LEAST_HOPS = 23;
/** Room for `B  src not restored`. */
const FAULT_WIDTH = 74;
/** Room for `delivered`; more than MOST_FATE goes into a second line. */
const LEAST_FATE = 32;
const MOST_FATE = 62;
/** Advance of the words' font, about. */
const WORD_CHARACTER = SIZE * 0.52;
/** Left and right of each column. */
const PADDING = 3;
/** More points than this get no column each: their frames stand in the label's second line. */
const POINT_COLUMNS = 7;

export function packetContent(
  snapshot: CaseSnapshot,
  data: PacketTableData,
  names: ReportNames,
): Content[] {
  const columns = data.points.length <= POINT_COLUMNS ? data.points : [];
  const widest = (texts: readonly string[], least: number): number =>
    Math.max(least, ...texts.map((text) => Math.ceil(text.length * CHARACTER)));
  const { rows } = data;
  const cited = rows.some((row) => row.steps.length > 0);
  const several = new Set(rows.map((row) => row.connection)).size > 1;
  const lead = [TIME_WIDTH, ...(several ? [CONNECTION_WIDTH] : []), ARROW_WIDTH];
  const fixed = [
    ...lead,
    ...columns.map((point) =>
      widest(
        rows.map((row) => row.frames.get(point) ?? ''),
        14,
      ),
    ),
  ];
  const tail = [
    rows.some((row) => row.notRestored.length > 0)
      ? FAULT_WIDTH
      : widest(
          rows.map((row) => row.rewrites.join(' ')),
          LEAST_HOPS,
        ),
    Math.min(
      MOST_FATE,
      Math.max(LEAST_FATE, ...rows.map((row) => fateText(row, names).length * WORD_CHARACTER)),
    ),
    ...(cited
      ? [
          widest(
            rows.map((row) => row.steps.join(' ')),
            20,
          ),
        ]
      : []),
  ];
  const taken = [...fixed, ...tail].reduce((sum, width) => sum + width + 2 * PADDING, 0);
  const characters = Math.floor((TEXT_WIDTH - taken - 2 * PADDING) / CHARACTER);
  const pointIds = columns.map((point) => snapshot.points[point].id);
  return [
    { text: captionOf(snapshot, data, names, several), style: 'small', margin: [0, 0, 0, 4] },
    dataTable(
      [...lead, '*', ...fixed.slice(lead.length), ...tail],
      [
        headCell('Seconds', 'right'),
        ...(several ? [headCell('No', 'right')] : []),
        headCell(''),
        headCell('Packet'),
        ...pointIds.map((id) => headCell(id, 'right')),
        headCell('Hops'),
        headCell('Fate'),
        ...(cited ? [headCell('Step', 'right')] : []),
      ],
      rows.map((row) =>
        packetRow(snapshot, data, row, { names, columns, characters, cited, several }),
      ),
      PADDING,
    ),
    ...keyContent(data.keys, names),
  ];
}

function captionOf(
  snapshot: CaseSnapshot,
  data: PacketTableData,
  names: ReportNames,
  several: boolean,
): string {
  const start = BigInt(snapshot.journeys.baseTime) + BigInt(Math.round(data.startNs));
  const points = data.points.map((point) => snapshot.points[point].id);
  const key = points.map((id) => `${id} ${names.point(id)}`).join(', ');
  const refused = data.rows.some(({ isRefused }) => isRefused)
    ? ' Refused: it was delivered, and the receiver answered it by a reset.'
    : '';
  return `Frame numbers under the points that saw each packet: ${key}. Seconds after ${utcText(start.toString(), 9)} UTC by the reference clock.${several ? ' Numbers are those of the table of connections.' : ''}${refused}`;
}

interface RowShape {
  readonly names: ReportNames;
  /** Points that have a column. */
  readonly columns: readonly number[];
  /** Room of the label. */
  readonly characters: number;
  /** Steps have a column. */
  readonly cited: boolean;
  /** Packets of several connections: each row has its connection's number. */
  readonly several: boolean;
}

function packetRow(
  snapshot: CaseSnapshot,
  data: PacketTableData,
  row: PacketRow,
  { names, columns, characters, cited, several }: RowShape,
): TableCell[] {
  const colour = row.forward ? COLOUR.forward : COLOUR.reverse;
  const mono = (text: string, alignment: 'left' | 'right' = 'left', color?: string): TableCell => ({
    text,
    font: NUMBERS_FONT,
    fontSize: SIZE,
    lineHeight: 1.15,
    alignment,
    ...(color !== undefined && { color }),
  });
  const label =
    row.labels.find((candidate) => candidate.length <= characters) ??
    row.labels[row.labels.length - 1];
  const seen =
    columns.length > 0
      ? []
      : [
          data.points
            .filter((point) => row.frames.has(point))
            .map((point) => `${snapshot.points[point].id} #${row.frames.get(point)}`)
            .join('  '),
        ];
  return [
    mono(row.time, 'right', COLOUR['ink-muted']),
    ...(several ? [mono(`${row.connection}`, 'right', COLOUR['ink-muted'])] : []),
    mono(row.forward ? '→' : '←', 'left', colour),
    {
      stack: [
        {
          text: label,
          color: row.retransmission ? COLOUR.retransmission : COLOUR.ink,
          noWrap: true,
        },
        ...seen.map((text) => ({ text, color: COLOUR['ink-muted'] })),
      ],
      font: NUMBERS_FONT,
      fontSize: SIZE,
      lineHeight: 1.15,
    },
    ...columns.map((point) => mono(row.frames.get(point) ?? '–', 'right')),
    {
      text: [
        { text: row.rewrites.join(' '), color: COLOUR.nat },
        ...(row.notRestored.length === 0
          ? []
          : [{ text: `  ${row.notRestored.join(', ')} not restored`, color: COLOUR.failure }]),
      ],
      fontSize: SIZE,
      lineHeight: 1.15,
    },
    {
      text: fateText(row, names),
      fontSize: SIZE,
      lineHeight: 1.15,
      color: row.fate === 'lost' || row.isRefused ? COLOUR.failure : COLOUR['ink-muted'],
    },
    ...(cited ? [mono(row.steps.join(' '), 'right')] : []),
  ];
}

/** `delivered`, `refused` of what was delivered and answered by a reset, `lost p1 → p2`. */
function fateText(row: PacketRow, names: ReportNames): string {
  const direction = row.forward ? 'forward' : 'reverse';
  const place =
    row.between === null
      ? ''
      : ` ${row.between.map((stop) => names.shortStop(stop, direction)).join(' → ')}`;
  const fate = row.isRefused ? 'refused' : row.fate;
  return `${fate}${place}${row.ambiguous ? ', one of several alike' : ''}`;
}

function keyContent(keys: readonly RewriteKey[], names: ReportNames): Content[] {
  if (keys.length === 0) return [];
  return [
    {
      text: 'What the letters stand for: fields that a hop rewrote, translations first.',
      style: 'small',
      margin: [0, 8, 0, 2],
    },
    ...keys.map(
      (key): Content => ({
        columns: [
          { text: key.letter, bold: true, color: COLOUR.nat, width: 14, fontSize: TABLE_SIZE },
          {
            text: [
              {
                text: `${names.stop(key.from, key.direction)} → ${names.stop(key.to, key.direction)}, ${countOf(key.packets, 'packet', 'packets')}:  `,
                color: COLOUR['ink-muted'],
              },
              ...key.rewrites.flatMap((rewrite, index): Content[] => [
                ...(index === 0 ? [] : [{ text: '  ·  ', color: COLOUR['ink-faint'] }]),
                rewriteText(rewrite),
              ]),
            ],
            fontSize: TABLE_SIZE,
            lineHeight: 1.3,
            width: '*',
          },
        ],
        margin: [0, 0, 0, 2],
        unbreakable: true,
      }),
    ),
  ];
}

const rewriteText = ({ text, translation }: RewriteText): Content => ({
  text,
  font: NUMBERS_FONT,
  fontSize: SIZE,
  color: translation ? COLOUR.nat : COLOUR['ink-muted'],
});
