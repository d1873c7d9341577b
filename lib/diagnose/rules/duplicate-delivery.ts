// The receiver itself, under its own MAC, gets packets twice: for instance bridged (TTL as sent) and routed (TTL less one) by a bridge that is
// promiscuous. Its echo is D-SACKs and doubled answers.
import { counted } from '../../base/counted';
import type { Finding } from '../../model/finding';
import { weigh } from '../confidence';
import { type DoubledOnTheWay, findDoubledOnTheWay } from '../doubled-facts';
import type { CaseFacts } from '../facts';
import { lacksSecondPoint } from '../lacks';
import { isCircling } from '../loop-facts';
import { firstSighting, lastSighting, type PacketFact, type SightingFact } from '../packet-facts';
import type { Rule } from '../rule';
import {
  betweenText,
  duration,
  emptyParts,
  findingId,
  pointNames,
  step,
  stopName,
  tupleOfPacket,
} from '../story';
import { THRESHOLDS } from '../thresholds';

const ID = 'duplicate-delivery';
const CITED = 8;

interface Doubled {
  readonly packet: PacketFact;
  /** All arrivals at the receiver, two at least. */
  readonly arrivals: readonly SightingFact[];
}

export const duplicateDelivery: Rule = {
  id: ID,
  title: 'Packets delivered twice',
  needs: 'a packet that two points saw, on a link with MACs',
  judge(facts) {
    const seen = facts.sample.filter(({ way }) => way[way.length - 1].destinationMac !== '');
    if (seen.length === 0)
      return {
        result: 'notApplicable',
        reason: 'No packet was seen at two points with the MAC it was addressed to.',
        lacks: lacksSecondPoint(facts),
      };
    const echoing = pointsThatEcho(facts.sample);
    const doubled = seen.flatMap((packet) => findDoubled(packet, echoing));
    const onTheWay = [...findDoubledOnTheWay(facts).values()].filter(
      (packets) => packets.length >= THRESHOLDS.doubledPackets,
    );
    const isFound = doubled.length >= THRESHOLDS.doubledPackets;
    if (!isFound && onTheWay.length === 0)
      return {
        result: 'healthy',
        reason: `${counted(seen.length, 'packet')} looked at: the receiver got ${doubled.length === 0 ? 'none' : `only ${doubled.length}`} of them twice.`,
      };
    const count = (isFound ? doubled.length : 0) + onTheWay.flat().length;
    return {
      result: 'found',
      findings: [
        ...(isFound ? [tell(facts, seen.length, doubled)] : []),
        ...onTheWay.map((packets) => tellOnTheWay(facts, packets)),
      ],
      reason: `${count} of ${counted(seen.length, 'packet')} looked at reached their receiver more than once.`,
    };
  },
};

/** Points whose capture has twice what is sent there, too: it is the capture that doubles. */
const pointsThatEcho = (packets: readonly PacketFact[]): ReadonlySet<number> =>
  new Set(
    packets
      .filter(({ way: [sent], copies }) =>
        copies.some((copy) => copy.point === sent.point && isAlike(copy, sent)),
      )
      .map(({ way: [sent] }) => sent.point),
  );

const isAlike = (a: SightingFact, b: SightingFact): boolean =>
  a.ttl === b.ttl && a.destinationMac === b.destinationMac && a.source === b.source;

function findDoubled(packet: PacketFact, echoing: ReadonlySet<number>): Doubled[] {
  // What shifts numbers speaks for the ends itself: its own bare ACK is like the one that it passes on.
  if (packet.shifted && packet.payloadLength === 0) return [];
  const last = packet.way[packet.way.length - 1];
  const arrivals = [...packet.way, ...packet.copies].filter(
    ({ point, destinationMac }) => point === last.point && destinationMac === last.destinationMac,
  );
  // ARP has no TTL: several hosts may answer for one address, each for itself. A packet that circles loses TTL each time it comes by.
  if (last.ttl === 0 || isCircling(arrivals)) return [];
  const echoes = echoing.has(last.point) && arrivals.every((arrival) => isAlike(arrival, last));
  return arrivals.length > 1 && !echoes ? [{ packet, arrivals }] : [];
}

