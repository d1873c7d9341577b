// The code of the workspace, fetched when someone is about to need it: a page that is only looked at starts sooner without.
import dynamic from 'next/dynamic';
import { selectStage } from '@/lib/store/selectors';
import { workspace } from '@/lib/store/workspace';

const loadPanels = () => import('./Panels').then((module) => module.Panels);
const loadCaseSearch = () => import('./CaseBar').then((module) => module.CaseSearch);
const loadCaseActions = () => import('./CaseBar').then((module) => module.CaseActions);
const loadOverlays = () =>
  import('@/components/commands/Overlays').then((module) => module.Overlays);

export const Panels = dynamic(loadPanels);
export const CaseSearch = dynamic(loadCaseSearch);
export const CaseActions = dynamic(loadCaseActions);
export const Overlays = dynamic(loadOverlays);

const FIRST_SIGNS = ['pointermove', 'pointerdown', 'keydown', 'dragenter', 'paste'] as const;

/** Fetches it at the first sign of someone at the page, or when a case is opened; calls `onStart` then. Returns the function that stops waiting. */
export function fetchWhenNeeded(onStart: () => void): () => void {
  const waiting = new AbortController();
  const start = () => {
    if (waiting.signal.aborted) return;
    waiting.abort();
    stopFollowing();
    onStart();
    // Under way: nothing is shown as done before its code is there.
    void workspace.track(
      Promise.all([loadPanels(), loadCaseSearch(), loadCaseActions(), loadOverlays()]),
    );
  };
  const follow = () => {
    if (selectStage(workspace.store.getState()) !== 'empty') start();
  };
  const stopFollowing = workspace.store.subscribe(follow);
  const { signal } = waiting;
  for (const sign of FIRST_SIGNS) window.addEventListener(sign, start, { signal, passive: true });
  follow();
  return () => {
    waiting.abort();
    stopFollowing();
  };
}
