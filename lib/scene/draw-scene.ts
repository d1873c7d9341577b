// One view of a layout as marks: picks the rows in view by binary search and hands them to the parts of the drawing.
import { lowerBound } from '../base/bisect';
import { journeyOfSighting } from '../model/rewrites';
import {
  type Draft,
  isOnSide,
  type Placement,
  placeScene,
  type SceneView,
  timeOrigin,
  toScreen,
} from './draft';
import { drawBadges } from './draw-badges';
import { drawDensity } from './draw-density';
import { drawGaps, drawLaneLines, drawTimeScale } from './draw-frame';
import { type DrawnJourney, drawJourney } from './draw-journey';
import { drawLabels, drawSparseTimes, type RowTold } from './draw-labels';
import { drawFirstParting } from './draw-partings';
import { drawStripHeads, drawStripTexts } from './draw-strips';
import { drawTuples, type PinnedJourneys } from './draw-tuples';
import { rowOfJourney, type SceneLayout } from './layout';
import { Marks } from './marks';
import { ROW_VISIBLE } from './row-facts';
import { CONNECTION_ROLES, type MeasureText, ROLE } from './theme';
import { turnMarks } from './turned-marks';

/** Rows closer than this are merged into stripes. */
const LEAST_ROW_PX = 3;
const BAR_PX = 14;

export interface Scene {
  readonly body: Marks;
  /** Over the body, at its top edge: does not scroll. */
  readonly pinned: Marks;
  readonly placement: Placement;
  /** Rows in view, `firstRow` … `endRow` − 1. */
  readonly firstRow: number;
  readonly endRow: number;
  readonly dense: boolean;
}

/** Marks of `reuse` are overwritten when given. */
export function drawScene(
  layout: SceneLayout,
  view: SceneView,
  measure: MeasureText,
  reuse?: Pick<Scene, 'body' | 'pinned'>,
): Scene {
  const body = reuse?.body ?? new Marks();
  const pinned = reuse?.pinned ?? new Marks();
  body.reset();
  pinned.reset();
  const strips = layout.input.arrangement === 'strips';
  // Strips are drawn as a ladder whose width is their height, and turned.
  const ownView = strips ? { ...view, width: view.height, height: view.width } : view;
  const placement = placeScene(layout, ownView.width, view.left);
  const marks = strips ? turnMarks(body) : body;
  const draft: Draft = { layout, view: ownView, placement, measure, marks, taken: [], steps: [] };

  const unit = 1 / view.scale;
  const firstRow = lowerBound(layout.y, view.top - layout.reach - 40 * unit);
  const endRow = lowerBound(layout.y, view.top + ownView.height * unit + 40 * unit);
  const rows = endRow - firstRow;
  const dense = rows > 64 && ownView.height / rows < LEAST_ROW_PX;

  drawFirstParting(draft);
  drawTimeScale(draft);
  drawLaneLines(draft);
  if (dense) {
    drawDensity(draft, firstRow, endRow);
    drawSparseTimes(draft);
    drawChosen(draft, firstRow, endRow);
  } else {
    drawGaps(draft);
    drawRows(draft, body, firstRow, endRow);
  }
  if (layout.plan.lanes.length > 0) {
    const told = pinnedJourneys(layout, view, firstRow, endRow);
    if (strips) drawStripHeads(draft, pinned, told);
    else drawTuples({ ...draft, marks: pinned }, told);
  }
  return { body, pinned, placement, firstRow, endRow, dense };
}

/** Among rows too close for lines, the one that is looked at. */
function drawChosen(draft: Draft, firstRow: number, endRow: number): void {
  const { layout, view } = draft;
  if (view.selected < 0) return;
  const journey = journeyOfSighting(layout.input.window, view.selected);
  const row = rowOfJourney(layout, journey);
  const isInView = row >= firstRow && row < endRow && layout.order[row] === journey;
  if (isInView && isOnSide(draft, journey))
    drawJourney(draft, journey, toScreen(draft, layout.y[row]), Number.POSITIVE_INFINITY);
}

