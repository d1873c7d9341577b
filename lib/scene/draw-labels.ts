// Texts beside the rows: time to the left, what tcpdump would print to the right. None stands on another, none is cut: a shorter one is taken.
import { sequenceDifference } from '../base/sequence-number';
import { formatSeconds } from '../base/time';
import { parseEndpoint } from '../model/endpoint';
import { packetLabels, partOf } from '../model/packet-label';
import { STATUS_TIMESTAMPS } from '../model/packet-status';
import { findFitting } from './badges';
import { type Box, type Draft, timeOrigin, touches } from './draft';
import { isWithin } from './draw-frame';
import type { DrawnJourney } from './draw-journey';
import { type SceneLayout, timeAt } from './layout';
import { ROW_DIMMED, ROW_RESET, ROW_RETRANSMISSION } from './row-facts';
import { FONT, ROLE } from './theme';

/** Least distance between the middles of two texts. */
const LINE_PX = 14;
export const TIME_X = 12;
const SPARSE_PX = 64;
const SPARSE_TURNED_PX = 120;
/** Beyond this many seconds the microseconds no longer fit. */
const WIDE_SECONDS = 10_000;

/** What of a row is told beside its label. */
export interface RowTold {
  /** x from which on the label has room, where that is right of where labels begin. */
  readonly left: number;
  /** A reply that was not restored, and no badge that says so: the label must. */
  readonly isFaultUntold: boolean;
}

export function drawLabels(
  draft: Draft,
  rows: readonly DrawnJourney[],
  told: readonly RowTold[],
): void {
  const chosen = rows.map(({ journey }) => isChosen(draft, journey));
  const ends = rows.map(({ xs, ys, rowY }) => ys[rightmost(xs)] ?? rowY);
  keepApart(ends, chosen, LINE_PX).forEach((kept, index) => {
    if (kept) drawLabel(draft, rows[index], ends[index], chosen[index], told[index]);
  });
  if (draft.layout.input.timeMode !== 'events') return;
  const starts = rows.map(({ ys, rowY }) => ys[0] ?? rowY);
  keepApart(starts, chosen, LINE_PX).forEach((kept, index) => {
    if (kept) drawTime(draft, rows[index], starts[index], chosen[index]);
  });
}

/**
 * Which of the texts at these heights can stand without touching: those wanted first, then from the top.
 * `ys` need not be sorted.
 */
export function keepApart(
  ys: readonly number[],
  wanted: readonly boolean[],
  distance: number,
): Uint8Array {
  const kept = new Uint8Array(ys.length);
  const order = orderOf(ys);
  // From the top, only the last that was kept, and those wanted around, can be too near.
  const chosen = pickApart(order.filter((index) => wanted[index]));
  const stand = chosen.map((index) => ys[index]);
  let last = Number.NEGATIVE_INFINITY;
  let next = 0;
  for (const index of order) {
    const y = ys[index];
    while (next < stand.length && stand[next] <= y - distance) next++;
    const isFree = next === stand.length || stand[next] - y >= distance;
    if (wanted[index] || !isFree || y - last < distance) continue;
    kept[index] = 1;
    last = y;
  }
  for (const index of chosen) kept[index] = 1;
  return kept;

  function pickApart(some: Uint32Array): number[] {
    const picked: number[] = [];
    for (const index of some)
      if (picked.length === 0 || ys[index] - ys[picked[picked.length - 1]] >= distance)
        picked.push(index);
    return picked;
  }
}

/** Indices from the top; rows stand in that order but where the drops of neighbours cross. */
function orderOf(ys: readonly number[]): Uint32Array {
  const order = new Uint32Array(ys.length);
  let isSorted = true;
  for (let index = 0; index < ys.length; index++) {
    order[index] = index;
    if (index > 0 && ys[index] < ys[index - 1]) isSorted = false;
  }
  return isSorted ? order : order.sort((a, b) => ys[a] - ys[b] || a - b);
}

const rightmost = (xs: readonly number[]): number =>
  xs.length > 1 && xs[0] > xs[xs.length - 1] ? 0 : xs.length - 1;

function isChosen({ layout, view }: Draft, journey: number): boolean {
  const { firstSighting, sightingCount } = layout.input.window.journeys;
  const first = firstSighting[journey];
  const within = (sighting: number): boolean =>
    sighting >= first && sighting < first + sightingCount[journey];
  return within(view.selected) || within(view.hovered);
}

function drawLabel(
  draft: Draft,
  { journey }: DrawnJourney,
  y: number,
  strong: boolean,
  { left: least, isFaultUntold }: RowTold,
): void {
  const { layout, placement, measure, marks, view } = draft;
  const font = strong ? 'label-strong' : 'label';
  const left = Math.max(placement.labelX, least);
  // Where the lanes overflow, a label that begins in view ends in view.
  const room = Math.min(placement.labelX + placement.labelWidth, view.width - 4) - left;
  const texts = labelTexts(layout, journey);
  const text = findFitting(
    isFaultUntold ? texts.map((one) => `${one} ≠`) : texts,
    room,
    (candidate) => measure(candidate, font),
  );
  if (text === undefined) return;
  const width = measure(text, font);
  const box = {
    left,
    right: left + width,
    top: y - 6,
    bottom: y + 6,
  };
  // To scale, a badge or a number of a step may reach this far; it says more than the label.
  const isTaken = (other: Box): boolean => touches(box, other);
  if (draft.taken.some(isTaken) || draft.steps.some(isTaken)) return;
  const bits = layout.facts.bits[journey];
  const role =
    bits & ROW_DIMMED
      ? ROLE['ink-faint']
      : bits & ROW_RESET || isFaultUntold
        ? ROLE.failure
        : bits & ROW_RETRANSMISSION
          ? ROLE.retransmission
          : ROLE.ink;
  marks.text(text, left, y, width, role, FONT[font], 0, journey);
}

