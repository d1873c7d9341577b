// What is done by hand: captures taken out, lanes named, ordered and hidden, the analysis corrected, notes written, the case named, words put before its report; each change can be taken back and made again.
import type { StoreApi } from 'zustand/vanilla';
import {
  type Corrections,
  correctMatch,
  type FrameKey,
  type MatchCorrection,
} from '../model/corrections';
import type { Annotation, LaneSettings } from '../model/snapshot';
import { describeChange, without } from './describe-change';
import {
  type HandHistory,
  type HandState,
  recordChange,
  redoChange,
  undoChange,
} from './hand-history';
import type { LaneFollower } from './lane-follow';
import type { FrameTarget, TakenAway, WorkspaceState } from './workspace-state';

/** What a change means for the analysis. */
export interface HandEffects {
  /** It runs again with these. */
  readonly correct: (corrections: Corrections) => void;
  readonly takeOut: (files: readonly File[]) => void;
  readonly putBack: (files: readonly File[]) => void;
  /** A capture that was taken out and cannot come back. */
  readonly isGone: (file: File) => boolean;
}

export class HandControl {
  constructor(
    private readonly store: StoreApi<WorkspaceState>,
    private readonly follower: LaneFollower,
    private readonly effects: HandEffects,
  ) {}

  setLanes(lanes: LaneSettings): void {
    this.change({ ...this.now, ...this.follower.madeFor(lanes) });
  }

  setNotes(notes: readonly Annotation[]): void {
    this.change({ ...this.now, notes });
  }

  setTitle(title: string): void {
    this.change({ ...this.now, title });
  }

  setPreface(preface: string): void {
    this.change({ ...this.now, preface });
  }

  /** The analysis runs again with them; what was read stays. */
  correct(corrections: Corrections): void {
    this.change({ ...this.now, corrections });
  }

  takeOut(file: File): void {
    this.change({ ...this.now, takenOut: [...this.now.takenOut, file] });
    this.offer({ kind: 'capture', file });
  }

  deleteNote(id: string): void {
    const { notes } = this.now;
    const place = notes.findIndex((note) => note.id === id);
    if (place < 0) return;
    this.setNotes(notes.toSpliced(place, 1));
    this.offer({ kind: 'note', note: notes[place], place });
  }

  /** What was taken away last comes back: undone as long as it was the last change, else a change of its own. */
  putBack(): void {
    const { offered, history } = this.store.getState();
    this.forget();
    if (offered === null) return;
    if (offered.history === history) {
      this.undo();
      return;
    }
    const { now } = this;
    const { what } = offered;
    this.change(
      what.kind === 'note'
        ? { ...now, notes: now.notes.toSpliced(what.place, 0, what.note) }
        : { ...now, takenOut: without(now.takenOut, [what.file]) },
    );
  }

  /** What was taken away last is not offered any more; undo still brings it back. */
  forget = (): void => this.store.setState({ offered: null });

  undo(): void {
    if (!this.step('Undone', undoChange)) this.say('Nothing to undo');
  }

  redo(): void {
    if (!this.step('Redone', redoChange)) this.say('Nothing to redo');
  }

  /** Steps that change nothing any more are passed over: a capture that cannot come back. False: there was none. */
  private step(word: 'Undone' | 'Redone', move: typeof undoChange): boolean {
    for (;;) {
      const { now } = this;
      const moved = move(this.store.getState().history, now);
      if (moved === undefined) return false;
      const { state, history } = moved;
      const [before, after] = word === 'Undone' ? [state, now] : [now, state];
      const words = describeChange(before, after, this.effects.isGone);
      this.put(state, history);
      if (words === '') continue;
      this.say(`${word}: ${words}`);
      return true;
    }
  }

  /** Said once, and gone by itself. */
  private say(said: string): void {
    this.store.setState({ said: { text: said } });
  }

  private offer(what: TakenAway): void {
    this.store.setState(({ history }) => ({ offered: { what, history } }));
  }

  /** Keeps a frame in mind that is to be matched with the next one chosen; null: none. */
  startMatching(matching: FrameTarget | null): void {
    this.store.setState({ matching });
  }

  /** Legs of the frame kept in mind and of this one are one connection, or are not. */
  matchWith(target: FrameTarget, kind: MatchCorrection['kind']): void {
    const { matching } = this.store.getState();
    const [first, second] = [matching, target].map((frame) => this.keyOf(frame));
    if (first === undefined || second === undefined) return;
    this.startMatching(null);
    this.correct(correctMatch(this.now.corrections, { kind, first, second }));
  }

  /** Tells the engine what holds now: a new one does not know. */
  send(): void {
    this.effects.correct(this.now.corrections);
  }

  private get now(): HandState {
    const { view, takenOut, notes, title, preface } = this.store.getState();
    const { corrections } = view;
    return { ...this.follower.madeFor(view.lanes), takenOut, corrections, notes, title, preface };
  }

  private change(next: HandState): void {
    this.put(next, recordChange(this.store.getState().history, this.now, next));
  }

  private put(next: HandState, history: HandHistory): void {
    const before = this.now;
    const { takenOut, notes, title, preface, corrections } = next;
    const offered = this.stillOffered(next);
    this.store.setState(({ view }) => {
      const lanes = next.lanes === before.lanes ? view.lanes : this.follower.show(next);
      return {
        history,
        takenOut,
        offered,
        notes,
        title,
        preface,
        view: { ...view, lanes, corrections },
      };
    });
    if (corrections !== before.corrections) this.send();
    this.effects.takeOut(without(takenOut, before.takenOut));
    this.effects.putBack(without(before.takenOut, takenOut));
  }

  private stillOffered({ takenOut, notes }: HandState): WorkspaceState['offered'] {
    const { offered } = this.store.getState();
    if (offered === null) return null;
    const { what } = offered;
    const isBack =
      what.kind === 'note'
        ? notes.some(({ id }) => id === what.note.id)
        : !takenOut.includes(what.file);
    return isBack ? null : offered;
  }

  private keyOf(frame: FrameTarget | null): FrameKey | undefined {
    const row = this.store.getState().status?.captures.find(({ file }) => file === frame?.file);
    return frame === null || row?.status.state !== 'ready'
      ? undefined
      : { capture: row.status.summary.fingerprint, frame: frame.frame };
  }
}
