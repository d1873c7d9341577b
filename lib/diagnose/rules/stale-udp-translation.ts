// D14: a UDP sender keeps its translation to an endpoint that is gone, because each packet refreshes the entry.
import { counted } from '../../base/counted';
import { parseEndpoint } from '../../model/endpoint';
import type { Finding } from '../../model/finding';
import { weigh } from '../confidence';
import type { CaseFacts } from '../facts';
import { lacksUdpTranslation } from '../lacks';
import { firstSighting } from '../packet-facts';
import type { Rule } from '../rule';
import { findStaleTranslations, type StaleTranslation } from '../stale-translation-facts';
import {
  emptyParts,
  findingId,
  listed,
  pointNames,
  sightingsOf as sightings,
  step,
  utc,
} from '../story';

const ID = 'stale-udp-translation';

export const staleUdpTranslation: Rule = {
  id: ID,
  title: 'UDP translated to an endpoint that is gone',
  needs: 'UDP before and behind the translation, and ARP or ICMP that tells of the endpoint',
  judge(facts) {
    const udp = facts.connections.filter(
      ({ protocol, translations }) => protocol === 'udp' && translations.length > 0,
    ).length;
    if (udp === 0)
      return {
        result: 'notApplicable',
        reason: 'No UDP is translated between the captures.',
        lacks: lacksUdpTranslation(facts),
      };
    const found = findStaleTranslations(facts);
    if (found.length === 0)
      return {
        result: 'healthy',
        reason: `${counted(udp, 'translated UDP socket')} looked at: none is led to an endpoint that is gone.`,
      };
    const groups = new Map<string, StaleTranslation[]>();
    for (const one of found) groups.set(one.endpoint, [...(groups.get(one.endpoint) ?? []), one]);
    return {
      result: 'found',
      findings: [...groups.values()].map((group) => tell(facts, group)),
      reason: listed([...groups.keys()].map((endpoint) => `${endpoint} is gone`)),
    };
  },
};

function tell(facts: CaseFacts, group: readonly StaleTranslation[]): Finding {
  const [{ connection, service, endpoint, answered, signs, signIs }] = group;
  const packets = facts.packetsOf(connection);
  const { address } = parseEndpoint(endpoint);
  return {
    ...emptyParts,
    id: findingId(ID, connection.id),
    rule: ID,
    severity: 'failure',
    ...weigh(
      0.75,
      'Nothing ever comes back from the endpoint, while other sockets of the same service are led elsewhere and answered.',
      [
        [signIs === 'arp', 0.13, 'Nobody answers ARP for the endpoint.'],
        [
          signIs === 'icmp',
          0,
          'ICMP errors about it reach the sender; which packet they quote is not looked at.',
        ],
      ],
    ),
    title: `UDP to ${service} is translated to ${endpoint}, which is gone`,
    summary: `${counted(group.length, 'socket')} ${group.length === 1 ? 'sends' : 'send'} to ${service} and ${group.length === 1 ? 'is' : 'are'} led to ${endpoint}, which never answers${signIs === 'arp' ? ' (nobody answers ARP for it)' : ' (ICMP says it is unreachable)'}, while other sockets are led elsewhere and answered. So leads an entry of connection tracking that outlived its endpoint: every packet keeps it alive.`,
    connections: [
      ...group.map((one) => one.connection.id),
      ...(answered === null ? [] : [answered.id]),
    ],
    between: null,
    steps: [
      step(
        `${connection.client} sends to ${service} from ${utc(facts, firstSighting(packets[0]))} on, ${counted(connection.journeys, 'packet')}, seen at ${pointNames(facts, packets[0].way)}; behind the translation they go to ${endpoint}.`,
        sightings(packets.slice(0, 3)),
      ),
      step('Nothing ever comes back.', sightings(packets.slice(-1))),
      step(
        signIs === 'arp'
          ? `Nobody answers ARP for ${address}.`
          : `ICMP tells the sender that ${address} is unreachable.`,
        sightings(signs.slice(0, 6)),
      ),
      ...(answered === null
        ? []
        : [
            step(
              `${answered.client}, with another source port, is led elsewhere and answered.`,
              sightings(facts.packetsOf(answered).slice(0, 2)),
            ),
          ]),
    ],
    alternatives: [
      {
        rule: 'unanswered-arp',
        why: 'The address may be right and its pod’s network broken: then every sender fails, whatever its source port.',
      },
    ],
    confirm: [
      {
        text: 'On the node: the entry, and how long it lives.',
        command: `conntrack -L -p udp --orig-dst ${parseEndpoint(service).address}`,
      },
      {
        text: 'The endpoints that the service has now.',
        command: `kubectl get endpointslices --all-namespaces | grep -w ${address}`,
      },
    ],
    fix: `On the node: \`conntrack -D -p udp --orig-dst ${parseEndpoint(service).address}\` kube-proxy with the conntrack reconciler deletes such entries by itself.`,
    references: [
      {
        title: 'Kubernetes conntrack and stale DNAT',
        url: 'https://www.michal-drozd.com/en/blog/kubernetes-conntrack-stale-dnat/',
      },
    ],
  };
}
