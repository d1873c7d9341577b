// Strips: a row a point, time to the right. Their lines are the ladder's, turned (turned-marks.ts); here stand the texts, which stay level, and the heads of the rows.
import { findRestorationFaults } from '../model/restoration';
import { badgeWidth, findFitting, restorationTexts, translationTexts, tupleTexts } from './badges';
import { type Box, type Draft, inkOf, STRIP_HEAD_PX, touches } from './draft';
import { faultX, translationHops } from './draw-badges';
import { isWithin, readHopCells } from './draw-frame';
import type { DrawnJourney } from './draw-journey';
import { formatTime, labelTexts } from './draw-labels';
import { findStretches, type PinnedJourneys, type Stretch } from './draw-tuples';
import { markersBetween } from './markers';
import {
  ALIGN_END,
  ALIGN_MIDDLE,
  GLYPH_NOTE,
  GLYPH_STEP,
  GLYPH_STEP_AGAIN,
  LINE_SOLID,
  type Marks,
  NOTHING,
} from './marks';
import { shortenName } from './point-name';
import {
  ROW_BADGE,
  ROW_DIMMED,
  ROW_FAULT,
  ROW_FAULT_FIRST,
  ROW_RESET,
  ROW_RETRANSMISSION,
} from './row-facts';
import { FONT, type FontRole, ROLE } from './theme';

const TIME_Y = 12;
/** From a sender's lane to its label, and on to the number of a step. */
const LABEL_PX = 16;
const STEP_PX = 8;
/** Numbers of steps beside one packet. */
const MOST_STEPS = 4;
const TEXT_HALF_PX = 6;
const BOX_PX = 19;
/** A badge may reach this far over the rows that come after it. */
const OVERHANG_PX = 34;

/** Times along the top, labels beside their senders' lanes, badges on the hops; none on another. */
export function drawStripTexts(draft: Draft, body: Marks, rows: readonly DrawnJourney[]): void {
  const { taken } = draft;
  for (const [index, row] of rows.entries()) {
    if (row.sightings.length === 0) continue;
    const next = rows[index + 1]?.rowY ?? Number.POSITIVE_INFINITY;
    drawStripBadges(draft, body, row, next - row.bottom + OVERHANG_PX);
    drawNotes(draft, body, row);
  }
  // Where numbers of steps come close, those told for the first time go before.
  for (const isFirst of [true, false])
    for (const row of rows) if (row.sightings.length > 0) drawSteps(draft, body, row, isFirst);
  // What is chosen has its texts whatever stands beside it.
  const chosenFirst = [...rows].sort((a, b) => +isChosen(draft, b) - +isChosen(draft, a));
  const ends = nextOfEachSide(draft, rows);
  for (const row of chosenFirst) {
    if (row.sightings.length === 0) continue;
    drawTime(draft, body, row);
    drawLabel(draft, body, row, ends.get(row) ?? Number.POSITIVE_INFINITY, taken);
  }
}

const isForward = ({ layout }: Draft, { journey }: DrawnJourney): boolean =>
  layout.input.window.journeys.direction[journey] === 0;

function isChosen({ layout, view }: Draft, { journey }: DrawnJourney): boolean {
  const { firstSighting, sightingCount } = layout.input.window.journeys;
  const first = firstSighting[journey];
  return [view.selected, view.hovered].some(
    (sighting) => sighting >= first && sighting < first + sightingCount[journey],
  );
}

/** Where the next label on the same side begins, by row. */
function nextOfEachSide(
  draft: Draft,
  rows: readonly DrawnJourney[],
): ReadonlyMap<DrawnJourney, number> {
  const ends = new Map<DrawnJourney, number>();
  const next = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY];
  for (const row of rows.toReversed()) {
    const side = isForward(draft, row) ? 0 : 1;
    ends.set(row, next[side]);
    next[side] = row.ys[0] ?? next[side];
  }
  return ends;
}

/** Side of the sender's lane on which its texts stand: away from the way. */
const outward = ({ xs }: DrawnJourney, forward: boolean): number =>
  xs.length > 1 ? Math.sign(xs[0] - xs[1]) || -1 : forward ? -1 : 1;

function drawLabel(draft: Draft, body: Marks, row: DrawnJourney, end: number, taken: Box[]): void {
  const { layout, measure, view } = draft;
  const { journey, xs, ys } = row;
  const strong = isChosen(draft, row);
  const font: FontRole = strong ? 'label-strong' : 'label';
  const y = xs[0] + outward(row, isForward(draft, row)) * LABEL_PX;
  const left = ys[0] - 4;
  const room = (strong ? view.height : Math.min(view.height, end)) - left - 8;
  const text = findFitting(labelTexts(layout, journey), room, (candidate) =>
    measure(candidate, font),
  );
  if (text === undefined || left < STRIP_HEAD_PX - 8) return;
  const width = measure(text, font);
  const box = { left, right: left + width, top: y - TEXT_HALF_PX, bottom: y + TEXT_HALF_PX };
  if (taken.some((other) => touches(box, other))) return;
  taken.push(box);
  const bits = layout.facts.bits[journey];
  const role =
    bits & ROW_DIMMED
      ? ROLE['ink-faint']
      : bits & ROW_RESET
        ? ROLE.failure
        : bits & ROW_RETRANSMISSION
          ? ROLE.retransmission
          : ROLE.ink;
  body.text(text, left, y, width, role, FONT[font], 0, journey);
}

