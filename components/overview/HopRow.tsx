'use client';
// One hop over time: its median latency with the band up to the 99th percentile, its losses beneath.
import { useRef } from 'react';
import { classNames } from '@/components/ui/class-names';
import { formatCount } from '@/components/ui/format-number';
import { LOG_BUCKETS, logQuantile } from '@/lib/base/log-buckets';
import { formatDuration } from '@/lib/base/time';
import type { HopSummary } from '@/lib/model/connection';
import { boundText } from '@/lib/model/latency-error';
import { latencyScale } from '@/lib/scene/hop-plot';
import { useWorkspace } from '@/lib/store/workspace';
import type { HopSeries, HopSeriesWindow } from '@/lib/store/workspace-state';
import type { Pen } from '../swimlane/use-pen-style';
import { drawSpan, usePlot } from './use-plot';

const HEIGHT_PX = 34;
const LOSS_PX = 4;

export function HopRow({
  hop,
  name,
  window: { from, to },
  told,
  isChosen,
  onChoose,
}: {
  readonly hop: HopSeries;
  readonly window: HopSeriesWindow;
  /** The hop of all packets; undefined: none took it. */
  readonly told: HopSummary | undefined;
  readonly name: string;
  readonly isChosen: boolean;
  readonly onChoose: () => void;
}) {
  const span = useWorkspace((state) => state.view.span);
  const field = useRef<HTMLButtonElement>(null);
  const canvas = usePlot(field, (context, size, pen) => {
    drawSpan(context, { fromNs: from, toNs: to, widthPx: size.width }, span, size.height, pen);
    drawRow(context, hop, size, pen);
  });
  const lost = sum(hop.lost);
  const errorNs = told?.latencyNs?.error;
  const bound = errorNs === undefined ? '' : boundText(errorNs);
  const packets = sum(hop.journeys);
  const isKnown = hop.buckets.length === LOG_BUCKETS && sum(hop.buckets) > 0;
  return (
    <button
      ref={field}
      type="button"
      aria-expanded={isChosen}
      onClick={onChoose}
      title={`${name}: ${formatCount(packets)} packets`}
      className={classNames(
        'relative block w-full border-t border-line text-left hover:bg-hover',
        isChosen && 'bg-chosen',
      )}
      style={{ height: HEIGHT_PX }}
    >
      <canvas ref={canvas} aria-hidden className="absolute inset-0 h-full w-full" />
      <span className="absolute top-0.5 left-0 max-w-[60%] truncate rounded-sm bg-sunken/80 pr-1 text-2xs">
        <span className={hop.direction === 'forward' ? 'text-forward' : 'text-reverse'}>
          {name}
        </span>
      </span>
      <span className="figures absolute top-0.5 right-0 rounded-sm bg-sunken/80 pl-1 text-2xs text-muted">
        {isKnown
          ? `${formatDuration(logQuantile(hop.buckets, 0.5))}${bound}, 99 % ${formatDuration(logQuantile(hop.buckets, 0.99))}`
          : 'no clock tells'}
        {told?.order?.confidence === 'tie' && ' · order a tie'}
        {lost > 0 && <span className="text-failure"> · {formatCount(lost)} lost</span>}
      </span>
    </button>
  );
}

const sum = (counts: Uint32Array): number => counts.reduce((all, count) => all + count, 0);

function drawRow(
  context: CanvasRenderingContext2D,
  { median, high, lost, direction }: HopSeries,
  size: { readonly width: number; readonly height: number },
  { theme }: Pen,
): void {
  const binPx = size.width / median.length;
  const barPx = Math.max(1, binPx - (binPx > 4 ? 1 : 0));
  const scale = latencyScale([...median, ...high], 15, size.height - LOSS_PX - 2);
  context.fillStyle = theme[direction];
  if (scale !== null)
    for (let bin = 0; bin < median.length; bin++) {
      if (Number.isNaN(median[bin])) continue;
      const [middle, top] = [scale.y(median[bin]), scale.y(high[bin])];
      context.globalAlpha = 0.28;
      context.fillRect(bin * binPx, top, barPx, Math.max(1, middle - top));
      context.globalAlpha = 1;
      context.fillRect(bin * binPx, middle - 1, Math.max(2, barPx), 2);
    }
  context.fillStyle = theme.failure;
  for (let bin = 0; bin < lost.length; bin++)
    if (lost[bin] > 0)
      context.fillRect(bin * binPx, size.height - LOSS_PX - 1, Math.max(2, barPx), LOSS_PX);
}
