// What stands still around the journeys: lane lines, folded silences, the time scale, and the header over the lanes.
import { lowerBound } from '../base/bisect';
import { formatDuration, formatSeconds } from '../base/time';
import type { HopSummary } from '../model/connection';
import { findFitting } from './badges';
import { type Draft, type Placement, timeOrigin, toScreen, touches } from './draft';
import { readGroups } from './lane-groups';
import { type SceneLayout, timeAt } from './layout';
import { ALIGN_END, ALIGN_MIDDLE, LINE_DASHED, LINE_SOLID, LINE_WAVY, type Marks } from './marks';
import { shortenName } from './point-name';
import { tunnelsOfHops } from './sleeves';
import { FONT, type MeasureText, ROLE } from './theme';

/** Height of the header as the SVG draws it; the page has the distributions of the hops in its own. */
export const HEADER_PX = 60;
const LEAST_TICK_PX = 56;
/** Where texts lie along the axis. */
const LEAST_TURNED_TICK_PX = 120;
/** Folded silences closer than this to the one before are not drawn: ladder, strips. */
const GAP_PX = 16;
const TURNED_GAP_PX = 6;
/** Between two texts along the axis. */
const TEXT_GAP_PX = 8;

export function drawLaneLines({ layout, placement, marks, view }: Draft): void {
  layout.plan.lanes.forEach((lane, index) => {
    marks.line(
      placement.x[index],
      0,
      placement.x[index],
      view.height,
      ROLE.line,
      lane.idle ? LINE_DASHED : LINE_SOLID,
      1,
    );
  });
}

export function drawGaps(draft: Draft): void {
  const { layout, marks, measure, view, placement } = draft;
  const { gapY, gapNs, gapSide } = layout;
  const { gutter } = placement;
  const strips = layout.input.arrangement === 'strips';
  const first = lowerBound(gapY, view.top - 40 / view.scale);
  let lastY = Number.NEGATIVE_INFINITY;
  let textEnd = Number.NEGATIVE_INFINITY;
  for (let gap = first; gap < gapY.length; gap++) {
    if (view.side !== undefined && gapSide[gap] === 1 - view.side) continue;
    const y = toScreen(draft, gapY[gap]);
    if (y > view.height + 20) break;
    if (y - lastY < (strips ? TURNED_GAP_PX : GAP_PX)) continue;
    lastY = y;
    const text = formatDuration(gapNs[gap]);
    const width = measure(text, 'small');
    const right = Math.max(placement.labelX + placement.labelWidth, view.width - view.left) - 12;
    marks.line(gutter - 46 - view.left, y, right, y, ROLE['line-strong'], LINE_WAVY, 0.75);
    // Its length, where that has room along the axis.
    const half = strips ? width / 2 : GAP_PX / 2;
    if (y - half < textEnd || (strips && !isWithin(draft, y, half))) continue;
    textEnd = y + half + (strips ? TEXT_GAP_PX : 0);
    const end = gapEndOf(draft);
    const box = { left: end - width, right: end, top: y - 7, bottom: y + 7 };
    if (!strips && draft.taken.some((tick) => touches(box, tick))) continue;
    marks.text(text, end, y, width, ROLE['ink-faint'], FONT.small, ALIGN_END);
  }
}

/** Where the lengths of folded silences end, right-aligned. */
export const gapEndOf = ({ placement, view }: Pick<Draft, 'placement' | 'view'>): number =>
  placement.gutter - 54 - view.left;

/** Whether a text that lies along the axis of time is whole in view. */
export const isWithin = (
  { layout, view }: Pick<Draft, 'layout' | 'view'>,
  middle: number,
  half: number,
): boolean => middle - half >= timeOrigin(layout) - 14 && middle + half <= view.height - 2;

/** In even spacing there is no scale to draw. */
export function drawTimeScale(draft: Draft): void {
  const { input, rowCount } = draft.layout;
  if (input.timeMode !== 'events' && rowCount > 0) drawTimeTicks(draft);
}

const tickStep = ({ layout, view }: Pick<Draft, 'layout' | 'view'>): number =>
  niceStep(
    (layout.input.arrangement === 'strips' ? LEAST_TURNED_TICK_PX : LEAST_TICK_PX) / view.scale,
  );

/** A time at a tick: with as many digits as tell it from the next. */
export const formatTick = (draft: Pick<Draft, 'layout' | 'view'>, atNs: number): string =>
  formatSeconds(atNs, Math.min(9, Math.max(0, 9 - Math.floor(Math.log10(tickStep(draft))))));

/** Hairlines at round times. */
export function drawTimeTicks(draft: Draft): void {
  const { layout, marks, measure, view, placement } = draft;
  const strips = layout.input.arrangement === 'strips';
  const stepNs = tickStep(draft);
  const origin = timeOrigin(layout);
  const fromY = view.top - (strips ? 0 : origin / view.scale);
  const toY = Math.min(layout.length * 1.2 + stepNs, view.top + view.height / view.scale);
  let textEnd = Number.NEGATIVE_INFINITY;
  for (const [start, end] of stretchesBetweenFolds(layout, fromY, toY)) {
    // Between two folds time runs on unbroken: what is folded before them is added once.
    const folded = timeAt(layout, start) - layout.zeroNs - start;
    for (let at = Math.ceil((start + folded) / stepNs) * stepNs; at - folded <= end; at += stepNs) {
      const y = toScreen(draft, at - folded);
      if (y < origin + 6) continue;
      const text = formatTick(draft, at);
      marks.line(placement.gutter - 30 - view.left, y, view.width, y, ROLE.line, LINE_SOLID, 1);
      // Ticks of two stretches may come close where a silence between them is folded.
      const width = measure(text, 'label');
      const half = strips ? width / 2 : GAP_PX / 2;
      if (y - half < textEnd || (strips && !isWithin(draft, y, half))) continue;
      textEnd = y + half + (strips ? TEXT_GAP_PX : 0);
      const left = 12 - view.left;
      if (!strips) draft.taken.push({ left, right: left + width, top: y - 7, bottom: y + 7 });
      marks.text(text, left, y, width, ROLE['ink-muted'], FONT.label);
    }
  }
}

