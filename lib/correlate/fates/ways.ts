// What the patterns of all packets teach about the ways: where an address sits, and which station follows which.
import type { CorrelationInput } from '../input/input';
import { INITIAL_TTLS, PATTERN_YIELD } from '../limits';
import { Beginnings } from '../stations/beginnings';
import type { PlacedPattern } from '../stations/pattern';
import type { AddressPairs, RouteDirection, Station } from '../stations/stations';

/** Where packets of an address begin. */
export interface Origin {
  readonly point: number;
  /** MACs it sends from there; empty where the link has none. */
  readonly macs: ReadonlySet<string>;
  /** Its packets have a TTL there that hosts start from: no router lies before. */
  readonly fresh: boolean;
}

/** What the patterns of one direction of a route say of it. */
interface Steps {
  readonly stations: RouteDirection;
  /** For each station the stations seen next on the way, with counts. */
  readonly successors: ReadonlyMap<number, ReadonlyMap<number, number>>;
  /** How many packets were first, and last, seen at each station. */
  readonly beginnings: ReadonlyMap<number, number>;
  readonly endings: ReadonlyMap<number, number>;
}

/** So many packets that begin somewhere are no accident. */
const LEAST_BEGINNINGS = 3;

export class Ways {
  private readonly begun = new Beginnings();
  /** By address: the row of `begun` where most of its packets begin. */
  private readonly rowOfAddress = new Map<number, number>();
  /** By direction, of the route that was asked about last: fates ask route by route. */
  private readonly steps: (Steps | undefined)[] = [undefined, undefined];
  /** By destination address: the stations that every packet that reached it passed, last ones, in order. Found when first asked for: few ask. */
  private approaches: Map<number, readonly Station[]> | undefined;

  constructor(
    private readonly input: CorrelationInput,
    private readonly pairs: AddressPairs,
    private readonly patterns: readonly PlacedPattern[],
  ) {}

  /** Learns where addresses sit: before anything is asked. Yields now and then, for there may be as many patterns as connections. */
  *learn(): Generator<number> {
    const { begun, rowOfAddress } = this;
    for (const [index, { form, stations, uses }] of this.patterns.entries()) {
      if (index % PATTERN_YIELD === PATTERN_YIELD - 1) yield 0;
      // One sighting does not tell a beginning from a middle.
      if (form.wayLength < 2) continue;
      const { point, capture, link, ttl } = stations.shape.looks[form.order[0]];
      const address = this.pairs.source(stations.pairOf(form.order[0]));
      const mac = this.input.captures[capture].links[link].sourceMac;
      begun.add(address, point, mac, uses, ttl === 0 || INITIAL_TTLS.includes(ttl));
    }
    const { uses, point } = begun;
    for (const [row, address] of begun.address.entries()) {
      const best = rowOfAddress.get(address);
      if (
        best === undefined ||
        uses[row] > uses[best] ||
        (uses[row] === uses[best] && point[row] < point[best])
      )
        rowOfAddress.set(address, row);
    }
  }

