// Badges on the hops of a journey: what NAT rewrote there, and where a reply was not turned back into what its client knows. Steps and notes stand beside them.
import { findRestorationFaults } from '../model/restoration';
import { badgeWidth, findFitting, restorationTexts, translationTexts } from './badges';
import { type Box, type Draft, hasRoomForBadges, touches } from './draft';
import { formatTick, gapEndOf } from './draw-frame';
import type { DrawnJourney } from './draw-journey';
import { formatTime, type RowTold, TIME_X } from './draw-labels';
import { markersBetween } from './markers';
import { ALIGN_MIDDLE, GLYPH_NOTE, GLYPH_STEP, GLYPH_STEP_AGAIN, NOTHING } from './marks';
import { ROW_BADGE, ROW_BADGE_FIRST, ROW_DIMMED, ROW_FAULT, ROW_FAULT_FIRST } from './row-facts';
import { FONT, ROLE } from './theme';

const BOX_PX = 19;
/** From the line to the middle of the badge. */
const BADGE_OFFSET_PX = 19;
/** Only the first badge of its kind is told in full. */
const REPEATED_PX = 300;
const STEP_PX = 8;
/** A number clear of its row's time may reach so far in front of the time's end, px. */
const BESIDE_TIME_PX = 24;
/** Between the middles of two numbers side by side. */
const STEP_EVERY_PX = 2 * STEP_PX + 1;
/** Between a badge and the line of a neighbour, with its dots. */
const NEIGHBOUR_PX = 5;

/** A badge as it was drawn, so that a step's number can be hung on it. */
interface DrawnBadge {
  readonly x: number;
  readonly y: number;
  readonly fault: boolean;
  /** Rows of the sightings before and after the hop. */
  readonly from: number;
  readonly to: number;
}

/** `above` and `below`: px from the line to those of the neighbouring rows, so that nothing is drawn over them. */
export function drawBadges(
  draft: Draft,
  drawn: DrawnJourney,
  above: number,
  below: number,
): RowTold {
  const { layout } = draft;
  const bits = layout.facts.bits[drawn.journey];
  const badges: DrawnBadge[] = [];
  const least = BADGE_OFFSET_PX + BOX_PX / 2 + NEIGHBOUR_PX;
  const hasFault = (bits & ROW_FAULT) !== 0 && drawn.sightings.length > 0;
  if (hasRoomForBadges(draft) && drawn.sightings.length > 0) {
    if (hasFault && below >= least) badges.push(...drawFault(draft, drawn));
    // What was translated without what was not would read as if all were well.
    const isWhole = !hasFault || badges.length > 0;
    if (bits & ROW_BADGE && isWhole && (hasFault ? above : below) >= least)
      badges.unshift(...drawTranslations(draft, drawn, hasFault ? -1 : 1));
  }
  drawNotes(draft, drawn);
  return {
    left: drawSteps(draft, drawn, badges),
    isFaultUntold: hasFault && !(bits & ROW_DIMMED) && badges.every(({ fault }) => !fault),
  };
}

/** Index in the drawn sightings after each hop that rewrote the tuple. */
export function translationHops(draft: Draft, { sightings }: DrawnJourney): readonly number[] {
  const { source, destination } = draft.layout.input.window.sightings;
  const hops: number[] = [];
  for (let i = 1; i < sightings.length; i++)
    if (
      source[sightings[i]] !== source[sightings[i - 1]] ||
      destination[sightings[i]] !== destination[sightings[i - 1]]
    )
      hops.push(i);
  return hops;
}

