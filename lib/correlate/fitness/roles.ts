// Who each point is, from the traffic alone: where the packets of an address begin and end, what is next to that, where packets change their
// addresses or lose TTL, where they travel encapsulated. A pure function of the correlation.
import type { PointRole } from '../../model/point-role';
import type { Correlation } from '../correlate';
import { captureName } from '../input/input';
import { PATTERN_YIELD } from '../limits';
import type { End } from '../stations/ends';

/** More addresses than this begin at no pod's interface: they come from outside. */
const MOST_ADDRESSES = 3;
/** Share of a point's packets that must show a thing before it is what the point is for. */
const MOST = 0.5;
/** Packets below which a point is given no role. */
const LEAST_PACKETS = 3;

/** What the patterns show at one point. */
class PointCounts {
  packets = 0;
  encapsulated = 0;
  translated = 0;
  routed = 0;
  /** Packets that begin here, and that end here. */
  begun = 0;
  ended = 0;
  tunnel = '';
}

/** Yields 0 … 1. Role of each point, in their order; undefined where its traffic does not tell. */
export function* findRoles(
  correlation: Correlation,
): Generator<number, readonly (PointRole | undefined)[]> {
  const { input, journeys, clocks } = correlation;
  const counts = yield* countPoints(correlation);
  return input.points.map(({ capture }, point) => {
    if (counts[point].packets < LEAST_PACKETS) return undefined;
    const end = journeys.ends.at(point);
    const behind = journeys.ends.behind(point);
    const role =
      (end && endRole(correlation, end, counts[point])) ??
      (behind && hostEndRole(correlation, behind)) ??
      passingRole(counts[point]);
    if (role === undefined) return undefined;
    const host = clocks.hosts[clocks.hostOf(capture)];
    const others = host.captures.filter(
      (index) => index !== capture && input.captures[index].lead === index,
    );
    const sureness = (captures: readonly number[]): string =>
      captures.every((other) => clocks.errorBetween(capture, other) === 0)
        ? 'One clock, and so one host,'
        : 'Clocks that agree as far as packets tell, and so likely one host,';
    return others.length > 0 && clocks.hosts.length > 1
      ? {
          ...role,
          grounds: [
            ...role.grounds,
            `${sureness(others)} with ${others.map((index) => captureName(input, index)).join(', ')}.`,
          ],
        }
      : role;
  });
}

function* countPoints({ input, journeys }: Correlation): Generator<number, readonly PointCounts[]> {
  const counts = input.points.map(() => new PointCounts());
  for (const [index, pattern] of journeys.patterns.entries()) {
    if (index % PATTERN_YIELD === PATTERN_YIELD - 1) yield index / journeys.patterns.length;
    if (pattern.toGroup) continue;
    const way = pattern.order
      .slice(0, pattern.wayLength)
      .map((index) => pattern.stations.stations[index]);
    const seen = new Set(way.map(({ point }) => point));
    for (const point of seen) {
      const here = way.filter((station) => station.point === point);
      const at = counts[point];
      at.packets += pattern.uses;
      if (here.some(({ pair }) => pair !== here[0].pair)) at.translated += pattern.uses;
      else if (here.some(({ ttl }) => ttl !== here[0].ttl)) at.routed += pattern.uses;
      const tunnel = here
        .map(({ capture, link }) => input.captures[capture].links[link].tunnels[0])
        .find((found) => found !== undefined);
      if (tunnel === undefined) continue;
      at.encapsulated += pattern.uses;
      at.tunnel = `${tunnel.kind}${tunnel.identifier === null ? '' : ` ${tunnel.identifier}`}`;
    }
    counts[way[0].point].begun += pattern.uses;
    if (journeys.ends.isReceiver(way[way.length - 1]))
      counts[way[way.length - 1].point].ended += pattern.uses;
  }
  return counts;
}

function endRole(
  { input }: Correlation,
  end: End,
  { begun, ended, packets }: PointCounts,
): PointRole | undefined {
  // What mostly passes through is no end, though something of its own begins there.
  if (begun + ended < MOST * packets) return undefined;
  const addresses = [...end.addresses]
    .map((address) => input.tuples.addressName(address))
    .sort((a, b) => (a < b ? -1 : 1));
  const mac = [...end.macs].sort()[0];
  if (addresses.length > MOST_ADDRESSES || !end.fresh)
    return {
      kind: 'edge',
      address: null,
      confidence: 'likely',
      text: 'edge to what was not captured',
      grounds: [
        `Packets of ${count(addresses.length, 'address', 'addresses')} are first seen here, ${!end.fresh ? 'with a TTL that routers have lowered before' : 'more than one host has'}.`,
      ],
    };
  // Both families of one interface: the IPv4 address names it.
  const named = addresses.find((address) => !address.includes(':')) ?? addresses[0];
  return {
    kind: 'end',
    address: named,
    confidence: end.hostEnd === undefined ? 'likely' : 'certain',
    text: end.hostEnd === undefined ? `at ${named}` : `own interface of ${named}`,
    grounds: [
      `${count(begun, 'packet', 'packets')} of ${addresses.join(', ')} begin here, from MAC ${mac}, with a TTL that hosts start from.`,
      ...(ended > 0
        ? [`${count(ended, 'packet', 'packets')} to it end here, addressed to that MAC.`]
        : []),
      ...(end.hostEnd === undefined
        ? [
            'No point between this one and the others was captured: it may be the interface itself or the one next to it.',
          ]
        : [`All it sends passes ${input.points[end.hostEnd].name} next.`]),
    ],
  };
}

function hostEndRole({ input }: Correlation, end: End): PointRole {
  const addresses = [...end.addresses].map((address) => input.tuples.addressName(address)).sort();
  const named = addresses.find((address) => !address.includes(':')) ?? addresses[0];
  return {
    kind: 'host-end',
    address: named,
    confidence: 'likely',
    text: `host end of ${named}`,
    grounds: [
      `What ${input.points[end.point].name} sends and gets passes here next to it, unchanged, and nothing of another pod does so.`,
    ],
  };
}

function passingRole(counts: PointCounts): PointRole | undefined {
  const { packets, encapsulated, translated, routed, tunnel } = counts;
  const role = (
    kind: PointRole['kind'],
    share: number,
    text: string,
    ground: string,
  ): PointRole | undefined =>
    share < MOST * packets
      ? undefined
      : {
          kind,
          address: null,
          confidence: share === packets ? 'certain' : 'likely',
          text,
          grounds: [ground],
        };
  return (
    role(
      'underlay',
      encapsulated,
      'underlay',
      `${encapsulated} of ${count(packets, 'packet', 'packets')} travel here inside ${tunnel}.`,
    ) ??
    role(
      'translator',
      translated,
      'gateway with NAT',
      `${translated} of ${count(packets, 'packet', 'packets')} are seen here before and after their addresses change.`,
    ) ??
    role(
      'router',
      routed,
      'router',
      `${routed} of ${count(packets, 'packet', 'packets')} are seen here twice, the second time with a lower TTL.`,
    )
  );
}

const count = (number: number, one: string, many: string): string =>
  number === 1 ? `one ${one}` : `${number} ${many}`;
