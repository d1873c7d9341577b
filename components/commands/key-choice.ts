// Whether letters alone are commands: some who speak to their machine need them off (WCAG 2.1.4). Kept in the browser.
import { create } from 'zustand';

const PLACE = 'hoplane.single-keys';

const read = (): boolean => {
  try {
    return localStorage.getItem(PLACE) !== 'off';
  } catch {
    return true;
  }
};

export const useSingleKeys = create<{ readonly on: boolean }>(() => ({ on: read() }));

export function setSingleKeys(on: boolean): void {
  useSingleKeys.setState({ on });
  try {
    localStorage.setItem(PLACE, on ? 'on' : 'off');
  } catch {
    // Storage is refused: the choice holds until the page is left.
  }
}
