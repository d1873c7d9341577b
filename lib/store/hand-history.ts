// Undo and redo of what is done by hand: captures taken out, names, order and hiding of lanes, corrections, notes, the case's name, the words before its report.
import type { Corrections } from '../model/corrections';
import type { Annotation } from '../model/snapshot';
import type { MadeLanes } from './lane-follow';

export interface HandState extends MadeLanes {
  /** Captures that were taken out, in that order. */
  readonly takenOut: readonly File[];
  readonly corrections: Corrections;
  readonly notes: readonly Annotation[];
  readonly title: string;
  readonly preface: string;
}

export interface HandHistory {
  readonly past: readonly HandState[];
  readonly future: readonly HandState[];
  /** What the last change was to, for changes that go on letter by letter; null: nothing goes on. */
  readonly subject: string | null;
}

export const NO_HISTORY: HandHistory = { past: [], future: [], subject: null };

/** Changes kept. */
const MOST_CHANGES = 200;

/** Notes that `before` was left for `after`; letters of one name are one change. */
export function recordChange(
  history: HandHistory,
  before: HandState,
  after: HandState,
): HandHistory {
  const subject = subjectOf(before, after);
  const goesOn = subject !== null && subject === history.subject && history.past.length > 0;
  return {
    past: goesOn ? history.past : [...history.past, before].slice(-MOST_CHANGES),
    future: [],
    subject,
  };
}

/** The state before the last change; undefined: nothing was changed. */
export function undoChange(
  { past, future }: HandHistory,
  now: HandState,
): { readonly state: HandState; readonly history: HandHistory } | undefined {
  const state = past[past.length - 1];
  return (
    state && {
      state,
      history: { past: past.slice(0, -1), future: [now, ...future], subject: null },
    }
  );
}

/** The state that was last undone; undefined: nothing was. */
export function redoChange(
  { past, future }: HandHistory,
  now: HandState,
): { readonly state: HandState; readonly history: HandHistory } | undefined {
  const [state, ...rest] = future;
  return state && { state, history: { past: [...past, now], future: rest, subject: null } };
}

/** What is being written, the name of the case or of one lane or the preface, where nothing else changed; else null. */
function subjectOf(before: HandState, after: HandState): string | null {
  if (before.corrections !== after.corrections || before.notes !== after.notes) return null;
  if (before.takenOut !== after.takenOut) return null;
  const texts = (['title', 'preface'] as const).filter((text) => before[text] !== after[text]);
  if (texts.length > 0) return texts.length === 1 && before.lanes === after.lanes ? texts[0] : null;
  if (before.lanes.order !== after.lanes.order || before.lanes.hidden !== after.lanes.hidden)
    return null;
  const ids = new Set([...Object.keys(before.lanes.names), ...Object.keys(after.lanes.names)]);
  const changed = [...ids].filter((id) => before.lanes.names[id] !== after.lanes.names[id]);
  return changed.length === 1 ? `lane ${changed[0]}` : null;
}
