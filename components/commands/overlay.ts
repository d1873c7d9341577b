// Which sheet lies over the page, and which part a narrow page shows: state of the page alone, not of the case.
import { create } from 'zustand';

/** `frame`: the palette, opened to go to a frame. */
export type Overlay = 'palette' | 'frame' | 'keys' | 'filter';
export type Part = 'findings' | 'connections' | 'picture' | 'inspector';

interface PageState {
  readonly overlay: Overlay | null;
  readonly part: Part;
  /** The connection table lies across the page. */
  readonly wideTable: boolean;
}

export const usePage = create<PageState>(() => ({
  overlay: null,
  part: 'findings',
  wideTable: false,
}));

export const openOverlay = (overlay: Overlay): void => usePage.setState({ overlay });
export const closeOverlay = (): void => usePage.setState({ overlay: null });
/** Whatever hides the part makes way. */
export const showPart = (part: Part): void =>
  usePage.setState(({ wideTable }) => ({ part, wideTable: wideTable && part === 'connections' }));

export const toggleWideTable = (): void =>
  usePage.setState(({ wideTable }) => ({ wideTable: !wideTable }));
