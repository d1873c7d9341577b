'use client';
// Packets that two clocks timed, over time: above the line what came to the host, below what it sent. Dragging moves its clock.
import { type PointerEvent, useMemo, useState } from 'react';
import { formatDuration } from '@/lib/base/time';
import type { ClockResiduals } from '@/lib/store/workspace-state';
import { residualSpan } from './residual-scale';

const WIDTH = 320;
const HEIGHT = 96;

export function ResidualChart({
  residuals,
  moved,
  onMove,
  onLetGo,
}: {
  readonly residuals: ClockResiduals;
  /** The clock is tried so much farther ahead, ns. */
  readonly moved: number;
  readonly onMove: (moved: number) => void;
  readonly onLetGo: (moved: number) => void;
}) {
  const [start, setStart] = useState<number | null>(null);
  const span = residualSpan(residuals);
  const nsPerPx = (2 * span) / HEIGHT;
  const paths = useMemo(() => drawDots(residuals, span), [residuals, span]);
  const movedBy = (event: PointerEvent): number =>
    start === null ? 0 : Math.round((event.clientY - start) * nsPerPx);
  return (
    <svg
      viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
      className="w-full cursor-ns-resize touch-none rounded-sm border border-line bg-surface select-none"
      role="img"
      aria-label={`Packets to this host and from it: dots above the line came, dots below were sent. Height ${formatDuration(2 * span)}.`}
      onPointerDown={(event) => {
        setStart(event.clientY);
        event.currentTarget.setPointerCapture(event.pointerId);
      }}
      onPointerMove={(event) => start !== null && onMove(movedBy(event))}
      onPointerUp={(event) => {
        onLetGo(movedBy(event));
        setStart(null);
      }}
      onPointerCancel={() => {
        onMove(0);
        setStart(null);
      }}
    >
      <g transform={`translate(0 ${moved / nsPerPx})`}>
        <path d={paths.arriving} className="fill-forward" />
        <path d={paths.sent} className="fill-reverse" />
      </g>
      <line
        x1={0}
        x2={WIDTH}
        y1={HEIGHT / 2}
        y2={HEIGHT / 2}
        className="stroke-line-strong"
        strokeWidth={1}
      />
      <text
        x={4}
        y={11}
        paintOrder="stroke"
        className="figures fill-muted stroke-surface stroke-2 text-[9px]"
      >
        came to it · +{formatDuration(span)}
      </text>
      <text
        x={4}
        y={HEIGHT - 4}
        paintOrder="stroke"
        className="figures fill-muted stroke-surface stroke-2 text-[9px]"
      >
        sent by it · −{formatDuration(span)}
      </text>
    </svg>
  );
}

/** A dot a sample, as two paths; those beyond the height stand at its edge. */
function drawDots(
  { time, residual, arriving }: ClockResiduals,
  span: number,
): { readonly arriving: string; readonly sent: string } {
  const from = time.reduce((least, one) => Math.min(least, one), Number.POSITIVE_INFINITY);
  const to = time.reduce((most, one) => Math.max(most, one), Number.NEGATIVE_INFINITY);
  const dots = { arriving: [] as string[], sent: [] as string[] };
  for (let i = 0; i < time.length; i++) {
    const x = 3 + ((time[i] - from) / Math.max(1, to - from)) * (WIDTH - 6);
    const share = Math.max(-1, Math.min(1, residual[i] / span));
    const y = HEIGHT / 2 - share * (HEIGHT / 2 - 2);
    dots[arriving[i] === 1 ? 'arriving' : 'sent'].push(
      `M${x.toFixed(1)} ${(y - 1).toFixed(1)}h2v2h-2z`,
    );
  }
  return { arriving: dots.arriving.join(''), sent: dots.sent.join('') };
}
