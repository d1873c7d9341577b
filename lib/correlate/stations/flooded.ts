// Copies in the very look that is delivered: nothing in such a frame tells it from one on its way, the points do. A switch that floods sends
// it to ends of strangers; a bridge hands its own interface what it forwards after it has forwarded it.
import type { Ends } from './ends';
import type { RouteDirection, Station } from './stations';

/** Which of a packet's stations (indices of the route direction, any order) are such copies. Empty where the receiver's own station is not among them. */
export function findFloodedCopies(
  ends: Ends,
  host: (capture: number) => number,
  direction: RouteDirection,
  stations: readonly number[],
): ReadonlySet<number> {
  const copies = new Set<number>();
  const receiver = stations.find((index) => ends.isReceiver(direction.stations[index]));
  if (receiver === undefined) return copies;
  const at = direction.stations[receiver];
  const alike = stations.filter(
    (index) =>
      index !== receiver &&
      ends.sameLook(direction.stations[index], at) &&
      ends.sameHost(direction.stations[index], at),
  );
  if (ends.floods(host(at.capture)))
    for (const index of alike) {
      const station = direction.stations[index];
      const stranger = strangerAt(ends, direction, alike, station);
      if (stranger) copies.add(index);
    }
  const hostEnd = ends.at(at.point)?.hostEnd;
  const door = alike.find((index) => direction.stations[index].point === hostEnd);
  if (door !== undefined)
    // Between the two ends of a veth pair nothing lies.
    for (const index of alike)
      if (index !== door && (direction.medianDelta(door, index) ?? 0) > 0) copies.add(index);
  return copies;
}

/** Whether a station is at a stranger's end, or at the host's side of one that got the frame too. */
function strangerAt(
  ends: Ends,
  direction: RouteDirection,
  alike: readonly number[],
  station: Station,
): boolean {
  if (ends.isStranger(station)) return true;
  const behind = ends.behind(station.point);
  return (
    behind !== undefined &&
    alike.some((index) => {
      const other = direction.stations[index];
      return other.point === behind.point && ends.isStranger(other);
    })
  );
}
