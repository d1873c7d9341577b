// `hoplane analyze`: reads, correlates, diagnoses, and writes what was asked for.
import { type AnalysedFiles, analyseSources, type ReadingProgress } from '../lib/engine/analyse';
import { takeSnapshot } from '../lib/engine/snapshot';
import type { ConnectionSummary } from '../lib/model/connection';
import { NO_CORRECTIONS } from '../lib/model/corrections';
import type { Severity } from '../lib/model/finding';
import { suggestTitle } from '../lib/model/report-title';
import { TOOL } from '../lib/model/tool';
import { nodeStorage } from '../lib/read/node-storage';
import { sha256Of } from '../lib/read/sha256';
import { buildAnalysisJson, journeyLines } from '../lib/report/analysis-json';
import { type OpenedInputs, openInputs } from './inputs';
import { openTextOutput, refuseCaptureAsOutput, sayOf, writeBytes } from './output';
import { summaryText } from './summary-text';
import { EXIT_FINDINGS, EXIT_OK, EXIT_UNREADABLE, UsageError } from './usage';

export interface AnalyzeOptions {
  readonly files: readonly string[];
  readonly evidence: readonly string[];
  readonly json: string | undefined;
  readonly journeys: string | undefined;
  readonly pdf: string | undefined;
  readonly shareFile: string | undefined;
  readonly failOn: string | undefined;
  readonly quiet: boolean;
}

/** Connections whose journeys a report shows. */
const REPORT_CONNECTIONS = 3;
const REPORT_JOURNEYS = 2000;

/** Returns the exit status. */
export async function analyze(options: AnalyzeOptions): Promise<number> {
  if (options.files.length === 0) throw new UsageError('analyze needs at least one FILE');
  if (options.failOn !== undefined && options.failOn !== 'failure' && options.failOn !== 'warning')
    throw new UsageError(`--fail-on takes failure or warning, not ${options.failOn}`);
  for (const option of ['json', 'journeys', 'pdf'] as const)
    refuseCaptureAsOutput(option, options[option]);
  if (options.shareFile !== undefined)
    throw new UsageError('--share-file: not yet in this version');
  const inputs = await openInputs(options.files, options.evidence);
  try {
    for (const { file, text } of inputs.unreadable) sayOf(file, text);
    const analysed = await analyseSources(
      [...inputs.sources, ...inputs.evidence],
      progressPrinter(options.quiet),
      NO_CORRECTIONS,
      nodeStorage,
    );
    for (const { text } of inputs.warnings) process.stderr.write(`${text}\n`);
    for (const { file, warning } of analysed.failures) sayOf(file, warning.text);
    await writeResults(options, inputs, analysed);
    if (inputs.unreadable.length > 0 || analysed.failures.length > 0) return EXIT_UNREADABLE;
    return options.failOn !== undefined && meets(analysed, options.failOn)
      ? EXIT_FINDINGS
      : EXIT_OK;
  } finally {
    await inputs.close();
  }
}

const meets = ({ diagnosis }: AnalysedFiles, failOn: 'failure' | 'warning'): boolean => {
  const counted: readonly Severity[] = failOn === 'failure' ? ['failure'] : ['failure', 'warning'];
  return diagnosis.findings.some((finding) => counted.includes(finding.severity));
};

/** Ids of the connections with most packets: what a report of a healthy path shows. */
const busiest = (connections: readonly ConnectionSummary[]): readonly string[] =>
  [...connections].sort((a, b) => b.journeys - a.journeys).map((connection) => connection.id);

async function writeResults(
  options: AnalyzeOptions,
  inputs: OpenedInputs,
  { analysis, diagnosis }: AnalysedFiles,
): Promise<void> {
  const hashes = new Map<string, string>();
  if (options.json !== undefined || options.pdf !== undefined)
    for (const source of inputs.sources) hashes.set(source.name, await sha256Of(source));
  if (options.json !== undefined) {
    const fileOf = new Map(analysis.captures.map((capture) => [capture.id, capture.file]));
    const json = buildAnalysisJson(analysis, diagnosis, {
      tool: TOOL,
      sha256: (captureId) => hashes.get(fileOf.get(captureId) ?? '') ?? null,
    });
    const out = openTextOutput(options.json);
    await out.write(`${JSON.stringify(json, null, 1)}\n`);
    await out.end();
  }
  if (options.journeys !== undefined) {
    const out = openTextOutput(options.journeys);
    for (const line of journeyLines(analysis)) await out.write(`${line}\n`);
    await out.end();
  }
  if (options.pdf !== undefined) {
    // A remark on the captures has no connections of its own.
    const told = diagnosis.findings.find(({ connections }) => connections.length > 0);
    const shown = (told?.connections ?? busiest(analysis.connections)).slice(0, REPORT_CONNECTIONS);
    const positions = new Map(analysis.connections.map((c, position) => [c.id, position]));
    const snapshot = takeSnapshot(
      analysis,
      diagnosis,
      {
        title: suggestTitle(
          diagnosis.findings,
          analysis.captures.map(({ file }) => file),
        ),
        notes: [],
        journeyLimit: REPORT_JOURNEYS,
        view: {
          connections: shown,
          finding: told?.id ?? null,
          selected: null,
          span: null,
          lanes: { order: [], hidden: [], names: {} },
        },
      },
      (id) => positions.get(id),
      (file) => hashes.get(file) ?? null,
    );
    // The PDF writer is large: loaded only when a report is asked for.
    const { renderPdf } = await import('../lib/report/pdf');
    await writeBytes(options.pdf, await renderPdf(snapshot));
  }
  if (!options.quiet && options.json === undefined)
    process.stdout.write(summaryText(analysis, diagnosis));
}

/** Progress on standard error, when that is a terminal. */
function progressPrinter(quiet: boolean): (progress: ReadingProgress) => void {
  if (quiet || !process.stderr.isTTY) return () => {};
  return ({ file, bytesRead, bytes, frames }) => {
    const share = bytes === 0 ? 100 : Math.floor((100 * bytesRead) / bytes);
    process.stderr.write(`\r\x1b[K${file} ${share} % ${frames} frames${share >= 100 ? '\n' : ''}`);
  };
}
