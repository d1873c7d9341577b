// Rules about what is not TCP (DNS retries, ARP, stale UDP translations, outer checksums) and about endpoints that take their time, from captures built frame by frame.
import { describe, expect, it } from 'vitest';
import { analyseSources } from '../../engine/analyse';
import { analyseTextArt } from '../../testing/analyse-text-art';
import { scenarioSources } from '../../testing/committed-captures';
import { arpFrame, icmpFrame, tcpFrame, udpFrame, vxlanFrame } from '../../testing/frame-builder';
import { type Lane, laneSources } from '../../testing/lane-captures';

const judge = async (lanes: Readonly<Record<string, Lane>>, rule: string) => {
  const { diagnosis } = await analyseSources(laneSources(lanes));
  return {
    result: diagnosis.rules.find((one) => one.rule === rule)?.result,
    finding: diagnosis.findings.find((one) => one.rule === rule),
    graver: diagnosis.findings.filter(({ severity }) => severity !== 'note').map((one) => one.rule),
  };
};

const MAC = { client: '0a:00:00:00:00:01', server: '0a:00:00:00:00:02' };
const toServer = { sourceMac: MAC.client, destinationMac: MAC.server };
const toClient = { sourceMac: MAC.server, destinationMac: MAC.client };
const CLIENT = '10.0.0.1:40000';
const DNS = '10.0.0.53:53';

const dns = (id: number, text: string, ipId: number, answer = false): Uint8Array =>
  udpFrame({
    ...(answer ? toClient : toServer),
    source: answer ? DNS : CLIENT,
    destination: answer ? CLIENT : DNS,
    ipId,
    payload: Uint8Array.from([id >> 8, id & 255, answer ? 0x81 : 1, 0, ...Buffer.from(text)]),
  });

describe('dns-retry', () => {
  const QUERIES = (retryAt: number): { left: Lane; right: Lane } => ({
    left: [
      [0, dns(0x1111, 'a.example', 1)],
      [0.00002, dns(0x2222, 'aaaa.example', 2)],
      [0.001, dns(0x1111, 'a.example=1', 3, true)],
      [retryAt, dns(0x2222, 'aaaa.example', 4)],
      [retryAt + 0.001, dns(0x2222, 'aaaa.example=1', 5, true)],
    ],
    right: [
      [0.0001, dns(0x1111, 'a.example', 1)],
      [0.0009, dns(0x1111, 'a.example=1', 3, true)],
      [retryAt + 0.0001, dns(0x2222, 'aaaa.example', 4)],
      [retryAt + 0.0009, dns(0x2222, 'aaaa.example=1', 5, true)],
    ],
  });

  it('finds the query that was lost and asked again after 5 s', async () => {
    const { finding, graver } = await judge(QUERIES(5.012), 'dns-retry');
    expect(graver).toEqual(['dns-retry']);
    expect(finding).toMatchObject({ severity: 'failure', between: ['p1', 'p2'] });
    expect(finding?.title).toContain('5.01 s');
    expect(finding?.alternatives[1].why).toContain('left together with another that arrived');
  });

  it('takes the same question asked again at once for another look-up', async () => {
    const { left } = QUERIES(0.1);
    const { result } = await judge({ left, right: left }, 'dns-retry');
    expect(result).toBe('healthy');
  });

  it('does not apply without DNS', async () => {
    const frames: Lane = [
      [0, udpFrame({ source: CLIENT, destination: '10.0.0.9:514', payload: 'log' })],
    ];
    expect((await judge({ left: frames }, 'dns-retry')).result).toBe('notApplicable');
  });
});

