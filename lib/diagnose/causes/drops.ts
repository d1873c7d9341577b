// Causes of what is lost, doubled or cut off on the way.
import type { Finding, FindingCause, OpenCause } from '../../model/finding';
import { findBlackHoles } from '../black-hole-facts';
import { findDnsRetries } from '../dns-retry-facts';
import type { CaseFacts } from '../facts';
import { findIdleTimeouts } from '../idle-timeout-facts';
import { findLoops } from '../loop-facts';
import { findSteadyDrops } from '../steady-drop-facts';
import { CAUSE_WORTHS as WORTHS } from '../thresholds';
import { findUnanswered } from '../unanswered-facts';
import { blame, otherwise, unnamed } from './blame';

const RULE_THAT_DROPS = otherwise(
  'A policy or a firewall rule that matches these packets.',
  'A rule whose counter rises with them.',
  "nft list ruleset | grep -w drop; iptables-save -c | grep -E 'DROP|REJECT'",
);
const QUEUE = otherwise(
  'A queue that overflows: of an interface, of a processor, of a policer.',
  'Drops of interfaces and queues, and the second column (hex) of softnet_stat.',
  'ip -s link; tc -s qdisc; cat /proc/net/softnet_stat',
);
const TRACKING = otherwise(
  'Connection tracking that finds no room, no free tuple, or the packets invalid.',
  'insert_failed, drop, early_drop and invalid.',
  'conntrack -S',
);
const ROUTE = otherwise(
  'A route, or a neighbour’s address, that leads nowhere behind this hop.',
  'By which way, and to which MAC address, the host behind the hop sends on.',
  'ip route; ip -s neigh',
);

export function causeOfPathLoss(facts: CaseFacts, finding: Finding): FindingCause {
  const loop = findLoops(facts).find(({ packets }) =>
    packets.some(({ connection }) => connection === finding.connections[0]),
  );
  if (loop !== undefined)
    return blame(
      'Two routers each hold the other for the way to this address.',
      WORTHS.routingLoop,
      'One packet passes one point again and again, and its TTL falls each time.',
      [],
      [
        otherwise(
          'Switches in a circle, of which one routes.',
          'The routes on both hosts of the hop.',
          'ip route show table all; bridge link',
        ),
      ],
    );
  return unnamed([RULE_THAT_DROPS, QUEUE, TRACKING, ROUTE]);
}

export function causeOfDelay(): FindingCause {
  return unnamed([
    otherwise(
      'A queue or a shaper that holds packets back: of an interface, of a policer, one that was set up for a test.',
      'Backlogs of queues, and the delay or rate that is set.',
      'tc -s qdisc',
    ),
    otherwise(
      'A processor, or a whole virtual machine, that stood still.',
      'Idle and stolen time by the second; the third column (hex) of softnet_stat.',
      'mpstat -P ALL 1; cat /proc/net/softnet_stat',
    ),
    otherwise(
      'A switch or a router that had to look the packet up first: an upcall of Open vSwitch, a neighbour that ARP had to find.',
      'Upcalls that wait, and neighbours that are not resolved.',
      'ovs-appctl upcall/show; ip -s neigh',
    ),
    otherwise(
      'A program in user space through which the packet passes (NFQUEUE, a VPN, a proxy that keeps its bytes).',
      'Rules that queue packets, and what waits in the queues.',
      'iptables-save | grep NFQUEUE; nft list ruleset | grep queue; cat /proc/net/netfilter/nfnetlink_queue',
    ),
  ]);
}

