'use client';
// Of two connections side by side one has often nothing where the other goes on: that is said where it is empty, with the way to its next packet.
import { ChevronDown, ChevronUp } from 'lucide-react';
import { useMemo } from 'react';
import { lowerBound } from '@/lib/base/bisect';
import { formatTime } from '@/lib/scene/draw-labels';
import type { SceneLayout } from '@/lib/scene/layout';
import { type PanZoom, roomPx, type Size } from './scene-view';
import type { MoveView } from './use-pan-zoom';

/** An empty stretch of a side that is told, px. */
const EMPTY_PX = 72;
/** Where a row that is gone to stands under the upper edge. */
const LANDING_PX = 48;

export function SideEdge({
  layout,
  side,
  size,
  view,
  move,
}: {
  readonly layout: SceneLayout;
  readonly side: 0 | 1;
  readonly size: Size;
  readonly view: PanZoom;
  readonly move: MoveView;
}) {
  const own = useMemo(() => rowsOfSide(layout, side), [layout, side]);
  const bottom = view.top + roomPx(layout, size) / view.scale;
  const next = lowerBound(own.y, bottom);
  const lastY = next > 0 ? own.y[next - 1] : Number.NEGATIVE_INFINITY;
  const emptyPx = (bottom - Math.max(lastY, view.top)) * view.scale;
  if (own.y.length === 0 || emptyPx < EMPTY_PX) return null;
  const isOver = next === own.y.length;
  const isAbove = lastY < view.top;
  const goTo = (y: number): void =>
    move((known) => ({ ...known, top: y - LANDING_PX / known.scale }));
  const timeOf = (index: number): string =>
    `${formatTime(layout, layout.facts.startNs[own.journeys[index]])} s`;
  const className =
    'absolute bottom-2 left-1/2 z-10 inline-flex h-6 max-w-[calc(100%-16px)] -translate-x-1/2 items-center gap-1 rounded-md border border-line bg-surface px-2 text-xs whitespace-nowrap text-muted';
  if (isOver && !isAbove)
    return <p className={className}>no more packets: the last at {timeOf(next - 1)}</p>;
  const target = isOver ? next - 1 : next;
  const Icon = isOver ? ChevronUp : ChevronDown;
  return (
    <button
      type="button"
      onClick={() => goTo(own.y[target])}
      className={`${className} hover:bg-hover hover:text-ink`}
    >
      {isOver ? 'no more packets: the last at' : 'silent here: the next packet at'} {timeOf(target)}
      <Icon size={13} aria-hidden />
    </button>
  );
}

/** Rows of one of the two, from the top: their places in the document and their journeys. */
function rowsOfSide(
  { order, y, rowCount, input }: SceneLayout,
  side: 0 | 1,
): { readonly y: Float64Array; readonly journeys: Uint32Array } {
  const { connection } = input.window.journeys;
  const rows: number[] = [];
  for (let row = 0; row < rowCount; row++) if (connection[order[row]] === side) rows.push(row);
  return {
    y: Float64Array.from(rows, (row) => y[row]),
    journeys: Uint32Array.from(rows, (row) => order[row]),
  };
}
