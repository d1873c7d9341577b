// Writes on the document whether anything is under way, so that a test can wait for the page instead of for a time.
import type { StoreApi } from 'zustand/vanilla';
import { selectIsBusy } from './selectors';
import type { WorkspaceState } from './workspace-state';

/** What React draws in slices is done before the browser calls itself idle; but wait no longer than this. */
const IDLE_LIMIT_MS = 1000;

/** `<html data-idle="true">` once nothing is read, asked or computed and the last frame was painted. Returns the function that stops. */
export function markIdle(store: StoreApi<WorkspaceState>): () => void {
  const root = document.documentElement;
  let turn = 0;

  const afterPaint = (action: () => void) =>
    requestAnimationFrame(() =>
      requestAnimationFrame(() => requestIdleCallback(action, { timeout: IDLE_LIMIT_MS })),
    );

  const update = () => {
    const mine = ++turn;
    root.dataset.idle = 'false';
    if (selectIsBusy(store.getState())) return;
    afterPaint(() => {
      if (mine === turn) root.dataset.idle = 'true';
    });
  };

  update();
  return store.subscribe(update);
}
