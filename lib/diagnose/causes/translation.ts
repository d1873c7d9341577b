// Causes of what goes wrong where addresses and ports are translated.

import { parseEndpoint } from '../../model/endpoint';
import type { Finding, FindingCause } from '../../model/finding';
import { pointOfStop } from '../../model/stop';
import type { CaseFacts } from '../facts';
import { findRefusals, type Refusal, runsOnLaterKernel } from '../reply-translation';
import { findSibling } from '../sibling';
import { CAUSE_WORTHS as WORTHS } from '../thresholds';
import { findCollisions } from '../tuple-collision-facts';
import { blame, otherwise, unnamed } from './blame';

const told = <T>(found: readonly T[], id: (one: T) => string, finding: Finding): T | undefined =>
  found.find((one) => id(one) === finding.connections[0]);

export function causeOfHalfTranslation(facts: CaseFacts, finding: Finding): FindingCause {
  const refusal = told(findRefusals(facts), (one) => one.handshake.connection.id, finding);
  const server = refusal?.replies[0].atClient.source;
  const address = server === undefined ? 'SERVER' : parseEndpoint(server).address;
  const avoided = refusal === undefined ? null : avoidedPoint(facts, refusal);
  const usual =
    refusal !== undefined && avoided !== null && passesUsually(facts, refusal, finding, avoided);
  const needsBoth = refusal?.handshake.arrived?.client !== refusal?.handshake.asked.client;
  return blame(
    'Open vSwitch’s kernel module turns back only one of the two translations of a reply that needs both (known of Linux without 5d50aa83e2c8 and its successors; of Red Hat’s kernels, of those before 4.18.0-254.el8).',
    WORTHS.halfTranslation,
    'One part of the reply was turned back and another was not, which is what that defect does.',
    [
      [
        refusal !== undefined && needsBoth,
        WORTHS.again,
        'The source port was changed on the way there, so that the reply needs two translations back: the very case of the defect.',
      ],
      [
        avoided !== null && !usual,
        WORTHS.least,
        'Replies do not come by the point that translates requests: they are translated in the switch.',
      ],
      [
        avoided !== null && usual,
        -WORTHS.again,
        `Replies that succeed come by ${avoided ?? ''}, which translated the request, and these do not: that they take another way is no part of that defect.`,
      ],
      [
        refusal !== undefined && runsOnLaterKernel(facts, refusal),
        -WORTHS.mendedKernel,
        'The client sends its SYNs again by the linear timeouts of Linux 6.5 and later, and its own interface is on this node. A pod runs on its node’s kernel: the versions named here are years older and do not fit it. Look at the other causes first.',
      ],
    ],
    [
      otherwise(
        'A flow of the switch that carries these replies without ct(nat), or looks in another zone than the one that holds the entry.',
        'The datapath flow that carries the replies: ct(…,nat) with the zone of the entry, or not.',
        `ovs-dpctl dump-flows -m | grep ${address}`,
      ),
      otherwise(
        'Something else at the hop that restores the port by itself: a rule without connection tracking, an eBPF program.',
        'What rewrites packets at the hop named here.',
        'nft list ruleset | grep -E "snat|dnat|notrack"; bpftool net show',
      ),
      otherwise(
        'A way of the reply past the host stack, whose own translation would have turned it back.',
        'Whether replies that succeed pass a point that these do not: the comparison with a healthy connection says so, where there is one.',
      ),
    ],
  );
}

/** Name of a point at which the request was rewritten and none of the replies is seen; null: they are. */
function avoidedPoint(
  { points }: CaseFacts,
  { handshake: { askedSyn }, replies }: Refusal,
): string | null {
  const translating = askedSyn.way.filter(
    ({ point, source, destination }, index) =>
      index > 0 &&
      askedSyn.way[index - 1].point === point &&
      (source !== askedSyn.way[index - 1].source ||
        destination !== askedSyn.way[index - 1].destination),
  );
  const [avoided] = translating.filter(({ point }) =>
    replies.every(({ packet }) => !seenAt(packet.way, point)),
  );
  return avoided === undefined ? null : points[avoided.point].name;
}