export function causeOfSteadyDrop(facts: CaseFacts, finding: Finding): FindingCause {
  const [id] = finding.connections;
  const drop = findSteadyDrops(facts).find(({ handshakes }) => handshakes[0].connection.id === id);
  if (drop === undefined) {
    const unanswered = findUnanswered(facts).find(
      ({ handshakes }) => handshakes[0].connection.id === id,
    );
    return unnamed([
      RULE_THAT_DROPS,
      ...(unanswered?.atServer === true ? [] : [ROUTE]),
      otherwise(
        'A server whose queue of new connections is full, or whose host drops them for their way back.',
        'The counters of the server’s host.',
        'nstat -az TcpExtListenOverflows TcpExtListenDrops TcpExtIPReversePathFilter',
      ),
    ]);
  }
  if (drop.openedBefore !== null)
    return unnamed([
      { ...RULE_THAT_DROPS, text: 'A policy or a firewall rule that was changed at that moment.' },
      { ...ROUTE, text: 'A route, or a neighbour’s address, that was changed at that moment.' },
      {
        ...TRACKING,
        text: 'Something that ran out: source ports of a translation, the table of connection tracking.',
      },
    ]);
  const syns = drop.handshakes.reduce((sum, one) => sum + one.syns.length, 0);
  return blame(
    'A network policy or a firewall rule drops this client’s way to this server.',
    WORTHS.droppingRule,
    `All ${syns} SYNs vanish at one hop that others pass, and nothing answers: so drops a rule that goes by addresses and ports.`,
    [
      [drop.handshakes.length > 1, WORTHS.otherPortsToo, 'It does not depend on the source port.'],
      [
        drop.clients.length > 2,
        -WORTHS.aLittle,
        'Several clients are hit: a rule may select them all.',
      ],
    ],
    [
      ROUTE,
      TRACKING,
      ...(drop.handshakes.length === 1
        ? [
            otherwise(
              'An entry of connection tracking that holds the tuple of this one source port, from before the captures.',
              'Whether another source port passes.',
              'conntrack -L -p tcp',
            ),
          ]
        : []),
    ],
  );
}

export function causeOfLostFin(_facts: CaseFacts, finding: Finding): FindingCause {
  const open: OpenCause[] = [
    otherwise(
      'A filter on the way that holds the connection for closed, or for invalid, and drops what ends it.',
      'A rule whose counter rises with each FIN.',
      "iptables-save -c | grep -E 'INVALID|DROP'; nft list ruleset | grep -E 'ct state invalid'",
    ),
    otherwise(
      'Loss by chance that met the FINs alone.',
      'Whether other packets are lost at this hop as well, over a longer time.',
    ),
  ];
  if (finding.id.endsWith('-late'))
    return blame(
      'Connection tracking had ended the entry of the connection, so that its last packet found no translation.',
      WORTHS.expiredEntry,
      'The last packet alone is not translated, and comes after a silence that is longer than a closing connection’s entry lives.',
      [],
      [
        otherwise(
          'The entry was deleted from outside (by conntrack -D, by a new list of endpoints).',
          'Entries that end, and when.',
          'conntrack -E -p tcp -e DESTROY',
        ),
      ],
    );
  return blame(
    'Connection tracking holds no entry for the connection, or that of another one, and drops its FINs as invalid.',
    WORTHS.trackedFins,
    'FINs alone are lost, each time they are sent.',
    [],
    open,
  );
}

export function causeOfDnsRetry(facts: CaseFacts, finding: Finding): FindingCause {
  const concerned = new Set(finding.connections);
  const retries = findDnsRetries(facts).filter(
    ({ connection, lost }) =>
      concerned.has(connection.id) &&
      (lost === null ? finding.between === null : finding.between?.[0] === lost.from),
  );
  const paired = retries.filter(({ twin }) => twin !== null && twin.fate === 'delivered').length;
  const isLost = finding.between !== null;
  const chance = otherwise(
    'Loss by chance, or a queue that overflows.',
    'Whether queries that stand alone, and other packets, are lost there as well.',
    'ip -s link; tc -s qdisc',
  );
  const server = otherwise(
    'The DNS server is overloaded, or waits itself for one that is above it.',
    'Whether the query reaches the server: a capture there, and the server’s own log and metrics.',
  );
  if (paired === 0 || !isLost)
    return unnamed([
      ...(isLost ? [] : [server]),
      chance,
      { ...RULE_THAT_DROPS, text: 'A rule, or a limit of its rate, that drops queries.' },
      ...(isLost ? [server] : []),
    ]);
  return blame(
    'Two queries that leave one socket at once (A and AAAA) race for one entry of connection tracking, and the loser is dropped.',
    WORTHS.queryRace,
    'The lost query left together with another of the same socket that arrived.',
    [
      [paired > 1, WORTHS.again, `It is so ${paired} times.`],
      [
        paired < retries.length,
        -WORTHS.again,
        'Queries that stood alone were lost at the same place.',
      ],
    ],
    [
      {
        ...chance,
        decides:
          'insert_failed rises in the second of each lost query where they raced, and stands still where they did not.',
        command: 'while sleep 1; do date; conntrack -S; done',
      },
      RULE_THAT_DROPS,
    ],
  );
}

