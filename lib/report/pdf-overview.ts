// The report's first page: what the case is, what was found, which captures it rests on and where they were taken.
import type { Content } from 'pdfmake/interfaces';
import { closeWords } from '../model/closing';
import type { Severity } from '../model/finding';
import { describeCertainty } from '../model/finding-text';
import type { CaseSnapshot } from '../model/snapshot';
import { hopContent } from './pdf-hops';
import {
  COLOUR,
  dataTable,
  headCell,
  NUMBERS_FONT,
  numberCell,
  sectionHeading,
  textCell,
} from './pdf-style';
import { countOf, ReportNames, SEVERITY_WORDS, utcText } from './report-words';

export const findingAnchor = (id: string): string => `finding ${id}`;

const SEVERITIES: readonly Severity[] = ['failure', 'warning', 'note'];

/** `preface`: its sender's own words, a blank line between paragraphs. */
export function overviewContent(snapshot: CaseSnapshot, preface: string): Content[] {
  return [
    {
      text: 'HOPLANE REPORT',
      style: 'label',
      margin: [0, 0, 0, 4],
    },
    { text: snapshot.title, style: 'title', id: 'title', outline: true, outlineText: 'Overview' },
    { text: overviewLine(snapshot), style: 'small', margin: [0, 4, 0, 14] },
    ...prefaceContent(preface),
    ...verdicts(snapshot),
    ...captureContent(snapshot),
    ...pointContent(snapshot),
    ...hopContent(snapshot),
    ...connectionContent(snapshot),
  ];
}

const prefaceContent = (preface: string): Content[] =>
  preface
    .split(/\n\s*\n/)
    .filter((paragraph) => paragraph.trim() !== '')
    .map((paragraph, index, all) => ({
      text: paragraph.trim(),
      margin: [0, 0, 0, index === all.length - 1 ? 14 : 6],
    }));

/** `1 failure · 23 packets at 2 points · 2021-01-12 09:14:02 to 09:14:17 UTC` */
function overviewLine(snapshot: CaseSnapshot): string {
  const counts = SEVERITIES.flatMap((severity) => {
    const count = snapshot.findings.filter((finding) => finding.severity === severity).length;
    return count === 0 ? [] : [countOf(count, ...SEVERITY_WORDS[severity])];
  });
  const packets = snapshot.connections.reduce((sum, { journeys }) => sum + journeys, 0);
  return [
    counts.length === 0 ? 'nothing found' : counts.join(', '),
    countOf(snapshot.connections.length, 'connection kept', 'connections kept'),
    `${countOf(packets, 'packet', 'packets')} at ${countOf(snapshot.points.length, 'point', 'points')}`,
    ...timeSpan(snapshot),
  ].join('  ·  ');
}

function timeSpan({ captures }: CaseSnapshot): string[] {
  const firsts = captures.flatMap(({ firstTime }) =>
    firstTime === null ? [] : [BigInt(firstTime)],
  );
  const lasts = captures.flatMap(({ lastTime }) => (lastTime === null ? [] : [BigInt(lastTime)]));
  if (firsts.length === 0 || lasts.length === 0) return [];
  const least = firsts.reduce((a, b) => (a < b ? a : b));
  const greatest = lasts.reduce((a, b) => (a > b ? a : b));
  const [day, time] = utcText(least.toString(), 0).split(' ');
  const [endDay, endTime] = utcText(greatest.toString(), 0).split(' ');
  const end = endDay === day ? endTime : `${endDay} ${endTime}`;
  return [`${day} ${time} to ${end} UTC`];
}

/** Each finding in a line or two, linked to its section. */
function verdicts(snapshot: CaseSnapshot): Content[] {
  if (snapshot.findings.length === 0)
    return [
      {
        text: `Nothing was found to be wrong.${healthyText(snapshot)}`,
        style: 'lead',
      },
    ];
  return snapshot.findings.map((finding) => ({
    table: {
      widths: ['*'],
      dontBreakRows: true,
      body: [
        [
          {
            stack: [
              {
                text: [
                  { text: finding.title, bold: true, linkToDestination: findingAnchor(finding.id) },
                  {
                    text: `   ${SEVERITY_WORDS[finding.severity][0]}, ${describeCertainty(finding)}`,
                    color: COLOUR['ink-muted'],
                    fontSize: 8,
                  },
                ],
                fontSize: 11,
              },
              { text: finding.summary, margin: [0, 2, 0, 0] as [number, number, number, number] },
            ],
          },
        ],
      ],
    },
    layout: {
      hLineWidth: () => 0,
      vLineWidth: (column) => (column === 0 ? 2.5 : 0),
      vLineColor: () => COLOUR.severity[finding.severity],
      paddingLeft: () => 9,
      paddingTop: () => 0,
      paddingBottom: () => 1,
    },
    margin: [1, 0, 0, 10],
  }));
}

