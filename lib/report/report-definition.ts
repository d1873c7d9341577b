// The whole report as a pdfmake document, from a snapshot and the figures drawn of it. Pure: the same snapshot gives the same document.
import type { Content, ContextPageSize, TDocumentDefinitions } from 'pdfmake/interfaces';
import type { Finding } from '../model/finding';
import type { CaseSnapshot } from '../model/snapshot';
import type { ReportFigure } from './figures';
import { buildPacketRows } from './packet-rows';
import { findingContent } from './pdf-finding';
import { groundsContent, noteContent, ruleContent } from './pdf-grounds';
import { legendContent } from './pdf-legend';
import { findingAnchor, overviewContent } from './pdf-overview';
import { packetContent } from './pdf-packets';
import { COLOUR, PAGE, partHeading, STYLES, subsectionHeading, WORDS_FONT } from './pdf-style';
import { breakLongWords } from './pdf-words';
import { countOf, ReportNames } from './report-words';

/** Journeys of the snapshot that one section shows: a finding's, or those that no finding speaks of. */
export interface ReportSection {
  readonly finding: Finding | null;
  /** Rows of the journey window, in order. */
  readonly journeys: readonly number[];
  /** Journeys that belong here but are too many to be printed. */
  readonly left: number;
  readonly figures: readonly ReportFigure[];
  /** What the figures have no room for. */
  readonly undrawn: { readonly packets: number; readonly connections: number };
}

/** How far down a page a heading of each level may stand, as a share of its height: below it, it would lead nothing or little. */
const LOWEST_HEADING = [0.62, 0.87, 0.92];

export function buildReportDefinition(
  snapshot: CaseSnapshot,
  sections: readonly ReportSection[],
  preface = '',
): TDocumentDefinitions {
  const names = new ReportNames(snapshot);
  const firstDrawn = sections.findIndex(({ figures }) => figures.length > 0);
  return {
    version: '1.7',
    pageSize: 'A4',
    pageMargins: PAGE.margins,
    info: {
      title: snapshot.title,
      subject: 'Packets seen at several capture points',
      creator: `${snapshot.tool.name} ${snapshot.tool.version}`,
      producer: `${snapshot.tool.name} ${snapshot.tool.version}`,
      creationDate: lastMoment(snapshot),
    },
    language: 'en',
    displayTitle: true,
    defaultStyle: {
      font: WORDS_FONT,
      fontSize: 9.5,
      lineHeight: 1.3,
      color: COLOUR.ink,
    },
    styles: STYLES,
    header: (page, _count, size) => pageHeader(snapshot, page, size),
    footer: (page, count) => pageFooter(snapshot, page, count),
    content: breakLongWords([
      ...overviewContent(snapshot, preface),
      ...sections.flatMap((section, index) =>
        sectionContent(snapshot, section, names, index === firstDrawn),
      ),
      ...noteContent(snapshot),
      ...groundsContent(snapshot),
      ...ruleContent(snapshot),
    ]),
    pageBreakBefore: ({ headlineLevel, startPosition }, queries) =>
      headlineLevel !== undefined &&
      (startPosition.verticalRatio > LOWEST_HEADING[headlineLevel] ||
        queries.getFollowingNodesOnPage().length === 0),
  };
}

function sectionContent(
  snapshot: CaseSnapshot,
  { finding, journeys, left, figures, undrawn }: ReportSection,
  names: ReportNames,
  /** The first section with figures says what their marks mean. */
  isFirstDrawn: boolean,
): Content[] {
  const anchor = finding === null ? 'other packets' : findingAnchor(finding.id);
  const head =
    finding === null
      ? [partHeading('Packets that no finding speaks of', anchor)]
      : findingContent(finding, names);
  const [firstFigure, ...otherFigures] = figures.map(figureContent);
  const pictures =
    firstFigure === undefined
      ? []
      : [
          {
            stack: [subsectionHeading('The journeys', `${anchor} journeys`, anchor), firstFigure],
            unbreakable: true,
          },
          ...otherFigures,
        ];
  const legend = isFirstDrawn && figures.length > 0 ? [legendContent()] : [];
  const table =
    journeys.length === 0
      ? []
      : [
          subsectionHeading('The packets', `${anchor} packets`, anchor, 2),
          ...packetContent(snapshot, buildPacketRows(snapshot, journeys, finding), names),
        ];
  const rest =
    left === 0
      ? []
      : [
          {
            text: `${countOf(left, 'more packet belongs', 'more packets belong')} here and would not fit a printed table; the JSON export has every one.`,
            style: 'small',
            margin: [0, 4, 0, 0] as [number, number, number, number],
          },
        ];
  return [...head, ...pictures, ...undrawnContent(undrawn), ...legend, ...table, ...rest];
}

const undrawnContent = ({ packets, connections }: ReportSection['undrawn']): Content[] =>
  packets === 0
    ? []
    : [
        {
          text: `Not drawn: ${countOf(packets, 'packet', 'packets')}${connections === 0 ? '' : `, among them all of ${countOf(connections, 'connection', 'connections')}`}. The table below has them as far as it goes.`,
          style: 'small',
          margin: [0, 2, 0, 4],
        },
      ];

const figureContent = ({ svg, widthPx, heightPx, caption }: ReportFigure): Content => {
  const width = PAGE.width - PAGE.margins[0] - PAGE.margins[2];
  return {
    stack: [
      ...(caption === ''
        ? []
        : [
            {
              text: caption,
              style: 'small',
              margin: [0, 2, 0, 4] as [number, number, number, number],
            },
          ]),
      { svg, width, height: (heightPx * width) / widthPx, margin: [0, 0, 0, 4] },
    ],
    unbreakable: true,
  };
};

/** What one line of the header takes. */
const HEADER_CHARACTERS = 90;

const shorten = (text: string, characters: number): string =>
  text.length <= characters ? text : `${text.slice(0, characters - 1).trimEnd()}…`;

const pageHeader = (snapshot: CaseSnapshot, page: number, size: ContextPageSize): Content =>
  page === 1
    ? ''
    : {
        columns: [
          { text: shorten(snapshot.title, HEADER_CHARACTERS), style: 'small', width: '*' },
          {
            text: `${snapshot.tool.name} ${snapshot.tool.version}`,
            style: 'small',
            alignment: 'right',
            width: 'auto',
          },
        ],
        margin: [PAGE.margins[0], 32, size.width - PAGE.width + PAGE.margins[2], 0],
      };

const pageFooter = (snapshot: CaseSnapshot, page: number, count: number): Content => ({
  columns: [
    {
      text:
        page === 1
          ? `Made by ${snapshot.tool.name} ${snapshot.tool.version} from the captures listed here; every claim names its file and frame.`
          : '',
      style: 'small',
      width: '*',
    },
    { text: `${page} of ${count}`, style: 'small', alignment: 'right', width: 60 },
  ],
  margin: [PAGE.margins[0], 16, PAGE.margins[2], 0],
});

/** The PDF's date is that of its data, so that the same input gives the same bytes. */
function lastMoment({ captures, journeys }: CaseSnapshot): Date {
  const moments = captures.flatMap(({ lastTime }) => (lastTime === null ? [] : [BigInt(lastTime)]));
  const last = moments.reduce((a, b) => (a > b ? a : b), BigInt(journeys.baseTime));
  const date = new Date(Number(last / 1_000_000n));
  return Number.isNaN(date.getTime()) ? new Date(0) : date;
}
