// A hop that delivers, and too late: a packet that someone waits for leaves one point and comes to the next after 200 ms or more, where others pass at once.

import { counted } from '../../base/counted';
import type { ConnectionSummary } from '../../model/connection';
import type { Finding, Severity } from '../../model/finding';
import { describeBound } from '../../model/latency-error';
import { weigh } from '../confidence';
import { elapsed } from '../elapsed';
import type { CaseFacts } from '../facts';
import { lacksSecondPoint } from '../lacks';
import { firstSighting, lastSighting, type PacketFact } from '../packet-facts';
import { findOpeningWait, findServerWaits, type ServerWait } from '../request-facts';
import { shareTimes } from '../request-times';
import type { Rule } from '../rule';
import { findLongWays, type HeldPacket, type LongWay, type SlowHop } from '../slow-hop-facts';
import {
  betweenText,
  duration,
  emptyParts,
  findingId,
  listed,
  step,
  stopName,
  tupleOfPacket,
  utc,
} from '../story';
import { THRESHOLDS } from '../thresholds';

const ID = 'slow-hop';

export const slowHop: Rule = {
  id: ID,
  title: 'Packets held back between two points',
  needs: 'two points on one way whose clocks are known to each other',
  judge(facts) {
    const timed = facts.hops.filter(({ latencyNs }) => latencyNs !== null);
    if (timed.length === 0)
      return {
        result: 'notApplicable',
        reason: 'No packet was seen at two points.',
        lacks: lacksSecondPoint(facts),
      };
    const bound = timed.filter(({ latencyNs }) => latencyNs?.error !== null);
    if (bound.length === 0)
      return {
        result: 'notApplicable',
        reason:
          'Packets ran one way only between the captures’ clocks: nothing bounds what these are off, so no time between two points is known.',
      };
    const { slowHops } = facts;
    const long = findLongWays(facts.hops).flatMap((way) => tellLongWay(facts, way) ?? []);
    if (slowHops.length + long.length === 0)
      return {
        result: 'healthy',
        reason: `${counted(bound.length, 'hop')} looked at: none held a packet back for ${duration(THRESHOLDS.warningStallNs)} while its receiver waited.`,
      };
    return {
      result: 'found',
      findings: [...slowHops.map((hop) => tell(facts, hop)), ...long],
      reason: `${listed([
        ...slowHops.map(
          (hop) => `${counted(hop.held.length, 'packet')} held back ${whereOf(facts, hop)}`,
        ),
        ...(long.length > 0 ? [`${counted(long.length, 'hop')} slow for all`] : []),
      ])}.`,
    };
  },
};

const whereOf = (facts: CaseFacts, { from, to, direction }: SlowHop): string =>
  betweenText(facts, [from, to], direction);

