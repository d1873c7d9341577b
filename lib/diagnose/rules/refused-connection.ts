// D33: a SYN is answered with a reset. Where the reset begins tells who refuses: the server itself, or a host before it.

import { sequenceAdd } from '../../base/sequence-number';
import { parseEndpoint } from '../../model/endpoint';
import type { Finding } from '../../model/finding';
import { weigh } from '../confidence';
import type { CaseFacts } from '../facts';
import type { HandshakeFacts } from '../handshake-facts';
import { firstSighting, lastSighting, type PacketFact } from '../packet-facts';
import type { Rule } from '../rule';
import {
  counted,
  duration,
  emptyParts,
  findingId,
  listed,
  pointNames,
  sightingsOf,
  step,
  utc,
} from '../story';
import { THRESHOLDS } from '../thresholds';

const ID = 'refused-connection';

interface Refused {
  readonly handshake: HandshakeFacts;
  /** The reset that answers the first SYN. */
  readonly reset: PacketFact;
  /** The SYN was seen on the server's side of a translation, or at the point the reset begins at. */
  readonly byServer: boolean;
}

export const refusedConnection: Rule = {
  id: ID,
  title: 'Connection refused',
  needs: 'the SYN and what answers it',
  judge(facts) {
    if (facts.openings === 0)
      return { result: 'notApplicable', reason: 'No TCP handshake is in the captures.' };
    const refused = facts.handshakes.flatMap((handshake) => findRefused(handshake) ?? []);
    if (refused.length === 0)
      return {
        result: 'healthy',
        reason: `${counted(facts.openings, 'handshake')} seen: none was refused with a reset.`,
      };
    const groups = new Map<string, Refused[]>();
    for (const entry of refused) {
      const key = entry.handshake.asked.server;
      groups.set(key, [...(groups.get(key) ?? []), entry]);
    }
    return {
      result: 'found',
      findings: [...groups.values()].map((group) => tell(facts, group)),
      reason: `${counted(refused.length, 'connection')} ${refused.length === 1 ? 'was' : 'were'} refused with a reset.`,
    };
  },
};

/** RFC 9293 section 3.10.7.1: the reset of a SYN acknowledges it. */
function findRefused(handshake: HandshakeFacts): Refused | undefined {
  const { askedSyn, replies, refusals, completed, asked, arrived } = handshake;
  if (completed || replies.length > 0) return undefined;
  const reset = refusals.find(
    ({ acknowledgement }) => acknowledgement === sequenceAdd(askedSyn.sequence, 1),
  );
  if (reset === undefined) return undefined;
  const begin = firstSighting(reset);
  const target = lastSighting(askedSyn);
  const reached = begin.point === target.point && begin.source === target.destination;
  const translated = arrived !== null && arrived.server !== asked.server;
  return { handshake, reset, byServer: reached && (translated || askedSyn.way.length > 1) };
}

function tell(facts: CaseFacts, group: readonly Refused[]): Finding {
  const [{ handshake, reset, byServer }] = group;
  const { asked, arrived, askedSyn } = handshake;
  const first = firstSighting(askedSyn);
  const begin = firstSighting(reset);
  const answered = lastSighting(reset);
  const target = lastSighting(askedSyn);
  const server = parseEndpoint((arrived ?? asked).server);
  const clients = [
    ...new Set(group.map((entry) => parseEndpoint(entry.handshake.asked.client).address)),
  ];
  const others = group.slice(1);
  const who = byServer
    ? `${target.destination} itself, as nothing listens on its port ${server.port}`
    : `something at or behind ${facts.points[begin.point].name}, the farthest point that shows it`;
  return {
    ...emptyParts,
    id: findingId(ID, handshake.connection.id),
    rule: ID,
    severity: 'failure',
    ...weigh(0.75, 'A reset that acknowledges the SYN answers it.', [
      [byServer, 0.15, 'The SYN was seen where the reset begins: the server itself refuses.'],
      [!byServer, 0, 'The server’s side does not show the SYN: who refuses is not certain.'],
    ]),
    title: `Connections to ${asked.server} are refused`,
    summary: `${counted(group.length, 'connection')} from ${listed(clients)} to ${asked.server} ${group.length === 1 ? 'was' : 'were'} refused with a reset. The network delivered the SYN and the answer; the refusal comes from ${who}.`,
    connections: group.map((entry) => entry.handshake.connection.id),
    between: null,
    steps: [
      step(
        `${asked.client} opens a connection to ${asked.server} at ${utc(facts, first)} (SYN, seq ${askedSyn.sequence}), seen at ${pointNames(facts, askedSyn.way)}.`,
        askedSyn.way,
      ),
      step(
        `It is answered with a reset: ${answered.source} > ${answered.destination}, ack ${reset.acknowledgement}, which acknowledges the SYN and refuses it, ${duration(answered.referenceTime - first.referenceTime)} after the SYN was sent. The reset is first seen at ${facts.points[begin.point].name}: the refusal comes from ${who}.`,
        reset.way,
      ),
      ...(others.length > 0
        ? [
            step(
              `The same happens to ${counted(others.length, 'more connection')}.`,
              others
                .slice(0, THRESHOLDS.citedConnections)
                .flatMap((entry) => sightingsOf([entry.handshake.askedSyn, entry.reset])),
            ),
          ]
        : []),
    ],
    alternatives: [
      {
        rule: 'steady-drop',
        why: 'A policy that drops answers nothing, and the client waits for its timeout. Here a reset comes at once.',
      },
    ],
    confirm: [
      {
        text: 'In the server’s pod: whether anything listens on the port.',
        command: `ss -ltn 'sport = :${server.port}'`,
      },
      {
        text: 'Whether the service has ready endpoints: without any, the node refuses for it.',
        command: `kubectl get endpointslices --all-namespaces | grep ${server.address}`,
      },
    ],
    fix: 'Start what should listen there, or correct the port or the service’s target port. Where the server restarts, let clients wait for its readiness.',
    references: [
      {
        title: 'RFC 9293 section 3.5.2: reset generation',
        url: 'https://www.rfc-editor.org/rfc/rfc9293#section-3.5.2',
      },
    ],
  };
}