function healthyText({ rules }: CaseSnapshot): string {
  const healthy = rules.filter(({ result }) => result === 'healthy').length;
  return healthy === 0
    ? ''
    : ` ${countOf(healthy, 'check', 'checks')} looked at these captures and found nothing; the last section lists them.`;
}

function captureContent(snapshot: CaseSnapshot): Content[] {
  const rows = snapshot.captures.map((capture) => [
    {
      stack: [
        { text: capture.file, bold: true, fontSize: 8 },
        {
          text: [
            capture.sha256 === null ? 'SHA-256 not computed' : `SHA-256 ${capture.sha256}`,
            `\nfingerprint ${capture.fingerprint}`,
          ],
          font: NUMBERS_FONT,
          fontSize: 6.2,
          color: COLOUR['ink-muted'],
          lineHeight: 1.2,
          margin: [0, 1.5, 0, 0] as [number, number, number, number],
        },
      ],
    },
    textCell(capture.format),
    numberCell(capture.frames.toLocaleString('en-GB'), 'right'),
    numberCell(`${utcText(capture.firstTime)}\n${utcText(capture.lastTime)}`),
  ]);
  return [
    sectionHeading('Captures', 'captures'),
    dataTable(
      ['*', 38, 36, 120],
      [
        headCell('File'),
        headCell('Format'),
        headCell('Frames', 'right'),
        headCell('First and last, UTC'),
      ],
      rows,
    ),
  ];
}

function pointContent(snapshot: CaseSnapshot): Content[] {
  const names = new ReportNames(snapshot);
  const rows = snapshot.points.map((point) => [
    numberCell(point.id),
    { text: names.point(point.id), style: 'cell', bold: true },
    textCell(names.file(snapshot.captures[point.capture].file)),
    textCell(point.interface ?? '–'),
    numberCell(point.host),
    numberCell(point.frames.toLocaleString('en-GB'), 'right'),
  ]);
  return [
    sectionHeading('Capture points', 'points'),
    dataTable(
      [22, '*', '*', 70, 32, 40],
      [
        headCell('Id'),
        headCell('Name'),
        headCell('File'),
        headCell('Interface'),
        headCell('Clock'),
        headCell('Frames', 'right'),
      ],
      rows,
    ),
    ...passageContent(snapshot, names),
  ];
}

/** What the sign behind a name means, where a packet passes a point twice. */
function passageContent({ hops }: CaseSnapshot, names: ReportNames): Content[] {
  const second = hops.flatMap(({ from, to }) => [from, to]).find((stop) => stop.endsWith('/2'));
  if (second === undefined) return [];
  const [point] = second.split('/');
  return [
    {
      text: `${names.stop(second, 'forward')}: the second passage of a packet through ${names.point(point)}, which sees it before and after its host translates or routes it.`,
      style: 'small',
      margin: [0, 3, 0, 0],
    },
  ];
}

/** Rows that a reader still looks through; beyond it the list names none. */
const CONNECTION_ROWS = 60;

function connectionContent(snapshot: CaseSnapshot): Content[] {
  const rows = snapshot.connections
    .slice(0, CONNECTION_ROWS)
    .map((connection, index) => [
      numberCell(`${index + 1}`, 'right'),
      textCell(connection.protocol),
      numberCell(connection.client),
      numberCell(connection.server),
      textCell(
        [
          connection.handshake === null ? null : `handshake ${connection.handshake}`,
          closeWords(connection),
        ]
          .filter((word) => word !== null && word !== '')
          .join(', '),
      ),
      numberCell(connection.journeys.toLocaleString('en-GB'), 'right'),
      numberCell(connection.lost.toLocaleString('en-GB'), 'right'),
      numberCell(connection.retransmissions.toLocaleString('en-GB'), 'right'),
    ]);
  const left = snapshot.connections.length - rows.length;
  const kept = new Set(snapshot.connections.map(({ id }) => id));
  const told = new Set(snapshot.findings.flatMap(({ connections }) => connections));
  const absent = [...told].filter((id) => !kept.has(id)).length;
  return [
    sectionHeading('Connections', 'connections'),
    dataTable(
      [14, 28, '*', '*', 90, 36, 22, 33],
      [
        headCell('No', 'right'),
        headCell('Proto'),
        headCell('Client'),
        headCell('Server'),
        headCell('Outcome'),
        headCell('Packets', 'right'),
        headCell('Lost', 'right'),
        headCell('Retries', 'right'),
      ],
      rows,
      4,
    ),
    ...(left > 0
      ? [{ text: `and ${countOf(left, 'more', 'more')}, not listed here.`, style: 'small' }]
      : []),
    ...(absent > 0
      ? [
          {
            text: `The findings speak of ${countOf(told.size, 'connection', 'connections')}; the packets of ${absent.toLocaleString('en-GB')} of them are not in this report. Their frames are cited in the stories.`,
            style: 'small',
            margin: [0, 3, 0, 0] as [number, number, number, number],
          },
        ]
      : []),
  ];
}
