// D05: a DNS look-up waits for the resolver's timeout and is asked again. Where the first query, or its answer, was lost is shown; why, only counters can tell.

import { counted } from '../../base/counted';
import { NANOSECONDS_PER_SECOND } from '../../base/time';
import { parseEndpoint } from '../../model/endpoint';
import type { Finding } from '../../model/finding';
import { weigh } from '../confidence';
import { type DnsRetry, findDnsRetries } from '../dns-retry-facts';
import { elapsed } from '../elapsed';
import type { CaseFacts } from '../facts';
import { firstSighting, lastSighting } from '../packet-facts';
import type { Rule } from '../rule';
import {
  betweenText,
  duration,
  emptyParts,
  findingId,
  gapList,
  pointNames,
  sightingsOf,
  step,
  stopName,
  utc,
} from '../story';
import { isTimer } from '../syn-retries';
import { THRESHOLDS } from '../thresholds';

const ID = 'dns-retry';

export const dnsRetry: Rule = {
  id: ID,
  title: 'DNS look-ups that had to be asked again',
  needs: 'DNS over UDP, with the client’s own captures',
  judge(facts) {
    const lookups = facts.connections.filter(
      ({ protocol, server }) => protocol === 'udp' && parseEndpoint(server).port === 53,
    );
    if (lookups.length === 0)
      return {
        result: 'notApplicable',
        reason: 'No DNS over UDP is in the captures.',
      };
    const retries = findDnsRetries(facts);
    if (retries.length === 0)
      return {
        result: 'healthy',
        reason: `${counted(lookups.length, 'DNS socket')} looked at: no query was sent again.`,
      };
    const groups = new Map<string, DnsRetry[]>();
    for (const retry of retries) {
      const key = retry.lost === null ? '' : `${retry.lost.from} ${retry.lost.to}`;
      groups.set(key, [...(groups.get(key) ?? []), retry]);
    }
    return {
      result: 'found',
      findings: [...groups.values()].map((group) => tell(facts, group, lookups.length)),
      reason: `${counted(retries.length, 'query', 'queries')} had to be sent again.`,
    };
  },
};

