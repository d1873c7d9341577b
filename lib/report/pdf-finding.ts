// A finding told for a reader who will check it: summary, steps with the frames that prove each, how to find them in Wireshark, what else it could be, how to confirm and fix it.
import type { Content } from 'pdfmake/interfaces';
import type { Finding, FindingCause, FindingStep } from '../model/finding';
import { type FixStep, fixSteps } from '../model/finding-fix';
import { citedFrames, frameFilter } from '../model/finding-frames';
import {
  describeCertainty,
  describeConfidence,
  groundLine,
  groundLines,
  NO_CAUSE,
  openCausesHead,
  timeLines,
} from '../model/finding-text';
import { findingAnchor } from './pdf-overview';
import { COLOUR, codeBlock, NUMBERS_FONT, partHeading, subsectionHeading } from './pdf-style';
import { citeFrames, type ReportNames, SEVERITY_WORDS } from './report-words';

export function findingContent(finding: Finding, names: ReportNames): Content[] {
  const anchor = findingAnchor(finding.id);
  /** A heading that stays with the first of what it leads; nothing where there is nothing to lead. */
  const section = (title: string, items: readonly Content[]): Content[] =>
    headed(subsectionHeading(title, `${anchor} ${title}`, anchor), items);
  return [
    partHeading(finding.title, anchor),
    { text: metaLine(finding, names), fontSize: 8, margin: [0, -2, 0, 6] },
    { text: finding.summary, style: 'lead', margin: [0, 0, 0, 4] },
    ...section(
      'The story',
      finding.steps.map((step, index) => stepContent(step, index, names)),
    ),
    ...section('Its cause', causeContent(finding)),
    ...section('Beside a healthy one', siblingContent(finding, names)),
    ...section('Where the time went', timeLines(finding).map(lineContent)),
    ...section(
      finding.cause === null ? 'How sure, and why' : 'How sure that it happened, and why',
      groundLines(finding).map(lineContent),
    ),
    ...section('The frames in Wireshark', filterContent(finding, names)),
    ...section('Evidence beside the packets', finding.evidence.map(evidenceContent)),
    ...section('What would confirm it', finding.confirm.map(confirmContent)),
    ...section(
      'What else it could be',
      finding.alternatives.map(({ rule, why }) => ({
        text: [{ text: rule, bold: true }, `: ${why}`],
        margin: [0, 0, 0, 2],
      })),
    ),
    ...section('Fix', fixSteps(finding.fix).map(fixContent)),
    ...section('References', finding.references.map(referenceContent)),
  ];
}

const lineContent = (text: string): Content => ({ text, margin: [0, 0, 0, 2] });

/** What is held to be the cause and how sure that is, and what the packets leave open. */
function causeContent({ cause }: Finding): Content[] {
  if (cause === null) return [];
  const { held, open } = cause;
  return [
    ...(held === null
      ? [lineContent(NO_CAUSE)]
      : [
          lineContent(`${held.text} (${describeConfidence(held.confidence)})`),
          ...held.grounds.map((ground) => lineContent(groundLine(ground))),
        ]),
    ...headed(lineContent(openCausesHead(cause)), open.map(openCauseContent)),
  ];
}

/** What stands above a list is never alone at the foot of a page. */
const headed = (head: Content, [first, ...others]: readonly Content[]): Content[] =>
  first === undefined ? [] : [{ stack: [head, first], unbreakable: true }, ...others];

const openCauseContent = ({ text, decides, command }: FindingCause['open'][number]): Content => ({
  stack: [
    { text: ['– ', text, ' What decides: ', decides] },
    ...(command === '' ? [] : [codeBlock(command)]),
  ],
  margin: [8, 0, 0, 4],
  unbreakable: true,
});

const siblingContent = ({ sibling }: Finding, names: ReportNames): Content[] =>
  sibling === null
    ? []
    : [
        { text: sibling.text, margin: [0, 0, 0, 3] },
        ...sibling.partings.map(({ text, frames, siblingFrames }, index) =>
          stepContent({ text, frames: [...frames, ...siblingFrames] }, index, names),
        ),
      ];

const evidenceContent = ({ file, line, text, speaks }: Finding['evidence'][number]): Content => ({
  stack: [{ text: `${file}, line ${line}: speaks ${speaks} it`, style: 'small' }, codeBlock(text)],
});

const confirmContent = ({ text, command }: Finding['confirm'][number]): Content => ({
  stack: [{ text }, ...(command === '' ? [] : [codeBlock(command)])],
  margin: [0, 0, 0, 4],
  unbreakable: true,
});

/** A line of a numbered list: its number in a column of its own. */
const numbered = (index: number, stack: Content[], gap: number): Content => ({
  columns: [
    {
      text: `${index + 1}`,
      bold: true,
      fontSize: 9,
      color: COLOUR['ink-faint'],
      alignment: 'right',
      width: 12,
    },
    { stack, width: '*' },
  ],
  columnGap: 8,
  margin: [0, 0, 0, gap],
  unbreakable: true,
});

const fixContent = (step: FixStep, index: number): Content =>
  numbered(
    index,
    step.map(({ kind, text }): Content => (kind === 'command' ? codeBlock(text) : { text })),
    4,
  );

const referenceContent = ({ title, url }: Finding['references'][number]): Content => ({
  stack: [
    { text: title, link: url, color: COLOUR.forward },
    { text: url, link: url, fontSize: 7, color: COLOUR['ink-faint'], font: NUMBERS_FONT },
  ],
  margin: [0, 0, 0, 3],
  unbreakable: true,
});

function metaLine(finding: Finding, names: ReportNames): Content {
  const between =
    finding.between === null
      ? []
      : [
          `between ${finding.between.map((stop) => names.stop(stop, finding.direction ?? 'forward')).join(' and ')}`,
        ];
  return [
    {
      text: SEVERITY_WORDS[finding.severity][0],
      bold: true,
      color: COLOUR.severity[finding.severity],
    },
    {
      text: ['', describeCertainty(finding), ...between, `rule ${finding.rule}`].join('  ·  '),
      color: COLOUR['ink-muted'],
    },
  ];
}

const stepContent = (step: FindingStep, index: number, names: ReportNames): Content =>
  numbered(
    index,
    [
      { text: step.text },
      ...citeFrames(step.frames, names).map(
        (citation): Content => ({
          text: citation,
          font: NUMBERS_FONT,
          fontSize: 7,
          lineHeight: 1.2,
          color: COLOUR['ink-muted'],
          margin: [0, 1.5, 0, 0],
        }),
      ),
    ],
    5,
  );

const filterContent = (finding: Finding, names: ReportNames): Content[] =>
  citedFrames(finding).map(
    ({ file, frames }): Content => ({
      stack: [
        { text: names.file(file), fontSize: 8, bold: true, margin: [0, 3, 0, 0] },
        codeBlock(frameFilter(frames)),
      ],
      unbreakable: true,
    }),
  );
