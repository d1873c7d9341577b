// Clocks from the traffic itself (ALGORITHMS B3): captures with one clock form a host; the host with most exchanges is the reference, the others
// are solved along the strongest evidence, each with a bound. Samples come from clock-evidence.ts, lines from clock-segments.ts.

import type { JoinedConnections } from '../connections/connections';
import type { CorrelationInput } from '../input/input';
import type { LegTable } from '../legs/legs';
import type { Bound, Sample } from './clock-bounds';
import { chainClock, withinReach } from './clock-chain';
import { gatherEvidence, type PairEvidence } from './clock-evidence';
import { type Folds, findFolds } from './clock-folds';
import { groupClocks } from './clock-groups';
import { ALWAYS, fitOffsets, type OffsetSegment } from './clock-segments';
import { type ClockGroups, ClockModel, oneClock, type SolvedHost, STEADY } from './clocks';
import { KeptSamples } from './kept-samples';

/** Finds the hosts and their clocks. */
export function* solveClocks(
  input: CorrelationInput,
  legs: LegTable,
  connections: JoinedConnections,
  identities: Uint32Array,
): Generator<number, ClockModel> {
  if (input.captures.every(({ lead }) => lead === 0)) return oneClock(input);
  const evidence = yield* gatherEvidence(input, legs, connections, identities);
  const groups = yield* groupClocks(input, evidence);
  const folds = yield* findFolds(input);
  return new ClockModel(input, yield* solveHosts(folds, evidence, groups), groups);
}

/** Times that a step exceeds what the clocks of one host may be apart, before it is one. */
const CLEAR_STEP = 4;

interface Host {
  /** Its lowest capture. */
  readonly id: number;
  readonly captures: readonly number[];
  /** Captures that are proven to have the clock which stands for the host's. */
  readonly main: ReadonlySet<number>;
  readonly exchanges: number;
  /** By how much its clock was set back while captures ran, ns: its times come twice, and others are better not placed by them. */
  readonly folded: number;
  /** Within how much its times may come twice, ns. */
  readonly disorder: number;
}

/** What two hosts saw in common, as samples of the second's clock against the first's. */
interface Link {
  readonly first: number;
  readonly second: number;
  readonly exchanges: number;
  readonly onward: readonly Sample[];
  readonly back: readonly Sample[];
  /** Null: packets ran one way only, and nothing bounds the offset. */
  readonly slack: number | null;
}

function* solveHosts(
  folds: Folds,
  evidence: ReadonlyMap<number, PairEvidence>,
  groups: ClockGroups,
): Generator<number, readonly SolvedHost[]> {
  const count = folds.total.length;
  const hosts = findHosts(folds, evidence, groups);
  const hostById = new Map(hosts.map((host) => [host.id, host]));
  const links = linkHosts(count, evidence, groups, hosts).sort(
    (a, b) => b.exchanges - a.exchanges || a.first - b.first || a.second - b.second,
  );
  const reference = hosts.reduce((best, host) =>
    (best.folded - host.folded || host.exchanges - best.exchanges) > 0 ? host : best,
  );
  const solved = new Map<number, SolvedHost>();
  solved.set(reference.id, {
    captures: reference.captures,
    main: reference.main,
    state: 'reference',
    samples: reference.exchanges,
    segments: [STEADY],
  });
  for (;;) {
    yield 1;
    const open = links
      .filter(({ first, second }) => solved.has(first) !== solved.has(second))
      .map((link) => {
        const ahead = solved.has(link.first);
        const [near, far] = ahead ? [link.first, link.second] : [link.second, link.first];
        return { link, ahead, near: hostById.get(near)!, far: hostById.get(far)! };
      });
    if (open.length === 0) break;
    const { link, ahead, near, far } = open.find((one) => one.near.folded === 0) ?? open[0];
    const known = solved.get(near.id)!;
    const isBound = link.slack !== null && known.state !== 'one-way';
    const offsets = fitLink(link, ahead);
    // Placed by a clock whose times come twice, steps are anywhere.
    const stepped = offsets.some(({ offset }) => offset !== offsets[0].offset);
    const slack = (link.slack ?? 0) + (stepped ? near.folded : 0);
    solved.set(far.id, {
      captures: far.captures,
      main: far.main,
      state: isBound ? 'solved' : 'one-way',
      samples: link.exchanges,
      segments: chainClock(known, offsets, slack, far.disorder),
    });
  }
  return hosts.map(
    ({ id, captures, main }): SolvedHost =>
      solved.get(id) ?? { captures, main, state: 'unknown', samples: 0, segments: [STEADY] },
  );
}

function findHosts(
  folds: Folds,
  evidence: ReadonlyMap<number, PairEvidence>,
  { hostOf, clockOf }: ClockGroups,
): readonly Host[] {
  const count = folds.total.length;
  const exchanges = new Float64Array(count);
  for (const [key, pair] of evidence)
    for (const capture of [Math.floor(key / count), key % count])
      exchanges[capture] += pair.exchanges;
  const sum = (captures: readonly number[]): number =>
    captures.reduce((total, capture) => total + exchanges[capture], 0);
  return [...new Set(hostOf)]
    .sort((a, b) => a - b)
    .map((id): Host => {
      const captures = hostOf.flatMap((other, capture) => (other === id ? [capture] : []));
      const clocks = [...new Set(captures.map((capture) => clockOf[capture]))].map((clock) =>
        captures.filter((capture) => clockOf[capture] === clock),
      );
      const main = clocks.reduce((best, clock) => (sum(clock) > sum(best) ? clock : best));
      const most = (of: Float64Array): number =>
        captures.reduce((greatest, capture) => Math.max(greatest, of[capture]), 0);
      const [folded, disorder] = [most(folds.total), most(folds.disorder)];
      return { id, captures, main: new Set(main), exchanges: sum(captures), folded, disorder };
    });
}

