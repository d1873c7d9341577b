// A finding as someone pastes it into a mail (text), a ticket (Markdown) or Wireshark (a display filter for each file).
import { formatDuration } from '../base/time';
import type { Direction } from './connection';
import type {
  Finding,
  FindingCause,
  FindingSibling,
  FrameReference,
  Ground,
  Lack,
  RuleResult,
} from './finding';
import { fixLines } from './finding-fix';
import { citedFrames, frameFilter, framesByFile } from './finding-frames';
import { boundText } from './latency-error';

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

/** `that it happened: practically certain, 0.97; its cause: possible, 0.45`; of a consideration or a note just the one number. */
export function describeCertainty({
  confidence,
  cause,
}: Pick<Finding, 'confidence' | 'cause'>): string {
  if (cause === null) return describeConfidence(confidence);
  return `that it happened: ${describeConfidence(confidence)}; its cause: ${describeCause(cause)}`;
}

/** `possible, 0.45`, or that the packets name none. */
export const describeCause = ({ held }: FindingCause): string =>
  held === null ? 'the packets name none' : describeConfidence(held.confidence);

/** Why a rule said what it said, with the captures that it lacks and how to take them. */
export const describeRule = ({ reason, lacks }: RuleResult): string =>
  [
    reason,
    ...lacks.map(({ text, where, command }) => `To be captured ${text}. ${where}:\n${command}`),
  ].join('\n');

export interface WantedCapture extends Pick<Lack, 'where' | 'command'> {
  /** When or how it is to be taken, and the rules that could run then. */
  readonly asks: readonly { readonly text: string; readonly rules: readonly string[] }[];
}

/** The captures that rules lack, each once; those that most rules want first. */
export function wantedCaptures(rules: readonly RuleResult[]): readonly WantedCapture[] {
  const wanted = new Map<string, { where: string; command: string; asks: Map<string, string[]> }>();
  for (const { rule, lacks } of rules)
    for (const { text, where, command } of lacks) {
      const known = wanted.get(command) ?? { where, command, asks: new Map<string, string[]>() };
      wanted.set(command, known);
      known.asks.set(text, [...(known.asks.get(text) ?? []), rule]);
    }
  return [...wanted.values()]
    .map(({ where, command, asks }) => ({
      where,
      command,
      asks: [...asks].map(([text, wanting]) => ({ text, rules: wanting })),
    }))
    .sort((a, b) => countRules(b) - countRules(a) || (a.where < b.where ? -1 : 1));
}

const countRules = ({ asks }: WantedCapture): number =>
  asks.reduce((sum, { rules }) => sum + rules.length, 0);

/** `+ Both sides are in the captures.`, `− It is seen once.` */
export const groundLines = ({
  grounds,
}: {
  readonly grounds: readonly Ground[];
}): readonly string[] => grounds.map(groundLine);

export const groundLine = ({ text, speaks }: Ground): string =>
  `${speaks === 'for' ? '+' : '−'} ${text}`;

/** `+ counters.txt, line 6: conntrack insert_failed rises by 2 …` */
export const evidenceLines = ({ evidence }: Finding): readonly string[] =>
  evidence.map(
    ({ file, line, text, speaks }) =>
      `${speaks === 'for' ? '+' : '−'} ${file}, line ${line}: ${text}`,
  );

/** `server: 1.2 s (usually 3 ms)`, in the order of the way, and what it comes to. */
export function timeLines({ times }: Finding): readonly string[] {
  if (times.length === 0) return [];
  const total = times.reduce((sum, { ns }) => sum + ns, 0);
  const usual = times.every(({ usualNs }) => usualNs !== null)
    ? times.reduce((sum, { usualNs }) => sum + (usualNs ?? 0), 0)
    : null;
  return [...times, { part: 'in all', ns: total, usualNs: usual, errorNs: 0 }].map(
    ({ part, ns, usualNs, errorNs }) =>
      `${part}: ${formatDuration(ns)}${boundText(errorNs)}${usualNs === null ? '' : ` (usually ${formatDuration(usualNs)})`}`,
  );
}

/** Name of a stop of a direction's way; lib/model/lane-name.ts has what lanes are called. */
export type NameStop = (stop: string, direction: Direction) => string;

const asItIs: NameStop = (stop) => stop;

