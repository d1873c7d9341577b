// Answers to SYNs that go as far towards the client as the captures show, and that the client never takes: behind the farthest point they are lost.
import { parseEndpoint } from '../model/endpoint';
import { connectionsTo } from './by-server';
import type { HandshakeFacts } from './handshake-facts';
import { icmpErrorsAbout } from './icmp-facts';
import { onFacts } from './on-facts';
import { firstSighting, lastSighting } from './packet-facts';
import { findRefusals, refusedConnections } from './reply-translation';
import { findServerSideRefusals } from './server-side-refusal';
import { THRESHOLDS } from './thresholds';

export interface LostAnswers {
  /** Addresses of the clients. */
  readonly clients: readonly string[];
  readonly server: string;
  /** In order of time. */
  readonly handshakes: readonly HandshakeFacts[];
  /** Index of the farthest point that shows the answers. */
  readonly point: number;
}

/** One a server and a point; at least THRESHOLDS.steadySyns answers. */
export const findLostAnswers = onFacts((facts): readonly LostAnswers[] => {
  const explained = new Set([
    ...refusedConnections(findRefusals(facts)),
    ...findServerSideRefusals(facts).flatMap((group) =>
      group.map(({ handshake }) => handshake.connection.id),
    ),
    ...icmpErrorsAbout(facts).keys(),
  ]);
  const groups = new Map<
    string,
    LostAnswers & { clients: string[]; handshakes: HandshakeFacts[] }
  >();
  for (const handshake of facts.handshakes) {
    const point = farthestPoint(handshake);
    if (point === undefined || explained.has(handshake.connection.id)) continue;
    const client = parseEndpoint(handshake.asked.client).address;
    const { server } = handshake.asked;
    const isOpen = connectionsTo(facts, server).some(
      (other) => other.handshake === 'complete' && parseEndpoint(other.client).address === client,
    );
    if (isOpen) continue;
    const key = `${server} ${point}`;
    const group = groups.get(key);
    if (group === undefined)
      groups.set(key, { clients: [client], server, point, handshakes: [handshake] });
    else {
      group.handshakes.push(handshake);
      if (!group.clients.includes(client)) group.clients.push(client);
    }
  }
  return [...groups.values()].filter(
    ({ handshakes }) =>
      handshakes.flatMap(({ replies }) => replies).length >= THRESHOLDS.steadySyns,
  );
});

/** The point, beyond the server's, at which all answers are seen last; undefined where the client says anything to them. */
function farthestPoint(handshake: HandshakeFacts): number | undefined {
  const { connection, syns, replies, resets, refusals, strays, completed } = handshake;
  if (completed || replies.length < 2 || resets.length + refusals.length + strays.length > 0)
    return undefined;
  if (connection.journeys !== syns.length + replies.length) return undefined;
  const { point } = lastSighting(replies[0].packet);
  const all = replies.every(
    ({ packet }) =>
      lastSighting(packet).point === point &&
      firstSighting(packet).point !== point &&
      (packet.fate === 'delivered' || packet.fate === 'unknown'),
  );
  return all ? point : undefined;
}
