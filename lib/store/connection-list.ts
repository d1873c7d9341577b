// The connection list in pages: asked for as the table scrolls, dropped when revision, search or order change.
import type { StoreApi } from 'zustand/vanilla';
import type { ConnectionListWindow } from '../engine/protocol';
import type { WorkspaceView } from './view-fragment';
import { NO_PAGES, type WorkspaceState } from './workspace-state';

export const PAGE_ROWS = 200;

type AskPage = (from: number, signal: AbortSignal) => Promise<ConnectionListWindow | null>;

/** Identifies which list a page belongs to. */
const listKey = (revision: number, view: WorkspaceView): string =>
  [revision, view.sort, view.descending, view.group, ...view.folded, view.search].join(' ');

export class ConnectionList {
  private asked = new Set<number>();
  private key = '';
  private abort = new AbortController();

  constructor(
    private readonly store: StoreApi<WorkspaceState>,
    private readonly askPage: AskPage,
  ) {}

  /** Asks anew from the first page; the rows on screen stay until it is there. */
  refresh(): Promise<void> {
    const { status, view } = this.store.getState();
    const key = listKey(status?.revision ?? 0, view);
    if (key !== this.key) {
      this.abort.abort();
      this.abort = new AbortController();
      this.asked = new Set();
      this.key = key;
    }
    return this.ensurePage(0);
  }

  /** Makes sure that rows `from` … `to` − 1 are there or on their way. */
  ensureRows(from: number, to: number): void {
    const last = Math.floor(Math.max(from, to - 1) / PAGE_ROWS);
    for (let page = Math.floor(from / PAGE_ROWS); page <= last; page++) void this.ensurePage(page);
  }

  clear(): void {
    this.abort.abort();
    this.abort = new AbortController();
    this.asked = new Set();
    this.key = '';
    this.store.setState({ list: NO_PAGES });
  }

  private async ensurePage(page: number): Promise<void> {
    if (this.asked.has(page)) return;
    this.asked.add(page);
    const key = this.key;
    const answer = await this.askPage(page * PAGE_ROWS, this.abort.signal);
    if (key !== this.key) return;
    if (answer === null) {
      this.asked.delete(page);
      return;
    }
    this.store.setState(({ list }) => ({
      list: {
        key,
        total: answer.total,
        matched: answer.matched,
        matchedPackets: answer.matchedPackets,
        pages: { ...(list.key === key ? list.pages : {}), [page]: answer },
      },
    }));
  }
}