const headOf = (finding: Finding, nameOf: NameStop): string =>
  [
    finding.severity,
    describeCertainty(finding),
    ...(finding.between === null
      ? []
      : [
          `between ${finding.between.map((stop) => nameOf(stop, finding.direction ?? 'forward')).join(' and ')}`,
        ]),
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

/** Beside a cause that has a certainty of its own, it is said of what this one is. */
const confidenceTitle = ({ cause }: Finding): string =>
  cause === null ? 'Confidence' : 'Confidence that it happened';

const part = (title: string, lines: readonly string[]): readonly string[] =>
  lines.length === 0 ? [] : ['', title, ...lines];

const PLAIN: Pen = {
  escaped: (text) => text,
  ground: groundLine,
  command: (command) => commandLines(command),
  gap: [],
};

const MARKDOWN: Pen = {
  escaped: (text) => escapeMarkup(text),
  ground: (ground) => markdownGround(ground),
  command: (command) => fencedLines(command),
  gap: [''],
};

const markdownGround = ({ text, speaks }: Ground): string => `- ${speaks}: ${escapeMarkup(text)}`;

export function findingAsText(finding: Finding, nameOf: NameStop = asItIs): string {
  const plain = (text: string): string => text;
  return `${[
    finding.title,
    headOf(finding, nameOf),
    '',
    finding.summary,
    ...part(
      'Story',
      finding.steps.map(({ text, frames }, index) => `${index + 1}. ${text}${cite(frames, plain)}`),
    ),
    ...part('Cause', causePart(finding.cause, PLAIN)),
    ...part('Beside a healthy one', siblingPart(finding.sibling, plain)),
    ...part(
      'Where the time went',
      timeLines(finding).map((line) => `- ${line}`),
    ),
    ...part(confidenceTitle(finding), groundLines(finding)),
    ...part('Evidence beside the packets', evidenceLines(finding)),
    ...part(
      'Confirm',
      finding.confirm.flatMap(({ text, command }) => [`- ${text}`, ...commandLines(command)]),
    ),
    ...part(
      'Fix',
      fixLines(finding.fix, plain, (command) => `       ${command}`),
    ),
    ...part(
      'Also considered',
      finding.alternatives.map(({ rule, why }) => `- ${rule}: ${why}`),
    ),
    ...part(
      'Read on',
      finding.references.map(({ title, url }) => `- ${title}: ${url}`),
    ),
    ...part(
      'In Wireshark',
      citedFrames(finding).map(({ file, frames }) => `- ${file}: ${frameFilter(frames)}`),
    ),
  ].join('\n')}\n`;
}

const commandLines = (command: string): readonly string[] =>
  command.split('\n').flatMap((line) => (line === '' ? [] : [`    ${line}`]));

/** How a form of text writes what stands in a part. */
interface Pen {
  readonly escaped: (text: string) => string;
  readonly ground: (ground: Ground) => string;
  readonly command: (command: string) => readonly string[];
  /** Between a list and what stands above it. */
  readonly gap: readonly string[];
}

export const NO_CAUSE = 'The packets show that it happened, and name no cause.';

/** Stands above the causes that the packets leave open. */
export const openCausesHead = ({ held }: FindingCause): string =>
  `It could ${held === null ? '' : 'also '}be, as the packets leave open:`;

/** What is held to be the cause, on what grounds, and what the packets leave open. */
function causePart(cause: FindingCause | null, pen: Pen): readonly string[] {
  if (cause === null) return [];
  const { held, open } = cause;
  return [
    ...(held === null
      ? [NO_CAUSE]
      : [
          `${capitalised(describeConfidence(held.confidence))}: ${pen.escaped(held.text)}`,
          ...pen.gap,
          ...held.grounds.map(pen.ground),
        ]),
    ...(open.length === 0 ? [] : [...pen.gap, openCausesHead(cause), ...pen.gap]),
    ...open.flatMap(({ text, decides, command }) => [
      `- ${pen.escaped(text)} What decides: ${pen.escaped(decides)}`,
      ...pen.command(command),
    ]),
  ];
}

export const capitalised = (text: string): string => `${text[0].toUpperCase()}${text.slice(1)}`;

/** Who it is, and where they part, in order. */
const siblingPart = (
  sibling: FindingSibling | null,
  mark: (text: string) => string,
): readonly string[] =>
  sibling === null
    ? []
    : [
        sibling.text,
        ...sibling.partings.map(
          ({ text, frames, siblingFrames }) =>
            `- ${text}${frames.length > 0 ? ` Failing:${cite(frames, mark)}` : ''}${siblingFrames.length > 0 ? ` healthy:${cite(siblingFrames, mark)}` : ''}`,
        ),
      ];

export function findingAsMarkdown(finding: Finding, nameOf: NameStop = asItIs): string {
  return `${[
    `## ${escapeMarkup(finding.title)}`,
    '',
    `*${escapeMarkup(headOf(finding, nameOf))}*`,
    '',
    escapeMarkup(finding.summary),
    ...markdownPart(
      'Story',
      finding.steps.map(
        ({ text, frames }, index) => `${index + 1}. ${escapeMarkup(text)}${cite(frames, code)}`,
      ),
    ),
    ...markdownPart('Cause', causePart(finding.cause, MARKDOWN)),
    ...markdownPart(
      'Beside a healthy one',
      siblingPart(
        finding.sibling === null
          ? null
          : {
              ...finding.sibling,
              text: escapeMarkup(finding.sibling.text),
              partings: finding.sibling.partings.map((one) => ({
                ...one,
                text: escapeMarkup(one.text),
              })),
            },
        code,
      ),
    ),
    ...markdownPart(
      'Where the time went',
      timeLines(finding).map((line) => `- ${escapeMarkup(line)}`),
    ),
    ...markdownPart(confidenceTitle(finding), finding.grounds.map(markdownGround)),
    ...markdownPart(
      'Evidence beside the packets',
      finding.evidence.map(
        ({ file, line, text, speaks }) =>
          `- ${speaks}: ${code(file)}, line ${line}: ${escapeMarkup(text)}`,
      ),
    ),
    ...markdownPart('Confirm', finding.confirm.map(markdownCommand)),
    ...markdownPart(
      'Fix',
      fixLines(finding.fix, escapeMarkup, (command) => `\n   \`\`\`sh\n   ${command}\n   \`\`\`\n`),
    ),
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
  return [`- ${escapeMarkup(text)}`, ...fencedLines(command)].join('\n');
}

const fencedLines = (command: string): readonly string[] =>
  command === '' ? [] : ['', '  ```sh', ...command.split('\n').map((line) => `  ${line}`), '  ```'];

/** File names and addresses come from captures: none may turn into markup. `#` and `.` within a line mean nothing. */
const escapeMarkup = (text: string): string => text.replace(/[\\`*_[\]<>|~]/g, '\\$&');

/** As code, with a fence longer than any backticks within. */
function code(text: string): string {
  const longest = Math.max(0, ...(text.match(/`+/g) ?? []).map((run) => run.length));
  const fence = '`'.repeat(longest + 1);
  return longest === 0 ? `${fence}${text}${fence}` : `${fence} ${text} ${fence}`;
}
