// Two connections of one kind side by side, one that fails and one that does not: at which hop, in which tuple, flag or time they go apart.
// They are compared by the parts that a packet plays in an exchange (SYN, SYN-ACK, first request …), never by position in a list.
import type { Direction } from '../model/connection';
import type { Parting } from '../model/finding';
import { formatTcpFlags } from '../model/tcp-flags';
import { firstSighting, lastSighting, type PacketFact, type SightingFact } from './packet-facts';
import { framesOf, type Sides, sameStop } from './sides';
import { duration, placeName, pointNames } from './story';
import { THRESHOLDS } from './thresholds';
import { compareWays } from './way-partings';

/** The parts of an exchange, in its order. */
const ROLES = [
  'SYN',
  'SYN-ACK',
  'acknowledgement of the SYN-ACK',
  'first request',
  'first response',
  'FIN of the client',
  'FIN of the server',
] as const;
type Role = (typeof ROLES)[number];

/** In the order of the exchange; what merely follows from a loss is left out. At most THRESHOLDS.partings. */
export function findPartings(
  facts: Sides,
  failing: readonly PacketFact[],
  healthy: readonly PacketFact[],
): readonly Parting[] {
  const here = castRoles(failing);
  const there = castRoles(healthy);
  const partings: Parting[] = [];
  let previous: { here: PacketFact; there: PacketFact } | undefined;
  for (const role of ROLES) {
    const ours = here.get(role);
    const theirs = there.get(role);
    if (theirs === undefined) continue;
    if (ours === undefined) {
      // After a packet that was lost, or that was translated wrongly, nothing is to be expected.
      if (partings.length === 0)
        partings.push(...answerParting(facts, role, failing, theirs, previous));
      break;
    }
    const apart = [
      ...comparePackets(facts, role, ours, theirs),
      ...nameParting(
        facts,
        role,
        { packet: ours, syn: here.get('SYN') },
        { packet: theirs, syn: there.get('SYN') },
      ),
    ].slice(0, 1 + Number(ours.fate === 'lost'));
    partings.push(...apart, ...compareWays(facts, role, ours, theirs));
    if (previous !== undefined && apart.length === 0)
      partings.push(...gapParting(facts, role, previous, { here: ours, there: theirs }));
    if (ours.fate === 'lost' && apart.some(({ kind }) => kind === 'hop')) break;
    previous = { here: ours, there: theirs };
  }
  if (!partings.some(({ kind }) => kind === 'hop'))
    partings.push(...lossParting(facts, failing, healthy));
  if (!partings.some(({ kind }) => kind === 'hop' || kind === 'flag'))
    partings.push(...resetParting(facts, failing, healthy));
  return partings.slice(0, THRESHOLDS.partings);
}

/** The first packet that plays each part. */
function castRoles(packets: readonly PacketFact[]): ReadonlyMap<Role, PacketFact> {
  const cast = new Map<Role, PacketFact>();
  for (const packet of packets) {
    const role = roleOf(packet, cast);
    if (role !== null && !cast.has(role)) cast.set(role, packet);
  }
  return cast;
}

function roleOf(packet: PacketFact, cast: ReadonlyMap<Role, PacketFact>): Role | null {
  const forward = packet.direction === 'forward';
  switch (packet.kind) {
    case 'syn':
      return 'SYN';
    case 'syn-ack':
      return 'SYN-ACK';
    case 'fin':
      return forward ? 'FIN of the client' : 'FIN of the server';
    case 'reset':
      return null;
    case 'other':
      if (packet.payloadLength > 0) return forward ? 'first request' : 'first response';
      return forward && cast.has('SYN-ACK') ? 'acknowledgement of the SYN-ACK' : null;
  }
}

/** The same packet of both, hop by hop: the first tuple that is rewritten otherwise, and where the failing one is lost. */
function comparePackets(
  facts: Sides,
  role: Role,
  ours: PacketFact,
  theirs: PacketFact,
): readonly Parting[] {
  const partings: Parting[] = [];
  for (const theirSighting of theirs.way) {
    const ourSighting = ours.way.find((sighting) => sameStop(sighting, theirSighting));
    if (ourSighting === undefined) continue;
    const text = tupleDifference(role, ours, theirs, ourSighting, theirSighting, facts);
    if (text === null) continue;
    partings.push({
      kind: 'tuple',
      text,
      frames: framesOf([ourSighting]),
      siblingFrames: framesOf([theirSighting]),
    });
    break;
  }
  const last = lastSighting(ours);
  const index = theirs.way.findIndex((sighting) => sameStop(sighting, last));
  const next = index < 0 ? undefined : theirs.way[index + 1];
  if (ours.fate === 'lost' && next !== undefined)
    partings.push({
      kind: 'hop',
      text: `The ${facts.theirs} ${role} goes on from ${placeName(facts, last, ours.direction)} to ${placeName(facts, next, ours.direction)}${delayText(facts, theirs.way[index], next)}; the ${facts.ours} one is never seen there.`,
      frames: framesOf([last]),
      siblingFrames: framesOf([theirs.way[index], next]),
    });
  return partings;
}

