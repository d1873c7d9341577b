// Causes of what an endpoint does, or leaves undone.
import { parseEndpoint } from '../../model/endpoint';
import type { Finding, FindingCause } from '../../model/finding';
import { findUnansweredArp } from '../arp-facts';
import type { CaseFacts } from '../facts';
import { firstSighting, lastSighting, type PacketFact, type SightingFact } from '../packet-facts';
import { findRefused, findSecondOwner } from '../refused-facts';
import { CAUSE_WORTHS as WORTHS } from '../thresholds';
import { blame, otherwise, unnamed } from './blame';

export function causeOfRefusal(facts: CaseFacts, finding: Finding): FindingCause {
  const concerned = new Set(finding.connections);
  const group = findRefused(facts).filter(({ handshake }) =>
    concerned.has(handshake.connection.id),
  );
  const rejecting = otherwise(
    'A rule that rejects: it answers in the server’s name.',
    'Rules that reject, with their counters.',
    'iptables-save -c | grep REJECT; nft list ruleset | grep reject',
  );
  const endpoints = otherwise(
    'A service without an endpoint that is ready: the node refuses for it.',
    'The endpoints that the service has.',
    'kubectl get endpointslices --all-namespaces',
  );
  if (group.length === 0)
    return unnamed([
      otherwise(
        'The endpoint, or the way to it, is gone.',
        'Whether the host that says so has a route there, and whether the neighbour answers.',
        'ip route; ip neigh',
      ),
      rejecting,
      endpoints,
    ]);
  const [{ handshake, icmp, byServer }] = group;
  const { port } = parseEndpoint((handshake.arrived ?? handshake.asked).server);
  const listening = `ss -lnt 'sport = :${port}'`;
  const nobody = otherwise('Nothing listens on the port.', 'Sockets that listen there.', listening);
  if (findSecondOwner(facts, group) !== undefined)
    return blame(
      'Two hosts have the address, or two routers lead to it, and one of them is the wrong one.',
      WORTHS.twoOwners,
      'All refusals come from one MAC address, and all acceptances from another.',
      [],
      [
        otherwise(
          'Several servers share the address by intent (a cluster, a load balancer that answers for them), and one of them does not listen.',
          'Who owns both MAC addresses.',
          'ip neigh; bridge fdb show',
        ),
      ],
    );
  if (icmp?.kind === 'prohibited')
    return blame(
      'A firewall rule or a policy refuses it by intent.',
      WORTHS.prohibited,
      'The ICMP error says that it is prohibited.',
      [],
      [endpoints],
    );
  if (icmp?.kind === 'unreachable')
    return unnamed([
      otherwise(
        'The host that says so has no route there.',
        'Its route to the server.',
        'ip route',
      ),
      otherwise(
        'The server’s neighbour entry cannot be resolved: the address is gone, or its host is down.',
        'The state of the neighbour on the host that says so.',
        'ip neigh',
      ),
      rejecting,
    ]);
  if (!byServer) return unnamed([nobody, endpoints, rejecting]);
  return blame(
    'Nothing listens on the port.',
    WORTHS.noListener,
    'The reset acknowledges the SYN and begins at the server’s own side, as a host does without a listener.',
    [],
    [
      { ...rejecting, text: 'A firewall rule of the server’s own host that rejects with a reset.' },
      otherwise(
        'A listener whose queue is full and that answers with resets (net.ipv4.tcp_abort_on_overflow is 1).',
        'Overflows of listeners, and that setting.',
        'nstat -az TcpExtListenOverflows TcpExtTCPReqQFullDrop; sysctl net.ipv4.tcp_abort_on_overflow',
      ),
    ],
  );
}

export function causeOfSilentNeighbour(facts: CaseFacts, finding: Finding): FindingCause {
  const harmed = new Set(finding.connections);
  const reached = new Set(
    facts.connections
      .filter(({ id }) => harmed.has(id))
      .flatMap(({ legs }) => legs.flatMap(({ client, server }) => [client, server]))
      .map((end) => parseEndpoint(end).address),
  );
  const lost = findUnansweredArp(facts).some(
    ({ target, lostReplies }) => reached.has(target) && lostReplies.length > 0,
  );
  const gone = otherwise(
    'The address is nobody’s any more: its pod or host is gone.',
    'Whether a pod has the address.',
    'kubectl get pods --all-namespaces -o wide',
  );
  const full = otherwise(
    'The asking host’s table of neighbours is full and takes no answer in.',
    'What the kernel says, and the limit.',
    'dmesg | grep -i "neighbor table overflow"; sysctl net.ipv4.neigh.default.gc_thresh3',
  );
  const asked = otherwise(
    'The request does not reach the owner: another VLAN, a port that does not flood, a filter on ARP.',
    'A capture of ARP at the owner’s own interface.',
    'tcpdump -nn -i any arp',
  );
  if (lost)
    return unnamed([
      otherwise(
        'The answer is dropped or switched elsewhere on its way back.',
        'Where the switch has learned the asker’s MAC address, and what filters ARP.',
        'bridge fdb show; ovs-appctl fdb/show br0; arptables -L -v -n; ebtables -L --Lc',
      ),
      full,
    ]);
  return unnamed([gone, asked, full]);
}

