// What the page can do: takes files, asks the engine (or the snapshot) and keeps the state true to its answers. No React, no DOM.
// Answers of an older revision or of a choice since changed are dropped.
import type { StoreApi } from 'zustand/vanilla';
import type { CaptureKey, EngineStatus, QuestionName } from '../engine/protocol';
import { NO_CORRECTIONS } from '../model/corrections';
import type { CaseSnapshot, LaneSettings, ViewState } from '../model/snapshot';
import type { Arrangement, TimeMode } from '../scene/layout';
import type { Answer, Question } from './answer-source';
import { Asker } from './asker';
import { breakStatus } from './broken-status';
import { ComparisonControl } from './comparison-control';
import type { EngineEvents, EngineGateway, KeptSource } from './engine-gateway';
import { HandControl, type HandEffects } from './hand-control';
import { IntakeRemarks } from './intake-remarks';
import { withAttached, withKept } from './kept-captures';
import type { KeptAnalysis, KeptCapture, KeptCase } from './kept-case';
import { LaneFollower } from './lane-follow';
import { NotesControl } from './notes-control';
import { FINDING_CONNECTIONS, PictureControl } from './picture-control';
import { ReadingRateMeter } from './reading-rate';
import { RemovalControl } from './removal-control';
import { findStoryStep, isSameFrame, selectConcerning, selectFinding } from './selectors';
import type { SharedCase } from './snapshot-source';
import { TableControl } from './table-control';
import { INITIAL_VIEW, type LeftOut, type WorkspaceView } from './view-fragment';
import { type FrameTarget, INITIAL_STATE, type WorkspaceState } from './workspace-state';

/** `caseId`: where what is read is kept; null: it is not. */
type OpenGateway = (events: EngineEvents, caseId: string | null) => EngineGateway;

export class WorkspaceController {
  private gateway: EngineGateway | null = null;
  private readonly asker: Asker;
  private readonly picture: PictureControl;
  private readonly rates = new ReadingRateMeter();
  private readonly remarks = new IntakeRemarks();
  /** The table of connections. */
  readonly table: TableControl;
  readonly notes: NotesControl;
  /** Captures taken out, lanes, corrections, notes and the title, with undo and redo. */
  readonly hand: HandControl;
  private readonly removal: RemovalControl;
  readonly comparison: ComparisonControl;
  private readonly follower = new LaneFollower();

  /** `mayKeep`: whether a case that is begun now is to be kept. */
  constructor(
    readonly store: StoreApi<WorkspaceState>,
    private readonly openGateway: OpenGateway,
    private readonly mayKeep: () => boolean = () => true,
  ) {
    this.asker = new Asker(store);
    this.table = new TableControl(store, this.asker);
    this.comparison = new ComparisonControl(store, this.asker);
    this.picture = new PictureControl(store, this.asker, this.comparison);
    this.removal = new RemovalControl(store, this.asker, () => this.gateway);
    const { takeOut, putBack, isGone } = this.removal;
    const correct: HandEffects['correct'] = (corrections) => {
      if (this.gateway !== null) void this.track(this.gateway.setCorrections(corrections));
    };
    this.hand = new HandControl(store, this.follower, { correct, takeOut, putBack, isGone });
    this.notes = new NotesControl(store, this.hand);
  }

  /** null: withdrawn, or no answer (then `trouble` says why). */
  ask<K extends QuestionName>(
    name: K,
    question: Question<K>,
    signal?: AbortSignal,
  ): Promise<Answer<K> | null> {
    return this.asker.ask(name, question, signal);
  }

  /** Counts `work` as pending, so that the page is not idle before it is done. */
  track<T>(work: Promise<T>): Promise<T> {
    return this.asker.track(work);
  }

  private get view(): WorkspaceView {
    return this.store.getState().view;
  }

  // ---- captures

  /** Starts a case of one's own when a shared one was being read. Of files in folders those are taken that hold captures. */
  addFiles(files: readonly File[], inFolders: readonly File[] = []): void {
    if (this.store.getState().session.kind !== 'live') this.reset({ session: { kind: 'live' } });
    this.dismissIntakeNote();
    if (files.length + inFolders.length === 0) return;
    void this.track(this.openOwn().addFiles(files, inFolders));
  }

  /** A case that was kept, its captures as far as they are at hand; the view comes back when they are read. */
  openKept(
    kept: KeptCase,
    view: WorkspaceView,
    sources: readonly (KeptSource & { readonly kept: KeptCapture })[],
    analysis: File | null,
  ): void {
    this.closeGateway();
    const { id: caseId, title, preface, notes } = kept;
    this.reset({ caseId, title, preface, notes, view });
    const begun = this.openOwn().addKept(sources, analysis);
    // Captures are numbered in the order in which they are begun.
    this.store.setState({
      kept: Object.fromEntries(sources.map((source, index) => [index + 1, source.kept])),
    });
    void this.track(begun);
  }

  /** The files of captures of which only tables were at hand. */
  attachFiles(files: readonly File[]): void {
    if (this.gateway && files.length > 0) void this.track(this.gateway.addFiles(files));
  }