/** Replies of the nearest connection that succeeds pass it. */
function passesUsually(
  facts: CaseFacts,
  { handshake: { connection } }: Refusal,
  { connections }: Finding,
  name: string,
): boolean {
  const sibling = findSibling(facts, connection, new Set(connections));
  const ids = new Set(facts.points.flatMap((point) => (point.name === name ? [point.id] : [])));
  return sibling?.reverseStops.some((stop) => ids.has(pointOfStop(stop))) === true;
}

const seenAt = (way: readonly { readonly point: number }[], point: number): boolean =>
  way.some((sighting) => sighting.point === point);

export function causeOfUntranslatedReply(facts: CaseFacts, finding: Finding): FindingCause {
  const refusal = told(findRefusals(facts), (one) => one.handshake.connection.id, finding);
  const client = refusal === undefined ? 'CLIENT' : parseEndpoint(refusal.handshake.asked.client);
  const address = typeof client === 'string' ? client : client.address;
  const [sent, came] =
    refusal === undefined
      ? [undefined, undefined]
      : [refusal.replies[0].packet.way[0], refusal.replies[0].atClient];
  const bridged =
    refusal?.handshake.serverSeen === true &&
    sent !== undefined &&
    sent.sourceMac !== '' &&
    sent.sourceMac === came?.sourceMac;
  const way = otherwise(
    'The server’s host answers by another way than the request came, past the host that translated it.',
    'By which way the server’s host answers the client.',
    `ip route get ${address}`,
  );
  const untracked = otherwise(
    'A rule that takes these packets out of connection tracking (NOTRACK), or a translation that is told to leave them.',
    'Rules of the raw table, and of the translation, with their counters.',
    'iptables-save -c -t raw; nft list ruleset | grep -w notrack',
  );
  const bridge =
    'The bridge switches the reply straight to the client, past the host’s translation (br_netfilter is not loaded, or net.bridge.bridge-nf-call-iptables is 0).';
  if (!bridged)
    return unnamed([
      otherwise(
        bridge,
        'Whether bridged packets are given to netfilter.',
        'sysctl net.bridge.bridge-nf-call-iptables net.bridge.bridge-nf-call-ip6tables',
      ),
      way,
      untracked,
    ]);
  return blame(
    bridge,
    WORTHS.bridgedPast,
    'The reply has the server’s own MAC address where the client’s side sees it: no router and no host stack touched it.',
    [],
    [way, untracked],
  );
}

export const causeOfStraySegment = (facts: CaseFacts, finding: Finding): FindingCause => {
  const connection = facts.connections.find(({ id }) => id === finding.connections[0]);
  const repeated =
    connection !== undefined &&
    facts
      .packetsOf(connection)
      .some(({ retransmission, payloadLength }) => retransmission && payloadLength > 0);
  return blame(
    'Connection tracking takes the segment for invalid (outside the window that it knows) and does not translate it.',
    WORTHS.invalidSegment,
    'One segment alone is left out, in a connection whose other packets are translated before and after it.',
    [
      [
        repeated,
        WORTHS.again,
        'The connection repeats bytes: what comes late or again is what connection tracking takes for out of window.',
      ],
    ],
    [
      otherwise(
        'The entry was gone for that moment: deleted, or thrown out of a full table, and made anew by the next packet.',
        'Whether entries of the connection come and go.',
        'conntrack -E -p tcp -e NEW,DESTROY',
      ),
      otherwise(
        'Its checksum is wrong where connection tracking sees it, which makes it invalid, too.',
        'Why packets are invalid is logged.',
        'sysctl -w net.netfilter.nf_conntrack_log_invalid=6; dmesg -w | grep nf_ct_proto',
      ),
      otherwise(
        'A flow table or a card that carries the connection past the host stack (offload) and lets single packets through it.',
        'Entries that are marked [OFFLOAD] or [HW_OFFLOAD].',
        'conntrack -L -p tcp | grep OFFLOAD',
      ),
    ],
  );
};

