// D17: every SYN of a client to one server vanishes at the same hop without an answer, as a network policy does it.

import { counted } from '../../base/counted';
import { parseEndpoint } from '../../model/endpoint';
import type { Finding, FindingStep } from '../../model/finding';
import { pointOfStop } from '../../model/stop';
import { findUnansweredArp, harmedByArp } from '../arp-facts';
import { weigh } from '../confidence';
import type { CaseFacts } from '../facts';
import { lacksOpeningsAtTwoPoints } from '../lacks';
import { firstSighting, lastSighting } from '../packet-facts';
import type { Rule } from '../rule';
import { isScan, SCAN_TEXT } from '../scan-facts';
import { findSteadyDrops, type SteadyDrop } from '../steady-drop-facts';
import {
  betweenText,
  clientsText,
  duration,
  emptyParts,
  findingId,
  listed,
  pointNames,
  retrySentence,
  sightingsOf,
  step,
  stopName,
  utc,
} from '../story';
import { THRESHOLDS } from '../thresholds';
import { findUnanswered, type Unanswered } from '../unanswered-facts';
import { tellUnanswered } from '../unanswered-story';
import { findWrongWays } from './reverse-path-drop';
import { findRejected } from './timestamp-rejected-syn';

const ID = 'steady-drop';

export const steadyDrop: Rule = {
  id: ID,
  title: 'Every SYN of a client to one server is dropped',
  needs: 'two points, one before and one behind the drop, and other traffic over the same hop',
  judge(facts) {
    const lacking = lacksOpeningsAtTwoPoints(
      facts,
      'One point alone does not show where SYNs vanish.',
    );
    if (lacking !== undefined) return lacking;
    const drops = findSteadyDrops(facts);
    const unanswered = findBarred(facts);
    if (drops.length + unanswered.length === 0)
      return {
        result: 'healthy',
        reason: `${counted(facts.openings, 'handshake')} seen: no client lost all its SYNs to one server.`,
      };
    return {
      result: 'found',
      findings: [
        ...drops.map((drop) => tell(facts, drop)),
        ...unanswered.map((one) => tellUnanswered(facts, ID, one)),
      ],
      reason: listed([
        ...drops.map(
          (drop) => `no SYN from ${clientsText(drop.clients)} to ${serversOf(drop)} arrived`,
        ),
        ...unanswered.map(
          ({ clients, server }) => `no SYN from ${clientsText(clients)} to ${server} is answered`,
        ),
      ]),
    };
  },
};

/** SYNs that no capture shows further, and that nothing else explains. */
function findBarred(facts: CaseFacts): readonly Unanswered[] {
  const considered = new Set([
    ...findWrongWays(facts).flatMap(({ handshakes }) =>
      handshakes.map(({ connection }) => connection.id),
    ),
    ...findRejected(facts).flatMap(({ unanswered }) =>
      unanswered.map(({ connection }) => connection),
    ),
    ...findUnansweredArp(facts).flatMap((arp) => harmedByArp(facts, arp).map(({ id }) => id)),
  ]);
  return findUnanswered(facts).filter(
    ({ handshakes, atServer, opened }) =>
      !(atServer && opened.length > 0) &&
      !handshakes.some(({ connection }) => considered.has(connection.id)),
  );
}

/** `10.0.0.2:80`, `10.0.0.2 (12 ports)`, `3 servers`. */
function serversOf({ servers }: Pick<SteadyDrop, 'servers'>): string {
  if (servers.length === 1) return servers[0];
  const hosts = new Set(servers.map((server) => parseEndpoint(server).address));
  return hosts.size === 1
    ? `${[...hosts][0]} (${servers.length} ports)`
    : counted(servers.length, 'server');
}

/** Where connections opened before. */
const RAN_OUT: Finding['confirm'] = [
  {
    text: 'On the node of this hop: whether connection tracking is full, and refuses what is new (drop, early_drop, insert_failed rise).',
    command: 'sysctl net.netfilter.nf_conntrack_count net.netfilter.nf_conntrack_max; conntrack -S',
  },
];