  private openOwn(): EngineGateway {
    const caseId = this.store.getState().caseId ?? (this.mayKeep() ? crypto.randomUUID() : null);
    this.store.setState({ caseId });
    this.gateway ??= this.openGateway(
      {
        onStatus: (status) => this.takeStatus(status),
        onRemark: (remark) => this.remark(this.remarks.add(remark)),
        onBroken: (trouble) =>
          this.store.setState(({ status }) => ({ trouble, status: status && breakStatus(status) })),
        onKept: (files) => this.store.setState(({ kept }) => ({ kept: withKept(kept, files) })),
        onAttached: (key) => {
          this.store.setState(({ kept }) => ({ kept: withAttached(kept, key) }));
          void this.picture.loadFrame();
        },
      },
      caseId,
    );
    this.asker.source = this.gateway;
    this.hand.send();
    return this.gateway;
  }

  /** As EngineGateway says. */
  keepAnalysis = async (): Promise<KeptAnalysis | 'kept' | null> =>
    (await this.gateway?.keepAnalysis()) ?? null;

  cancelCapture(key: CaptureKey): void {
    if (this.gateway !== null) void this.track(this.gateway.cancel(key));
  }

  removeCapture(key: CaptureKey): void {
    const file = this.removal.fileOf(key);
    if (file === null) this.removal.drop(key);
    else this.hand.takeOut(file);
  }

  /** Stops all reading; what was read stays. Those that wait go first, so that none of them is begun. */
  cancelReading(): void {
    for (const { key, status } of (this.store.getState().status?.captures ?? []).toReversed())
      if (status.state === 'reading') this.cancelCapture(key);
  }

  /** Says something once, in its own line under the bar. */
  remark(intakeNote: string): void {
    this.store.setState({ intakeNote });
  }

  /** Says what was just done, shortly; it goes by itself. */
  say(text: string): void {
    this.store.setState({ said: { text } });
  }

  forgetSaid(said: WorkspaceState['said']): void {
    if (this.store.getState().said === said) this.store.setState({ said: null });
  }

  dismissIntakeNote = (): void => {
    this.remarks.clear();
    this.store.setState({ intakeNote: null });
  };

  openSnapshot({ snapshot, source, status }: SharedCase): void {
    this.closeGateway();
    this.reset({
      session: { kind: 'snapshot', snapshot },
      title: snapshot.title,
      notes: snapshot.notes,
      view: {
        ...INITIAL_VIEW,
        ...snapshot.view,
        corrections: snapshot.corrections ?? NO_CORRECTIONS,
      },
    });
    this.asker.source = source;
    this.takeStatus(status);
  }

  showUnreadableLink(reason: string): void {
    this.closeGateway();
    this.reset({ session: { kind: 'unreadable-link', reason } });
  }

  /** Back to the empty page. */
  closeCase(): void {
    this.closeGateway();
    this.reset({});
  }

  // ---- what is chosen

  chooseFinding(id: string): void {
    const finding = this.store.getState().diagnosis?.findings.find((one) => one.id === id);
    if (finding === undefined) return;
    if (finding.connections.length === 0) {
      // A remark on the captures: the picture stays as it is.
      this.setView({ finding: id });
      return;
    }
    this.setView({
      finding: id,
      connections: finding.connections.slice(0, FINDING_CONNECTIONS),
      span: null,
      compare: null,
    });
    const [first] = finding.steps.flatMap((step) => step.frames);
    this.setSelected(first ?? null);
    void this.picture.loadStory(finding);
  }

  chooseConnections(ids: readonly string[]): void {
    this.setView({ connections: ids, finding: null, span: null, compare: null });
    this.setSelected(null);
    void this.picture.load();
  }

  /** Shows the frame; a packet that is not drawn yet is drawn beside the others. */
  selectFrame(target: FrameTarget | null): void {
    const { frame, view } = this.store.getState();
    if (isSameFrame(target, view.selected) && frame.state !== 'none') return;
    this.setSelected(target);
    if (target !== null) void this.picture.reveal(target);
  }

  hoverFrame(target: FrameTarget | null): void {
    if (!isSameFrame(target, this.store.getState().hovered))
      this.store.setState({ hovered: target });
  }

  // ---- how it is looked at

  /** `isOpened`: small enough for its packets to be drawn in place of heat. */
  setSpan(span: ViewState['span'], isOpened = false): void {
    this.setView({ span });
    void (isOpened ? this.picture.open(span) : this.picture.follow(span));
  }

  setLanes(lanes: LaneSettings): void {
    this.hand.setLanes(lanes);
  }

  setTimeMode = (timeMode: TimeMode): void => this.setView({ timeMode });

  setArrangement = (arrangement: Arrangement): void => this.setView({ arrangement });

  setLeftOut = (leftOut: LeftOut): void => this.setView({ leftOut });

  /** `p3 p3/2 forward`, empty for the list of all hops, null for neither. */
  showHop(hop: string | null): void {
    this.setView({ hop });
  }

