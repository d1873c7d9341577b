// D30, a consideration: a load balancer that keeps the client's address sends a packet back to the host that it comes from, which drops it as martian.
import { counted } from '../../base/counted';
import { parseEndpoint } from '../../model/endpoint';
import { consider } from '../consideration';
import { judgeReturned, tellReturned } from '../hairpin-facts';
import type { Rule } from '../rule';

export const loadBalancerHairpin: Rule = {
  id: 'load-balancer-hairpin',
  title: 'Consider: a load balancer sends a host its own packet',
  needs: 'the uplink of the host that the client is on',
  judge: (facts) =>
    judgeReturned(
      facts,
      ({ masqueraded }) => masqueraded,
      (_, found) => {
        const [{ handshake, seen }] = found;
        const { asked } = handshake;
        const host = parseEndpoint(seen.source).address;
        return consider({
          rule: 'load-balancer-hairpin',
          title: `Consider: ${asked.server} sends ${host} its own packet`,
          summary: `${counted(found.length, 'connection')} to ${asked.server} ${found.length === 1 ? 'leaves' : 'leave'} as ${host} and ${found.length === 1 ? 'comes' : 'come'} back for ${host}: the load balancer kept the client’s address and chose the client’s own host. Such a packet is dropped as martian. Consider client-IP preservation; look at the target group.`,
          signature:
            'The packet leaves under the host’s address and comes back to that address, from outside, and nothing answers.',
          connections: found.map((one) => one.handshake.connection.id),
          steps: tellReturned(facts, found),
          alternatives: [
            {
              rule: 'hairpin-drop',
              why: 'There a pod reaches itself through a service, within its node.',
            },
          ],
          confirm: [
            {
              text: 'On the host: martians are logged once this is on.',
              command: 'sysctl -w net.ipv4.conf.all.log_martians=1; dmesg -w | grep -i martian',
            },
            {
              text: 'Whether about one in N connections fails, N being the number of targets.',
              command: `for i in $(seq 30); do curl -so /dev/null -m 3 -w '%{http_code}\\n' http://${asked.server}/; done | sort | uniq -c`,
            },
          ],
          fix: 'If so: preserve_client_ip.enabled=false on the target group (undo with true), or targets on other hosts than the clients.',
          references: [
            {
              title: 'ROSA: troubleshooting networking',
              url: 'https://docs.openshift.com/rosa/support/troubleshooting/rosa-troubleshooting-networking.html',
            },
          ],
        });
      },
    ),
};
