'use client';
// Packets, losses, resets and retries over the whole time, and a brush on them that says which span the swimlane shows.
import { X } from 'lucide-react';
import { type KeyboardEvent, type PointerEvent, useEffect, useRef, useState } from 'react';
import { formatDuration, formatSeconds } from '@/lib/base/time';
import {
  type BrushPart,
  brushPartAt,
  dragBrush,
  formatSpan,
  type OverviewCounts,
  type Span,
  shiftSpan,
  type TimeAxis,
  timeToX,
} from '@/lib/scene/overview';
import { useCanvasSize } from '../swimlane/use-canvas-size';
import { usePenStyle } from '../swimlane/use-pen-style';
import { drawOverview } from './draw-overview';

const HEIGHT_PX = 76;
/** Part of the whole time that an arrow key moves the brush by. */
const KEY_STEP = 1 / 100;

interface Drag {
  readonly part: BrushPart;
  readonly before: Span | null;
  readonly fromX: number;
}

export function Overview({
  overview,
  span,
  moment,
  onSpan,
}: {
  readonly overview: OverviewCounts;
  readonly span: Span | null;
  /** Time of what is chosen, ns after the base; undefined: nothing is. */
  readonly moment: number | undefined;
  readonly onSpan: (span: Span | null) => void;
}) {
  const fieldRef = useRef<HTMLDivElement>(null);
  const canvasRef = useRef<HTMLCanvasElement>(null);
  const size = useCanvasSize(fieldRef);
  const pen = usePenStyle();
  const [drag, setDrag] = useState<Drag | null>(null);
  const [part, setPart] = useState<BrushPart>('outside');
  const axis: TimeAxis = {
    fromNs: overview.from,
    toNs: overview.to,
    widthPx: size?.width ?? 1,
  };

  useEffect(() => {
    const canvas = canvasRef.current;
    const context = canvas?.getContext('2d');
    if (!canvas || !context || !size || !pen) return;
    const frame = requestAnimationFrame(() => {
      const ratio = globalThis.devicePixelRatio || 1;
      canvas.width = Math.round(size.width * ratio);
      canvas.height = Math.round(size.height * ratio);
      context.setTransform(ratio, 0, 0, ratio, 0, 0);
      drawOverview(context, overview, size, pen);
    });
    return () => cancelAnimationFrame(frame);
  }, [overview, size, pen]);

  const place = (event: { readonly clientX: number }): number =>
    event.clientX - (fieldRef.current?.getBoundingClientRect().left ?? 0);
  const onPointerDown = (event: PointerEvent): void => {
    if (event.button !== 0) return;
    const x = place(event);
    setDrag({ part: brushPartAt(axis, span, x), before: span, fromX: x });
    event.currentTarget.setPointerCapture(event.pointerId);
  };
  const onPointerMove = (event: PointerEvent): void => {
    const x = place(event);
    if (!drag) {
      setPart(brushPartAt(axis, span, x));
      return;
    }
    const next = dragBrush(axis, drag.part, drag.before, drag.fromX, x);
    if (next !== null) onSpan(next);
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const next = spanByKey(event, axis, span);
    if (next === undefined) return;
    event.preventDefault();
    onSpan(next);
  };

  const [start, end] = span ?? [overview.from, overview.to];
  const left = Math.max(0, timeToX(axis, start));
  const right = Math.min(axis.widthPx, timeToX(axis, end));
  const chosenPart = span !== null && (start > overview.from || end < overview.to);
  return (
    <div className="relative bg-sunken px-3">
      <div
        ref={fieldRef}
        role="slider"
        tabIndex={0}
        aria-label="Span of time in view"
        aria-valuemin={overview.from}
        aria-valuemax={overview.to}
        aria-valuenow={start}
        aria-valuetext={
          span === null
            ? 'all'
            : `${formatSeconds(start - overview.from)} s to ${formatSeconds(end - overview.from)} s`
        }
        title="Drag to choose a span, double click for all; arrows move it, + and − resize it"
        className="relative touch-none overflow-hidden select-none"
        style={{
          height: HEIGHT_PX,
          cursor:
            (drag?.part ?? part) === 'inside'
              ? 'grab'
              : (drag?.part ?? part) === 'outside'
                ? 'crosshair'
                : 'ew-resize',
        }}
        onPointerDown={onPointerDown}
        onPointerMove={onPointerMove}
        onPointerUp={() => setDrag(null)}
        onPointerCancel={() => setDrag(null)}
        onDoubleClick={() => onSpan(null)}
        onKeyDown={onKeyDown}
      >
        {chosenPart && (
          <div
            className="absolute top-0 bottom-[15px] border-x border-focus"
            style={{
              left,
              width: Math.max(2, right - left),
              background: 'color-mix(in srgb, var(--focus) 14%, transparent)',
            }}
          />
        )}
        <canvas ref={canvasRef} aria-hidden className="absolute inset-0 h-full w-full" />
        {moment !== undefined && size !== null && (
          <div
            aria-hidden
            data-moment
            className="pointer-events-none absolute top-0 bottom-[15px] w-px bg-ink before:absolute before:top-0 before:-left-[3px] before:border-x-[3.5px] before:border-t-[5px] before:border-x-transparent before:border-t-ink"
            style={{ left: Math.max(0, Math.min(axis.widthPx - 1, timeToX(axis, moment))) }}
          />
        )}
        {!chosenPart && (
          <div className="pointer-events-none absolute right-0 bottom-0 text-2xs text-faint">
            {formatDuration(overview.to - overview.from)}
          </div>
        )}
      </div>
      {chosenPart && (
        <button
          type="button"
          title="Show the whole time again (0)"
          aria-label={`${formatSpan(overview, [start, end])}: show the whole time again`}
          onClick={() => onSpan(null)}
          className="absolute right-2 bottom-0 flex h-4 items-center gap-1 rounded-sm bg-sunken px-1 text-2xs text-muted hover:text-ink"
        >
          {formatSpan(overview, [start, end])}
          <X size={11} aria-hidden />
        </button>
      )}
    </div>
  );
}

/** The span after a key; null for all, undefined when the key means nothing here. */
function spanByKey(
  { key, shiftKey }: KeyboardEvent,
  axis: TimeAxis,
  span: Span | null,
): Span | null | undefined {
  const whole = axis.toNs - axis.fromNs;
  const step = whole * KEY_STEP * (shiftKey ? 10 : 1);
  const current: Span = span ?? [axis.fromNs, axis.toNs];
  const half = (current[1] - current[0]) / 2;
  const middle = current[0] + half;
  switch (key) {
    case 'ArrowLeft':
      return shiftSpan(axis, current, -step);
    case 'ArrowRight':
      return shiftSpan(axis, current, step);
    case 'Home':
      return shiftSpan(axis, current, -whole);
    case 'End':
      return shiftSpan(axis, current, whole);
    case '+':
    case '=':
      return [middle - half * 0.8, middle + half * 0.8];
    case '-':
      return [
        Math.max(axis.fromNs, middle - half * 1.25),
        Math.min(axis.toNs, middle + half * 1.25),
      ];
    case 'Escape':
      return span === null ? undefined : null;
    default:
      return undefined;
  }
}
