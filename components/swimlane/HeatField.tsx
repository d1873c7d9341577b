'use client';
// A connection too long to be drawn packet by packet: the heat of its packets, latencies and losses by hop and time. It opens into packets where few enough are in view.
import { type RefObject, useEffect, useLayoutEffect, useMemo, useRef, useState } from 'react';
import { formatCount, formatQuantity } from '@/components/ui/format-number';
import { formatDuration, formatSeconds } from '@/lib/base/time';
import type { LaneSettings } from '@/lib/model/snapshot';
import { placeScene, timeOrigin } from '@/lib/scene/draft';
import {
  drawHeat,
  type HeatCounts,
  heatLayoutOf,
  packetsWithin,
  readHeatAt,
} from '@/lib/scene/heat';
import { type SceneLayout, timeAt } from '@/lib/scene/layout';
import { Marks } from '@/lib/scene/marks';
import type { PacketChoice } from '@/lib/store/workspace-state';
import { drawMarks } from './canvas-pen';
import { EdgeHints } from './EdgeHints';
import { LaneHeader } from './LaneHeader';
import { acrossPx, isStrips, spanOfView, zoomAbout } from './scene-view';
import { useCanvasSize } from './use-canvas-size';
import { type Heat, type Span, useFinerCounts } from './use-heat';
import { handleKey } from './use-keyboard';
import { usePanZoom } from './use-pan-zoom';
import type { Pen } from './use-pen-style';
import { usePointer } from './use-pointer';

/** So many packets are drawn one by one. */
const OPEN_AT = 4000;
const CLICK_ZOOM = 4;
const nothing = (): void => undefined;

export interface HeatFieldProps {
  /** Of the packets that are drawn: its lanes are those of the heat. */
  readonly layout: SceneLayout;
  readonly heat: Heat;
  readonly pen: Pen | null;
  readonly lanes: LaneSettings;
  readonly onLanes: (next: LaneSettings) => void;
  readonly choice: PacketChoice;
  readonly span: Span | null;
  readonly onSpan: (span: Span) => void;
  /** The packets of a span are wanted. */
  readonly onOpen: (span: Span) => void;
}

export function HeatField(props: HeatFieldProps) {
  const { heat, pen, span, onSpan, onOpen } = props;
  const { from, to } = heat;
  const fieldRef = useRef<HTMLDivElement>(null);
  const size = useCanvasSize(fieldRef);
  const layout = useMemo(() => heatLayoutOf(props.layout, from, to), [props.layout, from, to]);
  const countsFor = useFinerCounts(heat, span);
  const tell = (next: Span): void =>
    packetsWithin(countsFor(next), next) <= OPEN_AT ? onOpen(next) : onSpan(next);
  const { view, move } = usePanZoom(layout, size, span, tell);
  const shown: Span = size === null ? [from, to] : spanOfView(layout, size, view);
  const within: Span = [Math.max(from, shown[0]), Math.min(to, shown[1])];
  const counts = countsFor(within);
  const canvasRef = useRef<HTMLCanvasElement>(null);
  const sliderRef = useRef<HTMLDivElement>(null);
  const [marks] = useState(() => ({ body: new Marks(), pinned: new Marks() }));
  const [pointer, setPointer] = useState<{ readonly x: number; readonly y: number } | null>(null);

  useEffect(() => {
    const canvas = canvasRef.current;
    const context = canvas?.getContext('2d');
    if (!canvas || !context || !pen || !size || size.width === 0) return;
    const frame = requestAnimationFrame(() => {
      const ratio = globalThis.devicePixelRatio || 1;
      const [width, height] = [Math.round(size.width * ratio), Math.round(size.height * ratio)];
      if (canvas.width !== width) canvas.width = width;
      if (canvas.height !== height) canvas.height = height;
      const sceneView = { ...view, ...size, selected: -1, hovered: -1 };
      const { body, pinned } = drawHeat(layout, counts, sceneView, pen.measure, marks);
      context.setTransform(ratio, 0, 0, ratio, 0, 0);
      context.clearRect(0, 0, size.width, size.height);
      drawMarks(context, body, pen);
      drawMarks(context, pinned, pen);
      canvas.dataset.cells = String(body.bands.length);
    });
    return () => cancelAnimationFrame(frame);
  }, [layout, counts, view, size, pen, marks]);

  useFocusHandedOver(sliderRef);

  usePointer(fieldRef, move, {
    onPoint: setPointer,
    onClick: (x, y) => {
      move((known, own, room) => zoomAbout(own, room, known, CLICK_ZOOM, isStrips(own) ? x : y));
      sliderRef.current?.focus({ preventScroll: true });
    },
  });

  const placement = useMemo(
    () => placeScene(layout, size === null ? 0 : acrossPx(layout, size), view.left),
    [layout, size, view.left],
  );
  const described = describeHeat(counts, within, from);
  return (
    <div className="@container flex h-full min-h-0 flex-1 flex-col bg-surface">
      {pen && !isStrips(layout) && (
        <LaneHeader
          layout={props.layout}
          placement={placement}
          settings={props.lanes}
          measure={pen.measure}
          choice={props.choice}
          onLanes={props.onLanes}
        />
      )}
      <div
        ref={fieldRef}
        className="relative min-h-0 flex-1 touch-none overflow-hidden focus-within:outline-1 focus-within:-outline-offset-1 focus-within:outline-focus"
      >
        <canvas ref={canvasRef} aria-hidden className="absolute inset-0 h-full w-full" />
        <EdgeHints
          lanes={layout.plan.lanes}
          placement={placement}
          roomPx={size === null ? 0 : acrossPx(layout, size)}
          isStrips={isStrips(layout)}
          onPush={(px) => move((known) => ({ ...known, left: known.left + px }))}
        />
        <div
          ref={sliderRef}
          role="slider"
          tabIndex={0}
          aria-label="Heat: packets, latency and losses by hop over time"
          aria-valuemin={from}
          aria-valuemax={to}
          aria-valuenow={within[0]}
          aria-valuetext={described}
          data-part-focus
          className="absolute inset-x-0 bottom-0 flex h-7 items-center gap-3 border-t border-line bg-surface px-3 text-xs text-muted outline-none"
          onKeyDown={(event) => {
            const target = { layout, selected: -1, firstRow: 0, move };
            if (handleKey(event, { ...target, onSighting: nothing, onClear: nothing }))
              event.preventDefault();
          }}
        >
          <span className="figures min-w-0 flex-1 truncate">
            {(pointer && describeAt(layout, counts, view, placement.x, pointer)) ?? described}
          </span>
          <span className="shrink-0 @max-[480px]:hidden">Zoom in for packets</span>
        </div>
      </div>
    </div>
  );
}

