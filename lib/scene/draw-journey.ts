// One journey: its line from lane to lane, a glyph at each sighting, and how it ended. Shape says it first, colour second.
import { FATE_DELIVERED, FATE_LOST, FATE_MISSED, FATE_UNKNOWN } from '../model/fate';
import { PROTOCOL_TCP } from '../model/protocols';
import { NO_STOP, stopPassage, stopPoint } from '../model/stop';
import { TCP_FIN, TCP_SYN } from '../model/tcp-flags';
import { type Draft, inkOf, sightingY } from './draft';
import { type JourneyShape, shapeOfJourney } from './journey-shape';
import {
  ALIGN_MIDDLE,
  GLYPH_ARROW_LEFT,
  GLYPH_ARROW_RIGHT,
  GLYPH_BAR,
  GLYPH_CROSS,
  GLYPH_DIAMOND,
  GLYPH_DOT,
  GLYPH_HALO,
  GLYPH_HOLLOW_DIAMOND,
  GLYPH_HOLLOW_DOT,
  LINE_DASHED,
  LINE_DOTTED,
  LINE_HATCHED,
  LINE_SOLID,
} from './marks';
import { ROW_DIMMED, ROW_RESET, ROW_RETRANSMISSION } from './row-facts';
import { drawSleeves } from './sleeves';
import { FONT, ROLE } from './theme';

/** Where a journey's sightings stand on the screen, in path order; what badges, labels and steps are hung on. Holds for one picture: the next writes it anew. */
export interface DrawnJourney extends Pick<JourneyShape, 'sightings' | 'lanes' | 'roles'> {
  readonly journey: number;
  readonly xs: readonly number[];
  readonly ys: readonly number[];
  readonly rowY: number;
  /** Lowest and highest y of the line. */
  readonly top: number;
  readonly bottom: number;
}

/** Rows at least this far apart have glyphs of full size. */
const FULL_ROW_PX = 18;
const DOT_PX = 4;
const DIAMOND_PX = 5;
const COPY_PX = 2.5;
/** A line that ends nowhere goes on for this long. */
const STUB_PX = 34;

/** `rowPx`: distance to the nearer neighbouring row, which the glyphs keep to. */
export function drawJourney(
  draft: Draft,
  journey: number,
  rowY: number,
  rowPx: number,
): DrawnJourney {
  const drawn = placeJourney(draft, journey, rowY);
  const { marks, layout, view } = draft;
  const { xs, ys, sightings, roles } = drawn;
  const { window } = layout.input;
  const bits = layout.facts.bits[journey];
  const selected = contains(window, journey, view.selected);
  const strong = selected || contains(window, journey, view.hovered);
  const widthPx = strong ? 2.5 : bits & ROW_DIMMED ? 1 : 1.5;
  const retried = (bits & ROW_RETRANSMISSION) !== 0;
  const missed = window.journeys.fate[journey] === FATE_MISSED;

  drawCopies(draft, drawn);
  drawSleeves(draft, drawn, rowPx);
  for (let i = 1; i < xs.length; i++) {
    const skipped = missed ? lanesSkipped(draft, journey, drawn.lanes[i - 1], drawn.lanes[i]) : [];
    const style = skipped.length > 0 ? LINE_DASHED : retried ? LINE_DOTTED : LINE_SOLID;
    const [before, after] = [
      lineRole(draft, journey, roles[i - 1]),
      lineRole(draft, journey, roles[i]),
    ];
    // Where on the hop a translation happened nobody saw: its colour changes half way.
    const halfX = before === after ? xs[i] : (xs[i - 1] + xs[i]) / 2;
    const halfY = before === after ? ys[i] : (ys[i - 1] + ys[i]) / 2;
    marks.line(xs[i - 1], ys[i - 1], halfX, halfY, before, style, widthPx, journey);
    if (before !== after) marks.line(halfX, halfY, xs[i], ys[i], after, style, widthPx, journey);
    for (const lane of skipped) drawMissed(draft, drawn, i, lane);
  }
  const size = Math.min(1, Math.max(0.4, (strong ? FULL_ROW_PX : rowPx) / FULL_ROW_PX));
  drawEnd(draft, drawn, widthPx, size);
  drawSightings(draft, drawn, size);
  for (let i = 0; i < xs.length; i++) {
    const sighting = sightings[i];
    if (selected) {
      const radius = sighting === view.selected ? 9 : 7;
      marks.glyph(xs[i], ys[i], GLYPH_HALO, ROLE.ink, radius, journey, sighting);
    } else if (sighting === view.hovered)
      marks.glyph(xs[i], ys[i], GLYPH_HALO, ROLE['ink-muted'], 8, journey, sighting);
  }
  return drawn;
}

