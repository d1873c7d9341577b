// Draws the overview's small multiples on a canvas; the brush over them is DOM.
import { barHeights, OVERVIEW_SERIES, type OverviewCounts } from '@/lib/scene/overview';
import { fontOf } from '../swimlane/canvas-pen';
import type { Pen } from '../swimlane/use-pen-style';

const BOTTOM_PX = 14;
const TOP_PX = 6;
const EVENT_PX = 3;

export function drawOverview(
  context: CanvasRenderingContext2D,
  overview: OverviewCounts,
  size: { readonly width: number; readonly height: number },
  pen: Pen,
): void {
  context.clearRect(0, 0, size.width, size.height);
  const bins = Math.max(1, overview.packets.length);
  const binPx = size.width / bins;
  const barPx = Math.max(1, binPx - (binPx > 4 ? 1.5 : 0));
  const room = size.height - TOP_PX - BOTTOM_PX;
  let top = TOP_PX;
  for (const { key, role, share } of OVERVIEW_SERIES) {
    const counts = overview[key];
    const height = room * share;
    const bottom = top + height;
    context.fillStyle = pen.theme[role];
    if (key === 'packets') {
      drawProfile(context, counts, binPx, barPx, bottom, height, 0.38);
      // The connections shown in the swimlane stand out from all others.
      drawProfile(context, overview.chosen, binPx, barPx, bottom, height, 0.9, counts);
    } else {
      for (let bin = 0; bin < bins; bin++)
        if (counts[bin] > 0)
          context.fillRect(
            bin * binPx,
            bottom - height * 0.75,
            Math.max(EVENT_PX, barPx),
            height * 0.6,
          );
    }
    top = bottom;
  }
  drawLegend(context, overview, size, pen);
}

function drawProfile(
  context: CanvasRenderingContext2D,
  counts: Uint32Array,
  binPx: number,
  barPx: number,
  bottom: number,
  height: number,
  alpha: number,
  scaleOf: Uint32Array = counts,
): void {
  const most = scaleOf.reduce((greatest, count) => Math.max(greatest, count), 0);
  if (most === 0) return;
  const whole = barHeights(Uint32Array.from([...counts, most]));
  context.globalAlpha = alpha;
  for (let bin = 0; bin < counts.length; bin++) {
    const bar = counts[bin] === 0 ? 0 : Math.max(1.5, whole[bin] * height);
    context.fillRect(bin * binPx, bottom - bar, barPx, bar);
  }
  context.globalAlpha = 1;
}

/** Names what is there, each in its own colour, and that nothing else is. */
function drawLegend(
  context: CanvasRenderingContext2D,
  overview: OverviewCounts,
  size: { readonly height: number },
  pen: Pen,
): void {
  context.font = fontOf('role', pen.families);
  context.textBaseline = 'alphabetic';
  context.textAlign = 'start';
  let x = 0;
  for (const { key, label, role } of OVERVIEW_SERIES) {
    const total = overview[key].reduce((sum, count) => sum + count, 0);
    if (total === 0) continue;
    const text = `${total.toLocaleString('en-GB')} ${label}`;
    context.fillStyle = pen.theme[role];
    context.fillText(text, x, size.height - 4);
    x += context.measureText(text).width + 14;
  }
  if (x > 0 && OVERVIEW_SERIES.slice(1).every(({ key }) => overview[key].every((n) => n === 0))) {
    context.fillStyle = pen.theme['ink-faint'];
    context.fillText('no loss, no reset, no retry', x, size.height - 4);
  }
}