function tell(facts: CaseFacts, group: readonly DnsRetry[], sockets: number): Finding {
  const told = group.reduce((best, retry) => (weight(retry) > weight(best) ? retry : best));
  const { connection, queries, answers, waitNs, lost, twin } = told;
  const others = group.filter((retry) => retry !== told);
  const longest = Math.max(...group.map((retry) => retry.waitNs));
  const [first, ...again] = queries;
  const times = queries.map((query) => firstSighting(query).referenceTime);
  const gaps = times.slice(1).map((time, index) => time - times[index]);
  const isGlibc = isTimer(waitNs, THRESHOLDS.resolverNs / NANOSECONDS_PER_SECOND);
  const what = lost?.packet.direction === 'reverse' ? 'answer' : 'query';
  const where =
    lost === null ? null : betweenText(facts, [lost.from, lost.to], lost.packet.direction);
  const answered = answers.find(({ fate }) => fate === 'delivered');
  const race = group.filter(
    (retry) => retry.twin !== null && retry.twin.fate === 'delivered',
  ).length;
  return {
    ...emptyParts,
    id: findingId(ID, connection.id),
    rule: ID,
    severity: longest >= THRESHOLDS.failureStallNs ? 'failure' : 'warning',
    ...weigh(
      0.88,
      'The very same query, with its id and its socket, is sent again, and no answer had come in between.',
      [
        [
          group.length > 1 && lost !== null,
          0.05,
          `${group.length} queries were lost at the same place.`,
        ],
        [lost === null, -0.28, 'Where the query or its answer went is not in the captures.'],
      ],
    ),
    title: `DNS look-ups wait ${duration(waitNs)} and are asked again`,
    summary: `${counted(group.length, 'query', 'queries')} to ${connection.server} (of ${counted(sockets, 'DNS socket')}) got no answer and ${group.length === 1 ? 'was' : 'were'} sent again after up to ${duration(longest)}${isGlibc ? ', the timeout of the resolver' : ''}. ${where === null ? 'The captures do not show where the first one went.' : `The ${what} was lost ${where}.`} Whoever asked waited that long.`,
    connections: [...new Set([connection.id, ...group.map((retry) => retry.connection.id)])],
    between: lost === null ? null : [lost.from, lost.to],
    steps: [
      step(
        `${firstSighting(first).source} asks ${connection.server} at ${utc(facts, firstSighting(first))} (DNS id ${hexId(first.sequence)}, ${first.payloadLength} bytes), seen at ${pointNames(facts, first.way)}.`,
        first.way,
      ),
      ...(twin === null
        ? []
        : [
            step(
              `Another query (id ${hexId(twin.sequence)}) leaves the same socket within ${elapsed(facts, firstSighting(first), firstSighting(twin))} of it, as A and AAAA do. ${twin.fate === 'delivered' ? 'That one arrives.' : ''}`.trim(),
              twin.way,
            ),
          ]),
      ...(lost === null
        ? [step('No answer to it is in the captures.', [])]
        : [
            step(
              `The ${what} is last seen at ${stopName(facts, lost.from, lost.packet.direction)}, and never at ${stopName(facts, lost.to, lost.packet.direction)}.`,
              [lastSighting(lost.packet)],
            ),
          ]),
      step(
        `The same query is sent again after ${gapList(gaps)}${isGlibc ? ': the resolver’s timeout (glibc: 5 s)' : ''}. ${answered === undefined ? 'No answer reaches the client within the captures.' : `Its answer reaches the client at ${utc(facts, lastSighting(answered))}.`}`,
        [...sightingsOf(again), ...(answered?.way ?? [])],
      ),
      ...(others.length > 0
        ? [
            step(
              `The same happens to ${counted(others.length, 'more query', 'more queries')}.`,
              others
                .slice(0, THRESHOLDS.citedConnections)
                .flatMap((retry) => sightingsOf(retry.queries)),
            ),
          ]
        : []),
    ],
    alternatives: [
      {
        rule: 'path-loss',
        why: 'Loss by chance takes other packets of the hop as well, and queries that stand alone as often as those in pairs.',
      },
      {
        rule: 'snat-port-race',
        why:
          race > 0
            ? `In ${counted(race, 'case')} the lost query left together with another that arrived: that is how two queries race for one entry of connection tracking, as two SYNs race for a port. insert_failed, rising in the same second, would prove it; if it does not rise, something else dropped the query.`
            : 'Two queries that leave one socket at once can race for one entry of connection tracking: here none of the lost ones had such a twin that arrived, so the race is unlikely.',
      },
    ],
    confirm: [
      {
        text: 'On the node, before and after a look-up that waits: insert_failed (and drop) rises where the two queries raced.',
        command: 'conntrack -S',
      },
      {
        text: 'On the node: clash_resolve (or clashres) rises where the kernel repaired the race.',
        command: 'cat /proc/net/stat/nf_conntrack',
      },
      {
        text: 'In the pod: how often a look-up takes seconds.',
        command:
          'for i in $(seq 50); do /usr/bin/time -f %e getent ahosts kubernetes.default; done',
      },
    ],
    fix: [
      'Until the cause is proven: options single-request-reopen (or use-vc: over TCP) in the pod’s resolv.conf (dnsConfig), or NodeLocal DNSCache, shorten the wait.',
      'If insert_failed rises: kernels from 4.19 (ed07d9a021df) and 5.0 (4e35c1cb9460) on resolve the two races for one entry; from 5.7 on (6a757c07e51f) also queries that are led to different endpoints, for answers within 1 s.',
      'If it does not rise, find what drops packets at the hop named above.',
    ].join('\n'),
    references: [
      {
        title: 'Weaveworks: racy conntrack and DNS lookup timeouts',
        url: 'https://www.weave.works/blog/racy-conntrack-and-dns-lookup-timeouts',
      },
      {
        title: 'Kubernetes #56903: DNS intermittent delays of 5 s',
        url: 'https://github.com/kubernetes/kubernetes/issues/56903',
      },
    ],
  };
}

/** The clearest first: lost in sight, with a twin. */
const weight = ({ lost, twin, waitNs }: DnsRetry): number =>
  (lost === null ? 0 : 2) + (twin === null ? 0 : 1) + waitNs / 1e12;

const hexId = (id: number): string => `0x${id.toString(16).padStart(4, '0')}`;
