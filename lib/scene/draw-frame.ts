// What stands still around the journeys: lane lines, folded silences, the time scale, and the header over the lanes.
import { lowerBound } from '../base/bisect';
import { formatDuration, formatSeconds } from '../base/time';
import type { HopSummary } from '../model/connection';
import { findFitting } from './badges';
import { type Draft, GUTTER_PX, PINNED_PX, type Placement, toScreen } from './draft';
import type { Lane, LanePlan } from './lanes';
import type { SceneLayout } from './layout';
import { ALIGN_END, ALIGN_MIDDLE, LINE_DASHED, LINE_SOLID, LINE_WAVY, type Marks } from './marks';
import { FONT, type MeasureText, ROLE } from './theme';

/** Height of the header as the SVG draws it; the page's header is of the same height. */
export const HEADER_PX = 60;
const LEAST_TICK_PX = 56;
const MOST_ROLE_PX = 240;
const ROLE_SPACE_PX = 6;

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
  const { gapY, gapNs } = layout;
  const first = lowerBound(gapY, view.top - 40);
  let lastY = Number.NEGATIVE_INFINITY;
  for (let gap = first; gap < gapY.length; gap++) {
    const y = toScreen(draft, gapY[gap]);
    if (y > view.height + 20) break;
    if (y - lastY < 16) continue;
    lastY = y;
    const text = formatDuration(gapNs[gap]);
    const right = Math.max(placement.labelX + placement.labelWidth, view.width - view.left) - 12;
    marks.line(GUTTER_PX - 46 - view.left, y, right, y, ROLE['line-strong'], LINE_WAVY, 0.75);
    marks.text(
      text,
      GUTTER_PX - 54 - view.left,
      y,
      measure(text, 'small'),
      ROLE['ink-faint'],
      FONT.small,
      ALIGN_END,
    );
  }
}

/** Hairlines at round times; in even spacing there is no scale to draw. */
export function drawTimeScale(draft: Draft): void {
  const { layout, marks, measure, view } = draft;
  if (layout.input.timeMode !== 'scale' || layout.rowCount === 0) return;
  const stepNs = niceStep(LEAST_TICK_PX / view.scale);
  const digits = Math.min(9, Math.max(0, 9 - Math.floor(Math.log10(stepNs))));
  const fromNs = Math.max(0, Math.ceil((view.top - PINNED_PX / view.scale) / stepNs) * stepNs);
  const toNs = Math.min(layout.length * 1.2 + stepNs, view.top + view.height / view.scale);
  for (let at = fromNs; at <= toNs; at += stepNs) {
    const y = toScreen(draft, at);
    if (y < PINNED_PX + 6) continue;
    const text = formatSeconds(at, digits);
    marks.line(GUTTER_PX - 30 - view.left, y, view.width, y, ROLE.line, LINE_SOLID, 1);
    marks.text(text, 12 - view.left, y, measure(text, 'label'), ROLE['ink-muted'], FONT.label);
  }
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
  readonly forward: HopSummary | null;
  readonly reverse: HopSummary | null;
}

/** One cell between each two neighbouring lanes. */
export function readHopCells(plan: LanePlan, hops: readonly HopSummary[]): readonly HopCell[] {
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
    const role = readRole(lanes, placement, index, measure);
    if (role === null) return;
    marks.text(
      role.text,
      role.x,
      14,
      measure(role.text, 'role'),
      ROLE['ink-muted'],
      FONT.role,
      ALIGN_MIDDLE,
    );
  });
  for (const { left, right, latency, lost } of readHopCells(layout.plan, layout.input.hops)) {
    const room = placement.x[right] - placement.x[left] + 16;
    const texts = lost > 0 ? [`${latency} · ${lost} lost`, `${lost} lost`, `−${lost}`] : [latency];
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

export interface RoleText {
  readonly text: string;
  /** Its middle. */
  readonly x: number;
}

/** The line over a lane's name that says where it is, as much of it as fits between those of its neighbours; passages of one point share it. */
export function readRole(
  lanes: readonly Lane[],
  placement: Placement,
  index: number,
  measure: MeasureText,
): RoleText | null {
  const x = roleX(lanes, placement, index);
  const { role } = lanes[index];
  if (x === null || role === '') return null;
  const distances = lanes.flatMap((_, other) => {
    const at = other === index ? null : roleX(lanes, placement, other);
    return at === null ? [] : [Math.abs(at - x)];
  });
  const room = Math.min(MOST_ROLE_PX, ...distances) - ROLE_SPACE_PX;
  const width = (text: string) => measure(text, 'role');
  const [place] = role.split(',');
  return { text: findFitting([role, place], room, width) ?? shortenName(place, room, width), x };
}

function roleX(lanes: readonly Lane[], placement: Placement, index: number): number | null {
  if (lanes[index].passage > 1) return null;
  return lanes[index + 1]?.point === lanes[index].point
    ? (placement.x[index] + placement.x[index + 1]) / 2
    : placement.x[index];
}

/** A name that fits, its middle left out: ends of interface names tell more than their middles. */
export function shortenName(
  name: string,
  width: number,
  measure: (text: string) => number,
): string {
  if (measure(name) <= width) return name;
  for (let kept = name.length - 1; kept > 2; kept--) {
    const head = Math.ceil(kept / 2);
    const text = `${name.slice(0, head)}…${name.slice(name.length - (kept - head))}`;
    if (measure(text) <= width) return text;
  }
  return `${name.slice(0, 1)}…`;
}
