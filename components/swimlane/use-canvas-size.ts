// The size of an element in CSS px, followed as it changes; known before it is painted for the first time.
import { type RefObject, useLayoutEffect, useState } from 'react';
import type { Size } from './scene-view';

/** Null until the element is laid out. */
export function useCanvasSize(element: RefObject<HTMLElement | null>): Size | null {
  const [size, setSize] = useState<Size | null>(null);
  useLayoutEffect(() => {
    const target = element.current;
    if (!target) return;
    const read = (): void => {
      const { clientWidth, clientHeight } = target;
      setSize((known) =>
        known?.width === clientWidth && known.height === clientHeight
          ? known
          : { width: clientWidth, height: clientHeight },
      );
    };
    const observer = new ResizeObserver(read);
    observer.observe(target);
    read();
    return () => observer.disconnect();
  }, [element]);
  return size;
}
