// Replies that reach their client under the wrong name: found here for both rules that judge them, half-untranslated-reply and untranslated-reply.
import { counted } from '../base/counted';
import { parseEndpoint } from '../model/endpoint';
import type { Finding } from '../model/finding';
import { formatStop } from '../model/stop';
import { weigh } from './confidence';
import type { CaseFacts } from './facts';
import type { HandshakeFacts, Reply } from './handshake-facts';
import { lacksHandshakes } from './lacks';
import { onFacts } from './on-facts';
import { firstSighting } from './packet-facts';
import type { RuleAnswer } from './rule';
import { tellUndone } from './translation-facts';

/** A reply that did reach the client's side, and that the client refused. */
export interface RefusedReply extends Reply {
  readonly atClient: NonNullable<Reply['atClient']>;
  readonly reset: NonNullable<Reply['reset']>;
}

export interface Refusal {
  readonly handshake: HandshakeFacts;
  /** At least one; first the answer to the SYN that is told, then the others in order of time. */
  readonly replies: readonly RefusedReply[];
  /** `half`: some part was translated back; `whole`: none, as far as the captures tell. */
  readonly extent: 'half' | 'whole';
  /** The server's side was not seen: the extent follows from what the client's reset did to the server. */
  readonly inferred: boolean;
}

/** Handshakes whose replies came back under a name that the client did not ask. */
export const findRefusals = onFacts((facts): readonly Refusal[] => {
  return facts.handshakes.flatMap((handshake): Refusal[] => {
    const inTime = handshake.replies.filter(isRefused);
    if (inTime.length === 0) return [];
    const asked = firstSighting(handshake.askedSyn).referenceTime;
    const told = inTime.find(({ atClient }) => atClient.referenceTime >= asked) ?? inTime[0];
    const replies = [told, ...inTime.filter((reply) => reply !== told)];
    const half = replies.some(({ parts }) => parts.some(({ state }) => state === 'restored'));
    if (half || handshake.serverSeen || translationSeen(handshake))
      return [{ handshake, replies, extent: half ? 'half' : 'whole', inferred: false }];
    return [
      { handshake, replies, extent: survivesReset(replies) ? 'half' : 'whole', inferred: true },
    ];
  });
});

const translationSeen = ({ asked, arrived }: HandshakeFacts): boolean =>
  arrived !== null && (arrived.client !== asked.client || arrived.server !== asked.server);

/**
 * The server repeats the very SYN-ACK that was reset: the reset did not match its half-open connection, so it knows the client by another
 * port. Where the reset matches, it ends the half-open connection (RFC 9293 section 3.10.7.4), and the next SYN gets a new sequence number.
 */
const survivesReset = (replies: readonly RefusedReply[]): boolean =>
  replies.length > 1 &&
  replies.every(({ packet }) => packet.sequence === replies[0].packet.sequence);

const isRefused = (reply: Reply): reply is RefusedReply =>
  reply.atClient !== null &&
  reply.reset !== null &&
  reply.parts.some(({ state }) => state === 'left' || state === 'changed');

/** Ids of the connections, and of the replies that stand apart from them. */
export const refusedConnections = (refusals: readonly Refusal[]): readonly string[] =>
  refusals.flatMap(({ handshake: { connection, strays } }) => [
    connection.id,
    ...strays.map(({ id }) => id),
  ]);

/** One group for each service and the endpoint that answered in its place; the clearest refusal first. */
export function groupRefusals(refusals: readonly Refusal[]): readonly (readonly Refusal[])[] {
  const groups = new Map<string, Refusal[]>();
  for (const refusal of refusals) {
    const key = `${refusal.handshake.asked.server} ${refusal.replies[0].atClient.source}`;
    groups.set(key, [...(groups.get(key) ?? []), refusal]);
  }
  return [...groups.values()].map((group) => {
    const clearest = group.find(({ handshake }) => handshake.serverSeen) ?? group[0];
    return [clearest, ...group.filter((refusal) => refusal !== clearest)];
  });
}

/** Stops between which the reply should have been translated: where it was in part, or where it came to the client's side. */
export function untranslatedHop(
  facts: CaseFacts,
  { packet }: RefusedReply,
  clientPoints: ReadonlySet<number>,
): readonly [string, string] | null {
  const { way } = packet;
  const changed = way.findIndex(
    (sighting, index) =>
      index > 0 &&
      (sighting.source !== way[index - 1].source ||
        sighting.destination !== way[index - 1].destination),
  );
  const to = changed > 0 ? changed : way.findIndex(({ point }) => clientPoints.has(point));
  if (to < 1) return null;
  const [from, after] = [way[to - 1], way[to]].map(({ point, passage }) =>
    formatStop(facts.points[point].id, passage),
  );
  return [from, after];
}

/**
 * The client sends its SYNs again by the linear timeouts of Linux 6.5 and later, and its own interface is on the host that translates (the host’s end of
 * its veth was captured, or its own end has one clock with that hop): a pod runs on its node’s kernel, so this is the kernel there. Else nothing is known of it.
 */
export function runsOnLaterKernel(
  { points }: CaseFacts,
  { handshake: { asked, retries, clientPoints }, replies }: Refusal,
): boolean {
  if (retries.class !== 'linear') return false;
  const { address } = parseEndpoint(asked.client);
  const hosts = new Set(
    replies[0].packet.way
      .filter(({ point }) => points[point].role?.address !== address)
      .map(({ point }) => points[point].host),
  );
  return [...clientPoints].some((point) => {
    const { role, host } = points[point];
    if (role === null || role.address !== address) return false;
    return role.kind === 'host-end' || (role.kind === 'end' && hosts.has(host));
  });
}

/** Both sides seen is proof of what was translated, one side alone is not; the more replies and resets agree, the better. */
export const weighRefusal = ({
  handshake: { serverSeen, arrived, completed },
  replies,
  inferred,
}: Refusal): Pick<Finding, 'confidence' | 'grounds'> =>
  weigh(
    0.97,
    'A SYN-ACK came to the client’s side under another name than the client had called, and the client answered with a reset that carries its acknowledgement.',
    [
      [
        serverSeen && arrived !== null,
        0,
        'Both sides of the translation are in the captures: what was rewritten on the way there and on the way back is seen, not guessed.',
      ],
      [
        inferred,
        replies.length > 1 ? -0.32 : -0.42,
        'The server’s side was not captured: whether its port was changed follows only from what the reset did to the server.',
      ],
      [!inferred && !serverSeen, -0.15, 'The server’s own side was not captured.'],
      [
        !inferred && serverSeen && arrived === null,
        -0.1,
        'The SYN itself is not in the capture on the server’s side.',
      ],
      [replies.length > 1, 0, `It is the same ${replies.length} times in this connection alone.`],
      [replies.length === 1, -0.05, 'It is seen once in this connection.'],
      [completed, -0.1, 'The connection opened in the end.'],
    ],
  );

/** Why a case has no refused reply of the kind a rule looks for. */
export function sayWhyNoRefusal(facts: CaseFacts): RuleAnswer {
  if (facts.openings === 0)
    return {
      result: 'notApplicable',
      reason: 'No TCP handshake is in the captures.',
      lacks: lacksHandshakes(facts),
    };
  const undone = tellUndone(facts);
  return {
    result: 'healthy',
    reason:
      undone === ''
        ? `${counted(facts.openings, 'handshake')} seen, no translation: no SYN-ACK was refused by its client.`
        : `${counted(facts.openings, 'handshake')} seen; ${undone}. No SYN-ACK of this kind was refused by its client.`,
  };
}
