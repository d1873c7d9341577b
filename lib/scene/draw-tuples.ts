// The strip over the rows: which tuple is in force along the way, forward above, the replies beneath it, client first in both, so that a reply that is not the inverse shows.
import { findFitting, tupleTexts } from './badges';
import { type Draft, PINNED_PX } from './draft';
import type { SceneLayout } from './layout';
import { LINE_SOLID, NOTHING } from './marks';
import { ROW_FAULT } from './row-facts';
import { FONT, ROLE } from './theme';
import { tupleRoles } from './tuple-roles';

/** Middles of the two lines. */
const FORWARD_Y = 12;
const REVERSE_Y = 29;
const BOX_PX = 16;
/** Between a stretch's text and the lane where the next begins. */
const GAP_PX = 14;

/** Runs of one tuple along a journey, by lanes from the left. */
export interface Stretch {
  readonly from: number;
  readonly to: number;
  readonly client: string;
  readonly server: string;
  readonly role: number;
}

/** Journeys whose tuples the strip tells; −1: none of that direction. */
export interface PinnedJourneys {
  readonly forward: number;
  readonly reverse: number;
}

export function drawTuples(draft: Draft, { forward, reverse }: PinnedJourneys): void {
  const { layout, marks, placement, view } = draft;
  const width = Math.max(view.width, placement.contentWidth);
  marks.band(0, 0, width, PINNED_PX, ROLE.surface, 1);
  for (const x of placement.x) marks.line(x, PINNED_PX - 6, x, PINNED_PX, ROLE.line, LINE_SOLID, 1);
  if (forward >= 0) drawLine(draft, findStretches(layout, forward), FORWARD_Y, '→', null);
  if (reverse < 0) return;
  const expected = forward < 0 ? null : (findStretches(layout, forward)[0] ?? null);
  const broken = (layout.facts.bits[reverse] & ROW_FAULT) !== 0;
  drawLine(draft, findStretches(layout, reverse), REVERSE_Y, '←', broken ? expected : null);
}

/** `expected`: what the stretch nearest to the client should be, where it is not: the loudest mark of the picture. */
function drawLine(
  { marks, placement, measure, view }: Draft,
  stretches: readonly Stretch[],
  y: number,
  arrow: '→' | '←',
  expected: Stretch | null,
): void {
  let taken = Number.NEGATIVE_INFINITY;
  stretches.forEach(({ from, to, client, server, role }, index) => {
    const next = stretches[index + 1];
    const isWrong = index === 0 && expected !== null;
    const left = placement.x[from];
    if (left < taken) return;
    const end = next
      ? placement.x[next.from] - GAP_PX
      : Math.max(placement.x[to], placement.labelX + placement.labelWidth) - 4;
    // What begins in view ends in view.
    const edge = left < view.width ? view.width - 4 : Number.POSITIVE_INFINITY;
    const texts = tupleTexts(client, server, arrow);
    const told = isWrong ? texts.map((text) => `${text} ≠`) : texts;
    const font = isWrong ? 'label-strong' : 'label';
    const fitting = (px: number) =>
      findFitting(told, px - left, (candidate) => measure(candidate, font));
    // What is wrong is said, though the stretch behind it has to go without words.
    const text = fitting(Math.min(end, edge)) ?? (isWrong ? fitting(edge - 5) : undefined);
    if (text === undefined) return;
    const width = measure(text, font);
    taken = left + width + (isWrong ? GAP_PX : 0);
    if (isWrong)
      marks.box(
        left - 5,
        y - BOX_PX / 2,
        width + 10,
        BOX_PX,
        ROLE.failure,
        ROLE.failure,
        NOTHING,
        NOTHING,
      );
    marks.text(text, left, y, width, isWrong ? ROLE.surface : role, FONT[font]);
  });
}

export function findStretches({ input, plan }: SceneLayout, journey: number): readonly Stretch[] {
  const { journeys, sightings, strings } = input.window;
  const direction = journeys.direction[journey];
  const first = journeys.firstSighting[journey];
  const end = first + journeys.sightingCount[journey];
  const roles = tupleRoles(input.window, journey);
  const stretches: Stretch[] = [];
  for (let row = first; row < end && sightings.branch[row] === 0; row++) {
    const lane = plan.laneOf(direction, sightings.point[row], sightings.passage[row]);
    if (lane < 0) continue;
    const [client, server] = [sightings.source, sightings.destination].map(
      (column) => strings[column[row]],
    );
    const [near, far] = direction === 0 ? [client, server] : [server, client];
    const last = stretches.at(-1);
    if (last && last.client === near && last.server === far)
      stretches[stretches.length - 1] = {
        ...last,
        from: Math.min(last.from, lane),
        to: Math.max(last.to, lane),
      };
    else
      stretches.push({ from: lane, to: lane, client: near, server: far, role: roles[row - first] });
  }
  return stretches.sort((a, b) => a.from - b.from);
}