function contains(
  window: Draft['layout']['input']['window'],
  journey: number,
  sighting: number,
): boolean {
  const first = window.journeys.firstSighting[journey];
  return sighting >= first && sighting < first + window.journeys.sightingCount[journey];
}

function placeJourney(draft: Draft, journey: number, rowY: number): DrawnJourney {
  const { layout, placement, view } = draft;
  const shape = shapeOfJourney(layout, journey);
  const { sightings, lanes, roles, drops, xs, ys } = shape;
  for (let i = 0; i < lanes.length; i++) {
    xs[i] = placement.x[lanes[i]];
    ys[i] = rowY + drops[i] * view.scale;
  }
  return {
    journey,
    sightings,
    lanes,
    xs,
    ys,
    roles,
    rowY,
    top: rowY + shape.least * view.scale,
    bottom: rowY + shape.most * view.scale,
  };
}

/** Colour of the line there: a retransmission's is its own all along. */
function lineRole(draft: Draft, journey: number, role: number): number {
  const bits = draft.layout.facts.bits[journey];
  return bits & ROW_RETRANSMISSION && !(bits & (ROW_RESET | ROW_DIMMED))
    ? ROLE.retransmission
    : role;
}

function drawSightings(draft: Draft, drawn: DrawnJourney, size: number): void {
  const { marks, layout } = draft;
  const { window } = layout.input;
  const { journey, sightings, xs, ys, roles } = drawn;
  const tcp = window.protocols[window.journeys.connection[journey]] === PROTOCOL_TCP;
  for (let i = 0; i < sightings.length; i++) {
    const sighting = sightings[i];
    const flags = tcp ? window.sightings.flags[sighting] : 0;
    const start = i === 0;
    const kind =
      start && flags & TCP_SYN
        ? GLYPH_DIAMOND
        : start && flags & TCP_FIN
          ? GLYPH_HOLLOW_DIAMOND
          : GLYPH_DOT;
    marks.glyph(
      xs[i],
      ys[i],
      kind,
      roles[i],
      (kind === GLYPH_DOT ? DOT_PX : DIAMOND_PX) * size,
      journey,
      sighting,
    );
  }
}

/** +1: the packet travels to the right on the screen. */
function headingOf(draft: Draft, drawn: DrawnJourney): number {
  const { xs, journey } = drawn;
  if (xs.length > 1 && xs[xs.length - 1] !== xs[xs.length - 2])
    return Math.sign(xs[xs.length - 1] - xs[xs.length - 2]);
  return draft.layout.input.window.journeys.direction[journey] === 0 ? 1 : -1;
}

function drawEnd(draft: Draft, drawn: DrawnJourney, widthPx: number, size: number): void {
  const { layout, marks } = draft;
  const { window } = layout.input;
  const { journey, xs, ys, sightings, lanes, roles } = drawn;
  if (xs.length === 0) return;
  const last = xs.length - 1;
  const [x, y] = [xs[last], ys[last]];
  const heading = headingOf(draft, drawn);
  const fate = window.journeys.fate[journey];
  const bits = layout.facts.bits[journey];
  const reset = (bits & ROW_RESET) !== 0;
  const failure = inkOf(draft, journey, ROLE.failure);
  const unknown = inkOf(draft, journey, ROLE.unknown);
  const role = lineRole(draft, journey, roles[last]);
  const style = bits & ROW_RETRANSMISSION ? LINE_DOTTED : LINE_SOLID;

  if (fate === FATE_LOST) {
    const target = laneOfStop(draft, journey, window.journeys.lostTo[journey]);
    const farX =
      target >= 0 && target !== lanes[last] ? draft.placement.x[target] : x + heading * STUB_PX * 2;
    // On the first hop of the gap, so that the cross never stands on a lane that saw nothing.
    const crossX =
      x + (heading * Math.min(Math.abs(farX - x), roomAhead(draft, lanes[last], heading))) / 2;
    marks.line(x, y, crossX, y, role, style, widthPx, journey);
    marks.line(crossX, y, farX, y, failure, LINE_HATCHED, 1, journey);
    marks.glyph(crossX, y, GLYPH_CROSS, failure, 5, journey, sightings[last]);
    return;
  }
  if (fate === FATE_UNKNOWN) {
    const stub = Math.min(STUB_PX, roomAhead(draft, lanes[last], heading) / 2);
    marks.line(x, y, x + heading * stub, y, unknown, LINE_DASHED, widthPx, journey);
    marks.text(
      '?',
      x + heading * (stub + 7),
      y,
      7,
      unknown,
      FONT['label-strong'],
      ALIGN_MIDDLE,
      journey,
    );
    if (reset) marks.glyph(x, y, GLYPH_BAR, failure, 9 * size, journey, sightings[last]);
    return;
  }
  if (fate === FATE_MISSED) {
    const target = laneOfStop(draft, journey, window.journeys.lostTo[journey]);
    const beyond = target >= 0 && (target - lanes[last]) * heading > 0;
    if (beyond) {
      const farX = draft.placement.x[target];
      marks.line(x, y, farX, y, role, LINE_DASHED, widthPx, journey);
      marks.glyph(farX, y, GLYPH_HOLLOW_DOT, unknown, DOT_PX, journey, sightings[last]);
      return;
    }
  }
  if (xs.length === 1 && fate === FATE_DELIVERED && !reset) {
    const stub = 16;
    marks.line(x - heading * stub, y, x, y, role, style, widthPx, journey);
  }
  if (reset) marks.glyph(x, y, GLYPH_BAR, failure, 9 * size, journey, sightings[last]);
  // The bar of a reset keeps the arrow at a distance.
  const back = (reset ? 15 : 8) * size;
  marks.glyph(
    x - heading * back,
    y - (xs.length > 1 ? slopeAt(drawn) * back : 0),
    heading > 0 ? GLYPH_ARROW_RIGHT : GLYPH_ARROW_LEFT,
    role,
    4 * size,
    journey,
    sightings[last],
  );
}

