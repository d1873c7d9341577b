// SYNs that are lost hop by hop, with what passes the same hop meanwhile: whether a hop refuses new connections, and which.
import type { ConnectionSummary } from '../model/connection';
import { parseEndpoint } from '../model/endpoint';
import { formatStop, stopPassage, stopPoint } from '../model/stop';
import type { CaseFacts } from './facts';
import type { HandshakeFacts } from './handshake-facts';
import { onFacts } from './on-facts';
import { firstSighting } from './packet-facts';

export interface LostOpenings {
  readonly from: string;
  readonly to: string;
  /** Handshakes whose first SYN was lost here, in order of time. */
  readonly handshakes: readonly HandshakeFacts[];
  /** Addresses of the clients, and servers as asked for. */
  readonly clients: ReadonlySet<string>;
  readonly servers: ReadonlySet<string>;
  /** From the first SYN that was lost to the last, reference time. */
  readonly start: number;
  readonly end: number;
  /** Packets lost here, on the way there, that somebody waits for and that are no SYN. */
  readonly otherLosses: number;
  /** Connections over the hop that opened meanwhile at the first try, before it, and those that were open and went on. */
  readonly opened: readonly ConnectionSummary[];
  readonly openedBefore: readonly ConnectionSummary[];
  readonly carriedOn: readonly ConnectionSummary[];
}

/** One a hop. */
export const findLostOpenings = onFacts((facts): readonly LostOpenings[] => {
  const byHop = new Map<string, HandshakeFacts[]>();
  for (const handshake of facts.handshakes) {
    const { fate, lostFrom, lostTo } = handshake.syns[0];
    if (fate !== 'lost' || lostFrom === null || lostTo === null) continue;
    const key = `${lostFrom} ${lostTo}`;
    byHop.set(key, [...(byHop.get(key) ?? []), handshake]);
  }
  return [...byHop.values()].map((handshakes) => gather(facts, handshakes));
});

function gather(facts: CaseFacts, handshakes: readonly HandshakeFacts[]): LostOpenings {
  const { lostFrom, lostTo } = handshakes[0].syns[0];
  const [from, to] = [lostFrom!, lostTo!].map((stop) =>
    formatStop(facts.points[stopPoint(stop)].id, stopPassage(stop)),
  );
  const times = handshakes.flatMap(({ syns }) =>
    syns.filter(({ fate }) => fate === 'lost').map((syn) => firstSighting(syn).referenceTime),
  );
  const start = Math.min(...times);
  const end = Math.max(...times);
  const lost = new Set(handshakes.map(({ connection }) => connection.id));
  const over = facts.connections.filter(
    ({ id, protocol, handshake, forwardStops }) =>
      protocol === 'tcp' && handshake === 'complete' && !lost.has(id) && forwardStops.includes(to),
  );
  return {
    from,
    to,
    handshakes,
    clients: new Set(handshakes.map(({ asked }) => parseEndpoint(asked.client).address)),
    servers: new Set(handshakes.map(({ asked }) => asked.server)),
    start,
    end,
    otherLosses: facts.losses.filter(
      (loss) => loss.from === from && loss.to === to && loss.matters && loss.packet.kind !== 'syn',
    ).length,
    opened: over.filter(({ firstTime }) => firstTime >= start && firstTime <= end),
    openedBefore: over.filter(({ firstTime }) => firstTime < start),
    carriedOn: over.filter(({ firstTime, lastTime }) => firstTime < start && lastTime > start),
  };
}
