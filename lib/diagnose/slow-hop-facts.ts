// Hops that hold packets back: something left one point, comes to the next long afterwards, and nothing else comes there meanwhile. What queues behind
// others and arrives with them in a stream is no stall, however long it took.

import type { ConnectionSummary, Direction, HopSummary } from '../model/connection';
import { LatencyErrors } from '../model/latency-error';
import { formatStop, pointOfStop } from '../model/stop';
import type { PacketFact, SightingFact } from './packet-facts';
import type { PacketsOf } from './request-facts';
import { THRESHOLDS } from './thresholds';

export interface HeldPacket {
  readonly connection: ConnectionSummary;
  readonly packet: PacketFact;
  readonly from: SightingFact;
  readonly to: SightingFact;
  /** From one point to the other, and by how much the clocks may make that wrong, ns. */
  readonly heldNs: number;
  readonly errorNs: number;
  /** For how long nothing came to the second point while it was awaited, ns. */
  readonly stallNs: number;
  /** Sent again, or another one after it, that came first. */
  readonly overtaken: boolean;
}

export interface SlowHop {
  readonly from: string;
  readonly to: string;
  readonly direction: Direction;
  /** The longest stall first. */
  readonly held: readonly HeldPacket[];
  /** Median of all packets that pass the hop, and how many these are. */
  readonly usualNs: number;
  readonly packets: number;
}

/** Two points that even the quickest packets need a second or more to pass there and back: no distance is so long. Clocks cancel in the sum of both ways. */
export interface LongWay {
  readonly forward: HopSummary;
  readonly reverse: HopSummary;
  readonly leastNs: number;
  readonly usualNs: number;
}

type Known = ConstructorParameters<typeof LatencyErrors>[0];

/** Yields after each connection that is looked into: of those that pass a hop whose slowest packet is slow enough, and that lasted long enough. */
export function* findSlowHops(
  known: Known,
  connections: readonly ConnectionSummary[],
  packetsOf: PacketsOf,
): Generator<void, readonly SlowHop[]> {
  const suspects = known.hops.filter(
    ({ latencyNs }) =>
      latencyNs !== null &&
      latencyNs.error !== null &&
      latencyNs.max - latencyNs.error >= THRESHOLDS.warningStallNs &&
      latencyNs.max >= THRESHOLDS.slowRatio * latencyNs.p50,
  );
  if (suspects.length === 0) return [];
  const errors = new LatencyErrors(known);
  const held = new Map<HopSummary, HeldPacket[]>(suspects.map((hop) => [hop, []]));
  const looked = connections
    .filter((connection) => suspects.some((hop) => passes(connection, hop)))
    .slice(0, THRESHOLDS.lossConnections);
  for (const connection of looked) {
    const packets = packetsOf(connection, THRESHOLDS.lossPackets);
    for (const hop of suspects)
      if (passes(connection, hop))
        held.get(hop)!.push(...findHeld(known, errors, hop, connection, packets));
    yield;
  }
  return suspects.flatMap((hop): SlowHop[] => {
    const { from, to, direction, journeys, latencyNs } = hop;
    const found = held.get(hop)!;
    if (found.length === 0) return [];
    const usualNs = latencyNs!.p50;
    return [
      {
        from,
        to,
        direction,
        held: found.sort((a, b) => b.stallNs - a.stallNs),
        usualNs,
        packets: journeys,
      },
    ];
  });
}

/** Pairs of hops that are each other's way back, slow for every packet. */
export const findLongWays = (hops: readonly HopSummary[]): readonly LongWay[] =>
  hops.flatMap((forward): LongWay[] => {
    if (forward.direction !== 'forward' || forward.latencyNs === null) return [];
    const reverse = hops.find(
      ({ from, to, direction }) =>
        direction === 'reverse' &&
        pointOfStop(from) === pointOfStop(forward.to) &&
        pointOfStop(to) === pointOfStop(forward.from),
    );
    if (reverse === undefined || reverse.latencyNs === null) return [];
    const leastNs = forward.latencyNs.min + reverse.latencyNs.min;
    if (leastNs < THRESHOLDS.slowResponseNs) return [];
    return [{ forward, reverse, leastNs, usualNs: forward.latencyNs.p50 + reverse.latencyNs.p50 }];
  });

