// Pan and zoom of the swimlane as pure functions over the view: where it may go, what a span of time looks like in it.
import { placeScene, timeOrigin } from '@/lib/scene/draft';
import { placeOfTime, rowAtTime, type SceneLayout, timeAt } from '@/lib/scene/layout';

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

export const isStrips = (layout: SceneLayout): boolean => layout.input.arrangement === 'strips';

/** Px of the axis of time that show the document. */
export const roomPx = (layout: SceneLayout, size: Size): number =>
  Math.max(1, (isStrips(layout) ? size.width : size.height) - timeOrigin(layout));

/** Px of the axis of lanes. */
export const acrossPx = (layout: SceneLayout, size: Size): number =>
  isStrips(layout) ? size.height : size.width;

/** The view a window opens with: even spacing from the top at its natural size, or the whole of it to scale. */
export function openingView(layout: SceneLayout, size: Size): PanZoom {
  if (layout.input.timeMode === 'events') return { top: 0, scale: 1, left: 0 };
  return clampView(layout, size, { top: 0, scale: 0, left: 0 });
}

/** The nearest view that shows something: not before the first row, not beyond the last, not smaller than all of it. */
export function clampView(layout: SceneLayout, size: Size, view: PanZoom): PanZoom {
  const room = roomPx(layout, size);
  const even = layout.input.timeMode === 'events';
  const whole = Math.max(1e-12, (room - (even ? 0 : 2 * MARGIN_PX)) / Math.max(1, layout.length));
  const least = even ? Math.min(1, whole) : whole;
  const scale = Math.min(even ? MOST_EVEN_ZOOM : MOST_SCALE, Math.max(least, view.scale));
  const margin = even ? 0 : MARGIN_PX / scale;
  const lowest = Math.max(-margin, layout.length + margin - room / scale);
  const across = acrossPx(layout, size);
  const { contentWidth } = placeScene(layout, across);
  return {
    scale,
    top: Math.min(lowest, Math.max(-margin, view.top)),
    left: Math.min(Math.max(0, contentWidth - across), Math.max(0, view.left)),
  };
}

/** Zoom by a factor so that what is at `px` of the axis of time stays there. */
export function zoomAbout(
  layout: SceneLayout,
  size: Size,
  view: PanZoom,
  factor: number,
  px: number,
): PanZoom {
  const from = px - timeOrigin(layout);
  const at = view.top + from / view.scale;
  const { scale } = clampView(layout, size, { ...view, scale: view.scale * factor });
  return clampView(layout, size, { ...view, scale, top: at - from / scale });
}

/** Whether a row is comfortably in view along the axis of time. */
export function isRowInView(
  layout: SceneLayout,
  size: Size,
  { top, scale }: PanZoom,
  row: number,
): boolean {
  const at = (layout.y[row] - top) * scale;
  return at >= 20 && at <= roomPx(layout, size) - 40;
}

/** Reference times at the top and the bottom of the view, ns after the base. */
export function spanOfView(
  layout: SceneLayout,
  size: Size,
  view: PanZoom,
): readonly [number, number] {
  const end = timeAt(layout, view.top + roomPx(layout, size) / view.scale);
  return [timeAt(layout, view.top), end];
}

/** The view that shows a span of time from edge to edge, no larger than natural size. */
export function viewOfSpan(
  layout: SceneLayout,
  size: Size,
  view: PanZoom,
  [from, to]: readonly [number, number],
): PanZoom {
  const room = roomPx(layout, size);
  if (layout.input.timeMode !== 'events') {
    const top = placeOfTime(layout, from);
    const scale = room / Math.max(1, placeOfTime(layout, to) - top);
    return clampView(layout, size, { ...view, scale, top });
  }
  if (layout.rowCount === 0) return clampView(layout, size, view);
  const first = Math.min(layout.rowCount - 1, rowAtTime(layout, from));
  const end = rowAtTime(layout, to);
  const top = first === 0 ? 0 : layout.y[first] - MARGIN_PX;
  const bottom = end < layout.rowCount ? layout.y[end] : layout.length;
  const scale = Math.min(1, room / Math.max(1, bottom - top));
  return clampView(layout, size, { ...view, scale, top });
}
