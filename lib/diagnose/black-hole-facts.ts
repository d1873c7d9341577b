// Hops that swallow packets by their size: everything above some size is lost every time, everything below passes, at the same time.

import type { Direction } from '../model/connection';
import { pointOfStop } from '../model/stop';
import type { CaseFacts } from './facts';
import type { LossFact } from './loss-facts';
import { onFacts } from './on-facts';
import { firstSighting, lastSighting, type PacketFact } from './packet-facts';
import { THRESHOLDS } from './thresholds';

export interface BlackHole {
  readonly from: string;
  readonly to: string;
  readonly direction: Direction;
  /** One a lost segment: its first transmission. */
  readonly losses: readonly LossFact[];
  /** Least payload that is lost, and greatest that passes, bytes. */
  readonly smallestLost: number;
  readonly largestPassed: number;
  /** Packets of these connections that passed: after the first one was lost, or before where none did. */
  readonly passed: readonly PacketFact[];
  /** Anything small passed the hop after the first loss. */
  readonly alive: boolean;
}

export const findBlackHoles = onFacts((facts): readonly BlackHole[] => {
  const byHop = new Map<string, LossFact[]>();
  for (const loss of facts.losses) {
    const key = `${loss.from} ${loss.to} ${loss.packet.direction}`;
    byHop.set(key, [...(byHop.get(key) ?? []), loss]);
  }
  return [...byHop.values()].flatMap((losses) => judgeHop(facts, losses) ?? []);
});

function judgeHop(facts: CaseFacts, losses: readonly LossFact[]): BlackHole | undefined {
  const [{ from, to, packet }] = losses;
  const { direction } = packet;
  const first = losses.filter(
    ({ connection, matters, proven, transmissions, packet: own }) =>
      connection.protocol === 'tcp' &&
      matters &&
      proven &&
      own.kind === 'other' &&
      transmissions[0] === own,
  );
  const stuck = first.filter(
    ({ transmissions }) =>
      transmissions.length >= THRESHOLDS.blackHoleTries &&
      // The last of them may lie behind the end of the next capture.
      transmissions.every(({ fate }) => fate === 'lost' || fate === 'unknown'),
  );
  if (stuck.length === 0) return undefined;
  // A small packet lost, of whatever kind, and size is not what decides.
  const smallestLost = Math.min(...losses.map((loss) => sizeBefore(loss.packet)));
  const start = Math.min(...stuck.map((loss) => firstSighting(loss.packet).referenceTime));
  const connections = new Set(first.map(({ connection }) => connection));
  const ids = new Set([...connections].map(({ id }) => id));
  const crossed = [...connections]
    .flatMap((connection) => facts.packetsOf(connection))
    .filter((other) => other.direction === direction && other.fate === 'delivered');
  const isLater = (other: PacketFact): boolean => firstSighting(other).referenceTime > start;
  const hop = [from, to].map(pointOfStop);
  const others = facts.sample.filter(
    (other) =>
      !ids.has(other.connection) &&
      other.direction === direction &&
      hop.every((id) => other.way.some(({ point }) => facts.points[point].id === id)),
  );
  const passed = crossed.filter(isLater);
  const largestPassed = Math.max(0, ...[...crossed, ...others].map(sizeBehind));
  if (smallestLost <= largestPassed || smallestLost < THRESHOLDS.blackHoleBytes) return undefined;
  if (crossed.length + others.length < THRESHOLDS.blackHolePasses) return undefined;
  // Small ones that pass while the large ones are lost: the hop itself is alive.
  const alive = passed.length > 0 || others.some(isLater);
  // Without any, the first large ones of a connection that had just opened: a hop that died then would have had to choose its moment.
  const opened = stuck.every(
    ({ connection, packet: own }) =>
      connection.handshake === 'complete' && !crossed.some((one) => sendsData(one, own)),
  );
  if (!alive && !opened) return undefined;
  return {
    from,
    to,
    direction,
    losses: first,
    smallestLost,
    largestPassed,
    passed: passed.length > 0 ? passed : crossed,
    alive,
  };
}

/** Whether it is an earlier packet with data of the same connection. */
const sendsData = (one: PacketFact, own: PacketFact): boolean =>
  one.connection === own.connection &&
  one.payloadLength > 0 &&
  firstSighting(one).referenceTime < firstSighting(own).referenceTime;

/** Payload of the frame that was to cross. */
const sizeBefore = (packet: PacketFact): number => lastSighting(packet).payloadLength;

/** Payload as it crossed: offloads put segments together again, so the least of all sightings. */
const sizeBehind = (packet: PacketFact): number =>
  Math.min(...packet.way.map(({ payloadLength }) => payloadLength));
