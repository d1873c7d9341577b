// Answers the workspace's questions from a CaseSnapshot: what the reader of a shared link sees, with no captures and no engine.
import type { RpcFailure } from '../../workers/rpc';
import { lowerBound } from '../base/bisect';
import { type Result, success } from '../base/result';
import type { EngineStatus, OverviewWindow, QuestionName } from '../engine/protocol';
import { ConnectionList } from '../model/connection-list';
import { FATE_LOST } from '../model/fate';
import type { ConnectionComparison, FrameReference } from '../model/finding';
import { JOURNEY_RETRANSMISSION } from '../model/journey-window';
import { journeyOfSighting } from '../model/rewrites';
import type { CaseSnapshot } from '../model/snapshot';
import { TCP_RST } from '../model/tcp-flags';
import type { Answer, AnswerSource, Question } from './answer-source';
import { selectJourneys } from './journey-subset';
import { SnapshotMetrics } from './snapshot-metrics';

/** The one revision a snapshot ever has. */
const REVISION = 1;

type Answers = { [K in QuestionName]: (question: Question<K>) => Answer<K> };

/** A snapshot with who answers for it, as WorkspaceController.openSnapshot takes it. */
export interface SharedCase {
  readonly snapshot: CaseSnapshot;
  readonly source: AnswerSource;
  readonly status: EngineStatus;
}

export const openSharedCase = (snapshot: CaseSnapshot): SharedCase => ({
  snapshot,
  source: openSnapshotSource(snapshot),
  status: snapshotStatus(snapshot),
});

export function openSnapshotSource(snapshot: CaseSnapshot): AnswerSource {
  const list = new ConnectionList(
    snapshot.connections,
    snapshot.findings,
    new SnapshotMetrics(snapshot),
  );
  const answers: Answers = {
    status: () => snapshotStatus(snapshot),
    connections: (question) => ({
      ...list.window(question, list.matchWords(question.search)),
      revision: REVISION,
      matchedPackets: null,
      filterError: null,
    }),
    seekConnection: (question) =>
      list.seek(question, list.matchWords(question.search), question.id, question.step),
    summaries: (ids) => ids.flatMap((id) => snapshot.connections.find((c) => c.id === id) ?? []),
    journeys: ({ connections, limit }) => selectJourneys(snapshot.journeys, connections, limit),
    // A display filter needs the frames' columns, which a snapshot has not.
    matches: () => null,
    overview: ({ bins, connections }) => countOverview(snapshot, bins, connections),
    frame: () => null,
    stream: () => null,
    hopSeries: () => null,
    hopPoints: () => null,
    clockResiduals: () => null,
    // Told from payloads, which a snapshot leaves out.
    continuations: () => [],
    explain: () => null,
    connectionsOfFrames: (frames) => findFrameConnections(snapshot, frames),
    diagnosis: () => ({ findings: snapshot.findings, rules: snapshot.rules }),
    compare: ({ connection, beside }) => findToldComparison(snapshot, connection, beside),
    snapshot: ({ title, notes, view }) => ({ ...snapshot, title, notes, view }),
  };
  return {
    ask: <K extends QuestionName>(name: K, question: Question<K>) =>
      Promise.resolve<Result<Answer<K>, RpcFailure>>(success(answers[name](question))),
  };
}

/** What a finding compares already, where the snapshot kept both. */
function findToldComparison(
  { findings, connections }: CaseSnapshot,
  connection: string,
  beside: string | null,
): ConnectionComparison | null {
  const isKept = (id: string): boolean => connections.some((one) => one.id === id);
  for (const finding of findings) {
    const { sibling } = finding;
    if (finding.connections[0] !== connection || sibling === null) continue;
    if (beside !== null && beside !== sibling.connection) continue;
    if (!isKept(connection) || !isKept(sibling.connection)) continue;
    const { text, partings } = sibling;
    return {
      connections: [connection, sibling.connection],
      isHealthy: true,
      text,
      partings,
    };
  }
  return null;
}

/** The status a snapshot stands for: ready, with no captures at hand. */
export const snapshotStatus = (snapshot: CaseSnapshot): EngineStatus => ({
  revision: REVISION,
  phase: 'ready',
  progress: 1,
  analysed: { captures: snapshot.captures.length, of: snapshot.captures.length },
  captures: [],
  points: snapshot.points,
  clocks: snapshot.clocks,
  hops: snapshot.hops,
  baseTime: snapshot.journeys.baseTime,
  connections: snapshot.connections.length,
  journeys: snapshot.journeys.journeyCount,
  problem: null,
});

function findFrameConnections(
  { journeys: window }: CaseSnapshot,
  frames: readonly FrameReference[],
): readonly string[] {
  const { capture, frame } = window.sightings;
  const found = frames.map((wanted) => {
    const file = window.files.indexOf(wanted.file);
    for (let row = 0; row < window.sightingCount; row++)
      if (frame[row] === wanted.frame && capture[row] === file)
        return window.connections[window.journeys.connection[journeyOfSighting(window, row)]];
    return undefined;
  });
  return [...new Set(found.filter((id) => id !== undefined))];
}

/** Bins by the reference time of each journey's first sighting. */
function countOverview(
  { journeys: window }: CaseSnapshot,
  bins: number,
  chosenIds: readonly string[],
): OverviewWindow {
  const times = new Float64Array(window.journeyCount);
  for (let journey = 0; journey < times.length; journey++)
    times[journey] = window.sightings.referenceTime[window.journeys.firstSighting[journey]];
  const sorted = times.slice().sort();
  const from = sorted.length > 0 ? sorted[0] : 0;
  const to = sorted.length > 0 ? Math.max(sorted[sorted.length - 1], from + 1) : 1;
  const edges = Array.from({ length: bins }, (_, bin) => from + ((to - from) * (bin + 1)) / bins);
  const counts = () => new Uint32Array(bins);
  const overview = {
    revision: REVISION,
    from,
    to,
    packets: counts(),
    losses: counts(),
    retransmissions: counts(),
    resets: counts(),
    chosen: counts(),
  };
  const chosen = window.connections.map((id) => chosenIds.includes(id));
  for (let journey = 0; journey < times.length; journey++) {
    const bin = Math.min(bins - 1, lowerBound(edges, times[journey]));
    const { connection, fate, flags, firstSighting } = window.journeys;
    overview.packets[bin]++;
    if (fate[journey] === FATE_LOST) overview.losses[bin]++;
    if (flags[journey] & JOURNEY_RETRANSMISSION) overview.retransmissions[bin]++;
    if (window.sightings.flags[firstSighting[journey]] & TCP_RST) overview.resets[bin]++;
    if (chosen[connection[journey]]) overview.chosen[bin]++;
  }
  return overview;
}
