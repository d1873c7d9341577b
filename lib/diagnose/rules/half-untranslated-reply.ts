// D01: a reply that needs two translations back gets only one. The client refuses the SYN-ACK, and the connection never opens.
import { counted } from '../../base/counted';
import { parseEndpoint } from '../../model/endpoint';
import type { Finding } from '../../model/finding';
import { weigh } from '../confidence';
import type { CaseFacts } from '../facts';
import { lastSighting } from '../packet-facts';
import { refusalSeverity, tellRefusals } from '../refusal-story';
import {
  findRefusals,
  groupRefusals,
  type Refusal,
  refusedConnections,
  runsOnLaterKernel,
  sayWhyNoRefusal,
  untranslatedHop,
  weighRefusal,
} from '../reply-translation';
import type { Rule } from '../rule';
import {
  findServerSideRefusals,
  type ServerSideRefusal,
  tellServerSide,
} from '../server-side-refusal';
import { betweenText, emptyParts, findingId, listed } from '../story';

const ID = 'half-untranslated-reply';

const FIX = [
  'Where Open vSwitch translates, the fault is known of OpenShift SDN before 4.7.1, that is of RHEL kernels before 4.18.0-254.el8: update to that or later; older OpenShift versions do not get the fix.',
  'With other kernels it is known of those whose module of Open vSwitch lacks the commits 5d50aa83e2c8 (“support asymmetric conntrack”), 8aa7b526dc0b (“handle DNAT tuple collision”) and 60b44ca6bd75: update to one that has them.',
  'Until then, on each node: `ovs-vsctl --no-wait set Open_vSwitch . other_config:max-idle=50000` The default is 10000 ms. Good flows then stay cached longer, so it happens less often; it does not end it.',
  'To undo, look first whether other_config holds other keys that are to be kept: `ovs-vsctl list Open_vSwitch` If it holds none: `ovs-vsctl --no-wait clear Open_vSwitch . other_config` Else: `ovs-vsctl --no-wait remove Open_vSwitch . other_config max-idle`',
].join('\n');

/** Where the client’s retries say that the node’s kernel has the mending: before any update. */
const LATER_KERNEL =
  'First: by the client’s retries this node runs Linux 6.5 or later, and the versions below do not fit it. Look at what rewrites packets at the hop named here, and at the flow that carries the replies (both commands stand with the causes): update for this fault only if `uname -r` on the node says otherwise.';

/** The packets show which step failed; whose code failed, the node tells. */
const kernelCheck = (isLater: boolean): Finding['confirm'][number] => ({
  text: `On the node: this fault of Open vSwitch is known of Red Hat’s kernels before 4.18.0-254.el8. On a later one${isLater ? ' (this client’s retries say that it is one: linear timeouts, Linux 6.5 and later)' : ''} something else translated this reply: look at what stands at the hop named here.`,
  command: 'uname -r',
});

const REFERENCES: Finding['references'] = [
  {
    title: 'Linux: openvswitch: support asymmetric conntrack',
    url: 'https://git.kernel.org/linus/5d50aa83e2c8',
  },
  {
    title: 'Linux: openvswitch: handle DNAT tuple collision',
    url: 'https://git.kernel.org/linus/8aa7b526dc0b',
  },
  {
    title: 'Open vSwitch: the same for its own kernel module',
    url: 'https://github.com/openvswitch/ovs/commit/6a101a6c8',
  },
  {
    title: 'Open vSwitch: DNAT tuple collision, the same for its own kernel module',
    url: 'https://github.com/openvswitch/ovs/commit/4a6217fab',
  },
  {
    title: 'Red Hat: how to use tcpdump inside an OpenShift pod',
    url: 'https://access.redhat.com/solutions/4569211',
  },
];

export const halfUntranslatedReply: Rule = {
  id: ID,
  title: 'Reply translated back only in part',
  needs: 'the handshake at the client’s side and on the server’s side of the translation',
  judge(facts) {
    const refusals = findRefusals(facts).filter(({ extent }) => extent === 'half');
    const fromServer = findServerSideRefusals(facts);
    const count = refusals.length + fromServer.flat().length;
    if (count === 0) return sayWhyNoRefusal(facts);
    return {
      result: 'found',
      findings: [
        ...groupRefusals(refusals).map((group) => tell(facts, group)),
        ...fromServer.map((group) => tellFromServer(facts, group)),
      ],
      reason: `${counted(count, 'connection')} had a SYN-ACK that was translated back only in part.`,
    };
  },
};

