// Connections whose SYNs vanish while another connection, translated, holds their very tuple: what the rule tuple-collision reasons over.
import { counted } from '../base/counted';
import type { ConnectionSummary } from '../model/connection';
import type { Finding } from '../model/finding';
import { formatStop } from '../model/stop';
import { weigh } from './confidence';
import type { CaseFacts } from './facts';
import type { HandshakeFacts, Tuple } from './handshake-facts';
import { onFacts } from './on-facts';
import { firstSighting, lastSighting, type PacketFact } from './packet-facts';
import { duration } from './story';
import { THRESHOLDS } from './thresholds';

export interface Collision {
  readonly handshake: HandshakeFacts;
  /** The tuple that both have, as it was seen last of the SYNs that vanished. */
  readonly tuple: Tuple;
  readonly holder: ConnectionSummary;
  /** Points that saw the holder under the tuple, and none of the lost SYNs. */
  readonly blindPoints: readonly number[];
  readonly lostSyns: readonly PacketFact[];
  /** From the holder's last packet to the first lost SYN, ns; 0 where the holder went on. */
  readonly idleNs: number;
  /** Other connections from the same address to the same server that opened under their own tuple. */
  readonly opened: readonly ConnectionSummary[];
}

/** In order of time. */
export const findCollisions = onFacts((facts): readonly Collision[] => {
  return facts.handshakes.flatMap((handshake) => findCollision(facts, handshake) ?? []);
});

function findCollision(facts: CaseFacts, handshake: HandshakeFacts): Collision | undefined {
  if (handshake.refusals.length > 0) return undefined;
  // A connection of another start that merely used the ports again is none of this one's SYNs.
  const [first] = handshake.syns;
  const syns = handshake.syns.filter(({ sequence }) => sequence === first.sequence);
  const last = lastSighting(first);
  const tuple: Tuple = { client: last.source, server: last.destination };
  for (const holder of facts.holdersOf(tuple)) {
    if (holder.id === handshake.connection.id || !holdsTranslated(holder, tuple)) continue;
    const idleNs = firstSighting(first).referenceTime - holder.lastTime;
    if (holder.firstTime >= firstSighting(first).referenceTime) continue;
    if (idleNs > holdingTime(holder)) continue;
    const opened = findOpened(facts, handshake, tuple);
    const blindPoints = preferShared(
      pointsUnder(facts, holder, tuple).filter((point) => isBlind(facts, first, point)),
      facts,
      opened,
    );
    if (blindPoints.length === 0) continue;
    const lostSyns = takeLost(syns, blindPoints);
    const lastLost = firstSighting(lostSyns[lostSyns.length - 1]).referenceTime;
    if (handshake.replies.some(({ packet }) => firstSighting(packet).referenceTime <= lastLost))
      continue;
    return {
      handshake,
      tuple,
      holder,
      blindPoints,
      lostSyns,
      idleNs: Math.max(0, idleNs),
      opened,
    };
  }
  return undefined;
}

/** The client asked for it under another name: the tuple is what translation made of it. */
const holdsTranslated = (holder: ConnectionSummary, tuple: Tuple): boolean =>
  holder.client !== tuple.client || holder.server !== tuple.server;

const holdingTime = ({ close }: ConnectionSummary): number =>
  close === 'fin' || close === 'reset' ? THRESHOLDS.timeWaitNs : THRESHOLDS.establishedNs;

const pointsUnder = (
  facts: CaseFacts,
  holder: ConnectionSummary,
  tuple: Tuple,
): readonly number[] =>
  facts.points.flatMap(({ id }, index) =>
    holder.legs.some(
      ({ point, client, server }) =>
        point === id && client === tuple.client && server === tuple.server,
    )
      ? [index]
      : [],
  );

/** Of these points those that direct connections pass, where any shows it: others would not have seen the SYN in health either. */
function preferShared(
  points: readonly number[],
  facts: CaseFacts,
  opened: readonly ConnectionSummary[],
): readonly number[] {
  const passed = new Set(opened.flatMap((connection) => connection.points));
  const shared = points.filter((point) => passed.has(facts.points[point].id));
  return shared.length > 0 ? shared : points;
}

/** The point did not see the packet although its capture ran. */
function isBlind(facts: CaseFacts, packet: PacketFact, point: number): boolean {
  if ([...packet.way, ...packet.copies].some((sighting) => sighting.point === point)) return false;
  const { firstTime, lastTime } = facts.points[point];
  const { referenceTime } = firstSighting(packet);
  return referenceTime >= firstTime && referenceTime <= lastTime;
}

/** SYNs up to the first that was seen at one of the points. */
function takeLost(syns: readonly PacketFact[], blindPoints: readonly number[]) {
  const passed = syns.findIndex(({ way }) => way.some(({ point }) => blindPoints.includes(point)));
  return passed < 0 ? syns : syns.slice(0, passed);
}

function findOpened(
  facts: CaseFacts,
  { connection }: HandshakeFacts,
  { client, server }: Tuple,
): readonly ConnectionSummary[] {
  const address = client.slice(0, client.lastIndexOf(':'));
  return facts.connections.filter(
    (other) =>
      other.id !== connection.id &&
      other.handshake === 'complete' &&
      other.server === server &&
      other.client.slice(0, other.client.lastIndexOf(':')) === address,
  );
}

/** Stops between which the SYNs vanish; null where the packets do not tell. */
export function lossHop(
  facts: CaseFacts,
  { lostSyns }: Collision,
): readonly [string, string] | null {
  const placed = lostSyns.find(({ lostFrom, lostTo }) => lostFrom !== null && lostTo !== null);
  if (placed === undefined) return null;
  const [from, to] = [placed.lostFrom!, placed.lostTo!].map((stop) =>
    formatStop(facts.points[stop >>> 8].id, stop & 0xff),
  );
  return [from, to];
}

/** Equal tuples hardly meet by chance; one lost SYN alone might be any loss. */
export const weighCollision = ({
  opened,
  lostSyns,
  idleNs,
  handshake: { retries },
}: Collision): Pick<Finding, 'confidence' | 'grounds'> =>
  weigh(
    0.92,
    `The tuple of the lost SYNs is the one that another connection had after its translation, and ${idleNs === 0 ? 'that connection is still in use' : `its last packet is ${duration(idleNs)} old`}.`,
    [
      [
        opened.length > 0,
        0.03,
        `${counted(opened.length, 'other connection')} of the same client to the same server opened, from ${opened.length === 1 ? 'another port' : 'other ports'}.`,
      ],
      [lostSyns.length > 1, 0, `${lostSyns.length} SYNs in a row were lost.`],
      [lostSyns.length === 1, -0.2, 'One SYN alone was lost.'],
      [
        idleNs > THRESHOLDS.timeWaitNs,
        -0.15,
        `The other connection had been silent for longer than TIME_WAIT (${duration(THRESHOLDS.timeWaitNs)}): its entry holds only if it was never closed.`,
      ],
      [
        retries.class === 'irregular',
        -0.1,
        'The SYNs do not come at the intervals of the kernel’s timer.',
      ],
    ],
  );