export function causeOfChallenge(facts: CaseFacts, finding: Finding): FindingCause {
  const connection = facts.connections.find(({ id }) => id === finding.connections[0]);
  const before =
    connection !== undefined &&
    facts.connections.some(
      ({ id, client, server, firstTime }) =>
        id !== connection.id &&
        client === connection.client &&
        server === connection.server &&
        firstTime < connection.firstTime,
    );
  const lost =
    connection !== undefined &&
    facts.packetsOf(connection).some((packet) => packet.kind === 'reset' && packet.fate === 'lost');
  return blame(
    'The client uses a source port again while the server’s socket of the connection before is still there.',
    WORTHS.heldSocket,
    'The acknowledgement in the answer belongs to another stream with the same addresses and ports.',
    [
      [
        before,
        WORTHS.again,
        'An earlier connection with these addresses and ports is in the captures.',
      ],
      [lost, 0, 'The client’s reset, which would end that socket, is lost on its way.'],
    ],
    [
      otherwise(
        'Two clients behind one translated address were given the same port, one after the other.',
        'Whether a translation before the server gives ports out anew so soon.',
        'conntrack -L -p tcp',
      ),
      otherwise(
        'A device before the server that answers in its name.',
        'Whether the answer’s TTL is that of the server’s other packets.',
      ),
    ],
  );
}

export function causeOfSlowness(facts: CaseFacts, finding: Finding): FindingCause {
  if (finding.id.endsWith('-window'))
    return blame(
      'The application does not read what has arrived.',
      WORTHS.closedWindow,
      'The reader’s own kernel says so: its window is 0, and opens when room is made.',
      [],
      [
        otherwise(
          'The process does not get a processor, or its host stands still.',
          'Load and waiting of the reader’s host, by the second.',
          'pidstat -u -d 1; cat /proc/pressure/cpu /proc/pressure/memory /proc/pressure/io',
        ),
      ],
    );
  if (finding.id.endsWith('-client')) return causeOfSlowClient(facts, finding);
  return unnamed([
    otherwise(
      'The application works, or waits for a lock, a disk, a processor.',
      'What the process does meanwhile.',
      'top -b -n 1; pidstat -u -d -w 1; cat /proc/pressure/cpu /proc/pressure/io',
    ),
    otherwise(
      'It waits for another server in turn (a database, an upstream).',
      'Its own requests at the time of the wait: a capture at the server’s interface without a filter shows them.',
      'ss -tnp',
    ),
    ...(isAtOwnEnd(facts, finding, lastSighting)
      ? []
      : [
          otherwise(
            'The time passes between the last point and the server’s own socket.',
            'A capture at the server’s own interface.',
          ),
        ]),
  ]);
}

function causeOfSlowClient(facts: CaseFacts, finding: Finding): FindingCause {
  return unnamed([
    otherwise(
      'The application has the rest of the request only later: it reads it from somewhere, computes it, or waits for a lock.',
      'What the process does meanwhile, and its own log.',
      'top -b -n 1; pidstat -u -d -w 1',
    ),
    otherwise(
      'The process does not get a processor, or its host stands still.',
      'Throttling of its group, and load and waiting of its host, by the second.',
      'cat /sys/fs/cgroup/cpu.stat /proc/pressure/cpu; mpstat -P ALL 1',
    ),
    ...(isAtOwnEnd(facts, finding, firstSighting)
      ? []
      : [
          otherwise(
            'The time passes between the client’s own socket and the first point.',
            'A capture at the client’s own interface.',
          ),
        ]),
  ]);
}

/** Whether the outermost point on that side is the end's own interface: then no time passes beyond it but the end's. */
function isAtOwnEnd(
  facts: CaseFacts,
  finding: Finding,
  outermost: (packet: PacketFact) => SightingFact,
): boolean {
  const connection = facts.connections.find(({ id }) => id === finding.connections[0]);
  const example = connection && facts.packetsOf(connection)[0];
  return example !== undefined && facts.points[outermost(example).point].role?.kind === 'end';
}
