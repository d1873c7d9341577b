// Whether a reply came back to its client under the names the client knows: the reverse translation must be the inverse of the forward one.
import type { JourneyWindow } from './journey-window';

export interface RestorationFault {
  readonly end: 'src' | 'dst';
  /** Endpoint the client's socket waits for. */
  readonly expected: string;
  /** Endpoint the reply carried. */
  readonly got: string;
}

/**
 * Faults of a reverse journey at the client's own point, by its last sighting there on the way; empty when it is forward, whole, or never came there.
 * `client` and `server` are the endpoints as seen nearest to the client; `clientPoint` is the index of the first point of the forward way.
 */
export function findRestorationFaults(
  window: JourneyWindow,
  journey: number,
  client: string,
  server: string,
  clientPoint: number,
): readonly RestorationFault[] {
  const { journeys, sightings, strings } = window;
  if (journeys.direction[journey] !== 1) return [];
  const first = journeys.firstSighting[journey];
  for (let row = first + journeys.sightingCount[journey] - 1; row >= first; row--) {
    if (sightings.branch[row] !== 0 || sightings.point[row] !== clientPoint) continue;
    const source = strings[sightings.source[row]];
    const destination = strings[sightings.destination[row]];
    const faults: RestorationFault[] = [];
    if (source !== server) faults.push({ end: 'src', expected: server, got: source });
    if (destination !== client) faults.push({ end: 'dst', expected: client, got: destination });
    return faults;
  }
  return [];
}
