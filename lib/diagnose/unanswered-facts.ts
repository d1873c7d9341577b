// SYNs that come as far as the captures show and are not answered: behind the farthest point, or at the server itself, something drops them.
import type { ConnectionSummary } from '../model/connection';
import { parseEndpoint } from '../model/endpoint';
import { findDamages } from './bad-checksum-facts';
import { connectionsReaching, connectionsTo } from './by-server';
import type { CaseFacts } from './facts';
import { findReturned } from './hairpin-facts';
import type { HandshakeFacts } from './handshake-facts';
import { icmpErrorsAbout } from './icmp-facts';
import { onFacts } from './on-facts';
import { firstSighting, lastSighting } from './packet-facts';
import { findRefused } from './refused-facts';
import { isScan } from './scan-facts';
import { findSteadyDrops } from './steady-drop-facts';
import { THRESHOLDS } from './thresholds';
import { findCollisions } from './tuple-collision-facts';

export interface Unanswered {
  /** Addresses of the clients, and the server as they asked for it. */
  readonly clients: readonly string[];
  readonly server: string;
  /** In order of time. */
  readonly handshakes: readonly HandshakeFacts[];
  /** Index of the farthest point that shows them. */
  readonly point: number;
  /** That point is the server's own interface, or the nearest to it that was captured. */
  readonly atServer: boolean;
  /** Connections to the same endpoint that opened. */
  readonly opened: readonly ConnectionSummary[];
  /** Connections of others that passed the point and opened. */
  readonly passed: readonly ConnectionSummary[];
}

/** One a server and a point; at least THRESHOLDS.steadySyns SYNs. */
export const findUnanswered = onFacts((facts): readonly Unanswered[] => {
  const explained = new Set([
    ...[...findCollisions(facts), ...findRefused(facts), ...findReturned(facts)].map(
      ({ handshake }) => handshake.connection.id,
    ),
    ...findSteadyDrops(facts).flatMap(({ handshakes }) =>
      handshakes.map(({ connection }) => connection.id),
    ),
    ...findDamages(facts).flatMap(({ connections }) => connections),
    ...icmpErrorsAbout(facts).keys(),
  ]);
  const groups = new Map<string, HandshakeFacts[]>();
  for (const handshake of facts.handshakes) {
    const point = deadEnd(handshake);
    if (point === undefined || explained.has(handshake.connection.id)) continue;
    const { client, server } = handshake.asked;
    const key = `${parseEndpoint(client).address} ${server} ${point}`;
    groups.set(key, [...(groups.get(key) ?? []), handshake]);
  }
  return mergeScans(
    mergeClients([...groups.values()].flatMap((pair) => judgePair(facts, pair) ?? [])),
  ).filter(
    ({ handshakes }) =>
      handshakes.reduce((sum, { syns }) => sum + syns.length, 0) >= THRESHOLDS.steadySyns,
  );
});

/** A client, a server and a point; undefined where nothing bars the way between them. */
function judgePair(
  facts: CaseFacts,
  handshakes: readonly HandshakeFacts[],
): Unanswered | undefined {
  const [{ asked, syns: told }] = handshakes;
  const { point, destination } = lastSighting(told[0]);
  const { id, role } = facts.points[point];
  const client = parseEndpoint(asked.client).address;
  const isComplete = ({ handshake }: ConnectionSummary): boolean => handshake === 'complete';
  const opened = connectionsReaching(facts, destination).filter(isComplete);
  // One of this client's that opened shows that nobody bars it on purpose: then it is loss, or a queue.
  const barred = !connectionsTo(facts, asked.server).some(
    (other) => isComplete(other) && parseEndpoint(other.client).address === client,
  );
  // Where its traffic does not tell whose interface it is: the server's answers to others begin there.
  const atServer =
    role === null
      ? opened.some(({ reverseStops }) => reverseStops[0] === id)
      : role.address === parseEndpoint(destination).address &&
        (role.kind === 'end' || role.kind === 'host-end');
  if (!barred && !atServer) return undefined;
  return {
    clients: [client],
    server: asked.server,
    handshakes,
    point,
    atServer,
    opened,
    passed: facts.connections.filter((other) => isComplete(other) && other.points.includes(id)),
  };
}

/** Clients that one server leaves without an answer at one point share a cause. */
function mergeClients(found: readonly Unanswered[]): readonly Unanswered[] {
  const groups = new Map<string, Unanswered[]>();
  for (const one of found) {
    const key = `${one.server} ${one.point} ${one.atServer}`;
    groups.set(key, [...(groups.get(key) ?? []), one]);
  }
  return [...groups.values()].map((group) => ({
    ...group[0],
    clients: group.flatMap(({ clients }) => clients),
    handshakes: group
      .flatMap(({ handshakes }) => handshakes)
      .sort((a, b) => a.connection.firstTime - b.connection.firstTime),
  }));
}

/** A scan of a host’s ports is one. */
function mergeScans(found: readonly Unanswered[]): readonly Unanswered[] {
  const groups = new Map<string, Unanswered[]>();
  for (const one of found) {
    const key = `${one.clients.join()} ${parseEndpoint(one.server).address} ${one.point}`;
    groups.set(key, [...(groups.get(key) ?? []), one]);
  }
  return [...groups.values()].flatMap((group) => {
    const handshakes = group
      .flatMap((one) => one.handshakes)
      .sort((a, b) => a.connection.firstTime - b.connection.firstTime);
    if (!isScan(handshakes)) return group;
    const server = `${parseEndpoint(group[0].server).address} (${group.length} ports)`;
    return [{ ...group[0], server, handshakes }];
  });
}

/** The one point beyond their sender's own at which all SYNs are seen last; undefined where anything else is seen of the connection. */
function deadEnd(handshake: HandshakeFacts): number | undefined {
  const { connection, syns, replies, refusals, resets, completed, strays } = handshake;
  const others = replies.length + refusals.length + resets.length + strays.length;
  if (completed || others > 0 || connection.journeys !== syns.length) return undefined;
  const { point } = lastSighting(syns[0]);
  const open = syns.every(
    (syn) =>
      lastSighting(syn).point === point &&
      firstSighting(syn).point !== point &&
      (syn.fate === 'delivered' || syn.reason === 'capture-window'),
  );
  return open ? point : undefined;
}
