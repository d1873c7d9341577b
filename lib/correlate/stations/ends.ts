// Ends of the network as the packets show them: points where the packets of an address begin (a pod's own interface, or its veth where the
// pod was not captured), the host end next to each, and the hosts whose switch floods. Learnt from a first ordering, used by the second.
import type { ClockModel } from '../clocks/clocks';
import type { CorrelationInput } from '../input/input';
import { INITIAL_TTLS, PATTERN_YIELD } from '../limits';
import { Beginnings } from './beginnings';
import type { Pattern, PlacedPattern } from './pattern';
import type { AddressPairs, Look, Station } from './stations';

export interface End {
  readonly point: number;
  /** MACs that send from it. */
  readonly macs: ReadonlySet<string>;
  /** Interned addresses whose packets begin here. */
  readonly addresses: ReadonlySet<number>;
  /** Its packets have a TTL there that hosts start from: no router lies before it. Else it is an edge to what was not captured. */
  readonly fresh: boolean;
  /** The point through which all that it sends and gets passes next to it: the other end of a veth pair. */
  readonly hostEnd: number | undefined;
}

/** Packets that must show a thing before it is held for the way the network is. */
const LEAST_PACKETS = 3;
const LINK_TYPE_SLL = 113;
/** Share of an address' packets that begin at one point, and of an end's packets that pass one host end. */
const MOST = 0.8;

/** Packets of all addresses that begin at a point. */
interface Begun {
  uses: number;
  fresh: number;
  readonly macs: Set<string>;
}

const isSameSet = <T>(a: ReadonlySet<T>, b: ReadonlySet<T>): boolean =>
  a.size === b.size && [...a].every((element) => b.has(element));

export class Ends {
  private byPoint: ReadonlyMap<number, End> = new Map();
  /** Interned address → the point where its packets begin. */
  private readonly pointOfAddress = new Map<number, number>();
  private readonly byHostEnd = new Map<number, End>();
  private readonly floodingHosts = new Set<number>();

  constructor(
    private readonly input: CorrelationInput,
    private readonly clocks: ClockModel,
    private readonly pairs: AddressPairs,
  ) {}

  /** Takes what the patterns show; yields now and then. Before it nothing is known. */
  *learn(patterns: readonly PlacedPattern[]): Generator<number> {
    this.byPoint = yield* this.findEnds(patterns);
    for (const end of this.byPoint.values())
      if (end.hostEnd !== undefined) this.byHostEnd.set(end.hostEnd, end);
    for (const { point, addresses, fresh } of this.byPoint.values())
      if (fresh) for (const address of addresses) this.pointOfAddress.set(address, point);
    yield* this.findFlooding(patterns);
  }

  /** Whether the others were learnt to be just as these: an order found with them would be the same. */
  equals(other: Ends): boolean {
    return (
      isSameSet(this.floodingHosts, other.floodingHosts) &&
      this.byPoint.size === other.byPoint.size &&
      [...this.byPoint].every(([point, end]) => {
        const theirs = other.byPoint.get(point);
        return (
          theirs !== undefined &&
          end.fresh === theirs.fresh &&
          end.hostEnd === theirs.hostEnd &&
          isSameSet(end.macs, theirs.macs) &&
          isSameSet(end.addresses, theirs.addresses)
        );
      })
    );
  }

  at(point: number): End | undefined {
    return this.byPoint.get(point);
  }

  /** The end of which this point is the host's side. */
  behind(point: number): End | undefined {
    return this.byHostEnd.get(point);
  }

  floods(host: number): boolean {
    return this.floodingHosts.has(host);
  }

  /** Whether the station is where its receiver is, under the receiver's own MAC. */
  isReceiver(station: Station): boolean {
    return this.isReceiverAt(station, station.pair);
  }

  /**
   * Where a station stands by what is known of its point: 0 the sender's own, 1 the host end next to it, 3 the host end next to the
   * receiver, 4 the receiver's own; 2 somewhere between, or not known.
   */
  rank(station: Station): number {
    return this.rankAt(station, station.pair);
  }

  /** All that patterns take from a station's ends, as one number: its rank, and whether it is where its receiver is. */
  placeCode(look: Look, pair: number): number {
    return this.rankAt(look, pair) * 2 + (this.isReceiverAt(look, pair) ? 1 : 0);
  }

  private isReceiverAt(look: Look, pair: number): boolean {
    const point = this.pointOfAddress.get(this.pairs.destination(pair));
    if (point !== look.point) return false;
    const { destinationMac } = this.linkOf(look);
    return destinationMac !== null && this.byPoint.get(point)!.macs.has(destinationMac);
  }