function tell(facts: CaseFacts, drop: SteadyDrop): Finding {
  const { handshakes, clients, openedBefore } = drop;
  const [client, server] = [clientsText(drop.clients), serversOf(drop)];
  const syns = handshakes.reduce((sum, handshake) => sum + handshake.syns.length, 0);
  const scans = isScan(handshakes);
  const last = lastSighting(handshakes[0].syns[0]);
  const start = utc(facts, firstSighting(handshakes[0].syns[0]));
  const who =
    clients.length > 1
      ? `${counted(handshakes.length, 'connection')} of ${client}`
      : `${counted(handshakes.length, 'source port')}`;
  return {
    ...emptyParts,
    id: findingId(ID, handshakes[0].connection.id),
    rule: ID,
    severity: scans ? 'note' : 'failure',
    ...weigh(
      0.65,
      `All ${syns} SYNs vanish at one hop, nothing answers, and ${counted(drop.passed, 'packet')} of others pass it.`,
      [
        [handshakes.length > 1, 0.2, `${who} share that fate.`],
        [
          handshakes.length === 1,
          0,
          'One source port alone: a tuple that is taken, by a connection before the captures began, would look the same.',
        ],
        [
          openedBefore !== null,
          0,
          'Connections opened until then, and none since: it has begun at a moment.',
        ],
      ],
    ),
    title: `No SYN from ${client} to ${server} arrives${openedBefore === null ? '' : ` since ${start}`}`,
    summary: `${counted(handshakes.length, 'connection')} from ${client} to ${server} failed: all ${syns} SYNs vanish ${stopNames(facts, drop)}, without RST or ICMP, while ${counted(drop.passed, 'packet')} of other connections pass there. ${openedBefore === null ? 'That is how a network policy or a firewall rule drops.' : 'Connections opened there before, so it is no standing rule: a policy or a route that was changed, or something that ran out (source ports of a translation, the table of connection tracking).'}${scans ? ` ${SCAN_TEXT}` : ''}`,
    connections: handshakes.map(({ connection }) => connection.id),
    between: [drop.from, drop.to],
    steps: tellSteps(facts, drop),
    alternatives: [
      {
        rule: 'tuple-collision',
        why: `There another connection holds the tuple after translation, and only one source port fails. Here ${handshakes.length > 1 ? `${counted(handshakes.length, 'source port')} fail` : 'no other connection of the captures holds it; an older one may lie before their beginning'}.`,
      },
      {
        rule: 'path-loss',
        why: `Loss by chance would let one of ${syns} SYNs pass.`,
      },
      {
        rule: 'new-pod-race',
        why: 'Within seconds of a pod’s start its rules may not be in place yet: then a new connection, from a new port, succeeds soon after.',
      },
    ],
    confirm: [
      ...(openedBefore === null ? [] : RAN_OUT),
      {
        text: 'The policies that select the server’s pod, and those that select the client’s.',
        command: 'kubectl get networkpolicy --all-namespaces -o wide',
      },
      {
        text: 'OpenShift SDN, on the node: the drop at the end of table 80 counts up with each SYN.',
        command: "ovs-ofctl -O OpenFlow13 dump-flows br0 table=80 | grep 'priority=0'",
      },
      {
        text: 'Other networks, on the node: OVN logs what an ACL drops, Cilium says “Policy denied”.',
        command:
          'ovs-appctl -t ovn-controller version && grep -h acl_log /var/log/ovn/*.log; cilium monitor --type drop',
      },
      {
        text: 'On the node: what the switch does with this very packet; <port> is that of the sender’s veth, since the flows go by it.',
        command: `ovs-appctl ofproto/trace br0 in_port=<port>,tcp,nw_src=${parseEndpoint(last.source).address},nw_dst=${parseEndpoint(last.destination).address},tcp_dst=${parseEndpoint(last.destination).port}`,
      },
    ],
    fix: `${openedBefore === null ? '' : `Find what changed at ${start}, or ran out then. `}If the connection is meant to work: allow ${clients.join(', ')} to reach ${parseEndpoint(last.destination).address} on port ${parseEndpoint(last.destination).port} in the policy (or firewall rule) that drops it. If not, the drop is right, and a rule that rejects instead of dropping would tell the client at once.`,
    references: [
      {
        title: 'Kubernetes: network policies',
        url: 'https://kubernetes.io/docs/concepts/services-networking/network-policies/',
      },
    ],
  };
}

function tellSteps(facts: CaseFacts, drop: SteadyDrop): readonly FindingStep[] {
  const { handshakes } = drop;
  const [told, ...others] = handshakes;
  const [first, ...retries] = told.syns;
  const steps = [
    step(
      `${told.asked.client} opens a connection to ${told.asked.server} at ${utc(facts, firstSighting(first))} (SYN, seq ${first.sequence}), seen at ${pointNames(facts, first.way)}.`,
      first.way,
    ),
    step(
      retries.length > 0
        ? `The SYN is sent again ${retrySentence(told.retries)}. None of the ${told.syns.length} is seen behind ${stopName(facts, drop.from, 'forward')}, and nothing answers.`
        : `It is not seen behind ${stopName(facts, drop.from, 'forward')}, and nothing answers.`,
      sightingsOf(retries.length > 0 ? retries : [first]),
    ),
  ];
  if (others.length > 0) {
    const cited = others.slice(0, THRESHOLDS.citedConnections);
    steps.push(
      step(
        `It is the same for ${counted(others.length, 'more connection')}, ${drop.clients.length > 1 ? 'of all these clients' : 'from other ports'}: ${listed(cited.map(({ asked }) => asked.client))}${others.length > cited.length ? ' and others' : ''}.`,
        cited.flatMap(({ syns }) => sightingsOf(syns)),
      ),
    );
  }
  if (drop.openedBefore !== null) {
    const { client, server, firstTime } = drop.openedBefore;
    const before = facts.packetsOf(drop.openedBefore)[0];
    steps.push(
      step(
        `${client} > ${server} was the last to open, ${duration(told.connection.firstTime - firstTime)} before.`,
        before.way,
      ),
    );
  }
  const passing = facts.connections.filter(
    (other) => other.handshake === 'complete' && other.points.includes(pointOfStop(drop.to)),
  );
  const example =
    passing.find(({ lastTime }) => lastTime >= told.connection.firstTime) ?? passing[0];
  const exampleFirst = example === undefined ? undefined : facts.packetsOf(example)[0];
  if (example !== undefined && exampleFirst !== undefined)
    steps.push(
      step(
        `The hop itself is open: ${counted(drop.passed, 'packet')} of other connections pass it, such as ${example.client} > ${example.server}.`,
        exampleFirst.way,
      ),
    );
  return steps;
}

const stopNames = (facts: CaseFacts, { from, to }: SteadyDrop): string =>
  betweenText(facts, [from, to], 'forward');
