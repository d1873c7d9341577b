// For every rule its three cases: it fires, it stays silent in the same picture in health, it leaves its sibling, the fault it is mistaken for, to
// the sibling's rule. lib/diagnose/rules/three-kinds.test.ts holds every rule of the registry against this table: a rule without an entry fails.
import type { ByteSource } from '../../read/byte-source';
import {
  COLLISION,
  COLLISION_RESOLVED,
  HALF_HEALTHY,
  HALF_UNTRANSLATED,
  STEADY_DROP,
  UNTRANSLATED,
} from '../cases';
import { scenarioSources } from '../committed-captures';
import { icmpFrame } from '../frame-builder';
import { type Lane, laneSources } from '../lane-captures';
import { textArtSources } from '../text-art';
import { requests, twoClocks } from './captures';
import {
  arpAnswer,
  arpRequests,
  arpSyns,
  dnsQueries,
  fineLane,
  outerChecksums,
  staleLane,
  staleService,
  staleSilence,
} from './datagrams';
import {
  afterSilence,
  answered,
  answeredAfter,
  BURST_BEFORE,
  BURSTS,
  burst,
  FIN_ARRIVES,
  FINS_LOST,
  LARGE_PASSES,
  LOSSY_ENDS,
  LOSSY_LANES,
  largeLost,
  lossy,
  strayReply,
  strayRequest,
} from './established';
import {
  ack,
  asIs,
  bridgeCase,
  damaged,
  fragmentLanes,
  heldBack,
  hopExchange,
  hopLanes,
  QUICK,
  rested,
  SERVER_MAC,
  synAck,
  synLane,
} from './hops';
import {
  answersDropped,
  BRIDGED,
  CHALLENGED,
  fallingTimestamps,
  firstDrops,
  HANGS_UP,
  hairpin,
  newPod,
  opens,
  portReused,
  portsExhausted,
  queueFull,
  RACE_ENDS,
  RACE_FIRST,
  RACE_RETRY,
  REFUSED,
  recycled,
  TABLE_BEFORE,
  TABLE_CARRIES_ON,
  TABLE_FULL,
} from './openings';

/** Text art, lanes built frame by frame, or the name of a committed scenario. */
export type CaseCaptures = string | Readonly<Record<string, Lane>> | readonly ByteSource[];

export interface RuleCases {
  readonly fires: CaseCaptures;
  readonly healthy: CaseCaptures;
  /** The fault that this one is mistaken for: by its rule's own case, or by captures that bring the two closer. */
  readonly sibling: { readonly rule: string; readonly captures?: CaseCaptures };
  /** Other rules that rightly speak of what `fires` shows, besides notes. */
  readonly also?: readonly string[];
}

/** The captures as the pipeline takes them. */
export const caseSources = (captures: CaseCaptures): readonly ByteSource[] => {
  if (typeof captures === 'string')
    return captures.includes('\n') ? textArtSources(captures) : scenarioSources(captures);
  return Array.isArray(captures)
    ? (captures as readonly ByteSource[])
    : laneSources(captures as Readonly<Record<string, Lane>>);
};

const always = () => true;

/** SYNs to one server, not answered; another to the same port was, before. */
const UNANSWERED_BY_SERVER = `
  cli = 10.0.0.1:40000
  two = 10.0.0.1:40001
  oth = 10.0.0.9:50000
  srv = 10.0.0.2:80
  time   packet  | left    | mid     | right
  1      > o:S   | oth>srv | oth>srv | oth>srv
  1.0005 < o:SA  | srv>oth | srv>oth | srv>oth
  1.0008 > o:A   | oth>srv | oth>srv | oth>srv
  10     > S     | cli>srv | cli>srv | cli>srv
  10.5   > b:S   | two>srv | two>srv | two>srv
  11.02  > S*    | cli>srv | cli>srv | cli>srv
  13.06  > S*    | cli>srv | cli>srv | cli>srv`;

const healthyHop = hopLanes([1, 2, 3, 4].map((at) => hopExchange(at, QUICK)));

