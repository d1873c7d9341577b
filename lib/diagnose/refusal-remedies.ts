// What to look at and what to do, by what a refusal says: nothing listens, a rule forbids it, no way leads there.
import { parseEndpoint } from '../model/endpoint';
import type { Finding } from '../model/finding';
import type { IcmpErrorKind } from './icmp-facts';

/** `server`: the endpoint as it is named behind all translations; `kind`: null for a reset. */
export function remediesOf(
  server: string,
  protocol: 'tcp' | 'udp',
  kind: IcmpErrorKind | null,
): Pick<Finding, 'confirm' | 'fix'> {
  const { address, port } = parseEndpoint(server);
  if (kind === 'unreachable')
    return {
      confirm: [
        {
          text: 'On the host that says it: whether a route leads there, and by which interface.',
          command: `ip route get ${address}`,
        },
        {
          text: 'There, too: whether the neighbour answers; FAILED or INCOMPLETE means that its ARP request stays unanswered.',
          command: `ip neigh show ${address}`,
        },
        {
          text: 'Whether the address is still a pod’s, and whether the service still names it.',
          command: `kubectl get pods --all-namespaces -o wide | grep -w ${address}; kubectl get endpointslices --all-namespaces | grep -w ${address}`,
        },
      ],
      fix: 'Give the host that says it a route there; where the address is gone, let the service forget it.',
    };
  return {
    confirm: [
      {
        text: 'In the server’s pod: whether anything listens on the port.',
        command: `ss -ln${protocol === 'tcp' ? 't' : 'u'} 'sport = :${port}'`,
      },
      {
        text: 'Whether the service has ready endpoints: without any, the node refuses for it.',
        command: `kubectl get endpointslices --all-namespaces | grep -w ${address}`,
      },
      {
        text: 'On the node that refuses: rules that reject, with their counters.',
        command: 'iptables-save -c | grep REJECT; nft list ruleset | grep reject',
      },
    ],
    fix:
      kind === 'prohibited'
        ? 'A firewall rule or policy refuses it by intent: allow the connection there, if it is meant to work.'
        : 'Start what should listen there, or correct the port or the service’s target port. Where the server restarts, let clients wait for its readiness.',
  };
}
