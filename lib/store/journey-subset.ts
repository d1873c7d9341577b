// The journeys of some connections out of a window that holds more: what a snapshot's reader draws when one connection is chosen.
import { allocateColumns, type ColumnSchema, type ColumnsOf } from '../base/columns';
import { JOURNEY_COLUMNS, type JourneyWindow, SIGHTING_COLUMNS } from '../model/journey-window';

/** A window of the journeys whose connection is among `ids`, at most `limit`; order, strings and files stay. */
export function selectJourneys(
  window: JourneyWindow,
  ids: readonly string[],
  limit: number,
): JourneyWindow {
  const wanted = new Set(ids);
  const chosen = window.connections.map((id) => wanted.has(id));
  const journeyRows: number[] = [];
  const sightingRows: number[] = [];
  let omitted = 0;
  for (let journey = 0; journey < window.journeyCount; journey++) {
    if (!chosen[window.journeys.connection[journey]]) continue;
    if (journeyRows.length >= limit) {
      omitted++;
      continue;
    }
    journeyRows.push(journey);
    const first = window.journeys.firstSighting[journey];
    for (let i = 0; i < window.journeys.sightingCount[journey]; i++) sightingRows.push(first + i);
  }
  const journeys = copyRows(JOURNEY_COLUMNS, window.journeys, journeyRows);
  for (let journey = 0, next = 0; journey < journeyRows.length; journey++) {
    journeys.firstSighting[journey] = next;
    next += journeys.sightingCount[journey];
  }
  return {
    ...window,
    journeyCount: journeyRows.length,
    sightingCount: sightingRows.length,
    journeys,
    sightings: copyRows(SIGHTING_COLUMNS, window.sightings, sightingRows),
    omitted: omitted + window.omitted,
  };
}

function copyRows<S extends ColumnSchema>(
  schema: S,
  from: ColumnsOf<S>,
  rows: readonly number[],
): ColumnsOf<S> {
  const to = allocateColumns(schema, rows.length);
  for (const name of Object.keys(schema) as (keyof S)[])
    for (let row = 0; row < rows.length; row++) to[name][row] = from[name][rows[row]];
  return to;
}