function drawTranslations(draft: Draft, drawn: DrawnJourney, side: 1 | -1): DrawnBadge[] {
  const { layout, measure } = draft;
  const { window } = layout.input;
  const { journey, sightings, xs } = drawn;
  const at = (hop: number): number => hopX(draft, xs, hop);
  const hops = translationHops(draft, drawn).toSorted((a, b) => at(a) - at(b));
  const y = side > 0 ? drawn.bottom + BADGE_OFFSET_PX : drawn.top - BADGE_OFFSET_PX;
  const most = layout.facts.bits[journey] & ROW_BADGE_FIRST ? Infinity : REPEATED_PX;
  const bounds = boundsOf(draft);
  return hops.flatMap((hop, index) => {
    // Neighbouring badges of one line meet halfway between their hops.
    const left = index === 0 ? bounds[0] : (at(hops[index - 1]) + at(hop)) / 2 + 4;
    const right = index === hops.length - 1 ? bounds[1] : (at(hop) + at(hops[index + 1])) / 2 - 4;
    const texts = translationTexts(
      window,
      sightings[hop - 1],
      sightings[hop],
      window.journeys.direction[journey],
    );
    const text = findFitting(texts, Math.min(most, right - left), (candidate) =>
      badgeWidth(candidate, measure),
    );
    if (text === undefined) return [];
    const x = drawBadge(draft, text, at(hop), y, left, right, 'nat', drawn, sightings[hop]);
    if (x === null) return [];
    return [{ x, y, fault: false, from: sightings[hop - 1], to: sightings[hop] }];
  });
}

function drawFault(draft: Draft, drawn: DrawnJourney): DrawnBadge[] {
  const { layout, measure } = draft;
  const { window } = layout.input;
  const { journey, sightings, xs } = drawn;
  const summary = layout.summaries[window.journeys.connection[journey]];
  const clientPoint = layout.pointIndex.get(summary?.points[0] ?? '');
  if (summary === undefined || clientPoint === undefined) return [];
  const faults = findRestorationFaults(
    window,
    journey,
    summary.client,
    summary.server,
    clientPoint,
  );
  const [left, right] = boundsOf(draft);
  const first = (layout.facts.bits[journey] & ROW_FAULT_FIRST) !== 0;
  const texts = restorationTexts(faults);
  const text = findFitting(first ? texts : texts.slice(-1), right - left, (candidate) =>
    badgeWidth(candidate, measure),
  );
  if (text === undefined) return [];
  const due = faultX(draft, drawn);
  // Where part of it was turned back, the rest should have been; else where its way crosses the place that turns requests.
  const hop =
    translationHops(draft, drawn).at(-1) ??
    xs.findIndex((x, index) => index > 0 && (x - due) * (xs[index - 1] - due) <= 0);
  const at = hop < 1 ? due : hopX(draft, xs, hop);
  const y = drawn.bottom + BADGE_OFFSET_PX;
  const last = sightings[sightings.length - 1];
  const x = drawBadge(draft, text, at, y, left, right, 'failure', drawn, last);
  if (x === null) return [];
  return [{ x, y, fault: true, from: sightings[0], to: last }];
}

/** Where a reply that nothing rewrote should have been turned back: the hop where its requests are rewritten, else the middle of its way. */
export function faultX(draft: Draft, { journey, xs }: DrawnJourney): number {
  const { layout, placement } = draft;
  const connection = layout.input.window.journeys.connection[journey];
  const translation = layout.summaries[connection]?.translations.find(
    ({ direction }) => direction === 'forward',
  );
  if (translation) {
    const from = layout.plan.laneOfStop(0, translation.from);
    const to = layout.plan.laneOfStop(0, translation.to);
    if (from >= 0 && to >= 0) return (placement.x[from] + placement.x[to]) / 2;
  }
  return (xs[0] + xs[xs.length - 1]) / 2;
}

/** Where badges may stand: right of the times, and in view, so that none is cut where the lanes overflow. */
function boundsOf({ view, placement }: Draft): readonly [number, number] {
  return [Math.max(8, placement.gutter - 20 - view.left), view.width - 8];
}

