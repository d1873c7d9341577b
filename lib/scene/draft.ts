// What every part of the drawing shares: where lanes and rows stand in px for one view of a layout.
import type { Lane } from './lanes';
import { dropOf, type SceneLayout } from './layout';
import type { MarkSink } from './marks';
import { ROW_DIMMED } from './row-facts';
import { type MeasureText, ROLE } from './theme';

export interface SceneView {
  readonly width: number;
  readonly height: number;
  /** Place of the layout's document at the top edge: px at zoom 1, or ns after the first row. */
  readonly top: number;
  /** Screen px per unit of the document: the zoom, or px per ns. */
  readonly scale: number;
  /** Screen px that the lanes are pushed to the left. */
  readonly left: number;
  /** Rows of the window's sightings; −1: none. */
  readonly selected: number;
  readonly hovered: number;
  /** Of two connections side by side the one that is drawn; the other's rows keep their places. Absent: all are. */
  readonly side?: 0 | 1;
}

export interface Placement {
  /** Middle of each lane. */
  readonly x: Float64Array;
  readonly labelX: number;
  readonly labelWidth: number;
  /** Lanes and labels together; more than the view is wide when the lanes do not fit. */
  readonly contentWidth: number;
  /** Room before the first lane. */
  readonly gutter: number;
}

/** Room left of the first lane for times and step numbers. */
const GUTTER_PX = 132;
/** Height of the strip at the top that says which tuple is in force where, a line a direction. */
export const PINNED_PX = 44;
const LEAST_HOP_PX = 76;
const LABEL_GAP_PX = 24;
/** With room for the number of a step between lane and label. */
const STEP_GAP_PX = 34;
/** Behind a lane alone goes on what nobody saw again, to a question mark. */
const LONE_GAP_PX = 44;
const LEAST_LABEL_PX = 96;
interface LeastRoom {
  readonly gutter: number;
  readonly hop: number;
  readonly label: number;
  /** Of the width, for labels. */
  readonly labelShare: number;
}

const ALONE: LeastRoom = {
  gutter: GUTTER_PX,
  hop: LEAST_HOP_PX,
  label: LEAST_LABEL_PX,
  labelShare: 0.22,
};
/** The same of many lanes, if all of them are in view that way. */
const CLOSE: LeastRoom = { gutter: 108, hop: 44, label: 32, labelShare: 0 };
/** The same where two ladders stand beside each other. */
const PAIR: LeastRoom = { gutter: 98, hop: 26, label: 32, labelShare: 0.14 };
const MOST_LABEL_PX = 460;

/** Spreads the lanes over the width that the labels leave. */
function placeLanes(
  lanes: readonly Lane[],
  width: number,
  left: number,
  gapPx: number,
  least: LeastRoom,
): Placement {
  const wanted = Math.min(MOST_LABEL_PX, Math.max(least.label, width * least.labelShare));
  const hops = lanes.at(-1)?.at ?? 0;
  const gap = hops === 0 ? Math.max(gapPx, LONE_GAP_PX) : gapPx;
  const room = width - least.gutter - gap - wanted;
  const hopPx = hops === 0 ? 0 : Math.max(least.hop, room / hops);
  // A lane alone stands a third of the way in, so that what leaves it has room.
  const start = hops === 0 ? Math.max(least.gutter, width / 3) : least.gutter;
  const x = Float64Array.from(lanes, ({ at }) => start + at * hopPx - left);
  const labelX = start + hops * hopPx + gap - left;
  const labelWidth = Math.max(least.label, width - (labelX + left) - 12);
  return { x, labelX, labelWidth, contentWidth: labelX + left + labelWidth, gutter: least.gutter };
}

