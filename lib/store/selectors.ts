// Questions to the state, asked by components. Those that compute keep their last answer, so that a component is not drawn again for nothing.
import type { CaptureRow } from '../engine/protocol';
import type { Finding, FindingStep } from '../model/finding';
import { suggestTitle } from '../model/report-title';
import type { Annotation } from '../model/snapshot';
import type { ReadingRate } from './reading-rate';
import { sumReading } from './reading-sums';
import type { FrameTarget, WorkspaceState } from './workspace-state';

export type Stage = 'empty' | 'reading' | 'workspace' | 'unreadable-link';

/** What the page as a whole shows. Files that are added later do not take the workspace away. */
export function selectStage(state: WorkspaceState): Stage {
  if (state.session.kind === 'unreadable-link') return 'unreadable-link';
  if (state.picture !== null || state.diagnosis !== null) return 'workspace';
  return state.status === null || state.status.captures.length === 0 ? 'empty' : 'reading';
}

const NO_CAPTURES: readonly CaptureRow[] = [];
export const selectCaptures = (state: WorkspaceState): readonly CaptureRow[] =>
  state.status?.captures ?? NO_CAPTURES;

/** 0 … 1: of the bytes of all captures that are or will be read, then of the joining of their packets. */
export function selectProgress({ status }: WorkspaceState): number {
  if (status === null) return 0;
  if (status.phase !== 'reading') return status.progress;
  const { bytesRead, bytes } = sumReading(status);
  return bytes === 0 ? 0 : bytesRead / bytes;
}

/** Seconds until as many bytes are read; null: not known yet. */
export const secondsLeft = (bytes: number, rate: ReadingRate | null | undefined): number | null =>
  rate === undefined || rate === null || rate.bytesPerSecond <= 0
    ? null
    : bytes / rate.bytesPerSecond;

/** Captures that cannot be used as they are: failed, or read with warnings. */
export const isTroubled = ({ status }: CaptureRow): boolean =>
  status.state === 'failed' || (status.state === 'ready' && status.summary.warnings.length > 0);

export const selectFinding = (state: WorkspaceState): Finding | null =>
  state.diagnosis?.findings.find(({ id }) => id === state.view.finding) ?? null;

/** The finding that is told, or could be: the chosen one, else the gravest that speaks of a connection chosen. A note is no trouble of a connection. */
export function selectConcerning(state: WorkspaceState): Finding | null {
  const { connections } = state.view;
  return (
    selectFinding(state) ??
    state.diagnosis?.findings.find(
      (finding) =>
        finding.severity !== 'note' && finding.connections.some((id) => connections.includes(id)),
    ) ??
    null
  );
}

/** What a case is called that nobody named: after what was found in it, else after its captures. */
export const suggestCaseTitle = (state: WorkspaceState): string =>
  suggestTitle(
    state.diagnosis?.findings ?? [],
    selectCaptures(state)
      .filter(({ status }) => status.state === 'ready')
      .map(({ file }) => file),
  );

export const selectIsBusy = (state: WorkspaceState): boolean =>
  state.pending > 0 ||
  (state.trouble === null &&
    (state.status?.phase === 'reading' || state.status?.phase === 'correlating'));

/** What the page waits for, for whoever waits for it: empty when it is idle. */
export function describeWaiting(state: WorkspaceState): string {
  const { status, pending } = state;
  const captures = status?.captures ?? [];
  const reading = captures.filter((capture) => capture.status.state === 'reading').length;
  return [
    ...(reading > 0 ? [`reading ${reading} of ${captures.length} captures`] : []),
    ...(status?.phase === 'correlating' ? [`analysis ${Math.round(status.progress * 100)} %`] : []),
    ...(pending > 0 ? [`${pending} questions`] : []),
  ].join(', ');
}

export const isSameFrame = (a: FrameTarget | null, b: FrameTarget | null): boolean =>
  a === b || (a !== null && b !== null && a.frame === b.frame && a.file === b.file);

export const findFrameNotes = (
  notes: readonly Annotation[],
  target: FrameTarget,
): readonly Annotation[] =>
  notes.filter((note) => note.target.kind === 'frame' && isSameFrame(note.target, target));

const drawnByMatches = new WeakMap<Uint8Array, number>();

/** Packets of the picture, and how many of them the display filter lets through; null: no display filter. */
export function selectDrawn({ picture, matches }: Pick<WorkspaceState, 'picture' | 'matches'>): {
  readonly journeyCount: number;
  readonly matched: number | null;
} {
  const journeyCount = picture?.window.journeyCount ?? 0;
  const journeys = matches?.window === picture?.window ? (matches?.journeys ?? null) : null;
  if (journeys === null) return { journeyCount, matched: null };
  let matched = drawnByMatches.get(journeys);
  if (matched === undefined) {
    matched = journeys.reduce((sum, match) => sum + match, 0);
    drawnByMatches.set(journeys, matched);
  }
  return { journeyCount, matched };
}

/** The step of a story that is at this frame: the one that begins with it, else the first that cites it; -1: none. */
export function findStepAt(steps: readonly FindingStep[], target: FrameTarget | null): number {
  const begins = steps.findIndex(({ frames }) => isSameFrame(frames[0] ?? null, target));
  return begins >= 0
    ? begins
    : steps.findIndex(({ frames }) => frames.some((frame) => isSameFrame(frame, target)));
}

/** The frame that the next step of the story begins with, or the step before; undefined at the end. */
export function findStoryStep(state: WorkspaceState, step: -1 | 1): FrameTarget | undefined {
  const steps = selectConcerning(state)?.steps ?? [];
  const { selected } = state.view;
  const begins = (index: number): boolean => isSameFrame(steps[index].frames[0] ?? null, selected);
  let at = findStepAt(steps, selected);
  if (at < 0) at = step > 0 ? -1 : steps.length;
  // Steps that begin with the same frame are one stop, those that cite none are none.
  do at += step;
  while (at >= 0 && at < steps.length && (begins(at) || steps[at].frames.length === 0));
  return steps[at]?.frames[0];
}
