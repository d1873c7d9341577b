// What the engine answers to each question of protocol.ts, from the tables of a finished analysis.
import { compareConnections } from '../diagnose/compare';
import { isPlainSearch } from '../filter/filter';
import type { ConnectionList } from '../model/connection-list';
import type { FinishedAnalysis } from './analysis';
import { findClockResiduals } from './clock-residuals';
import { explainSoon } from './explain';
import type { FilterCache } from './filter-cache';
import { findFrameConnections } from './frame-connections';
import type { FrameReader } from './frame-reader';
import { computeHopSeries, type JourneyChoice, readHopPoints } from './hop-series';
import type { CaptureIntake } from './intake';
import { computeOverview } from './overview';
import type {
  CaptureState,
  EngineQuestions,
  EngineStatus,
  PacketChoice,
  QuestionName,
} from './protocol';
import { takeSnapshot } from './snapshot';
import type { StreamReader } from './stream';

export interface Results extends FinishedAnalysis {
  readonly list: ConnectionList;
  readonly filter: FilterCache;
  readonly stream: StreamReader;
}

/** What of a held capture the answers need. */
export interface AnswerCapture {
  readonly status: CaptureState;
  readonly intake: CaptureIntake;
  readonly frames: FrameReader | undefined;
  readonly sha256: string | null;
}

export interface AnswerContext {
  readonly results: Results;
  readonly revision: number;
  readonly status: () => EngineStatus;
  readonly held: (file: string) => AnswerCapture | undefined;
}

type Answers = {
  readonly [Q in QuestionName]: (
    context: AnswerContext,
    question: EngineQuestions[Q]['question'],
    signal: AbortSignal,
  ) => EngineQuestions[Q]['answer'] | Promise<EngineQuestions[Q]['answer']>;
};

const positionsOf = ({ results }: AnswerContext, ids: readonly string[]): number[] =>
  ids.flatMap((id) => results.list.positionOf(id) ?? []);

async function chooseJourneys(
  context: AnswerContext,
  { connections, search }: PacketChoice,
  signal: AbortSignal,
): Promise<JourneyChoice> {
  const { analysis, filter } = context.results;
  const found = isPlainSearch(search) ? null : await filter.matches(search, signal);
  const chosen = new Uint8Array(analysis.correlation.connections.count);
  for (const position of positionsOf(context, connections ?? []))
    chosen[analysis.correlation.order[position]] = 1;
  return {
    matched: found?.ok ? found.value.journeys : null,
    connections: connections === null ? null : chosen,
  };
}

/** One function a question. */
export const ANSWERS: Answers = {
  status: (context) => context.status(),
  connections: async ({ results, revision }, question, signal) => {
    const { members, ...found } = await findMembers(results, question.search, signal);
    return { ...results.list.window(question, members), ...found, revision };
  },
  seekConnection: async ({ results }, question, signal) => {
    const { members } = await findMembers(results, question.search, signal);
    return results.list.seek(question, members, question.id, question.step);
  },
  summaries: (context, ids) =>
    positionsOf(context, ids).map((position) => context.results.analysis.connections[position]),
  journeys: (context, { connections, limit, around }) =>
    context.results.analysis.journeysOf(positionsOf(context, connections), limit, around),
  matches: async (context, { connections, limit, around, search }, signal) => {
    const { analysis, filter } = context.results;
    if (isPlainSearch(search)) return null;
    const found = await filter.matches(search, signal);
    if (!found.ok) return null;
    const rows = analysis.journeyRowsOf(positionsOf(context, connections), limit, around);
    return Uint8Array.from(rows, (row) => found.value.journeys[row]);
  },
  overview: (context, { bins, connections }) =>
    computeOverview(
      context.results.analysis,
      bins,
      positionsOf(context, connections),
      context.revision,
    ),
  frame: (context, { file, frame }) => {
    const held = context.held(file);
    if (held?.status.state !== 'ready' || held.frames === undefined) return null;
    const { table, links } = held.intake;
    return held.frames.read({ table, links, summary: held.status.summary }, frame);
  },
  hopSeries: async (context, question, signal) =>
    computeHopSeries(
      context.results.analysis,
      question.bins,
      await chooseJourneys(context, question, signal),
      question.span ?? null,
      context.revision,
      signal,
    ),
  hopPoints: async (context, question, signal) =>
    readHopPoints(
      context.results.analysis,
      question,
      await chooseJourneys(context, question, signal),
      question.limit,
      signal,
    ),
  stream: async ({ results }, question, signal) => {
    const position = results.list.positionOf(question.connection);
    if (position === undefined) return null;
    return results.stream.read(results.analysis.correlation.order[position], question, signal);
  },
  clockResiduals: ({ results }, { host }) => findClockResiduals(results.analysis.correlation, host),
  continuations: ({ results }, { connection }) => {
    const position = results.list.positionOf(connection);
    return position === undefined ? [] : results.analysis.continuations.of(position);
  },
  connectionsOfFrames: (context, frames) => findFrameConnections(context.results.analysis, frames),
  explain: ({ results }, { first, second }) => explainSoon(results.analysis, first, second),
  diagnosis: (context) => context.results.diagnosis,
  compare: ({ results: { analysis, diagnosis } }, { connection, beside }) =>
    compareConnections(analysis, diagnosis, connection, beside),
  snapshot: (context, question) =>
    takeSnapshot(
      context.results.analysis,
      context.results.diagnosis,
      question,
      (id) => context.results.list.positionOf(id),
      (file) => context.held(file)?.sha256 ?? null,
    ),
};

/** What a search leaves, by position: words are looked for in the list's texts, a filter asks the packets. */
async function findMembers({ list, filter }: Results, search: string, signal: AbortSignal) {
  if (isPlainSearch(search))
    return { members: list.matchWords(search), matchedPackets: null, filterError: null };
  const found = await filter.matches(search, signal);
  return found.ok
    ? {
        members: found.value.connections,
        matchedPackets: found.value.journeyCount,
        filterError: null,
      }
    : { members: null, matchedPackets: null, filterError: found.error };
}
