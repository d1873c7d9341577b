// Packets that were lost, what they carried, and whether and when their bytes arrived after all.
import { sequenceDifference } from '../base/sequence-number';
import type { ConnectionSummary, Direction } from '../model/connection';
import type { Stop } from '../model/stop';
import type { Weight } from './confidence';
import { firstSighting, type PacketFact } from './packet-facts';

export interface LossFact {
  readonly connection: ConnectionSummary;
  readonly packet: PacketFact;
  /** Stops between which it was lost. */
  readonly from: string;
  readonly to: string;
  /** Sent again, superseded, or never acknowledged: not merely unseen. */
  readonly proven: boolean;
  /** The capture behind has no frame at that time or later, perhaps because all was lost before it: sent again, and never acknowledged by a peer that was heard before. */
  readonly afterEnd: boolean;
  /** It carried something its receiver waits for; a pure acknowledgement does not. */
  readonly matters: boolean;
  /** All transmissions of the same bytes, in order of time, itself included. */
  readonly transmissions: readonly PacketFact[];
  /** From the first transmission to the one that arrived, ns; null where none arrived, or nothing had to. */
  readonly stallNs: number | null;
}

/** Losses of one connection whose place is known. `stopText` writes a stop's id. */
export function findLosses(
  connection: ConnectionSummary,
  packets: readonly PacketFact[],
  stopText: (stop: Stop) => string,
): readonly LossFact[] {
  const alike = new Map<string, PacketFact[]>();
  for (const packet of packets) {
    const key = contentKey(connection, packet);
    const list = alike.get(key);
    if (list === undefined) alike.set(key, [packet]);
    else list.push(packet);
  }
  const repeated = packets.filter(({ retransmission }) => retransmission);
  const heard = { forward: heardOf(packets, 'reverse'), reverse: heardOf(packets, 'forward') };
  return packets.flatMap((packet): LossFact[] => {
    const { fate, lostFrom, lostTo } = packet;
    if (lostFrom === null || lostTo === null) return [];
    const afterEnd = fate === 'unknown' && packet.reason === 'capture-window';
    if (fate !== 'lost' && !afterEnd) return [];
    const matters = connection.protocol !== 'tcp' || lengthOf(packet) > 0;
    const transmissions = matters
      ? joinInOrder(
          alike.get(contentKey(connection, packet))!,
          repeated.filter((other) => covers(other, packet)),
        )
      : [packet];
    const arrival = transmissions.find(
      (other) => other.fate === 'delivered' || other.fate === 'missed',
    );
    if (
      afterEnd &&
      (arrival !== undefined ||
        transmissions.length < 2 ||
        packet.kind === 'syn' ||
        packet.kind === 'syn-ack' ||
        isAcknowledged(packet, heard[packet.direction]))
    )
      return [];
    return [
      {
        connection,
        packet,
        from: stopText(lostFrom),
        to: stopText(lostTo),
        proven: packet.reason !== 'not-seen-further',
        afterEnd,
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

/** The farthest acknowledgement of a direction; null where it is not seen. */
function heardOf(packets: readonly PacketFact[], direction: Direction): number | null {
  let farthest: number | null = null;
  for (const { direction: own, kind, acknowledgement } of packets) {
    if (own !== direction || kind === 'syn' || kind === 'reset') continue;
    if (farthest === null || sequenceDifference(acknowledgement, farthest) > 0)
      farthest = acknowledgement;
  }
  return farthest;
}

/** Or nothing can be said of it, as the peer is not heard at all. */
const isAcknowledged = (packet: PacketFact, farthest: number | null): boolean =>
  farthest === null || sequenceDifference(farthest, packet.sequence) >= lengthOf(packet);

/** What a packet repeats when it is sent again as it was. */
const contentKey = ({ protocol }: ConnectionSummary, packet: PacketFact): string =>
  protocol === 'tcp'
    ? `${packet.direction} ${packet.sequence} ${lengthOf(packet) > 0} ${packet.kind === 'reset'}`
    : `${packet.direction} ${packet.payloadLength} ${packet.payloadDigest} ${packet.sequence}`;

const joinInOrder = (a: readonly PacketFact[], b: readonly PacketFact[]): readonly PacketFact[] =>
  [...new Set([...a, ...b])].sort(
    (x, y) => firstSighting(x).referenceTime - firstSighting(y).referenceTime,
  );

/** Sequence numbers a packet takes; resets are never sent again. */
const lengthOf = ({ kind, payloadLength }: PacketFact): number =>
  kind === 'reset' ? 0 : payloadLength + (kind === 'other' ? 0 : 1);

/** A repetition may be cut otherwise: what counts is that it has the first byte that was lost. */
function covers(other: PacketFact, lost: PacketFact): boolean {
  const ahead = sequenceDifference(lost.sequence, other.sequence);
  return other.direction === lost.direction && ahead >= 0 && ahead < lengthOf(other);
}

/** What losses after the next capture's end take from a finding's confidence. */
export const afterEndWeight = (losses: readonly LossFact[]): Weight => [
  losses.some(({ afterEnd }) => afterEnd),
  -0.15,
  'The capture behind the hop has no frame at that time or later: that it was still running is likely, not certain.',
];
