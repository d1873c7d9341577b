// What the page can do: takes files, asks the engine (or the snapshot) and keeps the state true to its answers. No React, no DOM.
// Answers of an older revision or of a choice since changed are dropped.
import type { StoreApi } from 'zustand/vanilla';
import type { CaptureKey, EngineStatus, QuestionName } from '../engine/protocol';
import type { Point } from '../model/capture';
import type { GroupBy } from '../model/connection-groups';
import type { ConnectionSort } from '../model/connection-order';
import { NO_CORRECTIONS } from '../model/corrections';
import type { Finding } from '../model/finding';
import type { JourneyWindow } from '../model/journey-window';
import type { Annotation, CaseSnapshot, LaneSettings, ViewState } from '../model/snapshot';
import type { Arrangement, TimeMode } from '../scene/layout';
import type { Answer, AnswerSource, Question } from './answer-source';
import { ConnectionList, PAGE_ROWS } from './connection-list';
import type { EngineEvents, EngineGateway, KeptFiles, KeptSource } from './engine-gateway';
import { HandControl } from './hand-control';
import { leavesWindow } from './journey-subset';
import type { KeptCapture, KeptCase } from './kept-case';
import { followPoints } from './lane-follow';
import { ReadingRates } from './reading-rate';
import { isSameFrame, selectFinding } from './selectors';
import { openSnapshotSource, snapshotStatus } from './snapshot-source';
import { INITIAL_VIEW, type LeftOut, type WorkspaceView } from './view-fragment';
import {
  type ConnectionListWindow,
  type FrameTarget,
  INITIAL_STATE,
  type WorkspaceState,
} from './workspace-state';

/** Journeys drawn at once; the picture says how many it leaves out. */
export const JOURNEY_LIMIT = 20_000;
/** Connections of a finding that are drawn together. */
const FINDING_CONNECTIONS = 12;
const OVERVIEW_BINS = 240;

/** `caseId`: where what is read is kept; null: it is not. */
type OpenGateway = (events: EngineEvents, caseId: string | null) => EngineGateway;

export class WorkspaceController {
  private gateway: EngineGateway | null = null;
  private source: AnswerSource | null = null;
  private readonly rates = new ReadingRates();
  private readonly list: ConnectionList;
  /** Lanes and corrections, with undo and redo. */
  readonly hand: HandControl;
  /** Rises with each refresh and each choice: an answer to an older one is dropped. */
  private choice = 0;
  private shownRevision = -1;
  private shownPoints: readonly Point[] = [];
  private frameAbort = new AbortController();
  private matchesAbort = new AbortController();

  constructor(
    readonly store: StoreApi<WorkspaceState>,
    private readonly openGateway: OpenGateway,
  ) {
    this.hand = new HandControl(store, (corrections) => {
      if (this.gateway !== null) void this.track(this.gateway.setCorrections(corrections));
    });
    this.list = new ConnectionList(store, (from, signal) => {
      return this.ask('connections', { ...this.listed, from, count: PAGE_ROWS }, signal);
    });
  }

  private get view(): WorkspaceView {
    return this.store.getState().view;
  }

  /** Which list of connections is shown. */
  private get listed() {
    const { search, sort, descending, group, folded } = this.view;
    return { search, sort, descending, group, folded };
  }

  // ---- captures

  /** Starts a case of one's own when a shared one was being read. Of files in folders those are taken that hold captures. */
  addFiles(files: readonly File[], inFolders: readonly File[] = []): void {
    if (this.store.getState().session.kind !== 'live') this.reset({ session: { kind: 'live' } });
    this.store.setState({ intakeNote: null });
    if (files.length + inFolders.length === 0) return;
    void this.track(this.openOwn().addFiles(files, inFolders));
  }