  private rankAt(look: Look, pair: number): number {
    const { sourceMac, destinationMac } = this.linkOf(look);
    const sender = this.endOf(this.pairs.source(pair));
    if (sender !== undefined && sourceMac !== null && sender.macs.has(sourceMac)) {
      if (sender.point === look.point) return 0;
      if (sender.hostEnd === look.point) return 1;
    }
    const receiver = this.endOf(this.pairs.destination(pair));
    if (receiver !== undefined && destinationMac !== null && receiver.macs.has(destinationMac)) {
      if (receiver.point === look.point) return 4;
      if (receiver.hostEnd === look.point) return 3;
    }
    return 2;
  }

  private endOf(address: number): End | undefined {
    const point = this.pointOfAddress.get(address);
    return point === undefined ? undefined : this.byPoint.get(point);
  }

  /** Whether it is at an end that has nothing to do with the frame: neither its sender's nor its receiver's. */
  isStranger(look: Look): boolean {
    const end = this.byPoint.get(look.point);
    const { sourceMac, destinationMac } = this.linkOf(look);
    return (
      end?.fresh === true &&
      sourceMac !== null &&
      destinationMac !== null &&
      !end.macs.has(sourceMac) &&
      !end.macs.has(destinationMac)
    );
  }

  private *findEnds(
    patterns: readonly PlacedPattern[],
  ): Generator<number, ReadonlyMap<number, End>> {
    const begins = new Beginnings();
    for (let index = 0; index < patterns.length; index += 1) {
      if (index % PATTERN_YIELD === PATTERN_YIELD - 1) yield 0.5;
      const { toGroup, form, stations, uses } = patterns[index];
      if (toGroup || form.wayLength < 2) continue;
      const look = stations.shape.looks[form.order[0]];
      const { sourceMac } = this.linkOf(look);
      if (sourceMac === null) continue;
      const address = this.pairs.source(stations.pairOf(form.order[0]));
      begins.add(address, look.point, sourceMac, uses, INITIAL_TTLS.includes(look.ttl));
    }
    yield 0.5;
    const owners = this.findOwners(begins);
    yield 0.5;
    const ends = new Map<number, Begun & { addresses: Set<number> }>();
    for (let row = 0; row < begins.address.length; row += 1) {
      if (row % PATTERN_YIELD === PATTERN_YIELD - 1) yield 0.5;
      const [address, point, uses] = [begins.address[row], begins.point[row], begins.uses[row]];
      if (uses < LEAST_PACKETS || uses < MOST * (begins.total.get(address) ?? 0)) continue;
      const macs = begins.macs[row];
      if (![...macs].some((mac) => owners.get(mac) === point)) continue;
      const end = ends.get(point) ?? {
        uses: 0,
        fresh: 0,
        macs: new Set<string>(),
        addresses: new Set<number>(),
      };
      ends.set(point, end);
      end.uses += uses;
      end.fresh += begins.fresh[row];
      end.addresses.add(address);
      for (const mac of macs) end.macs.add(mac);
    }
    const hostEnds = yield* this.findHostEnds(patterns, ends);
    return new Map(
      [...ends]
        .sort((a, b) => a[0] - b[0])
        .map(([point, { uses, fresh, macs, addresses }]): [number, End] => [
          point,
          { point, macs, addresses, fresh: fresh * 2 > uses, hostEnd: hostEnds.get(point) },
        ]),
    );
  }

  /** A MAC sends from one place: the point where most packets from it begin. */
  private findOwners({ point, uses, macs }: Beginnings): ReadonlyMap<string, number> {
    const counts = new Map<string, Map<number, number>>();
    for (let row = 0; row < point.length; row += 1)
      for (const mac of macs[row]) {
        const byPoint = counts.get(mac) ?? new Map<number, number>();
        counts.set(mac, byPoint);
        byPoint.set(point[row], (byPoint.get(point[row]) ?? 0) + uses[row]);
      }
    return new Map(
      [...counts].map(([mac, byPoint]): [string, number] => [
        mac,
        [...byPoint].sort((a, b) => b[1] - a[1] || a[0] - b[0])[0][0],
      ]),
    );
  }

