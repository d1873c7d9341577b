// Failing beside succeeding: which healthy connection is taken, and where the two part.
import { describe, expect, it } from 'vitest';
import { analyseSources } from '../engine/analyse';
import { analyseTextArt } from '../testing/analyse-text-art';
import { COLLISION, HALF_UNTRANSLATED, STEADY_DROP } from '../testing/cases';
import { scenarioSources } from '../testing/committed-captures';

const judge = async (text: string, rule: string) => {
  const { analysis, diagnosis } = await analyseTextArt(text);
  const finding = diagnosis.findings.find((one) => one.rule === rule)!;
  const sibling = finding.sibling;
  const client = analysis.connections.find(({ id }) => id === sibling?.connection)?.client;
  return { finding, sibling, client };
};

/** A healthy connection to the article's service, its port left alone. */
const HEALTHY_BESIDE = `${HALF_UNTRANSLATED}
  9       > b:S    | two>svc | two>svc two>baw | two>baw
  9.0002  < b:SA   | svc>two | -               | baw>two
  9.0004  > b:A    | two>svc | two>svc two>baw | two>baw
  9.001   > b:P/80 | two>svc | two>svc two>baw | two>baw
  9.002   < b:P/90 | svc>two | -               | baw>two`.replace(
  'time    packet',
  'two = 10.128.3.202:60172\n  time    packet',
);

describe('sibling', () => {
  it('shows the port that is changed first, and the name that is not restored', async () => {
    const { sibling, client } = await judge(HEALTHY_BESIDE, 'half-untranslated-reply');
    expect(client).toBe('10.128.3.202:60172');
    expect(sibling?.text).toContain(', 9 s after it: the same pair of client and service');
    expect(sibling?.partings.map(({ kind }) => kind)).toEqual(['tuple', 'tuple', 'flag']);
    const [syn, reply] = sibling?.partings ?? [];
    expect(syn.text).toContain('At tun′ the healthy SYN');
    expect(syn.text).toContain('source 10.128.3.202:60170 → 10.128.3.202:59906');
    expect(syn.frames).toEqual([{ file: 'tun.pcap', frame: 2 }]);
    expect(syn.siblingFrames).toEqual([{ file: 'tun.pcap', frame: 10 }]);
    expect(reply.text).toContain('At left the healthy SYN-ACK is 172.30.249.115:9443');
  });

  it('shows the point that a reply does not pass, and in its header who did not handle it', async () => {
    const { diagnosis } = await analyseSources(scenarioSources('sdn-nat-untranslated'));
    const { sibling } = diagnosis.findings.find(({ rule }) => rule === 'half-untranslated-reply')!;
    const [, , way, header] = sibling?.partings ?? [];
    expect(sibling?.partings.map(({ kind }) => kind)).toEqual([
      'tuple',
      'tuple',
      'way',
      'header',
      'flag',
    ]);
    // The reply comes to tun0 on the server's side, which is the second lane, and leaves on the client's.
    expect(way.text).toBe(
      'On its way from baw-eth0 to cpe-eth0 the healthy SYN-ACK passes node-tun0′ and node-tun0; the failing one does not.',
    );
    expect(header.fields).toEqual([
      { field: 'ip.ttl', ours: '64', theirs: '63' },
      { field: 'eth.src', ours: '0a:58:0a:80:03:d6', theirs: '62:2a:ae:e0:27:bb' },
    ]);
  });

  it('shows the hop that a SYN does not pass', async () => {
    const { sibling, client } = await judge(COLLISION, 'tuple-collision');
    expect(client).toBe('10.128.2.10:41002');
    expect(sibling?.partings).toHaveLength(1);
    expect(sibling?.partings[0]).toMatchObject({
      kind: 'hop',
      text: 'The healthy SYN goes on from left to right, 20 µs later; the failing one is never seen there.',
      frames: [{ file: 'left.pcap', frame: 9 }],
    });
  });

  it('takes a connection to the same endpoint by another name, or none', async () => {
    const drop = await judge(STEADY_DROP, 'steady-drop');
    expect(drop.client).toBe('10.128.2.10:50100');
    expect(drop.sibling?.text).toContain('called by another address');
    const alone = await judge(HALF_UNTRANSLATED, 'half-untranslated-reply');
    expect(alone.sibling).toBeNull();
  });

  it('shows a loss in mid-stream beside a packet of like size', async () => {
    const { sibling } = await judge(
      `
  one = 10.0.0.1:40000
  two = 10.0.0.1:40001
  srv = 10.0.0.2:8443
  time   packet   | left    | right
  0      > S      | one>srv | one>srv
  0.0002 < SA     | srv>one | srv>one
  0.0004 > A      | one>srv | one>srv
  0.001  > P/100  | one>srv | one>srv
  0.002  < P/900  | srv>one | srv>one
  0.003  > P/700  | one>srv | ~
  1.203  > P/700* | one>srv | one>srv
  1.204  < A      | srv>one | srv>one
  0.5    > b:S    | two>srv | two>srv
  0.5002 < b:SA   | srv>two | srv>two
  0.5004 > b:A    | two>srv | two>srv
  0.501  > b:P/100 | two>srv | two>srv
  0.502  < b:P/900 | srv>two | srv>two
  0.503  > b:P/690 | two>srv | two>srv
  0.504  < b:A    | srv>two | srv>two`,
      'path-loss',
    );
    expect(sibling?.partings).toEqual([
      {
        kind: 'hop',
        text: 'A packet of 690 bytes of the healthy one goes on from left to right; the failing one loses a packet of 700 bytes there.',
        frames: [{ file: 'left.pcap', frame: 6 }],
        siblingFrames: [
          { file: 'left.pcap', frame: 12 },
          { file: 'right.pcap', frame: 11 },
        ],
      },
    ]);
  });

  it('shows another answer than the one that is due', async () => {
    const { sibling } = await judge(
      `
  one = 10.0.0.1:40000
  two = 10.0.0.1:40001
  srv = 10.0.0.2:8443
  time   packet   | left    | right
  0      > S      | one>srv | one>srv
  0.0002 < RA     | srv>one | srv>one
  1      > b:S    | two>srv | two>srv
  1.0002 < b:SA   | srv>two | srv>two
  1.0004 > b:A    | two>srv | two>srv`,
      'refused-connection',
    );
    expect(sibling?.partings.map(({ text }) => text)).toEqual([
      'After the SYN the healthy one has the SYN-ACK ([S.]); in the failing one comes [R.], seen at right and left.',
    ]);
  });
});

