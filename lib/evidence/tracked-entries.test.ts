// Entries of connection tracking, in all the ways they are printed.
import { describe, expect, it } from 'vitest';
import { parseTrackedEntries } from './tracked-entries';

const shown = (text: string) =>
  parseTrackedEntries(text).map(
    ({ line, protocol, state, original, reply }) =>
      `${line} ${protocol} ${state ?? '–'} ${original.client}>${original.server} as ${reply.client}>${reply.server}`,
  );

describe('entries are read from', () => {
  it.each([
    [
      'conntrack -L',
      'tcp      6 431999 ESTABLISHED src=10.128.3.202 dst=172.30.249.115 sport=60170 dport=9443 src=10.128.3.214 dst=10.128.3.202 sport=9443 dport=59906 [ASSURED] mark=0 use=1',
    ],
    [
      '/proc/net/nf_conntrack',
      'ipv4     2 tcp      6 431999 ESTABLISHED src=10.128.3.202 dst=172.30.249.115 sport=60170 dport=9443 packets=3 bytes=180 src=10.128.3.214 dst=10.128.3.202 sport=9443 dport=59906 packets=2 bytes=120 [ASSURED] mark=0 zone=0 use=2',
    ],
    [
      'ovs-appctl dpctl/dump-conntrack',
      'tcp,orig=(src=10.128.3.202,dst=172.30.249.115,sport=60170,dport=9443),reply=(src=10.128.3.214,dst=10.128.3.202,sport=9443,dport=59906),zone=5,mark=1,protoinfo=(state=ESTABLISHED)',
    ],
  ])('%s', (_, text) => {
    expect(shown(text)).toEqual([
      '1 tcp ESTABLISHED 10.128.3.202:60170>172.30.249.115:9443 as 10.128.3.202:59906>10.128.3.214:9443',
    ]);
  });

  it('UDP without a state, unreplied, and IPv6', () => {
    expect(
      shown(`conntrack v1.4.7 (conntrack-tools): 2 flow entries have been shown.
udp      17 29 src=fd00::1 dst=fd00::53 sport=5000 dport=53 [UNREPLIED] src=fd00::99 dst=fd00::1 sport=53 dport=5000 mark=0 use=1`),
    ).toEqual(['2 udp – [fd00::1]:5000>[fd00::53]:53 as [fd00::1]:5000>[fd00::99]:53']);
  });

  it('several dumps, each behind its date', () => {
    const entry =
      'udp,orig=(src=10.0.0.1,dst=10.0.0.2,sport=1,dport=2),reply=(src=10.0.0.2,dst=10.0.0.1,sport=2,dport=1)';
    const entries = parseTrackedEntries(
      `Sun Nov 22 18:06:23 UTC 2026\n${entry}\nSun Nov 22 18:06:24 UTC 2026\n${entry}`,
    );
    expect(entries.map(({ timeMs }) => new Date(timeMs!).toISOString().slice(17, 19))).toEqual([
      '23',
      '24',
    ]);
  });

  it.each([
    '',
    'icmp     1 29 src=10.0.0.1 dst=10.0.0.2 type=8 code=0 id=7 src=10.0.0.2',
    'src=dst=sport=dport=',
  ])('nothing else: %j', (text) => expect(shown(text)).toEqual([]));
});
