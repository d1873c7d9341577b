// Two windows of one analysis as one, the second moved in time so that their first packets fall together: what two connections side by side are drawn from.
import { allocateColumns, type ColumnSchema, type ColumnsOf } from '../base/columns';
import { JOURNEY_COLUMNS, type JourneyWindow, SIGHTING_COLUMNS } from './journey-window';

/** Columns of the sightings that are indices in `strings`. */
const TEXTS = [
  'source',
  'destination',
  'sourceMac',
  'destinationMac',
  'encapsulation',
  'quote',
] as const;

/**
 * Journeys of `left`, then those of `right`: not sorted by time across the two. Connections of `right` are numbered behind those of `left`.
 * Reference times of `right` are moved by `shiftNs`; the frames' own times stay. Both windows have the same files and base of times.
 */
export function joinWindows(
  left: JourneyWindow,
  right: JourneyWindow,
  shiftNs: number,
): JourneyWindow {
  const journeys = joinColumns(JOURNEY_COLUMNS, left.journeys, right.journeys, {
    left: left.journeyCount,
    right: right.journeyCount,
  });
  const sightings = joinColumns(SIGHTING_COLUMNS, left.sightings, right.sightings, {
    left: left.sightingCount,
    right: right.sightingCount,
  });
  for (let row = left.journeyCount; row < journeys.connection.length; row++) {
    journeys.connection[row] += left.connections.length;
    journeys.firstSighting[row] += left.sightingCount;
  }
  for (let row = left.sightingCount; row < sightings.time.length; row++) {
    sightings.referenceTime[row] += shiftNs;
    // Index 0 is the empty string of both.
    for (const name of TEXTS)
      if (sightings[name][row] > 0) sightings[name][row] += left.strings.length;
  }
  return {
    baseTime: left.baseTime,
    files: left.files,
    connections: [...left.connections, ...right.connections],
    protocols: [...left.protocols, ...right.protocols],
    strings: [...left.strings, ...right.strings],
    journeyCount: left.journeyCount + right.journeyCount,
    sightingCount: left.sightingCount + right.sightingCount,
    journeys,
    sightings,
    omitted: left.omitted + right.omitted,
  };
}

function joinColumns<S extends ColumnSchema>(
  schema: S,
  first: ColumnsOf<S>,
  second: ColumnsOf<S>,
  rows: { readonly left: number; readonly right: number },
): ColumnsOf<S> {
  const joined = allocateColumns(schema, rows.left + rows.right);
  for (const name of Object.keys(schema)) {
    joined[name].set(first[name].subarray(0, rows.left));
    joined[name].set(second[name].subarray(0, rows.right), rows.left);
  }
  return joined;
}

/** ns to move `right` by so that its first packet stands beside the first of `left`. */
export const shiftBetween = (left: JourneyWindow, right: JourneyWindow): number =>
  startOf(left) - startOf(right);

const startOf = ({ journeyCount, journeys, sightings }: JourneyWindow): number =>
  journeyCount === 0 ? 0 : sightings.referenceTime[journeys.firstSighting[0]];
