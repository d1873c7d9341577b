// Packets that open something, or are sent again and again, and reach a point with a wrong checksum of their own, where an earlier point shows it right, or the sender is another host:
// whoever checks them there throws them away, connection tracking (nf_conntrack_checksum) as much as the receiver.

import type { ConnectionSummary } from '../model/connection';
import { STATUS_CHECKSUM_WRONG } from '../model/packet-status';
import type { CaseFacts } from './facts';
import { onFacts } from './on-facts';
import { lastSighting, type PacketFact, type SightingFact } from './packet-facts';
import { THRESHOLDS } from './thresholds';

export interface DamagedPacket {
  readonly packet: PacketFact;
  /** The last sighting with a checksum that is not wrong; null: all are wrong. */
  readonly before: SightingFact | null;
  /** The first sighting with a wrong one after that. */
  readonly at: SightingFact;
}

/** One a place where checksums go wrong. */
export interface Damage {
  readonly packets: readonly DamagedPacket[];
  /** Ids of the connections that got nowhere for it. */
  readonly connections: readonly string[];
  /** Ids of those that went on when a sound copy came. */
  readonly slowed: readonly string[];
}

export const isWrong = ({ status }: SightingFact): boolean =>
  (status & STATUS_CHECKSUM_WRONG) !== 0;

export const findDamages = onFacts((facts): readonly Damage[] => {
  const groups = new Map<string, DamagedPacket[]>();
  const harmless = new Set<number>();
  const take = (packet: PacketFact, passed: boolean): void => {
    const damaged = findDamage(facts, packet);
    if (damaged === undefined) return;
    // Where such a packet is answered all the same, nobody minds its checksum there: a tap before the card fills it in.
    if (passed) harmless.add(damaged.at.point);
    const key = `${damaged.before?.point} ${damaged.at.point}`;
    groups.set(key, [...(groups.get(key) ?? []), damaged]);
  };
  for (const { syns, replies, completed } of facts.handshakes) {
    const answered = replies.length > 0 || completed;
    for (const syn of syns) take(syn, answered && syns.every((one) => isWrong(lastSighting(one))));
    for (const { packet } of replies)
      take(packet, completed && replies.every((one) => isWrong(lastSighting(one.packet))));
  }
  for (const { connection, packet } of facts.losses)
    if (connection.protocol === 'udp') take(packet, false);
  const slowed = new Set<string>();
  const repeated = new Set<PacketFact>();
  for (const { connection, packets } of findRepeated(facts))
    for (const packet of packets) {
      repeated.add(packet);
      if (findDamage(facts, packet) === undefined) continue;
      slowed.add(connection.id);
      take(packet, false);
    }
  for (const packet of facts.sample)
    if (
      packet.fate === 'delivered' &&
      isWrong(lastSighting(packet)) &&
      isAnswered(facts, packet) &&
      !repeated.has(packet) &&
      !slowed.has(packet.connection)
    )
      harmless.add(lastSighting(packet).point);
  return [...groups.values()]
    .filter(
      (packets) =>
        !harmless.has(packets[0].at.point) &&
        (packets.length >= THRESHOLDS.damagedSegments ||
          packets.some(({ packet }) => !slowed.has(packet.connection))),
    )
    .map((packets) => {
      const ids = [...new Set(packets.map(({ packet }) => packet.connection))];
      return {
        packets,
        connections: ids.filter((id) => !slowed.has(id)),
        slowed: ids.filter((id) => slowed.has(id)),
      };
    });
});

/** Segments that came as far as they are seen, damaged, and were sent again, of connections that opened: whoever got them did not take them. */
function findRepeated(
  facts: CaseFacts,
): readonly { readonly connection: ConnectionSummary; readonly packets: readonly PacketFact[] }[] {
  return facts.connections
    .filter(
      ({ protocol, handshake, retransmissions }) =>
        protocol === 'tcp' && handshake === 'complete' && retransmissions > 0,
    )
    .slice(0, THRESHOLDS.closeLook)
    .map((connection) => {
      const last = new Map<string, PacketFact>();
      const packets: PacketFact[] = [];
      for (const packet of facts.packetsOf(connection)) {
        if (packet.payloadLength === 0) continue;
        const key = `${packet.direction} ${packet.sequence}`;
        const before = last.get(key);
        if (before !== undefined && isWrong(lastSighting(before))) packets.push(before);
        last.set(key, packet);
      }
      return { connection, packets };
    });
}

/** The connection that the packet opens or asks in came to something. */
const isAnswered = (facts: CaseFacts, { connection }: PacketFact): boolean =>
  facts.connections.some(
    ({ id, handshake, protocol, reverseStops }) =>
      id === connection &&
      (protocol === 'tcp' ? handshake === 'complete' : reverseStops.length > 0),
  );

function findDamage(facts: CaseFacts, packet: PacketFact): DamagedPacket | undefined {
  const { way } = packet;
  if (!isWrong(lastSighting(packet))) return undefined;
  const right = way.findLastIndex((sighting) => !isWrong(sighting));
  const at = way[right + 1];
  if (right >= 0) return { packet, before: way[right], at };
  // Wrong from where it is seen first: at its own host the card may still fill it in.
  const { host } = facts.points[at.point];
  const elsewhere = way.find(({ point }) => facts.points[point].host !== host);
  return elsewhere === undefined ? undefined : { packet, before: null, at: elsewhere };
}