  /** A case that was kept, its captures as far as they are at hand; the view comes back when they are read. */
  openKept(
    kept: KeptCase,
    view: WorkspaceView,
    sources: readonly (KeptSource & { readonly kept: KeptCapture })[],
  ): void {
    this.closeGateway();
    this.reset({ caseId: kept.id, title: kept.title, notes: kept.notes, view });
    const begun = this.openOwn().addKept(sources);
    // Captures are numbered in the order in which they are begun.
    this.store.setState({
      kept: Object.fromEntries(sources.map((source, index) => [index + 1, source.kept])),
    });
    void this.track(begun);
  }

  /** The files of captures of which only tables were at hand. */
  attachFiles(files: readonly File[]): void {
    if (this.gateway !== null && files.length > 0) void this.track(this.gateway.addFiles(files));
  }

  private openOwn(): EngineGateway {
    const caseId = this.store.getState().caseId ?? crypto.randomUUID();
    this.store.setState({ caseId });
    this.gateway ??= this.openGateway(
      {
        onStatus: (status) => this.takeStatus(status),
        onRemark: (intakeNote) => this.store.setState({ intakeNote }),
        onBroken: (trouble) => this.store.setState({ trouble }),
        onKept: (files) => this.keep(files),
        onAttached: (key) => this.noteAttached(key),
      },
      caseId,
    );
    this.source = this.gateway;
    this.hand.send();
    return this.gateway;
  }

  private keep({ key, file, ...files }: KeptFiles): void {
    const { size, lastModified } = file;
    const capture = {
      ...files,
      fileBytes: size,
      lastModified,
      file,
      isAtHand: true,
      hasHandle: false,
    };
    this.store.setState(({ kept }) => ({ kept: { ...kept, [key]: capture } }));
  }

  private noteAttached(key: CaptureKey): void {
    this.store.setState(({ kept }) => {
      const capture = kept[key];
      return capture === undefined
        ? {}
        : { kept: { ...kept, [key]: { ...capture, isAtHand: true } } };
    });
    void this.loadFrame();
  }

  cancelCapture(key: CaptureKey): void {
    if (this.gateway !== null) void this.track(this.gateway.cancel(key));
  }

  /** Stops all reading; what was read stays. Those that wait go first, so that none of them is begun. */
  cancelReading(): void {
    for (const { key, status } of (this.store.getState().status?.captures ?? []).toReversed())
      if (status.state === 'reading') this.cancelCapture(key);
  }

  removeCapture(key: CaptureKey): void {
    if (this.gateway !== null) void this.track(this.gateway.remove(key));
  }

  /** Says something once, in its own line under the bar. */
  remark(intakeNote: string): void {
    this.store.setState({ intakeNote });
  }

  dismissIntakeNote(): void {
    this.store.setState({ intakeNote: null });
  }

  /** Counts `work` as pending, so that the page is not idle before it is done. */
  async track<T>(work: Promise<T>): Promise<T> {
    this.store.setState(({ pending }) => ({ pending: pending + 1 }));
    try {
      return await work;
    } finally {
      this.store.setState(({ pending }) => ({ pending: pending - 1 }));
    }
  }

  // ---- shared snapshots

