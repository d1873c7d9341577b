// The handshake of one connection across all its points: what was asked, what arrived at the server, what came back, and what the client made of it.
import { sequenceAdd } from '../base/sequence-number';
import type { ConnectionSummary } from '../model/connection';
import { parseEndpoint } from '../model/endpoint';
import {
  firstSighting,
  lastSighting,
  type PacketFact,
  type SightingFact,
  tupleOf,
} from './packet-facts';
import { classifySynRetries, type SynRetries } from './syn-retries';
import { THRESHOLDS } from './thresholds';

export interface Tuple {
  readonly client: string;
  readonly server: string;
}

/** One of the four parts of a reply's addresses that a translation may touch. */
export interface ReplyPart {
  readonly name: 'source address' | 'source port' | 'destination address' | 'destination port';
  /** What the client's socket waits for. */
  readonly expected: string;
  readonly got: string;
  /** `kept`: nothing to translate; `restored`: translated back; `left`: as the server sent it; `changed`: neither. */
  readonly state: 'kept' | 'restored' | 'left' | 'changed';
}

export interface Reply {
  readonly packet: PacketFact;
  /** Where it was seen last on the client's side of the translation; null: not seen there. */
  readonly atClient: SightingFact | null;
  /** Parts as they reached the client's side; empty where it was not seen there. */
  readonly parts: readonly ReplyPart[];
  /** The client's reset that answers it. */
  readonly reset: PacketFact | null;
}

export interface HandshakeFacts {
  readonly connection: ConnectionSummary;
  /** Connections that are no more than this one's replies, unconnected where no point shows both. */
  readonly strays: readonly ConnectionSummary[];
  readonly syns: readonly PacketFact[];
  /** The first SYN that was seen on its whole way. */
  readonly askedSyn: PacketFact;
  /** As the client sent it. */
  readonly asked: Tuple;
  /** As it was seen farthest from the client; null: never seen beyond the first point. */
  readonly arrived: Tuple | null;
  /** Whether `arrived` was seen with its translation done, or answered: the server's side was captured. */
  readonly serverSeen: boolean;
  /** Points that saw the SYN as the client sent it. */
  readonly clientPoints: ReadonlySet<number>;
  readonly replies: readonly Reply[];
  /** All resets that the client sent, and all that came to it. */
  readonly resets: readonly PacketFact[];
  readonly refusals: readonly PacketFact[];
  readonly retries: SynRetries;
  readonly completed: boolean;
}

/** SYN, SYN-ACK and RST packets of a connection, and of its strays; undefined where no SYN was seen. */
export function buildHandshake(
  connection: ConnectionSummary,
  own: readonly PacketFact[],
  strays: readonly {
    readonly connection: ConnectionSummary;
    readonly packets: readonly PacketFact[];
  }[],
): HandshakeFacts | undefined {
  const packets = [...own, ...strays.flatMap((stray) => stray.packets)].sort(
    (a, b) => firstSighting(a).referenceTime - firstSighting(b).referenceTime,
  );
  const syns = packets.filter((packet) => packet.kind === 'syn');
  if (syns.length === 0) return undefined;
  // A capture at the client that began late shows the first SYNs under the server's names alone: the longest way tells what was asked.
  const askedSyn = syns.reduce((longest, syn) =>
    syn.way.length > longest.way.length ? syn : longest,
  );
  const first = firstSighting(askedSyn);
  const asked: Tuple = { client: first.source, server: first.destination };
  const clientPoints = new Set<number>();
  for (const syn of syns)
    for (const sighting of syn.way)
      if (sighting.source === asked.client && sighting.destination === asked.server)
        clientPoints.add(sighting.point);
  const isClients = (packet: PacketFact): boolean => comesFromClient(firstSighting(packet), asked);
  const allResets = packets.filter(({ kind }) => kind === 'reset');
  const resets = allResets.filter(isClients);
  // A client with two interfaces may get the answer by the one, and refuse it there, while it asks by the other.
  for (const reset of resets) {
    const { point } = firstSighting(reset);
    if (!syns.some(({ way }) => way.some((sighting) => sighting.point === point)))
      clientPoints.add(point);
  }
  const answers = packets.filter((packet) => packet.kind === 'syn-ack');
  const arrived = findArrived(syns, asked);
  const replies = pairReplies(answers, resets, asked, arrived, clientPoints);
  return {
    connection,
    strays: strays.map((stray) => stray.connection),
    syns,
    askedSyn,
    asked,
    arrived,
    serverSeen: answers.some((answer) => !clientPoints.has(firstSighting(answer).point)),
    clientPoints,
    replies,
    resets,
    refusals: allResets.filter((packet) => !isClients(packet)),
    retries: classifySynRetries(
      syns.map((syn) => firstSighting(syn).referenceTime),
      syns.map((syn) => syn.sequence),
    ),
    completed: connection.handshake === 'complete',
  };
}

