// Swimlanes for the report: the scene's layout of a finding's journeys, cut where no packet is on its way into parts that fit a page.

import { lowerBound } from '../base/bisect';
import type { Finding } from '../model/finding';
import { pickJourneys } from '../model/pick-journeys';
import type { CaseSnapshot } from '../model/snapshot';
import { PINNED_PX } from '../scene/draft';
import { HEADER_PX } from '../scene/draw-frame';
import { buildLayout, type SceneLayout } from '../scene/layout';
import { BADGE_PX, ROW_PX } from '../scene/place-rows';
import { ROW_BADGE, ROW_FAULT } from '../scene/row-facts';
import { NUMBERS_FONT, PAPER, TEXT_HEIGHT, TEXT_WIDTH, WORDS_FONT } from './pdf-style';
import { countOf } from './report-words';
import { renderSvg } from './svg';

/** A swimlane, or a part of one, as an SVG document. */
export interface ReportFigure {
  readonly svg: string;
  readonly widthPx: number;
  readonly heightPx: number;
  /** What the parts show, over the first of them; empty over the others. */
  readonly caption: string;
}

/** Width in px that is set to the width of the text: two lanes have room for labels, more lanes take more. */
const widthFor = (lanes: number): number => 780 + 45 * Math.max(0, lanes - 3);
/** Share of a page that a part may take: parts flow like paragraphs and leave no page half empty. */
const PART_OF_PAGE = 0.46;
/** How far labels reach below the space of their row. */
const OVERHANG_PX = 6;

/** Parts of one picture of these journeys (rows of the snapshot's window, by time), the steps of the finding marked in them. */
export function drawFigures(
  snapshot: CaseSnapshot,
  journeys: readonly number[],
  finding: Finding | null,
): readonly ReportFigure[] {
  if (journeys.length === 0) return [];
  const window = pickJourneys(snapshot.journeys, journeys);
  const shown = new Set(
    Array.from(window.journeys.connection, (index) => window.connections[index]),
  );
  const connections = snapshot.connections.filter((connection) => shown.has(connection.id));
  const layout = buildLayout({
    window,
    points: snapshot.points,
    connections,
    hops: snapshot.hops,
    lanes: snapshot.view.lanes,
    finding,
    notes: snapshot.notes,
    timeMode: 'events',
  });
  const width = widthFor(layout.plan.lanes.length);
  const partHeight = (PART_OF_PAGE * TEXT_HEIGHT * width) / TEXT_WIDTH;
  const cuts = cutLayout(layout, partHeight - HEADER_PX - PINNED_PX - OVERHANG_PX);
  const subject = connections
    .slice(0, 2)
    .map((connection) => `${connection.client} → ${connection.server}`)
    .join(' and ');
  const more = connections.length > 2 ? ` and ${connections.length - 2} more` : '';
  return cuts.slice(1).map((to, index) => {
    const { svg, widthPx, heightPx } = renderSvg(sliceLayout(layout, cuts[index], to), {
      theme: PAPER,
      fonts: { words: WORDS_FONT, numbers: NUMBERS_FONT },
      widthPx: width,
      from: cuts[index],
      to: Math.min(layout.length, to + OVERHANG_PX),
    });
    const caption = `${subject}${more}, ${countOf(journeys.length, 'packet', 'packets')}. Time runs down, packets evenly spaced, silences folded; seconds after the first packet.`;
    return { svg, widthPx, heightPx, caption: index === 0 ? caption : '' };
  });
}

/** The layout with the rows between two cuts alone: what stands beside a cut must not be in the part, not even out of sight, where it could be copied. */
function sliceLayout(layout: SceneLayout, from: number, to: number): SceneLayout {
  const { y, order, gapRow, gapY, gapNs } = layout;
  const first = lowerBound(y, from);
  const end = lowerBound(y, to);
  const firstGap = lowerBound(gapRow, first);
  const endGap = lowerBound(gapRow, end);
  return {
    ...layout,
    rowCount: end - first,
    order: order.subarray(first, end),
    y: y.subarray(first, end),
    gapRow: gapRow.subarray(firstGap, endGap).map((row) => row - first),
    gapY: gapY.subarray(firstGap, endGap),
    gapNs: gapNs.subarray(firstGap, endGap),
  };
}

interface CutCandidate {
  readonly place: number;
  /** A folded silence begins here: a better place than between two packets in a row. */
  readonly silence: boolean;
}

/** How much of a page it is worth to cut at a silence. */
const SILENCE_WORTH = 0.15;

/** Places at which to cut the layout so that no part is longer than `capacity`, its beginning and end among them. */
export function cutLayout(layout: SceneLayout, capacity: number): readonly number[] {
  const candidates = cutCandidates(layout);
  const cuts = [0];
  while (layout.length - cuts[cuts.length - 1] > capacity) {
    const from = cuts[cuts.length - 1];
    const left = layout.length - from;
    // Parts of like length: no page with a last packet alone.
    const ideal = from + left / Math.ceil(left / capacity);
    const cost = ({ place, silence }: CutCandidate): number =>
      Math.abs(place - ideal) + (silence ? 0 : SILENCE_WORTH * capacity);
    const within = candidates.filter(({ place }) => place > from && place <= from + capacity);
    cuts.push(
      within.length === 0
        ? from + capacity
        : within.reduce((best, other) => (cost(other) < cost(best) ? other : best)).place,
    );
  }
  return [...cuts, layout.length];
}

/** The upper edge of each row's own space, or of the folded silence before it. */
function cutCandidates({
  y,
  order,
  facts,
  gapRow,
  gapY,
  rowCount,
}: SceneLayout): readonly CutCandidate[] {
  const gaps = new Map(Array.from(gapRow, (row, index) => [row, gapY[index]]));
  return Array.from({ length: rowCount }, (_, row) => {
    const gap = gaps.get(row);
    if (gap !== undefined) return { place: gap - ROW_PX / 2, silence: true };
    const bits = facts.bits[order[row]];
    const badgeAbove = bits & ROW_BADGE && bits & ROW_FAULT ? BADGE_PX : 0;
    return { place: y[row] - ROW_PX / 2 - badgeAbove, silence: false };
  });
}
