// What is drawn of the connections chosen, and the frame that is looked at: asked for anew when the choice changes, dropped when it changed meanwhile.
import type { StoreApi } from 'zustand/vanilla';
import type { Finding } from '../model/finding';
import type { ViewState } from '../model/snapshot';
import { findSighting } from '../scene/markers';
import type { Asker } from './asker';
import type { ComparisonControl } from './comparison-control';
import { coversSpan, leavesWindow } from './journey-subset';
import { type FrameTarget, INITIAL_STATE, type WorkspaceState } from './workspace-state';

/** Journeys drawn at once; the picture says how many it leaves out. */
export const JOURNEY_LIMIT = 20_000;
/** Connections of a finding that are drawn together. */
export const FINDING_CONNECTIONS = 12;
const OVERVIEW_BINS = 240;

export class PictureControl {
  /** Revision of the tables that is shown; -1: none. */
  revision = -1;
  /** Rises with each refresh and each choice: an answer to an older one is dropped. */
  private choice = 0;
  private frameAbort = new AbortController();
  private matchesAbort = new AbortController();

  constructor(
    private readonly store: StoreApi<WorkspaceState>,
    private readonly asker: Asker,
    private readonly comparison: ComparisonControl,
  ) {}

  /** A number for what begins now; `isCurrent` says later whether anything was chosen since. */
  begin(): number {
    this.choice += 1;
    return this.choice;
  }

  isCurrent(choice: number): boolean {
    return choice === this.choice;
  }

  /** `around`: ns after the base; of connections too long to be drawn at once the packets near it are fetched. */
  async load(around = this.store.getState().view.span?.[0] ?? null): Promise<void> {
    if (!this.asker.isReady) return;
    const choice = this.begin();
    const { connections } = this.store.getState().view;
    const { revision } = this;
    const [window, summaries, overview] = await Promise.all([
      this.asker.ask('journeys', { connections, limit: JOURNEY_LIMIT, around }),
      this.asker.ask('summaries', connections),
      this.asker.ask('overview', { bins: OVERVIEW_BINS, connections }),
    ]);
    if (!this.isCurrent(choice) || window === null || summaries === null) return;
    this.store.setState({
      picture: { revision, window, connections: summaries, around },
      overview: overview ?? this.store.getState().overview,
    });
    void this.loadMatches();
    if (!around) void this.comparison.load();
  }

  /** Which of the packets drawn the filter lets through; what it let through before stays until then. */
  async loadMatches(): Promise<void> {
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
    const journeys = await this.asker.ask('matches', question, signal);
    if (signal.aborted || this.store.getState().picture !== picture) return;
    this.store.setState({ matches: { window, search, journeys } });
  }

  /** Of a connection too long to be drawn at once, what is near the span is fetched; the picture stays as it is until it is there. */
  async follow(span: ViewState['span']): Promise<void> {
    const { picture } = this.store.getState();
    if (picture !== null && span !== null && leavesWindow(picture.window, span))
      await this.load(span[0]);
  }

  /** Fetches the packets around a span that the window lacks, so that the heat there opens into them. */
  async open(span: ViewState['span']): Promise<void> {
    const { picture } = this.store.getState();
    if (picture !== null && span !== null && !coversSpan(picture.window, span))
      await this.load(span[0]);
  }

  async loadFrame(): Promise<void> {
    this.frameAbort.abort();
    this.frameAbort = new AbortController();
    const { signal } = this.frameAbort;
    const target = this.store.getState().view.selected;
    if (target === null) {
      this.store.setState({ frame: { state: 'none' } });
      return;
    }
    this.store.setState({ frame: { state: 'asking', target } });
    const detail = await this.asker.ask(
      'frame',
      { file: target.file, frame: target.frame },
      signal,
    );
    if (signal.aborted) return;
    this.store.setState({
      frame: detail === null ? { state: 'absent', target } : { state: 'known', detail },
    });
  }

  /** Draws the frame's connection beside the others where it is not drawn yet. */
  async reveal(target: FrameTarget): Promise<void> {
    const { picture, view } = this.store.getState();
    if (!this.asker.isReady || picture === null || this.comparison.holds(target)) return;
    // Where it would be lost in heat, the packets around it are shown.
    if (view.span !== null && !coversSpan(picture.window, view.span)) this.setSpan(null);
    if (findSighting(picture.window, target.file, target.frame) !== undefined) return;
    const { choice } = this;
    const [connection] = (await this.asker.ask('connectionsOfFrames', [target])) ?? [];
    const { connections } = this.store.getState().view;
    if (!this.isCurrent(choice) || connection === undefined) return;
    if (connections.includes(connection)) {
      if (picture.window.omitted > 0) await this.loadAround(target);
      return;
    }
    this.draw([...connections, connection]);
    await this.load();
  }

  /** A frame among those that are left out: the packets near it take the place of those drawn. */
  private async loadAround({ file, frame }: FrameTarget): Promise<void> {
    const choice = this.begin();
    const detail = await this.asker.ask('frame', { file, frame });
    if (!this.isCurrent(choice) || detail === null) return;
    const { status } = this.store.getState();
    this.setSpan(null);
    await this.load(Number(BigInt(detail.time) - BigInt(status?.baseTime ?? 0)));
  }

  private setSpan(span: ViewState['span']): void {
    this.store.setState(({ view }) => ({ view: { ...view, span } }));
  }

  /** The finding's connections, and with them those of the frames that its story cites first in each step. */
  async loadStory(finding: Finding): Promise<void> {
    if (!this.asker.isReady) return;
    const choice = this.begin();
    const cited = finding.steps.flatMap((step) => step.frames.slice(0, 1));
    const told = await this.asker.ask('connectionsOfFrames', cited);
    if (!this.isCurrent(choice)) return;
    const { connections } = this.store.getState().view;
    const all = [...new Set([...connections, ...(told ?? [])])];
    this.draw(all.slice(0, FINDING_CONNECTIONS));
    await this.load();
  }

  clear(): void {
    this.begin();
    this.revision = -1;
    this.frameAbort.abort();
    this.matchesAbort.abort();
    this.comparison.clear();
    const { picture, matches, overview, frame, hovered } = INITIAL_STATE;
    this.store.setState({ picture, matches, overview, frame, hovered });
  }

  private draw(connections: readonly string[]): void {
    this.store.setState(({ view }) => ({ view: { ...view, connections } }));
  }
}