function linkHosts(
  count: number,
  evidence: ReadonlyMap<number, PairEvidence>,
  { hostOf, apart }: ClockGroups,
  hosts: readonly Host[],
): Link[] {
  const hostById = new Map(hosts.map((host) => [host.id, host]));
  const pairsOfHosts = new Map<number, [number, PairEvidence][]>();
  for (const [key, pair] of [...evidence].sort((a, b) => a[0] - b[0])) {
    const [a, b] = [hostOf[Math.floor(key / count)], hostOf[key % count]];
    if (a === b) continue;
    const hostKey = Math.min(a, b) * count + Math.max(a, b);
    pairsOfHosts.set(hostKey, [...(pairsOfHosts.get(hostKey) ?? []), [key, pair]]);
  }
  return [...pairsOfHosts].flatMap(([hostKey, pairs]): Link[] => {
    const [first, second] = [Math.floor(hostKey / count), hostKey % count];
    const isMain = (capture: number): boolean =>
      hostById.get(hostOf[capture])?.main.has(capture) === true;
    const between = pairs.filter(([key]) => isMain(Math.floor(key / count)) && isMain(key % count));
    const exchanges = pairs.reduce((sum, [, pair]) => sum + pair.exchanges, 0);
    const oriented = (of: typeof pairs) =>
      orient(of, (key) => hostOf[Math.floor(key / count)] === first);
    const main = oriented(between);
    const all = oriented(pairs);
    if (all.onward.length === 0 && all.back.length === 0) return [];
    const isMainTwoWay = main.onward.length > 0 && main.back.length > 0;
    if (all.onward.length > 0 && all.back.length > 0) {
      const within = pairs
        .flatMap(([key]) => [Math.floor(key / count), key % count])
        .reduce((most, capture) => {
          const [standing] = hostById.get(hostOf[capture])!.main;
          return Math.max(most, apart[capture * count + standing]);
        }, 0);
      const slack = Number.isFinite(within) ? 2 * within : null;
      // A step that the main captures did not see: theirs may not have run so long.
      if (!isMainTwoWay || (slack !== null && slack > 0 && seesMore(all, main, slack)))
        return [{ first, second, exchanges, ...all, slack }];
    }
    if (isMainTwoWay) return [{ first, second, exchanges, ...main, slack: 0 }];
    return [{ first, second, exchanges, ...all, slack: null }];
  });
}

type Sides = Pick<Link, 'onward' | 'back'>;

/** Whether samples of clocks that may be so far apart show steps, larger than that by far, which some of them do not. */
function seesMore(all: Sides, some: Sides, apart: number): boolean {
  const least = apart * CLEAR_STEP;
  return (
    countSteps(fitOffsets(all.onward, all.back), least) >
    countSteps(fitOffsets(some.onward, some.back), least)
  );
}

const countSteps = (segments: readonly OffsetSegment[], least: number): number =>
  segments.filter(({ offset }, index) => {
    const before = segments[index - 1];
    return before !== undefined && Math.abs(offset - before.offset) > least;
  }).length;

/** Offsets of the far host's clock over the near one's time: that one is steadier than the one that is looked at. `ahead`: the far host is the link's second. */
function fitLink({ onward, back }: Link, ahead: boolean): readonly OffsetSegment[] {
  const [out, home] = ahead ? [onward, back] : [turned(back), turned(onward)];
  if (out.length > 0 && home.length > 0)
    return withinReach(fitOffsets(out, home), [...out, ...home]);
  // One way only: taken as if the fastest packet took no time.
  const deltas = [...out, ...home].map(({ delta }) => delta);
  return [constant(out.length > 0 ? Math.min(...deltas) : Math.max(...deltas))];
}

/** Seen from the other side, what ran onward lies below: it limits as what runs back does. */
const turned = (samples: readonly Sample[]): Sample[] =>
  samples.map(({ time, delta }) => ({ time: time + delta, delta: -delta }));

/** Samples of several pairs of captures as of one pair; `keeps`: the pair's first capture is of the first host. */
function orient(
  pairs: readonly (readonly [number, PairEvidence])[],
  keeps: (key: number) => boolean,
): { readonly onward: readonly Sample[]; readonly back: readonly Sample[] } {
  const onward = new KeptSamples(1);
  const back = new KeptSamples(-1);
  for (const [key, pair] of pairs) {
    onward.addAll(keeps(key) ? pair.onward : turned(pair.back));
    back.addAll(keeps(key) ? pair.back : turned(pair.onward));
  }
  return { onward: onward.samples(), back: back.samples() };
}

const NO_BOUND: Bound = { epoch: 0, lines: [] };

/** One offset for all time. */
const constant = (offset: number): OffsetSegment => ({
  ...ALWAYS,
  epoch: 0,
  offset,
  slope: 0,
  slopes: { least: 0, greatest: 0 },
  bound: NO_BOUND,
});
