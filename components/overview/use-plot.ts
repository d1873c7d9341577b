'use client';
// A canvas that fills an element and is drawn anew when its size, the theme or what it shows changes.
import { type RefObject, useEffect, useRef } from 'react';
import { type Span, type TimeAxis, timeToX } from '@/lib/scene/overview';
import { useCanvasSize } from '../swimlane/use-canvas-size';
import { type Pen, usePenStyle } from '../swimlane/use-pen-style';

export interface PlotSize {
  readonly width: number;
  readonly height: number;
}

/** The ref of the canvas. `draw` works in CSS px on a cleared canvas. */
export function usePlot(
  field: RefObject<HTMLElement | null>,
  draw: (context: CanvasRenderingContext2D, size: PlotSize, pen: Pen) => void,
): RefObject<HTMLCanvasElement | null> {
  const canvas = useRef<HTMLCanvasElement>(null);
  const size = useCanvasSize(field);
  const pen = usePenStyle();
  useEffect(() => {
    const target = canvas.current;
    const context = target?.getContext('2d');
    if (!target || !context || !size || !pen) return;
    const frame = requestAnimationFrame(() => {
      const ratio = globalThis.devicePixelRatio || 1;
      target.width = Math.round(size.width * ratio);
      target.height = Math.round(size.height * ratio);
      context.setTransform(ratio, 0, 0, ratio, 0, 0);
      context.clearRect(0, 0, size.width, size.height);
      draw(context, size, pen);
    });
    return () => cancelAnimationFrame(frame);
  });
  return canvas;
}

/** The span that the brush has chosen, behind what is plotted over the same time. */
export function drawSpan(
  context: CanvasRenderingContext2D,
  axis: TimeAxis,
  span: Span | null,
  heightPx: number,
  { theme }: Pen,
): void {
  if (span === null) return;
  const [left, right] = span.map((time) => timeToX(axis, time));
  context.fillStyle = theme.forward;
  context.globalAlpha = 0.1;
  context.fillRect(left, 0, Math.max(1, right - left), heightPx);
  context.globalAlpha = 1;
}
