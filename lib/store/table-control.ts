// The table of connections: which of them, in what order, in which groups; and finding one of them.
import type { StoreApi } from 'zustand/vanilla';
import type { GroupBy } from '../model/connection-groups';
import type { ConnectionSort } from '../model/connection-order';
import type { Asker } from './asker';
import { ConnectionList, PAGE_ROWS } from './connection-list';
import { INITIAL_VIEW, type WorkspaceView } from './view-fragment';
import type { ConnectionListWindow, WorkspaceState } from './workspace-state';

export class TableControl {
  private readonly list: ConnectionList;

  constructor(
    private readonly store: StoreApi<WorkspaceState>,
    private readonly asker: Asker,
  ) {
    this.list = new ConnectionList(store, (from, signal) =>
      asker.ask('connections', { ...this.listed, from, count: PAGE_ROWS }, signal),
    );
  }

  sortBy(sort: ConnectionSort, descending: boolean): void {
    this.show({ sort, descending });
  }

  groupBy(group: GroupBy): void {
    this.show({ group, folded: [] });
  }

  foldGroups(folded: readonly string[]): void {
    this.show({ folded });
  }

  ensureRows(from: number, to: number): void {
    if (this.asker.isReady) this.list.ensureRows(from, to);
  }

  async refresh(): Promise<void> {
    if (this.asker.isReady) await this.list.refresh();
  }

  clear(): void {
    this.list.clear();
  }

  /** Connections that hold all the words, for a palette; the list itself stays as it is. */
  async find(words: string, count: number): Promise<ConnectionListWindow | null> {
    if (!this.asker.isReady) return null;
    const { sort, descending } = INITIAL_VIEW;
    return this.asker.ask('connections', {
      search: words,
      sort,
      descending,
      group: 'none',
      folded: [],
      from: 0,
      count,
    });
  }

  /** The next connection in trouble in the order of the list, or the one before. */
  async nextTroubled(step: -1 | 1): Promise<string | null> {
    if (!this.asker.isReady) return null;
    const [id] = this.store.getState().view.connections;
    const found = await this.asker.ask('seekConnection', {
      ...this.listed,
      id: id ?? null,
      step,
    });
    return found?.id ?? null;
  }

  /** Row of a connection in the list as it is shown; null where the list leaves it out. */
  async rowOf(id: string): Promise<number | null> {
    if (!this.asker.isReady) return null;
    const found = await this.asker.ask('seekConnection', { ...this.listed, id, step: 0 });
    return found?.row ?? null;
  }

  /** Which list of connections is shown. */
  private get listed() {
    const { search, sort, descending, group, folded } = this.store.getState().view;
    return { search, sort, descending, group, folded };
  }

  private show(change: Partial<WorkspaceView>): void {
    this.store.setState(({ view }) => ({ view: { ...view, ...change } }));
    void this.refresh();
  }
}
