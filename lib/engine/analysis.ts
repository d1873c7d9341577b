// A finished analysis: the correlation with its summaries, as rules, exports and answers see it.
import { stepsOf } from '../base/steps';
import type { Correlation } from '../correlate/correlate';
import { correlate } from '../correlate/correlate';
import { checkFitness } from '../correlate/fitness/fitness';
import { findRoles } from '../correlate/fitness/roles';
import { buildInput, type CorrelationInput } from '../correlate/input/input';
import type { LoadedCapture } from '../correlate/input/loaded-capture';
import { Continuations } from '../correlate/summaries/continuations';
import { summariseHops } from '../correlate/summaries/hops';
import { buildJourneyWindow, chooseJourneys } from '../correlate/summaries/journey-window';
import { ConnectionSummaries } from '../correlate/summaries/summaries';
import { diagnoseSteps } from '../diagnose/diagnose';
import { nameInterfaces } from '../evidence/name-interfaces';
import type { AnalysedCapture, AnalysisView } from '../model/analysis-view';
import type { Point } from '../model/capture';
import type { ConnectionSummary, HopSummary, HostClock } from '../model/connection';
import { type Corrections, NO_CORRECTIONS } from '../model/corrections';
import type { Evidence } from '../model/evidence';
import type { Diagnosis } from '../model/finding';
import type { FitnessFinding } from '../model/fitness';
import type { JourneyWindow } from '../model/journey-window';
import type { PointRole } from '../model/point-role';
import type { Quote } from '../model/quote';
import type { TupleTable } from '../model/tuple-table';
import { findQuotes } from './quotes';
import { analyseCaptures } from './tcp-step';

/** Connections summarised between two yields. */
const SUMMARY_YIELD = 32;

export class Analysis implements AnalysisView {
  readonly baseTime: string;
  readonly captures: readonly AnalysedCapture[];
  readonly points: readonly Point[];
  readonly clocks: readonly HostClock[];
  readonly quotes: readonly Quote[];
  /** By position: what a connection possibly continues as behind a proxy. */
  readonly continuations: Continuations;

  constructor(
    readonly correlation: Correlation,
    readonly connections: readonly ConnectionSummary[],
    readonly hops: readonly HopSummary[],
    readonly fitness: readonly FitnessFinding[],
    /** By point. */
    roles: readonly (PointRole | undefined)[],
  ) {
    const { input, clocks } = correlation;
    this.baseTime = input.baseTime.toString();
    this.quotes = findQuotes(input);
    this.continuations = new Continuations(correlation, connections);
    this.captures = input.captures.map((capture, index) => ({
      id: `c${index + 1}`,
      file: capture.file,
      summary: capture.summary,
      ...(capture.lead === index ? {} : { lead: capture.lead }),
    }));
    this.points = input.points.map((point, index) => {
      const role = roles[index];
      return {
        ...point,
        host: clocks.hostId(point.capture),
        ...(role === undefined ? {} : { role }),
      };
    });
    const reference = clocks.hosts.findIndex((host) => host.state === 'reference');
    this.clocks = clocks.hosts.map((host, index) => {
      const [from, to] = this.spanOf(host.captures);
      return {
        host: `h${index + 1}`,
        reference: `h${reference + 1}`,
        state: host.state,
        samples: host.samples,
        segments: clocks.segmentsOf(host, from, to),
        ...sharingOf(
          this.correlation,
          host.captures.filter((one) => input.captures[one].lead === one),
        ),
      };
    });
  }

  /** Rows of the correlation's journeys in the order of `journeysOf` with the same limit. */
  journeyRowsOf(
    connectionIndices: readonly number[],
    limit?: number,
    around?: number | null,
  ): Uint32Array {
    return chooseJourneys(
      this.correlation,
      connectionIndices.map((index) => this.correlation.order[index]),
      limit,
      around,
    ).journeys;
  }

  /** At most `limit` journeys, the first or those around a time, ns after the base. */
  journeysOf(
    connectionIndices: readonly number[],
    limit?: number,
    around?: number | null,
  ): JourneyWindow {
    return buildJourneyWindow(
      this.correlation,
      connectionIndices.map((index) => this.correlation.order[index]),
      limit,
      around,
    );
  }