describe('unanswered-arp', () => {
  const ask = arpFrame({
    operation: 'request',
    senderMac: MAC.client,
    sender: '10.0.0.1',
    target: '10.0.0.9',
  });
  const answer = arpFrame({
    operation: 'reply',
    senderMac: MAC.server,
    sender: '10.0.0.9',
    targetMac: MAC.client,
    target: '10.0.0.1',
  });
  const syn = (ipId: number) =>
    tcpFrame({
      ...toServer,
      source: '10.0.0.1:41000',
      destination: '10.0.0.9:80',
      flags: 'S',
      sequence: 77,
      ipId,
    });
  const requests: Lane = [
    [0, ask],
    [1.01, ask],
    [2.03, ask],
  ];
  const syns: Lane = [
    [0.0001, syn(1)],
    [1.02, syn(2)],
    [3.05, syn(3)],
  ];

  it('finds the address that nobody answers for, and who waits for it', async () => {
    const { finding } = await judge(
      { left: [...requests, ...syns], right: requests },
      'unanswered-arp',
    );
    expect(finding).toMatchObject({ severity: 'failure' });
    expect(finding?.summary).toContain('1 connection to it got nowhere');
  });

  it('is silent where nobody needs the address, and where it answers', async () => {
    expect((await judge({ left: requests, right: requests }, 'unanswered-arp')).result).toBe(
      'healthy',
    );
    const answered: Lane = [...requests, [0.5, answer]];
    const { result } = await judge(
      { left: [...answered, ...syns], right: answered },
      'unanswered-arp',
    );
    expect(result).toBe('healthy');
  });
});

describe('stale-udp-translation', () => {
  const service = '172.30.0.7:514';
  const send = (client: string, server: string, ipId: number, payload: string) =>
    udpFrame({ ...toServer, source: client, destination: server, ipId, payload });
  const answer = (server: string, client: string, ipId: number, payload: string) =>
    udpFrame({ ...toClient, source: server, destination: client, ipId, payload });
  const stale = (server: string): Lane =>
    [1, 2, 3, 4].map((n) => [n, send('10.0.0.1:5000', server, n, `stale message ${n}`)]);
  const fine = (server: string, back: string): Lane => [
    [1.5, send('10.0.0.1:6000', server, 20, 'fine message')],
    [1.6, answer(back, '10.0.0.1:6000', 21, 'fine answer')],
  ];
  const silence: Lane = [0.9, 1.9, 2.9, 3.9].map((at) => [
    at,
    arpFrame({
      operation: 'request',
      senderMac: MAC.client,
      sender: '10.0.0.254',
      target: '10.0.0.8',
    }),
  ]);

  it('finds the socket that is led to an endpoint that is gone', async () => {
    const { finding } = await judge(
      {
        left: [...stale(service), ...fine(service, service)],
        right: [...stale('10.0.0.8:514'), ...fine('10.0.0.9:514', '10.0.0.9:514'), ...silence],
      },
      'stale-udp-translation',
    );
    expect(finding).toMatchObject({ severity: 'failure' });
    expect(finding?.title).toContain('10.0.0.8:514, which is gone');
  });

  it('is silent where nothing says that the endpoint is gone: UDP need not be answered', async () => {
    const { result } = await judge(
      {
        left: [...stale(service), ...fine(service, service)],
        right: [...stale('10.0.0.8:514'), ...fine('10.0.0.9:514', '10.0.0.9:514')],
      },
      'stale-udp-translation',
    );
    expect(result).toBe('healthy');
  });

  it('takes ICMP for a sign as well', async () => {
    const unreachable = icmpFrame({
      ...toClient,
      source: '10.0.0.254',
      destination: '10.0.0.1',
      type: 3,
      code: 1,
      payload: 28,
    });
    const { result } = await judge(
      {
        left: [...stale(service), ...fine(service, service), [2.001, unreachable]],
        right: [...stale('10.0.0.8:514'), ...fine('10.0.0.9:514', '10.0.0.9:514')],
      },
      'stale-udp-translation',
    );
    expect(result).toBe('found');
  });
});

