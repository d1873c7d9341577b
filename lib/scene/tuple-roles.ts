// Colours of a journey's stretches by the tuple in force: the direction's own while it holds that it left with, another from each hop that rewrote it.
import type { JourneyWindow } from '../model/journey-window';
import { ROLE } from './theme';

/** Role of each sighting of the way: the direction's, and in turn NAT's two from each rewrite on; the direction's again where its tuple is back. */
export function tupleRoles({ journeys, sightings }: JourneyWindow, journey: number): number[] {
  const first = journeys.firstSighting[journey];
  const end = first + journeys.sightingCount[journey];
  const own = journeys.direction[journey] === 0 ? ROLE.forward : ROLE.reverse;
  const { source, destination, branch } = sightings;
  const roles: number[] = [];
  let rewrites = 0;
  for (let row = first; row < end && branch[row] === 0; row++) {
    const isRewritten =
      row > first && (source[row] !== source[row - 1] || destination[row] !== destination[row - 1]);
    if (isRewritten) rewrites++;
    const isOwn = source[row] === source[first] && destination[row] === destination[first];
    roles.push(isOwn ? own : rewrites % 2 === 1 ? ROLE.nat : ROLE['nat-again']);
  }
  return roles;
}
