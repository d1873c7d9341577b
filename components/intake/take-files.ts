// Gives the page what was collected. A folder that is opened as a whole names the case, and its captures are called as they lie in it.
import { workspace } from '@/lib/store/workspace';
import { UNTITLED } from '@/lib/store/workspace-state';
import { type CollectedFiles, called } from './collect-files';

export function takeFiles({ named, inFolders }: CollectedFiles): void {
  const { session, status, title } = workspace.store.getState();
  const isNew = session.kind !== 'live' || (status?.captures ?? []).length === 0;
  const folder = isNew && named.length === 0 ? onlyFolder(inFolders.map(({ name }) => name)) : '';
  workspace.addFiles(
    named,
    folder === ''
      ? inFolders
      : inFolders.map((file) => called(file, file.name.slice(folder.length + 1))),
  );
  if (folder !== '' && (session.kind !== 'live' || title === UNTITLED)) workspace.setTitle(folder);
}

/** The one folder that all of these paths begin with; empty where they are of several. */
export function onlyFolder(paths: readonly string[]): string {
  const [first] = new Set(paths.map((path) => path.slice(0, Math.max(0, path.indexOf('/')))));
  return first !== undefined && paths.every((path) => path.startsWith(`${first}/`)) ? first : '';
}
