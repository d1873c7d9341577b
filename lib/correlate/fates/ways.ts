// What the patterns of all packets teach about the ways: where an address sits, and which station follows which.
import type { CorrelationInput } from '../input/input';
import { INITIAL_TTLS } from '../limits';
import type { PlacedPattern } from '../stations/pattern';
import type { AddressPairs, Station } from '../stations/stations';

/** Where packets of an address begin. */
export interface Origin {
  readonly point: number;
  /** MACs it sends from there; empty where the link has none. */
  readonly macs: ReadonlySet<string>;
  /** Its packets have a TTL there that hosts start from: no router lies before. */
  readonly fresh: boolean;
}

interface OriginCount {
  uses: number;
  fresh: number;
  readonly macs: Set<string>;
}

export class Ways {
  private readonly origins = new Map<number, Origin>();
  /** By route × 2 + direction: for each station the stations seen next on the way, with counts. */
  private readonly successors = new Map<number, Map<number, Map<number, number>>>();
  /** By destination address: the stations that every packet that reached it passed, last ones, in order. */
  private readonly approaches = new Map<number, readonly Station[]>();
  /** By route × 2 + direction: how many packets were last seen at each station. */
  private readonly endings = new Map<number, Map<number, number>>();
  /** By route × 2 + direction: how many packets were first seen at each station. */
  private readonly beginnings = new Map<number, Map<number, number>>();

  constructor(
    private readonly input: CorrelationInput,
    private readonly pairs: AddressPairs,
    patterns: readonly PlacedPattern[],
  ) {
    this.findOrigins(patterns);
    for (const pattern of patterns) this.noteSuccessors(pattern);
    for (const pattern of patterns) this.noteApproach(pattern);
  }

  /**
   * Stations that packets of a pattern passed unseen, each with the position of a sighting beside it: most packets take that step by a stop in between,
   * or come from a stop before the pattern's first.
   */
  passedUnseen(pattern: PlacedPattern): readonly { position: number; station: Station }[] {
    const key = pattern.route * 2 + pattern.direction;
    const stations = this.successors.get(key);
    const skips: { position: number; station: Station }[] = [];
    const skip = (position: number, station: number): void => {
      skips.push({ position, station: pattern.stations.stations[station] });
    };
    const first = pattern.order[0];
    const begun = this.beginnings.get(key)?.get(first) ?? 0;
    for (const [before, counts] of stations ?? [])
      if ((counts.get(first) ?? 0) > begun) skip(0, before);
    for (let position = 0; position + 1 < pattern.wayLength; position += 1) {
      const from = pattern.order[position];
      const to = pattern.order[position + 1];
      const direct = stations?.get(from)?.get(to) ?? 0;
      for (const [middle, count] of stations?.get(from) ?? [])
        if (count > direct && (stations?.get(middle)?.get(to) ?? 0) > direct)
          skip(position, middle);
    }
    return skips;
  }

  /** The way that most packets take from a station on, itself first. */
  onward(pattern: PlacedPattern, station: Station): readonly Station[] {
    const way = [station];
    const { stations } = pattern.stations;
    for (let at = stations.indexOf(station); at >= 0; ) {
      const [next] = this.next(pattern, at);
      if (next === undefined || way.includes(stations[next])) break;
      way.push(stations[next]);
      at = next;
    }
    return way;
  }

  /** Whether more packets go on from a pattern's last stop than end there. */
  mostGoOn(pattern: PlacedPattern): boolean {
    const last = pattern.order[pattern.wayLength - 1];
    const key = pattern.route * 2 + pattern.direction;
    let onward = 0;
    for (const count of this.successors.get(key)?.get(last)?.values() ?? []) onward += count;
    return onward > (this.endings.get(key)?.get(last) ?? 0);
  }

  originOf(address: number): Origin | undefined {
    return this.origins.get(address);
  }

  /** Station indices of a pattern's route that packets reach next from `station`, most frequent first. */
  next(pattern: PlacedPattern, station: number): readonly number[] {
    const counts = this.successors.get(pattern.route * 2 + pattern.direction)?.get(station);
    if (counts === undefined) return [];
    return [...counts].sort((a, b) => b[1] - a[1] || a[0] - b[0]).map(([index]) => index);
  }