/** Parts of the document from `from` to `to` in which no silence is folded. */
function stretchesBetweenFolds(
  { gapY, foldNs }: SceneLayout,
  from: number,
  to: number,
): readonly (readonly [number, number])[] {
  const stretches: [number, number][] = [];
  let start = Math.max(0, from);
  for (let gap = lowerBound(gapY, start - foldNs); gap < gapY.length; gap++) {
    const end = Math.min(to, gapY[gap] - foldNs / 2);
    if (end > start) stretches.push([start, end]);
    start = Math.max(start, gapY[gap] + foldNs / 2);
    if (start > to) return stretches;
  }
  if (to > start) stretches.push([start, to]);
  return stretches;
}

/** The least of 1, 2, 5 · 10ⁿ that is not below `least`, and not below 1 ns. */
export function niceStep(least: number): number {
  const power = 10 ** Math.floor(Math.log10(Math.max(1, least)));
  const factor = [1, 2, 5, 10].find((candidate) => candidate * power >= least) ?? 10;
  return factor * power;
}

export interface HopCell {
  /** Lanes left and right of the hop. */
  readonly left: number;
  readonly right: number;
  /** Median latency, `12 µs`; empty where none is known. */
  readonly latency: string;
  readonly lost: number;
  /** `vxlan 42`: what packets travel in there; empty: nothing. */
  readonly tunnel: string;
  readonly forward: HopSummary | null;
  readonly reverse: HopSummary | null;
}

/** One cell between each two neighbouring lanes. */
export function readHopCells(layout: SceneLayout): readonly HopCell[] {
  const { plan, input } = layout;
  const { hops } = input;
  const tunnels = tunnelsOfHops(layout);
  return plan.lanes.slice(1).map((_, left) => {
    const right = left + 1;
    const find = (direction: 0 | 1, from: number, to: number): HopSummary | null =>
      hops.find(
        (hop) =>
          (hop.direction === 'forward') === (direction === 0) &&
          plan.laneOfStop(direction, hop.from) === from &&
          plan.laneOfStop(direction, hop.to) === to,
      ) ?? null;
    const forward = find(0, left, right);
    const reverse = find(1, right, left);
    const known = forward?.latencyNs ?? reverse?.latencyNs;
    return {
      left,
      right,
      latency: known ? formatDuration(known.p50) : '',
      lost: (forward?.lost ?? 0) + (reverse?.lost ?? 0),
      tunnel: tunnels.get(left) ?? '',
      forward,
      reverse,
    };
  });
}

/** The header as marks, for pens without a page. */
export function drawHeader(
  layout: SceneLayout,
  placement: Placement,
  measure: MeasureText,
  marks: Marks,
): void {
  const { lanes } = layout.plan;
  lanes.forEach((lane, index) => {
    const before = lanes[index - 1];
    const after = lanes[index + 1];
    const room = Math.min(
      before ? placement.x[index] - placement.x[index - 1] : 180,
      after ? placement.x[index + 1] - placement.x[index] : 180,
    );
    const name = shortenName(lane.name, room - 8, (text) => measure(text, 'name'));
    marks.text(
      name,
      placement.x[index],
      30,
      measure(name, 'name'),
      ROLE.ink,
      FONT.name,
      ALIGN_MIDDLE,
    );
  });
  for (const { text, bracket, x } of readGroups(layout, placement, measure)) {
    marks.text(text, x, 14, measure(text, 'role'), ROLE['ink-muted'], FONT.role, ALIGN_MIDDLE);
    if (bracket === null) continue;
    // A bracket over the lanes of one place, its heading in the gap.
    const half = measure(text, 'role') / 2 + 6;
    for (const [x1, x2] of [
      [bracket[0], x - half],
      [x + half, bracket[1]],
    ])
      if (x2 > x1) marks.line(x1, 14, x2, 14, ROLE['line-strong'], LINE_SOLID, 1);
    for (const end of bracket) marks.line(end, 14, end, 18, ROLE['line-strong'], LINE_SOLID, 1);
  }
  for (const { left, right, latency, lost, tunnel } of readHopCells(layout)) {
    const room = placement.x[right] - placement.x[left] + 16;
    const texts = hopTexts(latency, lost, tunnel);
    const text = findFitting(texts, room, (candidate) => measure(candidate, 'small')) ?? '';
    const x = (placement.x[left] + placement.x[right]) / 2;
    if (text !== '')
      marks.text(
        text,
        x,
        48,
        measure(text, 'small'),
        lost > 0 ? ROLE.failure : ROLE['ink-muted'],
        FONT.small,
        ALIGN_MIDDLE,
      );
  }
  marks.line(0, HEADER_PX - 0.5, placement.contentWidth, HEADER_PX - 0.5, ROLE.line, LINE_SOLID, 1);
}

/** What stands on a hop's head, longest first; what is lost is said before all else. */
function hopTexts(latency: string, lost: number, tunnel: string): readonly string[] {
  if (lost > 0) return [`${latency} · ${lost} lost`, `${lost} lost`, `−${lost}`];
  return tunnel === '' ? [latency] : [`${latency} · ${tunnel}`, latency];
}
