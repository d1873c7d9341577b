// DNS look-ups that had to be asked again: the same query on the same socket after the resolver's timeout, and what became of the first one.
import type { ConnectionSummary } from '../model/connection';
import { parseEndpoint } from '../model/endpoint';
import { formatStop, type Stop, stopPassage, stopPoint } from '../model/stop';
import type { CaseFacts } from './facts';
import { onFacts } from './on-facts';
import { firstSighting, type PacketFact } from './packet-facts';
import { THRESHOLDS } from './thresholds';

export interface DnsRetry {
  readonly connection: ConnectionSummary;
  /** All transmissions of the query, in order of time; at least two. */
  readonly queries: readonly PacketFact[];
  /** Answers to it; those that came late are among them. */
  readonly answers: readonly PacketFact[];
  /** From the first transmission to the second, ns. */
  readonly waitNs: number;
  /** What was lost first, and between which stops; null: what was lost is not in the captures. */
  readonly lost: { readonly packet: PacketFact; readonly from: string; readonly to: string } | null;
  /** The other query that left the socket together with the first transmission; null: none. */
  readonly twin: PacketFact | null;
}

const DNS_PORT = 53;

/** One a query that was sent again. */
export const findDnsRetries = onFacts((facts): readonly DnsRetry[] => {
  return facts.connections
    .filter(isSuspicious)
    .slice(0, THRESHOLDS.closeLook)
    .flatMap((connection) => findRetries(facts, connection));
});

const isSuspicious = (connection: ConnectionSummary): boolean =>
  connection.protocol === 'udp' &&
  parseEndpoint(connection.server).port === DNS_PORT &&
  (connection.lost > 0 || connection.lastTime - connection.firstTime >= THRESHOLDS.resolverLeastNs);

function findRetries(facts: CaseFacts, connection: ConnectionSummary): DnsRetry[] {
  const packets = facts.packetsOf(connection);
  const queries = new Map<string, PacketFact[]>();
  for (const packet of packets)
    if (packet.direction === 'forward') {
      // The same transaction id and length: the resolver sends the very same bytes again.
      const key = `${packet.sequence} ${packet.payloadLength} ${packet.payloadDigest}`;
      queries.set(key, [...(queries.get(key) ?? []), packet]);
    }
  return [...queries.values()].flatMap((sent): DnsRetry[] => {
    if (sent.length < 2) return [];
    const [first, second] = sent;
    const waitNs = firstSighting(second).referenceTime - firstSighting(first).referenceTime;
    if (waitNs < THRESHOLDS.resolverLeastNs) return [];
    const answers = packets.filter(
      ({ direction, sequence }) => direction === 'reverse' && sequence === first.sequence,
    );
    const early = answers.filter(
      (answer) => firstSighting(answer).referenceTime < firstSighting(second).referenceTime,
    );
    // An answer that came in time leaves nothing to repeat: then the client asks for reasons of its own.
    if (early.some(({ fate }) => fate === 'delivered')) return [];
    const lost = [first, ...early].find(
      ({ fate, lostFrom }) => fate === 'lost' && lostFrom !== null,
    );
    return [
      {
        connection,
        queries: sent,
        answers,
        waitNs,
        lost:
          lost === undefined
            ? placeByRetry(facts, first, second)
            : {
                packet: lost,
                from: stopText(facts, lost.lostFrom!),
                to: stopText(facts, lost.lostTo!),
              },
        twin:
          packets.find(
            (other) =>
              other.direction === 'forward' &&
              other.sequence !== first.sequence &&
              Math.abs(firstSighting(other).referenceTime - firstSighting(first).referenceTime) <=
                THRESHOLDS.queryPairNs,
          ) ?? null,
      },
    ];
  });
}

/** Where the repetition went on and the first did not: that it had to be asked again says that it was lost there, or its answer behind it. */
function placeByRetry(facts: CaseFacts, first: PacketFact, second: PacketFact): DnsRetry['lost'] {
  const next = second.way[first.way.length];
  const follows = first.way.every(
    ({ point, passage }, index) =>
      second.way[index]?.point === point && second.way[index].passage === passage,
  );
  if (next === undefined || !follows || first.fate === 'delivered') return null;
  const { point, passage } = first.way[first.way.length - 1];
  return {
    packet: first,
    from: formatStop(facts.points[point].id, passage),
    to: formatStop(facts.points[next.point].id, next.passage),
  };
}

const stopText = (facts: CaseFacts, stop: Stop): string =>
  formatStop(facts.points[stopPoint(stop)].id, stopPassage(stop));
