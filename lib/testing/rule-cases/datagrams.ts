// Captures of what is not TCP, built frame by frame: DNS queries, ARP, stale UDP translations, outer checksums of a tunnel.
import { arpFrame, tcpFrame, udpFrame, vxlanFrame } from '../frame-builder';
import type { Lane } from '../lane-captures';

export const MAC = { client: '0a:00:00:00:00:01', server: '0a:00:00:00:00:02' };
export const toServer = { sourceMac: MAC.client, destinationMac: MAC.server };
export const toClient = { sourceMac: MAC.server, destinationMac: MAC.client };
export const CLIENT = '10.0.0.1:40000';
export const DNS = '10.0.0.53:53';

export const dnsFrame = (id: number, text: string, ipId: number, answer = false): Uint8Array =>
  udpFrame({
    ...(answer ? toClient : toServer),
    source: answer ? DNS : CLIENT,
    destination: answer ? CLIENT : DNS,
    ipId,
    payload: Uint8Array.from([id >> 8, id & 255, answer ? 0x81 : 1, 0, ...Buffer.from(text)]),
  });

export const dnsQueries = (retryAt: number): { left: Lane; right: Lane } => ({
  left: [
    [0, dnsFrame(0x1111, 'a.example', 1)],
    [0.00002, dnsFrame(0x2222, 'aaaa.example', 2)],
    [0.001, dnsFrame(0x1111, 'a.example=1', 3, true)],
    [retryAt, dnsFrame(0x2222, 'aaaa.example', 4)],
    [retryAt + 0.001, dnsFrame(0x2222, 'aaaa.example=1', 5, true)],
  ],
  right: [
    [0.0001, dnsFrame(0x1111, 'a.example', 1)],
    [0.0009, dnsFrame(0x1111, 'a.example=1', 3, true)],
    [retryAt + 0.0001, dnsFrame(0x2222, 'aaaa.example', 4)],
    [retryAt + 0.0009, dnsFrame(0x2222, 'aaaa.example=1', 5, true)],
  ],
});

export const arpAsk = arpFrame({
  operation: 'request',
  senderMac: MAC.client,
  sender: '10.0.0.1',
  target: '10.0.0.9',
});
export const arpAnswer = arpFrame({
  operation: 'reply',
  senderMac: MAC.server,
  sender: '10.0.0.9',
  targetMac: MAC.client,
  target: '10.0.0.1',
});
export const arpSyn = (ipId: number) =>
  tcpFrame({
    ...toServer,
    source: '10.0.0.1:41000',
    destination: '10.0.0.9:80',
    flags: 'S',
    sequence: 77,
    ipId,
  });
export const arpRequests: Lane = [
  [0, arpAsk],
  [1.01, arpAsk],
  [2.03, arpAsk],
];
export const arpSyns: Lane = [
  [0.0001, arpSyn(1)],
  [1.02, arpSyn(2)],
  [3.05, arpSyn(3)],
];

export const staleService = '172.30.0.7:514';
export const sendDatagram = (client: string, server: string, ipId: number, payload: string) =>
  udpFrame({ ...toServer, source: client, destination: server, ipId, payload });
export const answerDatagram = (server: string, client: string, ipId: number, payload: string) =>
  udpFrame({ ...toClient, source: server, destination: client, ipId, payload });
export const staleLane = (server: string): Lane =>
  [1, 2, 3, 4].map((n) => [n, sendDatagram('10.0.0.1:5000', server, n, `staleLane message ${n}`)]);
export const fineLane = (server: string, back: string): Lane => [
  [1.5, sendDatagram('10.0.0.1:6000', server, 20, 'fine message')],
  [1.6, answerDatagram(back, '10.0.0.1:6000', 21, 'fine answer')],
];
export const staleSilence: Lane = [0.9, 1.9, 2.9, 3.9].map((at) => [
  at,
  arpFrame({
    operation: 'request',
    senderMac: MAC.client,
    sender: '10.0.0.254',
    target: '10.0.0.8',
  }),
]);

export const innerSyn = (ipId: number, sequence = 7) =>
  tcpFrame({
    ...toServer,
    source: '10.0.0.1:42000',
    destination: '10.0.0.2:80',
    flags: 'S',
    sequence,
    ipId,
  });
export const wrappedSyn = (ipId: number, sum: number, sequence?: number) => {
  const bytes = vxlanFrame({
    source: '192.0.2.1:50000',
    destination: '192.0.2.2:4789',
    vni: 1,
    inner: innerSyn(ipId, sequence),
  });
  return sum === 0 ? bytes : Uint8Array.from(bytes, (byte, at) => (at === 41 ? byte ^ sum : byte));
};
export const laterSyn: Lane = [[9, innerSyn(9, 99)]];
export const synTries = [1, 2, 4, 8];
export const outerChecksums = (sum: number): Record<string, Lane> => ({
  pod: [
    [0, innerSyn(8, 55)],
    ...synTries.map((at, n) => [at, innerSyn(n + 1)] as const),
    ...laterSyn,
  ],
  uplink: [
    [0.0001, wrappedSyn(8, 0, 55)],
    ...synTries.map((at, n) => [at + 0.0001, wrappedSyn(n + 1, sum)] as const),
    [9.0001, wrappedSyn(9, 0, 99)],
  ],
  peer: [
    [0.0002, innerSyn(8, 55)],
    [9.0002, innerSyn(9, 99)],
  ],
});
