// D04: in an open connection one segment is left untranslated (conntrack calls it invalid). A reply: the client resets what it does not know.
// A request: the translating host, which has no such connection, resets it in the service's name.
import { counted } from '../../base/counted';
import type { Finding } from '../../model/finding';
import { weigh } from '../confidence';
import type { CaseFacts } from '../facts';
import { lacksTranslation } from '../lacks';
import { firstSighting, lastSighting } from '../packet-facts';
import type { Rule } from '../rule';
import { duration, emptyParts, findingId, pointNames, sightingsOf, step, utc } from '../story';
import {
  findStrayReplies,
  findStrayRequests,
  type StrayReply,
  type StrayRequest,
} from '../stray-segment-facts';
import { THRESHOLDS } from '../thresholds';

const ID = 'untranslated-segment-reset';

const CONFIRM: Finding['confirm'] = [
  {
    text: 'On the node, once a second: invalid rises when it happens.',
    command: 'while sleep 1; do date; conntrack -S; done',
  },
  {
    text: 'On the node: why a packet is invalid is logged.',
    command: 'sysctl -w net.netfilter.nf_conntrack_log_invalid=6; dmesg -w | grep nf_ct_proto',
  },
  {
    text: 'On the node: whether kube-proxy’s rule drops what is invalid, and how often it did.',
    command: "iptables-save -c | grep -- '--ctstate INVALID'",
  },
];

const FIX =
  'On the node: `sysctl -w net.netfilter.nf_conntrack_tcp_be_liberal=1` (undo with =0), or the rule that drops invalid packets before they leave (kube-proxy since 1.15, PR 74840); kernels from 6.1 on accept overly delayed segments (6e250dcbff1d).';

const REFERENCES: Finding['references'] = [
  {
    title: 'Kubernetes blog: kube-proxy subtleties, debugging an intermittent connection reset',
    url: 'https://kubernetes.io/blog/2019/03/29/kube-proxy-subtleties-debugging-an-intermittent-connection-reset/',
  },
  {
    title: 'Kubernetes #74839: out-of-window packets and resets',
    url: 'https://github.com/kubernetes/kubernetes/issues/74839',
  },
  {
    title: 'Kubernetes #117924: the host answers for the service',
    url: 'https://github.com/kubernetes/kubernetes/issues/117924',
  },
];

export const untranslatedSegmentReset: Rule = {
  id: ID,
  title: 'A reply segment left untranslated, and reset',
  needs: 'translated connections with data, at the client’s side',
  judge(facts) {
    const translated = facts.connections.filter(
      ({ protocol, translations }) => protocol === 'tcp' && translations.length > 0,
    );
    if (translated.length === 0)
      return {
        result: 'notApplicable',
        reason: 'No TCP connection is translated between the captures.',
        lacks: lacksTranslation(facts),
      };
    const replies = findStrayReplies(facts);
    const requests = findStrayRequests(facts);
    const count = replies.length + requests.length;
    if (count === 0)
      return {
        result: 'healthy',
        reason: `${counted(translated.length, 'translated connection')} looked at: no segment of an open one was left untranslated and reset.`,
      };
    return {
      result: 'found',
      findings: [
        ...(replies.length > 0 ? [tellReplies(facts, replies)] : []),
        ...(requests.length > 0 ? [tellRequests(facts, requests)] : []),
      ],
      reason: `${counted(count, 'open connection')} ${count === 1 ? 'was' : 'were'} reset after a segment that was not translated.`,
    };
  },
};