/** Labels written before, by layout and journey: while one pans, the same rows come again with each frame. */
const written = new WeakMap<SceneLayout, Map<number, readonly string[]>>();
const MOST_WRITTEN = 20_000;

/** Labels of a journey from longest to shortest, as its sender's point saw it. */
export function labelTexts(layout: SceneLayout, journey: number): readonly string[] {
  let known = written.get(layout);
  if (known === undefined || known.size > MOST_WRITTEN) {
    known = new Map();
    written.set(layout, known);
  }
  const before = known.get(journey);
  if (before !== undefined) return before;
  const texts = writeLabels(layout, journey);
  known.set(journey, texts);
  return texts;
}

function writeLabels(layout: SceneLayout, journey: number): readonly string[] {
  const { window } = layout.input;
  const { sightings, strings } = window;
  const row = window.journeys.firstSighting[journey];
  // A frame that was cut again further on: this journey is one part of what it carried.
  const isPart = sightings.byteStart[row] !== 0 || sightings.byteEnd[row] !== 0;
  const whole = sightings.payloadLength[row];
  const length = isPart
    ? sequenceDifference(window.journeys.byteEnd[journey], window.journeys.byteStart[journey])
    : whole;
  const labels = packetLabels({
    protocol: window.protocols[window.journeys.connection[journey]],
    flags: sightings.flags[row],
    sequence: isPart ? sightings.byteStart[row] : sightings.sequence[row],
    acknowledgement: sightings.acknowledgement[row],
    window: sightings.window[row],
    payloadLength: length,
    timestampValue: sightings.timestampValue[row],
    timestampEcho: sightings.timestampEcho[row],
    hasTimestamps: (sightings.status[row] & STATUS_TIMESTAMPS) !== 0,
    part: partOf(window, journey),
  }).map((label) =>
    isPart && length !== whole ? label.replace(/len \d+/, `len ${length} of ${whole}`) : label,
  );
  const retry = layout.facts.retry[journey];
  const told = retry > 0 ? labels.map((label) => `${label} retry ${retry}`) : labels;
  const shortest = labels[labels.length - 1];
  const withRetry = retry > 0 ? [...told, shortest] : told;
  if (!layout.isMixed) return withRetry;
  // Several connections: each is known by its client's port, as the client has it.
  const own =
    window.journeys.direction[journey] === 0 ? sightings.source[row] : sightings.destination[row];
  const client = layout.summaries[window.journeys.connection[journey]]?.client ?? strings[own];
  const { port } = parseEndpoint(client);
  return port === null ? withRetry : [...withRetry.map((text) => `:${port} ${text}`), shortest];
}

/** Times at the left of a picture too dense for rows. */
export function drawSparseTimes(draft: Draft): void {
  const { layout, view, marks, measure } = draft;
  if (layout.input.timeMode !== 'events') return;
  const origin = timeOrigin(layout);
  const step = layout.input.arrangement === 'strips' ? SPARSE_TURNED_PX : SPARSE_PX;
  for (let y = origin + 10; y < view.height - 8; y += step) {
    const at = view.top + (y - origin) / view.scale;
    if (at > layout.length) return;
    const text = formatTime(layout, timeAt(layout, at));
    const width = measure(text, 'label');
    if (layout.input.arrangement === 'strips' && !isWithin(draft, y, width / 2)) return;
    marks.text(text, TIME_X - view.left, y, width, ROLE['ink-muted'], FONT.label);
  }
}

function drawTime(draft: Draft, { journey }: DrawnJourney, y: number, strong: boolean): void {
  const { layout, measure, marks, view } = draft;
  const text = timeText(layout, journey);
  marks.text(
    text,
    TIME_X - view.left,
    y,
    measure(text, 'label'),
    strong ? ROLE.ink : ROLE['ink-muted'],
    FONT.label,
    0,
    journey,
  );
}

const times = new WeakMap<SceneLayout, (string | undefined)[]>();

/** The time before a journey's row; while one pans, the same rows come again. */
function timeText(layout: SceneLayout, journey: number): string {
  let known = times.get(layout);
  if (known === undefined) {
    known = [];
    times.set(layout, known);
  }
  known[journey] ??= formatTime(layout, layout.facts.startNs[journey]);
  return known[journey];
}

/** Time of the picture in seconds after its first row: `1.012131`. */
export function formatTime(layout: SceneLayout, timeNs: number): string {
  const { order, rowCount, facts, zeroNs } = layout;
  const spanNs = rowCount === 0 ? 0 : facts.startNs[order[rowCount - 1]] - zeroNs;
  return formatSeconds(timeNs - zeroNs, spanNs >= WIDE_SECONDS * 1e9 ? 3 : 6);
}