/** Middle of a hop; where it passes over lanes that it does not touch, of its last stretch: no badge is to stand under a lane that it does not speak of. */
function hopX({ placement }: Draft, xs: readonly number[], hop: number): number {
  const to = xs[hop];
  let from = xs[hop - 1];
  for (const x of placement.x) if ((x - from) * (x - to) < 0) from = x;
  return (from + to) / 2;
}

/** Draws a badge around `centre`, pushed inside its bounds; gives its left edge, null where another stands there. */
function drawBadge(
  draft: Draft,
  text: string,
  centre: number,
  y: number,
  left: number,
  right: number,
  role: 'nat' | 'failure',
  { journey }: DrawnJourney,
  sighting: number,
): number | null {
  const { marks, measure, layout } = draft;
  const bits = layout.facts.bits[journey];
  const width = badgeWidth(text, measure);
  const x = Math.max(left, Math.min(right - width, centre - width / 2));
  const box = {
    left: x - 4,
    right: x + width + 4,
    top: y - BOX_PX / 2 - 1,
    bottom: y + BOX_PX / 2 + 1,
  };
  // The hop itself is out of view: its badge would speak of another.
  if (centre < left || centre > right) return null;
  if (draft.taken.some((other) => touches(box, other))) return null;
  draft.taken.push(box);
  const dimmed = (bits & ROW_DIMMED) !== 0;
  const loud = role === 'failure' && (bits & ROW_FAULT_FIRST) !== 0 && !dimmed;
  const fill = dimmed ? ROLE.surface : loud ? ROLE.failure : ROLE[`${role}-surface`];
  const stroke = dimmed ? ROLE.dimmed : ROLE[role];
  marks.box(x, y - BOX_PX / 2, width, BOX_PX, fill, stroke, journey, sighting);
  marks.text(
    text,
    x + width / 2,
    y,
    measure(text, 'badge'),
    dimmed ? ROLE['ink-faint'] : loud ? ROLE.surface : ROLE[role],
    FONT.badge,
    ALIGN_MIDDLE,
    journey,
  );
  return x;
}

/** Gives the right edge of the steps that stand before the row's label; 0: none. */
function drawSteps(draft: Draft, drawn: DrawnJourney, badges: readonly DrawnBadge[]): number {
  const { layout } = draft;
  let right = 0;
  const { journeys } = layout.input.window;
  const first = journeys.firstSighting[drawn.journey];
  const markers = markersBetween(
    layout.steps,
    first,
    first + journeys.sightingCount[drawn.journey],
  );
  const taken = new Map<string, number>();
  const isFirst = (number: number): boolean =>
    layout.firstOfStep.get(number)?.includes(drawn.journey) ?? false;
  // Those told here first stand nearest: where room ends, others give way.
  const numbers = [...new Set(markers.map(({ number }) => number))].sort(
    (a, b) => +isFirst(b) - +isFirst(a) || a - b,
  );
  const timeEnd = timeEndOf(draft, drawn);
  for (const number of numbers) {
    const cited = markers.filter((marker) => marker.number === number);
    const rows = cited.map(({ sighting }) => sighting);
    const badge = badges.findLast((drawnBadge) => isAbout(rows, drawnBadge));
    const place = badge
      ? { x: badge.x - STEP_PX - 4, y: badge.y, slot: `badge ${badge.y}` }
      : anchorOf(draft, drawn, rows);
    const before = taken.get(place.slot) ?? 0;
    taken.set(place.slot, before + 1);
    const shift = before * STEP_EVERY_PX;
    const role = badge?.fault ? ROLE.failure : ROLE.ink;
    const x = place.slot === 'left' || badge ? place.x - shift : place.x + shift;
    // To scale, rows may lie on each other: their numbers must not.
    const box = {
      left: x - STEP_PX,
      right: x + STEP_PX,
      top: place.y - STEP_PX,
      bottom: place.y + STEP_PX,
    };
    const isTaken = (other: Box): boolean => touches(box, other);
    const isClear = Math.abs(place.y - drawn.rowY) >= 2 * STEP_PX;
    if (
      box.left < timeEnd - (isClear ? BESIDE_TIME_PX : 0) ||
      draft.steps.some(isTaken) ||
      draft.taken.some(isTaken)
    )
      continue;
    draft.steps.push(box);
    if (place.slot === 'right') right = x + STEP_PX + 4;
    drawStep(draft, number, x, place.y, isFirst(number), role, drawn.journey, rows[0]);
  }
  return right;
}

