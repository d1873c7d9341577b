// What each hop did with the packets of the captures: requests from the client on, then replies from the server on, each in the order of the way.
import type { Content, TableCell } from 'pdfmake/interfaces';
import { formatDuration } from '../base/time';
import type { Direction, HopSummary } from '../model/connection';
import type { CaseSnapshot } from '../model/snapshot';
import { COLOUR, dataTable, headCell, numberCell, sectionHeading, textCell } from './pdf-style';
import { countOf, ReportNames } from './report-words';

/** Hops that no kept connection took stand in the table when at least one packet in so many of the busiest hop took them; the rest is counted. */
const LEAST_SHARE = 1 / 50;
/** Rows of such hops at most. */
const OTHER_ROWS = 24;

export interface HopRow {
  readonly hop: HopSummary;
  /** Whether a connection of the snapshot goes that way. */
  readonly isKept: boolean;
}

const keyOf = (direction: Direction, from: string, to: string) => `${direction} ${from} ${to}`;

/** The hops to list, in the order of the way, and how many are left out. */
export function listHops({ connections, hops, points }: CaseSnapshot): {
  readonly rows: readonly HopRow[];
  readonly left: number;
} {
  const onTheWay = new Set(
    connections.flatMap(({ forwardStops, reverseStops }) => [
      ...forwardStops.slice(1).map((to, i) => keyOf('forward', forwardStops[i], to)),
      ...reverseStops.slice(1).map((to, i) => keyOf('reverse', reverseStops[i], to)),
    ]),
  );
  const isKept = ({ direction, from, to }: HopSummary) => onTheWay.has(keyOf(direction, from, to));
  const most = hops.reduce((greatest, { journeys }) => Math.max(greatest, journeys), 0);
  const others = hops
    .filter((hop) => !isKept(hop) && hop.journeys >= most * LEAST_SHARE)
    .sort((a, b) => b.journeys - a.journeys)
    .slice(0, OTHER_ROWS);
  const listed = hops.filter((hop) => isKept(hop) || others.includes(hop));
  const way = [
    ...new Set([...connections.flatMap((one) => one.points), ...points.map(({ id }) => id)]),
  ];
  /** Place along the requests' way: points in order, passages of one after each other. */
  const place = (stop: string, direction: Direction): number => {
    const [point, passage] = stop.split('/');
    const at = way.indexOf(point) * (direction === 'forward' ? 256 : -256);
    return at + Number(passage ?? 1);
  };
  const rank = ({ from, to, direction }: HopSummary): readonly number[] => [
    direction === 'forward' ? 0 : 1,
    place(from, direction),
    place(to, direction),
  ];
  const rows = listed
    .map((hop) => ({ hop, isKept: isKept(hop), rank: rank(hop) }))
    .sort((a, b) => a.rank.reduce((order, value, i) => order || value - b.rank[i], 0))
    .map(({ hop, isKept: kept }) => ({ hop, isKept: kept }));
  return { rows, left: hops.length - listed.length };
}

export function hopContent(snapshot: CaseSnapshot): Content[] {
  const names = new ReportNames(snapshot);
  const { rows, left } = listHops(snapshot);
  if (rows.length === 0) return [];
  return [
    sectionHeading('Hops', 'hops'),
    dataTable(
      ['*', 20, 37, 24, 33, 35, 37, 35, 35, 38],
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
      ],
      rows.map((row) => hopRow(row, names)),
      4,
    ),
    { text: remark(rows, left), style: 'small', margin: [0, 3, 0, 0] },
  ];
}

/** `3/1`; a dash where the analysis did not count. */
const twoCounts = (first: number | undefined, second: number | undefined): string =>
  first === undefined || second === undefined
    ? '–'
    : `${first.toLocaleString('en-GB')}/${second.toLocaleString('en-GB')}`;

function hopRow({ hop, isKept }: HopRow, names: ReportNames): TableCell[] {
  const { from, to, direction, journeys, lost, latencyNs } = hop;
  const order = hop.order?.confidence ?? 'certain';
  const unsure = order === 'certain' ? '' : ` (${order})`;
  const duration = (value: number | null | undefined): TableCell =>
    numberCell(value == null ? '–' : formatDuration(value), 'right');
  const cells = [
    textCell(`${names.stop(from, direction)} → ${names.stop(to, direction)}${unsure}`),
    textCell(direction === 'forward' ? 'fwd' : 'rev'),
    numberCell(journeys.toLocaleString('en-GB'), 'right'),
    numberCell(lost.toLocaleString('en-GB'), 'right'),
    numberCell(twoCounts(hop.reordered, hop.duplicated), 'right'),
    duration(latencyNs?.min),
    duration(latencyNs?.p50),
    duration(latencyNs?.p99),
    duration(latencyNs?.max),
    duration(latencyNs?.error),
  ];
  return isKept
    ? cells
    : cells.map((cell) => ({ ...(cell as object), color: COLOUR['ink-faint'] }) as TableCell);
}

const remark = (rows: readonly HopRow[], left: number): string =>
  [
    'Counted over all packets of every protocol that took these hops in the captures, not only those kept here, copies beside the way apart. Two hops in a row may differ with none lost: a packet that goes another way from there, or whose way ends there (broadcast, multicast), counts for the first alone. Re/dup: packets that a later one overtook, and that arrived once more than they left. Least to Most: latency. fwd: from the client; rev: to it.',
    ...(rows.some(({ hop: { order } }) => order !== undefined && order.confidence !== 'certain')
      ? [
          'In brackets where it is not certain: how sure it is that the first point comes before the second; a tie stands in order of file name.',
        ]
      : []),
    ...(rows.some(({ isKept }) => !isKept)
      ? ['Grey: hops that only other connections of these captures took.']
      : []),
    ...(left > 0 ? [`${countOf(left, 'hop', 'hops')} that hardly a packet took not listed.`] : []),
  ].join(' ');
