// What is done by hand: lanes named, ordered and hidden, the analysis corrected, notes written, the case named, words put before its report; each change can be taken back and made again.
import type { StoreApi } from 'zustand/vanilla';
import {
  type Corrections,
  correctMatch,
  type FrameKey,
  type MatchCorrection,
} from '../model/corrections';
import type { Annotation, LaneSettings } from '../model/snapshot';
import {
  type HandHistory,
  type HandState,
  recordChange,
  redoChange,
  undoChange,
} from './hand-history';
import type { FrameTarget, WorkspaceState } from './workspace-state';

export class HandControl {
  /** `tell` gives corrections to the engine, which runs the analysis again. */
  constructor(
    private readonly store: StoreApi<WorkspaceState>,
    private readonly tell: (corrections: Corrections) => void,
  ) {}

  setLanes(lanes: LaneSettings): void {
    this.change({ ...this.now, lanes });
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

  undo(): void {
    const undone = undoChange(this.store.getState().history, this.now);
    if (undone !== undefined) this.put(undone.state, undone.history);
  }

  redo(): void {
    const redone = redoChange(this.store.getState().history, this.now);
    if (redone !== undefined) this.put(redone.state, redone.history);
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
    this.tell(this.now.corrections);
  }

  private get now(): HandState {
    const { view, notes, title, preface } = this.store.getState();
    const { lanes, corrections } = view;
    return { lanes, corrections, notes, title, preface };
  }

  private change(next: HandState): void {
    this.put(next, recordChange(this.store.getState().history, this.now, next));
  }

  private put(next: HandState, history: HandHistory): void {
    const isCorrected = next.corrections !== this.now.corrections;
    const { notes, title, preface, lanes, corrections } = next;
    this.store.setState(({ view }) => ({
      history,
      notes,
      title,
      preface,
      view: { ...view, lanes, corrections },
    }));
    if (isCorrected) this.send();
  }

  private keyOf(frame: FrameTarget | null): FrameKey | undefined {
    const row = this.store.getState().status?.captures.find(({ file }) => file === frame?.file);
    return frame === null || row?.status.state !== 'ready'
      ? undefined
      : { capture: row.status.summary.fingerprint, frame: frame.frame };
  }
}
