// What is refused by ICMP without a handshake to fail: packets of connections that were open, and datagrams.
import type { ConnectionSummary } from '../model/connection';
import { parseEndpoint } from '../model/endpoint';
import type { CaseFacts } from './facts';
import { type ExactError, icmpErrorsAbout, refuses } from './icmp-facts';
import { findIdleTimeouts } from './idle-timeout-facts';
import { onFacts } from './on-facts';
import { firstSighting, type PacketFact } from './packet-facts';
import { findStaleTranslations } from './stale-translation-facts';
import { THRESHOLDS } from './thresholds';

export interface RefusedLater {
  readonly connection: ConnectionSummary;
  /** The first packet that an error quotes. */
  readonly packet: PacketFact;
  /** All errors about this direction that refuse, in order of time. */
  readonly errors: readonly ExactError[];
  /** What its sender sent after the first error. */
  readonly after: readonly PacketFact[];
  /** From the first packet quoted to the last that was sent, ns. */
  readonly waitNs: number;
}

/** Open connections whose peer is not heard of again after the error. */
export const findRefusedMidway = onFacts((facts): readonly RefusedLater[] => {
  const idle = new Set(findIdleTimeouts(facts).map(({ connection }) => connection.id));
  return connectionsWithErrors(facts, 'tcp').flatMap((connection): RefusedLater[] => {
    if (connection.handshake === 'failed' || idle.has(connection.id)) return [];
    const later = gather(facts, connection, 'both');
    return later === undefined || later.after.length === 0 || isHeardAfter(facts, later)
      ? []
      : [later];
  });
});

/** Datagrams that get an error and never an answer. */
export const findRefusedDatagrams = onFacts((facts): readonly RefusedLater[] => {
  const stale = new Set(findStaleTranslations(facts).map(({ connection }) => connection.id));
  return connectionsWithErrors(facts, 'udp').flatMap((connection): RefusedLater[] => {
    if (stale.has(connection.id) || isTraced(facts, connection)) return [];
    const later = gather(facts, connection, 'forward');
    return later === undefined || isHeardAfter(facts, later) ? [] : [later];
  });
});

const connectionsWithErrors = (facts: CaseFacts, protocol: string): readonly ConnectionSummary[] =>
  facts.connections.filter(
    (connection) => connection.protocol === protocol && icmpErrorsAbout(facts).has(connection.id),
  );

function gather(
  facts: CaseFacts,
  connection: ConnectionSummary,
  wanted: 'forward' | 'both',
): RefusedLater | undefined {
  const refusing = icmpErrorsAbout(facts)
    .get(connection.id)!
    .filter((error) => refuses(error) && error.quoted.packet !== null);
  const [first] = refusing;
  const packet = first?.quoted.packet;
  if (packet == null || (wanted === 'forward' && packet.direction !== 'forward')) return undefined;
  const told = firstSighting(first.packet).referenceTime;
  const sent = facts
    .packetsOf(connection, THRESHOLDS.lossPackets)
    .filter(({ direction }) => direction === packet.direction);
  const after = sent.filter((one) => firstSighting(one).referenceTime > told);
  const last = after[after.length - 1] ?? packet;
  return {
    connection,
    packet,
    errors: refusing.filter(({ quoted }) => quoted.direction === packet.direction),
    after,
    waitNs: firstSighting(last).referenceTime - firstSighting(packet).referenceTime,
  };
}

/** The other end answers after all: the way was back, or the packet had its rivals. */
function isHeardAfter(facts: CaseFacts, { connection, packet }: RefusedLater): boolean {
  const sent = firstSighting(packet).referenceTime;
  return facts
    .packetsOf(connection, THRESHOLDS.lossPackets)
    .some(
      (other) => other.direction !== packet.direction && firstSighting(other).referenceTime > sent,
    );
}

/** First port of traceroute's probes, whose answer is that error, and how many it may use. */
const TRACED_PORT = 33_434;
const TRACED_PORTS = 100;

const isTraced = (facts: CaseFacts, { id, server }: ConnectionSummary): boolean => {
  const { port } = parseEndpoint(server);
  return (
    (port !== null && port >= TRACED_PORT && port < TRACED_PORT + TRACED_PORTS) ||
    icmpErrorsAbout(facts)
      .get(id)!
      .some(({ kind }) => kind === 'time-exceeded')
  );
};
