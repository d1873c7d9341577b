// Whether cases that are begun are kept in this browser, and whether the browser may clear them when space is short. The choice itself stands in the browser.
import { createStore } from 'zustand/vanilla';

const PLACE = 'hoplane.keep-cases';

interface KeepChoice {
  readonly on: boolean;
  /** The browser promised not to clear what is kept; null: it does not say. */
  readonly isPersistent: boolean | null;
  /** The browser has a place for cases, which a private window may lack; null: not looked yet. */
  readonly canKeep: boolean | null;
}

const read = (): boolean => {
  try {
    return localStorage.getItem(PLACE) !== 'off';
  } catch {
    return true;
  }
};

export const keepChoice = createStore<KeepChoice>(() => ({
  on: read(),
  isPersistent: null,
  canKeep: null,
}));

export function setKeeping(on: boolean): void {
  keepChoice.setState({ on });
  try {
    localStorage.setItem(PLACE, on ? 'on' : 'off');
  } catch {
    // Storage is refused: the choice holds until the page is left.
  }
}

/** Asks what the browser promised, and whether it keeps anything at all. */
export async function readPersistence(): Promise<void> {
  const [isPersistent, place] = await Promise.all([
    navigator.storage?.persisted?.().catch(() => null),
    navigator.storage?.getDirectory?.().catch(() => null),
  ]);
  const canKeep = Boolean(place) && globalThis.indexedDB !== undefined;
  keepChoice.setState({ isPersistent: isPersistent ?? null, canKeep });
}

/** Asks the browser, within a click, not to clear what is kept; it decides by itself or asks the user. */
export async function askPersistence(): Promise<void> {
  const isPersistent = await navigator.storage?.persist?.().catch(() => null);
  keepChoice.setState({ isPersistent: isPersistent ?? null });
}
