// The path of the article's node, made up: five points, DNAT between the two passages of tun0, replies that by-pass tun0.
// For the scene's tests and pictures: retries, a reply not restored, a loss, a miss, an unknown end, a copy off the way.
import type { Point } from '../model/capture';
import type { ConnectionSummary, HopSummary } from '../model/connection';
import type { Finding } from '../model/finding';
import { STATUS_IPV4, STATUS_TIMESTAMPS, STATUS_TRANSPORT } from '../model/packet-status';
import type { Annotation } from '../model/snapshot';
import { TCP_ACK, TCP_FIN, TCP_PSH, TCP_RST, TCP_SYN } from '../model/tcp-flags';
import { buildWindow, type JourneySpec, type SightingSpec } from './window-builder';

export const CLIENT = '10.128.3.202:60170';
export const SERVICE = '172.30.249.115:9443';
export const TRANSLATED = '10.128.3.202:59906';
export const POD = '10.128.3.214:9443';

const NAMES = ['cpe-eth0', 'node-veth5b024d2c', 'node-tun0', 'node-veth91c7e3aa', 'baw-eth0'];
const FILES = NAMES.map((name) => `${name}.pcap`);

export const NODE_POINTS: readonly Point[] = NAMES.map((name, index) => ({
  id: `p${index + 1}`,
  capture: index,
  name,
  interface: null,
  host: 'h1',
  frames: 100,
}));

/** Stops of the forward way as [point, passage], and ns after the packet was sent. */
const FORWARD: readonly (readonly [number, number, number])[] = [
  [0, 1, 0],
  [1, 1, 12_000],
  [2, 1, 302_000],
  [2, 2, 327_000],
  [3, 1, 358_000],
  [4, 1, 362_000],
];
const REVERSE: readonly (readonly [number, number, number])[] = [
  [4, 1, 0],
  [3, 1, 4_000],
  [1, 1, 40_000],
  [0, 1, 52_000],
];

const base = { status: STATUS_IPV4 | STATUS_TRANSPORT | STATUS_TIMESTAMPS, window: 64308 };

/** A packet along the way, its first `stops` stops; DNAT after the first passage of tun0 unless it goes straight to the pod. */
export function forward(
  time: number,
  packet: SightingSpec,
  stops = FORWARD.length,
  more: Partial<JourneySpec> = {},
  straight = false,
): JourneySpec {
  const way = straight ? FORWARD.filter(([point]) => point !== 2) : FORWARD;
  return {
    ...more,
    direction: 'forward',
    sightings: way.slice(0, stops).map(([point, passage, delay], index) => ({
      ...(index === 0 ? { ...base, ...packet } : {}),
      point,
      passage,
      time: time + delay,
      source: straight || index < 3 ? CLIENT : TRANSLATED,
      destination: straight ? POD : index < 3 ? SERVICE : POD,
    })),
  };
}

/** A reply; `restored` false: its port comes back, its source stays the pod's. */
export function reverse(
  time: number,
  packet: SightingSpec,
  restored = true,
  more: Partial<JourneySpec> = {},
): JourneySpec {
  return {
    ...more,
    direction: 'reverse',
    sightings: REVERSE.map(([point, passage, delay], index) => ({
      ...(index === 0 ? { ...base, ...packet } : {}),
      point,
      passage,
      time: time + delay,
      source: index < 2 || !restored ? POD : SERVICE,
      destination: index < 2 ? TRANSLATED : CLIENT,
    })),
  };
}

const SYN = { flags: TCP_SYN, sequence: 1_750_650_374, timestampValue: 1_713_889_923 };
const SYN_ACK = {
  flags: TCP_SYN | TCP_ACK,
  sequence: 2_835_703_864,
  acknowledgement: 1_750_650_375,
  timestampValue: 3_455_876_045,
  timestampEcho: 1_713_889_923,
};
const RST = { flags: TCP_RST, sequence: 1_750_650_375, status: STATUS_IPV4 | STATUS_TRANSPORT };
const SECOND = 1e9;

const connection = (id: string): ConnectionSummary => ({
  id,
  protocol: 'tcp',
  client: CLIENT,
  server: SERVICE,
  points: NODE_POINTS.map((point) => point.id),
  legs: [],
  translations: [
    {
      from: 'p3',
      to: 'p3/2',
      direction: 'forward',
      kind: 'dnat',
      before: SERVICE,
      after: POD,
    },
  ],
  handshake: 'failed',
  close: 'timeout',
  retransmissions: 3,
  journeys: 15,
  delivered: 15,
  lost: 0,
  missed: 0,
  unknown: 0,
  losses: [],
  firstTime: 0,
  lastTime: 5 * SECOND,
  forwardStops: ['p1', 'p2', 'p3', 'p3/2', 'p4', 'p5'],
  reverseStops: ['p5', 'p4', 'p2', 'p1'],
});

const hop = (
  from: string,
  to: string,
  direction: 'forward' | 'reverse',
  p50: number,
  lost = 0,
): HopSummary => ({
  from,
  to,
  direction,
  journeys: 20,
  lost,
  latencyNs: { min: p50 / 2, p50, p99: p50 * 3, max: p50 * 4, error: 0 },
});

