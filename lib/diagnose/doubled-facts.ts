// Packets that come out of a hop twice: the second one is like the first in everything, its IP ID included, and no point before the hop saw it.
import type { CaseFacts } from './facts';
import { onFacts } from './on-facts';
import { firstSighting, lastSighting, type PacketFact, type SightingFact } from './packet-facts';
import { THRESHOLDS } from './thresholds';

export interface DoubledOnTheWay {
  readonly packet: PacketFact;
  /** The same again, seen from the hop's end on. */
  readonly twin: PacketFact;
  /** Ids of the points between which one became two. */
  readonly between: readonly [string, string];
}

/** By hop, of the packets that are looked at. */
export const findDoubledOnTheWay = onFacts(
  (facts): ReadonlyMap<string, readonly DoubledOnTheWay[]> => {
    const known = new Map<string, PacketFact>();
    const byHop = new Map<string, DoubledOnTheWay[]>();
    for (const packet of facts.sample) {
      const key = identityOf(packet);
      const before = key === null ? undefined : known.get(key);
      if (key !== null && before === undefined) known.set(key, packet);
      const found = before && findHop(facts, before, packet);
      if (!found) continue;
      const hop = found.between.join(' ');
      byHop.set(hop, [...(byHop.get(hop) ?? []), found]);
    }
    return byHop;
  },
);

/** Null where it could be another packet of the same content. */
function identityOf(packet: PacketFact): string | null {
  const { ipId, ttl } = firstSighting(packet);
  if (ipId === 0 || ttl === 0 || packet.shifted || packet.way.some(({ shared }) => shared))
    return null;
  const { connection, direction, kind, flags, sequence, acknowledgement } = packet;
  const { timestampValue, payloadLength, payloadDigest } = packet;
  return [
    connection,
    direction,
    kind,
    flags,
    sequence,
    acknowledgement,
    timestampValue,
    payloadLength,
    payloadDigest,
    ipId,
  ].join(' ');
}

function findHop(
  facts: CaseFacts,
  packet: PacketFact,
  twin: PacketFact,
): DoubledOnTheWay | undefined {
  const begin = firstSighting(twin);
  const at = packet.way.findIndex(
    ({ point, passage }) => point === begin.point && passage === begin.passage,
  );
  if (at < 1) return undefined;
  const later = begin.time - packet.way[at].time;
  if (later < 0 || later > THRESHOLDS.twinNs) return undefined;
  // It reaches its receiver as the first one did: what a switch floods is addressed to another MAC.
  if (!arrivesAlike(lastSighting(packet), lastSighting(twin))) return undefined;
  const [from, to] = [packet.way[at - 1].point, begin.point].map((point) => facts.points[point].id);
  return { packet, twin, between: [from, to] };
}

const arrivesAlike = (a: SightingFact, b: SightingFact): boolean =>
  a.point === b.point && a.destinationMac === b.destinationMac && a.destinationMac !== '';
