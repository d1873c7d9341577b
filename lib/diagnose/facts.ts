// What rules know of a case: points, connections, the handshakes worth a closer look, and who held which tuple. Built in steps, so that
// the engine stays answerable; depth only where a summary is suspicious, so that a hundred thousand healthy connections stay cheap.

import { sequenceAdd } from '../base/sequence-number';
import type { AnalysisView } from '../model/analysis-view';
import type { CaptureSummary } from '../model/capture';
import type { ClockSegment, ConnectionSummary, HopSummary, HostClock } from '../model/connection';
import type { FitnessFinding } from '../model/fitness';
import { type HopTranslations, mapTranslations } from '../model/hop-translations';
import { countPassages, type PassageCounts } from '../model/lane-name';
import type { PointRole } from '../model/point-role';
import type { Quote } from '../model/quote';
import { formatStop, type Stop, stopPassage, stopPoint } from '../model/stop';
import {
  buildHandshake,
  type HandshakeFacts,
  isStrayReply,
  isStrayReset,
  type Tuple,
} from './handshake-facts';
import { findLosses, type LossFact } from './loss-facts';
import { buildPackets, firstSighting, type PacketFact } from './packet-facts';
import {
  type ClosedWindow,
  type EndpointTimes,
  findEndpointTimes,
  findStalledReaders,
} from './slow-endpoint-facts';
import { findSlowHops, type SlowHop } from './slow-hop-facts';
import { THRESHOLDS } from './thresholds';

export interface PointFact {
  readonly id: string;
  readonly name: string;
  readonly file: string;
  /** Host whose clock it has. */
  readonly host: string;
  /** First and last frame of its capture by the reference clock, ns after the base; both 0 without frames. */
  readonly firstTime: number;
  readonly lastTime: number;
  /** Who it is, as its traffic tells; null where it does not. */
  readonly role: PointRole | null;
}

export interface CaseFacts {
  /** Nanoseconds since 1970. */
  readonly baseTime: bigint;
  readonly points: readonly PointFact[];
  /** What stops are named by. */
  readonly passages: PassageCounts;
  readonly connections: readonly ConnectionSummary[];
  /** TCP connections whose SYN was seen. */
  readonly openings: number;
  /** Of connections that failed, or whose SYN was sent more than once; by time. */
  readonly handshakes: readonly HandshakeFacts[];
  /** Packets of some connections, the longest and some spread over all: what is looked at to know how the captures were made. */
  readonly sample: readonly PacketFact[];
  /** Packets lost at a hop that is known, of all connections. */
  readonly losses: readonly LossFact[];
  /** Services and clients that take long, and connections whose window was closed for long (slow-endpoint-facts.ts). */
  readonly endpointTimes: EndpointTimes;
  readonly stalledReaders: readonly ClosedWindow[];
  /** Hops that hold packets back while the other side waits. */
  readonly slowHops: readonly SlowHop[];
  /** Connections of which some point saw this tuple. */
  holdersOf(tuple: Tuple): readonly ConnectionSummary[];
  readonly hops: readonly HopSummary[];
  /** What each hop rewrites, and whether replies undo it. */
  readonly translations: readonly HopTranslations[];
  /** What the captures can't show. */
  readonly fitness: readonly FitnessFinding[];
  readonly clocks: readonly HostClock[];
  /** What ICMP errors quote. */
  readonly quotes: readonly Quote[];
  /** First packets of a connection, all kinds, at most `limit`. */
  packetsOf(connection: ConnectionSummary, limit?: number): readonly PacketFact[];
}

