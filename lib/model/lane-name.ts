// How a stop is named, everywhere: as its lane. Passages are numbered in the direction of each packet, lanes from the client's side, so that one place
// has one name whichever way a packet runs: `tun0` is the lane nearer to the client, `tun0′` the one behind it.
import type { ConnectionSummary, Direction, HopSummary } from './connection';
import { formatStop } from './stop';

/** How often packets pass a point at most, by direction; by point id. */
export type PassageCounts = ReadonlyMap<string, Readonly<Record<Direction, number>>>;

export function countPassages(
  connections: readonly Pick<ConnectionSummary, 'forwardStops' | 'reverseStops'>[],
): PassageCounts {
  const counts = new Map<string, Record<Direction, number>>();
  const count = (stops: readonly string[], direction: Direction): void => {
    for (const stop of stops) {
      const [point, passage] = splitStop(stop);
      let known = counts.get(point);
      if (known === undefined) {
        known = { forward: 0, reverse: 0 };
        counts.set(point, known);
      }
      known[direction] = Math.max(known[direction], passage);
    }
  };
  for (const { forwardStops, reverseStops } of connections) {
    count(forwardStops, 'forward');
    count(reverseStops, 'reverse');
  }
  return counts;
}

/** A hop as the ways of a connection: where only hops are at hand, they tell how often points are passed. */
export const waysOfHop = ({
  from,
  to,
  direction,
}: Pick<HopSummary, 'from' | 'to' | 'direction'>): Pick<
  ConnectionSummary,
  'forwardStops' | 'reverseStops'
> =>
  direction === 'forward'
    ? { forwardStops: [from, to], reverseStops: [] }
    : { forwardStops: [], reverseStops: [from, to] };

/** The lane of a direction's stop, as a stop: a reply's first passage of a point is the requests' last. */
export function laneStop(stop: string, direction: Direction, counts: PassageCounts): string {
  if (direction === 'forward') return stop;
  const [point, passage] = splitStop(stop);
  const known = counts.get(point);
  // Passed once on the way back, it is not known which of the requests' passages that was.
  if (known === undefined || known.reverse < 2) return stop;
  const lanes = Math.max(known.forward, known.reverse);
  return formatStop(point, Math.max(1, lanes + 1 - passage));
}

/** `tun0′` of a lane `p3/2`, `tun0` of `p3`; `nameOf`: a point's name by its id. */
export function laneName(lane: string, nameOf: (point: string) => string): string {
  const [point, passage] = splitStop(lane);
  return `${nameOf(point)}${'′'.repeat(passage - 1)}`;
}

function splitStop(stop: string): readonly [point: string, passage: number] {
  const [point, passage] = stop.split('/');
  return [point, Number(passage ?? 1)];
}
