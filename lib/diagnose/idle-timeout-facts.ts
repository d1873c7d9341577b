// Connections that end because something between the ends forgot them: after a long silence the next segment meets a reset that the peer never sent, or nothing.
import { sequenceDifference } from '../base/sequence-number';
import type { ConnectionSummary } from '../model/connection';
import type { CaseFacts } from './facts';
import { onFacts } from './on-facts';
import { firstSighting, lastSighting, type PacketFact } from './packet-facts';
import { THRESHOLDS } from './thresholds';

export interface IdleTimeout {
  readonly connection: ConnectionSummary;
  /** The last packet before the silence, and the segment that ended it. */
  readonly before: PacketFact;
  /** Null: nothing was sent; the silence ends with the resets themselves. */
  readonly segment: PacketFact | null;
  readonly idleNs: number;
  /** Resets that nobody's own side shows leaving, one for each end that got one; empty: the segment was dropped in silence. */
  readonly resets: readonly PacketFact[];
  /** Point at which the peer's packets begin, and where neither segment nor reset is seen; null: not captured. */
  readonly peerPoint: number | null;
  /** TTLs of the peer's packets and of the reset where both are seen. */
  readonly ttls: { readonly peer: number; readonly reset: number } | null;
  /** The segment and its repetitions. */
  readonly tries: readonly PacketFact[];
}

export const findIdleTimeouts = onFacts((facts): readonly IdleTimeout[] => {
  return facts.connections
    .filter(
      ({ protocol, close, lost, firstTime, lastTime }) =>
        protocol === 'tcp' &&
        (close === 'reset' || lost > 0) &&
        lastTime - firstTime >= THRESHOLDS.idleNs,
    )
    .slice(0, THRESHOLDS.closeLook)
    .flatMap((connection) => findIn(facts, connection) ?? []);
});

function findIn(facts: CaseFacts, connection: ConnectionSummary): IdleTimeout | undefined {
  const packets = facts.packetsOf(connection, THRESHOLDS.lossPackets);
  const timeOf = (packet: PacketFact): number => firstSighting(packet).referenceTime;
  const silence = packets.findIndex(
    (packet, index) =>
      index > 2 && timeOf(packet) - timeOf(packets[index - 1]) >= THRESHOLDS.idleNs,
  );
  // The last silence counts: what survives one is not forgotten by it.
  const last = packets.findLastIndex(
    (packet, index) =>
      index > 2 && timeOf(packet) - timeOf(packets[index - 1]) >= THRESHOLDS.idleNs,
  );
  if (silence < 0) return undefined;
  const segment = packets[last];
  const before = packets[last - 1];
  const idleNs = timeOf(segment) - timeOf(before);
  if (segment.kind === 'reset') return findResetBoth(connection, packets, last, idleNs);
  if (segment.kind !== 'other') return undefined;
  const back = packets.filter(
    (packet) => packet.direction !== segment.direction && timeOf(packet) < timeOf(segment),
  );
  if (back.length === 0) return undefined;
  const peerPoint = firstSighting(back[back.length - 1]).point;
  const isCaptured = back.some(({ way }) => way.length > 1);
  const after = packets.slice(last);
  const reset = after.find(
    (packet) =>
      packet.kind === 'reset' &&
      packet.direction !== segment.direction &&
      timeOf(packet) - timeOf(segment) <= THRESHOLDS.idleResetNs,
  );
  const isAtPeer = (packet: PacketFact): boolean =>
    [...packet.way, ...packet.copies].some(({ point }) => point === peerPoint);
  // What still comes from the peer afterwards shows that the way is open.
  const alive = after.some(
    (packet) =>
      packet.direction !== segment.direction && packet.kind !== 'reset' && isAtPeer(packet),
  );
  if (alive) return undefined;
  const tries = after.filter(
    (packet) =>
      packet.direction === segment.direction &&
      packet.kind === 'other' &&
      packet.payloadLength > 0 &&
      sequenceDifference(packet.sequence, segment.sequence) === 0,
  );
  const shared = { connection, before, segment, idleNs, tries };
  if (reset !== undefined) {
    const ttls = compareTtls(back, reset);
    if (isCaptured) {
      if (isAtPeer(reset) || isAtPeer(segment)) return undefined;
      return { ...shared, resets: [reset], peerPoint, ttls };
    }
    // One point: only another TTL than the peer's shows that something else made the reset.
    return ttls !== null && ttls.peer !== ttls.reset
      ? { ...shared, resets: [reset], peerPoint: null, ttls }
      : undefined;
  }
  if (!isCaptured || segment.payloadLength === 0) return undefined;
  const dropped =
    tries.length > 1 &&
    tries[0].fate === 'lost' &&
    tries.every(({ fate }) => fate === 'lost' || fate === 'unknown');
  return dropped ? { ...shared, resets: [], peerPoint, ttls: null } : undefined;
}

/** A middlebox that tells both ends when it drops its state: each gets a reset that the other one's own point never shows. */
function findResetBoth(
  connection: ConnectionSummary,
  packets: readonly PacketFact[],
  last: number,
  idleNs: number,
): IdleTimeout | undefined {
  const after = packets.slice(last);
  const before = packets.slice(0, last);
  if (after.some(({ kind }) => kind !== 'reset')) return undefined;
  const forged = (['forward', 'reverse'] as const).flatMap((direction): PacketFact[] => {
    const usual = before.find((packet) => packet.direction === direction && packet.way.length > 1);
    const reset = after.find((packet) => packet.direction === direction);
    if (usual === undefined || reset === undefined) return [];
    const begin = firstSighting(usual).point;
    const isOwn = after.some(
      (packet) =>
        packet.direction === direction &&
        [...packet.way, ...packet.copies].some(({ point }) => point === begin),
    );
    return isOwn ? [] : [reset];
  });
  return forged.length < 2
    ? undefined
    : {
        connection,
        before: before[before.length - 1],
        segment: null,
        idleNs,
        resets: forged,
        peerPoint: null,
        ttls: null,
        tries: [],
      };
}

function compareTtls(back: readonly PacketFact[], reset: PacketFact): IdleTimeout['ttls'] {
  const seen = lastSighting(reset);
  for (const packet of back) {
    const same = packet.way.find(
      ({ point, passage }) => point === seen.point && passage === seen.passage,
    );
    if (same !== undefined) return { peer: same.ttl, reset: seen.ttl };
  }
  return null;
}
