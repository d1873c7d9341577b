// The list of kept cases in IndexedDB. Where the browser keeps nothing (private windows, storage refused) all answers are empty and all else works.
import { type KeptCase, readKeptCase, writeKeptCase } from './kept-case';

const DATABASE = 'hoplane';
const STORE = 'cases';

let opened: Promise<IDBDatabase | null> | undefined;

const open = (): Promise<IDBDatabase | null> => {
  opened ??= new Promise((resolve) => {
    try {
      const request = indexedDB.open(DATABASE, 1);
      request.onupgradeneeded = () => request.result.createObjectStore(STORE, { keyPath: 'id' });
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => resolve(null);
      request.onblocked = () => resolve(null);
    } catch {
      resolve(null);
    }
  });
  return opened;
};

async function run<T>(
  mode: IDBTransactionMode,
  ask: (store: IDBObjectStore) => IDBRequest<T>,
): Promise<T | undefined> {
  const database = await open();
  if (database === null) return undefined;
  return new Promise((resolve) => {
    try {
      const request = ask(database.transaction(STORE, mode).objectStore(STORE));
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => resolve(undefined);
    } catch {
      // A value that cannot be stored, or a database that was closed.
      resolve(undefined);
    }
  });
}

/** The latest first. */
export async function listKeptCases(): Promise<readonly KeptCase[]> {
  const records = (await run<unknown[]>('readonly', (store) => store.getAll())) ?? [];
  return records
    .flatMap((record) => readKeptCase(record) ?? [])
    .sort((a, b) => b.changed - a.changed);
}

export const findKeptCase = async (id: string): Promise<KeptCase | null> =>
  readKeptCase(await run<unknown>('readonly', (store) => store.get(id)));

export const putKeptCase = (kept: KeptCase): Promise<unknown> =>
  run('readwrite', (store) => store.put(writeKeptCase(kept)));

export const deleteKeptCase = (id: string): Promise<unknown> =>
  run('readwrite', (store) => store.delete(id));
