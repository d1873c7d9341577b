// D23, a consideration: a pod calls a service and is led to itself. The bridge does not turn the packet, or the pod drops what seems to come from itself.
import { counted } from '../../base/counted';
import { parseEndpoint } from '../../model/endpoint';
import { consider } from '../consideration';
import { judgeReturned, tellReturned } from '../hairpin-facts';
import type { Rule } from '../rule';

export const hairpinDrop: Rule = {
  id: 'hairpin-drop',
  title: 'Consider: a pod cannot reach itself through its service',
  needs: 'a point behind the translation',
  judge: (facts) =>
    judgeReturned(
      facts,
      ({ masqueraded }) => !masqueraded,
      (_, found) => {
        const { asked } = found[0].handshake;
        const client = parseEndpoint(asked.client).address;
        return consider({
          rule: 'hairpin-drop',
          title: `Consider: ${client} cannot reach itself through ${asked.server}`,
          summary: `${counted(found.length, 'connection')} of ${client} to ${asked.server} ${found.length === 1 ? 'is' : 'are'} translated to ${client} itself, and nothing answers. Consider a hairpin that the bridge does not turn, or a packet dropped for having one address at both ends; look at hairpin mode and masquerading.`,
          signature:
            'The destination after translation is the client itself, and every SYN stays without an answer.',
          connections: found.map(({ handshake }) => handshake.connection.id),
          steps: tellReturned(facts, found),
          alternatives: [
            {
              rule: 'refused-connection',
              why: 'A pod that does not listen on the port would answer with a reset. Here nothing comes.',
            },
            {
              rule: 'load-balancer-hairpin',
              why: 'There a load balancer outside sends the packet back to its host.',
            },
          ],
          confirm: [
            {
              text: 'On the node: hairpin mode of the pod’s port.',
              command: 'bridge -d link | grep -B1 hairpin',
            },
            {
              text: 'On the node: the rule that masquerades a pod’s packets to itself.',
              command: "iptables-save -t nat | grep -E 'KUBE-MARK-MASQ|MASQUERADE'",
            },
          ],
          fix: 'If so: `bridge link set dev <port> hairpin on` (undo with off; kubelet does it with --hairpin-mode=hairpin-veth), and masquerading for packets whose source and destination are one.',
          references: [
            {
              title: 'Kubernetes #20475: hairpin',
              url: 'https://github.com/kubernetes/kubernetes/issues/20475',
            },
            {
              title: 'kube-router #637',
              url: 'https://github.com/cloudnativelabs/kube-router/issues/637',
            },
          ],
        });
      },
    ),
};