export const NODE_HOPS: readonly HopSummary[] = [
  hop('p1', 'p2', 'forward', 12_000),
  hop('p2', 'p3', 'forward', 290_000),
  hop('p3', 'p3/2', 'forward', 25_000, 1),
  hop('p3/2', 'p4', 'forward', 31_000),
  hop('p4', 'p5', 'forward', 4_000),
  hop('p5', 'p4', 'reverse', 4_000),
  hop('p4', 'p2', 'reverse', 36_000),
  hop('p2', 'p1', 'reverse', 12_000),
];

/** The article's first case on five points: SYN-ACKs half translated, resets, SYN retries. */
export function failingHandshake() {
  const journeys: JourneySpec[] = [];
  [0, 1.012131, 2.036118, 4.084106].forEach((second, attempt) => {
    const at = second * SECOND;
    journeys.push(
      forward(
        at,
        { ...SYN, timestampValue: SYN.timestampValue + Math.round(second * 1000) },
        FORWARD.length,
        { retransmission: attempt > 0 },
      ),
      reverse(at + 380_000, SYN_ACK, false, { retransmission: attempt > 0 }),
      forward(at + 440_000, RST, 4, {}, true),
    );
  });
  return {
    window: buildWindow({ files: FILES, journeys }),
    points: NODE_POINTS,
    connections: [connection('c1')],
    hops: NODE_HOPS,
    finding: handshakeFinding,
    notes: [
      {
        id: 'n1',
        target: { kind: 'frame', file: FILES[4], frame: 3 },
        text: 'ignored by the server',
      },
    ] satisfies readonly Annotation[],
  };
}

const frames = (...cited: readonly (readonly [number, number])[]) =>
  cited.map(([file, frame]) => ({ file: FILES[file], frame }));

const handshakeFinding: Finding = {
  id: 'f1',
  rule: 'half-untranslated-reply',
  severity: 'failure',
  confidence: 0.98,
  grounds: [],
  cause: null,
  title: 'Reply half translated back',
  summary: 'The SYN-ACK keeps the address of the pod.',
  connections: ['c1'],
  between: ['p4', 'p2'],
  direction: 'reverse',
  steps: [
    { text: 'The client opens a connection.', frames: frames([0, 1]) },
    { text: 'The node translates.', frames: frames([2, 1], [2, 2]) },
    { text: 'The reply is restored by half.', frames: frames([4, 2], [0, 2]) },
    { text: 'The client resets.', frames: frames([0, 3]) },
    { text: 'The reset reaches the pod.', frames: frames([4, 3]) },
    { text: 'The SYN goes again.', frames: frames([0, 4]) },
  ],
  sibling: null,
  times: [],
  alternatives: [],
  confirm: [],
  evidence: [],
  fix: null,
  references: [],
};

/** Every fate and mark once, on the same path. */
export function everyMark() {
  const at = (millis: number) => millis * 1e6;
  const data = (sequence: number, payloadLength: number) => ({
    flags: TCP_PSH | TCP_ACK,
    sequence,
    acknowledgement: 2_835_703_865,
    payloadLength,
    timestampValue: 1_713_890_000,
    timestampEcho: 3_455_876_050,
  });
  const ack = { flags: TCP_ACK, sequence: 1_750_650_375, acknowledgement: 2_835_703_865 };
  const lost = forward(at(3), data(1_750_651_892, 1448), 3, {
    fate: 'lost',
    reason: 'sent-again',
    between: [
      [2, 1],
      [2, 2],
    ],
  });
  const missing = forward(at(2), data(1_750_650_375, 1517));
  const copied = forward(at(1), ack);
  const journeys: JourneySpec[] = [
    forward(at(0), SYN),
    reverse(at(0.4), SYN_ACK),
    {
      ...copied,
      sightings: [
        ...copied.sightings,
        {
          point: 4,
          passage: 1,
          branch: 1,
          time: at(1) + 700_000,
          source: CLIENT,
          destination: SERVICE,
        },
      ],
    },
    {
      ...missing,
      fate: 'missed',
      reason: 'seen-at-receiver',
      between: [
        [3, 1],
        [4, 1],
      ],
      sightings: missing.sightings.filter(({ point }) => point !== 3),
    },
    lost,
    forward(at(3.2), data(1_750_653_340, 740), 5, {
      fate: 'unknown',
      reason: 'capture-window',
    }),
    reverse(at(3.8), { ...ack, acknowledgement: 1_750_651_892 }),
    forward(at(214), data(1_750_651_892, 1448), FORWARD.length, { retransmission: true }),
    reverse(at(215), { ...ack, acknowledgement: 1_750_653_340 }),
    forward(at(216), { ...ack, flags: TCP_FIN | TCP_ACK }),
    reverse(at(217), { ...ack, flags: TCP_FIN | TCP_ACK }),
    forward(at(217.5), ack),
  ];
  return {
    window: buildWindow({ files: FILES, journeys }),
    points: NODE_POINTS,
    connections: [connection('c1')],
    hops: NODE_HOPS,
    finding: null,
    notes: [] as readonly Annotation[],
  };
}
