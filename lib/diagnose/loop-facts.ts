// Packets that circle between routers until their TTL is used up: they pass one point again and again, each time with less of it.
import { type ExactError, icmpErrorsAbout } from './icmp-facts';
import { onFacts } from './on-facts';
import { firstSighting, type PacketFact, type SightingFact } from './packet-facts';
import { THRESHOLDS } from './thresholds';

export interface Loop {
  /** In order of time; at least one. */
  readonly packets: readonly PacketFact[];
  /** Passages of the first packet at the point it passes most often, in order of time. */
  readonly passages: readonly SightingFact[];
  /** Errors that tell its sender so. */
  readonly errors: readonly ExactError[];
}

/** Passages of one packet at one point from which it circles: translation and hairpins make two. */
const CIRCLING_PASSAGES = 4;

/** Whether these sightings of one packet at one point are rounds of a loop. */
export function isCircling(sightings: readonly SightingFact[]): boolean {
  if (sightings.length < CIRCLING_PASSAGES) return false;
  const byTime = [...sightings].sort((a, b) => a.time - b.time);
  return byTime.every((one, index) => index === 0 || one.ttl < byTime[index - 1].ttl);
}

/** One a pair of client and server, as they were asked for. */
export const findLoops = onFacts((facts): readonly Loop[] => {
  const groups = new Map<string, Loop[]>();
  const suspects = facts.connections
    .filter(({ forwardStops, reverseStops }) =>
      [...forwardStops, ...reverseStops].some(
        (stop) => Number(stop.split('/')[1] ?? 1) >= CIRCLING_PASSAGES,
      ),
    )
    .slice(0, THRESHOLDS.closeLook);
  for (const connection of suspects) {
    const circling = facts.packetsOf(connection).flatMap((packet) => {
      const passages = mostPassages(packet);
      return isCircling(passages) ? [{ packet, passages }] : [];
    });
    if (circling.length === 0) continue;
    const key = `${connection.protocol} ${connection.server} ${circling[0].packet.direction}`;
    groups.set(key, [
      ...(groups.get(key) ?? []),
      {
        packets: circling.map(({ packet }) => packet),
        passages: circling[0].passages,
        errors: (icmpErrorsAbout(facts).get(connection.id) ?? []).filter(
          ({ kind }) => kind === 'time-exceeded',
        ),
      },
    ]);
  }
  return [...groups.values()].map((loops) => ({
    packets: loops
      .flatMap(({ packets }) => packets)
      .sort((a, b) => firstSighting(a).referenceTime - firstSighting(b).referenceTime),
    passages: loops[0].passages,
    errors: loops.flatMap(({ errors }) => errors),
  }));
});

function mostPassages({ way, copies }: PacketFact): readonly SightingFact[] {
  const byPoint = new Map<number, SightingFact[]>();
  for (const sighting of [...way, ...copies])
    byPoint.set(sighting.point, [...(byPoint.get(sighting.point) ?? []), sighting]);
  const lists = [...byPoint.values()].map((list) => list.sort((a, b) => a.time - b.time));
  return lists.reduce((most, list) => (list.length > most.length ? list : most), []);
}
