// The swimlane by keyboard: packets by j and k or the arrows, sightings by left and right, the view by page, Home, End, + and −.
import type { KeyboardEvent } from 'react';
import { journeyOfSighting } from '@/lib/model/rewrites';
import { rowOfJourney, type SceneLayout } from '@/lib/scene/layout';
import { ROW_VISIBLE } from '@/lib/scene/row-facts';
import { isStrips, roomPx, type Size, zoomAbout } from './scene-view';
import type { MoveView } from './use-pan-zoom';

const ZOOM_STEP = 1.25;
/** Screen px of a scroll step where nothing is chosen. */
const STEP_PX = 44;

const TURNED_KEYS: Readonly<Record<string, string>> = {
  ArrowRight: 'ArrowDown',
  ArrowLeft: 'ArrowUp',
  ArrowDown: 'ArrowRight',
  ArrowUp: 'ArrowLeft',
};

const middle = (layout: SceneLayout, { width, height }: Size): number =>
  (isStrips(layout) ? width : height) / 2;

export interface KeyboardTarget {
  readonly layout: SceneLayout;
  /** Of two connections side by side the one that has the keys. */
  readonly side?: 0 | 1;
  /** Rows of the sightings; −1: none. */
  readonly selected: number;
  readonly firstRow: number;
  readonly move: MoveView;
  readonly onSighting: (sighting: number) => void;
  readonly onClear: () => void;
}

/** Handles the key and says so; keys with no meaning here are left alone. */
export function handleKey(event: KeyboardEvent, target: KeyboardTarget): boolean {
  if (event.ctrlKey || event.metaKey || event.altKey) return false;
  const { layout, selected, move } = target;
  const page = (share: number): void =>
    move((view, own, size) => ({
      ...view,
      top: view.top + (share * roomPx(own, size)) / view.scale,
    }));
  // In strips packets follow each other to the right, and their lanes downwards.
  const key = isStrips(layout) ? (TURNED_KEYS[event.key] ?? event.key) : event.key;
  switch (key) {
    case 'j':
      stepPacket(target, 1);
      break;
    case 'k':
      stepPacket(target, -1);
      break;
    case 'ArrowDown':
    case 'ArrowUp': {
      const step = key === 'ArrowDown' ? 1 : -1;
      if (selected >= 0) stepPacket(target, step);
      else move((view) => ({ ...view, top: view.top + (step * STEP_PX) / view.scale }));
      break;
    }
    case 'ArrowLeft':
    case 'ArrowRight': {
      const step = key === 'ArrowRight' ? 1 : -1;
      if (selected >= 0) stepSighting(target, step);
      else move((view) => ({ ...view, left: view.left + step * STEP_PX }));
      break;
    }
    case 'PageDown':
      page(0.9);
      break;
    case 'PageUp':
      page(-0.9);
      break;
    case 'Home':
      move((view) => ({ ...view, top: Number.NEGATIVE_INFINITY }));
      break;
    case 'End':
      move((view) => ({ ...view, top: layout.length }));
      break;
    case '+':
    case '=':
      move((view, own, size) => zoomAbout(own, size, view, ZOOM_STEP, middle(own, size)));
      break;
    case '-':
      move((view, own, size) => zoomAbout(own, size, view, 1 / ZOOM_STEP, middle(own, size)), true);
      break;
    case 'Escape':
      // Side by side it leaves the comparison.
      if (selected < 0 || target.side !== undefined) return false;
      target.onClear();
      break;
    default:
      return false;
  }
  return true;
}

/** The next packet with a lane in view, at the same point where it has one there. */
function stepPacket(
  { layout, side, selected, firstRow, onSighting }: KeyboardTarget,
  step: 1 | -1,
): void {
  const { window } = layout.input;
  const { journeys, sightings } = window;
  let row =
    selected < 0
      ? firstRow - (step > 0 ? 1 : 0)
      : rowOfJourney(layout, journeyOfSighting(window, selected));
  do row += step;
  while (
    row >= 0 &&
    row < layout.rowCount &&
    (!(layout.facts.bits[layout.order[row]] & ROW_VISIBLE) ||
      (side !== undefined && journeys.connection[layout.order[row]] !== side))
  );
  if (row < 0 || row >= layout.rowCount) return;
  const journey = layout.order[row];
  const first = journeys.firstSighting[journey];
  let next = first;
  for (let i = first + journeys.sightingCount[journey] - 1; i >= first && selected >= 0; i--)
    if (sightings.point[i] === sightings.point[selected] && sightings.branch[i] === 0) next = i;
  onSighting(next);
}

/** The sighting to the left or right of the chosen one on its line. */
function stepSighting({ layout, selected, onSighting }: KeyboardTarget, step: 1 | -1): void {
  const { journeys, sightings } = layout.input.window;
  const journey = journeyOfSighting(layout.input.window, selected);
  const along = journeys.direction[journey] === 0 ? step : -step;
  const first = journeys.firstSighting[journey];
  const next = selected + along;
  if (
    next >= first &&
    next < first + journeys.sightingCount[journey] &&
    sightings.branch[next] === 0
  )
    onSighting(next);
}
