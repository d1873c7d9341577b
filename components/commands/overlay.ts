// Which sheet lies over the page, and which part a narrow page shows: state of the page alone, not of the case.
import { create } from 'zustand';

/** `frame`: the palette, opened to go to a frame. */
export type Overlay = 'palette' | 'frame' | 'keys';
export type Part = 'findings' | 'connections' | 'picture' | 'inspector';

interface PageState {
  readonly overlay: Overlay | null;
  readonly part: Part;
}

export const usePage = create<PageState>(() => ({ overlay: null, part: 'findings' }));

export const openOverlay = (overlay: Overlay): void => usePage.setState({ overlay });
export const closeOverlay = (): void => usePage.setState({ overlay: null });
export const showPart = (part: Part): void => usePage.setState({ part });
