// Clients whose every SYN to one server vanishes at one hop, while the hop is open to others: what the rule steady-drop reasons over.
import { parseEndpoint } from '../model/endpoint';
import { formatStop } from '../model/stop';
import { findDamages } from './bad-checksum-facts';
import { connectionsTo } from './by-server';
import type { CaseFacts } from './facts';
import type { HandshakeFacts } from './handshake-facts';
import { onFacts } from './on-facts';
import { findRefused } from './refused-facts';
import { THRESHOLDS } from './thresholds';
import { findCollisions } from './tuple-collision-facts';

export interface SteadyDrop {
  readonly client: string;
  /** As the client asked for it; where many ports of one host share the fate, the address and how many. */
  readonly server: string;
  /** In order of time. */
  readonly handshakes: readonly HandshakeFacts[];
  readonly from: string;
  readonly to: string;
  /** Packets of other connections that passed the hop. */
  readonly passed: number;
}

export const findSteadyDrops = onFacts((facts): readonly SteadyDrop[] => {
  const explained = new Set([
    ...[...findCollisions(facts), ...findRefused(facts)].map(
      ({ handshake }) => handshake.connection.id,
    ),
    ...findDamages(facts).flatMap(({ connections }) => connections),
  ]);
  const groups = new Map<string, HandshakeFacts[]>();
  for (const handshake of facts.handshakes) {
    if (explained.has(handshake.connection.id) || !vanishes(handshake)) continue;
    const key = `${addressOf(handshake.asked.client)} ${handshake.asked.server} ${hopOf(facts, handshake)?.join(' ')}`;
    groups.set(key, [...(groups.get(key) ?? []), handshake]);
  }
  const drops = [...groups.values()].flatMap((handshakes): SteadyDrop[] => {
    const { asked } = handshakes[0];
    const client = addressOf(asked.client);
    const hop = hopOf(facts, handshakes[0]);
    const syns = handshakes.reduce((sum, handshake) => sum + handshake.syns.length, 0);
    if (hop === undefined || syns < THRESHOLDS.steadySyns || !handshakes.some(isLost)) return [];
    // One that opened shows that the way is not barred: then it is loss, or the endpoint was not yet there.
    if (connectionsTo(facts, asked.server).some((other) => opened(other, client))) return [];
    const [from, to] = hop;
    const passed =
      facts.hops.find((h) => h.from === from && h.to === to && h.direction === 'forward')
        ?.journeys ?? 0;
    return passed === 0 ? [] : [{ client, server: asked.server, handshakes, from, to, passed }];
  });
  return mergePorts(drops);
});

/** Many ports of one host, dropped at one hop for one client, have one cause. */
function mergePorts(drops: readonly SteadyDrop[]): readonly SteadyDrop[] {
  const byHost = new Map<string, SteadyDrop[]>();
  for (const drop of drops) {
    const key = `${drop.client} ${addressOf(drop.server)} ${drop.from} ${drop.to}`;
    byHost.set(key, [...(byHost.get(key) ?? []), drop]);
  }
  return [...byHost.values()].flatMap((ports) =>
    ports.length <= THRESHOLDS.portsOfOneCause
      ? ports
      : [
          {
            ...ports[0],
            server: `${addressOf(ports[0].server)} (${ports.length} ports)`,
            handshakes: ports.flatMap(({ handshakes }) => handshakes),
          },
        ],
  );
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

const opened = (connection: CaseFacts['connections'][number], client: string): boolean =>
  connection.handshake === 'complete' && addressOf(connection.client) === client;

const addressOf = (endpoint: string): string => parseEndpoint(endpoint).address;