  toggleHops(): void {
    this.showHop(this.view.hop === null ? '' : null);
  }

  search(search: string): void {
    this.setView({ search });
    if (!this.asker.isReady) return;
    void this.table.refresh();
    void this.picture.loadMatches();
    void this.comparison.loadMatches();
  }

  /** Chooses the next connection in trouble in the order of the list, or the one before. */
  async stepTroubled(step: -1 | 1): Promise<void> {
    const id = await this.table.nextTroubled(step);
    if (id !== null) this.chooseConnections([id]);
  }

  /** The finding after the chosen one, or before it. */
  stepFinding(step: -1 | 1): void {
    const findings = this.store.getState().diagnosis?.findings ?? [];
    const at = findings.findIndex(({ id }) => id === this.view.finding);
    const next = at < 0 ? (step > 0 ? 0 : findings.length - 1) : at + step;
    const finding = findings[(next + findings.length) % findings.length];
    if (finding !== undefined) this.chooseFinding(finding.id);
  }

  /** The step of the story after the one whose frame is chosen, or before it. Of a connection that was chosen by itself, the story that speaks of it is opened. */
  stepStory(step: -1 | 1): void {
    const state = this.store.getState();
    const next = findStoryStep(state, step);
    this.setView({ finding: selectConcerning(state)?.id ?? null });
    if (next !== undefined) this.selectFrame(next);
  }

  /** A view from the address: of before the captures were there, or one that was walked back to. */
  restoreView(view: WorkspaceView): void {
    this.store.setState({ view });
    this.hand.send();
    if (!this.asker.isReady) return;
    void this.table.refresh();
    void this.picture.loadMatches();
    void this.comparison.loadMatches();
    void this.picture.loadFrame();
    void this.picture.load();
  }

  /** Of a case that is begun; who writes it by hand can take it back: hand.setTitle. */
  setTitle(title: string): void {
    this.store.setState({ title });
  }

  /** What is shown now, as it may leave the page; null when the analysis cannot say. */
  extractSnapshot(journeyLimit: number): Promise<CaseSnapshot | null> {
    const { title, notes, view } = this.store.getState();
    const { connections, finding, selected, span, lanes } = view;
    const kept = { connections, finding, selected, span, lanes };
    return this.ask('snapshot', { title, notes, view: kept, journeyLimit });
  }

  private setView(change: Partial<WorkspaceView>): void {
    this.store.setState(({ view }) => ({ view: { ...view, ...change } }));
  }

  private takeStatus(status: EngineStatus): void {
    this.store.setState({ status, rates: this.rates.update(status, performance.now()) });
    if (status.phase === 'empty') {
      this.clearAnalysis();
    } else if (status.analysed !== null && status.revision !== this.picture.revision) {
      this.picture.revision = status.revision;
      // Points are numbered anew when captures come or places are split: what was set for a lane stays with the point of its name.
      this.setView({ lanes: this.follower.move(status.points, this.view.lanes) });
      void this.refresh();
    }
  }

  /** After the tables changed: everything shown is asked for again. */
  private async refresh(): Promise<void> {
    const choice = this.picture.begin();
    const [diagnosis] = await Promise.all([this.ask('diagnosis', null), this.table.refresh()]);
    if (!this.picture.isCurrent(choice) || diagnosis === null) return;
    this.store.setState({ diagnosis });
    await this.keepOrChoose();
  }

  /** Keeps what is chosen as far as it still exists; else the first finding, else the first connection. */
  private async keepOrChoose(): Promise<void> {
    const { view, diagnosis, list } = this.store.getState();
    const finding = selectFinding(this.store.getState());
    const hasPackets = finding !== null && finding.connections.length > 0;
    if (hasPackets && view.connections.length === 0) {
      this.chooseFinding(finding.id);
      return;
    }
    const known = view.connections.length > 0 ? await this.ask('summaries', view.connections) : [];
    if (known === null) return;
    // A remark on the captures has no packets.
    const told = diagnosis?.findings.find(({ connections }) => connections.length > 0);
    if (known.length > 0) {
      this.setView({ connections: known.map(({ id }) => id), finding: finding?.id ?? null });
      void this.picture.loadFrame();
      await this.picture.load();
    } else if (told !== undefined) {
      this.chooseFinding(told.id);
    } else if (list.total > 0 && list.pages[0] !== undefined) {
      this.chooseConnections([list.pages[0].ids[0]]);
    }
  }

  private setSelected(target: FrameTarget | null): void {
    this.setView({ selected: target });
    void this.picture.loadFrame();
  }

  private closeGateway(): void {
    this.gateway?.close();
    this.gateway = null;
    this.asker.source = null;
  }

  private clearAnalysis(): void {
    this.table.clear();
    this.picture.clear();
    this.store.setState({ diagnosis: INITIAL_STATE.diagnosis });
  }

  private reset(state: Partial<WorkspaceState>): void {
    this.clearAnalysis();
    this.follower.clear();
    const { pending } = this.store.getState();
    this.store.setState({ ...INITIAL_STATE, pending, ...state });
  }
}
