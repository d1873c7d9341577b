// Holds an analysis of a simulated world against its truth: pairs, fates, clocks and latencies at every moment, alarms.
import { sequenceDifference } from '../../base/sequence-number';
import { analyseSources } from '../../engine/analyse';
import type { AnalysisView } from '../../model/analysis-view';
import { FATES } from '../../model/fate';
import { LatencyErrors } from '../../model/latency-error';
import { type Score, scoreTruth } from '../score-truth';
import type { CapturedRecord, UnitTruth } from './network';
import type { World } from './world';

export interface Verdict {
  readonly score: Score;
  readonly fates: FateScore;
  /** Moments at which a clock's bound, or a latency's, does not hold the truth: none. */
  readonly clockFaults: readonly string[];
  /** A packet at the first of them. */
  readonly clockUnit: number | undefined;
  /** Moments looked at. */
  readonly clockChecks: number;
  /** How tight the clocks' bounds are, so that none holds by being wide. */
  readonly bounds: BoundScore;
  /** Findings that are no notes: none in a healthy world. */
  readonly alarms: readonly string[];
}

/** Over the frames looked at of clocks that are not the reference. */
export interface BoundScore {
  /** ns, in no order. */
  readonly widths: readonly number[];
  readonly errors: readonly number[];
  /** Moments at which nothing is told, for clocks that two-way packets solve. */
  readonly untold: number;
  /** Latencies that no hop's figures hold: of packets on their way when a clock may have stepped. */
  readonly leftOut: number;
  /** Latencies of hops with figures that nothing bounds. */
  readonly unbounded: number;
}

export interface FateScore {
  /** Journeys whose fate a perfect observer of the same captures could tell. */
  readonly decidable: number;
  readonly right: number;
  /** Of all: told otherwise than it was, decidable or not. */
  readonly told: number;
  readonly false: number;
  readonly lost: number;
  readonly examples: readonly Misjudged[];
}

export interface Misjudged {
  readonly unit: number;
  readonly told: string;
  readonly reason: number;
  readonly decidable: boolean;
}

export async function judgeWorld(world: World): Promise<Verdict> {
  const { analysis, diagnosis } = await analyseSources(world.sources);
  const clocks = checkClocks(world, analysis);
  const latencies = checkLatencies(world, analysis);
  return {
    score: scoreTruth(analysis, world.truth),
    fates: scoreFates(world, analysis),
    clockFaults: [...clocks.faults, ...latencies.faults],
    clockUnit: clocks.units[0] ?? latencies.units[0],
    clockChecks: clocks.checks + latencies.checks,
    bounds: {
      ...clocks.bounds,
      leftOut: latencies.leftOut,
      unbounded: latencies.unbounded,
    },
    alarms: diagnosis.findings
      .filter(({ severity }) => severity !== 'note')
      .map(({ rule, title }) => `${rule}: ${title}`),
  };
}

/** Before the first and after the last frame of a capture nothing tells whether it ran: clocks of hosts are known to less than this. */
const EDGE_NS = { oneHost: 2e6, hosts: 30e6 };

function scoreFates(world: World, view: AnalysisView): FateScore {
  const observer = new PerfectObserver(world);
  const score = { decidable: 0, right: 0, told: 0, false: 0, lost: 0 };
  const examples: Misjudged[] = [];
  view.connections.forEach((_, index) => {
    const { journeys, journeyCount, sightings, files } = view.journeysOf([index]);
    for (let j = 0; j < journeyCount; j += 1) {
      const s = journeys.firstSighting[j];
      const all = world.unitsOfFrame.get(`${files[sightings.capture[s]]}#${sightings.frame[s]}`);
      if (all === undefined) continue;
      const units = all.filter((id) => {
        const { sequence, shifted, length, doubled } = world.units[id];
        if (doubled) return false;
        if (length === 0 || journeys.byteStart[j] === journeys.byteEnd[j]) return true;
        // Told as either side of a firewall that shifts numbers has them.
        return [sequence, shifted].some(
          (start) =>
            sequenceDifference(journeys.byteEnd[j], start) > 0 &&
            sequenceDifference(start + length, journeys.byteStart[j]) > 0,
        );
      });
      if (units.length === 0 || all.some((id) => world.units[id].doubled)) continue;
      const arrived = units.filter((id) => world.units[id].dropped === null).length;
      // Cut at no point as finely as it was lost.
      if (arrived !== 0 && arrived !== units.length) continue;
      const told = FATES[journeys.fate[j]];
      const right = told !== 'unknown' && (told !== 'lost') === arrived > 0;
      const decidable = units.every((id) => observer.canTell(id));
      score.told += told === 'unknown' ? 0 : 1;
      if (arrived === 0) score.lost += 1;
      if (told !== 'unknown' && !right) score.false += 1;
      if (decidable) score.decidable += 1;
      if (decidable && right) score.right += 1;
      if (!right && (decidable || told !== 'unknown'))
        examples.push({ unit: units[0], told, reason: journeys.reason[j], decidable });
    }
  });
  return { ...score, examples };
}

