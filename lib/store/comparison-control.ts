// Two connections side by side: which two, and what is drawn of them. The view keeps the pair; what it shows is asked for anew with each revision.
import type { StoreApi } from 'zustand/vanilla';
import { joinWindows, shiftBetween } from '../model/join-windows';
import { findSighting } from '../scene/markers';
import type { Asker } from './asker';
import { selectFinding } from './selectors';
import type { FrameTarget, WorkspaceState } from './workspace-state';

/** Journeys drawn of each of the two. */
const JOURNEY_LIMIT = 10_000;

export class ComparisonControl {
  private choice = 0;
  private matchesAbort = new AbortController();

  constructor(
    private readonly store: StoreApi<WorkspaceState>,
    private readonly asker: Asker,
  ) {}

  toggle(): void {
    if (this.store.getState().view.compare === null) void this.begin();
    else this.leave();
  }

  /** Lays what is chosen side by side: the finding's connection and its healthy sibling, two that were chosen, or one and the sibling that is found for it. */
  async begin(): Promise<void> {
    const state = this.store.getState();
    const { connections } = state.view;
    const finding = selectFinding(state);
    const first = finding?.connections[0] ?? connections[0];
    if (first === undefined) return;
    const sibling = finding?.sibling?.connection ?? null;
    await this.show(first, finding === null && connections.length === 2 ? connections[1] : sibling);
  }

  /** `beside` null: its healthy sibling, if there is one; else it is said that there is none. */
  async show(connection: string, beside: string | null): Promise<void> {
    if (!this.asker.isReady) return;
    const choice = ++this.choice;
    const found = await this.asker.ask('compare', { connection, beside });
    if (choice !== this.choice) return;
    if (found === null) {
      this.store.setState({ intakeNote: whyNone(this.store.getState(), connection) });
      return;
    }
    this.store.setState(({ view }) => ({ view: { ...view, compare: found.connections } }));
    await this.load();
  }

  leave(): void {
    this.choice += 1;
    this.store.setState(({ view }) => ({ comparison: null, view: { ...view, compare: null } }));
  }

  /** What the view names; a pair that is no longer there is left. */
  async load(): Promise<void> {
    const choice = ++this.choice;
    const pair = this.store.getState().view.compare;
    if (pair === null) {
      this.store.setState({ comparison: null });
      return;
    }
    const [left, right] = pair;
    const [found, summaries, own, other] = await Promise.all([
      this.asker.ask('compare', { connection: left, beside: right }),
      this.asker.ask('summaries', pair),
      this.asker.ask('journeys', { connections: [left], limit: JOURNEY_LIMIT }),
      this.asker.ask('journeys', { connections: [right], limit: JOURNEY_LIMIT }),
    ]);
    if (choice !== this.choice) return;
    if (found === null || summaries?.length !== 2 || own === null || other === null) {
      this.leave();
      return;
    }
    const [first, second] = summaries;
    this.store.setState({
      comparison: {
        ...found,
        window: joinWindows(own, other, shiftBetween(own, other)),
        summaries: [first, second],
        matches: null,
      },
    });
    await this.loadMatches();
  }

  /** Which packets of the two the filter lets through; what it let through before stays until then. */
  async loadMatches(): Promise<void> {
    this.matchesAbort.abort();
    this.matchesAbort = new AbortController();
    const { signal } = this.matchesAbort;
    const { comparison, view } = this.store.getState();
    const { search } = view;
    if (comparison === null || comparison.matches?.search === search) return;
    const sides = await Promise.all(
      comparison.connections.map((id) =>
        this.asker.ask('matches', { connections: [id], limit: JOURNEY_LIMIT, search }, signal),
      ),
    );
    if (signal.aborted || this.store.getState().comparison !== comparison) return;
    const [left, right] = sides;
    const journeys = left === null || right === null ? null : joinBytes(left, right);
    this.store.setState({ comparison: { ...comparison, matches: { search, journeys } } });
  }

  /** Whether the frame is one of those drawn side by side. */
  holds(target: FrameTarget): boolean {
    const { comparison } = this.store.getState();
    if (comparison === null) return false;
    return findSighting(comparison.window, target.file, target.frame) !== undefined;
  }

  clear(): void {
    this.choice += 1;
    this.store.setState({ comparison: null });
  }
}

/** A link has what was chosen of the case: what is not in it may well be in the captures. */
function whyNone({ session, diagnosis }: WorkspaceState, connection: string): string {
  if (session.kind !== 'snapshot')
    return 'No healthy connection of the same endpoint to compare with. Choose two in the table (Ctrl+Enter adds the second) to lay them side by side.';
  const isTold = diagnosis?.findings.some(
    ({ connections, sibling }) => sibling !== null && connections[0] === connection,
  );
  return isTold
    ? 'The healthy connection that the story compares with is not in this link: only the captures can show both side by side.'
    : 'This link holds no comparison of what is chosen: only the captures can tell whether there is a healthy connection beside it.';
}

function joinBytes(left: Uint8Array, right: Uint8Array): Uint8Array {
  const joined = new Uint8Array(left.length + right.length);
  joined.set(left);
  joined.set(right, left.length);
  return joined;
}
