// Patterns: for each set of stations that some packet showed, their order, which of them are the way and which are copies off it, and the
// passages through points that the packet passed more than once. Few patterns serve all packets of a route.
import type { LinkContext } from '../model/capture';
import type { ClockModel } from './clocks';
import type { Ends } from './ends';
import { findFloodedCopies } from './flooded';
import type { CorrelationInput } from './input';
import type { AddressPairs, Route, RouteDirection, Station } from './stations';

export interface Pattern {
  /** Station indices: the way in order, then the copies. */
  readonly order: readonly number[];
  /** How many of `order` are the way. */
  readonly wayLength: number;
  /** By position in `order`. */
  readonly passage: readonly number[];
  readonly branch: readonly number[];
  readonly positionOfStation: ReadonlyMap<number, number>;
}

export class PatternFinder {
  private readonly cache = new Map<string, Pattern>();

  constructor(
    private readonly input: CorrelationInput,
    private readonly clocks: ClockModel,
    private readonly pairs: AddressPairs,
    private readonly route: Route,
    private readonly direction: number,
  ) {}

  /** The pattern of a packet seen at these stations (each once, any order). */
  patternOf(stations: readonly number[]): Pattern {
    const sorted = [...stations].sort((a, b) => a - b);
    const key = sorted.join(',');
    let pattern = this.cache.get(key);
    if (pattern === undefined) {
      pattern = this.build(sorted, undefined);
      this.cache.set(key, pattern);
    }
    return pattern;
  }

  /** The same packets' pattern once the network's ends are known: what was flooded to strangers' is no part of the way. */
  refine(pattern: Pattern, ends: Ends): Pattern {
    return this.build(
      [...pattern.order].sort((a, b) => a - b),
      ends,
    );
  }

  private build(stations: readonly number[], ends: Ends | undefined): Pattern {
    const routeDirection = this.route.directions[this.direction];
    const flooded: ReadonlySet<number> =
      ends === undefined
        ? new Set()
        : findFloodedCopies(
            ends,
            (capture) => this.clocks.hostOf(capture),
            routeDirection,
            stations,
          );
    const ordered = this.orderStations(
      routeDirection,
      stations.filter((index) => !flooded.has(index)),
    );
    const isCopy = this.findCopies(
      ordered.map((index) => routeDirection.stations[index]),
      ends,
    );
    const way = ordered.filter((_, position) => !isCopy[position]);
    const copies = [
      ...ordered.filter((_, position) => isCopy[position]),
      ...this.orderStations(routeDirection, [...flooded]),
    ];
    const order = [...way, ...copies];
    const timesAtPoint = new Map<number, number>();
    const passage = order.map((index) => {
      const { point } = routeDirection.stations[index];
      const times = (timesAtPoint.get(point) ?? 0) + 1;
      timesAtPoint.set(point, times);
      return times;
    });
    return {
      order,
      wayLength: way.length,
      passage,
      branch: order.map((_, position) => Math.max(0, position - way.length + 1)),
      positionOfStation: new Map(order.map((index, position) => [index, position])),
    };
  }

  /** Sorted by how many of the others each station comes before; the given order (as first seen) decides ties. */
  private orderStations(direction: RouteDirection, stations: readonly number[]): number[] {
    const before = stations.map((a) =>
      stations.reduce(
        (sum, b) =>
          a === b
            ? sum
            : sum +
              Math.sign(
                this.evidence(direction, a, b) || this.hostEvidence(direction, stations, a, b),
              ),
        0,
      ),
    );
    return stations
      .map((station, index) => ({ station, score: before[index] }))
      .sort(
        (a, b) =>
          b.score - a.score ||
          direction.stations[a.station].point - direction.stations[b.station].point ||
          a.station - b.station,
      )
      .map((entry) => entry.station);
  }

  /** Positive: `a` comes before `b`. A router lowers the TTL; else time tells, best when both directions pass the same two stations:
   *  what the clocks or the taps are off cancels in the difference (RFC 5905's on-wire argument). */
  private evidence(direction: RouteDirection, a: number, b: number): number {
    const stationA = direction.stations[a];
    const stationB = direction.stations[b];
    if (stationA.ttl !== stationB.ttl) return stationA.ttl - stationB.ttl;
    const delta = direction.medianDelta(a, b);
    if (delta === undefined) return 0;
    const mirrored = this.mirroredDelta(stationA, stationB);
    if (mirrored !== undefined && delta !== mirrored) return delta - mirrored;
    const error = this.clocks.errorBetween(stationA.capture, stationB.capture);
    return error !== null && Math.abs(delta) >= error ? delta : 0;
  }