/** Someone who knows what is where, and sees the captures: what could be told of a packet. */
class PerfectObserver {
  private readonly spans: ReadonlyMap<string, readonly [number, number]>;
  private readonly furthest = new Map<object, number>();

  constructor(private readonly world: World) {
    this.spans = spansOf(world);
    for (const unit of world.units)
      if (!unit.doubled) {
        const last = lastSeen(unit);
        this.furthest.set(unit.way, Math.max(last, this.furthest.get(unit.way) ?? -1));
      }
  }

  canTell(id: number): boolean {
    const { plan, units } = this.world;
    const unit = units[id];
    const last = lastSeen(unit);
    if (last < 0) return false;
    if (last === unit.way.length - 1) return true;
    // Nothing was ever seen further on: no one knows where it should have come to.
    if ((this.furthest.get(unit.way) ?? -1) <= last) return false;
    const next = unit.way[last + 1];
    const { host, file, miss } = plan.points[next.point];
    const span = this.spans.get(file);
    if (span === undefined) return false;
    const seen = unit.seen.find(({ position }) => position === last)!.record;
    const edge = host === plan.points[seen.point].host ? EDGE_NS.oneHost : EDGE_NS.hosts;
    const arrival = seen.time + next.delay;
    if (arrival < span[0] + edge || arrival > span[1] - edge) return false;
    if (miss === 0) return unit.dropped === last;
    // Captures that miss packets: only bytes that went once tell, by what acknowledged them, or those that were sent again because they were lost.
    if (!unit.carriesBytes) return false;
    const twins = units.filter(
      (other, otherId) =>
        otherId !== id &&
        other.connection === unit.connection &&
        other.direction === unit.direction &&
        other.carriesBytes &&
        sequenceDifference(other.sequence + other.length, unit.sequence) > 0 &&
        sequenceDifference(unit.sequence + unit.length, other.sequence) > 0,
    );
    const arrived = unit.dropped === null;
    return arrived
      ? twins.length === 0 && this.isAnswered(unit)
      : twins.some(({ dropped }) => dropped === null);
  }

  /** Some later packet of the other side was captured: it acknowledges. */
  private isAnswered(unit: UnitTruth): boolean {
    return this.world.units.some(
      (other) =>
        other.connection === unit.connection &&
        other.direction !== unit.direction &&
        other.time > unit.time &&
        other.seen.length > 0,
    );
  }
}

/** By file: true times of its first and last frame. */
function spansOf({ keyOf, plan }: World): ReadonlyMap<string, readonly [number, number]> {
  const spans = new Map<string, [number, number]>();
  for (const { point, time } of keyOf.keys()) {
    const { file } = plan.points[point];
    const span = spans.get(file);
    if (span === undefined) spans.set(file, [time, time]);
    else spans.set(file, [Math.min(span[0], time), Math.max(span[1], time)]);
  }
  return spans;
}

const lastSeen = ({ seen }: UnitTruth): number =>
  seen.reduce((most, { position }) => Math.max(most, position), -1);

/** Frames of each capture that its clock is looked at: what it showed between them, none tells. */
const MOMENTS = 32;

function someOf<T>(all: readonly T[], most: number): T[] {
  const step = Math.max(1, Math.floor(all.length / most));
  return all.filter((_, index) => index % step === 0 || index + 1 === all.length);
}

function checkClocks(
  world: World,
  view: AnalysisView,
): {
  faults: string[];
  units: number[];
  checks: number;
  bounds: Pick<BoundScore, 'widths' | 'errors' | 'untold'>;
} {
  const faults: string[] = [];
  const units: number[] = [];
  let checks = 0;
  const bounds = { widths: [] as number[], errors: [] as number[], untold: 0 };
  const { points } = world.plan;
  const pointOf = (name: string): number =>
    points.findIndex(({ file }) => name === file || name.startsWith(`${file} `));
  const hostOf = (name: string): number => points[pointOf(name)].host;
  const recordsOf = new Map<string, CapturedRecord[]>();
  for (const record of world.keyOf.keys()) {
    const { file } = points[record.point];
    const list = recordsOf.get(file);
    if (list === undefined) recordsOf.set(file, [record]);
    else list.push(record);
  }
  for (const { host, reference, segments, state } of view.clocks) {
    const standingPoint = pointOf(view.points.find((point) => point.host === reference)!.name);
    const standing = points[standingPoint].host;
    for (const point of view.points) {
      if (point.host !== host) continue;
      const own = hostOf(point.name);
      const { file } = points[pointOf(point.name)];
      for (const record of someOf(recordsOf.get(file) ?? [], MOMENTS)) {
        const { time } = record;
        const shown = world.shownAt(own, time);
        const segment = segments.find(
          ({ from, to }, index) =>
            BigInt(from) <= shown &&
            (shown < BigInt(to) || (index + 1 === segments.length && shown === BigInt(to))),
        );
        if (segment?.errorNs === null && state === 'solved') bounds.untold += 1;
        if (segment === undefined || segment.errorNs === null) continue;
        const told =
          segment.offsetNs + segment.driftPpm * 1e-6 * Number(shown - BigInt(segment.epoch));
        if (beyond(world, pointOf(point.name), standingPoint, time)) continue;
        checks += 1;
        const truth = world.offsetAt(own, time) - world.offsetAt(standing, time);
        if (state === 'solved') {
          bounds.widths.push(segment.errorNs);
          bounds.errors.push(Math.abs(told - truth));
        }
        if (Math.abs(told - truth) > segment.errorNs + 1) {
          units.push(...record.units);
          faults.push(
            `${point.name} at ${(time / 1e9).toFixed(3)} s: told ${told.toFixed(0)} ± ${segment.errorNs.toFixed(0)} ns, is ${truth.toFixed(0)}`,
          );
        }
      }
    }
  }
  return { faults, units, checks, bounds };
}

