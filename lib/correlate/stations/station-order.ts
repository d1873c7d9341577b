// The order of a packet's stations in one direction, and how sure each step of it is: the TTL, what is known of the ends, times beyond the
// clocks' bound, both directions compared, hosts. What nothing tells stands in order of file name, and is said to be a tie.
import type { OrderGround } from '../../model/connection';
import type { ClockModel } from '../clocks/clocks';
import type { CorrelationInput } from '../input/input';
import type { Ends } from './ends';
import type { AddressPairs, Look, Route, RouteDirection, Station } from './stations';

/** Positive: the first of two comes before the second; 0 where the ground is `none`. */
interface Evidence {
  readonly sense: number;
  readonly ground: OrderGround['ground'];
}

const NONE: Evidence = { sense: 0, ground: 'none' };

/** Share of packets that must agree before times decide for certain (a sign test), and before they are more than the jitter of two taps. */
const CERTAIN_SHARE = 0.95;
const LIKELY_SHARE = 0.75;

export class StationOrder {
  private readonly stations: RouteDirection;
  /** By station: those of the way back that mirror it. */
  private readonly mirrors: (readonly number[] | undefined)[] = [];

  constructor(
    private readonly input: CorrelationInput,
    private readonly clocks: ClockModel,
    private readonly pairs: AddressPairs,
    private readonly route: Route,
    private readonly direction: number,
    /** Undefined while they are being learnt. */
    private readonly ends: Ends | undefined,
  ) {
    this.stations = route.directions[direction];
  }

  /** Sorted by how many of the others each station comes before; point, then first seen, decide ties. */
  sort(stations: readonly number[]): number[] {
    const before = stations.map((a) =>
      stations.reduce(
        (sum, b) => (a === b ? sum : sum + Math.sign(this.evidence(stations, a, b).sense)),
        0,
      ),
    );
    return stations
      .map((station, index) => ({ station, score: before[index] }))
      .sort(
        (a, b) =>
          b.score - a.score ||
          this.stations.stations[a.station].point - this.stations.stations[b.station].point ||
          a.station - b.station,
      )
      .map((entry) => entry.station);
  }

  /** How sure it is that `a` comes before `b`, its successor in the sorted order of `stations`. */
  edge(stations: readonly number[], a: number, b: number): OrderGround {
    const { sense, ground } = this.evidence(stations, a, b);
    if (sense <= 0) return { confidence: 'tie', ground: 'none' };
    if (ground === 'ttl') return { confidence: 'certain', ground };
    const share = this.stations.shareBefore(a, b) ?? 0;
    const [{ capture: captureA }, { capture: captureB }] = [a, b].map(
      (index) => this.stations.stations[index],
    );
    const oneClock = this.clocks.isOneHost(captureA, captureB);
    const timed = ground === 'time' || ground === 'both-directions';
    if (timed && oneClock && share < LIKELY_SHARE) return { confidence: 'tie', ground: 'none' };
    const agreed = share >= CERTAIN_SHARE && (ground === 'time' || oneClock);
    return { confidence: agreed ? 'certain' : 'likely', ground };
  }

  /**
   * All that patterns take from the times of two stations, as one number: what they say of the order, in how many packets, and which way the median points.
   * 0 where the TTL decides.
   */
  timeCode(a: number, b: number): number {
    const { looks } = this.stations.shape;
    if (looks[a].ttl !== looks[b].ttl) return 0;
    const { sense, ground } = this.timeEvidence(a, b, looks[a], looks[b]);
    const said = sense === 0 ? 0 : (ground === 'time' ? 1 : 3) + (sense > 0 ? 1 : 0);
    const median = Math.sign(this.stations.medianDelta(a, b) ?? 0) + 1;
    return 1 + ((said * 3 + this.shareClass(a, b)) * 3 + this.shareClass(b, a)) * 3 + median;
  }

  private shareClass(a: number, b: number): number {
    const share = this.stations.shareBefore(a, b) ?? 0;
    return share >= CERTAIN_SHARE ? 2 : share >= LIKELY_SHARE ? 1 : 0;
  }

  private evidence(stations: readonly number[], a: number, b: number): Evidence {
    const stationA = this.stations.stations[a];
    const stationB = this.stations.stations[b];
    if (stationA.ttl !== stationB.ttl) return { sense: stationA.ttl - stationB.ttl, ground: 'ttl' };
    // Points of such a capture are no interfaces: one file's own times are all there is.
    if (this.isOneUntold(stationA, stationB)) return this.timeEvidence(a, b, stationA, stationB);
    if (this.ends !== undefined && stationA.pair === stationB.pair) {
      const sense = this.ends.rank(stationB) - this.ends.rank(stationA);
      if (sense !== 0) return { sense, ground: 'ends' };
    }
    const timed = this.timeEvidence(a, b, stationA, stationB);
    if (timed.sense !== 0) return timed;
    const sense = this.macEvidence(stations, stationA, stationB);
    if (sense !== 0) return { sense, ground: 'macs' };
    return this.hostEvidence(stations, stationA, stationB);
  }

