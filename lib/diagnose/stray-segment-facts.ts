// Single segments of an open, translated connection that were left untranslated because connection tracking took them for invalid: on the way back,
// where the client resets what it does not know, and on the way there, where the translating host itself answers with a reset.
import type { ConnectionSummary } from '../model/connection';
import { onFacts } from './on-facts';
import { firstSighting, lastSighting, type PacketFact, type SightingFact } from './packet-facts';
import { THRESHOLDS } from './thresholds';

/** A segment of the reply that came to the client under the server's own name. */
export interface StrayReply {
  readonly connection: ConnectionSummary;
  readonly segment: PacketFact;
  /** How it reached the client's side. */
  readonly seen: SightingFact;
  /** Where its neighbours come from at the same point, and one of them. */
  readonly usual: string;
  readonly neighbour: PacketFact;
  readonly reset: PacketFact;
}

/** A segment of the client that was not translated: the host it came to has no such connection, and resets it in the service's name. */
export interface StrayRequest {
  readonly connection: ConnectionSummary;
  readonly segment: PacketFact;
  readonly reset: PacketFact;
  /** Where the server's packets begin, and neither segment nor reset is seen. */
  readonly serverPoint: number;
}

const closedByReset = onFacts((facts) =>
  facts.connections
    .filter(
      ({ protocol, translations, close }) =>
        protocol === 'tcp' && translations.length > 0 && close === 'reset',
    )
    .slice(0, THRESHOLDS.closeLook)
    .map((connection) => ({
      connection,
      packets: facts.packetsOf(connection, THRESHOLDS.lossPackets),
    })),
);

export const findStrayReplies = onFacts((facts): readonly StrayReply[] =>
  closedByReset(facts).flatMap(
    ({ connection, packets }) => findStrayReply(connection, packets) ?? [],
  ),
);

export const findStrayRequests = onFacts((facts): readonly StrayRequest[] =>
  closedByReset(facts).flatMap(
    ({ connection, packets }) => findStrayRequest(connection, packets) ?? [],
  ),
);

function findStrayReply(
  connection: ConnectionSummary,
  packets: readonly PacketFact[],
): StrayReply | undefined {
  const replies = packets.filter(
    ({ direction, kind }) => direction === 'reverse' && kind === 'other',
  );
  for (const segment of replies) {
    if (segment.payloadLength === 0) continue;
    const seen = lastSighting(segment);
    const neighbour = replies.find((other) =>
      other.way.some(
        (sighting) =>
          sighting === lastSighting(other) &&
          sighting.point === seen.point &&
          sighting.source !== seen.source &&
          sighting.destination === seen.destination &&
          sighting.source === connection.server,
      ),
    );
    if (neighbour === undefined || seen.source !== firstSighting(segment).source) continue;
    const reset = packets.find(
      (packet) =>
        packet.kind === 'reset' &&
        packet.direction === 'forward' &&
        packet.way.some(
          (sighting) =>
            sighting.point === seen.point &&
            sighting.destination === seen.source &&
            sighting.time >= seen.time &&
            sighting.time - seen.time < THRESHOLDS.resetAnswerNs,
        ),
    );
    if (reset !== undefined)
      return { connection, segment, seen, usual: lastSighting(neighbour).source, reset, neighbour };
  }
  return undefined;
}

function findStrayRequest(
  connection: ConnectionSummary,
  packets: readonly PacketFact[],
): StrayRequest | undefined {
  const replies = packets.filter(
    ({ direction, kind, way }) => direction === 'reverse' && kind !== 'reset' && way.length > 1,
  );
  if (replies.length === 0) return undefined;
  const serverPoint = firstSighting(replies[replies.length - 1]).point;
  const isAtServer = (packet: PacketFact): boolean =>
    [...packet.way, ...packet.copies].some(({ point }) => point === serverPoint);
  for (const reset of packets) {
    if (reset.kind !== 'reset' || reset.direction !== 'reverse' || isAtServer(reset)) continue;
    const seen = lastSighting(reset);
    const index = packets.findLastIndex(
      (packet) =>
        packet.direction === 'forward' &&
        packet.kind === 'other' &&
        packet.payloadLength > 0 &&
        // RFC 9293 section 3.10.7.1: who knows no such connection takes the number of its reset from the segment's acknowledgement.
        packet.acknowledgement === reset.sequence &&
        packet.way.some(
          ({ point, time }) =>
            point === seen.point &&
            seen.time >= time &&
            seen.time - time < THRESHOLDS.resetAnswerNs,
        ),
    );
    const segment = packets[index];
    if (segment === undefined || isAtServer(segment)) continue;
    // After a long silence it is rather an entry that expired: idle-timeout-reset.
    const silence =
      index === 0
        ? 0
        : firstSighting(segment).referenceTime - firstSighting(packets[index - 1]).referenceTime;
    if (silence < THRESHOLDS.idleNs) return { connection, segment, reset, serverPoint };
  }
  return undefined;
}
