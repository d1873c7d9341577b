// The article's section 3.1 as a snapshot: what an analysis of its two captures keeps, frame for frame, with one finding and a note.
// For tests of links, reports and their readers, which must not wait for an engine.
import type { ConnectionSummary } from '../model/connection';
import type { Finding } from '../model/finding';
import { STATUS_IPV4, STATUS_TIMESTAMPS, STATUS_TRANSPORT } from '../model/packet-status';
import type { CaseSnapshot } from '../model/snapshot';
import { TCP_ACK, TCP_RST, TCP_SYN } from '../model/tcp-flags';
import { buildWindow, type JourneySpec, type SightingSpec } from './window-builder';

export const ARTICLE_BASE_TIME = '1610442842111000000';
const CPE = 'article-3.1-cpe.pcap';
const BAW = 'article-3.1-baw.pcap';
const CONNECTION = 'k1f0c7a52d9e3b846-1';

const CLIENT = '10.128.3.202:60170';
const SERVICE = '172.30.249.115:9443';
const TRANSLATED = '10.128.3.202:59906';
const POD = '10.128.3.214:9443';
const CPE_MAC = '0a:58:0a:80:03:ca';
const BAW_MAC = '0a:58:0a:80:03:d6';
const GATEWAY_MAC = '0a:58:0a:80:02:01';

const SEQUENCE = 2_204_581_174;
const SERVER_SEQUENCE = 905_514_022;
const FIRST_TIMESTAMP = 1_713_889_923;

/** Point 0 is baw, point 1 cpe: in order of file name. */
const at = (point: number, frame: number, microseconds: number): SightingSpec => ({
  point,
  frame,
  time: microseconds * 1000,
});

/** [frame at cpe, µs there, frame at baw, µs there, TSval] */
type Row = readonly [number, number, number, number, number];

const SYNS: readonly Row[] = [
  [1, 0, 1, 140, 1_713_889_923],
  [4, 1_007_000, 5, 1_007_140, 1_713_890_930],
  [9, 3_058_000, 10, 3_058_140, 1_713_892_981],
  [14, 7_096_000, 15, 7_096_140, 1_713_897_019],
  [19, 15_173_000, 20, 15_173_140, 1_713_905_096],
];

const SYN_ACKS: readonly Row[] = [
  [2, 340, 2, 200, 3_455_876_045],
  [5, 1_007_240, 4, 1_007_100, 3_455_877_052],
  [7, 1_008_740, 7, 1_008_600, 3_455_877_053],
  [10, 3_058_240, 9, 3_058_100, 3_455_879_103],
  [12, 3_059_740, 12, 3_059_600, 3_455_879_104],
  [15, 7_096_240, 14, 7_096_100, 3_455_883_141],
  [17, 7_097_740, 17, 7_097_600, 3_455_883_142],
  [20, 15_173_240, 19, 15_173_100, 3_455_891_218],
  [22, 15_174_740, 22, 15_174_600, 3_455_891_219],
];

const HANDSHAKE_FIELDS = {
  window: 64_860,
  wireLength: 74,
  mss: 1410,
  windowScale: 7,
  status: STATUS_IPV4 | STATUS_TRANSPORT | STATUS_TIMESTAMPS,
};

const syns = SYNS.map(
  ([cpeFrame, cpeTime, bawFrame, bawTime, timestampValue], retry): JourneySpec => ({
    connection: CONNECTION,
    retransmission: retry > 0,
    sightings: [
      {
        ...at(1, cpeFrame, cpeTime),
        ...HANDSHAKE_FIELDS,
        source: CLIENT,
        destination: SERVICE,
        sourceMac: CPE_MAC,
        destinationMac: GATEWAY_MAC,
        sequence: SEQUENCE,
        flags: TCP_SYN,
        timestampValue,
        ttl: 64,
        ipId: 0x1004 + retry,
      },
      {
        ...at(0, bawFrame, bawTime),
        source: TRANSLATED,
        destination: POD,
        sourceMac: GATEWAY_MAC,
        destinationMac: BAW_MAC,
        ttl: 63,
      },
    ],
  }),
);

const synAcks = SYN_ACKS.map(
  ([cpeFrame, cpeTime, bawFrame, bawTime, timestampValue], index): JourneySpec => ({
    connection: CONNECTION,
    direction: 'reverse',
    retransmission: index > 0,
    sightings: [
      {
        ...at(0, bawFrame, bawTime),
        ...HANDSHAKE_FIELDS,
        source: POD,
        destination: TRANSLATED,
        sourceMac: BAW_MAC,
        destinationMac: CPE_MAC,
        sequence: SERVER_SEQUENCE,
        acknowledgement: SEQUENCE + 1,
        flags: TCP_SYN | TCP_ACK,
        timestampValue,
        timestampEcho: FIRST_TIMESTAMP,
      },
      { ...at(1, cpeFrame, cpeTime), destination: CLIENT },
    ],
  }),
);

