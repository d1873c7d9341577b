// Packets that were lost, what they carried, and whether and when their bytes arrived after all.
import { sequenceDifference } from '../base/sequence-number';
import type { ConnectionSummary, Direction } from '../model/connection';
import { formatStop } from '../model/stop';
import type { CaseFacts } from './facts';
import { firstSighting, type PacketFact } from './packet-facts';
import { THRESHOLDS } from './thresholds';

export interface LossFact {
  readonly connection: ConnectionSummary;
  readonly packet: PacketFact;
  /** Stops between which it was lost. */
  readonly from: string;
  readonly to: string;
  /** Sent again, superseded, or never acknowledged: not merely unseen. */
  readonly proven: boolean;
  /** It carried something its receiver waits for; a pure acknowledgement does not. */
  readonly matters: boolean;
  /** All transmissions of the same bytes, in order of time, itself included. */
  readonly transmissions: readonly PacketFact[];
  /** From the first transmission to the one that arrived, ns; null where none arrived, or nothing had to. */
  readonly stallNs: number | null;
}

export interface HopLosses {
  readonly from: string;
  readonly to: string;
  readonly direction: Direction;
  /** In order of time. */
  readonly losses: readonly LossFact[];
  /** Packets that passed the hop. */
  readonly passed: number;
  /** Packets lost at it in all, those of connections that were not searched included. */
  readonly lost: number;
}

/** Losses by hop and direction, of all connections but those explained otherwise. */
export function findHopLosses(
  facts: CaseFacts,
  explained: ReadonlySet<string>,
): readonly HopLosses[] {
  const byHop = new Map<string, LossFact[]>();
  const lossy = facts.connections.filter(({ id, lost }) => lost > 0 && !explained.has(id));
  for (const connection of lossy.slice(0, THRESHOLDS.lossConnections))
    for (const loss of lossesOf(facts, connection)) {
      const key = `${loss.from} ${loss.to} ${loss.packet.direction}`;
      byHop.set(key, [...(byHop.get(key) ?? []), loss]);
    }
  return [...byHop.values()].map((losses): HopLosses => {
    const [{ from, to, packet }] = losses;
    const { direction } = packet;
    losses.sort((a, b) => sentAt(a) - sentAt(b));
    const isHop = (hop: { from: string; to: string; direction: Direction }): boolean =>
      hop.from === from && hop.to === to && hop.direction === direction;
    return {
      from,
      to,
      direction,
      losses,
      passed: facts.hops.find(isHop)?.journeys ?? 0,
      lost: lossy
        .flatMap((connection) => connection.losses.filter(isHop))
        .reduce((sum, { count }) => sum + count, 0),
    };
  });
}

export const sentAt = ({ packet }: LossFact): number => firstSighting(packet).referenceTime;

function lossesOf(facts: CaseFacts, connection: ConnectionSummary): readonly LossFact[] {
  const packets = facts.packetsOf(connection, THRESHOLDS.lossPackets);
  return packets.flatMap((packet): LossFact[] => {
    const { fate, lostFrom, lostTo } = packet;
    if (fate !== 'lost' || lostFrom === null || lostTo === null) return [];
    const [from, to] = [lostFrom, lostTo].map((stop) =>
      formatStop(facts.points[stop >>> 8].id, stop & 0xff),
    );
    const matters = connection.protocol !== 'tcp' || lengthOf(packet) > 0;
    const transmissions = matters
      ? packets.filter((other) => isSame(connection, packet, other))
      : [packet];
    const arrival = transmissions.find(
      (other) => other.fate === 'delivered' || other.fate === 'missed',
    );
    return [
      {
        connection,
        packet,
        from,
        to,
        proven: packet.reason !== 'not-seen-further',
        matters,
        transmissions,
        stallNs:
          arrival === undefined
            ? null
            : firstSighting(arrival).referenceTime - firstSighting(transmissions[0]).referenceTime,
      },
    ];
  });
}

/** Sequence numbers a packet takes; resets are never sent again. */
const lengthOf = ({ kind, payloadLength }: PacketFact): number =>
  kind === 'reset' ? 0 : payloadLength + (kind === 'other' ? 0 : 1);

function isSame({ protocol }: ConnectionSummary, lost: PacketFact, other: PacketFact): boolean {
  if (other.direction !== lost.direction) return false;
  if (protocol !== 'tcp')
    return (
      other.payloadLength === lost.payloadLength &&
      other.payloadDigest === lost.payloadDigest &&
      other.sequence === lost.sequence
    );
  // A repetition may be cut otherwise: what counts is that it covers the first byte that was lost.
  const ahead = sequenceDifference(lost.sequence, other.sequence);
  return lengthOf(other) > 0 && ahead >= 0 && ahead < lengthOf(other);
}

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
