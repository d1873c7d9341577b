// The journeys of some connections out of a window that holds more: what a snapshot's reader draws when one connection is chosen.
import type { JourneyWindow } from '../model/journey-window';
import { pickJourneys } from '../model/pick-journeys';

/** A window of the journeys whose connection is among `ids`, at most `limit`; order, strings and files stay. */
export function selectJourneys(
  window: JourneyWindow,
  ids: readonly string[],
  limit: number,
): JourneyWindow {
  const wanted = new Set(ids);
  const chosen = window.connections.map((id) => wanted.has(id));
  const rows: number[] = [];
  for (let journey = 0; journey < window.journeyCount; journey++)
    if (chosen[window.journeys.connection[journey]]) rows.push(journey);
  return {
    ...pickJourneys(window, rows.slice(0, limit)),
    omitted: window.omitted + Math.max(0, rows.length - limit),
  };
}