/** Each SYN-ACK is answered by a reset 12 µs later, which reaches baw under the same number, with the port that it does not know. */
const resets = SYN_ACKS.map(
  ([cpeFrame, cpeTime, , bawTime]): JourneySpec => ({
    connection: CONNECTION,
    sightings: [
      {
        ...at(1, cpeFrame + 1, cpeTime + 12),
        source: CLIENT,
        destination: POD,
        sourceMac: CPE_MAC,
        destinationMac: BAW_MAC,
        sequence: SEQUENCE + 1,
        flags: TCP_RST,
        wireLength: 54,
        status: STATUS_IPV4 | STATUS_TRANSPORT,
      },
      at(0, cpeFrame + 1, bawTime + 292),
    ],
  }),
);

const connection: ConnectionSummary = {
  id: CONNECTION,
  protocol: 'tcp',
  client: CLIENT,
  server: SERVICE,
  points: ['p2', 'p1'],
  legs: [
    { point: 'p2', client: CLIENT, server: SERVICE },
    { point: 'p1', client: TRANSLATED, server: POD },
  ],
  translations: [
    { from: 'p2', to: 'p1', direction: 'forward', kind: 'dnat', before: SERVICE, after: POD },
    { from: 'p2', to: 'p1', direction: 'forward', kind: 'snat', before: CLIENT, after: TRANSLATED },
    {
      from: 'p1',
      to: 'p2',
      direction: 'reverse',
      kind: 'un-snat',
      before: TRANSLATED,
      after: CLIENT,
    },
  ],
  handshake: 'failed',
  close: 'timeout',
  retransmissions: 12,
  journeys: 23,
  delivered: 23,
  lost: 0,
  missed: 0,
  unknown: 0,
  losses: [],
  firstTime: 0,
  lastTime: 15_174_892_000,
  forwardStops: ['p2', 'p1'],
  reverseStops: ['p1', 'p2'],
};

const cpe = (...frames: number[]) => frames.map((frame) => ({ file: CPE, frame }));
const baw = (...frames: number[]) => frames.map((frame) => ({ file: BAW, frame }));

const finding: Finding = {
  id: 'half-untranslated-reply-k1f0c7a52d9e3b846-1',
  rule: 'half-untranslated-reply',
  severity: 'failure',
  confidence: 0.98,
  grounds: [
    { text: 'Both sides of the translation are in the captures.', speaks: 'for' },
    { text: 'It is one connection alone.', speaks: 'against' },
  ],
  cause: {
    held: {
      text: 'Open vSwitch turns back only one of the two translations of the reply.',
      confidence: 0.65,
      grounds: [{ text: 'The source port was changed on the way there.', speaks: 'for' }],
    },
    open: [
      {
        text: 'A flow of the switch carries the reply without ct(nat).',
        decides: 'The datapath flow of the reply.',
        command: 'ovs-dpctl dump-flows -m',
      },
    ],
  },
  title: 'Reply half translated back',
  summary:
    'One connection to 172.30.249.115:9443 fails: the SYN-ACK comes back with its port restored and its source still 10.128.3.214:9443.',
  connections: [CONNECTION],
  between: ['p1', 'p2'],
  direction: 'reverse',
  steps: [
    {
      text: '10.128.3.202:60170 opens a connection to the service 172.30.249.115:9443.',
      frames: cpe(1),
    },
    {
      text: 'On the way the destination becomes 10.128.3.214:9443 and the source port 60170 becomes 59906; the server answers.',
      frames: baw(1, 2),
    },
    {
      text: 'The SYN-ACK arrives with port 60170 restored but its source still 10.128.3.214:9443, not 172.30.249.115:9443.',
      frames: cpe(2, 5, 7, 10, 12, 15, 17, 20, 22),
    },
    {
      text: 'The client knows no such connection and resets it, straight to the pod.',
      frames: cpe(3, 6, 8, 11, 13, 16, 18, 21, 23),
    },
    {
      text: 'The reset reaches the server from port 60170, where it expects 59906: ignored.',
      frames: baw(3, 6, 8, 11, 13, 16, 18, 21, 23),
    },
    {
      text: 'The client sends the SYN again after 1.007 s, 2.051 s, 4.038 s and 8.077 s; all of it repeats.',
      frames: cpe(4, 9, 14, 19),
    },
    { text: 'The connection is never established.', frames: [] },
  ],
  sibling: {
    connection: CONNECTION,
    text: '10.128.3.202:60172 to the same service, a second later',
    partings: [
      {
        kind: 'tuple',
        text: 'Its SYN keeps port 60172; here 60170 becomes 59906.',
        frames: baw(1),
        siblingFrames: [],
      },
    ],
  },
  times: [{ part: 'server', ns: 1200, usualNs: null, errorNs: 0 }],
  alternatives: [
    {
      rule: 'untranslated-reply',
      why: 'the port of the reply was restored, so the reply did pass the translation',
    },
  ],
  confirm: [
    {
      text: 'The conntrack entry of the connection holds both rewrites.',
      command: 'ovs-appctl dpctl/dump-conntrack | grep 59906',
    },
  ],
  evidence: [],
  fix: 'OpenShift 4.7.1, or a kernel from 4.18.0-254.el8 on. Until then, ovs-vsctl --no-wait set Open_vSwitch . other_config:max-idle=50000 makes it rarer.',
  references: [
    {
      title: 'openvswitch: support asymmetric conntrack',
      url: 'https://git.kernel.org/torvalds/c/5d50aa83e2c8',
    },
  ],
};

