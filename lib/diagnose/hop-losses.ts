// Losses by hop: where they happen, how many of how many, and how they stand in time.
import type { Direction } from '../model/connection';
import type { CaseFacts } from './facts';
import type { LossFact } from './loss-facts';
import { firstSighting } from './packet-facts';
import { isMtuDiscovery } from './path-mtu-facts';
import { THRESHOLDS } from './thresholds';

export interface HopLosses {
  readonly from: string;
  readonly to: string;
  readonly direction: Direction;
  /** In order of time. */
  readonly losses: readonly LossFact[];
  /** Packets that passed the hop. */
  readonly passed: number;
  /** Packets lost at it in all, those that were not looked at included: of very long connections, and of very many. */
  readonly lost: number;
  /** Connections that they are of. */
  readonly inConnections: number;
}

/**
 * Losses by hop and direction, of all connections but those explained otherwise. Path MTU discovery loses packets rightly, and a router that says so
 * by an ICMP error (traceroute) loses none in silence.
 */
export function groupHopLosses(
  facts: CaseFacts,
  explained: ReadonlySet<string>,
): readonly HopLosses[] {
  const byHop = new Map<string, LossFact[]>();
  const discovered = new Map<string, number>();
  for (const loss of facts.losses) {
    if (explained.has(loss.connection.id)) continue;
    const key = `${loss.from} ${loss.to} ${loss.packet.direction}`;
    if (isMtuDiscovery(facts, loss) || loss.packet.reason === 'icmp-error') {
      discovered.set(key, (discovered.get(key) ?? 0) + 1);
      continue;
    }
    const list = byHop.get(key);
    if (list === undefined) byHop.set(key, [loss]);
    else list.push(loss);
  }
  const lossy = facts.connections.filter(({ id, lost }) => lost > 0 && !explained.has(id));
  return [...byHop.values()].map((losses): HopLosses => {
    const [{ from, to, packet }] = losses;
    const { direction } = packet;
    losses.sort((a, b) => sentAt(a) - sentAt(b));
    const isHop = (hop: { from: string; to: string; direction: Direction }): boolean =>
      hop.from === from && hop.to === to && hop.direction === direction;
    const lost =
      lossy
        .flatMap((connection) => connection.losses.filter(isHop))
        .reduce((sum, { count }) => sum + count, 0) -
      (discovered.get(`${from} ${to} ${direction}`) ?? 0) +
      losses.filter(({ afterEnd }) => afterEnd).length;
    const connections = new Set(losses.map(({ connection }) => connection.id));
    if (losses.length < lost)
      for (const connection of lossy)
        if (connection.losses.some(isHop)) connections.add(connection.id);
    return {
      from,
      to,
      direction,
      losses,
      passed: facts.hops.find(isHop)?.journeys ?? 0,
      lost,
      inConnections: connections.size,
    };
  });
}

export const sentAt = ({ packet }: LossFact): number => firstSighting(packet).referenceTime;

/** Losses that follow each other closely, as runs. */
export function findBursts(losses: readonly LossFact[]): readonly (readonly LossFact[])[] {
  const bursts: LossFact[][] = [];
  for (const loss of losses) {
    const last = bursts[bursts.length - 1];
    if (last !== undefined && sentAt(loss) - sentAt(last[last.length - 1]) < THRESHOLDS.burstGapNs)
      last.push(loss);
    else bursts.push([loss]);
  }
  return bursts;
}
