import { describe, expect, it } from 'vitest';
import { captureCommand } from './capture-commands';

describe('capture commands', () => {
  it('enter a pod from its node, by its address', () => {
    expect(captureCommand({ kind: 'pod', address: '10.128.3.202' }).command).toBe(
      `read -r NAMESPACE NAME <<< "$(kubectl get pods --all-namespaces --field-selector status.podIP=10.128.3.202 -o jsonpath='{.items[0].metadata.namespace} {.items[0].metadata.name}')"
pod_id=$(chroot /host crictl pods --namespace $NAMESPACE --name $NAME -q)
pid=$(chroot /host bash -c "runc state $pod_id | jq .pid")
nsenter -n -t $pid -- tcpdump -nn -s 0 -i eth0 -w /host/var/tmp/$NAME-eth0.pcap`,
    );
  });

  it('find the port of a pod by the number behind eth0@', () => {
    const { command } = captureCommand({ kind: 'pod-port', address: 'fd00:10:244::11' });
    expect(command).toContain('status.podIP=fd00:10:244::11 ');
    expect(command).toContain('cat /sys/class/net/eth0/iflink');
    expect(command).toMatch(/tcpdump -nn -s 0 -i \$veth -w \S+-\$veth\.pcap$/);
  });

  it('have no filter', () => {
    for (const kind of ['translation', 'uplink', 'node'] as const) {
      const { command } = captureCommand({ kind });
      expect(command).toMatch(/tcpdump -nn -s 0 -i \S+ (-y LINUX_SLL2 )?-w \S+\.pcap$/);
    }
  });

  it('take nothing but an address from a capture', () => {
    expect(captureCommand({ kind: 'pod', address: '10.0.0.1;reboot' }).command).toContain(
      'status.podIP=10.0.0.1eb ',
    );
  });
});