interface Answer {
  readonly packet: PacketFact;
  readonly syn: PacketFact | undefined;
}

/** A reply that comes under the name its client called, and one that does not: told also where the two called different names. */
function nameParting(facts: Sides, role: Role, ours: Answer, theirs: Answer): readonly Parting[] {
  if (ours.packet.direction === 'forward' || ours.syn === undefined || theirs.syn === undefined)
    return [];
  const called = [ours, theirs].map(({ syn }) => firstSighting(syn!).destination);
  const [mine, other] = [ours, theirs].map(({ packet }) => lastSighting(packet));
  if (!sameStop(mine, other) || (mine.source === called[0]) === (other.source === called[1]))
    return [];
  const tell = ({ source }: SightingFact, name: string): string =>
    source === name
      ? `comes from ${source}, as called`
      : `comes from ${source}, where ${name} was called`;
  return [
    {
      kind: 'tuple',
      text: `At ${placeName(facts, mine, ours.packet.direction)} the ${facts.theirs} ${role} ${tell(other, called[1])}; the ${facts.ours} one ${tell(mine, called[0])}.`,
      frames: framesOf([mine]),
      siblingFrames: framesOf([other]),
    },
  ];
}

/** `10 µs later`, where one clock tells. */
const delayText = (facts: Sides, from: SightingFact, to: SightingFact): string =>
  facts.points[from.point].host === facts.points[to.point].host
    ? `, ${duration(to.time - from.time)} later`
    : '';

interface Rewritten {
  readonly end: 'source' | 'destination';
  readonly before: string;
  readonly after: string;
}

/** What the way did to the tuple up to a sighting. */
const rewritesUpTo = (packet: PacketFact, sighting: SightingFact): readonly Rewritten[] =>
  (['source', 'destination'] as const).flatMap((end) => {
    const before = firstSighting(packet)[end];
    const after = sighting[end];
    return before === after ? [] : [{ end, before, after }];
  });

/** Sees whether each end was rewritten at all, and the far end into what: near ports differ between any two connections. */
function tupleDifference(
  role: Role,
  ours: PacketFact,
  theirs: PacketFact,
  ourSighting: SightingFact,
  theirSighting: SightingFact,
  facts: Sides,
): string | null {
  const mine = rewritesUpTo(ours, ourSighting);
  const other = rewritesUpTo(theirs, theirSighting);
  const server = ours.direction === 'forward' ? 'destination' : 'source';
  const key = (rewrites: readonly Rewritten[]): string =>
    rewrites.map(({ end, after }) => (end === server ? `${end} ${after}` : end)).join();
  // The two may have called different names for the same endpoint: then only the near end can be compared.
  const comparable =
    firstSighting(ours)[server] === firstSighting(theirs)[server]
      ? key
      : (rewrites: readonly Rewritten[]): string =>
          rewrites
            .filter(({ end }) => end !== server)
            .map(({ end }) => end)
            .join();
  if (comparable(mine) === comparable(other)) return null;
  return `At ${placeName(facts, ourSighting, ours.direction)} the ${facts.theirs} ${role} is ${tellTuple(theirSighting, other)}; the ${facts.ours} one is ${tellTuple(ourSighting, mine)}.`;
}

const tellTuple = ({ source, destination }: SightingFact, rewrites: readonly Rewritten[]): string =>
  `${source} > ${destination} (${
    rewrites.length === 0
      ? 'nothing rewritten'
      : rewrites.map(({ end, before, after }) => `${end} ${before} → ${after}`).join(', ')
  })`;

