// D22: a reply goes past the translation altogether, as on a bridge that bypasses netfilter. The client refuses the SYN-ACK.
import { counted } from '../../base/counted';
import { parseEndpoint } from '../../model/endpoint';
import type { Finding } from '../../model/finding';
import type { CaseFacts } from '../facts';
import { refusalSeverity, tellRefusals } from '../refusal-story';
import {
  findRefusals,
  groupRefusals,
  type Refusal,
  refusedConnections,
  sayWhyNoRefusal,
  untranslatedHop,
  weighRefusal,
} from '../reply-translation';
import type { Rule } from '../rule';
import { betweenText, emptyParts, findingId, listed } from '../story';

const ID = 'untranslated-reply';

export const untranslatedReply: Rule = {
  id: ID,
  title: 'Reply not translated back at all',
  needs:
    'the handshake at the client’s side, and better also on the server’s side of the translation',
  judge(facts) {
    const refusals = findRefusals(facts).filter(({ extent }) => extent === 'whole');
    if (refusals.length === 0) return sayWhyNoRefusal(facts);
    const findings = groupRefusals(refusals).map((group) => tell(facts, group));
    return {
      result: 'found',
      findings,
      reason: `${counted(refusals.length, 'connection')} had a SYN-ACK that was not translated back.`,
    };
  },
};

function tell(facts: CaseFacts, group: readonly Refusal[]): Finding {
  const { handshake, replies } = group[0];
  const { asked, connection, serverSeen } = handshake;
  const reply = replies[0];
  const left = reply.parts.filter(({ state }) => state !== 'kept').map(({ name }) => name);
  const client = parseEndpoint(asked.client);
  const bridged = wasBridged(group[0]);
  const between = untranslatedHop(facts, reply, handshake.clientPoints);
  const where = between === null ? '' : `, ${betweenText(facts, between, 'reverse')}`;
  // The reply came in by an interface by which the request did not leave.
  const otherWay = !handshake.syns.some(({ way }) =>
    way.some(({ point }) => point === reply.atClient.point),
  );
  const version6 = client.address.includes(':');
  const tables = version6 ? 'ip6tables' : 'iptables';
  return {
    ...emptyParts,
    id: findingId(ID, connection.id),
    rule: ID,
    severity: refusalSeverity(group),
    ...weighRefusal(group[0]),
    title: `SYN-ACK of ${asked.server} is not translated back`,
    summary: `${counted(group.length, 'connection')} from ${client.address} to ${asked.server} could not open: the request was translated, the reply was not (${listed(left)}${where}), so the client got an answer from ${reply.atClient.source}, which it never called, and reset it.${otherWay ? ` The reply came by ${facts.points[reply.atClient.point].name}, by which the request did not leave: it took a way of its own, past the host that translates.` : bridged ? ' The reply carries the server’s own MAC address at the client: it was switched straight to the client, past the translation.' : ''} ${serverSeen ? 'Both sides of the translation are in the captures.' : 'The server’s side was not captured: whether a port was translated back cannot be told, which lowers the confidence.'}`,
    connections: refusedConnections(group),
    between,
    direction: between && 'reverse',
    steps: tellRefusals(facts, group),
    alternatives: [
      {
        rule: 'half-untranslated-reply',
        why: serverSeen
          ? `There one part of the reply is translated back and another is not, and the server’s side sees another client port. Here the server’s side knows the client as ${(handshake.arrived ?? { client: reply.packet.way[0].destination }).client}, and nothing was restored.`
          : 'There the server’s side sees another client port, and the reply’s port is restored. A capture at the server’s side tells: look for the SYN’s source port.',
      },
      {
        rule: 'untranslated-segment-reset',
        why: 'There an established connection loses the translation of single segments in mid-stream. Here it is the SYN-ACK, on every try.',
      },
    ],
    confirm: [
      ...(otherWay
        ? [
            {
              text: 'On the server’s host: by which way it answers the client; it must be the host that translated the request.',
              command: `ip route get ${client.address} from ${parseEndpoint(reply.atClient.source).address}`,
            },
          ]
        : []),
      {
        text: 'On the node: 0, or an error because the module br_netfilter is not loaded, means that bridged packets bypass the translation.',
        command: `sysctl net.bridge.bridge-nf-call-${tables}`,
      },
      {
        text: 'On the node: the entry stays [UNREPLIED], because connection tracking never sees the reply.',
        command: `conntrack -L -p tcp --orig-src ${client.address} --orig-dst ${parseEndpoint(asked.server).address}`,
      },
      {
        text: 'From a pod on another node the service works: only where client and server share a bridge does the reply bypass the translation.',
        command: `curl -v --connect-timeout 3 telnet://${asked.server}`,
      },
    ],
    fix: [
      ...(otherWay
        ? [
            'Let the reply return through the host that translated the request: a route of the server’s host to the client by way of that host, or masquerading of the client’s address there. Where client and server share a bridge instead:',
          ]
        : []),
      `On the node: \`modprobe br_netfilter && sysctl -w net.bridge.bridge-nf-call-${tables}=1\` To keep it: br_netfilter in /etc/modules-load.d/br_netfilter.conf and net.bridge.bridge-nf-call-${tables} = 1 in /etc/sysctl.d/.`,
      `To undo: \`sysctl -w net.bridge.bridge-nf-call-${tables}=0\` and remove both files.`,
      ...(bridged || otherWay
        ? []
        : [
            'Where the reply is routed and not bridged: let it return through the host that translated the request (policy route, or masquerading of the client’s address there).',
          ]),
    ].join('\n'),
    references: [
      {
        title: 'Kubernetes #122174: reply to a service connection keeps the pod’s address',
        url: 'https://github.com/kubernetes/kubernetes/issues/122174',
      },
      {
        title: 'kube-router #151: br_netfilter and bridge-nf-call-iptables',
        url: 'https://github.com/cloudnativelabs/kube-router/issues/151',
      },
      {
        title: 'Linux: bridge-nf-call-iptables in ip-sysctl',
        url: 'https://docs.kernel.org/networking/ip-sysctl.html',
      },
    ],
  };
}

/** The reply has one source MAC from the server’s side to the client: no router touched it. */
const wasBridged = ({ handshake, replies }: Refusal): boolean => {
  const { packet, atClient } = replies[0];
  const sent = packet.way[0];
  return handshake.serverSeen && sent.sourceMac !== '' && sent.sourceMac === atClient.sourceMac;
};