function tell(facts: CaseFacts, hop: SlowHop): Finding {
  const [worst, ...others] = hop.held;
  const { connection, packet, from, to, heldNs, errorNs, stallNs } = worst;
  // The story is of the longest stall; another packet may have been under way for longer while others passed it.
  const longest = hop.held.reduce((most, one) => (one.heldNs > most.heldNs ? one : most));
  const where = whereOf(facts, hop);
  const receiver = hop.direction === 'forward' ? 'server' : 'client';
  const { own, quick } = findOwnWait(facts, worst);
  const connections = [...new Set(hop.held.map((one) => one.connection.id))];
  const usual = `half of all ${hop.packets} packets take no more than ${duration(hop.usualNs)} there`;
  return {
    ...emptyParts,
    id: findingId(ID, `${hop.from}-${hop.to}-${connection.id}`.replaceAll('/', '.')),
    rule: ID,
    severity: severityOf(hop),
    ...weigh(
      0.85,
      'The very packet is in both captures, by its IP ID or its timestamp, which its repetition would have otherwise: its leaving and its coming are seen, not guessed.',
      [
        [errorNs === 0, 0.1, 'One clock timed both.'],
        [
          errorNs > 0,
          errorNs * THRESHOLDS.slowRatio <= heldNs ? 0.08 : 0,
          `The clocks of the two points may make it wrong by ${duration(errorNs)} at most.`,
        ],
        [true, 0.02, `It is no habit of the hop: ${usual}.`],
        [hop.held.length > 1, 0.02, `${hop.held.length} packets were held back there.`],
      ],
    ),
    title: `Packets to the ${receiver} are held back for up to ${duration(longest.heldNs)} ${where}`,
    summary: `${counted(hop.held.length, 'packet')} of ${counted(connections.length, 'connection')} took up to ${duration(longest.heldNs)} ${where}${describeBound(longest.errorNs)}. For up to ${duration(stallNs)} nothing else of the connection came there, so that the ${receiver} had to wait. ${usual[0].toUpperCase()}${usual.slice(1)}. The time passes on the way: neither end takes it.`,
    connections,
    between: [hop.from, hop.to],
    direction: hop.direction,
    steps: [
      step(
        `${describePacket(packet)} leaves ${stopName(facts, hop.from, hop.direction)} at ${utc(facts, from)}.`,
        [from],
      ),
      step(
        `It comes to ${stopName(facts, hop.to, hop.direction)} ${duration(heldNs)} later${describeBound(errorNs)}; ${usual}. ${describeStall(worst)}`,
        [to],
      ),
      ...(own !== undefined && packet === own.request
        ? [
            step(
              `The answer leaves ${duration(own.waitNs)} after that. The client has it ${duration(totalOf(own))} after it began to ask.`,
              own.response.way,
            ),
          ]
        : []),
      ...(others.length > 0
        ? [
            step(
              `${counted(others.length, 'more packet')} ${others.length === 1 ? 'was' : 'were'} held back: ${listed(
                others.slice(0, THRESHOLDS.citedConnections).map((one) => duration(one.heldNs)),
              )}${others.length > THRESHOLDS.citedConnections ? ' and so on' : ''}.`,
              others.slice(0, THRESHOLDS.citedConnections).flatMap((one) => [one.from, one.to]),
            ),
          ]
        : []),
    ],
    times: own === undefined ? [] : shareTimes(facts, own, quick),
    alternatives: [
      {
        rule: 'slow-endpoint',
        why: 'A slow server or client lets the time pass between what it gets and what it sends, at one point. Here one and the same packet is under way all that time.',
      },
      {
        rule: 'path-loss',
        why: 'A packet that was lost never comes, and its sender’s repetition does, with a new IP ID or timestamp. Here the very packet comes.',
      },
      {
        rule: 'upcall-delay',
        why: 'A switch that has to ask its daemon is slow with the first packet of each new flow, by milliseconds. Where all that were held back are first packets, look at it too.',
      },
    ],
    ...REMEDIES,
  };
}

function describeStall({ overtaken, stallNs, heldNs }: HeldPacket): string {
  if (overtaken)
    return `For ${duration(stallNs)} nothing of this connection came there; then others came before it.`;
  return stallNs < heldNs
    ? `For the last ${duration(stallNs)} of that nothing of this connection came there.`
    : 'Meanwhile nothing of this connection came there.';
}

/** A stall of a second or more is a failure; shorter ones harm less. */
const severityOf = ({ held: [{ stallNs, errorNs }] }: SlowHop): Severity =>
  stallNs - errorNs >= THRESHOLDS.failureStallNs ? 'failure' : 'warning';

const KINDS: Readonly<Partial<Record<PacketFact['kind'], string>>> = {
  syn: 'The SYN',
  'syn-ack': 'The SYN-ACK',
};

const describePacket = (packet: PacketFact): string =>
  `${KINDS[packet.kind] ?? `A packet with ${counted(packet.payloadLength, 'byte')}`} of ${tupleOfPacket(packet)}`;

/** The opening, and all requests. */
function waitsOf(facts: CaseFacts, connection: ConnectionSummary): readonly ServerWait[] {
  const packets = facts.packetsOf(connection, THRESHOLDS.lossPackets);
  return [...findOpeningWait(connection, packets), ...findServerWaits(connection, packets)];
}

/** The request that the packet completes, or answers, beside a quick one of the same connection. */
function findOwnWait(
  facts: CaseFacts,
  { connection, packet }: HeldPacket,
): { readonly own: ServerWait | undefined; readonly quick: ServerWait | null } {
  const waits = waitsOf(facts, connection);
  const own = waits.find(({ request, response }) => packet === request || packet === response);
  if (own === undefined) return { own, quick: null };
  const quick = waits
    .filter((one) => one !== own && totalOf(one) * THRESHOLDS.slowRatio <= totalOf(own))
    .sort((a, b) => totalOf(a) - totalOf(b));
  return { own, quick: quick[quick.length >> 1] ?? null };
}

