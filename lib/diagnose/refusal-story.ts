// The story of a refused reply in steps, as an engineer tells it: the SYN, its translation, the wrong SYN-ACK, the reset, and all over again.

import { counted } from '../base/counted';
import { NANOSECONDS_PER_SECOND } from '../base/time';
import type { ConnectionSummary } from '../model/connection';
import { parseEndpoint } from '../model/endpoint';
import type { FindingStep } from '../model/finding';
import { elapsed } from './elapsed';
import type { CaseFacts } from './facts';
import type { HandshakeFacts, ReplyPart, Tuple } from './handshake-facts';
import { firstSighting, type SightingFact } from './packet-facts';
import { type Refusal, type RefusedReply, untranslatedHop } from './reply-translation';
import {
  betweenText,
  duration,
  listed,
  pointNames,
  retrySentence,
  sightingsOf,
  step,
  tuple,
  utc,
} from './story';
import { THRESHOLDS } from './thresholds';

/** Steps told for the first refusal, the others of its group in one step at the end. */
export function tellRefusals(
  facts: CaseFacts,
  [told, ...others]: readonly Refusal[],
): readonly FindingStep[] {
  const { handshake, replies } = told;
  const before = [
    tellSyn(facts, handshake),
    tellArrival(facts, handshake, replies[0]),
    ...tellClash(facts, handshake),
  ];
  return [
    ...before,
    tellReply(facts, handshake, replies[0]),
    tellReset(facts, handshake, replies[0]),
    tellResetArrival(facts, told),
    ...tellRepeats(facts, told),
    tellOutcome(facts, handshake, replies[0], before.length + 1),
    ...(others.length > 0 ? [tellOthers(others)] : []),
  ];
}

const onClientSide = (handshake: HandshakeFacts, sightings: readonly SightingFact[]) =>
  sightings.filter(({ point }) => handshake.clientPoints.has(point));

const onServerSide = (handshake: HandshakeFacts, sightings: readonly SightingFact[]) =>
  sightings.filter(({ point }) => !handshake.clientPoints.has(point));

/** The timestamp tells a SYN from its repetitions, which keep the sequence number; 0: it has none. */
const stampText = (timestampValue: number): string =>
  timestampValue === 0 ? '' : `, TSval ${timestampValue}`;

function tellSyn(facts: CaseFacts, { asked, askedSyn }: HandshakeFacts): FindingStep {
  const seen = askedSyn.way.filter(({ destination }) => destination === asked.server);
  return step(
    `${asked.client} starts a connection to ${asked.server} at ${utc(facts, seen[0])} (SYN, seq ${askedSyn.sequence}${stampText(askedSyn.timestampValue)}), seen at ${pointNames(facts, seen)}.`,
    seen,
  );
}

function tellArrival(
  facts: CaseFacts,
  handshake: HandshakeFacts,
  reply: RefusedReply,
): FindingStep {
  const { asked, arrived, askedSyn } = handshake;
  const translated = askedSyn.way.filter(
    ({ source, destination }) => source !== asked.client || destination !== asked.server,
  );
  const sent = reply.packet.way.filter((sighting) => sighting !== reply.atClient);
  const sentByServer = onServerSide(handshake, sent);
  if (arrived === null || (arrived.server === asked.server && arrived.client === asked.client)) {
    if (sentByServer.length === 0)
      return step(
        'What became of the SYN farther on is not in the captures: the server’s side was not captured.',
        [],
      );
    const { source, destination } = sentByServer[0];
    return step(
      `The server answers ${source} > ${destination} (SYN-ACK), seen at ${pointNames(facts, sentByServer)}. The SYN itself is not in the capture there.`,
      sentByServer,
    );
  }
  const changes = [
    ['source', asked.client, arrived.client],
    ['destination', asked.server, arrived.server],
  ]
    .filter(([, before, after]) => before !== after)
    .map(([end, before, after]) => `${end} ${before} → ${after}`);
  const answer =
    sentByServer.length > 0
      ? `, and the server answers to exactly that tuple: ${sentByServer[0].source} > ${sentByServer[0].destination} (SYN-ACK)`
      : '';
  return step(
    `The SYN is translated on its way (${listed(changes)}) and arrives as ${tuple(arrived)} at ${pointNames(facts, translated.length > 0 ? translated : sent)}${answer}.${tellPortChange(facts, handshake)}`,
    [...translated, ...sentByServer],
  );
}