/** Yields 0 … 1. */
export function* buildFacts(view: AnalysisView): Generator<number, CaseFacts> {
  const indexOf = new Map(view.connections.map((connection, index) => [connection.id, index]));
  const packetsOf = keepPackets((connection, limit) =>
    buildPackets(view.journeysOf([indexOf.get(connection.id)!], limit)),
  );

  const suspects: { connection: ConnectionSummary; packets: readonly PacketFact[] }[] = [];
  for (let index = 0; index < view.connections.length; index++) {
    const connection = view.connections[index];
    if (!isSuspicious(connection)) continue;
    const packets = packetsOf(connection).filter(({ kind }) => kind !== 'other' && kind !== 'fin');
    const syns = packets.filter((packet) => packet.kind === 'syn').length;
    const lone = connection.handshake === 'unseen' && packets.every(({ kind }) => kind === 'reset');
    if (syns > 1 || connection.handshake === 'failed' || lone)
      suspects.push({ connection, packets });
    yield (0.5 * index) / view.connections.length;
  }
  const handshakes = joinStrays(suspects);
  yield 0.5;
  const losses = yield* gatherLosses(view, packetsOf);
  const sample = yield* takeSample(view.connections, packetsOf);
  const endpointTimes = yield* within(0.93, findEndpointTimes(view.connections, packetsOf));
  const stalledReaders = yield* within(0.94, findStalledReaders(view.connections, packetsOf));
  const baseTime = BigInt(view.baseTime);
  const slowHops = yield* within(
    0.942,
    findSlowHops({ ...view, baseTime }, view.connections, packetsOf),
  );
  const translations = yield* within(0.945, mapTranslations(view));
  const holders = yield* indexTuples(view.connections, handshakes);
  return {
    baseTime,
    points: pointFacts(view),
    passages: countPassages(view.connections),
    connections: view.connections,
    hops: view.hops,
    translations,
    fitness: view.fitness,
    clocks: view.clocks,
    quotes: view.quotes,
    openings: view.connections.filter(
      ({ protocol, handshake }) => protocol === 'tcp' && handshake !== 'unseen',
    ).length,
    handshakes,
    losses,
    sample,
    endpointTimes,
    stalledReaders,
    slowHops,
    holdersOf: (tuple) => holders.get(tupleKey(tuple)) ?? [],
    packetsOf,
  };
}

/** Yields how far all facts are while some are gathered. */
function* within<T>(progress: number, steps: Generator<unknown, T>): Generator<number, T> {
  let step = steps.next();
  for (; !step.done; step = steps.next()) yield progress;
  return step.value;
}

/** Packets that were asked for lately are kept: rule after rule looks at the same suspicious connections. */
function keepPackets(
  build: (connection: ConnectionSummary, limit: number) => readonly PacketFact[],
): CaseFacts['packetsOf'] {
  const kept = new Map<string, readonly PacketFact[]>();
  let count = 0;
  return (connection, limit = THRESHOLDS.handshakePackets) => {
    // Of a connection that has fewer, all rules look at the same ones.
    const key = `${Math.min(limit, connection.journeys)} ${connection.id}`;
    const known = kept.get(key);
    const packets = known ?? build(connection, limit);
    kept.delete(key);
    kept.set(key, packets);
    if (known === undefined) count += packets.length;
    for (const [oldest, dropped] of kept) {
      if (count <= THRESHOLDS.keptPackets || oldest === key) break;
      kept.delete(oldest);
      count -= dropped.length;
    }
    return packets;
  };
}

/** Nothing that a summary shows of a connection that opened and closed as it should. */
const isSuspicious = (connection: ConnectionSummary): boolean =>
  connection.protocol === 'tcp' &&
  (connection.handshake === 'failed' ||
    (connection.handshake === 'complete' && connection.retransmissions > 0) ||
    (connection.handshake === 'unseen' &&
      connection.close === 'reset' &&
      connection.journeys <= THRESHOLDS.loneResets));

/** Gives replies that stand alone, because no point shows them under both names, to the SYN whose number they acknowledge. */
function joinStrays(
  suspects: readonly { connection: ConnectionSummary; packets: readonly PacketFact[] }[],
): readonly HandshakeFacts[] {
  const withSyn = suspects.filter(({ packets }) => packets.some(({ kind }) => kind === 'syn'));
  const alone = suspects.filter(
    ({ packets }) => packets.length > 0 && packets.every(({ kind }) => kind !== 'syn'),
  );
  const byClient = new Map<string, typeof alone>();
  const byReset = new Map<number, typeof alone>();
  for (const suspect of alone) {
    for (const end of endsOf(suspect.packets))
      byClient.set(end, [...(byClient.get(end) ?? []), suspect]);
    const [{ kind, sequence }] = suspect.packets;
    if (kind === 'reset') byReset.set(sequence, [...(byReset.get(sequence) ?? []), suspect]);
  }
  return withSyn
    .flatMap(({ connection, packets }) => {
      const syn = packets.find(({ kind }) => kind === 'syn')!;
      const strays = [
        ...(byClient.get(firstSighting(syn).source) ?? []).filter((suspect) =>
          isStrayReply(suspect.packets, syn),
        ),
        ...(byReset.get(sequenceAdd(syn.sequence, 1)) ?? []).filter((suspect) =>
          isStrayReset(suspect.packets, syn),
        ),
      ];
      return buildHandshake(connection, packets, strays) ?? [];
    })
    .sort((a, b) => a.connection.firstTime - b.connection.firstTime);
}

const endsOf = (packets: readonly PacketFact[]): ReadonlySet<string> =>
  new Set(
    packets
      .filter(({ kind }) => kind === 'syn-ack')
      .map((packet) => packet.way[packet.way.length - 1].destination),
  );

