// What ICMP errors say of the very packets that they quote: refusals early, late and of datagrams, path MTU discovery, loops.
import { describe, expect, it } from 'vitest';
import { analyseSources } from '../../engine/analyse';
import { icmpFrame, type TcpSpec, tcpFrame, udpFrame } from '../../testing/frame-builder';
import { type Lane, laneSources } from '../../testing/lane-captures';

const CLIENT = '10.0.0.1:40000';
const SERVER = '10.0.0.2:80';
const ROUTER = '10.0.0.254';
type Timed = readonly [number, Uint8Array];

const judge = async (lanes: Readonly<Record<string, Lane>>) => {
  const { diagnosis } = await analyseSources(laneSources(lanes));
  return diagnosis.findings.filter(({ severity }) => severity !== 'note');
};
const rulesOf = async (lanes: Readonly<Record<string, Lane>>) =>
  (await judge(lanes)).map(({ rule }) => rule);

const raw = (spec: TcpSpec) => tcpFrame({ ...spec, link: 'raw' });
/** The error that `code` stands for, quoting the packet's headers and 8 bytes. */
const error = (type: number, code: number, quoted: Uint8Array, mtu = 0) =>
  icmpFrame({
    source: ROUTER,
    destination: '10.0.0.1',
    type,
    code,
    sequence: mtu,
    payload: quoted.subarray(0, 48),
  });
const syn: TcpSpec = { source: CLIENT, destination: SERVER, flags: 'S', sequence: 1000, ipId: 7 };
const synAck: TcpSpec = {
  source: SERVER,
  destination: CLIENT,
  flags: 'S.',
  sequence: 9000,
  acknowledgement: 1001,
};
const ack: TcpSpec = {
  source: CLIENT,
  destination: SERVER,
  sequence: 1001,
  acknowledgement: 9001,
  ipId: 8,
};
const data = (sequence: number, payload: number, ipId: number): TcpSpec => ({
  ...ack,
  flags: 'P.',
  sequence,
  payload,
  ipId,
});
const acked = (acknowledgement: number): TcpSpec => ({
  source: SERVER,
  destination: CLIENT,
  sequence: 9001,
  acknowledgement,
});
/** Seen left, then right 20 µs later; from the server right first. */
const both = (at: number, spec: TcpSpec): { left: Timed; right: Timed } => {
  const frame = tcpFrame(spec);
  const back = spec.source === SERVER;
  return { left: [at + (back ? 2e-5 : 0), frame], right: [at + (back ? 0 : 2e-5), frame] };
};
/** Two lanes; `left` alone shows what else is given. */
const path = (passing: readonly { left: Timed; right: Timed }[], left: readonly Timed[]) => ({
  left: [...passing.map((one) => one.left), ...left],
  right: passing.map((one) => one.right),
});
const OPEN = [both(0, syn), both(0.0002, synAck), both(0.0004, ack)];