export const RULE_CASES: Readonly<Record<string, RuleCases>> = {
  'half-untranslated-reply': {
    fires: HALF_UNTRANSLATED,
    healthy: HALF_HEALTHY,
    sibling: { rule: 'untranslated-reply' },
  },
  'untranslated-reply': {
    fires: UNTRANSLATED,
    healthy: BRIDGED,
    sibling: { rule: 'half-untranslated-reply' },
  },
  'untranslated-segment-reset': {
    fires: strayReply('pod>cli', 'cli>pod | cli>pod'),
    healthy: strayReply('svc>cli', 'cli>svc | cli>pod'),
    sibling: { rule: 'half-untranslated-reply' },
  },
  'tuple-collision': {
    fires: COLLISION,
    healthy: COLLISION_RESOLVED,
    sibling: { rule: 'steady-drop' },
  },
  'challenge-ack': {
    fires: CHALLENGED,
    healthy: HANGS_UP,
    sibling: { rule: 'half-untranslated-reply' },
  },
  'refused-connection': {
    fires: REFUSED,
    healthy: HANGS_UP,
    sibling: { rule: 'steady-drop' },
  },
  'steady-drop': {
    fires: STEADY_DROP,
    healthy: HALF_HEALTHY,
    sibling: { rule: 'tuple-collision' },
  },
  'unanswered-arp': {
    fires: { left: [...arpRequests, ...arpSyns], right: arpRequests },
    healthy: {
      left: [...arpRequests, [0.5, arpAnswer]],
      right: [...arpRequests, [0.5, arpAnswer]],
    },
    sibling: { rule: 'steady-drop' },
  },
  'stale-udp-translation': {
    fires: {
      left: [...staleLane(staleService), ...fineLane(staleService, staleService)],
      right: [
        ...staleLane('10.0.0.8:514'),
        ...fineLane('10.0.0.9:514', '10.0.0.9:514'),
        ...staleSilence,
      ],
    },
    healthy: {
      left: [...staleLane(staleService), ...fineLane(staleService, staleService)],
      right: [...staleLane('10.0.0.8:514'), ...fineLane('10.0.0.9:514', '10.0.0.9:514')],
    },
    sibling: { rule: 'recycled-endpoint' },
  },
  'snat-port-race': {
    fires: `${RACE_ENDS}${RACE_FIRST}
  0.0009 > b:S   | two>srv | ~${RACE_RETRY}`,
    healthy: `${RACE_ENDS}${RACE_FIRST}
  0.0009 > b:S   | two>srv | na2>srv
  0.0011 < b:SA  | srv>two | srv>na2
  0.0013 > b:A   | two>srv | na2>srv`,
    sibling: {
      rule: 'path-loss',
      captures: `${RACE_ENDS}${RACE_FIRST}
  0.5    > b:S   | two>srv | ~${RACE_RETRY.replaceAll('1.02', '1.52')}`,
    },
  },
  'outer-checksum-drop': {
    fires: outerChecksums(0x5a),
    healthy: 'overlay-skew',
    sibling: { rule: 'steady-drop' },
  },
  'lost-fin': {
    fires: FINS_LOST,
    healthy: HALF_HEALTHY,
    sibling: { rule: 'path-loss', captures: FIN_ARRIVES },
  },
  'idle-timeout-reset': {
    fires: afterSilence('~', 'R | srv>cli | srv>cli | -'),
    healthy: afterSilence('cli>srv', 'P/90 | srv>cli | srv>cli | srv>cli'),
    sibling: {
      rule: 'untranslated-segment-reset',
      captures: strayRequest('cli>svc | -', 'svc>cli | svc>cli | -'),
    },
  },
  'mtu-black-hole': {
    fires: largeLost('cli>srv'),
    healthy: LARGE_PASSES.replaceAll('| ~', '| cli>srv').replaceAll(/\n.*\*.*/g, ''),
    sibling: { rule: 'path-loss', captures: LARGE_PASSES },
  },
  'dns-retry': {
    fires: dnsQueries(5.012),
    healthy: { left: dnsQueries(0.1).left, right: dnsQueries(0.1).left },
    sibling: { rule: 'stale-udp-translation' },
  },
  'slow-endpoint': {
    fires: answeredAfter([0.01, 3, 0.02, 0.01]),
    healthy: answeredAfter([0.01, 0.01, 0.02, 0.01]),
    sibling: { rule: 'path-loss', captures: lossy(1.6) },
  },
  'slow-hop': {
    fires: hopLanes([
      heldBack([
        [QUICK, QUICK],
        [1.5, QUICK],
        [QUICK, QUICK],
        [QUICK, QUICK],
      ]),
    ]),
    healthy: hopLanes([
      heldBack([
        [QUICK, QUICK],
        [QUICK, QUICK],
        [QUICK, QUICK],
        [QUICK, QUICK],
      ]),
    ]),
    sibling: { rule: 'slow-endpoint' },
  },
  'path-loss': {
    fires: lossy(0.21),
    healthy: `${LOSSY_ENDS}${LOSSY_LANES}
${answered('a', 'cli>srv', 'srv>cli', 0)}${answered('b', 'two>srv', 'srv>two', 5)}`,
    sibling: { rule: 'mtu-black-hole' },
  },
  'duplicate-delivery': {
    fires: bridgeCase([
      [64, SERVER_MAC],
      [63, SERVER_MAC],
    ]),
    healthy: bridgeCase([[63, SERVER_MAC]]),
    sibling: { rule: 'repeated-sighting' },
  },
  'listen-queue-overflow': {
    fires: queueFull('P/90', 'cli>srv'),
    healthy: queueFull('A', 'cli>srv'),
    sibling: { rule: 'path-loss', captures: queueFull('P/90', '~') },
  },
  'new-pod-race': {
    fires: newPod(14),
    healthy: newPod(14)
      .replaceAll('| ~', '| one>pod')
      .replaceAll(/\n.*\*.*/g, ''),
    sibling: { rule: 'steady-drop' },
    also: ['path-loss'],
  },
  'conntrack-table-full': {
    fires: `${TABLE_FULL}${TABLE_CARRIES_ON}`,
    healthy: `${TABLE_BEFORE}${TABLE_CARRIES_ON}`,
    sibling: { rule: 'steady-drop' },
    also: ['steady-drop'],
  },
  'snat-port-exhaustion': {
    fires: portsExhausted(opens('t', 11, 'o1>y', 'n1>y')),
    healthy: `${RACE_ENDS}${RACE_FIRST}`,
    sibling: { rule: 'snat-port-race' },
    also: ['steady-drop'],
  },
  'backlog-drop': {
    fires: BURSTS,
    healthy: BURST_BEFORE,
    sibling: { rule: 'path-loss', captures: `${BURST_BEFORE}${burst(1)}${burst(3)}` },
    also: ['path-loss'],
  },
  'upcall-delay': {
    fires: hopLanes([1, 2, 3, 4].map((at) => hopExchange(at, 0.012 + at / 1000))),
    healthy: healthyHop,
    sibling: { rule: 'idle-flow-eviction' },
  },
  'idle-flow-eviction': {
    fires: hopLanes([rested(15, 0.004)]),
    healthy: hopLanes([rested(15, QUICK)]),
    sibling: { rule: 'upcall-delay' },
  },
  'foreign-domain-reply-drop': {
    fires: answersDropped('~'),
    healthy: HALF_HEALTHY,
    sibling: { rule: 'half-untranslated-reply' },
    also: ['path-loss'],
  },
  'reverse-path-drop': {
    fires: firstDrops(''),
    healthy: firstDrops('')
      .replaceAll('| -       | ~', '| -       | cli>srv')
      .replaceAll(/\n.*\*.*/g, ''),
    sibling: { rule: 'steady-drop' },
    also: ['path-loss'],
  },
  'timestamp-rejected-syn': {
    fires: fallingTimestamps(false),
    healthy: fallingTimestamps(true).replaceAll(/\n.*\*.*/g, ''),
    sibling: { rule: 'listen-queue-overflow', captures: UNANSWERED_BY_SERVER },
  },
  'port-reuse-delay': {
    fires: portReused('cli'),
    healthy: portReused('cli')
      .replace('cli>svc | ~', 'cli>svc | cli>pod')
      .replaceAll(/\n.*\*.*/g, ''),
    sibling: { rule: 'path-loss', captures: portReused('two') },
    also: ['path-loss'],
  },
  'recycled-endpoint': {
    fires: recycled('here', 63),
    healthy: recycled('gone', 0).replaceAll(/\n.*\*.*/g, ''),
    sibling: { rule: 'port-reuse-delay' },
  },
  'hairpin-drop': {
    fires: hairpin('pod>self', ''),
    healthy: hairpin(
      'pod>self',
      `
  1.021  < SA     | svc>pod | self>pod svc>pod
  1.022  > A      | pod>svc | pod>svc pod>self`,
    ),
    sibling: { rule: 'load-balancer-hairpin' },
  },
  'load-balancer-hairpin': {
    fires: hairpin('node>nodesvc', ''),
    healthy: hairpin(
      'node>nodesvc',
      `
  1.021  < SA     | svc>pod | nodesvc>node svc>pod
  1.022  > A      | pod>svc | pod>svc node>nodesvc`,
    ),
    sibling: { rule: 'hairpin-drop' },
  },
  'fragment-loss': {
    fires: fragmentLanes(
      (later) => !later,
      [[31, icmpFrame({ source: '10.1.0.1', destination: '10.0.0.1', type: 11, code: 1 })]],
    ),
    healthy: fragmentLanes(always),
    sibling: { rule: 'mtu-black-hole' },
  },
  'bad-checksum-drop': {
    fires: { left: synLane(0, asIs), right: synLane(2e-5, damaged) },
    healthy: {
      left: [...synLane(0, asIs).slice(0, 1), [0.0002, synAck], [0.0004, ack]],
      right: [...synLane(2e-5, damaged).slice(0, 1), [0.0001, synAck], [0.00042, ack]],
    },
    sibling: { rule: 'steady-drop' },
  },
  'capture-window': {
    fires: requests(always, (n) => n >= 6),
    healthy: requests(always, always),
    sibling: { rule: 'capture-defect' },
  },
  'capture-defect': {
    fires: requests((n) => n % 4 !== 2, always),
    healthy: requests(always, always),
    sibling: { rule: 'path-loss', captures: lossy(0.21) },
  },
  'clock-fault': {
    fires: twoClocks((at) => (at < 15 ? 0.37 : 2.5)),
    healthy: twoClocks(() => 0.37),
    sibling: { rule: 'upcall-delay' },
  },
  'repeated-sighting': {
    fires: 'sdn-flood',
    healthy: 'sdn-healthy',
    sibling: { rule: 'duplicate-delivery' },
  },
  'offload-artefact': {
    fires: 'overlay-skew',
    healthy: requests(always, always),
    sibling: { rule: 'bad-checksum-drop' },
  },
};
