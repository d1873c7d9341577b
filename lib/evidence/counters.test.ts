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

  it('nothing where there are none; another zone than UTC leaves the moment open', () => {
    expect(parseCounters('2: eth0: <UP> mtu 1500\nhello 5 world\n')).toEqual([]);
    expect(shown('Sun Nov 22 19:06:23 CET 2026\nTcpExtListenDrops 1 0.0')).toEqual([
      'TcpExtListenDrops: 1 (line 2)',
    ]);
  });
});