describe('refused-connection, by the packet that the error quotes', () => {
  const other: TcpSpec = { ...syn, source: '10.0.0.9:555', destination: '10.0.0.8:443' };
  const unreachable = (quoted: TcpSpec): Timed => [3.07, error(3, 1, raw(quoted))];

  it('takes an error that comes seconds later, where it quotes the SYN', async () => {
    const [finding, ...more] = await judge({ left: [[0, tcpFrame(syn)], unreachable(syn)] });
    expect(more).toEqual([]);
    expect(finding).toMatchObject({
      rule: 'refused-connection',
      severity: 'failure',
      confidence: 0.9,
    });
    expect(finding.summary).toContain('host unreachable');
    expect(finding.steps[1].text).toContain(`${CLIENT} > ${SERVER}, seq 1000`);
    expect(finding.confirm[0].command).toBe('ip route get 10.0.0.2');
  });

  it('is silent where the error quotes another connection', async () => {
    expect(await rulesOf({ left: [[0, tcpFrame(syn)], unreachable(other)] })).toEqual([]);
  });

  const again = [2, 3, 4].map((n): Timed => [n, tcpFrame(data(1001, 8, 10 + n))]);
  const cutOff: readonly Timed[] = [
    [1, tcpFrame(data(1001, 8, 9))],
    [1.0001, error(3, 0, raw(data(1001, 8, 9)))],
    ...again,
  ];

  it('tells an open connection that is cut off', async () => {
    const [finding, ...more] = await judge(path(OPEN, cutOff));
    expect(more).toEqual([]);
    expect(finding).toMatchObject({
      rule: 'refused-connection',
      severity: 'failure',
      confidence: 0.9,
    });
    expect(finding.title).toBe(`An open connection to ${SERVER} is cut off: network unreachable`);
    expect(finding.steps[1].frames).toEqual([{ file: 'left.pcap', frame: 5 }]);
    expect(finding.steps[2].frames.map(({ frame }) => frame)).toEqual([6, 7, 8]);
  });

  it('is silent where the peer answers after all', async () => {
    const recovered = [...OPEN, both(4.5, data(1001, 8, 20)), both(4.501, acked(1009))];
    expect(await rulesOf(path(recovered, cutOff))).not.toContain('refused-connection');
  });

  const query = (server: string): TcpSpec => ({ source: CLIENT, destination: server, payload: 40 });
  const datagrams = (server: string, answered: boolean): Lane => [
    [0, udpFrame(query(server))],
    ...(answered
      ? [[0.0005, udpFrame({ source: server, destination: CLIENT, payload: 60 })] as const]
      : []),
    [0.001, error(3, 3, udpFrame({ ...query(server), link: 'raw' }))],
  ];

  it('tells datagrams that nobody takes', async () => {
    const findings = await judge({ left: datagrams('10.0.0.2:53', false) });
    expect(findings.map(({ title }) => title)).toEqual([
      'Datagrams to 10.0.0.2:53 are refused: port unreachable',
    ]);
  });

  it('is silent about traceroute, and about answers beside the error', async () => {
    expect(await rulesOf({ left: datagrams('10.0.0.2:33440', false) })).toEqual([]);
    expect(await rulesOf({ left: datagrams('10.0.0.2:53', true) })).toEqual([]);
  });
});

describe('path MTU discovery', () => {
  const large = [0, 1].map(
    (n): Timed => [1 + n / 1e5, tcpFrame(data(1001 + n * 1448, 1448, 20 + n))],
  );
  const told: Timed = [1.0001, error(3, 4, raw(data(1001, 1448, 20)), 1450)];
  const smaller = [0, 1, 2].map((n) =>
    both(1.001 + n / 1e5, data(1001 + n * 1398, Math.min(1398, 2896 - n * 1398), 30 + n)),
  );
  const arrived = [...OPEN, ...smaller, both(1.002, acked(1001 + 2896))];

  it('loses large segments rightly: the sender is told, and sends smaller ones', async () => {
    expect(await rulesOf(path(arrived, [...large, told]))).toEqual([]);
  });

  it('is path-loss, its sibling, where nobody says so', async () => {
    expect(await rulesOf(path(arrived, large))).toEqual(['path-loss']);
  });

  const stuck = [0.2, 0.6, 1.4, 3].map((at): Timed => [1 + at, tcpFrame(data(1001, 1448, 40))]);

  it('is a black hole where the sender never hears of it, in a connection that had just opened', async () => {
    const other: TcpSpec = { ...syn, source: '10.0.0.1:40001', sequence: 5, ipId: 1 };
    const [finding, ...more] = await judge(
      path([...OPEN, both(6, other), both(6.1, { ...other, flags: 'R' })], [...large, ...stuck]),
    );
    expect(more.map(({ rule }) => rule)).toEqual([]);
    expect(finding).toMatchObject({ rule: 'mtu-black-hole', severity: 'failure' });
  });
});

describe('path-loss, in a loop', () => {
  const circling = (ttls: readonly number[]) => ({
    left: [
      [0, tcpFrame({ ...syn, ttl: 64 })] as const,
      ...ttls.map(
        (_, n) => [0.5 + n, tcpFrame({ ...syn, source: `10.0.0.3:${n}`, ipId: n })] as const,
      ),
    ],
    right: ttls.map((ttl, n): Timed => [0.0001 * (n + 1), tcpFrame({ ...syn, ttl })]),
  });

  it('tells a packet that comes by again and again with less TTL', async () => {
    const findings = await judge(circling([63, 61, 59, 57, 55]));
    expect(findings.map(({ title }) => title)).toEqual([
      'Packets to 10.0.0.2 circle until their TTL is used up',
    ]);
    expect(findings[0].steps[1].frames).toHaveLength(5);
  });

  it('is silent where it comes by twice, routed and bridged', async () => {
    expect(await rulesOf(circling([64, 63]))).not.toContain('path-loss');
  });
});
