// Pan and zoom of the swimlane as pure functions over the view: where it may go, what a span of time looks like in it.
import { PINNED_PX, placeScene } from '@/lib/scene/draft';
import { rowAtTime, type SceneLayout, timeAt } from '@/lib/scene/layout';

export interface PanZoom {
  /** Units of the layout's document. */
  readonly top: number;
  /** Px per unit. */
  readonly scale: number;
  /** Px to the left. */
  readonly left: number;
}

export interface Size {
  readonly width: number;
  readonly height: number;
}

const MOST_EVEN_ZOOM = 4;
/** To scale: one nanosecond is at most this many px. */
const MOST_SCALE = 0.5;
const MARGIN_PX = 24;

const roomPx = (size: Size): number => Math.max(1, size.height - PINNED_PX);

/** The view a window opens with: even spacing from the top at its natural size, or the whole of it to scale. */
export function openingView(layout: SceneLayout, size: Size): PanZoom {
  if (layout.input.timeMode === 'events') return { top: 0, scale: 1, left: 0 };
  return clampView(layout, size, { top: 0, scale: 0, left: 0 });
}

/** The nearest view that shows something: not before the first row, not beyond the last, not smaller than all of it. */
export function clampView(layout: SceneLayout, size: Size, view: PanZoom): PanZoom {
  const room = roomPx(size);
  const even = layout.input.timeMode === 'events';
  const whole = Math.max(1e-12, (room - (even ? 0 : 2 * MARGIN_PX)) / Math.max(1, layout.length));
  const least = even ? Math.min(1, whole) : whole;
  const scale = Math.min(even ? MOST_EVEN_ZOOM : MOST_SCALE, Math.max(least, view.scale));
  const margin = even ? 0 : MARGIN_PX / scale;
  const lowest = Math.max(-margin, layout.length + margin - room / scale);
  const { contentWidth } = placeScene(layout, size.width);
  return {
    scale,
    top: Math.min(lowest, Math.max(-margin, view.top)),
    left: Math.min(Math.max(0, contentWidth - size.width), Math.max(0, view.left)),
  };
}

/** Zoom by a factor so that what is at `y` px of the canvas stays there. */
export function zoomAbout(
  layout: SceneLayout,
  size: Size,
  view: PanZoom,
  factor: number,
  y: number,
): PanZoom {
  const at = view.top + (y - PINNED_PX) / view.scale;
  const { scale } = clampView(layout, size, { ...view, scale: view.scale * factor });
  return clampView(layout, size, { ...view, scale, top: at - (y - PINNED_PX) / scale });
}

/** Reference times at the top and the bottom of the view, ns after the base. */
export function spanOfView(
  layout: SceneLayout,
  size: Size,
  view: PanZoom,
): readonly [number, number] {
  const end = timeAt(layout, view.top + roomPx(size) / view.scale);
  return [timeAt(layout, view.top), end];
}

/** The view that shows a span of time from edge to edge, no larger than natural size. */
export function viewOfSpan(
  layout: SceneLayout,
  size: Size,
  view: PanZoom,
  [from, to]: readonly [number, number],
): PanZoom {
  const room = roomPx(size);
  if (layout.input.timeMode === 'scale') {
    const scale = room / Math.max(1, to - from);
    return clampView(layout, size, { ...view, scale, top: from - layout.originNs });
  }
  if (layout.rowCount === 0) return clampView(layout, size, view);
  const first = Math.min(layout.rowCount - 1, rowAtTime(layout, from));
  const end = rowAtTime(layout, to);
  const top = first === 0 ? 0 : layout.y[first] - MARGIN_PX;
  const bottom = end < layout.rowCount ? layout.y[end] : layout.length;
  const scale = Math.min(1, room / Math.max(1, bottom - top));
  return clampView(layout, size, { ...view, scale, top });
}