  private timeEvidence(a: number, b: number, lookA: Look, lookB: Look): Evidence {
    const delta = this.stations.medianDelta(a, b);
    if (delta === undefined) return NONE;
    if (this.isOneUntold(lookA, lookB))
      return delta === 0 ? NONE : { sense: delta, ground: 'time' };
    const mirrored = this.mirroredDelta(a, b);
    if (mirrored !== undefined && delta !== mirrored) {
      const agreed = delta > 0 !== mirrored > 0 && this.oneClock(lookA, lookB);
      return { sense: delta - mirrored, ground: agreed ? 'time' : 'both-directions' };
    }
    const error = this.oneClock(lookA, lookB)
      ? 0
      : this.clocks.errorBetween(lookA.capture, lookB.capture);
    return error !== null && Math.abs(delta) >= error && delta !== 0
      ? { sense: delta, ground: 'time' }
      : NONE;
  }

  /**
   * What one frame is addressed to sends the next one: the packet was passed on there. Of two points that show the same frame, the one that
   * also shows what became of it comes later, the one that shows what it was made of earlier.
   */
  private macEvidence(stations: readonly number[], a: Station, b: Station): number {
    const handed = this.handsOn(a, b) - this.handsOn(b, a);
    if (handed !== 0) return handed;
    const lateness = (station: Station): number =>
      stations
        .map((index) => this.stations.stations[index])
        .filter((other) => other.point === station.point)
        .reduce(
          (sum, other) => sum + this.handsOn(station, other) - this.handsOn(other, station),
          0,
        );
    return lateness(b) - lateness(a);
  }

  /** 1 where a frame seen as `a` was for the sender of `b`. */
  private handsOn(a: Station, b: Station): number {
    const [{ destinationMac }, { sourceMac }] = [a, b].map(
      ({ capture, link }) => this.input.captures[capture].links[link],
    );
    return destinationMac !== null && destinationMac === sourceMac ? 1 : 0;
  }

  private isOneUntold(a: Look, b: Look): boolean {
    return a.capture === b.capture && this.input.captures[a.capture].interfacesUntold;
  }

  private oneClock(a: Look, b: Look): boolean {
    return this.clocks.isOneHost(a.capture, b.capture);
  }

  /** Clocks of two hosts may leave it open; but a packet leaves a host for good: the host that has it at higher TTLs comes first. */
  private hostEvidence(stations: readonly number[], a: Station, b: Station): Evidence {
    const [hostA, hostB] = [a, b].map(({ capture }) => this.clocks.hostOf(capture));
    if (hostA === hostB) return NONE;
    const meanTtl = (host: number): number => {
      const ttls = stations
        .map((index) => this.stations.stations[index])
        .filter((station) => this.clocks.hostOf(station.capture) === host)
        .map((station) => station.ttl);
      return ttls.reduce((sum, ttl) => sum + ttl, 0) / ttls.length;
    };
    const sense = meanTtl(hostA) - meanTtl(hostB);
    return sense === 0 ? NONE : { sense, ground: 'hosts' };
  }

  /** Median of (time at b − time at a) of packets that run the other way past both (RFC 5905's on-wire argument: what the clocks are off cancels). */
  private mirroredDelta(a: number, b: number): number | undefined {
    const back = this.route.directions[this.direction ^ 1];
    for (const i of this.mirrorsOf(back, a))
      for (const j of this.mirrorsOf(back, b))
        if (back.shape.looks[i].ttl === back.shape.looks[j].ttl) {
          const delta = back.medianDelta(i, j);
          if (delta !== undefined) return delta;
        }
    return undefined;
  }

  private mirrorsOf(back: RouteDirection, index: number): readonly number[] {
    const known = this.mirrors[index];
    if (known !== undefined) return known;
    const { point } = this.stations.shape.looks[index];
    const pair = this.pairs.reverse(this.stations.pairOf(index));
    const { looks } = back.shape;
    const found: number[] = [];
    for (let other = 0; other < looks.length; other += 1)
      if (looks[other].point === point && back.pairOf(other) === pair) found.push(other);
    this.mirrors[index] = found;
    return found;
  }
}
