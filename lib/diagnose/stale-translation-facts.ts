// UDP senders whose translation still leads to an endpoint that is gone: nothing ever comes back, something says why, and others are led elsewhere.
import type { ConnectionSummary } from '../model/connection';
import { parseEndpoint } from '../model/endpoint';
import { findUnansweredArp } from './arp-facts';
import { findIcmpErrors } from './icmp-facts';
import { onFacts } from './on-facts';
import { firstSighting, type PacketFact } from './packet-facts';
import { THRESHOLDS } from './thresholds';
import { endpointsBehind } from './translation-facts';

export interface StaleTranslation {
  readonly connection: ConnectionSummary;
  readonly service: string;
  /** Where the translation leads, and where it leads others that are answered; null: none is. */
  readonly endpoint: string;
  readonly answered: ConnectionSummary | null;
  /** ARP requests for the endpoint that nobody answered, or ICMP errors about it. */
  readonly signs: readonly PacketFact[];
  readonly signIs: 'arp' | 'icmp';
}

export const findStaleTranslations = onFacts((facts): readonly StaleTranslation[] => {
  const suspects = facts.connections.filter(
    ({ protocol, reverseStops, translations, journeys }) =>
      protocol === 'udp' &&
      reverseStops.length === 0 &&
      journeys >= THRESHOLDS.arpRequests &&
      translations.some(({ kind }) => kind === 'dnat'),
  );
  if (suspects.length === 0) return [];
  const silent = findUnansweredArp(facts);
  const errors = findIcmpErrors(facts).filter(
    ({ kind }) => kind === 'unreachable' || kind === 'port' || kind === 'prohibited',
  );
  return suspects.flatMap((connection): StaleTranslation[] => {
    const { after, before } = connection.translations.find(({ kind }) => kind === 'dnat')!;
    const endpoint = parseEndpoint(after).address;
    const arp = silent.find(({ target }) => target === endpoint);
    const client = parseEndpoint(connection.client).address;
    const icmp = errors
      .filter(
        ({ to, packet }) =>
          to === client && firstSighting(packet).referenceTime >= connection.firstTime,
      )
      .map(({ packet }) => packet);
    if (arp === undefined && icmp.length === 0) return [];
    // Without another endpoint that is answered the service itself may be down.
    if (endpointsBehind(facts, before).length < 2) return [];
    const answered =
      facts.connections.find(
        (other) =>
          other.protocol === 'udp' &&
          other.server === connection.server &&
          other.reverseStops.length > 0 &&
          other.translations.some((one) => one.kind === 'dnat' && one.after !== after),
      ) ?? null;
    if (answered === null) return [];
    return [
      {
        connection,
        service: before,
        endpoint: after,
        answered,
        signs: arp?.requests ?? icmp,
        signIs: arp === undefined ? 'icmp' : 'arp',
      },
    ];
  });
});