/** The lanes of a layout over the width of a ladder, the height of strips. */
export function placeScene({ plan, steps, input }: SceneLayout, px: number, left = 0): Placement {
  const { lanes } = plan;
  if (input.arrangement === 'strips') return placeStrips(lanes, px, left);
  const gap = steps.length > 0 ? STEP_GAP_PX : LABEL_GAP_PX;
  const own = placeLanes(lanes, px, left, gap, input.isPair ? PAIR : ALONE);
  if (input.isPair || own.contentWidth <= px) return own;
  const close = placeLanes(lanes, px, left, gap, CLOSE);
  return close.contentWidth <= px ? close : own;
}

/** Where on the axis of time the document's `top` stands, screen px. */
export const timeOrigin = ({ input }: SceneLayout): number =>
  input.arrangement === 'strips' ? STRIP_HEAD_PX : PINNED_PX;

/** Room above the first lane of strips: times, silences, labels of requests. */
export const STRIP_TOP_PX = 92;
/** Room under the last lane: labels of replies. */
const STRIP_BOTTOM_PX = 52;
const LEAST_STRIP_PX = 44;
const MOST_STRIP_PX = 150;
/** Width of the strips' heads: names, tuples, latencies. */
export const STRIP_HEAD_PX = 232;

/** The lanes of strips over a height; `x` is their y, since strips are drawn turned. */
function placeStrips(lanes: readonly Lane[], height: number, left: number): Placement {
  const hops = lanes.at(-1)?.at ?? 0;
  const room = height - STRIP_TOP_PX - STRIP_BOTTOM_PX;
  const hopPx = hops === 0 ? 0 : Math.min(MOST_STRIP_PX, Math.max(LEAST_STRIP_PX, room / hops));
  const x = Float64Array.from(lanes, ({ at }) => STRIP_TOP_PX + at * hopPx - left);
  const labelX = STRIP_TOP_PX + hops * hopPx + STRIP_BOTTOM_PX / 2 - left;
  return {
    x,
    labelX,
    labelWidth: STRIP_BOTTOM_PX / 2,
    contentWidth: labelX + left + STRIP_BOTTOM_PX / 2,
    gutter: STRIP_TOP_PX,
  };
}

export interface Draft {
  readonly layout: SceneLayout;
  readonly view: SceneView;
  readonly placement: Placement;
  readonly measure: MeasureText;
  readonly marks: MarkSink;
  /** Where badges stand already, so that no two do in one place; grows while the picture is drawn. */
  readonly taken: Box[];
  /** And where numbers of steps do. */
  readonly steps: Box[];
}

export interface Box {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

export const touches = (a: Box, b: Box): boolean =>
  a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;

/** Screen y of a place of the document. */
export const toScreen = ({ view, layout }: Pick<Draft, 'view' | 'layout'>, y: number): number =>
  timeOrigin(layout) + (y - view.top) * view.scale;

/** Screen y of a sighting, given its row's. */
export function sightingY(draft: Draft, rowY: number, journey: number, sighting: number): number {
  const { layout, view } = draft;
  const time = layout.input.window.sightings.referenceTime[sighting];
  return layout.input.timeMode === 'events'
    ? rowY + dropOf(layout, journey, time) * view.scale
    : rowY + (time - layout.facts.startNs[journey]) * view.scale;
}

/** Ink of a mark of a journey: what the filter leaves out has one for all of it. */
export const inkOf = ({ layout }: Draft, journey: number, role: number): number =>
  layout.facts.bits[journey] & ROW_DIMMED ? ROLE.dimmed : role;

/** Whether a journey is drawn in this view: of two connections side by side one is. */
export const isOnSide = (
  { layout, view }: Pick<Draft, 'layout' | 'view'>,
  journey: number,
): boolean =>
  view.side === undefined || layout.input.window.journeys.connection[journey] === view.side;

/** Whether rows are far enough apart for badges: to scale they stand where time puts them and badges find their own room. */
export const hasRoomForBadges = ({ layout, view }: Draft): boolean =>
  layout.input.timeMode !== 'events' || view.scale >= 0.85;
