'use client';
// The packets of one hop: when each took it and how long that was, how often each latency occurs at the right, losses at the foot.
import { type PointerEvent, useMemo, useRef, useState } from 'react';
import { Button } from '@/components/ui/Button';
import { formatCount } from '@/components/ui/format-number';
import { formatDuration, formatSeconds } from '@/lib/base/time';
import { boundText } from '@/lib/model/latency-error';
import { latencyBars, latencyScale, nearestPoint } from '@/lib/scene/hop-plot';
import { timeToX } from '@/lib/scene/overview';
import { useAnswer } from '@/lib/store/use-answer';
import { useWorkspace, workspace } from '@/lib/store/workspace';
import type {
  FrameTarget,
  HopPoints,
  HopSeries,
  HopSeriesWindow,
  PacketChoice,
} from '@/lib/store/workspace-state';
import { fontOf } from '../swimlane/canvas-pen';
import { useCanvasSize } from '../swimlane/use-canvas-size';
import type { Pen } from '../swimlane/use-pen-style';
import { drawSpan, type PlotSize, usePlot } from './use-plot';

const HEIGHT_PX = 168;
const TOP_PX = 16;
const FOOT_PX = 16;
const MOST_POINTS = 4000;
const REACH_PX = 8;
/** Width of the longest bar of the distribution. */
const BARS_PX = 88;
const SLOWEST = 4;

interface Placed {
  readonly x: Float64Array;
  readonly y: Float64Array;
  readonly scale: ReturnType<typeof latencyScale>;
}

export function HopScatter({
  hop,
  name,
  window,
  choice,
}: {
  readonly hop: HopSeries;
  readonly name: string;
  readonly window: HopSeriesWindow;
  readonly choice: PacketChoice;
}) {
  const field = useRef<HTMLDivElement>(null);
  const size = useCanvasSize(field);
  const points = usePoints(hop, choice);
  const selected = useWorkspace((state) => state.view.selected);
  const span = useWorkspace((state) => state.view.span);
  const [pointed, setPointed] = useState<number | null>(null);
  const placed = useMemo(
    () => (size === null ? null : place(points, window, size)),
    [points, window, size],
  );
  const canvas = usePlot(field, (context, plot, pen) => {
    if (placed === null) return;
    drawSpan(
      context,
      { fromNs: window.from, toNs: window.to, widthPx: plot.width },
      span,
      plot.height,
      pen,
    );
    draw(context, plot, pen, hop, points, placed, (row) => {
      const frame = targetOf(points, row);
      return row === pointed || (frame.frame === selected?.frame && frame.file === selected.file);
    });
  });
  if (points === null)
    return (
      <p className="px-0.5 py-2 text-xs text-muted">No clock tells how long this hop takes.</p>
    );

  const rowAt = (event: PointerEvent): number | null => {
    const box = field.current?.getBoundingClientRect();
    if (box === undefined || placed === null) return null;
    const at = { x: event.clientX - box.left, y: event.clientY - box.top };
    return nearestPoint(placed.x, placed.y, at, REACH_PX) ?? null;
  };
  return (
    <div className="pb-1">
      <div
        ref={field}
        role="img"
        aria-label={`${name}: latency of ${formatCount(points.time.length)} packets over time`}
        className="relative touch-none"
        style={{ height: HEIGHT_PX, cursor: pointed === null ? 'default' : 'pointer' }}
        onPointerMove={(event) => setPointed(rowAt(event))}
        onPointerLeave={() => setPointed(null)}
        onPointerDown={(event) => {
          const row = rowAt(event);
          if (row !== null) workspace.selectFrame(targetOf(points, row));
        }}
      >
        <canvas ref={canvas} aria-hidden className="absolute inset-0 h-full w-full" />
        {pointed !== null && pointed < points.time.length && (
          <p
            className="figures pointer-events-none absolute top-1 rounded-sm bg-raised px-1 text-2xs shadow-sm"
            style={tooltipPlace(placed?.x[pointed] ?? 0, size?.width ?? 0)}
          >
            {pointText(points, pointed, window.from)}
          </p>
        )}
      </div>
      <p className="flex flex-wrap items-center gap-x-1 text-2xs text-muted">
        slowest
        {slowestOf(points).map((row) => (
          <Button
            key={row}
            look="quiet"
            size="small"
            className="figures"
            onClick={() => workspace.selectFrame(targetOf(points, row))}
          >
            {tookText(points, row)} #{points.frame[row]}
          </Button>
        ))}
        {points.omitted > 0 && (
          <span>· {formatCount(points.omitted)} quicker packets are not drawn</span>
        )}
      </p>
    </div>
  );
}

