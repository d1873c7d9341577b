// Keeps the address's fragment and the view in step, and opens the snapshot that a shared link carries. Only ever the fragment: it is not sent to a server.
import { decodeSnapshotFragment, isSnapshotFragment } from '../share/fragment';
import { readViewFragment, writeViewFragment } from './view-fragment';
import type { WorkspaceController } from './workspace-controller';

/** Browsers refuse too many changes of the address in a short time. */
const WRITE_DELAY_MS = 300;

/** Reads the address now and follows it; returns the function that stops. */
export function syncAddress(controller: WorkspaceController): () => void {
  const { store } = controller;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let written = '';

  const read = () => {
    const fragment = window.location.hash;
    if (fragment.replace(/^#/, '') === written) return;
    written = fragment.replace(/^#/, '');
    if (!isSnapshotFragment(fragment)) {
      controller.restoreView(readViewFragment(written));
      return;
    }
    const snapshot = decodeSnapshotFragment(fragment);
    if (snapshot.ok) controller.openSnapshot(snapshot.value);
    else controller.showUnreadableLink(snapshot.error.text);
  };

  const write = () => {
    const { session, view } = store.getState();
    if (session.kind !== 'live') return;
    const fragment = writeViewFragment(view);
    if (fragment === written) return;
    written = fragment;
    const { pathname, search } = window.location;
    window.history.replaceState(
      window.history.state,
      '',
      fragment === '' ? pathname + search : `#${fragment}`,
    );
  };

  read();
  window.addEventListener('hashchange', read);
  const stop = store.subscribe((state, before) => {
    if (state.view === before.view && state.session === before.session) return;
    clearTimeout(timer);
    timer = setTimeout(write, WRITE_DELAY_MS);
  });
  return () => {
    stop();
    clearTimeout(timer);
    window.removeEventListener('hashchange', read);
  };
}