function drawTime(draft: Draft, body: Marks, row: DrawnJourney): void {
  const { layout, measure, taken, view } = draft;
  if (layout.input.timeMode !== 'events') return;
  const text = formatTime(layout, layout.facts.startNs[row.journey]);
  const width = measure(text, 'label');
  const x = row.ys[0];
  const box = { left: x - width / 2 - 6, right: x + width / 2 + 6, top: 0, bottom: TIME_Y + 8 };
  if (!isWithin(draft, x, width / 2) || taken.some((other) => touches(box, other))) return;
  taken.push(box);
  const role = isChosen(draft, row) ? ROLE.ink : ROLE['ink-muted'];
  const y = TIME_Y - view.left;
  body.text(text, x, y, width, role, FONT.label, ALIGN_MIDDLE, row.journey);
}

function drawStripBadges(draft: Draft, body: Marks, row: DrawnJourney, room: number): void {
  const { layout } = draft;
  const { window } = layout.input;
  const { journey, sightings, xs, ys } = row;
  const bits = layout.facts.bits[journey];
  if (bits & ROW_BADGE)
    for (const hop of translationHops(draft, row)) {
      const texts = translationTexts(
        window,
        sightings[hop - 1],
        sightings[hop],
        window.journeys.direction[journey],
      );
      const [lane, time] = [(xs[hop - 1] + xs[hop]) / 2, (ys[hop - 1] + ys[hop]) / 2];
      drawBadge(draft, body, row, texts, lane, time, room, 'nat', sightings[hop]);
    }
  if (!(bits & ROW_FAULT)) return;
  const summary = layout.summaries[window.journeys.connection[journey]];
  const client = layout.pointIndex.get(summary?.points[0] ?? '');
  if (summary === undefined || client === undefined) return;
  const faults = findRestorationFaults(window, journey, summary.client, summary.server, client);
  const texts = restorationTexts(faults);
  const last = sightings.length - 1;
  const lane = (xs[last] + faultX(draft, row)) / 2;
  drawBadge(draft, body, row, texts, lane, ys[last], room, 'failure', sightings[last]);
}

/** Beside the line at the hop, in the longest words that fit before what comes next. */
function drawBadge(
  draft: Draft,
  body: Marks,
  { journey }: DrawnJourney,
  texts: readonly string[],
  laneY: number,
  timeX: number,
  room: number,
  role: 'nat' | 'failure',
  sighting: number,
): void {
  const { measure, layout, taken } = draft;
  const bits = layout.facts.bits[journey];
  for (const text of texts) {
    const width = badgeWidth(text, measure);
    if (width > room && text !== texts[texts.length - 1]) continue;
    const x = timeX + 7;
    const box = {
      left: x - 2,
      right: x + width + 2,
      top: laneY - BOX_PX / 2 - 1,
      bottom: laneY + BOX_PX / 2 + 1,
    };
    // None is cut at the edge: the turned view's height is the width on the screen.
    if (x < STRIP_HEAD_PX || box.right > draft.view.height) continue;
    if (taken.some((other) => touches(box, other))) continue;
    taken.push(box);
    const loud = role === 'failure' && (bits & ROW_FAULT_FIRST) !== 0 && !(bits & ROW_DIMMED);
    const fill = loud ? ROLE.failure : ROLE[`${role}-surface`];
    const stroke = inkOf(draft, journey, ROLE[role]);
    body.box(x, laneY - BOX_PX / 2, width, BOX_PX, fill, stroke, journey, sighting);
    const ink = loud ? ROLE.surface : bits & ROW_DIMMED ? ROLE['ink-faint'] : ROLE[role];
    const middle = x + width / 2;
    body.text(text, middle, laneY, measure(text, 'badge'), ink, FONT.badge, ALIGN_MIDDLE, journey);
    return;
  }
}

