// Takes the part of an analysis that someone chose to keep.
import { absoluteNanoseconds } from '../base/time';
import { countCorrections } from '../model/corrections';
import type { Diagnosis } from '../model/finding';
import type { CaseSnapshot } from '../model/snapshot';
import { TOOL } from '../model/tool';
import type { Analysis } from './analysis';
import { findFrameConnections } from './frame-connections';
import type { EngineQuestions } from './protocol';

/** A connection that a story merely cites is kept when it takes no more than this share of the journeys. */
const CITED_SHARE = 1 / 4;

/** Healthy siblings are kept, the chosen finding's first, while all of them together take no more than this share: what fits into a link without them fits with them as well, nearly always. */
const SIBLING_SHARE = 1 / 16;

/** The chosen connections, those that the chosen finding's story cites, the one that each finding tells of, and the healthy ones beside these; journeys of all of them up to the limit. */
export function takeSnapshot(
  analysis: Analysis,
  diagnosis: Diagnosis,
  question: EngineQuestions['snapshot']['question'],
  positionOf: (id: string) => number | undefined,
  sha256Of: (file: string) => string | null,
): CaseSnapshot {
  const ids = [
    ...question.view.connections,
    ...citedConnections(analysis, diagnosis, question, positionOf),
    ...diagnosis.findings.flatMap((finding) => finding.connections.slice(0, 1)),
    ...siblings(analysis, diagnosis, question, positionOf),
  ];
  const { corrections } = analysis.correlation.input;
  const positions = [...new Set(ids)].flatMap((id) => positionOf(id) ?? []);
  return {
    title: question.title,
    tool: TOOL,
    captures: analysis.captures.map(({ id, file, summary }) => {
      const base = BigInt(summary.baseTime);
      return {
        id,
        file,
        sha256: sha256Of(file),
        fingerprint: summary.fingerprint,
        format: summary.format,
        frames: summary.frames,
        firstTime: summary.firstTime === null ? null : absoluteNanoseconds(base, summary.firstTime),
        lastTime: summary.lastTime === null ? null : absoluteNanoseconds(base, summary.lastTime),
        warnings: summary.warnings,
      };
    }),
    points: analysis.points,
    clocks: analysis.clocks,
    connections: positions.map((position) => analysis.connections[position]),
    hops: analysis.hops,
    journeys: analysis.journeysOf(positions, question.journeyLimit),
    findings: diagnosis.findings,
    rules: diagnosis.rules,
    notes: question.notes,
    ...(countCorrections(corrections) > 0 ? { corrections } : {}),
    view: question.view,
  };
}

/** What a reader needs to see failing beside succeeding. */
function siblings(
  analysis: Analysis,
  { findings }: Diagnosis,
  { view, journeyLimit }: EngineQuestions['snapshot']['question'],
  positionOf: (id: string) => number | undefined,
): readonly string[] {
  let left = SIBLING_SHARE * journeyLimit;
  const chosen = findings.filter(({ id }) => id === view.finding);
  return [...new Set([...chosen, ...findings])].flatMap(({ sibling }) => {
    const position = sibling === null ? undefined : positionOf(sibling.connection);
    if (sibling === null || position === undefined) return [];
    const { journeys } = analysis.connections[position];
    if (journeys > left) return [];
    left -= journeys;
    return [sibling.connection];
  });
}

/** Those of the frames that each step cites first: the other one that holds the tuple, the one that got through. */
function citedConnections(
  analysis: Analysis,
  { findings }: Diagnosis,
  { view, journeyLimit }: EngineQuestions['snapshot']['question'],
  positionOf: (id: string) => number | undefined,
): readonly string[] {
  const chosen = findings.find(({ id }) => id === view.finding);
  const frames = chosen?.steps.flatMap((step) => step.frames.slice(0, 1)) ?? [];
  if (frames.length === 0) return [];
  return findFrameConnections(analysis, frames).filter((id) => {
    const position = positionOf(id);
    return (
      position !== undefined &&
      analysis.connections[position].journeys <= CITED_SHARE * journeyLimit
    );
  });
}
