// Some journeys of a window as a window of their own: what one picture or one table shows.
import { allocateColumns, type ColumnSchema, type ColumnsOf } from '../base/columns';
import { JOURNEY_COLUMNS, type JourneyWindow, SIGHTING_COLUMNS } from './journey-window';

/** A window of the journeys at these rows, in the order given. Connections, strings, files and the base of times stay. */
export function pickJourneys(window: JourneyWindow, rows: readonly number[]): JourneyWindow {
  const sightingRows: number[] = [];
  const journeys = copyRows(JOURNEY_COLUMNS, window.journeys, rows);
  rows.forEach((row, index) => {
    const first = window.journeys.firstSighting[row];
    journeys.firstSighting[index] = sightingRows.length;
    for (let k = 0; k < window.journeys.sightingCount[row]; k++) sightingRows.push(first + k);
  });
  return {
    ...window,
    journeyCount: rows.length,
    sightingCount: sightingRows.length,
    journeys,
    sightings: copyRows(SIGHTING_COLUMNS, window.sightings, sightingRows),
    omitted: window.omitted + window.journeyCount - rows.length,
  };
}

function copyRows<S extends ColumnSchema>(
  schema: S,
  from: ColumnsOf<S>,
  rows: readonly number[],
): ColumnsOf<S> {
  const to = allocateColumns(schema, rows.length);
  for (const name of Object.keys(schema))
    for (let row = 0; row < rows.length; row++) to[name][row] = from[name][rows[row]];
  return to;
}
