// The journeys of some connections out of a window that holds more: what a snapshot's reader draws when one connection is chosen.
import type { JourneyWindow } from '../model/journey-window';
import { pickJourneys } from '../model/pick-journeys';

/** A window of the journeys whose connection is among `ids`, at most `limit`, as an analysis would give it: of these connections alone, in this order. Strings and files stay. */
export function selectJourneys(
  window: JourneyWindow,
  ids: readonly string[],
  limit: number,
): JourneyWindow {
  const kept = [...new Set(ids)].filter((id) => window.connections.includes(id));
  const places = window.connections.map((id) => kept.indexOf(id));
  const rows: number[] = [];
  for (let journey = 0; journey < window.journeyCount; journey++)
    if (places[window.journeys.connection[journey]] >= 0) rows.push(journey);
  const picked = pickJourneys(window, rows.slice(0, limit));
  for (let journey = 0; journey < picked.journeyCount; journey++)
    picked.journeys.connection[journey] = places[picked.journeys.connection[journey]];
  return {
    ...picked,
    connections: kept,
    protocols: kept.map((id) => window.protocols[window.connections.indexOf(id)]),
    omitted: window.omitted + Math.max(0, rows.length - limit),
  };
}

/** How near to the end of what is there a span may come before what lies beyond it is wanted, as a share of it. */
const NEAR_END = 0.02;

/** Whether a span wants packets that a window leaves out: it lies beyond an end of the window, or has come to it. A span wider than the window does not: it is shown as heat. */
export function leavesWindow(
  { journeyCount, journeys, sightings, omitted, omittedBefore = 0 }: JourneyWindow,
  [from, to]: readonly [number, number],
): boolean {
  if (omitted === 0 || journeyCount === 0) return false;
  const start = sightings.referenceTime[journeys.firstSighting[0]];
  const end = sightings.referenceTime[journeys.firstSighting[journeyCount - 1]];
  const near = NEAR_END * (end - start);
  const isWide = to - from > 0.9 * (end - start);
  if (isWide) return false;
  const wantsBefore = omittedBefore > 0 && from < start + near;
  const wantsAfter = omitted > omittedBefore && to > end - near;
  return wantsBefore || wantsAfter;
}

/** Whether all packets of a span are in the window: what lies beyond its ends by no more than a little is where the view ends. */
export function coversSpan(
  { journeyCount, journeys, sightings, omitted, omittedBefore = 0 }: JourneyWindow,
  [from, to]: readonly [number, number],
): boolean {
  if (omitted === 0 || journeyCount === 0) return true;
  const start = sightings.referenceTime[journeys.firstSighting[0]];
  const end = sightings.referenceTime[journeys.firstSighting[journeyCount - 1]];
  const slack = NEAR_END * (end - start);
  return (
    (omittedBefore === 0 || from >= start - slack) &&
    (omitted === omittedBefore || to <= end + slack)
  );
}
