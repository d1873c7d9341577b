// The story of SYNs that nothing answers, seen as far as the captures reach: a drop whose place is not wholly known.
import { counted } from '../base/counted';
import { captureCommand } from '../guide/capture-commands';
import { parseEndpoint } from '../model/endpoint';
import type { Finding } from '../model/finding';
import { weigh } from './confidence';
import type { CaseFacts } from './facts';
import { firstSighting, lastSighting } from './packet-facts';
import { isScan, SCAN_TEXT } from './scan-facts';
import {
  clientsText,
  emptyParts,
  findingId,
  pointNames,
  retrySentence,
  sightingsOf,
  step,
  utc,
} from './story';
import { THRESHOLDS } from './thresholds';
import type { Unanswered } from './unanswered-facts';

/** A finding of `rule`: severity failure (of a scan, note), of moderate confidence, as the captures do not show the drop itself. */
export function tellUnanswered(facts: CaseFacts, rule: string, found: Unanswered): Finding {
  const { clients, server, handshakes, point, atServer, passed } = found;
  const client = clientsText(clients);
  const [told, ...others] = handshakes;
  const [first, ...retries] = told.syns;
  const { name } = facts.points[point];
  const count = handshakes.reduce((sum, { syns }) => sum + syns.length, 0);
  const target = parseEndpoint(lastSighting(first).destination);
  const where = atServer
    ? `reach ${name}, the server’s own interface, and the server does not answer`
    : `reach ${name}, the farthest point that shows them, and nothing comes back`;
  const scans = isScan(handshakes);
  const missing = captureCommand({ kind: 'pod', address: target.address });
  return {
    ...emptyParts,
    id: findingId(rule, told.connection.id),
    rule,
    severity: scans ? 'note' : 'failure',
    ...weigh(0.45, `All ${count} SYNs ${where}.`, [
      [handshakes.length > 1, 0.15, `${counted(handshakes.length, 'connection')} share that fate.`],
      [
        passed.length > 0,
        0.1,
        `${counted(passed.length, 'connection')} of others over ${name} opened.`,
      ],
      [
        !atServer,
        0,
        'What is behind that point is not captured: the drop may be there, or the server may be silent.',
      ],
    ]),
    title: `No SYN from ${client} to ${server} is answered`,
    summary: `${counted(handshakes.length, 'connection')} from ${client} to ${server} failed: all ${count} SYNs ${where}, no SYN-ACK, no RST, no ICMP. ${atServer ? 'The network delivered them: the server’s own host drops them, by a firewall rule of its own or for want of a route back.' : 'That is how a network policy or a firewall rule drops, and how a host that is gone looks.'}${scans ? ` ${SCAN_TEXT}` : ''}`,
    connections: handshakes.map(({ connection }) => connection.id),
    between: null,
    steps: [
      step(
        `${told.asked.client} opens a connection to ${server} at ${utc(facts, firstSighting(first))} (SYN, seq ${first.sequence}), seen at ${pointNames(facts, first.way)}.`,
        first.way,
      ),
      step(
        retries.length > 0
          ? `The SYN is sent again ${retrySentence(told.retries)}. None of the ${told.syns.length} is answered.`
          : 'It is not answered.',
        sightingsOf(retries.length > 0 ? retries : [first]),
      ),
      ...(others.length > 0
        ? [
            step(
              `It is the same for ${counted(others.length, 'more connection')}, ${clients.length > 1 ? 'of all these clients' : 'from other ports'}.`,
              others.slice(0, THRESHOLDS.citedConnections).flatMap(({ syns }) => sightingsOf(syns)),
            ),
          ]
        : []),
    ],
    alternatives: [
      {
        rule: 'refused-connection',
        why: 'A host without a listener, and a rule that rejects, answer with a reset or an ICMP error. Here nothing answers.',
      },
      {
        rule: 'reverse-path-drop',
        why: `The host behind ${name} drops what it would answer by another interface: then TcpExtIPReversePathFilter counts up there.`,
      },
      {
        rule: 'listen-queue-overflow',
        why: 'A full accept queue drops SYNs as silently: then ListenOverflows counts up on the server, and some connections open.',
      },
    ],
    confirm: [
      ...(atServer
        ? []
        : [
            {
              text: `${missing.where}: the capture that is missing. SYNs that are there put the fault on the server, SYNs that are not put it before.`,
              command: missing.command,
            },
          ]),
      {
        text: 'On the hosts behind that point, twice some seconds apart: a rule whose counter rises with the SYNs.',
        command: "nft list ruleset | grep -w drop; iptables-save -c | grep -E 'DROP|REJECT'",
      },
      {
        text: 'On the server’s host: full queues, and SYNs dropped for their way back.',
        command: 'nstat -az TcpExtListenOverflows TcpExtListenDrops TcpExtIPReversePathFilter',
      },
      {
        text: 'The policies that select the server’s pod, and those that select the client’s.',
        command: 'kubectl get networkpolicy --all-namespaces -o wide',
      },
    ],
    fix: null,
    references: [
      {
        title: 'Kubernetes: network policies',
        url: 'https://kubernetes.io/docs/concepts/services-networking/network-policies/',
      },
    ],
  };
}
