// Clocks from the traffic itself (ALGORITHMS B3): captures with one clock form a host; the host with most exchanges is the reference, the others
// are solved along the strongest evidence, each with a bound. Samples come from clock-evidence.ts, lines from clock-segments.ts.
import type { Bound, Sample } from './clock-bounds';
import { gatherEvidence, keep, type PairEvidence } from './clock-evidence';
import { groupClocks } from './clock-groups';
import { fitOffsets, type OffsetSegment } from './clock-segments';
import {
  type ClockGroups,
  type ClockLine,
  ClockModel,
  oneClock,
  type SolvedHost,
  STEADY,
} from './clocks';
import type { ConnectionTable } from './connections';
import type { CorrelationInput } from './input';
import type { LegTable } from './legs';

/** Finds the hosts and their clocks. */
export function* solveClocks(
  input: CorrelationInput,
  legs: LegTable,
  connections: ConnectionTable,
  identities: Uint32Array,
): Generator<number, ClockModel> {
  if (input.captures.every(({ lead }) => lead === 0)) return oneClock(input);
  const evidence = yield* gatherEvidence(input, legs, connections, identities);
  const groups = groupClocks(input.captures, evidence);
  return new ClockModel(input, solveHosts(input.captures.length, evidence, groups), groups);
}

interface Host {
  /** Its lowest capture. */
  readonly id: number;
  readonly captures: readonly number[];
  /** Captures that are proven to have the clock which stands for the host's. */
  readonly main: ReadonlySet<number>;
  readonly exchanges: number;
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

function solveHosts(
  count: number,
  evidence: ReadonlyMap<number, PairEvidence>,
  groups: ClockGroups,
): readonly SolvedHost[] {
  const hosts = findHosts(count, evidence, groups);
  const links = linkHosts(count, evidence, groups, hosts).sort(
    (a, b) => b.exchanges - a.exchanges || a.first - b.first || a.second - b.second,
  );
  const reference = hosts.reduce((best, host) => (host.exchanges > best.exchanges ? host : best));
  const solved = new Map<number, SolvedHost>();
  solved.set(reference.id, {
    captures: reference.captures,
    main: reference.main,
    state: 'reference',
    samples: reference.exchanges,
    segments: [STEADY],
  });
  for (let grew = true; grew; ) {
    grew = false;
    for (const link of links) {
      if (solved.has(link.first) === solved.has(link.second)) continue;
      const ahead = solved.has(link.first);
      const known = solved.get(ahead ? link.first : link.second)!;
      const target = hosts.find(({ id }) => id === (ahead ? link.second : link.first))!;
      const isBound = link.slack !== null && known.state !== 'one-way';
      solved.set(target.id, {
        captures: target.captures,
        main: target.main,
        state: isBound ? 'solved' : 'one-way',
        samples: link.exchanges,
        segments: withUnsureSpans(chain(known, fitLink(link, ahead), link.slack ?? 0)),
      });
      grew = true;
      break;
    }
  }
  return hosts.map(
    ({ id, captures, main }): SolvedHost =>
      solved.get(id) ?? { captures, main, state: 'unknown', samples: 0, segments: [STEADY] },
  );
}

function findHosts(
  count: number,
  evidence: ReadonlyMap<number, PairEvidence>,
  { hostOf, clockOf }: ClockGroups,
): readonly Host[] {
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
      return { id, captures, main: new Set(main), exchanges: sum(captures) };
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
    if (main.onward.length > 0 && main.back.length > 0)
      return [{ first, second, exchanges, ...main, slack: 0 }];
    const all = oriented(pairs);
    if (all.onward.length === 0 && all.back.length === 0) return [];
    if (all.onward.length > 0 && all.back.length > 0) {
      const slack = pairs
        .flatMap(([key]) => [Math.floor(key / count), key % count])
        .reduce((most, capture) => {
          const [standing] = hostById.get(hostOf[capture])!.main;
          return Math.max(most, apart[capture * count + standing]);
        }, 0);
      return [
        {
          first,
          second,
          exchanges,
          ...all,
          slack: Number.isFinite(slack) ? 2 * slack : null,
        },
      ];
    }
    return [{ first, second, exchanges, ...all, slack: null }];
  });
}

/** Offsets of the far host's clock over the near one's time: that one is steadier than the one that is looked at. `ahead`: the far host is the link's second. */
function fitLink({ onward, back }: Link, ahead: boolean): readonly OffsetSegment[] {
  const [out, home] = ahead ? [onward, back] : [turned(back), turned(onward)];
  if (out.length > 0 && home.length > 0) return fitOffsets(out, home);
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
  const onward: Sample[] = [];
  const back: Sample[] = [];
  for (const [key, pair] of pairs) {
    keep(onward, keeps(key) ? pair.onward : turned(pair.back), 1);
    keep(back, keeps(key) ? pair.back : turned(pair.onward), -1);
  }
  return { onward, back };
}

