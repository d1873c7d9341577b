// Keeps the address's fragment and the view in step, and opens what the address names: a kept case, or the snapshot of a shared link. Only ever the fragment:
// it is not sent to a server. A view of something else (other connections, finding, filter) is a step that the browser's back walks; looking closer is not.
import { isSnapshotFragment } from '../share/fragment-kind';
import type { CaseKeeper } from './case-keeper';
import { readViewFragment, type WorkspaceView, writeViewFragment } from './view-fragment';
import type { WorkspaceController } from './workspace-controller';

/** Browsers refuse too many changes of the address in a short time. */
const WRITE_PAUSE_MS = 250;
const CASE = 'case';

const isOtherView = (a: WorkspaceView, b: WorkspaceView): boolean =>
  a.finding !== b.finding ||
  a.search !== b.search ||
  a.timeMode !== b.timeMode ||
  a.group !== b.group ||
  a.compare?.join() !== b.compare?.join() ||
  a.connections.join() !== b.connections.join();

/** Reads the address now and follows it; returns the function that stops. */
export function syncAddress(controller: WorkspaceController, keeper: CaseKeeper): () => void {
  const { store } = controller;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let written = '';
  let lastWrite = Number.NEGATIVE_INFINITY;
  let writtenView: WorkspaceView | null = null;
  let writtenCase: string | null = null;

  const read = () => {
    const fragment = window.location.hash.replace(/^#/, '');
    if (fragment === written) return;
    written = fragment;
    if (isSnapshotFragment(`#${fragment}`)) {
      void controller.track(openShared(fragment));
      return;
    }
    const id = new URLSearchParams(fragment).get(CASE);
    const view = readViewFragment(fragment);
    writtenView = view;
    writtenCase = id;
    if (id === store.getState().caseId) controller.restoreView(view);
    else if (id === null) {
      // Back to the page before the case.
      controller.closeCase();
      controller.restoreView(view);
    } else void controller.track(openKept(id, fragment));
  };

  /** What reads a link is fetched for one alone. */
  const openShared = async (fragment: string) => {
    const [{ decodeSnapshotFragment }, { openSharedCase }] = await Promise.all([
      import('../share/fragment'),
      import('./snapshot-source'),
    ]);
    // Walked on meanwhile.
    if (fragment !== written) return;
    const snapshot = decodeSnapshotFragment(`#${fragment}`);
    if (snapshot.ok) controller.openSnapshot(openSharedCase(snapshot.value));
    else controller.showUnreadableLink(snapshot.error.text);
  };

  const openKept = async (id: string, fragment: string) => {
    if (await keeper.open(id, fragment)) return;
    controller.closeCase();
    controller.restoreView(readViewFragment(fragment));
    controller.remark(
      'The case of this address is not kept in this browser. Open its captures to see the view.',
    );
  };

  const write = () => {
    const { session, view, caseId, picture } = store.getState();
    if (session.kind !== 'live') return;
    const parts = [caseId === null ? '' : `${CASE}=${caseId}`, writeViewFragment(view)];
    const fragment = parts.filter(Boolean).join('&');
    if (fragment === written) {
      if (picture !== null) writtenView ??= view;
      return;
    }
    // What the page chose by itself when the captures were read is no step.
    const isStep =
      caseId !== writtenCase ||
      (writtenView !== null && picture !== null && isOtherView(view, writtenView));
    written = fragment;
    writtenCase = caseId;
    writtenView = picture === null ? null : view;
    const { pathname, search } = window.location;
    window.history[isStep ? 'pushState' : 'replaceState'](
      null,
      '',
      fragment === '' ? pathname + search : `#${fragment}`,
    );
  };

  /** At once, or when the pause after the last time is over. The page is not idle before. */
  const schedule = () => {
    if (timer !== undefined) return;
    const wait = Math.max(0, lastWrite + WRITE_PAUSE_MS - performance.now());
    const done = new Promise<void>((resolve) => {
      timer = setTimeout(() => {
        timer = undefined;
        lastWrite = performance.now();
        write();
        resolve();
      }, wait);
    });
    void controller.track(done);
  };

  read();
  window.addEventListener('hashchange', read);
  window.addEventListener('popstate', read);
  const stop = store.subscribe((state, before) => {
    if (
      state.view === before.view &&
      state.session === before.session &&
      state.caseId === before.caseId &&
      state.picture === before.picture
    )
      return;
    schedule();
  });
  return () => {
    stop();
    clearTimeout(timer);
    window.removeEventListener('hashchange', read);
    window.removeEventListener('popstate', read);
  };
}
