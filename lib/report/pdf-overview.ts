// The report's first page: what the case is, what was found, which captures it rests on and where they were taken.
import type { Content, TableCell } from 'pdfmake/interfaces';
import { formatDuration } from '../base/time';
import type { Direction, HopSummary } from '../model/connection';
import type { Severity } from '../model/finding';
import { describeConfidence } from '../model/finding-text';
import type { CaseSnapshot } from '../model/snapshot';
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

export function overviewContent(snapshot: CaseSnapshot): Content[] {
  return [
    {
      text: 'HOPLANE REPORT',
      style: 'label',
      margin: [0, 0, 0, 4],
    },
    { text: snapshot.title, style: 'title', id: 'title', outline: true, outlineText: 'Overview' },
    { text: overviewLine(snapshot), style: 'small', margin: [0, 4, 0, 14] },
    ...verdicts(snapshot),
    ...captureContent(snapshot),
    ...pointContent(snapshot),
    ...hopContent(snapshot),
    ...connectionContent(snapshot),
  ];
}

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
                    text: `   ${SEVERITY_WORDS[finding.severity][0]}, ${describeConfidence(finding.confidence)}`,
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
    : ` ${countOf(healthy, 'rule', 'rules')} looked at these captures and found them healthy; the last section lists them.`;
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
  ];
}

/** Hops on the ways of the connections kept: those that this case is about. */
function hopsOfWays({ connections, hops }: CaseSnapshot): readonly HopSummary[] {
  const key = (direction: Direction, from: string, to: string) => `${direction} ${from} ${to}`;
  const onTheWay = new Set(
    connections.flatMap(({ forwardStops, reverseStops }) => [
      ...forwardStops.slice(1).map((to, i) => key('forward', forwardStops[i], to)),
      ...reverseStops.slice(1).map((to, i) => key('reverse', reverseStops[i], to)),
    ]),
  );
  return hops.filter(({ direction, from, to }) => onTheWay.has(key(direction, from, to)));
}

/** `3/1`; a dash where the analysis did not count. */
const twoCounts = (first: number | undefined, second: number | undefined): string =>
  first === undefined || second === undefined
    ? '–'
    : `${first.toLocaleString('en-GB')}/${second.toLocaleString('en-GB')}`;

function hopContent(snapshot: CaseSnapshot): Content[] {
  const names = new ReportNames(snapshot);
  const duration = (value: number | undefined): TableCell =>
    numberCell(value === undefined ? '–' : formatDuration(value), 'right');
  const rows = hopsOfWays(snapshot).map(({ from, to, direction, ...hop }) => [
    textCell(`${names.stop(from)} → ${names.stop(to)}`),
    textCell(direction),
    numberCell(hop.journeys.toLocaleString('en-GB'), 'right'),
    numberCell(hop.lost.toLocaleString('en-GB'), 'right'),
    numberCell(twoCounts(hop.reordered, hop.duplicated), 'right'),
    duration(hop.latencyNs?.min),
    duration(hop.latencyNs?.p50),
    duration(hop.latencyNs?.p99),
    duration(hop.latencyNs?.max),
    duration(hop.latencyNs?.error ?? undefined),
    textCell(hop.order?.confidence ?? ''),
  ]);
  if (rows.length === 0) return [];
  return [
    sectionHeading('Hops', 'hops'),
    dataTable(
      ['*', 34, 33, 24, 30, 35, 35, 35, 35, 35, 32],
      [
        headCell('From, to'),
        headCell('Way'),
        headCell('Packets', 'right'),
        headCell('Lost', 'right'),
        headCell('Re/dup', 'right'),
        headCell('Least', 'right'),
        headCell('Median', 'right'),
        headCell('P99', 'right'),
        headCell('Most', 'right'),
        headCell('Clock ±', 'right'),
        headCell('Order'),
      ],
      rows,
      4,
    ),
    {
      text: 'All packets that took these hops in the captures, not only those kept here. Re/dup: packets that a later one overtook, and that arrived once more than they left. Order: how sure it is that the first point comes before the second; a tie stands in order of file name.',
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
          connection.close,
        ]
          .filter((word) => word !== null)
          .join(', '),
      ),
      numberCell(connection.journeys.toLocaleString('en-GB'), 'right'),
      numberCell(connection.lost.toLocaleString('en-GB'), 'right'),
      numberCell(connection.retransmissions.toLocaleString('en-GB'), 'right'),
    ]);
  const left = snapshot.connections.length - rows.length;
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
  ];
}
