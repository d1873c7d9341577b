// Patterns: for each set of stations that some packet showed, their order, which of them are the way and which are copies off it, and the
// passages through points that the packet passed more than once. Few patterns serve all packets of a route.
import type { LinkContext } from '../../model/capture';
import type { ClockModel } from '../clocks/clocks';
import type { CorrelationInput } from '../input/input';
import type { Ends } from './ends';
import { findFloodedCopies } from './flooded';
import type { Pattern } from './pattern';
import { StationOrder } from './station-order';
import type { AddressPairs, Route, Station } from './stations';

export class PatternFinder {
  constructor(
    private readonly input: CorrelationInput,
    private readonly clocks: ClockModel,
    private readonly pairs: AddressPairs,
    private readonly route: Route,
    private readonly direction: number,
  ) {}

  /** The pattern of packets seen at these stations, in any order. */
  patternOf(stations: readonly number[]): Pattern {
    return this.build(stations, undefined);
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
    const flooded = new Set(stations.filter((index) => routeDirection.stations[index].echo > 0));
    if (ends !== undefined)
      for (const index of findFloodedCopies(
        ends,
        (capture) => this.clocks.hostOf(capture),
        routeDirection,
        stations,
      ))
        flooded.add(index);
    const order = new StationOrder(
      this.input,
      this.clocks,
      this.pairs,
      this.route,
      this.direction,
      ends,
    );
    const ordered = order.sort(stations.filter((index) => !flooded.has(index)));
    const isCopy = this.findCopies(
      ordered.map((index) => routeDirection.stations[index]),
      ends,
    );
    const way = ordered.filter((_, position) => !isCopy[position]);
    const copies = [
      ...ordered.filter((_, position) => isCopy[position]),
      ...order.sort([...flooded]),
    ];
    const all = [...way, ...copies];
    const timesAtPoint = new Map<number, number>();
    const passage = all.map((index) => {
      const { point } = routeDirection.stations[index];
      const times = (timesAtPoint.get(point) ?? 0) + 1;
      timesAtPoint.set(point, times);
      return times;
    });
    return {
      order: all,
      wayLength: way.length,
      passage,
      branch: all.map((_, position) => Math.max(0, position - way.length + 1)),
      edges: way.slice(1).map((index, position) => order.edge(stations, way[position], index)),
    };
  }

  /**
   * Which of the ordered stations are copies off the way. A packet that is rewritten (routed, translated) leaves the look it had: where the
   * old look turns up at several points that the new look passes too, a switch flooded it.
   */
  private findCopies(ordered: readonly Station[], ends: Ends | undefined): boolean[] {
    const looks = this.looksOf(ordered);
    const copy = ordered.map(() => false);
    for (let position = 0; position < ordered.length; position += 1) {
      const look = looks[position];
      if (look !== position) continue;
      const nextLook = looks.find(
        (other, index) =>
          index > position && other !== look && this.follows(ordered[look], ordered[other]),
      );
      if (nextLook === undefined) continue;
      const newPoints = ordered.filter((_, index) => looks[index] === nextLook).map((s) => s.point);
      const old = ordered.flatMap((_, index) => (looks[index] === look ? [index] : []));
      if (this.returnsToSender(ordered[look], ordered[nextLook])) continue;
      const shared = old.filter((index) => newPoints.includes(ordered[index].point));
      // One shared point is where it was rewritten; at several the old look was flooded.
      const places = new Set(shared.map((index) => this.placeOf(ordered[index])));
      if (places.size > 1 && !old.some((index) => ends?.isReceiver(ordered[index])))
        for (const index of shared) copy[index] = true;
    }
    if (copy.every(Boolean)) copy.fill(false);
    this.markSecondDeliveries(ordered, looks, copy, ends);
    return copy;
  }

  /** Where the receiver has it, under its own MAC, the way ends: what is made of the packet besides (routed once more by a promiscuous bridge) is no more of it. */
  private markSecondDeliveries(
    ordered: readonly Station[],
    looks: readonly number[],
    copy: boolean[],
    ends: Ends | undefined,
  ): void {
    const receiver = ordered.findIndex(
      (station, index) => !copy[index] && ends?.isReceiver(station),
    );
    if (receiver < 0) return;
    const address = this.pairs.destination(ordered[receiver].pair);
    for (let index = receiver + 1; index < ordered.length; index += 1)
      if (
        this.pairs.destination(ordered[index].pair) === address &&
        looks[index] !== looks[receiver]
      )
        copy[index] = true;
  }

  /** A look follows another when it has a lower TTL, or the same and other addresses. */
  private follows(a: Station, b: Station): boolean {
    return b.ttl < a.ttl || (b.ttl === a.ttl && b.pair !== a.pair);
  }

  /** Hairpin: the rewritten packet goes to the station it came from, over the same points. */
  private returnsToSender(old: Station, rewritten: Station): boolean {
    const source = this.linkOf(old).sourceMac;
    return source !== null && source === this.linkOf(rewritten).destinationMac;
  }

  /** Points of a capture that names no interface are one place. */
  private placeOf({ capture, point }: Station): string {
    return this.input.captures[capture].interfacesUntold ? `capture ${capture}` : `point ${point}`;
  }

  /** By station: the first of them that shows the same frame. */
  private looksOf(stations: readonly Station[]): number[] {
    return stations.map((station) =>
      stations.findIndex((other) => other === station || this.isSameLook(other, station)),
    );
  }

  private isSameLook(a: Station, b: Station): boolean {
    if (a.ttl !== b.ttl || a.pair !== b.pair) return false;
    const [one, other] = [this.linkOf(a), this.linkOf(b)];
    return (
      one.sourceMac === other.sourceMac &&
      one.destinationMac === other.destinationMac &&
      one.tunnels.length === other.tunnels.length
    );
  }

  private linkOf(station: Station): LinkContext {
    return this.input.captures[station.capture].links[station.link];
  }
}
