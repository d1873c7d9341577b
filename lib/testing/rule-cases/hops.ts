// Captures of how one hop treats packets, built frame by frame: slow for some, unfair to fragments, damaging, doubling.
import { memorySource } from '../../read/byte-source';
import { pcapFile } from '../capture-file';
import { type TcpSpec, tcpFrame, udpFrame } from '../frame-builder';
import type { Lane } from '../lane-captures';

export const HOP_SERVER = '10.1.0.1:80';

/** A packet of a connection: when it is sent, by whom, and how long it takes from one point to the other. */
export type Sent = readonly [at: number, by: 'client' | 'server', flags: string, delay: number];

/** Two lanes of one host. Every packet carries bytes of its own. */
export function hopLanes(connections: readonly (readonly Sent[])[]): { left: Lane; right: Lane } {
  const left: [number, Uint8Array][] = [];
  const right: [number, Uint8Array][] = [];
  connections.forEach((packets, index) => {
    const client = `10.0.0.1:${40_000 + index}`;
    const next = { client: 1000 * (index + 1), server: 900_000 + 1000 * index };
    packets.forEach(([at, by, flags, delay], number) => {
      const peer = by === 'client' ? 'server' : 'client';
      const payload = flags === 'P.' ? 40 + number : 0;
      const bytes = tcpFrame({
        source: by === 'client' ? client : HOP_SERVER,
        destination: by === 'client' ? HOP_SERVER : client,
        sourceMac: by === 'client' ? '0a:00:00:00:00:01' : '0a:00:00:00:00:02',
        destinationMac: by === 'client' ? '0a:00:00:00:00:02' : '0a:00:00:00:00:01',
        flags,
        sequence: next[by],
        acknowledgement: flags === 'S' ? 0 : next[peer],
        payload,
        ipId: 100 * index + number + 1,
        window: 500,
      });
      next[by] += payload + (flags.includes('S') ? 1 : 0);
      (by === 'client' ? left : right).push([at, bytes]);
      (by === 'client' ? right : left).push([at + delay, bytes]);
    });
  });
  return { left, right };
}

export const QUICK = 0.00003;

export const hopExchange = (at: number, firstDelay: number): readonly Sent[] => [
  [at, 'client', 'S', firstDelay],
  [at + 0.05, 'server', 'S.', QUICK],
  [at + 0.051, 'client', '.', QUICK],
  [at + 0.052, 'client', 'P.', QUICK],
  [at + 0.053, 'server', 'P.', QUICK],
  [at + 0.054, 'client', 'P.', QUICK],
  [at + 0.055, 'server', 'P.', QUICK],
];

/** Requests of one connection, each with how long it and its response take over the hop, s. */
export const heldBack = (requests: readonly (readonly [there: number, back: number])[]) => [
  [0, 'client', 'S', QUICK] as Sent,
  [0.001, 'server', 'S.', QUICK] as Sent,
  [0.002, 'client', '.', QUICK] as Sent,
  ...requests.flatMap(([there, back], n): Sent[] => [
    [10 * n + 1, 'client', 'P.', there],
    [10 * n + 1.001 + there, 'server', 'P.', back],
    [10 * n + 1.002 + there + back, 'client', '.', QUICK],
  ]),
];

export const rested = (gap: number, delay: number): readonly Sent[] => [
  ...hopExchange(0, QUICK),
  ...[1, 2, 3, 4].flatMap((round): Sent[] => [
    [round * gap, 'client', 'P.', delay],
    [round * gap + 0.02, 'server', 'P.', QUICK],
    [round * gap + 0.03, 'client', 'P.', QUICK],
    [round * gap + 0.04, 'client', 'P.', QUICK],
  ]),
];

export const fragmentFrame = (ipId: number, later: boolean): Uint8Array =>
  udpFrame({
    source: '10.0.0.1:5000',
    destination: '10.1.0.1:6000',
    sourceMac: '0a:00:00:00:00:01',
    destinationMac: '0a:00:00:00:00:02',
    ipId,
    ...(later ? { fragmentOffset: 1480 } : { moreFragments: true }),
    payload: later ? 300 + ipId : 1472,
  });
export const fragmentLanes = (passes: (later: boolean) => boolean, extra: Lane = []) => {
  const left: Lane = [1, 2, 3].flatMap((ipId) => [
    [ipId, fragmentFrame(ipId, false)] as const,
    [ipId + 0.0001, fragmentFrame(ipId, true)] as const,
  ]);
  const whole: Lane = [
    [0.5, fragmentFrame(9, false)],
    [0.5001, fragmentFrame(9, true)],
  ];
  return {
    left: [...whole, ...left, ...extra],
    right: [
      ...whole.map(([at, bytes]) => [at + QUICK, bytes] as const),
      ...left.flatMap(([at, bytes], index) =>
        passes(index % 2 === 1) ? [[at + QUICK, bytes] as const] : [],
      ),
    ],
  };
};

