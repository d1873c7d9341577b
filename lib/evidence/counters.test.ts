// Counters out of what the article's script and operators log.
import { describe, expect, it } from 'vitest';
import { parseCounters } from './counters';

const shown = (text: string) =>
  parseCounters(text).map(
    ({ name, samples }) =>
      `${name}: ${samples.map(({ line, timeMs, value }) => `${value} (line ${line}${timeMs === null ? '' : `, ${new Date(timeMs).toISOString().slice(11, 19)}`})`).join(', ')}`,
  );

describe('counters are read from', () => {
  it('/proc/net/stat/nf_conntrack: hexadecimal, added up over processors, by the names in its head', () => {
    expect(
      shown(`Sun Nov 22 18:06:23 UTC 2026
entries  found invalid insert_failed drop
0000001e  00000001 00000000 00000002 00000000
0000001e  00000000 00000000 0000000f 00000001
Sun Nov 22 18:06:28 UTC 2026
entries  found invalid insert_failed drop
0000001e  00000001 00000000 00000003 00000000
0000001e  00000000 00000000 0000000f 00000001`),
    ).toEqual([
      'conntrack found: 1 (line 3, 18:06:23), 1 (line 7, 18:06:28)',
      'conntrack invalid: 0 (line 3, 18:06:23), 0 (line 7, 18:06:28)',
      'conntrack insert_failed: 17 (line 3, 18:06:23), 18 (line 7, 18:06:28)',
      'conntrack drop: 1 (line 3, 18:06:23), 1 (line 7, 18:06:28)',
    ]);
  });

  it('conntrack -S, twice without a date', () => {
    expect(
      shown(`cpu=0   found=5 invalid=1 insert=0 insert_failed=0 drop=0
cpu=1   found=1 invalid=1 insert=0 insert_failed=0 drop=0
cpu=0   found=5 invalid=4 insert=0 insert_failed=0 drop=0
cpu=1   found=1 invalid=1 insert=0 insert_failed=0 drop=0`).filter((one) =>
        one.includes('invalid'),
      ),
    ).toEqual(['conntrack invalid: 2 (line 1), 5 (line 3)']);
  });

  it('nstat, softnet_stat, and flows of Open vSwitch that drop', () => {
    expect(
      shown(`#kernel
TcpExtListenOverflows           5                  0.0
IpReasmTimeout                  0                  0.0
0000b3e5 00000002 00000000 00000000 00000000 00000000 00000000 00000000 00000000 00000000 00000000 00000000 00000000
 cookie=0x0, duration=6.890s, table=10, n_packets=2, n_bytes=148, priority=10,ct_state=+inv+trk actions=drop
 cookie=0x0, duration=6.890s, table=10, n_packets=9, n_bytes=148, priority=20,ct_state=+est+trk actions=NORMAL`),
    ).toEqual([
      'TcpExtListenOverflows: 5 (line 2)',
      'IpReasmTimeout: 0 (line 3)',
      'softnet dropped: 2 (line 4)',
      'flow table=10,priority=10,ct_state=+inv+trk actions=drop: 2 (line 5)',
    ]);
  });

  it('count and limit of connection tracking: by name, and in a file that is named so', () => {
    expect(
      shown('net.netfilter.nf_conntrack_count = 65530\nnet.netfilter.nf_conntrack_max = 65536'),
    ).toEqual(['conntrack count: 65530 (line 1)', 'conntrack max: 65536 (line 2)']);
    const bare = 'Sun Nov 22 18:06:23 UTC 2026\n7\nSun Nov 22 18:06:28 UTC 2026\n9';
    expect(shown(bare)).toEqual([]);
    const [series] = parseCounters(bare, 'node7/001_nf_conntrack_count.txt');
    expect(series).toMatchObject({ name: 'conntrack count', isLevel: true });
    expect(series.samples.map(({ value }) => value)).toEqual([7, 9]);
  });

  it('flows of the datapath that drop, without what they match on nothing of', () => {
    expect(
      shown(`flow-dump from the main thread:
ufid:d21e, skb_mark(0/0),ct_state(0x30/0x33),ct_zone(0x5/0),recirc_id(0x3),in_port(veth5b024d2c),eth(src=0a:58:0a:80:03:ca/00:00:00:00:00:00),eth_type(0x0800),ipv4(src=10.128.3.202/0.0.0.0,dst=10.128.3.214,proto=6/0,frag=no),tcp(src=36550/0,dst=9443), packets:3, bytes:222, used:0.950s, flags:S, dp:ovs, actions:drop, dp-extra-info:miniflow_bits(4,1)
ufid:d21f, recirc_id(0),in_port(tun0), packets:9, bytes:222, used:0.950s, actions:veth1`),
    ).toEqual([
      'datapath flow ct_state=+inv+trk-new-est,in_port(veth5b024d2c),ipv4(dst=10.128.3.214),tcp(dst=9443) actions=drop: 3 (line 2)',
    ]);
  });

  it('mpstat: idle time and soft interrupts of each processor', () => {
    const text = `Linux 4.18.0 (node7) \t02/15/21 \t_x86_64_\t(2 CPU)

13:53:53     CPU    %usr   %nice    %sys %iowait    %irq   %soft  %steal  %guest  %gnice   %idle
13:53:54     all    5.00    0.00    5.00    0.00    0.00   49.00    0.00    0.00    0.00   41.00
13:53:54       0    0.00    0.00    2.00    0.00    0.00   98.00    0.00    0.00    0.00    0.00
13:53:54       1   10.00    0.00    8.00    0.00    0.00    0.00    0.00    0.00    0.00   82.00`;
    expect(shown(text).filter((one) => !one.includes('all'))).toEqual([
      'cpu 0 %soft: 98 (line 5)',
      'cpu 0 %idle: 0 (line 5)',
      'cpu 1 %soft: 0 (line 6)',
      'cpu 1 %idle: 82 (line 6)',
    ]);
  });

  it('nothing where there are none; another zone than UTC leaves the moment open', () => {
    expect(parseCounters('2: eth0: <UP> mtu 1500\nhello 5 world\n')).toEqual([]);
    expect(shown('Sun Nov 22 19:06:23 CET 2026\nTcpExtListenDrops 1 0.0')).toEqual([
      'TcpExtListenDrops: 1 (line 2)',
    ]);
  });
});