/** Whether one of two clocks stepped between the moment and all that two captures of them saw run both ways: no packet can show that. */
function beyond({ plan, units }: World, pointA: number, pointB: number, time: number): boolean {
  const { hosts, points } = plan;
  const [a, b] = [points[pointA], points[pointB]];
  const steps = [a, b].flatMap(({ host }) => hosts[host].step ?? []);
  if (a.host === b.host || steps.length === 0) return false;
  const ways = [0, 1].map((direction) =>
    units.flatMap(({ seen, direction: ran }) => {
      const at = (file: string) => seen.find(({ record }) => points[record.point].file === file);
      const [one, other] = [at(a.file), at(b.file)];
      return ran === direction && one !== undefined && other !== undefined
        ? [Math.min(one.record.time, other.record.time)]
        : [];
    }),
  );
  if (ways.some((times) => times.length === 0)) return true;
  const first = Math.max(...ways.map((times) => Math.min(...times)));
  const last = Math.min(...ways.map((times) => Math.max(...times)));
  return steps.some(({ at }) => (at >= last && time >= at) || (at <= first && time <= at));
}

/** Each latency of each journey within the bound that is told of it. */
function checkLatencies(
  world: World,
  view: AnalysisView,
): { faults: string[]; units: number[]; checks: number; leftOut: number; unbounded: number } {
  const faults: string[] = [];
  const units: number[] = [];
  let checks = 0;
  let leftOut = 0;
  let unbounded = 0;
  const records = new Map<string, CapturedRecord>();
  for (const [record, { file, frame }] of world.keyOf) records.set(`${file}#${frame}`, record);
  const errors = new LatencyErrors({ ...view, baseTime: BigInt(view.baseTime) });
  const hops = new Map(
    view.hops.map((hop) => [`${hop.from} ${hop.to} ${hop.direction}`, hop.latencyNs]),
  );
  const window = view.journeysOf(view.connections.map((_, index) => index));
  const { journeys, journeyCount, sightings, files } = window;
  const stopOf = (s: number): string => {
    const { id } = view.points[sightings.point[s]];
    return sightings.passage[s] > 1 ? `${id}/${sightings.passage[s]}` : id;
  };
  const recordOf = (s: number): CapturedRecord | undefined =>
    records.get(`${files[sightings.capture[s]]}#${sightings.frame[s]}`);
  for (let j = 0; j < journeyCount; j += 1)
    for (let k = 1; k < journeys.sightingCount[j]; k += 1) {
      const s = journeys.firstSighting[j] + k;
      if (sightings.branch[s] !== 0) continue;
      const direction = journeys.direction[j] === 0 ? 'forward' : 'reverse';
      const figures = hops.get(`${stopOf(s - 1)} ${stopOf(s)} ${direction}`);
      const [a, b] = [recordOf(s - 1), recordOf(s)];
      if (figures == null || a === undefined || b === undefined) continue;
      const error = errors.since(window, s, journeys.direction[j]);
      if (error === null) {
        unbounded += 1;
        continue;
      }
      if ([a, b].some(({ time }) => beyond(world, a.point, b.point, time))) continue;
      const truth = b.time - a.time;
      const told = sightings.referenceTime[s] - sightings.referenceTime[s - 1];
      // The hop's figures leave it out: a clock may have stepped while it was on its way.
      if (told < figures.min - 1 || told > figures.max + 1) leftOut += 1;
      checks += 1;
      if (Math.abs(told - truth) > error + 3 + Math.abs(truth) * 2e-4 && faults.length < 5) {
        units.push(...a.units);
        faults.push(
          `${stopOf(s - 1)} → ${stopOf(s)} ${direction}: told ${told.toFixed(0)} ± ${error.toFixed(0)} ns, is ${truth.toFixed(0)}`,
        );
      }
    }
  return { faults, units, checks, leftOut, unbounded };
}