/** The next packet of an exchange never comes, or another one in its place. */
function answerParting(
  facts: Sides,
  role: Role,
  failing: readonly PacketFact[],
  theirs: PacketFact,
  previous: { here: PacketFact; there: PacketFact } | undefined,
): readonly Parting[] {
  if (previous === undefined) return [];
  const from = firstSighting(previous.here).referenceTime;
  const came = failing.find(
    (packet) => packet.direction === theirs.direction && firstSighting(packet).referenceTime > from,
  );
  const expected = `After the ${roleName(previous.here)} the ${facts.theirs} one has the ${role} ([${formatTcpFlags(theirs.flags)}])`;
  return [
    {
      kind: 'flag',
      text:
        came === undefined
          ? `${expected}; in the ${facts.ours} one nothing comes.`
          : `${expected}; in the ${facts.ours} one comes [${formatTcpFlags(came.flags)}], seen at ${pointNames(facts, came.way)}.`,
      frames: framesOf((came ?? previous.here).way),
      siblingFrames: framesOf(theirs.way),
    },
  ];
}

const roleName = (packet: PacketFact): string =>
  packet.kind === 'syn' ? 'SYN' : packet.kind === 'syn-ack' ? 'SYN-ACK' : 'packet before';

/** From one packet of the exchange to the next, by the clock that saw both first. */
function gapParting(
  facts: Sides,
  role: Role,
  previous: { here: PacketFact; there: PacketFact },
  next: { here: PacketFact; there: PacketFact },
): readonly Parting[] {
  // How long an application thinks before it asks, or closes, is its own affair.
  if (role !== 'SYN-ACK' && role !== 'first response') return [];
  const gap = (from: PacketFact, to: PacketFact): number =>
    firstSighting(to).referenceTime - firstSighting(from).referenceTime;
  const ours = gap(previous.here, next.here);
  const theirs = gap(previous.there, next.there);
  if (ours < THRESHOLDS.warningStallNs || ours < THRESHOLDS.slowRatio * theirs) return [];
  return [
    {
      kind: 'timing',
      text: `The ${facts.theirs} ${role} comes ${duration(theirs)} after the packet before it; the ${facts.ours} one ${duration(ours)}.`,
      frames: framesOf([firstSighting(previous.here), firstSighting(next.here)]),
      siblingFrames: framesOf([firstSighting(previous.there), firstSighting(next.there)]),
    },
  ];
}

/** In mid-stream: the first packet that is lost, beside one of the same direction that passed the same hop. */
function lossParting(
  facts: Sides,
  failing: readonly PacketFact[],
  healthy: readonly PacketFact[],
): readonly Parting[] {
  const lost = failing.find(({ fate, lostFrom }) => fate === 'lost' && lostFrom !== null);
  if (lost === undefined) return [];
  const last = lastSighting(lost);
  const passed = healthy.filter(
    ({ direction, way }) =>
      direction === lost.direction &&
      way.some((sighting, index) => sameStop(sighting, last) && index + 1 < way.length),
  );
  if (passed.length === 0) return [];
  const alike = nearestInSize(passed, lost.payloadLength);
  const index = alike.way.findIndex((sighting) => sameStop(sighting, last));
  const next = alike.way[index + 1];
  return [
    {
      kind: 'hop',
      text: `A packet of ${alike.payloadLength} bytes of the ${facts.theirs} one goes on from ${placeName(facts, last, lost.direction)} to ${placeName(facts, next, lost.direction)}; the ${facts.ours} one loses a packet of ${lost.payloadLength} bytes there.`,
      frames: framesOf([last]),
      siblingFrames: framesOf([alike.way[index], next]),
    },
  ];
}

const nearestInSize = (packets: readonly PacketFact[], size: number): PacketFact =>
  packets.reduce((best, packet) =>
    Math.abs(packet.payloadLength - size) < Math.abs(best.payloadLength - size) ? packet : best,
  );

/** A reset that the healthy one has not. */
function resetParting(
  facts: Sides,
  failing: readonly PacketFact[],
  healthy: readonly PacketFact[],
): readonly Parting[] {
  const index = failing.findIndex(({ kind }) => kind === 'reset');
  if (index < 0 || healthy.some(({ kind }) => kind === 'reset')) return [];
  const reset = failing[index];
  const opposite: Direction = reset.direction === 'forward' ? 'reverse' : 'forward';
  const before = failing.slice(0, index).findLast(({ direction }) => direction === opposite);
  const first = firstSighting(reset);
  return [
    {
      kind: 'flag',
      text: `In the ${facts.ours} one ${first.source} sends a reset to ${first.destination}, first seen at ${placeName(facts, first, reset.direction)}${before === undefined ? '' : `, after [${formatTcpFlags(before.flags)}] from ${lastSighting(before).source}`}; the ${facts.theirs} one goes on without.`,
      frames: framesOf([...(before === undefined ? [] : [lastSighting(before)]), ...reset.way]),
      siblingFrames: [],
    },
  ];
}
