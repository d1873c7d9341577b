// Two connections side by side: a band behind the packets where they first part, across both.
import { type Draft, toScreen } from './draft';
import type { SceneLayout } from './layout';
import { rowOfJourney } from './layout';
import { ROLE } from './theme';

const ABOVE_PX = 11;
const BELOW_PX = 13;
const ALPHA = 0.75;

export function drawFirstParting(draft: Draft): void {
  const { layout, view, placement, marks } = draft;
  const journey = firstParting(layout, view.side ?? 0);
  if (journey === undefined) return;
  const y = toScreen(draft, layout.y[rowOfJourney(layout, journey)]);
  const width = Math.max(view.width, placement.contentWidth);
  marks.band(0, y - ABOVE_PX, width, ABOVE_PX + BELOW_PX, ROLE['failure-surface'], ALPHA);
}

/** The journey that the first parting cites on this side; where it cites none there, that of the other side. */
function firstParting({ input, firstOfStep }: SceneLayout, side: number): number | undefined {
  if (!input.isPair) return undefined;
  const cited = firstOfStep.get(1);
  const { connection } = input.window.journeys;
  return cited?.find((journey) => connection[journey] === side) ?? cited?.[0];
}