function tell(facts: CaseFacts, group: readonly Refusal[]): Finding {
  const { handshake, replies } = group[0];
  const { asked, arrived, connection } = handshake;
  const reply = replies[0];
  const { inferred } = group[0];
  const restored = inferred
    ? ['destination port']
    : reply.parts.filter(({ state }) => state === 'restored').map(({ name }) => name);
  const left = reply.parts
    .filter(({ state }) => state === 'left' || state === 'changed')
    .map(({ name }) => name);
  const client = parseEndpoint(asked.client);
  const server = parseEndpoint(reply.atClient.source);
  const isLater = runsOnLaterKernel(facts, group[0]);
  const between = untranslatedHop(facts, reply, handshake.clientPoints);
  const where = between === null ? '' : `${betweenText(facts, between, 'reverse')} `;
  const arrivedClient = parseEndpoint((arrived ?? asked).client);
  return {
    ...emptyParts,
    id: findingId(ID, connection.id),
    rule: ID,
    severity: refusalSeverity(group),
    ...weighRefusal(group[0]),
    title: `SYN-ACK of ${asked.server} is translated back only in part`,
    summary: `${counted(group.length, 'connection')} from ${client.address} to ${asked.server} could not open: ${where}the reply’s ${listed(restored)} was restored, its ${listed(left)} was not, so the client got an answer from ${reply.atClient.source}, which it never called, and reset it. ${inferred ? 'The server’s side was not captured; that a port was changed follows from the server repeating the SYN-ACK that was reset, which lowers the confidence.' : handshake.serverSeen ? 'Both sides of the translation are in the captures.' : 'The server’s own side was not captured, which lowers the confidence.'}`,
    connections: refusedConnections(group),
    between,
    direction: between && 'reverse',
    steps: tellRefusals(facts, group),
    alternatives: [
      {
        rule: 'untranslated-reply',
        why: inferred
          ? 'There the server’s side sees the client’s own port, and the client’s reset ends the half-open connection. A capture at the server’s side tells: look for the SYN’s source port.'
          : `There nothing of the reply is translated back and the server’s side sees the client’s own port. Here the server’s side saw ${(arrived ?? asked).client}, and the reply’s ${listed(restored)} was restored.`,
      },
      {
        rule: 'untranslated-segment-reset',
        why: 'There an established connection loses the translation of single segments in mid-stream. Here it is the SYN-ACK, on every try.',
      },
    ],
    confirm: [
      {
        text: inferred
          ? `On the node, while it happens: the entry’s reply runs to another port than ${client.port}.`
          : `On the node, while it happens: the entry has ${asked.client} towards ${asked.server} as its origin and ${reply.packet.way[0].source} towards ${(arrived ?? asked).client} as its reply.`,
        command: `conntrack -L -p tcp --orig-src ${client.address} --sport ${client.port}`,
      },
      {
        text: 'On the node: the datapath flow that carries the replies ends in ct(nat) with ct_state(+rpl).',
        command: `ovs-dpctl dump-flows -m | grep 'ct_state(.*+rpl' | grep ${server.address}`,
      },
      kernelCheck(isLater),
      inferred
        ? {
            text: `Capture at the server’s side, too: the SYN arrives there from another port than ${client.port}.`,
            command: `tcpdump -nn -i any 'host ${client.address} and host ${server.address} and tcp[tcpflags] & (tcp-syn|tcp-rst) != 0'`,
          }
        : {
            text: `In the server’s capture: the port that the server knows is ${arrivedClient.port}, not ${client.port}.`,
            command: `tcp.flags.syn == 1 && tcp.port == ${arrivedClient.port}`,
          },
    ],
    fix: isLater ? `${LATER_KERNEL}\n${FIX}` : FIX,
    references: REFERENCES,
  };
}

function tellFromServer(facts: CaseFacts, group: readonly ServerSideRefusal[]): Finding {
  const { handshake, resets } = group[0];
  const { connection, asked, arrived } = handshake;
  const known = arrived ?? asked;
  const client = parseEndpoint(known.client);
  const own = lastSighting(resets[0]).source;
  return {
    ...emptyParts,
    id: findingId(ID, connection.id),
    rule: ID,
    severity: 'failure',
    ...weigh(
      0.6,
      'The client’s resets carry the SYN-ACK’s acknowledgement and come from another port than its SYNs.',
      [
        [resets.length > 1 || group.length > 1, 0.1, 'It is so more than once.'],
        [
          true,
          0,
          'The client’s side was not captured: under which address the SYN-ACK came there follows from the resets alone.',
        ],
      ],
    ),
    title: `SYN-ACK of ${known.server} is translated back only in part`,
    summary: `${counted(group.length, 'connection')} to ${known.server} could not open: the client refuses the SYN-ACK with a RST from ${own}, while the server knows it as ${known.client}. So the port was restored on the way back, and the source address was not. The client’s side was not captured where it received the SYN-ACK, which lowers the confidence.`,
    connections: group.flatMap((refusal) => [
      refusal.handshake.connection.id,
      ...refusal.handshake.strays.map(({ id }) => id),
    ]),
    between: null,
    steps: tellServerSide(facts, group),
    alternatives: [
      {
        rule: 'untranslated-reply',
        why: `There the server’s side sees the client’s own port, and the RST comes from that same port. Here it comes from ${own}.`,
      },
    ],
    confirm: [
      {
        text: `Capture at the client, too: the SYN-ACK arrives there from ${known.server}, while the client asked for a service address.`,
        command: `tcpdump -nn -i eth0 'host ${parseEndpoint(known.server).address} and tcp[tcpflags] & (tcp-syn|tcp-rst) != 0'`,
      },
      {
        text: 'On the node, while it happens: the entry has the service’s address in its origin and another client port in its reply.',
        command: `conntrack -L -p tcp --orig-src ${client.address} --sport ${parseEndpoint(own).port}`,
      },
      kernelCheck(false),
    ],
    fix: FIX,
    references: REFERENCES,
  };
}