describe('times of a request', () => {
  it('go to the server, beside a typical one', async () => {
    const { finding } = await judge(
      `
  one = 10.0.0.1:40000
  two = 10.0.0.1:40001
  srv = 10.0.0.2:8443
  hop 50us
  time   packet   | left    | right
  0      > S      | one>srv | one>srv
  0.0002 < SA     | srv>one | srv>one
  0.0004 > A      | one>srv | one>srv
  0.001  > P/100  | one>srv | one>srv
  0.0011 > P/50   | one>srv | one>srv
  2.5    < P/900  | srv>one | srv>one
  5      > b:S    | two>srv | two>srv
  5.0002 < b:SA   | srv>two | srv>two
  5.0004 > b:A    | two>srv | two>srv
  5.001  > b:P/100 | two>srv | two>srv
  5.003  < b:P/900 | srv>two | srv>two
  5.011  > b:P/100 | two>srv | two>srv
  5.013  < b:P/900 | srv>two | srv>two`,
      'slow-endpoint',
    );
    expect(
      finding.times.map(({ part, ns, usualNs }) => [
        part,
        Math.round(ns / 1000),
        usualNs && Math.round(usualNs / 1000),
      ]),
    ).toEqual([
      ['client, to send its request', 100, 0],
      ['there: left to right', 50, 50],
      ['server, at right', 2_498_850, 1950],
      ['back: right to left', 50, 50],
    ]);
    expect(finding.sibling?.partings[0].text).toContain(
      'leaves there 1.95 ms later, this one’s 2.50 s later',
    );
  });
});