  /** Clocks of two hosts may leave it open; but a packet leaves a host for good: the host that has it at higher TTLs comes first. */
  private hostEvidence(
    direction: RouteDirection,
    stations: readonly number[],
    a: number,
    b: number,
  ): number {
    const [hostA, hostB] = [a, b].map((index) =>
      this.clocks.hostOf(direction.stations[index].capture),
    );
    if (hostA === hostB) return 0;
    const meanTtl = (host: number): number => {
      const ttls = stations
        .map((index) => direction.stations[index])
        .filter((station) => this.clocks.hostOf(station.capture) === host)
        .map((station) => station.ttl);
      return ttls.reduce((sum, ttl) => sum + ttl, 0) / ttls.length;
    };
    return meanTtl(hostA) - meanTtl(hostB);
  }

  /** Median of (time at b − time at a) of packets that run the other way past both. */
  private mirroredDelta(a: Station, b: Station): number | undefined {
    const back = this.route.directions[this.direction ^ 1];
    const backA = this.mirrorOf(back, a);
    const backB = this.mirrorOf(back, b);
    for (const i of backA)
      for (const j of backB)
        if (back.stations[i].ttl === back.stations[j].ttl) {
          const delta = back.medianDelta(i, j);
          if (delta !== undefined) return delta;
        }
    return undefined;
  }

  private mirrorOf(back: RouteDirection, station: Station): number[] {
    const pair = this.pairs.reverse(station.pair);
    const found: number[] = [];
    back.stations.forEach((other, index) => {
      if (other.point === station.point && other.pair === pair) found.push(index);
    });
    return found;
  }

  /**
   * Which of the ordered stations are copies off the way. A packet that is rewritten (routed, translated) leaves the look it had: where the
   * old look turns up at several points that the new look passes too, a switch flooded it.
   */
  private findCopies(ordered: readonly Station[], ends: Ends | undefined): boolean[] {
    const looks = ordered.map((station) => this.lookOf(station));
    const copy = ordered.map(() => false);
    for (let position = 0; position < ordered.length; position += 1) {
      const look = looks[position];
      if (looks.indexOf(look) !== position) continue;
      const nextLook = looks.find(
        (other, index) =>
          index > position && other !== look && this.follows(ordered, looks, look, other),
      );
      if (nextLook === undefined) continue;
      const newPoints = ordered.filter((_, index) => looks[index] === nextLook).map((s) => s.point);
      const old = ordered.flatMap((_, index) => (looks[index] === look ? [index] : []));
      if (this.returnsToSender(ordered[old[0]], ordered[looks.indexOf(nextLook)])) continue;
      const shared = old.filter((index) => newPoints.includes(ordered[index].point));
      // One shared point is where it was rewritten; at several the old look was flooded.
      if (shared.length < 2) continue;
      if (this.deliveredBefore(ordered, old, ends))
        ordered.forEach((_, index) => {
          if (looks[index] === nextLook) copy[index] = true;
        });
      else for (const index of shared) copy[index] = true;
    }
    return copy.every(Boolean) ? copy.map(() => false) : copy;
  }

  /** The old look was for the receiver and came to it: what was made of the packet afterwards (routed by a promiscuous bridge) comes second. */
  private deliveredBefore(
    ordered: readonly Station[],
    old: readonly number[],
    ends: Ends | undefined,
  ): boolean {
    return old.some((index) => ends?.isReceiver(ordered[index]) === true);
  }

  /** A look follows another when it has a lower TTL, or the same and other addresses. */
  private follows(
    ordered: readonly Station[],
    looks: readonly string[],
    look: string,
    next: string,
  ): boolean {
    const a = ordered[looks.indexOf(look)];
    const b = ordered[looks.indexOf(next)];
    return b.ttl < a.ttl || (b.ttl === a.ttl && b.pair !== a.pair);
  }

  /** Hairpin: the rewritten packet goes to the station it came from, over the same points. */
  private returnsToSender(old: Station, rewritten: Station): boolean {
    const source = this.linkOf(old).sourceMac;
    return source !== null && source === this.linkOf(rewritten).destinationMac;
  }

  private lookOf(station: Station): string {
    const link = this.linkOf(station);
    return `${station.ttl}/${station.pair}/${link.sourceMac}/${link.destinationMac}/${link.tunnels.length}`;
  }

  private linkOf(station: Station): LinkContext {
    return this.input.captures[station.capture].links[station.link];
  }
}
