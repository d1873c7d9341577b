// Writes on the document whether anything is under way, so that a test can wait for the page instead of for a time.
import type { StoreApi } from 'zustand/vanilla';
import { describeWaiting, selectIsBusy } from './selectors';
import type { WorkspaceState } from './workspace-state';

/** Frames in a row in which nothing was asked, drawn or left to draw. */
const QUIET_FRAMES = 3;
/** The browser calls itself idle once all that React draws in slices is done; but wait no longer than this for each frame. */
const IDLE_LIMIT_MS = 1000;

/** Safari has no such callback: a timer comes after what is under way at least. */
const whenIdle = (call: () => void): void => {
  if (typeof requestIdleCallback === 'function')
    requestIdleCallback(call, { timeout: IDLE_LIMIT_MS });
  else setTimeout(call, 0);
};

/** `<html data-idle="true">` once nothing is read, asked or computed and what came of it is painted; until then `data-waiting` says for what. Returns the function that stops. */
export function markIdle(store: StoreApi<WorkspaceState>): () => void {
  const root = document.documentElement;
  let quietFrames = 0;
  let isWatching = false;

  const watchFrame = () => requestAnimationFrame(() => whenIdle(count));

  const count = () => {
    quietFrames++;
    isWatching = quietFrames < QUIET_FRAMES;
    if (isWatching) watchFrame();
    else root.dataset.idle = String(!selectIsBusy(store.getState()));
  };

  const restart = () => {
    quietFrames = 0;
    root.dataset.idle = 'false';
    root.dataset.waiting = describeWaiting(store.getState());
    if (isWatching) return;
    isWatching = true;
    watchFrame();
  };

  const observer = new MutationObserver(restart);
  observer.observe(document.body, { childList: true, characterData: true, subtree: true });
  const unsubscribe = store.subscribe(restart);
  restart();
  return () => {
    observer.disconnect();
    unsubscribe();
  };
}
