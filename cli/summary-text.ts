// The summary that a person reads in the terminal when no --json was asked for.

import { counted } from '../lib/base/counted';
import { runToEnd } from '../lib/correlate/correlate';
import type { AnalysisView } from '../lib/model/analysis-view';
import { closeWords } from '../lib/model/closing';
import type { Direction, HopSummary } from '../lib/model/connection';
import type { Diagnosis, Finding, FindingCause, FrameReference } from '../lib/model/finding';
import {
  describeCause,
  describeCertainty,
  evidenceLines,
  groundLines,
  timeLines,
  wantedCaptures,
} from '../lib/model/finding-text';
import {
  describeBytes,
  describeCounts,
  describeLatency,
  describeOrder,
} from '../lib/model/hop-text';
import { describeRewrite, mapTranslations } from '../lib/model/hop-translations';
import { describeSharing } from '../lib/model/host-text';
import { countPassages, laneName, laneStop } from '../lib/model/lane-name';

/** Rewrites of a hop that are named before the rest is counted. */
const REWRITES_NAMED = 8;

/** Frames of a step that are named before the rest is counted. */
const FRAMES_NAMED = 8;

export function summaryText(view: AnalysisView, diagnosis: Diagnosis): string {
  const lines: string[] = [];
  lines.push('Captures');
  for (const { file, summary } of view.captures)
    lines.push(
      `  ${file}: ${counted(summary.frames, 'frame')}, ${summary.format}${summary.warnings.map((warning) => `\n    ${warning.text}`).join('')}`,
    );
  const known = view.points.filter(({ role }) => role !== undefined);
  if (known.length > 0) {
    lines.push('', 'Points, as their traffic tells');
    for (const { name, role } of known) lines.push(`  ${name}: ${role?.text}`);
  }
  const shared = view.clocks.filter((clock) => clock.shared !== undefined);
  if (shared.length > 0) lines.push('', 'Hosts, as their clocks tell');
  for (const { host, shared: sharing } of shared) {
    const own = view.points.filter((point) => point.host === host).map(({ name }) => name);
    lines.push(`  ${own.join(', ')}: ${sharing ? describeSharing(sharing) : ''}`);
  }
  if (view.fitness.length > 0) {
    lines.push('', 'What these captures cannot show');
    for (const { severity, text } of view.fitness) lines.push(`  ${severity}: ${text}`);
  }
  const total = (pick: (connection: AnalysisView['connections'][number]) => number): number =>
    view.connections.reduce((sum, connection) => sum + pick(connection), 0);
  lines.push(
    '',
    `${counted(view.connections.length, 'connection')}, ${counted(
      total((c) => c.journeys),
      'packet',
    )}: ${total((c) => c.delivered)} delivered, ${total((c) => c.lost)} lost, ${total((c) => c.missed)} missed by a capture, ${total((c) => c.unknown)} unknown`,
  );
  const ends = endingLine(view);
  if (ends !== '') lines.push(ends);
  const pointNames = new Map(view.points.map((point) => [point.id, point.name]));
  const counts = countPassages(view.connections);
  const nameOf = (stop: string, direction: Direction): string =>
    laneName(laneStop(stop, direction, counts), (id) => pointNames.get(id) ?? id);
  if (view.hops.length > 0) {
    lines.push('', 'Hops');
    for (const hop of view.hops)
      lines.push(`  ${hopLine(hop, (stop) => nameOf(stop, hop.direction))}`);
  }
  const translations = runToEnd(mapTranslations(view));
  if (translations.length > 0) lines.push('', 'Translations, hop by hop');
  for (const { from, to, direction, rewrites } of translations) {
    const more = rewrites.length - REWRITES_NAMED;
    lines.push(
      `  ${direction} ${nameOf(from, direction)} → ${nameOf(to, direction)}`,
      ...rewrites.slice(0, REWRITES_NAMED).map((rewrite) => `    ${describeRewrite(rewrite)}`),
      ...(more > 0 ? [`    and ${more} more`] : []),
    );
  }
  lines.push('', findingsHeading(diagnosis.findings));
  for (const finding of diagnosis.findings) lines.push('', ...findingLines(finding));
  const healthy = diagnosis.rules.filter((rule) => rule.result === 'healthy');
  const idle = diagnosis.rules.filter((rule) => rule.result === 'notApplicable');
  if (healthy.length > 0)
    lines.push('', `Looked for and not found: ${healthy.map((rule) => rule.rule).join(', ')}`);
  for (const rule of idle) lines.push(`Could not be looked for: ${rule.rule} (${rule.reason})`);
  const wanted = wantedCaptures(idle);
  if (wanted.length > 0) lines.push('', 'Captures that would tell more');
  for (const { where, command, asks } of wanted)
    lines.push(
      `  ${where}`,
      ...asks.map(({ text, rules }) => `    ${text}: ${rules.join(', ')}`),
      ...command.split('\n').map((line) => `      ${line}`),
    );
  return `${lines.join('\n')}\n`;
}