export function causeOfLargeLoss(facts: CaseFacts, finding: Finding): FindingCause {
  const hole = findBlackHoles(facts).find(
    ({ from, to }) => finding.between?.[0] === from && finding.between[1] === to,
  );
  const gap = hole === undefined ? 0 : hole.smallestLost - hole.largestPassed;
  return blame(
    'Behind this hop the path takes smaller packets than the sender was told, and no ICMP says so to it.',
    WORTHS.smallerPath,
    'Large segments alone are lost, each time they are sent, and smaller ones pass.',
    [
      [hole?.alive === true, WORTHS.aLittle, 'Smaller ones pass before and after.'],
      [gap > 1000, -WORTHS.aLittle, 'No size between was tried: where the limit is, is not known.'],
    ],
    [
      otherwise(
        'A card or driver on the way that fails to cut or join large frames (TSO, GSO, GRO).',
        'Whether it is mended with these offloads off on the hosts of the hop.',
        'ethtool -k <interface> | grep -E "segmentation-offload|receive-offload"',
      ),
      otherwise(
        'A filter that looks into payloads and drops what it finds there.',
        'The largest payload that passes with DF set, whatever it holds.',
        'ping -M do -c 1 -s 1372 <the other end>; ping -M do -c 1 -s 1472 <the other end>',
      ),
    ],
  );
}

export function causeOfDoubling(facts: CaseFacts, finding: Finding): FindingCause {
  const twice = otherwise(
    'A loop of switches, or a bond that sends on all its links.',
    'Bonds, bridges without spanning tree, and where the receiver’s MAC address is learned.',
    'cat /proc/net/bonding/*; bridge link; bridge fdb show',
  );
  const mirror = otherwise(
    'A filter that mirrors packets back into their way.',
    'Filters on the interfaces of the hop.',
    'tc filter show dev <interface> ingress; tc filter show dev <interface> egress',
  );
  const first = facts.connections.find(({ id }) => id === finding.connections[0]);
  const routed =
    finding.between === null &&
    first !== undefined &&
    facts.packetsOf(first).some(({ way, copies }) => {
      const last = way[way.length - 1];
      return [...way, ...copies].some(
        ({ point, destinationMac, ttl }) =>
          point === last.point && destinationMac === last.destinationMac && ttl !== last.ttl,
      );
    });
  return routed
    ? blame(
        'A bridge that is promiscuous hands up to its host what it has switched already, and the host routes it to the receiver once more.',
        WORTHS.promiscuousBridge,
        'One of the two came bridged and the other routed: their TTLs differ by one.',
        [],
        [twice, mirror],
      )
    : unnamed([twice, mirror]);
}

export const causeOfDamagedTunnel = (facts: CaseFacts, finding: Finding): FindingCause => {
  const damaged = facts.losses.filter(
    ({ from, to }) => finding.between?.[0] === from && finding.between[1] === to,
  ).length;
  return blame(
    'The outer packet of the tunnel is masqueraded a second time, and checksum offload then leaves its checksum wrong (Kubernetes before 1.16.13, 1.17.9 and 1.18.6).',
    WORTHS.masqueradedTunnel,
    'The outer checksum was computed anew, and wrong, while the inner packet is sound.',
    [[damaged > 2, WORTHS.least, 'It is so for each packet that is lost there.']],
    [
      otherwise(
        'A card or driver that computes the checksum of tunnels wrongly by itself.',
        'Whether it is mended with that offload off, and whether a rule masquerades the outer packet at all.',
        'ethtool -k <tunnel interface> | grep tx-checksum; iptables-save -t nat | grep MASQUERADE',
      ),
      otherwise(
        'A device between the hosts that rewrites the outer header and does not mend its checksum.',
        'Whether the checksum is wrong already where the sending host’s card gave it out: a capture on the wire before that device.',
      ),
    ],
  );
};

export function causeOfIdleReset(facts: CaseFacts, finding: Finding): FindingCause {
  const concerned = new Set(finding.connections);
  const found = findIdleTimeouts(facts).filter(({ connection }) => concerned.has(connection.id));
  return blame(
    'Something between the ends (a load balancer, a firewall, a NAT) ends what is idle for longer than its timeout.',
    WORTHS.idleTimeout,
    'The connection worked until a long silence, and neither end closed it.',
    [[found.length > 1, WORTHS.again, `${found.length} connections ended so.`]],
    [
      otherwise(
        'That device was started anew, or another one took its place, during the silence.',
        'Whether connections with little silence ended at the same moment, and the device’s own log.',
      ),
      otherwise(
        'An entry of connection tracking on a node was deleted, or thrown out of a full table.',
        'early_drop and delete of the node, and entries that end.',
        'conntrack -S; conntrack -E -p tcp -e DESTROY',
      ),
    ],
  );
}