/** Whether these are resets of a client that refuses the answer to a SYN, and that the server's side knows under another port. */
export function isStrayReset(packets: readonly PacketFact[], syn: PacketFact): boolean {
  const { source, destination } = lastSighting(syn);
  return packets.every((packet) => {
    const seen = lastSighting(packet);
    return (
      packet.kind === 'reset' &&
      packet.sequence === sequenceAdd(syn.sequence, 1) &&
      seen.destination === destination &&
      parseEndpoint(seen.source).address === parseEndpoint(source).address
    );
  });
}

/** Whether these packets are a reply to a SYN of the other connection that came back under a name nobody joined it by. */
export function isStrayReply(packets: readonly PacketFact[], syn: PacketFact): boolean {
  const client = firstSighting(syn).source;
  return (
    packets.length > 0 &&
    packets.every((packet) => packet.kind !== 'syn') &&
    packets.some(
      (packet) =>
        packet.kind === 'syn-ack' &&
        packet.acknowledgement === sequenceAdd(syn.sequence, 1) &&
        lastSighting(packet).destination === client,
    )
  );
}

/** By the client's address: where the client's port was changed, its resets come from another port than its SYNs. */
const comesFromClient = ({ source, destination }: SightingFact, asked: Tuple): boolean =>
  source === asked.client ||
  (destination !== asked.client &&
    parseEndpoint(source).address === parseEndpoint(asked.client).address);

/** The tuple farthest from the client: a translated one wherever it was seen, for the order of stops may be in doubt. */
function findArrived(syns: readonly PacketFact[], asked: Tuple): Tuple | null {
  const isTranslated = ({ source, destination }: SightingFact): boolean =>
    source !== asked.client || destination !== asked.server;
  const translated =
    syns.flatMap(({ way }) => way).findLast(isTranslated) ??
    syns.flatMap(({ copies }) => copies).findLast(isTranslated);
  if (translated !== undefined)
    return { client: translated.source, server: translated.destination };
  return syns.some(({ way }) => way.length > 1) ? asked : null;
}

function pairReplies(
  answers: readonly PacketFact[],
  resets: readonly PacketFact[],
  asked: Tuple,
  arrived: Tuple | null,
  clientPoints: ReadonlySet<number>,
): readonly Reply[] {
  const free = new Set(resets);
  return answers.map((packet): Reply => {
    const atClient = packet.way.findLast((sighting) => clientPoints.has(sighting.point)) ?? null;
    if (atClient === null) return { packet, atClient, parts: [], reset: null };
    const sentTuple = findSent(packet, atClient, arrived, clientPoints);
    const reset = [...free].find((candidate) => answersReply(candidate, packet, atClient)) ?? null;
    if (reset !== null) free.delete(reset);
    return { packet, atClient, parts: compareParts(asked, sentTuple, atClient), reset };
  });
}

/** The tuple under which the server sent a reply: as seen on its side, or else the one the SYN arrived with. */
function findSent(
  packet: PacketFact,
  atClient: SightingFact,
  arrived: Tuple | null,
  clientPoints: ReadonlySet<number>,
): Tuple {
  const first = firstSighting(packet);
  const isServerSide = !clientPoints.has(first.point) || tupleOf(first) !== tupleOf(atClient);
  if (isServerSide || arrived === null) return { client: first.destination, server: first.source };
  return arrived;
}

/** RFC 9293 section 3.10.7.3: the reset of a segment with ACK takes its sequence number from that acknowledgement. */
function answersReply(reset: PacketFact, reply: PacketFact, atClient: SightingFact): boolean {
  if (reset.sequence !== reply.acknowledgement) return false;
  const seen = reset.way.find((sighting) => sighting.point === atClient.point);
  if (seen === undefined || seen.destination !== atClient.source) return false;
  const delay = seen.time - atClient.time;
  return delay >= 0 && delay < THRESHOLDS.resetAnswerNs;
}

function compareParts(asked: Tuple, sent: Tuple, got: SightingFact): readonly ReplyPart[] {
  const sides = [
    ['source', asked.server, sent.server, got.source],
    ['destination', asked.client, sent.client, got.destination],
  ] as const;
  return sides.flatMap(([side, expectedText, sentText, gotText]) => {
    const [expected, origin, arrived] = [expectedText, sentText, gotText].map(parseEndpoint);
    return [
      comparePart(`${side} address`, expected.address, origin.address, arrived.address),
      comparePart(`${side} port`, `${expected.port}`, `${origin.port}`, `${arrived.port}`),
    ];
  });
}

function comparePart(
  name: ReplyPart['name'],
  expected: string,
  sent: string,
  got: string,
): ReplyPart {
  const state =
    got === expected
      ? sent === expected
        ? 'kept'
        : 'restored'
      : got === sent
        ? 'left'
        : 'changed';
  return { name, expected, got, state };
}
