// Where the time of a request goes when the network is not to blame: the server's own think time, and windows that a receiver closed.
import { sequenceAdd, sequenceDifference } from '../base/sequence-number';
import type { ConnectionSummary, Direction } from '../model/connection';
import { firstSighting, lastSighting, type PacketFact, type SightingFact } from './packet-facts';
import { THRESHOLDS } from './thresholds';

/** From the last byte of a request to the first of its response, at the point nearest to the server. */
export interface ServerWait {
  readonly connection: ConnectionSummary;
  /** Where the request begins, and its last packet before the response. */
  readonly begun: PacketFact;
  readonly request: PacketFact;
  readonly response: PacketFact;
  readonly at: SightingFact;
  readonly waitNs: number;
}

/** From a closed window to the one that opens it. */
export interface ClosedWindow {
  readonly connection: ConnectionSummary;
  readonly closed: PacketFact;
  readonly opened: PacketFact;
  /** Direction of the packets that carry the window: its sender does not read. */
  readonly direction: Direction;
  readonly waitNs: number;
}

/** Bytes that its direction has not sent before: a keep-alive's one byte and a repetition ask for nothing new. */
function takeNewData(): (packet: PacketFact) => boolean {
  const next = new Map<Direction, number>();
  return ({ kind, direction, sequence, payloadLength }) => {
    if (kind !== 'other' || payloadLength === 0) return false;
    const end = sequenceAdd(sequence, payloadLength);
    const known = next.get(direction);
    if (known !== undefined && sequenceDifference(end, known) <= 0) return false;
    next.set(direction, end);
    return true;
  };
}

/** All waits of a connection that was seen at its server's side. */
function findServerWaits(
  connection: ConnectionSummary,
  packets: readonly PacketFact[],
): readonly ServerWait[] {
  const waits: ServerWait[] = [];
  const isNewData = takeNewData();
  let begun: PacketFact | undefined;
  let request: PacketFact | undefined;
  for (const packet of packets) {
    if (!isNewData(packet)) continue;
    if (packet.direction === 'forward') {
      begun ??= packet;
      request = packet;
    } else if (begun !== undefined && request !== undefined) {
      const at = lastSighting(request);
      const sent = firstSighting(packet);
      // Both at one point, the last of the way there and the first of the way back: its own clock tells.
      if (at.point === sent.point && request.way.length > 1 && packet.way.length > 1)
        waits.push({
          connection,
          begun,
          request,
          response: packet,
          at,
          waitNs: sent.time - at.time,
        });
      begun = undefined;
      request = undefined;
    }
  }
  return waits;
}

function findClosedWindows(
  connection: ConnectionSummary,
  packets: readonly PacketFact[],
): readonly ClosedWindow[] {
  const found: ClosedWindow[] = [];
  for (const direction of ['forward', 'reverse'] as const) {
    let closed: PacketFact | undefined;
    for (const packet of packets) {
      if (packet.direction !== direction || packet.kind !== 'other') continue;
      if (packet.window === 0) closed ??= packet;
      else if (closed !== undefined) {
        const waitNs = firstSighting(packet).referenceTime - firstSighting(closed).referenceTime;
        if (waitNs >= THRESHOLDS.warningStallNs)
          found.push({ connection, closed, opened: packet, direction, waitNs });
        closed = undefined;
      }
    }
  }
  return found;
}

/** Requests of one kind differ by no more than this share of their length: an identifier, a token. */
const LIKE_LENGTH = 0.2;

export interface SlowService {
  readonly server: string;
  readonly slow: readonly ServerWait[];
  /** Waits of the same service in all, and their median, ns. */
  readonly waits: number;
  readonly medianNs: number;
  /** The one in the middle, or the next quicker one of a connection that has no slow ones; null: there is none. */
  readonly typical: ServerWait | null;
  /** The slowest asks for the like of what is answered quickly at other times. */
  readonly alike: boolean;
}

/** The same first bytes, as of one request line; or, where none are repeated (encrypted), about the same length. */
const isLike = (one: ServerWait, other: ServerWait): boolean => {
  const [a, b] = [one.begun, other.begun];
  if (a.payloadDigest !== 0 && a.payloadDigest === b.payloadDigest) return true;
  return Math.abs(a.payloadLength - b.payloadLength) <= LIKE_LENGTH * b.payloadLength;
};

/** Gives the first packets of a connection, at most `limit`. */
type PacketsOf = (connection: ConnectionSummary, limit: number) => readonly PacketFact[];

/** Services whose responses take a second or more, slowest first. Long connections alone are looked into. Yields after each: its packets may be many. */
export function* findSlowServices(
  connections: readonly ConnectionSummary[],
  packetsOf: PacketsOf,
): Generator<void, readonly SlowService[]> {
  const byServer = new Map<string, ServerWait[]>();
  const candidates = connections.filter(
    ({ protocol, handshake, points, forwardStops, reverseStops }) =>
      protocol === 'tcp' &&
      handshake === 'complete' &&
      points.length > 1 &&
      forwardStops.length > 0 &&
      forwardStops[forwardStops.length - 1].split('/')[0] === reverseStops[0]?.split('/')[0],
  );
  const long = candidates.filter(
    ({ firstTime, lastTime }) => lastTime - firstTime >= THRESHOLDS.slowResponseNs,
  );
  if (long.length === 0) return [];
  const servers = new Set(long.map(({ server }) => server));
  for (const connection of candidates
    .filter(({ server }) => servers.has(server))
    .slice(0, THRESHOLDS.closeLook)) {
    const list = byServer.get(connection.server) ?? [];
    byServer.set(connection.server, list);
    list.push(...findServerWaits(connection, packetsOf(connection, THRESHOLDS.lossPackets)));
    yield;
  }
  return [...byServer]
    .flatMap(([server, waits]): SlowService[] => {
      const slow = waits.filter(({ waitNs }) => waitNs >= THRESHOLDS.slowResponseNs);
      if (slow.length === 0) return [];
      const sorted = [...waits].sort((a, b) => a.waitNs - b.waitNs);
      const middle = sorted.length >> 1;
      const slowConnections = new Set(slow.map(({ connection }) => connection.id));
      const quick = ({ waitNs }: ServerWait): boolean => waitNs < THRESHOLDS.slowResponseNs;
      const upToMiddle = sorted.slice(0, middle + 1);
      const typical =
        upToMiddle.findLast((one) => quick(one) && !slowConnections.has(one.connection.id)) ??
        upToMiddle.findLast(quick) ??
        null;
      const slowest = sorted[sorted.length - 1];
      const alike = waits.some((one) => quick(one) && isLike(one, slowest));
      return [
        { server, slow, waits: waits.length, medianNs: sorted[middle].waitNs, typical, alike },
      ];
    })
    .sort((a, b) => b.slow.length - a.slow.length || (a.server < b.server ? -1 : 1));
}

/** Connections whose window was closed for long. Yields after each that is looked into. */
export function* findStalledReaders(
  connections: readonly ConnectionSummary[],
  packetsOf: PacketsOf,
): Generator<void, readonly ClosedWindow[]> {
  const long = connections
    .filter(
      ({ protocol, firstTime, lastTime }) =>
        protocol === 'tcp' && lastTime - firstTime >= THRESHOLDS.warningStallNs,
    )
    .slice(0, THRESHOLDS.closeLook);
  const found: ClosedWindow[] = [];
  for (const connection of long) {
    found.push(...findClosedWindows(connection, packetsOf(connection, THRESHOLDS.lossPackets)));
    yield;
  }
  return found;
}