const HEALTHY_RULES = [
  'untranslated-reply',
  'tuple-collision',
  'lost-fin',
  'untranslated-segment-reset',
  'path-loss',
  'refused-connection',
];

export const articleSnapshot: CaseSnapshot = {
  title: 'Socket timeout, workflow → content engine',
  tool: { name: 'hoplane', version: '0.1.0' },
  captures: [
    {
      id: 'c1',
      file: BAW,
      sha256: 'bb16ab26b25ab352d3be38c6b9c8384b453be930bfe1b35526a59ac6544cbb90',
      fingerprint: '7c01a4b3d2e8f596',
      format: 'pcap',
      frames: 23,
      firstTime: '1610442842111140000',
      lastTime: '1610442857285892000',
      warnings: [],
    },
    {
      id: 'c2',
      file: CPE,
      sha256: '6e0dc51693aa95b5523290a75607e118dc362d0b51cb6451dc0644dd54b19d24',
      fingerprint: '1f0c7a52d9e3b846',
      format: 'pcap',
      frames: 23,
      firstTime: ARTICLE_BASE_TIME,
      lastTime: '1610442857285752000',
      warnings: [],
    },
  ],
  points: [
    { id: 'p1', capture: 0, name: 'article-3.1-baw', interface: null, host: 'h1', frames: 23 },
    {
      id: 'p2',
      capture: 1,
      name: 'article-3.1-cpe',
      interface: null,
      host: 'h1',
      frames: 23,
      role: {
        kind: 'end',
        address: '10.128.3.202',
        confidence: 'likely',
        text: 'own interface of 10.128.3.202',
        grounds: ['Every packet is to or from it.'],
      },
    },
  ],
  clocks: [{ host: 'h1', reference: 'h1', state: 'reference', samples: 0, segments: [] }],
  connections: [connection],
  hops: [
    {
      from: 'p2',
      to: 'p1',
      direction: 'forward',
      journeys: 14,
      lost: 0,
      latencyNs: { min: 140_000, p50: 140_000, p99: 140_000, max: 140_000, error: 0 },
    },
    {
      from: 'p1',
      to: 'p2',
      direction: 'reverse',
      journeys: 9,
      lost: 0,
      latencyNs: { min: 140_000, p50: 140_000, p99: 140_000, max: 140_000, error: 0 },
    },
  ],
  journeys: buildWindow({
    baseTime: ARTICLE_BASE_TIME,
    files: [BAW, CPE],
    journeys: [...syns, ...synAcks, ...resets],
  }),
  findings: [finding],
  rules: [
    { rule: 'half-untranslated-reply', result: 'found', reason: 'one connection', lacks: [] },
    ...HEALTHY_RULES.map((rule) => ({
      rule,
      result: 'healthy' as const,
      reason: 'no connection shows it',
      lacks: [],
    })),
    {
      rule: 'dns-retry',
      result: 'notApplicable',
      reason: 'no DNS in the captures',
      lacks: [
        { text: 'for long', where: 'The client’s own interface', command: 'tcpdump -i eth0' },
      ],
    },
  ],
  notes: [
    {
      id: 'n1',
      target: { kind: 'frame', file: CPE, frame: 2 },
      text: 'Source is still the pod: déjà vu, see the case of last week.',
    },
  ],
  view: {
    connections: [CONNECTION],
    finding: finding.id,
    selected: { file: CPE, frame: 2 },
    span: null,
    lanes: { order: ['p2', 'p1'], hidden: [], names: { p1: 'baw · eth0', p2: 'cpe · eth0' } },
  },
};
