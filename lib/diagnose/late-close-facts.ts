// FINs and resets that end a connection so late that its entry of connection tracking is gone: they go on without the translation that all
// packets before them had, and the peer does not know whom they come from.
import type { ConnectionSummary } from '../model/connection';
import { onFacts } from './on-facts';
import { firstSighting, type PacketFact, type SightingFact } from './packet-facts';
import { THRESHOLDS } from './thresholds';

export interface LateClose {
  readonly connection: ConnectionSummary;
  readonly packet: PacketFact;
  /** Where it shows the wrong tuple, and how packets of its direction looked there before. */
  readonly seen: SightingFact;
  readonly usual: SightingFact;
  /** From the packet before it to this one, ns. */
  readonly silenceNs: number;
  /** The last packet of the peer before it. */
  readonly before: PacketFact;
  /** The peer's reset of what it does not know; null: it says nothing. */
  readonly answer: PacketFact | null;
}

/** One a connection: the first packet that left untranslated. */
export const findLateCloses = onFacts((facts): readonly LateClose[] =>
  facts.connections
    .filter(
      ({ protocol, translations, firstTime, lastTime }) =>
        protocol === 'tcp' &&
        translations.length > 0 &&
        lastTime - firstTime >= THRESHOLDS.shortestCloseNs,
    )
    .slice(0, THRESHOLDS.closeLook)
    .flatMap(
      (connection) =>
        findLateClose(connection, facts.packetsOf(connection, THRESHOLDS.lossPackets)) ?? [],
    ),
);

function findLateClose(
  connection: ConnectionSummary,
  packets: readonly PacketFact[],
): LateClose | undefined {
  const usual = {
    forward: new Map<string, SightingFact>(),
    reverse: new Map<string, SightingFact>(),
  };
  for (const [index, packet] of packets.entries()) {
    const known = usual[packet.direction];
    const first = firstSighting(packet);
    const closes = packet.kind === 'fin' || packet.kind === 'reset';
    if (closes && index > 0) {
      const seen = packet.way.find((sighting) => {
        const before = known.get(stopKey(sighting));
        return (
          before !== undefined && !isSameTuple(before, sighting) && isSameTuple(first, sighting)
        );
      });
      const silenceNs = first.referenceTime - firstSighting(packets[index - 1]).referenceTime;
      const before = packets.slice(0, index).findLast((one) => one.direction !== packet.direction);
      if (
        seen !== undefined &&
        seen !== first &&
        before !== undefined &&
        silenceNs >= THRESHOLDS.shortestCloseNs
      ) {
        const answer = packets
          .slice(index)
          .find(
            (other) =>
              other.kind === 'reset' &&
              other.direction !== packet.direction &&
              firstSighting(other).destination === seen.source,
          );
        return {
          connection,
          packet,
          seen,
          usual: known.get(stopKey(seen))!,
          silenceNs,
          before,
          answer: answer ?? null,
        };
      }
    }
    for (const sighting of packet.way)
      if (!known.has(stopKey(sighting))) known.set(stopKey(sighting), sighting);
  }
  return undefined;
}

const stopKey = ({ point, passage }: SightingFact): string => `${point}/${passage}`;

const isSameTuple = (a: SightingFact, b: SightingFact): boolean =>
  a.source === b.source && a.destination === b.destination;
