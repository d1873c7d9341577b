// Handles of files that were dropped or picked where the browser gives them (File System Access): the way back to a file when the page is loaded again.

const handles = new WeakMap<File, Promise<FileSystemFileHandle | null>>();

/** Remembers the handle under way; a folder's is none of a file. */
export function rememberHandle(file: File, handle: Promise<FileSystemHandle | null>): void {
  handles.set(
    file,
    handle.then(
      (found) => (found?.kind === 'file' ? (found as FileSystemFileHandle) : null),
      () => null,
    ),
  );
}

export const findHandle = (file: File): Promise<FileSystemFileHandle | null> =>
  handles.get(file) ?? Promise.resolve(null);

/** What browsers that give handles can do besides; the page's types do not know it. */
interface AskableHandle extends FileSystemFileHandle {
  queryPermission?(options: { readonly mode: 'read' }): Promise<PermissionState>;
  requestPermission?(options: { readonly mode: 'read' }): Promise<PermissionState>;
}

/** The file behind a handle, as long as it is the same; null: it may not be read (ask within a click), is gone or was changed. */
export async function openHandle(
  handle: FileSystemFileHandle,
  { bytes, lastModified }: { readonly bytes: number; readonly lastModified: number },
  mayAsk: boolean,
): Promise<File | null> {
  const askable = handle as AskableHandle;
  try {
    const options = { mode: 'read' } as const;
    const permission = mayAsk
      ? await askable.requestPermission?.(options)
      : await askable.queryPermission?.(options);
    if (permission !== undefined && permission !== 'granted') return null;
    const file = await handle.getFile();
    if (file.size !== bytes || file.lastModified !== lastModified) return null;
    rememberHandle(file, Promise.resolve(handle));
    return file;
  } catch {
    return null;
  }
}

/** Where the browser has a picker that gives handles; the page's types do not know it. */
interface PickingWindow extends Window {
  showOpenFilePicker?(options: { readonly multiple: true }): Promise<FileSystemFileHandle[]>;
}

/** Files that the user picks, with the way back to them; none where they picked none. null: the browser has no such picker. */
export async function pickFiles(): Promise<readonly File[] | null> {
  const { showOpenFilePicker } = window as PickingWindow;
  if (showOpenFilePicker === undefined) return null;
  try {
    const picked = await showOpenFilePicker.call(window, { multiple: true });
    return await Promise.all(
      picked.map(async (handle) => {
        const file = await handle.getFile();
        rememberHandle(file, Promise.resolve(handle));
        return file;
      }),
    );
  } catch (error) {
    return error instanceof DOMException && error.name === 'AbortError' ? [] : null;
  }
}
