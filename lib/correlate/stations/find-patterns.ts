// The pattern of every set of stations. Where each connection has a route of its own there are as many sets as connections, but few that differ in what
// decides an order: the looks, which addresses they have in common, what times say of each two. Those that agree in all that share one form.
import type { ClockModel } from '../clocks/clocks';
import type { CorrelationInput } from '../input/input';
import { PATTERN_YIELD } from '../limits';
import { Ends } from './ends';
import { type Pattern, PlacedPattern } from './pattern';
import { PatternFinder } from './patterns';
import { StationOrder } from './station-order';
import type { StationSet } from './station-set';
import { Groups, keyText, type RouteDirection, type StationTable } from './stations';

/** The first round takes strangers' pods off the way; only then do the veths next to them show as theirs, for the second. */
const REFINEMENTS = 2;

interface FoundPatterns {
  /** One for each set of stations. */
  readonly patterns: readonly PlacedPattern[];
  readonly ends: Ends;
}

export function* findPatterns(
  input: CorrelationInput,
  table: StationTable,
  clocks: ClockModel,
): Generator<number, FoundPatterns> {
  const { routes, sets, pairs } = table;
  const finderOf = (set: number): PatternFinder =>
    new PatternFinder(input, clocks, pairs, routes[sets[set].route], sets[set].direction);
  const forms = new PatternForms();
  const grounds = new Grounds(input, clocks, table);
  const groundsOf = new Uint32Array(sets.length);
  const patterns = new Array<PlacedPattern>(sets.length);
  let found = 0;
  // Route by route: what is measured of one is let go of before the next.
  for (const { directions } of routes) {
    for (const direction of directions)
      for (const set of direction.sets) {
        if (found++ % PATTERN_YIELD === 0) yield (0.2 * found) / sets.length;
        groundsOf[set] = grounds.of(set);
        const { stations } = sets[set];
        const form = forms.of(groundsOf[set], '', direction, () =>
          finderOf(set).patternOf(stations),
        );
        patterns[set] = grounds.place(set, form);
      }
    for (const direction of directions) direction.forgetDeltas();
  }
  let ends = new Ends(input, clocks, pairs);
  yield* ends.learn(patterns);
  for (let round = 0; round < REFINEMENTS; round += 1) {
    const refined = forms.next();
    for (let set = 0; set < patterns.length; set += 1) {
      if (set % PATTERN_YIELD === 0) yield 0.2 + 0.1 * (round + set / patterns.length);
      const pattern = patterns[set];
      const places = placesOf(pattern.stations, sets[set], ends);
      const form = refined.of(groundsOf[set], places, pattern.stations, () =>
        finderOf(set).refine(pattern, ends),
      );
      patterns[set] = pattern.as(form);
    }
    const learnt = ends;
    ends = new Ends(input, clocks, pairs);
    yield* ends.learn(patterns);
    if (ends.equals(learnt)) break;
  }
  return { patterns, ends };
}

/** Where the stations of a set stand, by what is known of the network's ends. */
function placesOf(direction: RouteDirection, { stations }: StationSet, ends: Ends): string {
  let places = '';
  for (const station of stations)
    places += character(ends.placeCode(direction.shape.looks[station], direction.pairOf(station)));
  return places;
}

/** Numbers what decides the order of each set of stations, ends left out. */
class Grounds {
  private readonly numbers = new Map<string, number>();
  private readonly groups: Groups;
  /** Of the route that is looked at. */
  private route = -1;
  private orders: readonly StationOrder[] = [];

  constructor(
    private readonly input: CorrelationInput,
    private readonly clocks: ClockModel,
    private readonly table: StationTable,
  ) {
    this.groups = new Groups(input, table.pairs);
  }

  of(index: number): number {
    const { stations, direction, route } = this.table.sets[index];
    const { pairs, routes } = this.table;
    const at = routes[route].directions[direction];
    const order = this.orderOf(route, direction);
    let key = keyText(at.shape.id);
    for (const station of stations) key += character(station);
    const receivers = stations.map((station) => pairs.destination(at.pairOf(station)));
    for (const receiver of receivers) key += character(receivers.indexOf(receiver));
    for (let b = 1; b < stations.length; b += 1)
      for (let a = 0; a < b; a += 1) key += character(order.timeCode(stations[a], stations[b]));
    let number = this.numbers.get(key);
    if (number === undefined) {
      number = this.numbers.size;
      this.numbers.set(key, number);
    }
    return number;
  }

  place(index: number, form: Pattern): PlacedPattern {
    const { stations, route, direction, uses } = this.table.sets[index];
    const at = this.table.routes[route].directions[direction];
    // A cooked frame does not carry the MAC that it is for.
    const toGroup = stations.some((station) =>
      this.groups.has(at.shape.looks[station], at.pairOf(station)),
    );
    return new PlacedPattern(form, route, direction, at, toGroup, uses);
  }

  private orderOf(route: number, direction: number): StationOrder {
    if (route !== this.route) {
      const { routes, pairs } = this.table;
      this.orders = [0, 1].map(
        (one) => new StationOrder(this.input, this.clocks, pairs, routes[route], one, undefined),
      );
      this.route = route;
    }
    return this.orders[direction];
  }
}

const character = (code: number): string => String.fromCharCode(code);

/** One form for all sets with the same grounds and places; what one round finds as the round before is the same object. */
class PatternForms {
  private readonly byPlaces = new Map<string, Pattern>();

  constructor(private readonly alike = new Map<string, Pattern>()) {}

  next(): PatternForms {
    return new PatternForms(this.alike);
  }

  of(grounds: number, places: string, { shape }: RouteDirection, find: () => Pattern): Pattern {
    const key = keyText(grounds) + places;
    let form = this.byPlaces.get(key);
    if (form === undefined) {
      form = this.share(shape.id, find());
      this.byPlaces.set(key, form);
    }
    return form;
  }

  private share(shape: number, pattern: Pattern): Pattern {
    const { order, wayLength, passage, edges } = pattern;
    const told = edges.map(({ confidence, ground }) => `${confidence} ${ground}`);
    const key = `${shape} ${order} ${wayLength} ${passage} ${told}`;
    const known = this.alike.get(key);
    if (known !== undefined) return known;
    this.alike.set(key, pattern);
    return pattern;
  }
}