/** Numbers of steps outside the sender's label, from the packet on to the right; what has no room there is left out. */
function drawSteps(draft: Draft, body: Marks, row: DrawnJourney, isFirst: boolean): void {
  const { layout, measure, steps, taken } = draft;
  const { journey, sightings, xs, ys } = row;
  const { firstSighting, sightingCount } = layout.input.window.journeys;
  const first = firstSighting[journey];
  const markers = markersBetween(layout.steps, first, first + sightingCount[journey]);
  const numbers = [...new Set(markers.map(({ number }) => number))]
    .filter((number) => (layout.firstOfStep.get(number)?.includes(journey) ?? false) === isFirst)
    .sort((a, b) => a - b);
  const side = outward(row, isForward(draft, row));
  const y = xs[0] + side * (LABEL_PX + TEXT_HALF_PX + STEP_PX + 2);
  for (const number of numbers)
    for (let slot = 0; slot < MOST_STEPS; slot++) {
      const x = ys[0] + slot * (2 * STEP_PX + 3);
      const box = { left: x - STEP_PX, right: x + STEP_PX, top: y - STEP_PX, bottom: y + STEP_PX };
      if (steps.some((other) => touches(box, other))) continue;
      steps.push(box);
      taken.push(box);
      const kind = isFirst ? GLYPH_STEP : GLYPH_STEP_AGAIN;
      const ink = isFirst ? ROLE.surface : ROLE.ink;
      const text = String(number);
      body.glyph(x, y, kind, ROLE.ink, isFirst ? STEP_PX : STEP_PX - 1, journey, sightings[0]);
      body.text(text, x, y, measure(text, 'step'), ink, FONT.step, ALIGN_MIDDLE, NOTHING);
      break;
    }
}

/** Notes beside their sighting. */
function drawNotes(
  { layout }: Draft,
  body: Marks,
  { journey, sightings, xs, ys }: DrawnJourney,
): void {
  const { firstSighting, sightingCount } = layout.input.window.journeys;
  const first = firstSighting[journey];
  for (const { sighting } of markersBetween(layout.notes, first, first + sightingCount[journey])) {
    const at = Math.max(0, sightings.indexOf(sighting));
    body.glyph(ys[at] + 10, xs[at] - 10, GLYPH_NOTE, ROLE.ink, 5, journey, sighting);
  }
}

/** The heads of the rows: name, the tuples that begin to hold there, and between them what each hop costs. */
export function drawStripHeads(
  draft: Draft,
  pinned: Marks,
  { forward, reverse }: PinnedJourneys,
): void {
  const { layout, placement, measure, view } = draft;
  const { lanes } = layout.plan;
  const width = STRIP_HEAD_PX - 28;
  // The turned view's width is the height on the screen.
  pinned.band(0, 0, STRIP_HEAD_PX - 12, view.width, ROLE.surface, 1);
  pinned.line(STRIP_HEAD_PX - 12, 0, STRIP_HEAD_PX - 12, view.width, ROLE.line, LINE_SOLID, 1);
  lanes.forEach((lane, index) => {
    const name = shortenName(lane.name, width, (text) => measure(text, 'name'));
    const role = lane.idle ? ROLE['ink-muted'] : ROLE.ink;
    const y = placement.x[index] - 13;
    const nameWidth = measure(name, 'name');
    pinned.text(name, 14, y, nameWidth, role, FONT.name);
    const place = lane.passage === 1 ? lane.role : '';
    const room = width - nameWidth - 10;
    if (place !== '' && measure(place, 'role') <= room)
      pinned.text(place, 24 + nameWidth, y, room, ROLE['ink-muted'], FONT.role);
  });
  const broken = reverse >= 0 && (layout.facts.bits[reverse] & ROW_FAULT) !== 0;
  const told: Box[] = [];
  const texts = (stretches: readonly Stretch[], arrow: '→' | '←', offset: number): void =>
    stretches.forEach((stretch, index) => {
      const isWrong = broken && arrow === '←' && index === 0;
      const candidates = tupleTexts(stretch.client, stretch.server, arrow);
      const text = findFitting(
        isWrong ? candidates.map((one) => `${one} ≠`) : candidates,
        width,
        (one) => measure(one, 'small'),
      );
      if (text === undefined) return;
      const y = placement.x[stretch.from] + offset;
      const textWidth = measure(text, 'small');
      told.push({ left: 10, right: 22 + textWidth, top: y - 8, bottom: y + 8 });
      if (isWrong) pinned.box(10, y - 7.5, textWidth + 8, 15, ROLE.failure, ROLE.failure);
      pinned.text(text, 14, y, textWidth, isWrong ? ROLE.surface : stretch.role, FONT.small);
    });
  if (forward >= 0) texts(findStretches(layout, forward), '→', 1);
  if (reverse >= 0) texts(findStretches(layout, reverse), '←', 15);
  const end = STRIP_HEAD_PX - 18;
  for (const { left, right, latency, lost, tunnel } of readHopCells(layout)) {
    const [from, to] = [placement.x[left], placement.x[right]];
    const text = lost > 0 ? `${lost} lost` : tunnel === '' ? latency : `${latency} · ${tunnel}`;
    const textWidth = measure(text, 'small');
    const y = (from + to) / 2;
    const box = {
      left: end - textWidth,
      right: end,
      top: y - TEXT_HALF_PX,
      bottom: y + TEXT_HALF_PX,
    };
    if (text === '' || to - from < 40 || told.some((other) => touches(box, other))) continue;
    pinned.text(
      text,
      end,
      y,
      textWidth,
      lost > 0 ? ROLE.failure : ROLE['ink-muted'],
      FONT.small,
      ALIGN_END,
    );
  }
}