function passes(
  { protocol, firstTime, lastTime, forwardStops, reverseStops }: ConnectionSummary,
  { from, to, direction }: HopSummary,
): boolean {
  if (protocol !== 'tcp' && protocol !== 'udp') return false;
  if (lastTime - firstTime < THRESHOLDS.warningStallNs) return false;
  const stops = direction === 'forward' ? forwardStops : reverseStops;
  return stops.includes(from) && stops.includes(to);
}

interface Passage {
  readonly packet: PacketFact;
  readonly from: SightingFact;
  readonly to: SightingFact;
}

/** Someone waits for it: what opens a connection, or carries bytes. */
const isAwaited = ({ packet: { kind, payloadLength } }: Passage): boolean =>
  kind === 'syn' || kind === 'syn-ack' || (kind === 'other' && payloadLength > 0);

/**
 * It is the very packet, and not its repetition, which looks the same but for these: a repetition has another IP ID, and another timestamp. Pieces of
 * a frame are joined by their bytes, which do not tell one transmission from the next. A capture that missed one of the two would make a wait of both.
 */
const isProven = ({ packet, from, to }: Passage): boolean =>
  !packet.ambiguous &&
  !from.shared &&
  !to.shared &&
  ((from.ipId !== 0 && from.ipId === to.ipId) || packet.timestampValue !== 0);

function findHeld(
  known: Known,
  errors: LatencyErrors,
  hop: HopSummary,
  connection: ConnectionSummary,
  packets: readonly PacketFact[],
): HeldPacket[] {
  const passages = packets
    .filter(({ direction }) => direction === hop.direction)
    .flatMap((packet): Passage[] => {
      const at = packet.way.findIndex(
        (sighting, index) =>
          index > 0 &&
          stopOf(known, sighting) === hop.to &&
          stopOf(known, packet.way[index - 1]) === hop.from,
      );
      return at < 0 ? [] : [{ packet, from: packet.way[at - 1], to: packet.way[at] }];
    })
    .sort((a, b) => a.to.referenceTime - b.to.referenceTime);
  // Of each passage and those that arrive after it: the awaited one that was sent first.
  const oldest: (Passage | undefined)[] = [];
  for (let index = passages.length - 1; index >= 0; index--) {
    const passage = passages[index];
    const own = isAwaited(passage) && isProven(passage) ? passage : undefined;
    const later = oldest[index + 1];
    oldest[index] =
      own !== undefined &&
      (later === undefined || own.from.referenceTime <= later.from.referenceTime)
        ? own
        : later;
  }
  const usual = hop.latencyNs?.p50 ?? 0;
  const found = new Map<PacketFact, HeldPacket>();
  for (const [index, arrival] of passages.entries()) {
    const waiting = oldest[index];
    if (waiting === undefined) continue;
    const before = passages[index - 1]?.to.referenceTime ?? Number.NEGATIVE_INFINITY;
    const stallNs = arrival.to.referenceTime - Math.max(before, waiting.from.referenceTime);
    const heldNs = waiting.to.referenceTime - waiting.from.referenceTime;
    const errorNs = errors.between(waiting.from, waiting.to, hop.direction);
    if (errorNs === null || stallNs - errorNs < THRESHOLDS.warningStallNs) continue;
    if (heldNs < THRESHOLDS.slowRatio * usual) continue;
    const one = {
      connection,
      ...waiting,
      heldNs,
      errorNs,
      stallNs,
      overtaken: arrival !== waiting,
    };
    const longest = found.get(waiting.packet);
    if (longest === undefined || longest.stallNs < stallNs) found.set(waiting.packet, one);
  }
  return [...found.values()];
}

const stopOf = ({ points }: Known, { point, passage }: SightingFact): string =>
  formatStop(points[point].id, passage);