/** Where the row's time at the left edge ends, or the ticks beside it. */
function timeEndOf(draft: Draft, { journey }: DrawnJourney): number {
  const { layout, measure, view } = draft;
  const at = layout.facts.startNs[journey];
  const isEven = layout.input.timeMode === 'events';
  const text = isEven ? formatTime(layout, at) : formatTick(draft, at - layout.zeroNs);
  const end = TIME_X - view.left + measure(text, 'label');
  // To scale, the length of a silence may stand right above its row.
  return isEven || layout.gapY.length === 0 ? end : Math.max(end, gapEndOf(draft));
}

/** A step is about a hop when it cites both its ends, or just what came out of it. */
const isAbout = (rows: readonly number[], { from, to }: DrawnBadge): boolean =>
  rows.includes(to) || (rows.some((row) => row <= from) && rows.some((row) => row >= to));

/** At the end of the line that the step cites: where the packet began, else where it came to; else left of it. */
function anchorOf(
  { placement, layout }: Draft,
  { journey, sightings, xs, ys }: DrawnJourney,
  cited: readonly number[],
): { readonly x: number; readonly y: number; readonly slot: string } {
  const last = xs.length - 1;
  // Seen once: the number stands behind the packet, not where it goes on to who knows where.
  if (last === 0 && layout.input.window.journeys.direction[journey] === 1)
    return { x: xs[0] + 25, y: ys[0], slot: 'right' };
  const isStart = cited.includes(sightings[0]);
  const at = !isStart && cited.includes(sightings[last]) ? last : 0;
  const isRight = last > 0 && xs[at] > xs[last - at];
  if (!isRight) return { x: xs[at] - 18, y: ys[at], slot: 'left' };
  // Beside the last lane it stands before the label; on a hop, over the line, where a cross may be.
  return xs[at] === placement.x[placement.x.length - 1]
    ? { x: xs[at] + 19, y: ys[at], slot: 'right' }
    : { x: xs[at] + 15, y: ys[at] - 11, slot: 'over' };
}

/** Filled where the step is told first, in outline where it is told again. */
function drawStep(
  { marks, measure }: Draft,
  number: number,
  x: number,
  y: number,
  isFirst: boolean,
  role: number,
  journey: number,
  sighting: number,
): void {
  const text = String(number);
  const kind = isFirst ? GLYPH_STEP : GLYPH_STEP_AGAIN;
  marks.glyph(x, y, kind, role, isFirst ? STEP_PX : STEP_PX - 1, journey, sighting);
  const ink = isFirst ? ROLE.surface : role;
  marks.text(text, x, y, measure(text, 'step'), ink, FONT.step, ALIGN_MIDDLE, NOTHING);
}

function drawNotes(draft: Draft, { journey, sightings, xs, ys }: DrawnJourney): void {
  const { layout, marks } = draft;
  const first = layout.input.window.journeys.firstSighting[journey];
  const count = layout.input.window.journeys.sightingCount[journey];
  for (const { sighting } of markersBetween(layout.notes, first, first + count)) {
    const at = Math.max(0, sightings.indexOf(sighting));
    // The right end of a line is where step numbers stand.
    const side = xs.length > 1 && xs[at] === Math.max(...xs) ? -1 : 1;
    if (xs.length > 0)
      marks.glyph(xs[at] + side * 10, ys[at] - 10, GLYPH_NOTE, ROLE.ink, 5, journey, sighting);
  }
}
