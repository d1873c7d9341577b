// Wheel and pointer over the canvas: scroll time, zoom time, push the lanes sideways, pan by drag, hover and click.
import { type RefObject, useEffect, useRef } from 'react';
import { isStrips, zoomAbout } from './scene-view';
import type { MoveView } from './use-pan-zoom';

export interface PointerAnswers {
  /** Px of the canvas; null: the pointer left. */
  readonly onPoint: (at: { readonly x: number; readonly y: number } | null) => void;
  readonly onClick: (x: number, y: number) => void;
}

const CLICK_PX = 4;
/** Px of a line where the wheel counts lines. */
const WHEEL_LINE_PX = 18;

export function usePointer(
  target: RefObject<HTMLElement | null>,
  move: MoveView,
  answers: PointerAnswers,
): void {
  const current = useRef(answers);
  useEffect(() => {
    current.current = answers;
  });
  useEffect(() => {
    const element = target.current;
    if (!element) return;
    const leave = new AbortController();
    const { signal } = leave;
    let drag: { x: number; y: number; moved: boolean } | null = null;
    const place = (event: MouseEvent): { x: number; y: number } => {
      const box = element.getBoundingClientRect();
      return { x: event.clientX - box.left, y: event.clientY - box.top };
    };

    element.addEventListener('wheel', onWheel, { passive: false, signal });
    element.addEventListener('pointerdown', onDown, { signal });
    element.addEventListener('pointermove', onMove, { signal });
    element.addEventListener('pointerup', onUp, { signal });
    element.addEventListener('pointercancel', () => release(), { signal });
    element.addEventListener('pointerleave', () => !drag && current.current.onPoint(null), {
      signal,
    });
    return () => leave.abort();

    function onWheel(event: WheelEvent): void {
      event.preventDefault();
      const unit =
        event.deltaMode === WheelEvent.DOM_DELTA_LINE
          ? WHEEL_LINE_PX
          : event.deltaMode === WheelEvent.DOM_DELTA_PAGE
            ? (element?.clientHeight ?? 1)
            : 1;
      const down = event.deltaY * unit;
      const across = event.deltaX * unit;
      if (event.ctrlKey || event.metaKey) {
        const { x, y } = place(event);
        const factor = Math.exp(-Math.max(-240, Math.min(240, down)) / 240);
        move(
          (view, layout, size) => zoomAbout(layout, size, view, factor, isStrips(layout) ? x : y),
          factor < 1,
        );
      } else if (event.shiftKey) {
        move((view) => ({ ...view, left: view.left + (across || down) }));
      } else {
        // In strips the wheel goes along the time too, whichever way it turns.
        move((view, layout) =>
          isStrips(layout)
            ? { ...view, top: view.top + (down + across) / view.scale }
            : { ...view, top: view.top + down / view.scale, left: view.left + across },
        );
      }
    }

    function onDown(event: PointerEvent): void {
      // A button over the canvas is pressed, not dragged.
      if (event.button !== 0 || (event.target as Element).closest('button')) return;
      drag = { ...place(event), moved: false };
      element?.setPointerCapture(event.pointerId);
    }

    function onMove(event: PointerEvent): void {
      const at = place(event);
      if (!drag) {
        current.current.onPoint(at);
        return;
      }
      if (!drag.moved && Math.hypot(at.x - drag.x, at.y - drag.y) < CLICK_PX) return;
      const [dx, dy] = [at.x - drag.x, at.y - drag.y];
      drag = { ...at, moved: true };
      if (element) element.style.cursor = 'grabbing';
      current.current.onPoint(null);
      move((view, layout) => {
        const [along, across] = isStrips(layout) ? [dx, dy] : [dy, dx];
        return { ...view, top: view.top - along / view.scale, left: view.left - across };
      });
    }

    function onUp(event: PointerEvent): void {
      const clicked = drag !== null && !drag.moved;
      release();
      if (clicked) {
        const { x, y } = place(event);
        current.current.onClick(x, y);
      }
    }

    function release(): void {
      drag = null;
      if (element) element.style.cursor = '';
    }
  }, [target, move]);
}