  /** Stations that lead to an address whatever way is taken, in order; empty when none is known. */
  approachTo(address: number): readonly Station[] {
    return this.approaches.get(address) ?? [];
  }

  /** Whether a receiver's station shows so itself: no router lies before it, and the frame carries its MAC. */
  showsReceiver(station: Station): boolean {
    const origin = this.origins.get(this.pairs.destination(station.pair));
    const mac = this.input.captures[station.capture].links[station.link].destinationMac;
    return origin?.fresh === true && mac !== null && origin.macs.has(mac);
  }

  /** Whether a station is the receiver's own link: its origin, and addressed to one of its MACs. */
  isReceiver(station: Station): boolean {
    const origin = this.origins.get(this.pairs.destination(station.pair));
    if (origin === undefined || origin.point !== station.point) return false;
    const mac = this.input.captures[station.capture].links[station.link].destinationMac;
    return mac === null || origin.macs.size === 0 || origin.macs.has(mac);
  }

  private findOrigins(patterns: readonly PlacedPattern[]): void {
    const counts = new Map<number, Map<number, OriginCount>>();
    for (const pattern of patterns) {
      // One sighting does not tell a beginning from a middle.
      if (pattern.wayLength < 2) continue;
      const station = pattern.stations.stations[pattern.order[0]];
      const address = this.pairs.source(station.pair);
      const points = counts.get(address) ?? new Map<number, OriginCount>();
      counts.set(address, points);
      const entry = points.get(station.point) ?? { uses: 0, fresh: 0, macs: new Set<string>() };
      points.set(station.point, entry);
      entry.uses += pattern.uses;
      if (station.ttl === 0 || INITIAL_TTLS.includes(station.ttl)) entry.fresh += pattern.uses;
      const mac = this.input.captures[station.capture].links[station.link].sourceMac;
      if (mac !== null) entry.macs.add(mac);
    }
    for (const [address, points] of counts) {
      const [point, best] = [...points].sort((a, b) => b[1].uses - a[1].uses || a[0] - b[0])[0];
      this.origins.set(address, { point, macs: best.macs, fresh: best.fresh * 2 > best.uses });
    }
  }

  private noteSuccessors(pattern: PlacedPattern): void {
    const key = pattern.route * 2 + pattern.direction;
    const stations = this.successors.get(key) ?? new Map<number, Map<number, number>>();
    this.successors.set(key, stations);
    count(this.endings, key, pattern.order[pattern.wayLength - 1], pattern.uses);
    count(this.beginnings, key, pattern.order[0], pattern.uses);
    for (let position = 0; position + 1 < pattern.wayLength; position += 1) {
      const from = pattern.order[position];
      const to = pattern.order[position + 1];
      const counts = stations.get(from) ?? new Map<number, number>();
      stations.set(from, counts);
      counts.set(to, (counts.get(to) ?? 0) + pattern.uses);
    }
  }

  private noteApproach(pattern: PlacedPattern): void {
    const way = pattern.order
      .slice(0, pattern.wayLength)
      .map((index) => pattern.stations.stations[index]);
    const last = way[way.length - 1];
    // ARP (no TTL) tells where a neighbour is, not by which way IP comes to it.
    if (way.length < 2 || last.ttl === 0 || !this.isReceiver(last)) return;
    const address = this.pairs.destination(last.pair);
    const addressed = way.filter((station) => this.pairs.destination(station.pair) === address);
    const known = this.approaches.get(address);
    if (known === undefined) {
      this.approaches.set(address, addressed);
      return;
    }
    let shared = 0;
    while (
      shared < known.length &&
      shared < addressed.length &&
      known[known.length - 1 - shared].point === addressed[addressed.length - 1 - shared].point
    )
      shared += 1;
    this.approaches.set(address, known.slice(known.length - shared));
  }
}

function count(
  counts: Map<number, Map<number, number>>,
  key: number,
  station: number,
  uses: number,
): void {
  const ofKey = counts.get(key) ?? new Map<number, number>();
  counts.set(key, ofKey);
  ofKey.set(station, (ofKey.get(station) ?? 0) + uses);
}