/** The keyboard stays with the picture when packets become heat, and when heat opens into packets. */
function useFocusHandedOver(slider: RefObject<HTMLElement | null>): void {
  useLayoutEffect(() => {
    const own = slider.current;
    const list = own
      ?.closest('[data-part="picture"]')
      ?.querySelector<HTMLElement>('[data-journeys]');
    if (!own || !list) return;
    if (document.activeElement === list) own.focus({ preventScroll: true });
    return () => {
      if (document.activeElement === own)
        requestAnimationFrame(() => list.focus({ preventScroll: true }));
    };
  }, [slider]);
}

/** `0.000 – 5.120 s: 300,000 packets, 12 lost`. */
function describeHeat(counts: HeatCounts, shown: Span, from: number): string {
  const lost = counts.hops.reduce(
    (sum, hop) => sum + packetsWithin({ ...counts, packets: hop.lost }, shown),
    0,
  );
  const [start, end] = shown.map((time) => formatSeconds(Math.max(0, time - from), 3));
  const packets = formatQuantity(packetsWithin(counts, shown), 'packet');
  return `${start} – ${end} s: ${packets}${lost > 0 ? `, ${formatCount(lost)} lost` : ''}`;
}

/** What crossed the hop under the pointer in its bin; undefined where there is no hop. */
function describeAt(
  layout: SceneLayout,
  counts: HeatCounts,
  view: { readonly top: number; readonly scale: number },
  lanes: Float64Array,
  pointer: { readonly x: number; readonly y: number },
): string | undefined {
  const [along, across] = isStrips(layout) ? [pointer.x, pointer.y] : [pointer.y, pointer.x];
  const time = timeAt(layout, view.top + (along - timeOrigin(layout)) / view.scale);
  const told = readHeatAt(layout, counts, time, lanes, across);
  if (told === null) return undefined;
  const texts = told.readings.map(
    ({ direction, packets, lost, median }) =>
      `${direction === 'forward' ? '→' : '←'} ${formatCount(packets)}${Number.isNaN(median) ? '' : `, median ${formatDuration(median)}`}${lost > 0 ? `, ${formatCount(lost)} lost` : ''}`,
  );
  return `${formatSeconds(time - layout.zeroNs, 3)} s · ${told.name}: ${texts.join(' · ')}`;
}