function tellReplies(facts: CaseFacts, found: readonly StrayReply[]): Finding {
  const [{ connection, segment, seen, usual, reset, neighbour }, ...others] = found;
  const answer = reset.way.find(({ point }) => point === seen.point) ?? firstSighting(reset);
  return {
    ...emptyParts,
    id: findingId(ID, connection.id),
    rule: ID,
    severity: 'failure',
    ...weigh(
      0.92,
      'The segment reached the client’s side with the server’s own address while its neighbours came with the service’s, and the client’s reset answers it.',
    ),
    title: `A segment from ${seen.source} reaches the client untranslated, and the connection is reset`,
    summary: `${counted(found.length, 'open connection')} to ${connection.server} ${found.length === 1 ? 'was' : 'were'} reset by the client: one segment of the reply came from ${seen.source} instead of ${usual}. That is how connection tracking treats what it takes for invalid (out of window): it does not translate it back.`,
    connections: found.map((one) => one.connection.id),
    between: null,
    steps: [
      step(
        `Replies of this connection reach ${facts.points[seen.point].name} from ${usual}, as they should.`,
        neighbour.way,
      ),
      step(
        `The segment seq ${segment.sequence} (${segment.payloadLength} bytes) at ${utc(facts, seen)} comes from ${seen.source}: it was not translated back. Seen at ${pointNames(facts, segment.way)}${segment.retransmission ? '; it repeats bytes that were sent before' : ''}.`,
        segment.way,
      ),
      step(
        `${duration(answer.time - seen.time)} later the client resets what it takes for an unknown connection: ${answer.source} > ${answer.destination}. ${reset.way.some(({ point }) => point === firstSighting(segment).point) ? 'The reset reaches the server, which drops the connection.' : ''}`.trim(),
        reset.way,
      ),
      ...(others.length > 0
        ? [
            step(
              `The same happens to ${counted(others.length, 'more connection')}.`,
              others
                .slice(0, THRESHOLDS.citedConnections)
                .flatMap((one) => sightingsOf([one.segment, one.reset])),
            ),
          ]
        : []),
    ],
    alternatives: [
      {
        rule: 'untranslated-reply',
        why: 'There no reply is ever translated back, and no connection opens. Here only one segment of many is left out.',
      },
      {
        rule: 'half-untranslated-reply',
        why: 'There it is the SYN-ACK that comes back in part. Here the connection was open.',
      },
    ],
    confirm: CONFIRM,
    fix: FIX,
    references: REFERENCES,
  };
}

function tellRequests(facts: CaseFacts, found: readonly StrayRequest[]): Finding {
  const [{ connection, segment, reset, serverPoint }, ...others] = found;
  const answer = lastSighting(reset);
  const at = segment.way.find(({ point }) => point === answer.point) ?? firstSighting(segment);
  const server = facts.points[serverPoint].name;
  const ids = found.map((one) => one.connection.id);
  return {
    ...emptyParts,
    id: findingId(ID, `${connection.id}-request`),
    rule: ID,
    severity: 'failure',
    ...weigh(
      0.8,
      'The reset repeats the segment’s acknowledgement, as a host does that has no such connection, and the server’s side shows neither the segment nor the reset.',
      [
        [found.length > 1, 0.08, `${counted(found.length, 'connection')} ended so.`],
        [
          segment.retransmission,
          0.04,
          'The segment repeats bytes that were sent before: that is what connection tracking takes for out of window.',
        ],
      ],
    ),
    title: `${connection.server} resets a segment that never reached the server`,
    summary: `${counted(found.length, 'open connection')} to ${connection.server} ${found.length === 1 ? 'was' : 'were'} reset by a host in between: a segment of the client was not translated, so that host took it for its own, knew no such connection and answered with a reset. ${server}, where the server’s packets begin, shows neither.`,
    connections: ids,
    between: [facts.points[at.point].id, facts.points[serverPoint].id],
    steps: [
      step(
        `${firstSighting(segment).source} sends ${segment.payloadLength} bytes to ${firstSighting(segment).destination} at ${utc(facts, at)} (seq ${segment.sequence}), in a connection that is open. Seen at ${pointNames(facts, segment.way)}${segment.retransmission ? '; it repeats bytes that were sent before' : ''}.`,
        segment.way,
      ),
      step(
        `It is never seen at ${server}: on its way it was not translated to the server’s address.`,
        [lastSighting(segment)],
      ),
      step(
        `${duration(answer.time - at.time)} later a reset comes back, ${answer.source} > ${answer.destination}, seq ${reset.sequence}, which is the segment’s acknowledgement. ${server} never sent it.`,
        reset.way,
      ),
      ...(others.length > 0
        ? [
            step(
              `The same happens to ${counted(others.length, 'more connection')}.`,
              others
                .slice(0, THRESHOLDS.citedConnections)
                .flatMap((one) => sightingsOf([one.segment, one.reset])),
            ),
          ]
        : []),
    ],
    alternatives: [
      {
        rule: 'idle-timeout-reset',
        why: 'There a long silence lets the entry of the connection expire. Here the connection was in use.',
      },
      {
        rule: 'path-loss',
        why: 'What is merely lost is answered by nobody. Here a reset answers it at once.',
      },
    ],
    confirm: CONFIRM,
    fix: FIX,
    references: REFERENCES,
  };
}