  /** The point that nearly all of an end's packets come to next, unchanged, and no other end's do. */
  private *findHostEnds(
    patterns: readonly PlacedPattern[],
    ends: ReadonlyMap<number, { readonly addresses: ReadonlySet<number> }>,
  ): Generator<number, ReadonlyMap<number, number>> {
    const next = new Map<number, Map<number, number>>();
    for (let index = 0; index < patterns.length; index += 1) {
      if (index % PATTERN_YIELD === PATTERN_YIELD - 1) yield 0.5;
      const { toGroup, form, stations, uses } = patterns[index];
      if (toGroup || form.wayLength < 2) continue;
      const [first, second] = form.order;
      const { looks, pairs } = stations.shape;
      const [own, other] = [looks[first], looks[second]];
      if (!ends.get(own.point)?.addresses.has(this.pairs.source(stations.pairOf(first)))) continue;
      // What stands there only by its name says nothing, nor does a point that is all of a host's interfaces.
      if (form.edges[0].confidence === 'tie' || form.edges[1]?.confidence === 'tie') continue;
      if (this.isAllInterfaces(other)) continue;
      const counts = next.get(own.point) ?? new Map<number, number>();
      next.set(own.point, counts);
      const point =
        other.point !== own.point &&
        other.ttl === own.ttl &&
        pairs[second] === pairs[first] &&
        this.sameHost(own, other)
          ? other.point
          : -1;
      counts.set(point, (counts.get(point) ?? 0) + uses);
    }
    const found = new Map<number, number>();
    const claims = new Map<number, number>();
    for (const [point, counts] of next) {
      const total = [...counts.values()].reduce((sum, uses) => sum + uses, 0);
      for (const [candidate, uses] of counts)
        if (
          candidate >= 0 &&
          uses >= LEAST_PACKETS &&
          uses >= MOST * total &&
          !ends.has(candidate)
        ) {
          found.set(point, candidate);
          claims.set(candidate, (claims.get(candidate) ?? 0) + 1);
        }
    }
    return new Map([...found].filter(([, candidate]) => claims.get(candidate) === 1));
  }

  /** A host's switch floods when strangers' ends there get frames after the receiver has them: no way leads on from there. */
  private *findFlooding(patterns: readonly PlacedPattern[]): Generator<number> {
    const packets = new Map<number, number>();
    /** Forms in which a stranger's end shows the frame. */
    const withStrangers = new Map<Pattern, boolean>();
    for (let index = 0; index < patterns.length; index += 1) {
      if (index % PATTERN_YIELD === PATTERN_YIELD - 1) yield 0.5;
      const pattern = patterns[index];
      if (pattern.toGroup) continue;
      const { looks } = pattern.stations.shape;
      let strange = withStrangers.get(pattern.form);
      if (strange === undefined) {
        strange = pattern.order.some((station) => this.isStranger(looks[station]));
        withStrangers.set(pattern.form, strange);
      }
      if (!strange) continue;
      const receiver = pattern.order.find((index) =>
        this.isReceiver(pattern.stations.stations[index]),
      );
      if (receiver === undefined) continue;
      const at = pattern.stations.stations[receiver];
      const flooded = pattern.order.some((index) => {
        const station = pattern.stations.stations[index];
        return (
          this.isStranger(station) &&
          this.sameLook(station, at) &&
          this.sameHost(station, at) &&
          (pattern.stations.medianDelta(receiver, index) ?? 0) > 0
        );
      });
      if (!flooded) continue;
      const host = this.clocks.hostOf(at.capture);
      packets.set(host, (packets.get(host) ?? 0) + pattern.uses);
    }
    for (const [host, uses] of packets) if (uses >= LEAST_PACKETS) this.floodingHosts.add(host);
  }

  /** The same frame: nothing was rewritten between the two. */
  sameLook(a: Station, b: Station): boolean {
    if (a.ttl !== b.ttl || a.pair !== b.pair) return false;
    const [one, other] = [this.linkOf(a), this.linkOf(b)];
    return (
      one.sourceMac === other.sourceMac &&
      one.destinationMac === other.destinationMac &&
      one.tunnels.length === other.tunnels.length
    );
  }

  sameHost(a: Look, b: Look): boolean {
    return this.clocks.hostOf(a.capture) === this.clocks.hostOf(b.capture);
  }

  /** `tcpdump -i any` before SLL2: nothing says which interface. */
  private isAllInterfaces(look: Look): boolean {
    const { summary } = this.input.captures[look.capture];
    return summary.interfaces[this.linkOf(look).interface].linkType === LINK_TYPE_SLL;
  }

  private linkOf({ capture, link }: Look) {
    return this.input.captures[capture].links[link];
  }
}
