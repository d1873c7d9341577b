// A finding as someone pastes it into a mail (text), a ticket (Markdown) or Wireshark (a display filter for each file).
import type { Finding, FrameReference } from './finding';
import { citedFrames, frameFilter, framesByFile } from './finding-frames';

/** A number alone says too much: words first, and where each begins. */
const CONFIDENCE: readonly (readonly [number, string])[] = [
  [0.95, 'practically certain'],
  [0.8, 'very likely'],
  [0.6, 'likely'],
  [0.4, 'possible'],
  [0, 'to be considered'],
];

/** `practically certain, 0.98` */
export function describeConfidence(confidence: number): string {
  const [, words] = CONFIDENCE.find(([least]) => confidence >= least) ?? CONFIDENCE[4];
  return `${words}, ${confidence.toFixed(2)}`;
}

const headOf = (finding: Finding): string =>
  [
    finding.severity,
    describeConfidence(finding.confidence),
    ...(finding.between === null ? [] : [`between ${finding.between.join(' and ')}`]),
    `rule ${finding.rule}`,
  ].join('; ');

/** ` [cpe.pcap #2 #5; baw.pcap #3]`, or nothing. */
function cite(frames: readonly FrameReference[], mark: (text: string) => string): string {
  if (frames.length === 0) return '';
  const files = framesByFile(frames).map(
    ({ file, frames: numbers }) => `${mark(file)} ${numbers.map((frame) => `#${frame}`).join(' ')}`,
  );
  return ` [${files.join('; ')}]`;
}

const part = (title: string, lines: readonly string[]): readonly string[] =>
  lines.length === 0 ? [] : ['', title, ...lines];

export function findingAsText(finding: Finding): string {
  const plain = (text: string): string => text;
  return `${[
    finding.title,
    headOf(finding),
    '',
    finding.summary,
    ...part(
      'Story',
      finding.steps.map(({ text, frames }, index) => `${index + 1}. ${text}${cite(frames, plain)}`),
    ),
    ...part(
      'Confirm',
      finding.confirm.flatMap(({ text, command }) => [
        `- ${text}`,
        ...command.split('\n').flatMap((line) => (line === '' ? [] : [`    ${line}`])),
      ]),
    ),
    ...part('Fix', finding.fix === null ? [] : [finding.fix]),
    ...part(
      'Also considered',
      finding.alternatives.map(({ rule, why }) => `- ${rule}: ${why}`),
    ),
    ...part(
      'Read on',
      finding.references.map(({ title, url }) => `- ${title}: ${url}`),
    ),
  ].join('\n')}\n`;
}

export function findingAsMarkdown(finding: Finding): string {
  return `${[
    `## ${escapeMarkup(finding.title)}`,
    '',
    `*${escapeMarkup(headOf(finding))}*`,
    '',
    escapeMarkup(finding.summary),
    ...markdownPart(
      'Story',
      finding.steps.map(
        ({ text, frames }, index) => `${index + 1}. ${escapeMarkup(text)}${cite(frames, code)}`,
      ),
    ),
    ...markdownPart('Confirm', finding.confirm.map(markdownCommand)),
    ...markdownPart('Fix', finding.fix === null ? [] : [escapeMarkup(finding.fix)]),
    ...markdownPart(
      'Also considered',
      finding.alternatives.map(({ rule, why }) => `- ${code(rule)}: ${escapeMarkup(why)}`),
    ),
    ...markdownPart(
      'Read on',
      finding.references.map(({ title, url }) => `- ${escapeMarkup(title)}: <${url}>`),
    ),
    ...markdownPart(
      'In Wireshark',
      citedFrames(finding).map(
        ({ file, frames }) => `- ${code(file)}: ${code(frameFilter(frames))}`,
      ),
    ),
  ].join('\n')}\n`;
}

const markdownPart = (title: string, lines: readonly string[]): readonly string[] =>
  lines.length === 0 ? [] : ['', `### ${title}`, '', ...lines];

function markdownCommand({ text, command }: Finding['confirm'][number]): string {
  if (command === '') return `- ${escapeMarkup(text)}`;
  const lines = command.split('\n').map((line) => `  ${line}`);
  return [`- ${escapeMarkup(text)}`, '', '  ```sh', ...lines, '  ```'].join('\n');
}

/** File names and addresses come from captures: none may turn into markup. `#` and `.` within a line mean nothing. */
const escapeMarkup = (text: string): string => text.replace(/[\\`*_[\]<>|~]/g, '\\$&');

/** As code, with a fence longer than any backticks within. */
function code(text: string): string {
  const longest = Math.max(0, ...(text.match(/`+/g) ?? []).map((run) => run.length));
  const fence = '`'.repeat(longest + 1);
  return longest === 0 ? `${fence}${text}${fence}` : `${fence} ${text} ${fence}`;
}