const NO_BOUND: Bound = { epoch: 0, lines: [] };

/** One offset for all time. */
const constant = (offset: number): OffsetSegment => ({
  from: Number.NEGATIVE_INFINITY,
  firstSure: Number.NEGATIVE_INFINITY,
  lastSure: Number.POSITIVE_INFINITY,
  epoch: 0,
  offset,
  slope: 0,
  slopes: { least: 0, greatest: 0 },
  bound: NO_BOUND,
});

/** A line of a clock, and what it shows at the first and last moment that it is sure to hold; and at those moments of its neighbours. */
interface SureLine extends ClockLine {
  /** By this clock while this line holds, of a moment of the near clock. */
  readonly shows: (time: number) => number;
  /** By the near clock. */
  readonly firstSure: number;
  readonly lastSure: number;
}

/** Clock of the far host from the near one's and the offset between them. */
function chain(
  known: SolvedHost,
  segments: readonly OffsetSegment[],
  slack: number,
): readonly SureLine[] {
  return segments.flatMap((segment, index): SureLine[] => {
    const end = segments[index + 1]?.from ?? Number.POSITIVE_INFINITY;
    const shows = (time: number): number =>
      Number.isFinite(time) ? time + segment.offset + segment.slope * (time - segment.epoch) : time;
    return known.segments.flatMap((near, place): SureLine[] => {
      const from = Math.max(segment.from, near.from);
      const nearEnd = known.segments[place + 1]?.from ?? Number.POSITIVE_INFINITY;
      if (from >= Math.min(end, nearEnd)) return [];
      // Where the near clock's own line changes, the link's goes on: what is unsure there stands in the near clock's bounds.
      const firstSure = Math.max(segment.firstSure, near.from);
      const lastSure = Math.min(segment.lastSure, nearEnd);
      return [
        { ...chainLine(near, segment, slack), from: shows(from), shows, firstSure, lastSure },
      ];
    });
  });
}

function chainLine(
  near: ClockLine,
  segment: OffsetSegment,
  slack: number,
): Omit<ClockLine, 'from'> {
  const { epoch, offset, slope, bound } = segment;
  const nearSlope = near.driftPpm * 1e-6;
  // The near clock is the far one's time less the offset: by the far one's time the offset grows a little slower.
  const perFar = slope / (1 + slope);
  return {
    epoch: epoch + offset,
    offsetNs: near.offsetNs + nearSlope * (epoch - near.epoch) + offset,
    driftPpm: (nearSlope * (1 - perFar) + perFar) * 1e6,
    ...(near.unsure ? { unsure: true as const } : {}),
    bounds: [
      ...near.bounds.map((other) => ({ ...other, epoch: other.epoch + offset })),
      { ...bound, epoch: bound.epoch + offset },
      ...(slack > 0 ? [steadyBound(slack)] : []),
    ],
  };
}

const steadyBound = (ns: number): Bound => ({ epoch: 0, lines: [{ offset: ns, slope: 0 }] });

/** Around a step there are moments at which either line may hold: there the bound spans both. */
function withUnsureSpans(lines: readonly SureLine[]): readonly ClockLine[] {
  const spans: ClockLine[] = [];
  lines.forEach((line, index) => {
    const before = lines[index - 1];
    if (before === undefined) {
      spans.push(line);
      return;
    }
    const [from, to] = [
      Math.min(before.lastSure, line.firstSure),
      Math.max(before.lastSure, line.firstSure),
    ];
    // A clock that steps back shows some times twice: both lines may hold from what the later one shows first to what the earlier one shows last.
    const low = Math.max(
      Math.min(before.shows(from), line.shows(from), line.from),
      spans[spans.length - 1].from,
    );
    const high = Math.max(before.shows(to), line.shows(to), line.from);
    const apart = Math.max(
      ...[low, high].map((time) => Math.abs(offsetOf(before, time) - offsetOf(line, time))),
    );
    const unsure = (own: ClockLine, other: ClockLine, from: number): ClockLine => ({
      ...own,
      from,
      unsure: true,
      bounds: [...own.bounds, ...other.bounds, steadyBound(apart)],
    });
    if (low < line.from) spans.push(unsure(before, line, low));
    if (line.from < high) spans.push(unsure(line, before, line.from));
    spans.push({ ...line, from: high });
  });
  return spans;
}

const offsetOf = ({ offsetNs, driftPpm, epoch }: ClockLine, time: number): number =>
  offsetNs + driftPpm * 1e-6 * (time - epoch);