function* gatherLosses(
  view: AnalysisView,
  packetsOf: CaseFacts['packetsOf'],
): Generator<number, readonly LossFact[]> {
  const stopText = (stop: Stop): string =>
    formatStop(view.points[stopPoint(stop)].id, stopPassage(stop));
  const losses: LossFact[] = [];
  const lossy = view.connections
    .filter(
      ({ protocol, lost, unknown, retransmissions }) =>
        lost > 0 || (protocol === 'tcp' && unknown > 0 && retransmissions > 0),
    )
    .sort((a, b) => Number(b.lost > 0) - Number(a.lost > 0))
    .slice(0, THRESHOLDS.lossConnections);
  for (const [index, connection] of lossy.entries()) {
    const packets = packetsOf(connection, THRESHOLDS.lossPackets);
    for (const loss of findLosses(connection, packets, stopText)) losses.push(loss);
    yield 0.5 + (0.4 * index) / lossy.length;
  }
  return losses;
}

function* takeSample(
  connections: readonly ConnectionSummary[],
  packetsOf: CaseFacts['packetsOf'],
): Generator<number, readonly PacketFact[]> {
  const half = THRESHOLDS.sampledConnections / 2;
  const longest = [...connections]
    .filter(({ journeys }) => journeys <= THRESHOLDS.lossPackets)
    .sort((a, b) => b.journeys - a.journeys)
    .slice(0, half);
  const spread = Array.from(
    { length: Math.min(half, connections.length) },
    (_, index) => connections[Math.floor((index * connections.length) / half)],
  );
  const packets: PacketFact[] = [];
  for (const connection of new Set([...longest, ...spread])) {
    if (connection === undefined || connection.points.length < 2) continue;
    packets.push(...packetsOf(connection, THRESHOLDS.sampledPackets));
    yield 0.92;
  }
  return packets;
}

const tupleKey = ({ client, server }: Tuple): string => `${client} ${server}`;

/** Connections by tuple, of the tuples that handshakes asked for or arrived with. */
function* indexTuples(
  connections: readonly ConnectionSummary[],
  handshakes: readonly HandshakeFacts[],
): Generator<number, ReadonlyMap<string, readonly ConnectionSummary[]>> {
  const holders = new Map<string, ConnectionSummary[]>();
  for (const { asked, arrived } of handshakes) {
    holders.set(tupleKey(asked), []);
    if (arrived === null) continue;
    holders.set(tupleKey(arrived), []);
    // The tuple it would have had with its port unchanged: whoever holds that is why it was changed.
    holders.set(tupleKey({ client: asked.client, server: arrived.server }), []);
  }
  for (let index = 0; holders.size > 0 && index < connections.length; index++) {
    for (const leg of connections[index].legs) {
      const list = holders.get(tupleKey(leg));
      if (list !== undefined && !list.includes(connections[index])) list.push(connections[index]);
    }
    if (index % 1024 === 1023) yield 0.95;
  }
  return holders;
}

export function pointFacts(view: AnalysisView): readonly PointFact[] {
  const base = BigInt(view.baseTime);
  return view.points.map((point) => {
    const { file } = view.captures[point.capture];
    const files = view.captures.filter(({ lead }, index) => (lead ?? index) === point.capture);
    const segments = view.clocks.find(({ host }) => host === point.host)?.segments ?? [];
    /** Of the files of the point's capture, by the reference clock. */
    const byReference = (time: (summary: CaptureSummary) => number | null): readonly number[] =>
      files.map(({ summary }) =>
        referenceTime(
          (time(summary) ?? 0) + Number(BigInt(summary.baseTime) - base),
          base,
          segments,
        ),
      );
    return {
      id: point.id,
      name: point.name,
      file,
      host: point.host,
      firstTime: Math.min(...byReference(({ firstTime }) => firstTime)),
      lastTime: Math.max(...byReference(({ lastTime }) => lastTime)),
      role: point.role ?? null,
    };
  });
}

/** `time` (ns after the base) of a host's clock by the reference clock: time − (offset + drift·(time − epoch)). */
function referenceTime(time: number, base: bigint, segments: readonly ClockSegment[]): number {
  const sinceBase = (text: string): number => Number(BigInt(text) - base);
  const segment =
    segments.find(({ from, to }) => sinceBase(from) <= time && time <= sinceBase(to)) ??
    segments[0];
  if (segment === undefined) return time;
  const { offsetNs, driftPpm, epoch } = segment;
  return time - (offsetNs + driftPpm * 1e-6 * (time - sinceBase(epoch)));
}
