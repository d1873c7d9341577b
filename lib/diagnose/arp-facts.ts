// Addresses that someone asked for by ARP and nobody answered for.
import type { ConnectionSummary } from '../model/connection';
import { parseEndpoint } from '../model/endpoint';
import type { CaseFacts } from './facts';
import { onFacts } from './on-facts';
import { firstSighting, lastSighting, type PacketFact } from './packet-facts';
import { isTimer } from './syn-retries';
import { THRESHOLDS } from './thresholds';

export interface UnansweredArp {
  readonly connection: ConnectionSummary;
  readonly asker: string;
  readonly target: string;
  /** In order of time; at least THRESHOLDS.arpRequests, the kernel's timer apart. */
  readonly requests: readonly PacketFact[];
  /** Replies that some point saw and the asker's never did. */
  readonly lostReplies: readonly PacketFact[];
}

const REQUEST = 1;
const REPLY = 2;
const SECOND = 1e9;
/** retrans_time_ms: asked again that much later. */
const RETRANS_SECONDS = 1;

export const findUnansweredArp = onFacts((facts): readonly UnansweredArp[] => {
  return facts.connections
    .filter(
      ({ protocol, firstTime, lastTime }) => protocol === 'arp' && lastTime - firstTime >= SECOND,
    )
    .slice(0, THRESHOLDS.closeLook)
    .flatMap((connection): UnansweredArp[] => {
      const packets = facts.packetsOf(connection);
      const requests = packets.filter(({ flags }) => flags === REQUEST);
      if (requests.length < THRESHOLDS.arpRequests) return [];
      const { source: asker, destination: target } = firstSighting(requests[0]);
      // Probes (RFC 5227) and announcements want no answer.
      if (asker === '0.0.0.0' || asker === target) return [];
      const replies = packets.filter(
        (packet) => packet.flags === REPLY && firstSighting(packet).source === target,
      );
      const askerPoint = firstSighting(requests[0]).point;
      if (replies.some((reply) => reply.way.some(({ point }) => point === askerPoint))) return [];
      const times = requests.map((request) => firstSighting(request).referenceTime);
      const timed = times
        .slice(1)
        .filter((time, index) => isTimer(time - times[index], RETRANS_SECONDS)).length;
      if (timed < THRESHOLDS.arpRequests - 1) return [];
      return [{ connection, asker, target, requests, lostReplies: replies }];
    });
});

/** Connections that got nowhere while the address was asked for. */
export function harmedByArp(facts: CaseFacts, arp: UnansweredArp): readonly ConnectionSummary[] {
  const first = firstSighting(arp.requests[0]).referenceTime;
  const last = lastSighting(arp.requests[arp.requests.length - 1]).referenceTime;
  const touches = ({ legs }: ConnectionSummary): boolean =>
    legs.some(({ client, server }) =>
      [client, server].some((end) => parseEndpoint(end).address === arp.target),
    );
  return facts.connections.filter(
    (connection) =>
      connection.protocol !== 'arp' &&
      connection.firstTime <= last + SECOND &&
      connection.lastTime >= first - SECOND &&
      touches(connection) &&
      (connection.handshake === 'failed' ||
        connection.lost > 0 ||
        connection.forwardStops.length === 0 ||
        connection.reverseStops.length === 0),
  );
}
