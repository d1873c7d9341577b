// The view's pan and zoom, tied both ways to the span of time that overview and link know.
import { useCallback, useEffect, useLayoutEffect, useRef, useState } from 'react';
import type { SceneLayout } from '@/lib/scene/layout';
import {
  clampView,
  openingView,
  type PanZoom,
  type Size,
  spanOfView,
  viewOfSpan,
} from './scene-view';

export type Span = readonly [number, number];
export type MoveView = (
  change: (view: PanZoom, layout: SceneLayout, size: Size) => PanZoom,
  /** The way out, which may lead beyond all that the layout has. */
  isZoomOut?: boolean,
) => void;

/** A span is told when the view has stood still for so long. */
const SETTLED_MS = 150;

export function usePanZoom(
  layout: SceneLayout,
  size: Size | null,
  span: Span | null,
  onSpan: (span: Span) => void,
  onBeyond?: () => void,
): { readonly view: PanZoom; readonly move: MoveView } {
  const [view, setView] = useState<PanZoom>({ top: 0, scale: 1, left: 0 });
  const told = useRef<Span | null>(null);
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  const opened = useRef<{ readonly window: unknown; readonly mode: string } | null>(null);
  const tell = useRef({ onSpan, onBeyond });
  useEffect(() => {
    tell.current = { onSpan, onBeyond };
  });

  // Before the effects of those who move it: a choice that is brought into view moves the view of this layout, not of the one before.
  useLayoutEffect(() => {
    if (!size || size.height === 0) return;
    const { window, timeMode, arrangement } = layout.input;
    const mode = `${timeMode} ${arrangement}`;
    const isNew = opened.current?.window !== window || opened.current.mode !== mode;
    opened.current = { window, mode };
    if (isNew) clearTimeout(timer.current);
    const isOwn = span !== null && sameSpan(span, told.current);
    const isCleared = span === null && told.current !== null;
    setView((known) => {
      if (span === null)
        return isNew || isCleared ? openingView(layout, size) : clampView(layout, size, known);
      return isOwn && !isNew
        ? clampView(layout, size, known)
        : viewOfSpan(layout, size, known, span);
    });
    told.current = span;
  }, [layout, size, span]);

  useEffect(() => () => clearTimeout(timer.current), []);

  const move = useCallback<MoveView>(
    (change, isZoomOut = false) => {
      if (!size) return;
      setView((known) => {
        const next = clampView(layout, size, change(known, layout, size));
        if (sameView(next, known)) {
          if (isZoomOut && tell.current.onBeyond) {
            clearTimeout(timer.current);
            timer.current = setTimeout(tell.current.onBeyond);
          }
          return known;
        }
        clearTimeout(timer.current);
        timer.current = setTimeout(() => {
          const [from, to] = spanOfView(layout, size, next).map(Math.round);
          if (!(to > from)) return;
          told.current = [from, to];
          tell.current.onSpan([from, to]);
        }, SETTLED_MS);
        return next;
      });
    },
    [layout, size],
  );
  return { view, move };
}

const sameView = (a: PanZoom, b: PanZoom): boolean =>
  a.top === b.top && a.scale === b.scale && a.left === b.left;

const sameSpan = (a: Span, b: Span | null): boolean => b !== null && a[0] === b[0] && a[1] === b[1];
