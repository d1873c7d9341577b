// How long packets take over a hop within one host, beside how long their flow had been silent: a switch that has to look a flow up anew is slow
// for the first packet alone. From the packets of the sample; hops between hosts are left out, as their clocks are not so exact.
import type { Direction } from '../model/connection';
import { formatStop } from '../model/stop';
import type { CaseFacts } from './facts';
import { onFacts } from './on-facts';
import { firstSighting, type PacketFact, type SightingFact } from './packet-facts';
import { THRESHOLDS } from './thresholds';

export interface HopDelay {
  readonly packet: PacketFact;
  readonly from: SightingFact;
  readonly to: SightingFact;
  readonly ns: number;
  /** Since the packet before it in its direction of the connection; null: it is the first. */
  readonly idleNs: number | null;
}

export interface HopDelays {
  readonly from: string;
  readonly to: string;
  readonly direction: Direction;
  readonly delays: readonly HopDelay[];
  /** Median of those that follow another closely, and how many these are. */
  readonly usualNs: number;
  readonly close: readonly HopDelay[];
}

export const findHopDelays = onFacts((facts): readonly HopDelays[] => {
  const byHop = new Map<string, HopDelay[]>();
  const lastSent = new Map<string, number>();
  for (const packet of facts.sample) {
    const sent = firstSighting(packet).referenceTime;
    const flow = `${packet.connection} ${packet.direction}`;
    const before = lastSent.get(flow);
    lastSent.set(flow, sent);
    const idleNs = before === undefined ? null : sent - before;
    packet.way.slice(1).forEach((to, index) => {
      const from = packet.way[index];
      if (facts.points[from.point].host !== facts.points[to.point].host) return;
      const key = `${stopId(facts, from)} ${stopId(facts, to)} ${packet.direction}`;
      const list = byHop.get(key) ?? [];
      byHop.set(key, list);
      list.push({ packet, from, to, ns: to.time - from.time, idleNs });
    });
  }
  return [...byHop].flatMap(([key, delays]): HopDelays[] => {
    const close = delays.filter(
      ({ idleNs }) => idleNs !== null && idleNs < THRESHOLDS.closeBehindNs,
    );
    if (close.length === 0) return [];
    const sorted = close.map(({ ns }) => ns).sort((a, b) => a - b);
    const [from, to] = key.split(' ');
    const { direction } = delays[0].packet;
    return [{ from, to, direction, delays, close, usualNs: sorted[sorted.length >> 1] }];
  });
});

/** The hop is quick for those that follow others closely: slowness is not its habit. */
export const isQuickOtherwise = ({ close }: HopDelays, slowNs: number): boolean =>
  close.filter(({ ns }) => ns >= slowNs).length <= THRESHOLDS.slowExceptions * close.length;

const stopId = (facts: CaseFacts, { point, passage }: SightingFact): string =>
  formatStop(facts.points[point].id, passage);
