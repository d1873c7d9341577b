'use client';
// Follows a scrolling element: its size, and the rows in view.
import { type RefObject, useCallback, useEffect, useState } from 'react';
import { HEAD_PX, ROW_PX, type RowWindow, rowsInView, scrollToRow } from './virtual-rows';

interface Scrolled {
  readonly top: number;
  readonly widthPx: number;
  /** Below the head. */
  readonly viewPx: number;
}

export function useVirtualRows(scroller: RefObject<HTMLElement | null>, rows: number) {
  const [scrolled, setScrolled] = useState<Scrolled>({ top: 0, widthPx: 0, viewPx: 0 });

  useEffect(() => {
    const element = scroller.current;
    if (element === null) return;
    const read = () =>
      setScrolled({
        top: element.scrollTop,
        widthPx: element.clientWidth,
        viewPx: Math.max(0, element.clientHeight - HEAD_PX),
      });
    const observer = new ResizeObserver(read);
    observer.observe(element);
    element.addEventListener('scroll', read, { passive: true });
    return () => {
      observer.disconnect();
      element.removeEventListener('scroll', read);
    };
  }, [scroller]);

  const scrollTo = useCallback(
    (row: number) => {
      const element = scroller.current;
      if (element === null || row < 0) return;
      const view = Math.max(0, element.clientHeight - HEAD_PX);
      element.scrollTop = scrollToRow(rows, row, element.scrollTop, view);
    },
    [scroller, rows],
  );

  const window: RowWindow = rowsInView(rows, scrolled.top, scrolled.viewPx);
  const pageRows = Math.max(1, Math.floor(scrolled.viewPx / ROW_PX) - 1);
  return { window, widthPx: scrolled.widthPx, pageRows, scrollTo };
}
