// D26, a consideration: SYNs to an endpoint that is gone go on to whoever gets its address next: the entry of the first SYN leads every repetition there.
import { counted } from '../../base/counted';
import type { ConnectionSummary } from '../../model/connection';
import { parseEndpoint } from '../../model/endpoint';
import { connectionsTo } from '../by-server';
import { consider } from '../consideration';
import type { CaseFacts } from '../facts';
import type { HandshakeFacts } from '../handshake-facts';
import { lacksTranslation } from '../lacks';
import { onFacts } from '../on-facts';
import { firstSighting } from '../packet-facts';
import type { Rule } from '../rule';
import { duration, sightingsOf, step, utc } from '../story';
import { THRESHOLDS } from '../thresholds';

const ID = 'recycled-endpoint';

interface Recycled {
  readonly handshake: HandshakeFacts;
  readonly endpoint: string;
  readonly waitNs: number;
  /** Led to another endpoint of the same service meanwhile, and answered. */
  readonly other: ConnectionSummary;
}

export const recycledEndpoint: Rule = {
  id: ID,
  title: 'Consider: an old SYN reaches another pod at its address',
  needs: 'the translation of a service, and a connection that opens after half a minute',
  judge(facts) {
    const translated = facts.connections.filter(
      ({ protocol, translations }) =>
        protocol === 'tcp' && translations.some(({ kind }) => kind === 'dnat'),
    ).length;
    if (translated === 0)
      return {
        result: 'notApplicable',
        reason: 'No TCP connection’s destination is translated between the captures.',
        lacks: lacksTranslation(facts),
      };
    const found = findRecycled(facts);
    if (found.length === 0)
      return {
        result: 'healthy',
        reason: `${counted(translated, 'translated connection')} looked at: none opened late at an endpoint that others were no longer led to.`,
      };
    const [{ handshake, endpoint, waitNs, other }] = found;
    const { syns, asked } = handshake;
    const last = syns[syns.length - 1];
    return {
      result: 'found',
      findings: [
        consider({
          rule: ID,
          title: `Consider: ${endpoint} is not who ${asked.server} meant`,
          summary: `${counted(found.length, 'connection')} to ${asked.server} got no answer from ${endpoint} for ${duration(waitNs)}, then opened there, while others were led elsewhere. Consider an address that was given to another pod in between; look at when the pod at ${parseEndpoint(endpoint).address} started.`,
          signature:
            'The endpoint answers only after it was silent for longer than an address rests, and no new connection is led to it.',
          worth: 0.4,
          connections: [...found.map((one) => one.handshake.connection.id), other.id],
          steps: [
            step(
              `${asked.client} opens a connection to ${asked.server} at ${utc(facts, firstSighting(syns[0]))}; its SYN is led to ${endpoint}, and not answered.`,
              syns[0].way,
            ),
            step(
              `Meanwhile ${other.client} > ${other.server} is led elsewhere and answered.`,
              facts.packetsOf(other)[0].way,
            ),
            step(
              `${duration(waitNs)} after the first, SYN number ${syns.length} is still led to ${endpoint}, and answered at once.`,
              sightingsOf([last, ...handshake.replies.slice(0, 1).map(({ packet }) => packet)]),
            ),
          ],
          alternatives: [
            {
              rule: 'outer-checksum-drop',
              why: 'There a late SYN passes, too, but those before it did not reach the endpoint.',
            },
            {
              rule: 'stale-udp-translation',
              why: 'The same fault with UDP.',
            },
          ],
          confirm: [
            {
              text: 'When the pod that has the address now started: after the first SYN, or before.',
              command: `kubectl get pods --all-namespaces -o wide --sort-by=.status.startTime | grep -w '${parseEndpoint(endpoint).address}'`,
            },
            {
              text: 'On the node, while SYNs are repeated: the entry that leads them.',
              command: `conntrack -L -p tcp --orig-src ${parseEndpoint(asked.client).address} --sport ${parseEndpoint(asked.client).port}`,
            },
          ],
          fix: 'If so: a longer rest for addresses (VPC CNI: IP cooldown above nf_conntrack_tcp_timeout_syn_sent, 120 s), or on the nodes: `sysctl -w net.netfilter.nf_conntrack_tcp_timeout_syn_sent=20` (undo with =120).',
          references: [
            {
              title: 'amazon-vpc-cni-k8s #3634',
              url: 'https://github.com/aws/amazon-vpc-cni-k8s/issues/3634',
            },
          ],
        }),
      ],
      reason: `${counted(found.length, 'connection')} opened late at an endpoint that others are not led to.`,
    };
  },
};

const findRecycled = onFacts((facts): readonly Recycled[] =>
  facts.handshakes.flatMap((handshake) => findIn(facts, handshake) ?? []),
);

function findIn(facts: CaseFacts, handshake: HandshakeFacts): Recycled | undefined {
  const { syns, completed, replies, asked, arrived, connection } = handshake;
  if (!completed || arrived === null || arrived.server === asked.server || replies.length === 0)
    return undefined;
  const first = firstSighting(syns[0]).referenceTime;
  const answer = firstSighting(replies[0].packet).referenceTime;
  const waitNs = answer - first;
  if (waitNs < THRESHOLDS.recycleLeastNs || waitNs > THRESHOLDS.recycleMostNs) return undefined;
  const endpoint = arrived.server;
  // Those lost before the endpoint say nothing about it.
  if (syns.some(({ fate }) => fate === 'lost')) return undefined;
  const meanwhile = connectionsTo(facts, asked.server).filter(
    (other) =>
      other.id !== connection.id &&
      other.handshake === 'complete' &&
      other.firstTime >= first &&
      other.firstTime <= answer,
  );
  const isLedThere = ({ legs }: ConnectionSummary): boolean =>
    legs.some(({ server }) => server === endpoint);
  return meanwhile.length === 0 || meanwhile.some(isLedThere)
    ? undefined
    : { handshake, endpoint, waitNs, other: meanwhile[0] };
}