function tell(facts: CaseFacts, looked: number, doubled: readonly Doubled[]): Finding {
  const [{ packet, arrivals }] = doubled;
  const isUdp = facts.connections.some(
    ({ id, protocol }) => id === packet.connection && protocol === 'udp',
  );
  const byTime = [...arrivals].sort((a, b) => a.referenceTime - b.referenceTime);
  const place = pointNames(facts, arrivals);
  const ttls = byTime.map(({ ttl }) => ttl).join(' and ');
  return {
    ...emptyParts,
    id: findingId(ID, packet.connection),
    rule: ID,
    severity: 'warning',
    ...weigh(
      0.85,
      'The receiver’s own interface shows the packet more than once, each time with the receiver’s own MAC.',
    ),
    title: `Packets are delivered twice at ${place}`,
    summary: `${doubled.length} of ${counted(looked, 'packet')} looked at arrive at ${place} more than once, each time addressed to the receiver’s own MAC ${arrivals[0].destinationMac}. ${isUdp ? 'An application on UDP gets it twice, if it does not look.' : 'The receiver has to throw the second one away.'}`,
    connections: [...new Set(doubled.map((entry) => entry.packet.connection))],
    between: null,
    steps: [
      step(
        `One packet ${packet.way[0].source} > ${packet.way[0].destination} is sent, seen at ${pointNames(facts, packet.way.slice(0, 1))}.`,
        packet.way.slice(0, 1),
      ),
      step(
        `It arrives at ${place} ${byTime.length} times, with TTL ${ttls}, each time for ${arrivals[0].destinationMac}.${byTime[0].ttl === byTime[1].ttl ? '' : ' The one with the higher TTL was bridged, the other one routed.'}`,
        byTime,
      ),
      step(
        'The same happens to others.',
        doubled.slice(1, CITED).flatMap((entry) => entry.arrivals),
      ),
    ],
    alternatives: [
      {
        rule: 'repeated-sighting',
        why: `There the copies carry another MAC and are no delivery. These carry the receiver’s own.`,
      },
    ],
    confirm: [
      {
        text: 'On the node: a bridge that is promiscuous hands up what it has forwarded, and the node forwards it again.',
        command: 'ip -d link show type bridge | grep -E "promiscuity [1-9]"',
      },
    ],
    fix: 'A capture on the bridge itself makes it promiscuous: take it with tcpdump -p, or leave the bridge out. Where the bridge is promiscuous without a capture, turn that off: `ip link set dev BRIDGE promisc off` and let hairpin mode of the ports do what it was for: `bridge link set dev PORT hairpin on`',
    references: [],
  };
}

/** One packet became two at a hop: neither its sender nor the receiver’s bridge made the second. */
function tellOnTheWay(facts: CaseFacts, doubled: readonly DoubledOnTheWay[]): Finding {
  const [{ packet, twin, between }, ...others] = doubled;
  const [from, to] = between;
  const hop = betweenText(facts, between, packet.direction);
  const place = facts.points[lastSighting(twin).point].name;
  const begin = firstSighting(twin);
  const first = packet.way.find(({ point }) => point === begin.point)!;
  return {
    ...emptyParts,
    id: findingId(ID, `${from}-${to}-${packet.connection}`.replaceAll('/', '.')),
    rule: ID,
    severity: 'warning',
    ...weigh(
      0.8,
      `${counted(doubled.length, 'packet')} ${doubled.length === 1 ? 'leaves' : 'leave'} the hop twice, the same IP ID each time, and came to it once.`,
      [[doubled.length > 2 * THRESHOLDS.doubledPackets, 0.1, 'It is so again and again.']],
    ),
    title: `Packets are doubled ${hop}`,
    summary: `${counted(doubled.length, 'packet')} of those looked at are seen once at ${stopName(facts, from, packet.direction)} and twice at ${stopName(facts, to, packet.direction)}, alike in everything, and both arrive at ${place}. The network doubles them; the receiver has to throw the second one away and answers it.`,
    connections: [...new Set(doubled.map((one) => one.packet.connection))],
    between,
    steps: [
      step(
        `${tupleOfPacket(packet)} (IP ID ${first.ipId}) is sent once, seen at ${pointNames(facts, packet.way)}.`,
        packet.way,
      ),
      step(
        `The same packet, same IP ID, is seen again at ${pointNames(facts, twin.way)}, ${duration(begin.time - first.time)} later, and not at ${stopName(facts, from, packet.direction)}.`,
        twin.way,
      ),
      ...(others.length > 0
        ? [
            step(
              `The same happens to ${counted(others.length, 'more packet')}.`,
              others
                .slice(0, CITED)
                .flatMap((one) => [lastSighting(one.packet), lastSighting(one.twin)]),
            ),
          ]
        : []),
    ],
    alternatives: [
      {
        rule: 'repeated-sighting',
        why: `There the copies carry another MAC and are no delivery. These carry the receiver’s own.`,
      },
      {
        rule: 'path-loss',
        why: 'A sender that repeats gives the packet another IP ID, and the points before the hop show it.',
      },
    ],
    confirm: [
      {
        text: 'On the hosts of this hop: bonds that send on several links, bridges without STP, filters that mirror.',
        command:
          'cat /proc/net/bonding/*; bridge link; tc filter show dev <interface> ingress; tc qdisc show',
      },
    ],
    fix: 'Find what sends the packet on by two ways: a bond in broadcast mode, a loop of switches, a mirror that points back into the path.',
    references: [],
  };
}
