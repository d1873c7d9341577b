// The command that takes the capture at one point of a path, ready to paste. Pure text: which point is missing is decided by who asks.
// Commands as the article and Red Hat's solutions 4569211 and 5074041 give them; a pod's network is entered from its node, its image stays untouched.

/** Where a capture is wanted. Addresses are those of pods. */
export type CaptureTarget =
  /** The pod's own interface. */
  | { readonly kind: 'pod'; readonly address: string }
  /** The other end of its veth, on the node. */
  | { readonly kind: 'pod-port'; readonly address: string }
  /** Where the node translates addresses. */
  | { readonly kind: 'translation' }
  /** The node's own network card. */
  | { readonly kind: 'uplink' }
  /** Every interface of a node at once. */
  | { readonly kind: 'node' };

export interface CaptureCommand {
  /** Where to type it, and what it captures. */
  readonly where: string;
  readonly command: string;
}

const TCPDUMP = 'tcpdump -nn -s 0';
const FOLDER = '/host/var/tmp';

/** No filter on addresses: packets are rewritten on their way, and those after the translation would be missing. */
export function captureCommand(target: CaptureTarget): CaptureCommand {
  switch (target.kind) {
    case 'pod':
      return {
        where: `On the node of the pod that has ${target.address} (oc debug node/…), its own interface`,
        command: [
          ...enterPod(target.address),
          `nsenter -n -t $pid -- ${TCPDUMP} -i eth0 -w ${FOLDER}/$NAME-eth0.pcap`,
        ].join('\n'),
      };
    case 'pod-port':
      return {
        where: `On the node of the pod that has ${target.address}, its port on the switch or bridge`,
        command: [
          ...enterPod(target.address),
          'index=$(nsenter -n -t $pid -- cat /sys/class/net/eth0/iflink)',
          "veth=$(ip -o link | awk -F'[ :@]+' -v i=$index '$1 == i { print $2 }')",
          `${TCPDUMP} -i $veth -w ${FOLDER}/$HOSTNAME-$veth.pcap`,
        ].join('\n'),
      };
    case 'translation':
      return {
        where:
          'On the node, where addresses are translated (OpenShift SDN: tun0; a bridge: cni0; OVN-Kubernetes: ovn-k8s-mp0)',
        command: `${TCPDUMP} -i tun0 -w ${FOLDER}/$HOSTNAME-tun0.pcap`,
      };
    case 'uplink':
      return {
        where: 'On each of the two nodes, the network card that leads to the other',
        command: [
          "uplink=$(ip route show default | awk '{ print $5; exit }')",
          `${TCPDUMP} -i $uplink -w ${FOLDER}/$HOSTNAME-$uplink.pcap`,
        ].join('\n'),
      };
    case 'node':
      return {
        where: 'On the node, every interface at once, each as a lane of its own',
        command: `${TCPDUMP} -i any -y LINUX_SLL2 -w ${FOLDER}/$HOSTNAME-any.pcap`,
      };
  }
}

/** Sets $NAME and $pid of the pod that has the address. */
const enterPod = (address: string): readonly string[] => [
  `read -r NAMESPACE NAME <<< "$(kubectl get pods --all-namespaces --field-selector status.podIP=${quoted(address)} -o jsonpath='{.items[0].metadata.namespace} {.items[0].metadata.name}')"`,
  'pod_id=$(chroot /host crictl pods --namespace $NAMESPACE --name $NAME -q)',
  'pid=$(chroot /host bash -c "runc state $pod_id | jq .pid")',
];

/** Addresses come from captures: nothing else may stand in a command. */
const quoted = (address: string): string => address.replace(/[^0-9a-fA-F.:]/g, '');
