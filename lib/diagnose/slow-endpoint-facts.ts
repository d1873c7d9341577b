// Where the time of a request goes when the network is not to blame: the server's own think time, the client's own pauses, and windows that a receiver closed.

import type { ConnectionSummary, Direction } from '../model/connection';
import { parseEndpoint } from '../model/endpoint';
import { pointOfStop } from '../model/stop';
import { firstSighting, type PacketFact } from './packet-facts';
import {
  type ClientPause,
  findServerWaits,
  type PacketsOf,
  type ServerWait,
} from './request-facts';
import { THRESHOLDS } from './thresholds';

/** From a closed window to the one that opens it. */
export interface ClosedWindow {
  readonly connection: ConnectionSummary;
  readonly closed: PacketFact;
  readonly opened: PacketFact;
  /** Direction of the packets that carry the window: its sender does not read. */
  readonly direction: Direction;
  readonly waitNs: number;
}

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

/** A client that pauses in the middle of its request. */
export interface SlowRequest {
  readonly wait: ServerWait;
  readonly pause: ClientPause;
}

export interface SlowClient {
  readonly client: string;
  readonly server: string;
  /** The longest pause first. */
  readonly slow: readonly SlowRequest[];
  /** Requests of the same service in all. */
  readonly requests: number;
  /** Of these the like of the slowest that were sent without such a pause; the one nearest to it in size first. */
  readonly quick: readonly ServerWait[];
}

export interface EndpointTimes {
  readonly services: readonly SlowService[];
  readonly clients: readonly SlowClient[];
  /** Connections that both sides of were captured, so that a server's time can be told from the network's. */
  readonly seen: number;
}

const isLikeLength = (one: number, other: number): boolean =>
  Math.abs(one - other) <= THRESHOLDS.likeLength * other;

const startsAlike = ({ begun: a }: ServerWait, { begun: b }: ServerWait): boolean =>
  a.payloadDigest !== 0 && a.payloadDigest === b.payloadDigest;

/** The same first bytes, as of one request line; or, where none are repeated (encrypted), about the same length. */
const isLike = (one: ServerWait, other: ServerWait): boolean =>
  startsAlike(one, other) || isLikeLength(one.begun.payloadLength, other.begun.payloadLength);

/** Both sides of the connection were captured: one point nearest to the server sees what comes to it and what it sends. */
const isSeenAtServer = ({
  protocol,
  handshake,
  points,
  forwardStops,
  reverseStops,
}: ConnectionSummary): boolean =>
  protocol === 'tcp' &&
  handshake === 'complete' &&
  points.length > 1 &&
  forwardStops.length > 0 &&
  reverseStops.length > 0 &&
  pointOfStop(forwardStops[forwardStops.length - 1]) === pointOfStop(reverseStops[0]);

/** Services and clients that take a second or more. Long connections alone are looked into. Yields after each: its packets may be many. */
export function* findEndpointTimes(
  connections: readonly ConnectionSummary[],
  packetsOf: PacketsOf,
): Generator<void, EndpointTimes> {
  const byServer = new Map<string, ServerWait[]>();
  const candidates = connections.filter(isSeenAtServer);
  const long = candidates.filter(
    ({ firstTime, lastTime }) => lastTime - firstTime >= THRESHOLDS.slowResponseNs,
  );
  const servers = new Set(long.map(({ server }) => server));
  for (const connection of candidates
    .filter(({ server }) => servers.has(server))
    .slice(0, THRESHOLDS.closeLook)) {
    const list = byServer.get(connection.server) ?? [];
    byServer.set(connection.server, list);
    list.push(...findServerWaits(connection, packetsOf(connection, THRESHOLDS.lossPackets)));
    yield;
  }
  return {
    services: [...byServer]
      .flatMap(([server, waits]) => judgeService(server, waits))
      .sort((a, b) => b.slow.length - a.slow.length || (a.server < b.server ? -1 : 1)),
    clients: [...byServer].flatMap(([server, waits]) => judgeClients(server, waits)),
    seen: candidates.length,
  };
}

function judgeService(server: string, waits: readonly ServerWait[]): SlowService[] {
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
  return [{ server, slow, waits: waits.length, medianNs: sorted[middle].waitNs, typical, alike }];
}

/** Messages that come now and then before one is answered (a stream, someone who types) are no request with a pause in it. */
function findSlowRequest(wait: ServerWait): SlowRequest[] {
  if (wait.pauses.length === 0 || wait.pauses.length > THRESHOLDS.requestPauses) return [];
  const pause = wait.pauses.reduce((longest, one) => (one.ns > longest.ns ? one : longest));
  return pause.ns >= THRESHOLDS.slowResponseNs ? [{ wait, pause }] : [];
}

function judgeClients(server: string, waits: readonly ServerWait[]): SlowClient[] {
  const byClient = new Map<string, SlowRequest[]>();
  for (const one of waits.flatMap(findSlowRequest)) {
    const client = parseEndpoint(one.wait.connection.client).address;
    byClient.set(client, [...(byClient.get(client) ?? []), one]);
  }
  return [...byClient].map(([client, found]) => {
    const slow = [...found].sort((a, b) => b.pause.ns - a.pause.ns);
    const [{ wait: told, pause }] = slow;
    const quick = waits
      .filter(
        (one) =>
          isLikeLength(one.bytes, told.bytes) &&
          (startsAlike(one, told) ||
            isLikeLength(one.begun.payloadLength, told.begun.payloadLength)) &&
          sendingNs(one) * THRESHOLDS.slowRatio <= pause.ns,
      )
      .sort((a, b) => Math.abs(a.bytes - told.bytes) - Math.abs(b.bytes - told.bytes));
    return { client, server, slow, requests: waits.length, quick };
  });
}

/** From the first packet of the request to its last, at the client's point, ns. */
export const sendingNs = ({ begun, request }: ServerWait): number =>
  firstSighting(request).referenceTime - firstSighting(begun).referenceTime;

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