const totalOf = ({ begun, response }: ServerWait): number =>
  lastSighting(response).referenceTime - firstSighting(begun).referenceTime;

/** The opening of a connection that shows it best: the time that both ways take is known whatever the clocks are. */
function tellLongWay(facts: CaseFacts, way: LongWay): Finding | undefined {
  const { forward, reverse, leastNs, usualNs } = way;
  const passing = facts.connections.filter(
    ({ forwardStops, reverseStops }) =>
      [forward.from, forward.to].every((stop) => forwardStops.includes(stop)) &&
      [reverse.from, reverse.to].every((stop) => reverseStops.includes(stop)),
  );
  const [example] = passing
    .slice(0, THRESHOLDS.citedConnections)
    .flatMap((connection) => waitsOf(facts, connection));
  if (example === undefined) return undefined;
  const [near, far] = [forward.from, forward.to].map((stop) => stopName(facts, stop, 'forward'));
  const { request, response, connection } = example;
  return {
    ...emptyParts,
    id: findingId(ID, `${forward.from}-${forward.to}-there-and-back`.replaceAll('/', '.')),
    rule: ID,
    severity: 'failure',
    ...weigh(0.9, 'Times of both directions are added, so that what the clocks are off cancels.', [
      [
        forward.journeys + reverse.journeys > THRESHOLDS.slowTimes,
        0.05,
        `It is so for all ${forward.journeys + reverse.journeys} packets that pass.`,
      ],
    ]),
    title: `Every packet takes long between ${near} and ${far}: ${duration(leastNs)} or more there and back`,
    summary: `There and back between ${near} and ${far} even the quickest packets take ${duration(leastNs)} together, and half of them ${duration(usualNs)} or more; a satellite’s way takes 0.6 s. Each exchange of ${counted(passing.length, 'connection')} waits for it. Which of the two ways is the slow one, clocks that are not the same do not tell.`,
    connections: [
      connection.id,
      ...passing.filter(({ id }) => id !== connection.id).map(({ id }) => id),
    ],
    between: [forward.from, forward.to],
    direction: 'forward',
    steps: [
      step(
        `${describePacket(request)} leaves ${near} at ${utc(facts, firstSighting(request))}.`,
        request.way,
      ),
      step(
        `The answer is back at the first point ${elapsed(facts, firstSighting(request), lastSighting(response))} later; of that the server’s side took ${duration(example.waitNs)}.`,
        response.way,
      ),
    ],
    times: shareTimes(facts, example, null),
    alternatives: [
      {
        rule: 'slow-endpoint',
        why: 'A slow server lets the time pass between what comes to it and what it sends, at one point. Here it passes between two points.',
      },
    ],
    ...REMEDIES,
  };
}

const REMEDIES = {
  confirm: [
    {
      text: 'On the host of this hop: queues with a backlog, and shapers (netem, tbf, htb) that delay by intent.',
      command: 'tc -s qdisc',
    },
    {
      text: 'On the host of this hop, while it happens: processors without idle time, or time stolen by the hypervisor (%steal), and the third column (hex) of softnet_stat, which counts polls that ran out of time.',
      command: 'mpstat -P ALL 1; cat /proc/net/softnet_stat',
    },
    {
      text: 'Where Open vSwitch stands between the two: upcalls that wait, and polls that took long.',
      command:
        "ovs-appctl upcall/show; ovs-appctl coverage/show | grep -E 'upcall|handler'; grep -h 'Unreasonably long' /var/log/openvswitch/ovs-vswitchd.log | tail",
    },
    {
      text: 'On the host that sends on behind the first point: neighbours that have to be found first (INCOMPLETE, DELAY, PROBE).',
      command: 'ip -s neigh',
    },
  ],
  fix: null,
  references: [
    {
      title: 'tc-netem(8), tc-tbf(8): qdiscs that hold packets back',
      url: 'https://man7.org/linux/man-pages/man8/tc-netem.8.html',
    },
  ],
} satisfies Partial<Finding>;
