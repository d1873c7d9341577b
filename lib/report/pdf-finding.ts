// A finding told for a reader who will check it: summary, steps with the frames that prove each, how to find them in Wireshark, what else it could be, how to confirm and fix it.
import type { Content } from 'pdfmake/interfaces';
import type { Finding, FindingStep } from '../model/finding';
import { findingAnchor } from './pdf-overview';
import { COLOUR, codeBlock, NUMBERS_FONT, partHeading, subsectionHeading } from './pdf-style';
import {
  citeFrames,
  describeConfidence,
  frameFilter,
  framesByFile,
  type PointNames,
  SEVERITY_WORDS,
} from './report-words';

export function findingContent(finding: Finding, names: PointNames): Content[] {
  const anchor = findingAnchor(finding.id);
  return [
    partHeading(finding.title, anchor),
    { text: metaLine(finding, names), fontSize: 8, margin: [0, -2, 0, 6] },
    { text: finding.summary, style: 'lead', margin: [0, 0, 0, 4] },
    ...section(finding.steps, [
      subsectionHeading('The story', `${anchor} story`, anchor),
      ...finding.steps.map(stepContent),
    ]),
    ...filterContent(finding, anchor),
    ...section(finding.evidence, [
      subsectionHeading('Evidence beside the packets', `${anchor} evidence`, anchor),
      ...finding.evidence.map(
        ({ file, line, text, speaks }): Content => ({
          stack: [
            { text: `${file}, line ${line}: speaks ${speaks} it`, style: 'small' },
            codeBlock(text),
          ],
        }),
      ),
    ]),
    ...section(finding.confirm, [
      subsectionHeading('What would confirm it', `${anchor} confirm`, anchor),
      ...finding.confirm.map(
        ({ text, command }): Content => ({
          stack: [{ text }, codeBlock(command)],
          unbreakable: true,
        }),
      ),
    ]),
    ...section(finding.alternatives, [
      subsectionHeading('What else it could be', `${anchor} alternatives`, anchor),
      ...finding.alternatives.map(
        ({ rule, why }): Content => ({
          text: [{ text: rule, bold: true }, `: ${why}`],
          margin: [0, 0, 0, 2],
        }),
      ),
    ]),
    ...(finding.fix === null
      ? []
      : [subsectionHeading('Fix', `${anchor} fix`, anchor), { text: finding.fix }]),
    ...section(finding.references, [
      subsectionHeading('References', `${anchor} references`, anchor),
      ...finding.references.map(
        ({ title, url }): Content => ({
          text: [
            { text: title, link: url, color: COLOUR.forward },
            { text: `   ${url}`, fontSize: 7, color: COLOUR['ink-faint'], font: NUMBERS_FONT },
          ],
          margin: [0, 0, 0, 2],
        }),
      ),
    ]),
  ];
}

/** The content, if there is anything to it. */
const section = (items: readonly unknown[], content: Content[]): Content[] =>
  items.length === 0 ? [] : content;

function metaLine(finding: Finding, names: PointNames): Content {
  const between =
    finding.between === null
      ? []
      : [`between ${names.stop(finding.between[0])} and ${names.stop(finding.between[1])}`];
  return [
    {
      text: SEVERITY_WORDS[finding.severity][0],
      bold: true,
      color: COLOUR.severity[finding.severity],
    },
    {
      text: ['', describeConfidence(finding.confidence), ...between, `rule ${finding.rule}`].join(
        '  ·  ',
      ),
      color: COLOUR['ink-muted'],
    },
  ];
}

const stepContent = (step: FindingStep, index: number): Content => ({
  columns: [
    {
      text: `${index + 1}`,
      bold: true,
      fontSize: 9,
      color: COLOUR['ink-faint'],
      alignment: 'right',
      width: 12,
    },
    {
      stack: [
        { text: step.text },
        ...citeFrames(step.frames).map(
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
      width: '*',
    },
  ],
  columnGap: 8,
  margin: [0, 0, 0, 5],
  unbreakable: true,
});

function filterContent(finding: Finding, anchor: string): Content[] {
  const files = framesByFile(finding.steps.flatMap((step) => step.frames));
  if (files.length === 0) return [];
  return [
    subsectionHeading('The frames in Wireshark', `${anchor} frames`, anchor),
    {
      text: 'Open the file, paste the filter: these are the frames that the steps cite.',
      style: 'small',
    },
    ...files.map(
      ({ file, frames }): Content => ({
        stack: [
          { text: file, fontSize: 8, bold: true, margin: [0, 4, 0, 0] },
          codeBlock(frameFilter(frames)),
        ],
        unbreakable: true,
      }),
    ),
  ];
}