function drawRows(draft: Draft, body: Marks, firstRow: number, endRow: number): void {
  const { layout, view, marks, placement } = draft;
  const { order, y, facts } = layout;
  const strips = layout.input.arrangement === 'strips';
  const origin = timeOrigin(layout);
  const drawn: DrawnJourney[] = [];
  const told: RowTold[] = [];
  let reached = Number.NEGATIVE_INFINITY;
  for (let row = firstRow; row < endRow; row++) {
    const journey = order[row];
    if (!(facts.bits[journey] & ROW_VISIBLE) || !isOnSide(draft, journey)) continue;
    const rowY = toScreen(draft, y[row]);
    const before = neighbourOf(draft, row, -1);
    const after = neighbourOf(draft, row, 1);
    const above = before < 0 ? Infinity : rowY - toScreen(draft, y[before]);
    const next = after < 0 ? Infinity : toScreen(draft, y[after]);
    const shown = drawJourney(draft, journey, rowY, Math.min(above, next - rowY));
    if (shown.bottom < origin - 40 || shown.top > view.height + 40) continue;
    if (!strips) {
      // To scale, the line of a row before may reach down as far as this one's, and beyond it.
      const over = Math.min(above, shown.top - reached);
      const under = reached > shown.bottom ? 0 : next - shown.bottom;
      told.push(drawBadges(draft, shown, over, under));
    }
    reached = Math.max(reached, shown.bottom);
    drawn.push(shown);
    if (layout.isMixed) drawConnectionBar(draft, shown);
    if (isSelected(draft, journey)) {
      const width = Math.max(view.width, placement.contentWidth);
      marks.band(0, shown.top - 10, width, shown.bottom - shown.top + 20, ROLE.selection, 1);
    }
  }
  if (strips) drawStripTexts(draft, body, drawn);
  else drawLabels(draft, drawn, told);
}

/** The row before or after on the same side; −1: none. */
function neighbourOf(draft: Draft, row: number, step: -1 | 1): number {
  const { order, rowCount } = draft.layout;
  let other = row + step;
  while (other >= 0 && other < rowCount && !isOnSide(draft, order[other])) other += step;
  return other < rowCount ? other : -1;
}

/** A bar before the time says in its colour which of the picture's connections the packet is of. */
function drawConnectionBar({ layout, view, marks }: Draft, { journey, rowY }: DrawnJourney): void {
  const connection = layout.input.window.journeys.connection[journey];
  const role = CONNECTION_ROLES[connection % CONNECTION_ROLES.length];
  marks.band(3 - view.left, rowY - BAR_PX / 2, 3, BAR_PX, role, 1);
}

function isSelected({ layout, view }: Draft, journey: number): boolean {
  const { firstSighting, sightingCount } = layout.input.window.journeys;
  const first = firstSighting[journey];
  return view.selected >= first && view.selected < first + sightingCount[journey];
}

/** Journeys whose tuples the strip tells: the one chosen, if that is in view, beside the fullest of its connection; else those of the one at the top. */
function pinnedJourneys(
  layout: SceneLayout,
  view: SceneView,
  firstRow: number,
  endRow: number,
): PinnedJourneys {
  const { window } = layout.input;
  if (layout.rowCount === 0) return { forward: -1, reverse: -1 };
  const top = Math.min(layout.rowCount - 1, Math.max(firstRow, lowerBound(layout.y, view.top)));
  const chosen = view.selected < 0 ? -1 : journeyOfSighting(window, view.selected);
  const row = chosen < 0 ? -1 : rowOfJourney(layout, chosen);
  const isInView =
    row >= firstRow &&
    row < endRow &&
    layout.order[row] === chosen &&
    isOnSide({ layout, view }, chosen);
  const journey = isInView ? chosen : layout.order[top];
  const connection = view.side ?? window.journeys.connection[journey];
  const direction = window.journeys.direction[journey];
  const { forward, reverse } = layout.exemplars;
  return {
    forward: isInView && direction === 0 ? chosen : forward[connection],
    reverse: isInView && direction === 1 ? chosen : reverse[connection],
  };
}

/** Place of the document that puts a sighting's row a third of the way down the view. */
export function topForSighting(layout: SceneLayout, view: SceneView, sighting: number): number {
  const row = rowOfJourney(layout, journeyOfSighting(layout.input.window, sighting));
  const px = layout.input.arrangement === 'strips' ? view.width : view.height;
  return (layout.y[row] ?? layout.length) - (px - timeOrigin(layout)) / 3 / view.scale;
}
