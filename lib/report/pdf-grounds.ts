// What the report rests on, and what it cannot say: notes, clocks, fates that stayed open, warnings of the captures, and every rule that was asked.
import type { Content } from 'pdfmake/interfaces';
import { formatDuration } from '../base/time';
import { clockLines } from '../model/clock-lines';
import { FATE_REASONS, FATES, fateReasonText } from '../model/fate';
import { wantedCaptures } from '../model/finding-text';
import { JOURNEY_AMBIGUOUS } from '../model/journey-window';
import type { Annotation, CaseSnapshot } from '../model/snapshot';
import { COLOUR, codeBlock, dataTable, headCell, sectionHeading, textCell } from './pdf-style';
import { countOf, ReportNames } from './report-words';

export function noteContent(snapshot: CaseSnapshot): Content[] {
  if (snapshot.notes.length === 0) return [];
  return [
    sectionHeading('Notes', 'notes'),
    ...snapshot.notes.map(
      (note): Content => ({
        stack: [
          { text: targetText(note, snapshot), style: 'small' },
          { text: note.text, margin: [0, 1, 0, 0] },
        ],
        margin: [0, 0, 0, 8],
        unbreakable: note.text.length < 1500,
      }),
    ),
  ];
}

function targetText({ target }: Annotation, snapshot: CaseSnapshot): string {
  switch (target.kind) {
    case 'frame':
      return `${new ReportNames(snapshot).file(target.file)} #${target.frame}`;
    case 'connection': {
      const found = snapshot.connections.find(({ id }) => id === target.connection);
      return found ? `Connection ${found.client} → ${found.server}` : 'A connection not kept here';
    }
    case 'finding': {
      const found = snapshot.findings.find(({ id }) => id === target.finding);
      return found ? `Finding “${found.title}”` : 'A finding not kept here';
    }
  }
}

export function groundsContent(snapshot: CaseSnapshot): Content[] {
  const statements = [
    ...clockStatements(snapshot),
    ...fateStatements(snapshot),
    ...warningStatements(snapshot),
  ];
  return [
    sectionHeading('Assumptions, and what could not be decided', 'grounds'),
    ...statements.map(
      (text): Content => ({
        columns: [
          { text: '–', width: 8, color: COLOUR['ink-faint'] },
          { text, width: '*' },
        ],
        columnGap: 4,
        margin: [0, 0, 0, 3],
        unbreakable: true,
      }),
    ),
  ];
}

function clockStatements(snapshot: CaseSnapshot): string[] {
  const names = new ReportNames(snapshot);
  const pointsOf = (host: string): string =>
    snapshot.points
      .filter((point) => point.host === host)
      .map((point) => names.point(point.id))
      .join(', ');
  return snapshot.clocks.map((clock) => {
    const of = `Clock ${clock.host} (${pointsOf(clock.host)})`;
    if (clock.state === 'reference')
      return `${of} is the reference: all times on the common axis are its times. Times of frames are never rewritten.`;
    const segments = clockLines(clock.segments).map(
      ({ offsetNs, driftPpm, errorNs }) =>
        `${signedDuration(offsetNs)}, drift ${driftPpm.toFixed(1)} ppm, error ${errorNs === null ? 'not bounded' : `at most ${formatDuration(errorNs)}`}`,
    );
    const against = `against ${clock.reference}`;
    if (clock.state === 'solved')
      return `${of} was solved from ${countOf(clock.samples, 'packet pair', 'packet pairs')} ${against}: offset ${segments.join('; then ')}.`;
    if (clock.state === 'one-way')
      return `${of} was seen in one direction only ${against}: its offset is assumed so that the quickest packet took no time. Latencies between these hosts are differences, not durations.`;
    return `${of} could not be related to ${clock.reference}: its times are used as they are, and no latency between these hosts is known.`;
  });
}

const signedDuration = (nanoseconds: number): string =>
  `${nanoseconds < 0 ? '−' : '+'}${formatDuration(Math.abs(nanoseconds))}`;

function fateStatements({ journeys: window }: CaseSnapshot): string[] {
  const counts = new Map<string, number>();
  let ambiguous = 0;
  for (let j = 0; j < window.journeyCount; j++) {
    const key = `${window.journeys.fate[j]} ${window.journeys.reason[j]}`;
    counts.set(key, (counts.get(key) ?? 0) + 1);
    if (window.journeys.flags[j] & JOURNEY_AMBIGUOUS) ambiguous++;
  }
  const statements = FATES.flatMap((fate, fateCode) =>
    FATE_REASONS.flatMap((_, reasonCode) => {
      const count = counts.get(`${fateCode} ${reasonCode}`) ?? 0;
      if (count === 0) return [];
      return [
        `Fate ${fate}, ${countOf(count, 'packet', 'packets')}: ${fateReasonText(reasonCode)}.`,
      ];
    }),
  );
  if (ambiguous > 0)
    statements.push(
      `${countOf(ambiguous, 'packet', 'packets')} cannot be told apart from others alike; they were joined in order.`,
    );
  if (window.omitted > 0)
    statements.push(
      `${countOf(window.omitted, 'further packet', 'further packets')} of these connections were left out of this snapshot, so what is said here covers the first ${window.journeyCount.toLocaleString('en-GB')}.`,
    );
  return statements;
}

const warningStatements = (snapshot: CaseSnapshot): string[] =>
  snapshot.captures.flatMap(({ file, warnings }) =>
    warnings.map(
      ({ text, offset }) =>
        `${new ReportNames(snapshot).file(file)}${offset === undefined ? '' : `, byte ${offset}`}: ${text}`,
    ),
  );

const RESULT_WORDS = {
  found: 'found',
  healthy: 'found nothing',
  notApplicable: 'does not apply',
} as const;

export function ruleContent({ rules }: CaseSnapshot): Content[] {
  if (rules.length === 0) return [];
  const order = ['found', 'healthy', 'notApplicable'] as const;
  const rows = order.flatMap((result) => rules.filter((rule) => rule.result === result));
  return [
    sectionHeading('What was looked at', 'rules'),
    dataTable(
      [120, 66, '*'],
      [headCell('Check'), headCell('Result'), headCell('Because')],
      rows.map((row) => [
        { text: row.rule, style: 'cell', bold: row.result === 'found' },
        textCell(RESULT_WORDS[row.result]),
        { text: row.reason, style: 'cell', color: COLOUR['ink-muted'] },
      ]),
    ),
    ...wantedContent(rules),
  ];
}

/** The captures that would let the others run, with their commands. */
const wantedContent = (rules: CaseSnapshot['rules']): Content[] =>
  wantedCaptures(rules).map(
    ({ where, command, asks }): Content => ({
      stack: [
        { text: `To be captured: ${where}`, margin: [0, 8, 0, 2] },
        ...asks.map(
          ({ text, rules: wanting }): Content => ({
            text: `${text}: ${wanting.join(', ')}`,
            style: 'small',
          }),
        ),
        codeBlock(command),
      ],
      unbreakable: true,
    }),
  );