/** The tuple that it would have had with its own port, and the connection of the captures that has it; null: its port was kept. */
function findTaken(
  facts: CaseFacts,
  { asked, arrived, connection, strays }: HandshakeFacts,
): { readonly taken: Tuple; readonly holder: ConnectionSummary | undefined } | null {
  if (arrived === null || arrived.client === asked.client) return null;
  const taken = { client: asked.client, server: arrived.server };
  const own = new Set([connection.id, ...strays.map(({ id }) => id)]);
  const holder = facts
    .holdersOf(taken)
    .find(({ id, firstTime }) => !own.has(id) && firstTime <= connection.firstTime);
  return { taken, holder };
}

/** Where the captures do not show who has the tuple, that they do not; empty: they do, or the port was kept. */
function tellPortChange(facts: CaseFacts, handshake: HandshakeFacts): string {
  const found = findTaken(facts, handshake);
  if (found === null || found.holder !== undefined) return '';
  const { asked, connection } = handshake;
  const kept = facts.connections.filter(
    ({ id, server, handshake: outcome, translations }) =>
      id !== connection.id &&
      server === asked.server &&
      outcome === 'complete' &&
      translations.some(({ kind }) => kind === 'dnat') &&
      !translations.some(({ kind }) => kind === 'snat'),
  ).length;
  return ` The source port was changed${kept > 0 ? `, where ${counted(kept, 'other connection')} to ${asked.server} kept ${kept === 1 ? 'its own' : 'theirs'}` : ''}, as happens when another connection has ${tuple(found.taken)} already: who that is, is not in the captures.`;
}

/** Why the port was changed, where the captures show it: another connection has the tuple that this one would have had. */
function tellClash(facts: CaseFacts, handshake: HandshakeFacts): FindingStep[] {
  const found = findTaken(facts, handshake);
  if (found === null || found.holder === undefined) return [];
  const { taken, holder } = found;
  const [first] = facts.packetsOf(holder);
  return [
    step(
      `The port was changed because ${tuple(taken)} is taken: ${holder.client} > ${holder.server} has that tuple since ${utc(facts, firstSighting(first))}. So the reply needs two translations back, of the port and of the address.`,
      first.way,
    ),
  ];
}

function tellReply(facts: CaseFacts, handshake: HandshakeFacts, reply: RefusedReply): FindingStep {
  const { asked } = handshake;
  const seen = onClientSide(handshake, reply.packet.way);
  const restored = reply.parts.filter(({ state }) => state === 'restored').map(describeRestored);
  const wrong = reply.parts
    .filter(({ state }) => state === 'left' || state === 'changed')
    .map(describeWrong);
  const what =
    restored.length > 0
      ? `The SYN-ACK is translated back only in part: ${listed(restored)}, but ${listed(wrong)}.`
      : `The SYN-ACK is not translated back: ${listed(wrong)}.`;
  return step(
    `${what} It reaches the client’s side as ${reply.atClient.source} > ${reply.atClient.destination} (seen at ${pointNames(facts, seen)}), while the client waits for ${asked.server} > ${asked.client}.`,
    seen,
  );
}

const describeRestored = ({ name, expected }: ReplyPart): string =>
  `its ${name} was restored to ${expected}`;

const describeWrong = ({ name, got, expected, state }: ReplyPart): string =>
  state === 'left'
    ? `its ${name} is still ${got} instead of ${expected}`
    : `its ${name} became ${got} instead of ${expected}`;

function tellReset(
  facts: CaseFacts,
  handshake: HandshakeFacts,
  { packet, atClient, reset }: RefusedReply,
): FindingStep {
  const seen = onClientSide(handshake, reset.way);
  const here = seen.find(({ point }) => point === atClient.point) ?? firstSighting(reset);
  return step(
    `To the client this SYN-ACK is unexpected. It correctly answers with a RST, ${elapsed(facts, atClient, here)} later and straight to ${here.destination} (seq ${reset.sequence}, the SYN-ACK’s ack ${packet.acknowledgement}; not translated), seen at ${pointNames(facts, seen)}.`,
    seen,
  );
}