/** Fall of the last stretch per px of its way. */
function slopeAt({ xs, ys }: DrawnJourney): number {
  const last = xs.length - 1;
  const run = Math.abs(xs[last] - xs[last - 1]);
  return run === 0 ? 0 : (ys[last] - ys[last - 1]) / run;
}

/** Px to the next lane in the heading, or a stub's length beyond the last. */
function roomAhead(draft: Draft, lane: number, heading: number): number {
  const next = draft.placement.x[lane + heading];
  return next === undefined ? 40 : Math.abs(next - draft.placement.x[lane]);
}

function laneOfStop(draft: Draft, journey: number, stop: number): number {
  if (stop === NO_STOP) return -1;
  const { plan, input } = draft.layout;
  return plan.laneOf(input.window.journeys.direction[journey], stopPoint(stop), stopPassage(stop));
}

/** Lanes of the direction's way between two lanes: stops that the packet must have passed unseen. */
function lanesSkipped(draft: Draft, journey: number, from: number, to: number): readonly number[] {
  const { layout } = draft;
  const { window } = layout.input;
  const direction = window.journeys.direction[journey];
  const summary = layout.summaries[window.journeys.connection[journey]];
  const way = direction === 0 ? summary?.forwardStops : summary?.reverseStops;
  const low = Math.min(from, to);
  const high = Math.max(from, to);
  const lanes = (way ?? []).map((stop) => layout.plan.laneOfStop(direction, stop));
  return [...new Set(lanes)].filter((lane) => lane > low && lane < high);
}

function drawMissed(draft: Draft, drawn: DrawnJourney, to: number, lane: number): void {
  const { xs, ys, journey, sightings } = drawn;
  const x = draft.placement.x[lane];
  const share = (x - xs[to - 1]) / (xs[to] - xs[to - 1]);
  const y = ys[to - 1] + share * (ys[to] - ys[to - 1]);
  draft.marks.glyph(
    x,
    y,
    GLYPH_HOLLOW_DOT,
    inkOf(draft, journey, ROLE.unknown),
    DOT_PX,
    journey,
    sightings[to],
  );
}

/** Copies off the way: thin and grey, from the last place on the way before them. */
function drawCopies(draft: Draft, drawn: DrawnJourney): void {
  const { layout, marks, placement } = draft;
  const { journeys, sightings: columns } = layout.input.window;
  const { journey, rowY, sightings, xs, ys } = drawn;
  const copyRole = inkOf(draft, journey, ROLE['ink-faint']);
  const first = journeys.firstSighting[journey];
  const end = first + journeys.sightingCount[journey];
  for (let row = first; row < end; row++) {
    if (columns.branch[row] === 0) continue;
    const lane = layout.plan.laneOf(
      journeys.direction[journey],
      columns.point[row],
      columns.passage[row],
    );
    if (lane < 0) continue;
    const x = placement.x[lane];
    const y = sightingY(draft, rowY, journey, row) + 3;
    let from = -1;
    for (let i = 0; i < sightings.length; i++)
      if (columns.referenceTime[sightings[i]] <= columns.referenceTime[row] && xs[i] !== x)
        from = i;
    if (from >= 0) marks.line(xs[from], ys[from], x, y, copyRole, LINE_SOLID, 0.75, journey);
    marks.glyph(x, y, GLYPH_DOT, copyRole, COPY_PX, journey, row);
  }
}
