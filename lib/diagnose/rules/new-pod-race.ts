// D18 b, a consideration: all SYNs of an early connection stay lost while a later one from another port opens at once, as where rules came after the first SYN.

import { counted } from '../../base/counted';
import type { ConnectionSummary } from '../../model/connection';
import { parseEndpoint } from '../../model/endpoint';
import type { Finding } from '../../model/finding';
import { weigh } from '../confidence';
import type { CaseFacts } from '../facts';
import type { HandshakeFacts } from '../handshake-facts';
import { lacksOpeningsAtTwoPoints } from '../lacks';
import { firstSighting, lastSighting } from '../packet-facts';
import type { Rule } from '../rule';
import { emptyParts, findingId, pointNames, retrySentence, sightingsOf, step, utc } from '../story';
import { THRESHOLDS } from '../thresholds';
import { findCollisions } from '../tuple-collision-facts';

const ID = 'new-pod-race';

interface Early {
  readonly handshake: HandshakeFacts;
  /** Opened while the early one was still trying. */
  readonly opened: ConnectionSummary;
}

export const newPodRace: Rule = {
  id: ID,
  title: 'Consider: rules of a new pod came late',
  needs: 'two points, and a later connection of the same client to the same server',
  judge(facts) {
    const lacking = lacksOpeningsAtTwoPoints(
      facts,
      'One point alone does not show where SYNs vanish.',
    );
    if (lacking !== undefined) return lacking;
    const found = findEarly(facts);
    if (found.length === 0)
      return {
        result: 'healthy',
        reason: `${counted(facts.openings, 'handshake')} seen: none stayed lost while a later one to the same server opened.`,
      };
    return {
      result: 'found',
      findings: [tell(facts, found)],
      reason: `${counted(found.length, 'connection')} stayed lost while a later one opened.`,
    };
  },
};

function findEarly(facts: CaseFacts): readonly Early[] {
  const lost = facts.handshakes.filter(
    ({ syns, replies, refusals, completed }) =>
      !completed &&
      replies.length === 0 &&
      refusals.length === 0 &&
      syns.length >= THRESHOLDS.steadySyns &&
      syns.every(({ fate }) => fate === 'lost'),
  );
  if (lost.length === 0) return [];
  const collided = new Set(findCollisions(facts).map(({ handshake }) => handshake.connection.id));
  return lost.flatMap((handshake): Early[] => {
    if (collided.has(handshake.connection.id)) return [];
    const [first] = handshake.syns;
    const last = handshake.syns[handshake.syns.length - 1];
    const client = parseEndpoint(handshake.asked.client).address;
    const others = facts.connections.filter(
      (other) =>
        other.handshake === 'complete' &&
        other.server === handshake.asked.server &&
        parseEndpoint(other.client).address === client,
    );
    // One that opened before shows that the rules were in place: then it is something else.
    if (others.some(({ firstTime }) => firstTime <= firstSighting(first).referenceTime)) return [];
    const opened = others.find(({ firstTime }) => firstTime < firstSighting(last).referenceTime);
    return opened === undefined ? [] : [{ handshake, opened }];
  });
}

function tell(facts: CaseFacts, found: readonly Early[]): Finding {
  const [{ handshake, opened }, ...others] = found;
  const { asked, syns, connection, retries } = handshake;
  const example = facts.packetsOf(opened)[0];
  const seen = lastSighting(syns[0]);
  return {
    ...emptyParts,
    id: findingId(ID, connection.id),
    rule: ID,
    severity: 'note',
    ...weigh(0.4, 'All SYNs of one port stay lost while another port of the same client opens.', [
      [found.length > 1, THRESHOLDS.considerationConfidence - 0.4, 'It is so more than once.'],
      [true, 0, 'When the pods started is not in the packets.'],
    ]),
    title: `Consider: rules for ${parseEndpoint(asked.client).address} to ${asked.server} came after the first SYN`,
    summary: `All ${syns.length} SYNs of ${asked.client} to ${asked.server} are lost, while a later connection from another port opens. Consider a pod that is new: the first SYN left an entry in connection tracking without the policy or the translation, and each retry follows that entry; look at when the pods started.`,
    connections: found.map((one) => one.handshake.connection.id),
    between: null,
    steps: [
      step(
        `${asked.client} opens a connection to ${asked.server} at ${utc(facts, firstSighting(syns[0]))}, the first of this client to this server in the captures. The SYN is seen at ${pointNames(facts, syns[0].way)}, and sent again ${retrySentence(retries)}; none of the ${syns.length} arrives.`,
        sightingsOf(syns),
      ),
      step(
        `Meanwhile ${opened.client} > ${opened.server} opens.`,
        example === undefined ? [] : example.way,
      ),
      ...(others.length > 0
        ? [
            step(
              `The same happens to ${counted(others.length, 'more connection')}.`,
              others
                .slice(0, THRESHOLDS.citedConnections)
                .flatMap((one) => sightingsOf(one.handshake.syns)),
            ),
          ]
        : []),
    ],
    alternatives: [
      {
        rule: 'tuple-collision',
        why: 'There an older connection holds the tuple after translation. None of the captures does; one may lie before their beginning.',
      },
      {
        rule: 'path-loss',
        why: `Loss by chance would have to take ${syns.length} SYNs of one port in a row and spare the other connection.`,
      },
    ],
    confirm: [
      {
        text: 'When the pods started: within seconds of the first SYN, or not.',
        command: `kubectl get pods --all-namespaces -o wide --sort-by=.status.startTime | grep -e '${parseEndpoint(asked.client).address}' -e '${parseEndpoint(seen.destination).address}'`,
      },
      {
        text: 'On the node, while it lasts: an entry of the first SYN without the translation.',
        command: `conntrack -L -p tcp --orig-port-src ${parseEndpoint(asked.client).port}`,
      },
    ],
    fix: 'If so: let the pod wait until its rules are in place (an init container, a readiness gate), or let the client retry with a new connection.',
    references: [
      { title: 'Calico #2471', url: 'https://github.com/projectcalico/calico/issues/2471' },
    ],
  };
}