/** Of an Ethernet frame with IPv4 and TCP, without options in front. */
export const CHECKSUM_AT = 14 + 20 + 16;

export function damaged(bytes: Uint8Array): Uint8Array {
  const copy = bytes.slice();
  copy[CHECKSUM_AT] ^= 0x55;
  return copy;
}

export const sentSyn = (ipId: number): TcpSpec => ({
  source: '10.0.0.1:40000',
  destination: '10.0.0.2:80',
  flags: 'S',
  sequence: 1000,
  ipId,
  window: 500,
});
export const synAck = tcpFrame({
  source: '10.0.0.2:80',
  destination: '10.0.0.1:40000',
  flags: 'S.',
  sequence: 5,
  acknowledgement: 1001,
});
export const ack = tcpFrame({ ...sentSyn(9), flags: '.', sequence: 1001, acknowledgement: 6 });
export const SENT = [0, 1.02, 3.06];
export const synLane = (delay: number, change: (bytes: Uint8Array) => Uint8Array): Lane =>
  SENT.map((at, n) => [at + delay, change(tcpFrame(sentSyn(n + 1)))]);
export const asIs = (bytes: Uint8Array) => bytes;

export const START = 1_700_000_000_000_000_000n;
export const CLIENT_MAC = '0a:58:0a:f4:01:11';
export const SERVER_MAC = '0a:58:0a:f4:01:17';
export const BRIDGE_MAC = '0a:58:0a:f4:01:01';

/** Five data packets to a service; what the server's interface sees of each, as TTL and MAC. */
export const bridgeCase = (arrivals: readonly (readonly [ttl: number, mac: string])[]) => {
  const frame = (n: number, atServer: boolean, ttl: number, destinationMac: string) =>
    tcpFrame({
      source: '10.244.1.17:36190',
      destination: atServer ? '10.244.1.23:8080' : '10.96.44.7:80',
      sourceMac: atServer && ttl === 63 ? BRIDGE_MAC : CLIENT_MAC,
      destinationMac,
      ttl,
      ipId: 100 + n,
      flags: 'P.',
      sequence: 1000 + n * 10,
      acknowledgement: 5,
      payload: 10,
    });
  const time = (micros: number) => START + BigInt(micros) * 1000n;
  const packets = [0, 1, 2, 3, 4];
  const client = packets.map((n) => ({
    timeNs: time(n * 1000),
    bytes: frame(n, false, 64, BRIDGE_MAC),
  }));
  const server = packets.flatMap((n) =>
    arrivals.map(([ttl, mac], index) => ({
      timeNs: time(n * 1000 + 20 + index * 15),
      bytes: frame(n, true, ttl, mac),
    })),
  );
  return [
    memorySource(pcapFile(client), 'web-eth0.pcap'),
    memorySource(pcapFile(server), 'api-eth0.pcap'),
  ];
};

/** A connection whose segment is sent again and again: how each transmission comes to the right lane; `next`: what follows is another segment. */
export function segmentLanes(harmed: readonly (boolean | 'next')[]): { left: Lane; right: Lane } {
  const left: [number, Uint8Array][] = [];
  const right: [number, Uint8Array][] = [];
  const send = (at: number, spec: Partial<TcpSpec>, isHarmed = false): void => {
    const bytes = tcpFrame({ ...sentSyn(left.length + 1), ...spec });
    left.push([at, bytes]);
    right.push([at + 3e-5, isHarmed ? damaged(bytes) : bytes]);
  };
  const answer = (at: number, spec: Partial<TcpSpec>): void => {
    const { source, destination } = sentSyn(0);
    const ends = { source: destination, destination: source, ipId: 500 + left.length };
    const bytes = tcpFrame({ ...sentSyn(0), sequence: 6, ...ends, ...spec });
    right.push([at, bytes]);
    left.push([at + 3e-5, bytes]);
  };
  send(0, {});
  answer(0.001, { flags: 'S.', sequence: 5, acknowledgement: 1001 });
  send(0.002, { flags: '.', sequence: 1001, acknowledgement: 6 });
  let sequence = 1001;
  harmed.forEach((isHarmed, n) => {
    if (isHarmed === 'next') sequence += 200;
    else send(0.1 + n, { flags: 'P.', sequence, acknowledgement: 6, payload: 200 }, isHarmed);
  });
  answer(0.2 + harmed.length, { flags: '.', acknowledgement: sequence + 200 });
  return { left, right };
}