export function causeOfCollision(facts: CaseFacts, finding: Finding): FindingCause {
  const collision = told(findCollisions(facts), (one) => one.handshake.connection.id, finding);
  const opened = collision?.opened.length ?? 0;
  const lost = collision?.lostSyns.length ?? 0;
  const inUse = collision?.idleNs === 0;
  return blame(
    'Connection tracking cannot commit a second entry with a tuple that it holds already, and drops the SYN (OpenShift SDN: table 21 commits without nat, before the mending of Bug 1910378).',
    WORTHS.heldTuple,
    'The tuple of the lost SYNs is one that another connection got by translation, within the time that its entry may live.',
    [
      [
        opened > 0,
        WORTHS.again,
        'From other ports the same client reaches the same server meanwhile.',
      ],
      [lost > 2, WORTHS.least, 'Each SYN of this port is lost, and no other packet with it.'],
      [inUse, 0, 'The connection that holds it is in use when the SYNs are lost.'],
      [
        collision !== undefined && !inUse,
        -WORTHS.least,
        'The connection that got it had been silent by then: that its entry was still there follows from the kernel’s timeouts, and is not in the packets.',
      ],
    ],
    [
      otherwise(
        'A rule that drops this port, or this pair, for reasons of its own.',
        'insert_failed and drop stand still where no entry was refused.',
        'while sleep 1; do date; conntrack -S; done',
      ),
      otherwise(
        'An entry that a connection before the captures left behind.',
        'The entry that has this tuple as its reply.',
        `conntrack -L -p tcp${collision === undefined ? '' : ` --reply-src ${parseEndpoint(collision.tuple.server).address} --reply-dst ${parseEndpoint(collision.tuple.client).address}`}`,
      ),
    ],
  );
}

export const causeOfPortRace = (_facts: CaseFacts, finding: Finding): FindingCause =>
  blame(
    'Two connections were given one source port at the same moment, and the entry of the second could not be inserted.',
    WORTHS.portRace,
    'The SYN is lost where the source is translated, together with another that passes, and its repetition passes with another port.',
    [[finding.connections.length > 2, WORTHS.again, 'It is so more than once.']],
    [
      otherwise(
        'Loss by chance, or a queue that overflows when much leaves at once.',
        'insert_failed rises by one for each lost SYN where ports race; drops of the interface or its queue rise where it does not.',
        'conntrack -S; ip -s link; tc -s qdisc',
      ),
      otherwise(
        'Hardly a free port is left for this server.',
        'How many ports are in use for it.',
        'conntrack -C; sysctl net.ipv4.ip_local_port_range',
      ),
    ],
  );

export const causeOfStaleTranslation = (_facts: CaseFacts, finding: Finding): FindingCause =>
  blame(
    'An entry of connection tracking outlived the endpoint that it leads to, and each packet of the socket keeps it alive.',
    WORTHS.staleEntry,
    'One socket is led to an endpoint that never answers while others are led elsewhere and answered.',
    [
      [
        finding.grounds.some(({ text }) => text.includes('ARP')),
        WORTHS.aLittle,
        'Nobody answers ARP for the endpoint: it is gone.',
      ],
    ],
    [
      otherwise(
        'The endpoint is there, and its own network or its process is broken.',
        'Whether the service still has the endpoint, and whether a new socket that is led there is answered.',
        'kubectl get endpointslices --all-namespaces',
      ),
      otherwise(
        'The rules of the service were not brought up to date: new sockets are led there as well.',
        'The rules that lead to the address.',
        'iptables-save -t nat | grep DNAT; ipvsadm -Lnu; nft list ruleset | grep dnat',
      ),
    ],
  );