/** Before the answer is there, and where no clock tells how long the hop took. */
const NO_POINTS: HopPoints = {
  time: new Float64Array(),
  latency: new Float64Array(),
  error: new Float64Array(),
  files: [],
  capture: new Uint16Array(),
  frame: new Uint32Array(),
  omitted: 0,
};

function usePoints({ from, to, direction }: HopSeries, choice: PacketChoice): HopPoints {
  const question = useMemo(
    () => ({ ...choice, from, to, direction, limit: MOST_POINTS }),
    [choice, from, to, direction],
  );
  return useAnswer('hopPoints', question)?.answer ?? NO_POINTS;
}

const targetOf = ({ files, capture, frame }: HopPoints, row: number): FrameTarget => ({
  file: files[capture[row]],
  frame: frame[row],
});

function pointText(points: HopPoints, row: number, from: number): string {
  const { file, frame } = targetOf(points, row);
  const took = points.latency[row];
  const what = Number.isNaN(took) ? 'lost' : tookText(points, row);
  return `${formatSeconds(points.time[row] - from)} s · ${what} · ${file} #${frame}`;
}

const tookText = ({ latency, error }: HopPoints, row: number): string =>
  `${formatDuration(latency[row])}${boundText(Number.isFinite(error[row]) ? error[row] : null)}`;

const tooltipPlace = (x: number, width: number) =>
  x > width / 2 ? { right: width - x + 8 } : { left: x + 8 };

/** Rows of the longest latencies, the longest first. */
function slowestOf({ latency }: HopPoints): readonly number[] {
  const rows: number[] = [];
  for (let row = 0; row < latency.length; row++) {
    if (Number.isNaN(latency[row])) continue;
    const at = rows.findIndex((other) => latency[other] < latency[row]);
    if (at >= 0) rows.splice(at, 0, row);
    else if (rows.length < SLOWEST) rows.push(row);
    if (rows.length > SLOWEST) rows.pop();
  }
  return rows;
}

function place(
  points: HopPoints,
  { from, to }: HopSeriesWindow,
  { width, height }: PlotSize,
): Placed {
  const foot = height - FOOT_PX;
  const scale = latencyScale(points.latency, TOP_PX, foot - 6);
  const axis = { fromNs: from, toNs: to, widthPx: width };
  return {
    x: Float64Array.from(points.time, (time) => timeToX(axis, time)),
    y: Float64Array.from(points.latency, (ns) =>
      Number.isNaN(ns) || scale === null ? height - FOOT_PX / 2 : scale.y(ns),
    ),
    scale,
  };
}

function draw(
  context: CanvasRenderingContext2D,
  { width, height }: PlotSize,
  { theme, families }: Pen,
  hop: HopSeries,
  { latency }: HopPoints,
  { x, y, scale }: Placed,
  isMarked: (row: number) => boolean,
): void {
  const foot = height - FOOT_PX;
  if (scale !== null) {
    context.font = fontOf('small', families);
    context.textBaseline = 'middle';
    for (const tick of scale.ticks) {
      const at = Math.round(scale.y(tick)) + 0.5;
      context.fillStyle = theme.line;
      context.fillRect(0, at, width, 1);
      context.fillStyle = theme['ink-faint'];
      context.fillText(formatDuration(tick), 2, at - 7);
    }
    context.fillStyle = theme[hop.direction];
    context.globalAlpha = 0.22;
    for (const { from, to, share } of latencyBars(hop.buckets)) {
      const top = scale.y(to);
      context.fillRect(
        width - share * BARS_PX,
        top,
        share * BARS_PX,
        Math.max(1, scale.y(from) - top - 0.5),
      );
    }
  }
  context.fillStyle = theme.line;
  context.globalAlpha = 1;
  context.fillRect(0, foot, width, 1);
  for (let row = 0; row < x.length; row++) {
    if (Number.isNaN(latency[row])) drawCross(context, x[row], y[row], theme.failure);
    else {
      context.fillStyle = theme[hop.direction];
      context.globalAlpha = 0.55;
      context.fillRect(x[row] - 1.25, y[row] - 1.25, 2.5, 2.5);
      context.globalAlpha = 1;
    }
    if (!isMarked(row)) continue;
    context.strokeStyle = theme.ink;
    context.beginPath();
    context.arc(x[row], y[row], 5, 0, 2 * Math.PI);
    context.stroke();
  }
}

function drawCross(context: CanvasRenderingContext2D, x: number, y: number, colour: string): void {
  context.strokeStyle = colour;
  context.lineWidth = 1.5;
  context.beginPath();
  for (const slope of [-1, 1]) {
    context.moveTo(x - 3.5, y - 3.5 * slope);
    context.lineTo(x + 3.5, y + 3.5 * slope);
  }
  context.stroke();
  context.lineWidth = 1;
}