  openSnapshot(snapshot: CaseSnapshot): void {
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
    this.source = openSnapshotSource(snapshot);
    this.takeStatus(snapshotStatus(snapshot));
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
    });
    const [first] = finding.steps.flatMap((step) => step.frames);
    this.setSelected(first ?? null);
    void this.loadStory(finding);
  }

  chooseConnections(ids: readonly string[]): void {
    this.setView({ connections: ids, finding: null, span: null });
    this.setSelected(null);
    void this.loadPicture();
  }

  /** Shows the frame; a packet that is not drawn yet is drawn beside the others. */
  selectFrame(target: FrameTarget | null): void {
    if (isSameFrame(target, this.view.selected) && this.store.getState().frame.state !== 'none')
      return;
    this.setSelected(target);
    if (target !== null) void this.revealFrame(target);
  }

  hoverFrame(target: FrameTarget | null): void {
    if (!isSameFrame(target, this.store.getState().hovered))
      this.store.setState({ hovered: target });
  }

  // ---- how it is looked at

  /** Of a connection too long to be drawn at once, what is near the span is fetched; the picture stays as it is until it is there. */
  setSpan(span: ViewState['span']): void {
    this.setView({ span });
    const { picture } = this.store.getState();
    if (picture !== null && span !== null && leavesWindow(picture.window, span))
      void this.loadPicture(span[0]);
  }

  setLanes(lanes: LaneSettings): void {
    this.hand.setLanes(lanes);
  }

  setTimeMode(timeMode: TimeMode): void {
    this.setView({ timeMode });
  }

  setArrangement(arrangement: Arrangement): void {
    this.setView({ arrangement });
  }

  setLeftOut(leftOut: LeftOut): void {
    this.setView({ leftOut });
  }

  /** `p3 p3/2 forward`, empty for the list of all hops, null for neither. */
  showHop(hop: string | null): void {
    this.setView({ hop });
  }

  toggleHops(): void {
    this.showHop(this.view.hop === null ? '' : null);
  }

  search(search: string): void {
    this.setView({ search });
    if (!this.isReady) return;
    void this.list.refresh();
    void this.loadMatches();
  }

  sortBy(sort: ConnectionSort, descending: boolean): void {
    this.setView({ sort, descending });
    if (this.isReady) void this.list.refresh();
  }

  groupBy(group: GroupBy): void {
    this.setView({ group, folded: [] });
    if (this.isReady) void this.list.refresh();
  }

  foldGroups(folded: readonly string[]): void {
    this.setView({ folded });
    if (this.isReady) void this.list.refresh();
  }

  /** Connections that hold all the words, for a palette; the list itself stays as it is. */
  async findConnections(words: string, count: number): Promise<ConnectionListWindow | null> {
    if (!this.isReady) return null;
    const { sort, descending } = INITIAL_VIEW;
    return this.ask('connections', {
      search: words,
      sort,
      descending,
      group: 'none',
      folded: [],
      from: 0,
      count,
    });
  }

  /** Chooses the next connection in trouble in the order of the list, or the one before. */
  async stepTroubled(step: -1 | 1): Promise<void> {
    if (!this.isReady) return;
    const [id] = this.view.connections;
    const found = await this.ask('seekConnection', { ...this.listed, id: id ?? null, step });
    if (found !== null) this.chooseConnections([found.id]);
  }

  /** Row of a connection in the list as it is shown; null where the list leaves it out. */
  async rowOf(id: string): Promise<number | null> {
    if (!this.isReady) return null;
    const found = await this.ask('seekConnection', { ...this.listed, id, step: 0 });
    return found?.row ?? null;
  }

  /** The finding after the chosen one, or before it. */
  stepFinding(step: -1 | 1): void {
    const findings = this.store.getState().diagnosis?.findings ?? [];
    const at = findings.findIndex(({ id }) => id === this.view.finding);
    const next = at < 0 ? (step > 0 ? 0 : findings.length - 1) : at + step;
    const finding = findings[(next + findings.length) % findings.length];
    if (finding !== undefined) this.chooseFinding(finding.id);
  }

  /** The step of the story after the one whose frame is chosen, or before it. */
  stepStory(step: -1 | 1): void {
    const steps = selectFinding(this.store.getState())?.steps ?? [];
    const { selected } = this.view;
    const begins = (index: number): boolean =>
      isSameFrame(steps[index].frames[0] ?? null, selected);
    let at = steps.findIndex((_, index) => begins(index));
    if (at < 0)
      at = steps.findIndex(({ frames }) => frames.some((frame) => isSameFrame(frame, selected)));
    if (at < 0) at = step > 0 ? -1 : steps.length;
    // Steps that begin with the same frame are one stop, those that cite none are none.
    do at += step;
    while (at >= 0 && at < steps.length && (begins(at) || steps[at].frames.length === 0));
    const next = steps[at]?.frames[0];
    if (next !== undefined) this.selectFrame(next);
  }

  ensureRows(from: number, to: number): void {
    if (this.isReady) this.list.ensureRows(from, to);
  }

  /** A view from the address: of before the captures were there, or one that was walked back to. */
  restoreView(view: WorkspaceView): void {
    this.store.setState({ view });
    this.hand.send();
    if (!this.isReady) return;
    void this.list.refresh();
    void this.loadMatches();
    void this.loadFrame();
    void this.loadPicture();
  }

  // ---- notes

  setTitle(title: string): void {
    this.store.setState({ title });
  }

  addNote(target: Annotation['target'], text: string): void {
    const note: Annotation = { id: crypto.randomUUID(), target, text };
    this.store.setState(({ notes }) => ({ notes: [...notes, note] }));
  }

  editNote(id: string, text: string): void {
    this.store.setState(({ notes }) => ({
      notes: notes.map((note) => (note.id === id ? { ...note, text } : note)),
    }));
  }

  deleteNote(id: string): void {
    this.store.setState(({ notes }) => ({ notes: notes.filter((note) => note.id !== id) }));
  }

  /** What is shown now, as it may leave the page; null when the analysis cannot say. */
  extractSnapshot(journeyLimit: number): Promise<CaseSnapshot | null> {
    const { title, notes, view } = this.store.getState();
    const { connections, finding, selected, span, lanes } = view;
    return this.ask('snapshot', {
      title,
      notes,
      view: { connections, finding, selected, span, lanes },
      journeyLimit,
    });
  }

  // ---- inside

  private setView(change: Partial<WorkspaceView>): void {
    this.store.setState(({ view }) => ({ view: { ...view, ...change } }));
  }

  /** null: withdrawn, or no answer (then `trouble` says why). */
  async ask<K extends QuestionName>(
    name: K,
    question: Question<K>,
    signal?: AbortSignal,
  ): Promise<Answer<K> | null> {
    const { source } = this;
    if (source === null) return null;
    try {
      const result = await this.track(source.ask(name, question, signal));
      if (source !== this.source) return null;
      if (result.ok) return result.value;
      this.store.setState({ trouble: result.error.message });
    } catch (error) {
      if (!(error instanceof DOMException && error.name === 'AbortError')) throw error;
    }
    return null;
  }

  private takeStatus(status: EngineStatus): void {
    this.store.setState({ status, rates: this.rates.update(status, performance.now()) });
    if (status.phase === 'empty') {
      this.clearAnalysis();
    } else if (status.analysed !== null && status.revision !== this.shownRevision) {
      this.shownRevision = status.revision;
      this.keepLanes(status.points);
      void this.refresh();
    }
  }

  /** Points are numbered anew when captures come or places are split: what was set for a lane stays with the point of its name. */
  private keepLanes(points: readonly Point[]): void {
    const before = this.shownPoints;
    this.shownPoints = points;
    if (before.length > 0) this.setView({ lanes: followPoints(this.view.lanes, before, points) });
  }

  /** After the tables changed: everything shown is asked for again. */
  private async refresh(): Promise<void> {
    const choice = ++this.choice;
    const [diagnosis] = await Promise.all([this.ask('diagnosis', null), this.list.refresh()]);
    if (choice !== this.choice || diagnosis === null) return;
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
    // A remark on the captures has no packets to draw.
    const told = diagnosis?.findings.find(({ connections }) => connections.length > 0);
    if (known.length > 0) {
      this.setView({ connections: known.map(({ id }) => id), finding: finding?.id ?? null });
      void this.loadFrame();
      await this.loadPicture();
    } else if (told !== undefined) {
      this.chooseFinding(told.id);
    } else if (list.total > 0 && list.pages[0] !== undefined) {
      this.chooseConnections([list.pages[0].ids[0]]);
    }
  }

  private setSelected(target: FrameTarget | null): void {
    this.setView({ selected: target });
    void this.loadFrame();
  }

  private async revealFrame(target: FrameTarget): Promise<void> {
    const { picture } = this.store.getState();
    if (!this.isReady || picture === null || holdsFrame(picture.window, target)) return;
    const choice = this.choice;
    const [connection] = (await this.ask('connectionsOfFrames', [target])) ?? [];
    const { connections } = this.view;
    if (choice !== this.choice || connection === undefined || connections.includes(connection))
      return;
    this.setView({ connections: [...connections, connection] });
    await this.loadPicture();
  }

  /** The finding's connections, and with them those of the frames that its story cites first in each step. */
  private async loadStory(finding: Finding): Promise<void> {
    if (!this.isReady) return;
    const choice = ++this.choice;
    const cited = finding.steps.flatMap((step) => step.frames.slice(0, 1));
    const told = await this.ask('connectionsOfFrames', cited);
    if (choice !== this.choice) return;
    const connections = [...new Set([...this.view.connections, ...(told ?? [])])];
    this.setView({ connections: connections.slice(0, FINDING_CONNECTIONS) });
    await this.loadPicture();
  }

  /** While the first captures are read there are no tables to ask: what is chosen then is loaded when they are there. */
  private get isReady(): boolean {
    return (this.store.getState().status?.analysed ?? null) !== null;
  }

  private async loadPicture(around: number | null = this.view.span?.[0] ?? null): Promise<void> {
    if (!this.isReady) return;
    const choice = ++this.choice;
    const { connections } = this.view;
    const revision = this.shownRevision;
    const [window, summaries, overview] = await Promise.all([
      this.ask('journeys', { connections, limit: JOURNEY_LIMIT, around }),
      this.ask('summaries', connections),
      this.ask('overview', { bins: OVERVIEW_BINS, connections }),
    ]);
    if (choice !== this.choice || window === null || summaries === null) return;
    this.store.setState({
      picture: { revision, window, connections: summaries, around },
      overview: overview ?? this.store.getState().overview,
    });
    void this.loadMatches();
  }

  /** Which of the packets drawn the filter lets through; what it let through before stays until then. */
  private async loadMatches(): Promise<void> {
    this.matchesAbort.abort();
    this.matchesAbort = new AbortController();
    const { picture, matches, view } = this.store.getState();
    if (picture === null) return;
    const { window } = picture;
    const { search } = view;
    if (matches?.window === window && matches.search === search) return;
    const { connections } = window;
    const { signal } = this.matchesAbort;
    const question = { connections, limit: JOURNEY_LIMIT, around: picture.around, search };
    const journeys = await this.ask('matches', question, signal);
    if (signal.aborted || this.store.getState().picture !== picture) return;
    this.store.setState({ matches: { window, search, journeys } });
  }

  private async loadFrame(): Promise<void> {
    this.frameAbort.abort();
    this.frameAbort = new AbortController();
    const { signal } = this.frameAbort;
    const target = this.view.selected;
    if (target === null) {
      this.store.setState({ frame: { state: 'none' } });
      return;
    }
    this.store.setState({ frame: { state: 'asking', target } });
    const detail = await this.ask('frame', { file: target.file, frame: target.frame }, signal);
    if (signal.aborted) return;
    this.store.setState({
      frame: detail === null ? { state: 'absent', target } : { state: 'known', detail },
    });
  }

  private closeGateway(): void {
    this.gateway?.close();
    this.gateway = null;
    this.source = null;
  }

  private clearAnalysis(): void {
    this.choice++;
    this.shownRevision = -1;
    this.list.clear();
    this.matchesAbort.abort();
    const { diagnosis, picture, matches, overview, frame, hovered } = INITIAL_STATE;
    this.store.setState({ diagnosis, picture, matches, overview, frame, hovered });
  }

  private reset(state: Partial<WorkspaceState>): void {
    this.frameAbort.abort();
    this.clearAnalysis();
    this.shownPoints = [];
    const { pending } = this.store.getState();
    this.store.setState({ ...INITIAL_STATE, pending, ...state });
  }
}

/** Whether a sighting of the window is this frame. */
function holdsFrame(
  { files, sightings, sightingCount }: JourneyWindow,
  target: FrameTarget,
): boolean {
  const capture = files.indexOf(target.file);
  for (let row = 0; row < sightingCount; row++)
    if (sightings.frame[row] === target.frame && sightings.capture[row] === capture) return true;
  return false;
}