describe('outer-checksum-drop', () => {
  const inner = (ipId: number, sequence = 7) =>
    tcpFrame({
      ...toServer,
      source: '10.0.0.1:42000',
      destination: '10.0.0.2:80',
      flags: 'S',
      sequence,
      ipId,
    });
  const wrapped = (ipId: number, sum: number, sequence?: number) => {
    const bytes = vxlanFrame({
      source: '192.0.2.1:50000',
      destination: '192.0.2.2:4789',
      vni: 1,
      inner: inner(ipId, sequence),
    });
    return sum === 0
      ? bytes
      : Uint8Array.from(bytes, (byte, at) => (at === 41 ? byte ^ sum : byte));
  };
  const later: Lane = [[9, inner(9, 99)]];
  const tries = [1, 2, 4, 8];
  const lanes = (sum: number): Record<string, Lane> => ({
    pod: [[0, inner(8, 55)], ...tries.map((at, n) => [at, inner(n + 1)] as const), ...later],
    uplink: [
      [0.0001, wrapped(8, 0, 55)],
      ...tries.map((at, n) => [at + 0.0001, wrapped(n + 1, sum)] as const),
      [9.0001, wrapped(9, 0, 99)],
    ],
    peer: [
      [0.0002, inner(8, 55)],
      [9.0002, inner(9, 99)],
    ],
  });

  it('finds what is lost behind a wrong outer checksum', async () => {
    const { result } = await judge(lanes(0x5a), 'outer-checksum-drop');
    expect(result).toBe('found');
  });

  it('is silent where the checksum is right', async () => {
    expect((await judge(lanes(0), 'outer-checksum-drop')).result).toBe('healthy');
  });
});

describe('slow-endpoint', () => {
  const exchange = (waits: readonly number[]) => `
  cli = 10.0.0.1:40000
  srv = 10.0.0.2:8443
  time   packet   | left    | right
  0      > S      | cli>srv | cli>srv
  0.0002 < SA     | srv>cli | srv>cli
  0.0004 > A      | cli>srv | cli>srv
${waits
  .map(
    (wait, n) => `  ${n * 10 + 1}    > P/${40 + n}  | cli>srv | cli>srv
  ${n * 10 + 1.001 + wait} < P/300 | srv>cli | srv>cli
  ${n * 10 + 1.002 + wait} > A     | cli>srv | cli>srv`,
  )
  .join('\n')}`;
  const judgeArt = async (waits: readonly number[]) => {
    const { diagnosis } = await analyseTextArt(exchange(waits));
    return diagnosis.findings.find(({ rule }) => rule === 'slow-endpoint');
  };

  it('finds a response that stands out, and measures it at the server', async () => {
    const finding = await judgeArt([0.01, 3, 0.02, 0.01]);
    expect(finding).toMatchObject({ severity: 'warning' });
    expect(finding?.title).toBe('10.0.0.2:8443 takes up to 3 s to answer');
  });

  it('takes no keep-alive for a request, nor a repetition', async () => {
    const quick = exchange([0.01, 0.01, 0.01]);
    expect(quick).toContain('  21    > P/42');
    const { diagnosis } = await analyseTextArt(
      quick
        .replace(
          /( {2}21 {4}> P\/42)/,
          `  14    > P/1 seq=2204581255 ack=1193647 | cli>srv | cli>srv
  14.1  < A   | srv>cli | srv>cli
$1`,
        )
        .replace(
          /$/,
          `
  23    > P/1 seq=2204581297 ack=1193947 | cli>srv | cli>srv
  23.1  < A   | srv>cli | srv>cli
  29    < P/70 | srv>cli | srv>cli`,
        ),
    );
    expect(diagnosis.findings.map(({ rule }) => rule)).not.toContain('slow-endpoint');
  });

  it('only notes what may be a long poll', async () => {
    expect(await judgeArt([4, 4, 4])).toMatchObject({ severity: 'note' });
  });

  it('is silent about healthy captures', async () => {
    const { diagnosis } = await analyseSources(scenarioSources('sdn-healthy'));
    expect(diagnosis.rules.find(({ rule }) => rule === 'slow-endpoint')?.result).toBe('healthy');
  });
});