function tellResetArrival(
  facts: CaseFacts,
  { handshake, replies, extent, inferred }: Refusal,
): FindingStep {
  const seen = onServerSide(handshake, replies[0].reset.way);
  if (seen.length === 0)
    return step(
      handshake.serverSeen
        ? 'The RST is not seen on the server’s side.'
        : inferred && extent === 'half'
          ? 'The server’s side is not in the captures. But the server goes on repeating the very SYN-ACK that was reset, so the RST did not match its half-open connection: it knows the client by another source port, which was changed on the way there and restored on the way back.'
          : 'Whether the RST reaches the server is not in the captures.',
      [],
    );
  const where = `The RST reaches the server’s side (${pointNames(facts, seen)}) as ${seen[0].source} > ${seen[0].destination}`;
  const server = handshake.arrived ?? handshake.asked;
  if (seen[0].source !== server.client)
    return step(
      `${where}. The server knows only ${server.client}, so it ignores the RST and goes on repeating its SYN-ACK.`,
      seen,
    );
  const sequences = new Set(handshake.replies.map(({ packet }) => packet.sequence));
  return step(
    sequences.size > 1
      ? `${where}, the very tuple of its half-open connection, and ends it: each later SYN is answered with a new sequence number.`
      : `${where}, the very tuple of its half-open connection.`,
    seen,
  );
}

function tellRepeats(facts: CaseFacts, { handshake, replies }: Refusal): readonly FindingStep[] {
  const { syns, retries, resets } = handshake;
  const told = new Set([replies[0].packet, replies[0].reset, handshake.askedSyn]);
  const rest = [...syns, ...handshake.replies.map(({ packet }) => packet), ...resets].filter(
    (packet) => !told.has(packet),
  );
  if (rest.length === 0) return [];
  rest.sort((a, b) => firstSighting(a).referenceTime - firstSighting(b).referenceTime);
  const again = syns.length > 1 ? `The client sends its SYN again ${retrySentence(retries)}. ` : '';
  return [
    step(
      `${again}It goes all over again: ${counted(syns.length, 'SYN')}, ${counted(handshake.replies.length, 'SYN-ACK')} and ${counted(resets.length, 'RST')} in all, between ${utc(facts, firstSighting(syns[0]))} and ${utc(facts, firstSighting(rest[rest.length - 1]))}.`,
      sightingsOf(rest),
    ),
  ];
}

/** `cause`: number of the step in which the reply comes untranslated. */
function tellOutcome(
  facts: CaseFacts,
  handshake: HandshakeFacts,
  reply: RefusedReply,
  cause: number,
): FindingStep {
  const { syns, asked } = handshake;
  const last = syns[syns.length - 1];
  if (handshake.completed) {
    const stall = firstSighting(last).referenceTime - firstSighting(syns[0]).referenceTime;
    return step(
      `The connection was established in the end, ${duration(stall)} after the first SYN.`,
      last.way,
    );
  }
  const hop = untranslatedHop(facts, reply, handshake.clientPoints);
  const where = hop === null ? ', in which' : `, ${betweenText(facts, hop, 'reverse')}:`;
  return step(
    `The connection fails to establish: no SYN-ACK from ${asked.server} ever reaches ${asked.client}. The problem is at step ${cause}${where} the SYN-ACK comes from ${reply.atClient.source} straight to the client without being translated back to ${asked.server}.`,
    last.way,
  );
}

function tellOthers(others: readonly Refusal[]): FindingStep {
  const cited = others.slice(0, THRESHOLDS.citedConnections);
  const names = cited.map(({ handshake: { asked, arrived } }) => {
    const port = arrived === null ? null : parseEndpoint(arrived.client).port;
    const translated =
      port !== null && port !== parseEndpoint(asked.client).port
        ? ` (on the server’s side ${port})`
        : '';
    return `${asked.client}${translated}`;
  });
  const more = others.length - cited.length;
  return step(
    `The same happens to ${counted(others.length, 'more connection')}: from ${listed(names)}${more > 0 ? `, and ${more} others` : ''}.`,
    cited.flatMap(({ handshake, replies }) =>
      sightingsOf([handshake.askedSyn, replies[0].packet, replies[0].reset]),
    ),
  );
}

/** A failure where the connection failed or stalled for it (DIAGNOSIS: severity). */
export const refusalSeverity = (refusals: readonly Refusal[]): 'failure' | 'warning' =>
  refusals.some(
    ({ handshake: { completed, syns } }) =>
      !completed ||
      firstSighting(syns[syns.length - 1]).referenceTime - firstSighting(syns[0]).referenceTime >=
        NANOSECONDS_PER_SECOND,
  )
    ? 'failure'
    : 'warning';