/** `TCP: 12 fin by client; 3 reset by server; 2 open`: how connections ended, or did not; most first. */
function endingLine({ connections }: AnalysisView): string {
  const counts = new Map<string, number>();
  for (const connection of connections) {
    const words = closeWords(connection);
    if (words !== '') counts.set(words, (counts.get(words) ?? 0) + 1);
  }
  const parts = [...counts]
    .sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1))
    .map(([words, number]) => `${number} ${words}`);
  return parts.length === 0 ? '' : `TCP: ${parts.join('; ')}`;
}

const findingsHeading = (findings: readonly Finding[]): string =>
  findings.length === 0 ? 'No findings' : counted(findings.length, 'finding');

function hopLine(hop: HopSummary, nameOf: (stop: string) => string): string {
  return [
    `${hop.direction} ${nameOf(hop.from)} → ${nameOf(hop.to)}: ${describeCounts(hop)}`,
    ...[
      describeLatency(hop.latencyNs),
      describeBytes(hop),
      hop.order && `order ${describeOrder(hop.order)}`,
    ]
      .filter((text) => text !== undefined)
      .map((text) => `  ${text}`),
  ].join('\n  ');
}

function findingLines(finding: Finding): string[] {
  const lines = [
    `${finding.severity.toUpperCase()} ${finding.rule}: ${finding.title} (${describeCertainty(finding)})`,
    `  ${finding.summary}`,
  ];
  finding.steps.forEach((step, index) => {
    lines.push(`  ${index + 1}. ${step.text}`);
    if (step.frames.length > 0) lines.push(`     ${frameText(step.frames)}`);
  });
  lines.push(...causeLines(finding.cause));
  if (finding.sibling !== null) {
    lines.push(`  Beside a healthy one: ${finding.sibling.text}`);
    for (const { text, frames, siblingFrames } of finding.sibling.partings)
      lines.push(
        `   - ${text}`,
        `     failing ${frameText(frames)}${siblingFrames.length > 0 ? `, healthy ${frameText(siblingFrames)}` : ''}`,
      );
  }
  for (const line of timeLines(finding)) lines.push(`  Time: ${line}`);
  for (const line of groundLines(finding))
    lines.push(`  ${finding.cause === null ? 'Confidence' : 'That it happened'}: ${line}`);
  for (const line of evidenceLines(finding)) lines.push(`  Evidence: ${line}`);
  for (const alternative of finding.alternatives)
    lines.push(`  Not ${alternative.rule}: ${alternative.why}`);
  for (const { text, command } of finding.confirm) lines.push(`  Confirm: ${text}: ${command}`);
  if (finding.fix !== null) lines.push(`  Fix: ${finding.fix}`);
  return lines;
}

function causeLines(cause: FindingCause | null): string[] {
  if (cause === null) return [];
  const { held, open } = cause;
  return [
    held === null
      ? '  Cause: the packets show that it happened, and name no cause.'
      : `  Cause (${describeCause(cause)}): ${held.text}`,
    ...(held === null ? [] : groundLines(held).map((line) => `   ${line}`)),
    ...open.flatMap(({ text, decides, command }) => [
      `  ${held === null ? 'Could be' : 'Could also be'}: ${text}`,
      `     decided by: ${decides}${command === '' ? '' : ` ${command}`}`,
    ]),
  ];
}

function frameText(frames: readonly FrameReference[]): string {
  const named = frames.slice(0, FRAMES_NAMED).map(({ file, frame }) => `${file}#${frame}`);
  const rest = frames.length - named.length;
  return `[${named.join(', ')}${rest > 0 ? `, and ${rest} more` : ''}]`;
}