  /** First and last time of the captures by their own clock, ns since 1970. */
  private spanOf(captures: readonly number[]): [bigint, bigint] {
    const { input } = this.correlation;
    const times = captures.flatMap((index) => {
      const { summary } = input.captures[index];
      const base = BigInt(summary.baseTime);
      return summary.firstTime === null || summary.lastTime === null
        ? []
        : [base + BigInt(summary.firstTime), base + BigInt(summary.lastTime)];
    });
    return times.reduce<[bigint, bigint]>(
      ([from, to], time) => [time < from ? time : from, time > to ? time : to],
      [times[0] ?? input.baseTime, times[0] ?? input.baseTime],
    );
  }
}

/** How sure it is that captures with one clock, or nearly, are of one host; nothing of one capture alone. */
function sharingOf(
  { clocks, input }: Correlation,
  captures: readonly number[],
): Pick<HostClock, 'shared'> {
  if (captures.length < 2) return {};
  const apart = captures.flatMap((a) => captures.map((b) => clocks.errorBetween(a, b)));
  const known = apart.filter((one) => one !== null);
  const apartNs = known.length < apart.length ? null : Math.max(...known);
  const own = new Set(captures.map((capture) => input.captures[capture].summary.fingerprint));
  const isByHand = input.corrections.hosts.some(
    (one) => one.kind === 'with' && own.has(one.capture) && own.has(one.other),
  );
  const confidence = isByHand ? 'by-hand' : apartNs === 0 ? 'certain' : 'likely';
  return { shared: { confidence, apartNs } };
}

export interface FinishedAnalysis {
  readonly analysis: Analysis;
  readonly diagnosis: Diagnosis;
}

/** Parts in order, each with the share of the progress at which it ends. What `bench scale` tells their cost by. */
export const ANALYSIS_STEPS = {
  tcp: 0.15,
  correlation: 0.75,
  hops: 0.8,
  summaries: 0.85,
  judgement: 0.9,
  rules: 1,
} as const;

/** TCP analysis, correlation, summaries, diagnosis: all steps after reading. Yields 0 … 1. */
export function* analyseSteps(
  loaded: readonly LoadedCapture[],
  tuples: TupleTable,
  corrections: Corrections = NO_CORRECTIONS,
  evidence: readonly Evidence[] = [],
): Generator<number, FinishedAnalysis> {
  const step = stepsOf(ANALYSIS_STEPS);
  yield* step('tcp', analyseCaptures(loaded, tuples));
  const input = analysisInput(loaded, tuples, corrections, evidence);
  const correlation = yield* step('correlation', correlate(input));
  const hops = yield* step('hops', summariseHops(correlation));
  const connections = yield* step('summaries', summariseConnections(correlation));
  const [fitness, roles] = yield* step('judgement', judge(correlation));
  const analysis = new Analysis(correlation, connections, hops, fitness, roles);
  const diagnosis = yield* step('rules', diagnoseSteps(analysis, evidence));
  return { analysis, diagnosis };
}

/** What is correlated: the captures, with what evidence says of them and what was corrected. */
export const analysisInput = (
  loaded: readonly LoadedCapture[],
  tuples: TupleTable,
  corrections: Corrections,
  evidence: readonly Evidence[],
): CorrelationInput => buildInput(withNames(loaded, evidence), tuples, corrections);

/** Captures with the names that evidence gives their interfaces. */
function withNames(
  loaded: readonly LoadedCapture[],
  evidence: readonly Evidence[],
): readonly LoadedCapture[] {
  const lists = evidence.flatMap((one) => (one.kind === 'interfaces' ? one.lists : []));
  if (lists.length === 0) return loaded;
  return loaded.map((capture) => ({
    ...capture,
    interfaceNames: nameInterfaces(capture.links, lists),
  }));
}

function* summariseConnections(
  correlation: Correlation,
): Generator<number, readonly ConnectionSummary[]> {
  const { order } = correlation;
  const summaries = new ConnectionSummaries(correlation);
  const connections: ConnectionSummary[] = [];
  for (const connection of order) {
    const share = connections.length / order.length;
    const steps = summaries.of(connection);
    let step = steps.next();
    for (; !step.done; step = steps.next()) yield share;
    connections.push(step.value);
    if (connections.length % SUMMARY_YIELD === 0) yield share;
  }
  return connections;
}

function* judge(
  correlation: Correlation,
): Generator<number, readonly [readonly FitnessFinding[], readonly (PointRole | undefined)[]]> {
  const fitness = yield* checkFitness(correlation);
  return [fitness, yield* findRoles(correlation)];
}