  /**
   * Stations that packets of a pattern passed unseen, each with the position of a sighting beside it: most packets take that step by a stop in between,
   * or come from a stop before the pattern's first.
   */
  passedUnseen(pattern: PlacedPattern): readonly { position: number; station: Station }[] {
    const { successors, beginnings } = this.stepsOf(pattern);
    const skips: { position: number; station: Station }[] = [];
    const skip = (position: number, station: number): void => {
      skips.push({ position, station: pattern.stations.stations[station] });
    };
    const first = pattern.order[0];
    const begun = beginnings.get(first) ?? 0;
    for (const [before, counts] of successors)
      if ((counts.get(first) ?? 0) > begun) skip(0, before);
    for (let position = 0; position + 1 < pattern.wayLength; position += 1) {
      const from = pattern.order[position];
      const to = pattern.order[position + 1];
      const direct = successors.get(from)?.get(to) ?? 0;
      for (const [middle, count] of successors.get(from) ?? [])
        if (count > direct && (successors.get(middle)?.get(to) ?? 0) > direct)
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
    const { successors, endings } = this.stepsOf(pattern);
    let onward = 0;
    for (const count of successors.get(last)?.values() ?? []) onward += count;
    return onward > (endings.get(last) ?? 0);
  }

  originOf(address: number): Origin | undefined {
    const row = this.rowOfAddress.get(address);
    return row === undefined ? undefined : this.originAt(row);
  }

  /** Station indices of a pattern's route that packets reach next from `station`, most frequent first. */
  next(pattern: PlacedPattern, station: number): readonly number[] {
    const counts = this.stepsOf(pattern).successors.get(station);
    if (counts === undefined) return [];
    return [...counts].sort((a, b) => b[1] - a[1] || a[0] - b[0]).map(([index]) => index);
  }

  /** Stations that lead to an address whatever way is taken, in order; empty when none is known. */
  approachTo(address: number): readonly Station[] {
    if (this.approaches === undefined) {
      this.approaches = new Map();
      for (const pattern of this.patterns) this.noteApproach(this.approaches, pattern);
    }
    return this.approaches.get(address) ?? [];
  }

  /** Whether a receiver's station shows so itself: no router lies before it, and the frame carries its MAC. */
  showsReceiver(station: Station): boolean {
    const origin = this.receiverAt(station);
    const mac = this.macTo(station);
    return origin?.fresh === true && mac !== null && origin.macs.has(mac);
  }

  /** Whether a station is the receiver's own link: its origin, and addressed to one of its MACs. */
  isReceiver(station: Station): boolean {
    const origin = this.receiverAt(station);
    const mac = this.macTo(station);
    return origin !== undefined && (mac === null || origin.macs.size === 0 || origin.macs.has(mac));
  }

  /** What begins at a station's point, if that is where its packets are addressed to. */
  private receiverAt({ pair, point }: Station): Origin | undefined {
    const address = this.pairs.destination(pair);
    const main = this.originOf(address);
    if (main === undefined || main.point === point) return main;
    // A host with several interfaces, such as a proxy, is where it sends from by a MAC that the main one has not: a tap farther on shows the same.
    const row = this.begun.find(address, point);
    if (row === undefined || this.begun.uses[row] < LEAST_BEGINNINGS) return undefined;
    const other = this.originAt(row);
    const isOwn = other.fresh && other.macs.size > 0;
    return isOwn && [...other.macs].every((mac) => !main.macs.has(mac)) ? other : undefined;
  }

  private macTo({ capture, link }: Station): string | null {
    return this.input.captures[capture].links[link].destinationMac;
  }

  private originAt(row: number): Origin {
    const { point, macs, fresh, uses } = this.begun;
    return { point: point[row], macs: macs[row], fresh: fresh[row] * 2 > uses[row] };
  }

  private stepsOf({ stations, direction }: PlacedPattern): Steps {
    const known = this.steps[direction];
    if (known?.stations === stations) return known;
    const successors = new Map<number, Map<number, number>>();
    const beginnings = new Map<number, number>();
    const endings = new Map<number, number>();
    for (const index of stations.sets) {
      const { form, uses } = this.patterns[index];
      const { order, wayLength } = form;
      count(endings, order[wayLength - 1], uses);
      count(beginnings, order[0], uses);
      for (let position = 0; position + 1 < wayLength; position += 1) {
        const counts = successors.get(order[position]) ?? new Map<number, number>();
        successors.set(order[position], counts);
        count(counts, order[position + 1], uses);
      }
    }
    const steps: Steps = { stations, successors, beginnings, endings };
    this.steps[direction] = steps;
    return steps;
  }

  private noteApproach(approaches: Map<number, readonly Station[]>, pattern: PlacedPattern): void {
    const way = pattern.order
      .slice(0, pattern.wayLength)
      .map((index) => pattern.stations.stations[index]);
    const last = way[way.length - 1];
    // ARP (no TTL) tells where a neighbour is, not by which way IP comes to it.
    if (way.length < 2 || last.ttl === 0 || !this.isReceiver(last)) return;
    const address = this.pairs.destination(last.pair);
    const addressed = way.filter((station) => this.pairs.destination(station.pair) === address);
    const known = approaches.get(address);
    if (known === undefined) {
      approaches.set(address, addressed);
      return;
    }
    let shared = 0;
    while (
      shared < known.length &&
      shared < addressed.length &&
      known[known.length - 1 - shared].point === addressed[addressed.length - 1 - shared].point
    )
      shared += 1;
    approaches.set(address, known.slice(known.length - shared));
  }
}

const count = (counts: Map<number, number>, key: number, uses: number): void => {
  counts.set(key, (counts.get(key) ?? 0) + uses);
};
