// Clients whose every SYN to one server vanishes at one hop, while the hop is open to others: what the rule steady-drop reasons over.
import type { ConnectionSummary } from '../model/connection';
import { parseEndpoint } from '../model/endpoint';
import { formatStop } from '../model/stop';
import { findDamages } from './bad-checksum-facts';
import { connectionsTo } from './by-server';
import type { CaseFacts } from './facts';
import type { HandshakeFacts } from './handshake-facts';
import { onFacts } from './on-facts';
import { findOuterChecksumLosses } from './outer-checksum-facts';
import { firstSighting } from './packet-facts';
import { findRefused } from './refused-facts';
import { THRESHOLDS } from './thresholds';
import { findCollisions } from './tuple-collision-facts';

export interface SteadyDrop {
  /** Addresses; in order of their first SYN. */
  readonly clients: readonly string[];
  /** As the clients asked for them. */
  readonly servers: readonly string[];
  /** In order of time. */
  readonly handshakes: readonly HandshakeFacts[];
  readonly from: string;
  readonly to: string;
  /** Packets of other connections that passed the hop. */
  readonly passed: number;
  /** The last of the same clients and servers that opened, before the first SYN that was dropped; null: none ever did. */
  readonly openedBefore: ConnectionSummary | null;
}

export const findSteadyDrops = onFacts((facts): readonly SteadyDrop[] => {
  const explained = new Set([
    ...[...findCollisions(facts), ...findRefused(facts)].map(
      ({ handshake }) => handshake.connection.id,
    ),
    ...findDamages(facts).flatMap(({ connections }) => connections),
    ...findOuterChecksumLosses(facts).map(({ connection }) => connection.id),
  ]);
  const byPair = new Map<string, HandshakeFacts[]>();
  for (const handshake of facts.handshakes) {
    if (explained.has(handshake.connection.id) || !vanishes(handshake)) continue;
    const key = `${addressOf(handshake.asked.client)} ${handshake.asked.server} ${hopOf(facts, handshake)?.join(' ')}`;
    byPair.set(key, [...(byPair.get(key) ?? []), handshake]);
  }
  return mergeCauses([...byPair.values()].flatMap((pair) => judgePair(facts, pair) ?? [])).filter(
    ({ handshakes, openedBefore }) =>
      handshakes.reduce((sum, { syns }) => sum + syns.length, 0) >= THRESHOLDS.steadySyns &&
      // One port alone that fails where others opened is bad luck, or its tuple's.
      (openedBefore === null || handshakes.length > 1),
  );
});

/** A client and a server; undefined where the way between them is open at times. */
function judgePair(
  facts: CaseFacts,
  handshakes: readonly HandshakeFacts[],
): SteadyDrop | undefined {
  const { asked, syns } = handshakes[0];
  const client = addressOf(asked.client);
  const hop = hopOf(facts, handshakes[0]);
  if (hop === undefined || !handshakes.some(isLost)) return undefined;
  const since = firstSighting(syns[0]).referenceTime;
  const opened = connectionsTo(facts, asked.server).filter((other) => opens(other, client));
  // One that opened later shows that the way is not barred: then it is loss, or the endpoint was not yet there.
  if (opened.some(({ firstTime }) => firstTime >= since)) return undefined;
  const [from, to] = hop;
  const passed =
    facts.hops.find((h) => h.from === from && h.to === to && h.direction === 'forward')?.journeys ??
    0;
  return passed === 0
    ? undefined
    : {
        clients: [client],
        servers: [asked.server],
        handshakes,
        from,
        to,
        passed,
        openedBefore: opened.at(-1) ?? null,
      };
}

/** Several clients of one server, many ports of one host, and all that was open until then and is no more, have one cause at one hop. */
function mergeCauses(drops: readonly SteadyDrop[]): readonly SteadyDrop[] {
  // What began for one client began for those as well that never tried before.
  const placeOf = ({ from, to, servers }: SteadyDrop): string => `${from} ${to} ${servers[0]}`;
  const places = new Set(
    drops.filter(({ openedBefore }) => openedBefore !== null).map((drop) => placeOf(drop)),
  );
  const begun = drops.filter((drop) => places.has(placeOf(drop)));
  const standing = drops.filter((drop) => !places.has(placeOf(drop)));
  const byServer = mergeBy(standing, ({ servers }) => servers[0]);
  const byHost = mergeBy(byServer, ({ servers }) => addressOf(servers[0]));
  const scanned = byHost.filter(({ servers }) => servers.length > THRESHOLDS.portsOfOneCause);
  const hosts = new Set(scanned.flatMap(({ servers }) => servers));
  return [
    ...scanned,
    ...byServer.filter(({ servers }) => !hosts.has(servers[0])),
    ...mergeBy(begun, () => ''),
  ];
}

function mergeBy(
  drops: readonly SteadyDrop[],
  keyOf: (drop: SteadyDrop) => string,
): readonly SteadyDrop[] {
  const groups = new Map<string, SteadyDrop[]>();
  for (const drop of drops) {
    const key = `${drop.from} ${drop.to} ${keyOf(drop)}`;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [drop]);
    else group.push(drop);
  }
  return [...groups.values()].map((group) => {
    const openings = group.flatMap(({ openedBefore }) => openedBefore ?? []);
    return {
      ...group[0],
      clients: [...new Set(group.flatMap(({ clients }) => clients))],
      servers: [...new Set(group.flatMap(({ servers }) => servers))],
      handshakes: group
        .flatMap(({ handshakes }) => handshakes)
        .sort((a, b) => a.connection.firstTime - b.connection.firstTime),
      openedBefore: openings.reduce<ConnectionSummary | null>(
        (last, one) => (last === null || one.firstTime > last.firstTime ? one : last),
        null,
      ),
    };
  });
}

/** No SYN seen behind its hop, where the capture behind had ended or not begun for some of them, and no answer of any kind. */
const vanishes = ({ syns, replies, refusals, completed }: HandshakeFacts): boolean =>
  !completed &&
  replies.length === 0 &&
  refusals.length === 0 &&
  syns.every(({ fate, reason }) => fate === 'lost' || reason === 'capture-window');

const isLost = ({ syns }: HandshakeFacts): boolean => syns.some(({ fate }) => fate === 'lost');

function hopOf(facts: CaseFacts, { syns }: HandshakeFacts): [string, string] | undefined {
  const { lostFrom, lostTo } = syns[0];
  if (lostFrom === null || lostTo === null) return undefined;
  if (syns.some((syn) => syn.lostFrom !== lostFrom || syn.lostTo !== lostTo)) return undefined;
  const [from, to] = [lostFrom, lostTo].map((stop) =>
    formatStop(facts.points[stop >>> 8].id, stop & 0xff),
  );
  return [from, to];
}

const opens = (connection: ConnectionSummary, client: string): boolean =>
  connection.handshake === 'complete' && addressOf(connection.client) === client;

const addressOf = (endpoint: string): string => parseEndpoint(endpoint).address;
