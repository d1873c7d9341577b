// The command line's JSON: one object for an analysis, one line for each journey. A contract with other tools, so built field by field:
// docs/analysis.schema.json and docs/journey.schema.json say the same, and the tests hold them together.

import type { AnalysedCapture, AnalysisView } from '../model/analysis-view';
import type { Point } from '../model/capture';
import type { ConnectionSummary, HopSummary, HostClock } from '../model/connection';
import { FATES, fateReasonText } from '../model/fate';
import type { Diagnosis, Finding, FindingCause } from '../model/finding';
import { describeRule } from '../model/finding-text';
import type { FitnessFinding } from '../model/fitness';
import { JOURNEY_AMBIGUOUS, JOURNEY_BYTES, type JourneyWindow } from '../model/journey-window';
import { deriveRewrites } from '../model/rewrites';
import { formatStop, NO_STOP, type Stop, stopPassage, stopPoint } from '../model/stop';

export const ANALYSIS_SCHEMA = 'hoplane.analysis/1';

export interface AnalysisJsonOptions {
  /** SHA-256 of a capture's file in hex by the capture's id; null where it was not computed. */
  readonly sha256: (captureId: string) => string | null;
  readonly tool: { readonly name: string; readonly version: string };
}

/** The object that `--json` writes. The same analysis gives the same object, its keys in the same order. */
export const buildAnalysisJson = (
  view: AnalysisView,
  diagnosis: Diagnosis,
  options: AnalysisJsonOptions,
) => ({
  schema: ANALYSIS_SCHEMA,
  tool: { name: options.tool.name, version: options.tool.version },
  captures: view.captures.map((capture) =>
    captureJson(capture, options.sha256(capture.id), view.fitness),
  ),
  points: view.points.map((point) => pointJson(point, view.captures)),
  clocks: view.clocks.map(clockJson),
  connections: view.connections.map(connectionJson),
  hops: view.hops.map(hopJson),
  findings: diagnosis.findings.map(findingJson),
  rules: diagnosis.rules.map((rule) => ({
    rule: rule.rule,
    result: rule.result,
    reason: describeRule(rule),
  })),
});

function captureJson(
  { id, file, summary }: AnalysedCapture,
  sha256: string | null,
  fitness: readonly FitnessFinding[],
) {
  const time = absoluteTimes(summary.baseTime);
  return {
    id,
    file,
    sha256,
    format: summary.format,
    frames: summary.frames,
    firstTime: summary.firstTime === null ? null : time(summary.firstTime),
    lastTime: summary.lastTime === null ? null : time(summary.lastTime),
    snaplen: summary.snaplen,
    dropped: summary.dropped,
    warnings: [
      ...summary.warnings.map(({ code, text, offset }) =>
        offset === undefined ? { code, text } : { code, text, offset },
      ),
      ...fitness
        .filter(({ captures }) => captures.includes(id))
        .map(({ code, text }) => ({ code, text })),
    ],
  };
}

const pointJson = (point: Point, captures: readonly AnalysedCapture[]) => ({
  id: point.id,
  name: point.name,
  capture: captures[point.capture].id,
  interface: point.interface,
  host: point.host,
  frames: point.frames,
  role: point.role
    ? {
        kind: point.role.kind,
        address: point.role.address,
        confidence: point.role.confidence,
        text: point.role.text,
        grounds: point.role.grounds,
      }
    : null,
});

const clockJson = (clock: HostClock) => ({
  host: clock.host,
  reference: clock.reference,
  state: clock.state,
  samples: clock.samples,
  segments: clock.segments.map(({ from, to, epoch, offsetNs, driftPpm, errorNs }) => ({
    from,
    to,
    epoch,
    offsetNs,
    driftPpm,
    errorNs,
  })),
  shared: clock.shared
    ? { confidence: clock.shared.confidence, apartNs: clock.shared.apartNs }
    : null,
});

const connectionJson = (connection: ConnectionSummary) => ({
  id: connection.id,
  protocol: connection.protocol,
  client: connection.client,
  server: connection.server,
  points: connection.points,
  legs: connection.legs.map(({ point, client, server }) => ({ point, client, server })),
  translations: connection.translations.map(({ from, to, direction, kind, before, after }) => ({
    from,
    to,
    direction,
    kind,
    before,
    after,
  })),
  handshake: connection.handshake,
  close: connection.close,
  retransmissions: connection.retransmissions,
  journeys: connection.journeys,
  delivered: connection.delivered,
  lost: connection.lost,
  missed: connection.missed,
  unknown: connection.unknown,
  losses: connection.losses.map(({ from, to, direction, count }) => ({
    from,
    to,
    direction,
    count,
  })),
});

const hopJson = ({ latencyNs, cutFrames, order, ...hop }: HopSummary) => ({
  from: hop.from,
  to: hop.to,
  direction: hop.direction,
  journeys: hop.journeys,
  lost: hop.lost,
  reordered: hop.reordered ?? 0,
  duplicated: hop.duplicated ?? 0,
  latencyNs: latencyNs && {
    min: latencyNs.min,
    p50: latencyNs.p50,
    p99: latencyNs.p99,
    max: latencyNs.max,
    error: latencyNs.error,
  },
  cutFrames: cutFrames
    ? {
        frames: cutFrames.frames,
        firstByteNs: cutFrames.firstByteNs,
        lastByteNs: cutFrames.lastByteNs,
      }
    : null,
  order: order ? { confidence: order.confidence, ground: order.ground } : null,
});

const findingJson = (finding: Finding) => ({
  id: finding.id,
  rule: finding.rule,
  severity: finding.severity,
  confidence: finding.confidence,
  title: finding.title,
  summary: finding.summary,
  connections: finding.connections,
  between: finding.between,
  steps: finding.steps.map(({ text, frames }) => ({
    text,
    frames: frames.map(({ file, frame }) => ({ file, frame })),
  })),
  alternatives: finding.alternatives.map(({ rule, why }) => ({ rule, why })),
  confirm: finding.confirm.map(({ text, command }) => ({ text, command })),
  evidence: finding.evidence.map(({ file, line, text, speaks }) => ({ file, line, text, speaks })),
  fix: finding.fix,
  references: finding.references.map(({ title, url }) => ({ title, url })),
  cause: finding.cause === null ? null : causeJson(finding.cause),
});

const causeJson = ({ held, open }: FindingCause) => ({
  held:
    held === null
      ? null
      : {
          text: held.text,
          confidence: held.confidence,
          grounds: held.grounds.map(({ text, speaks }) => ({ text, speaks })),
        },
  open: open.map(({ text, decides, command }) => ({ text, decides, command })),
});

/** One JSON object a journey, without line ends, connection by connection: no more than one connection's journeys are held at a time. */
export function* journeyLines(view: AnalysisView): Generator<string, void, void> {
  for (let connection = 0; connection < view.connections.length; connection++) {
    const window = view.journeysOf([connection]);
    const time = absoluteTimes(window.baseTime);
    const ids = new Map<string, number>();
    for (let journey = 0; journey < window.journeyCount; journey++) {
      const key = journeyKey(view, window, journey);
      const twins = (ids.get(key) ?? 0) + 1;
      ids.set(key, twins);
      const id = twins === 1 ? key : `${key}-${twins}`;
      yield JSON.stringify(journeyJson(view, window, journey, id, time));
    }
  }
}

/** Stays when files come in another order: fingerprint and frame of the first sighting, and where its bytes begin if the frame carries several packets. */
function journeyKey(view: AnalysisView, window: JourneyWindow, journey: number): string {
  const { sightings } = window;
  const first = window.journeys.firstSighting[journey];
  const { fingerprint } = view.captures[sightings.capture[first]].summary;
  const key = `${fingerprint}-${sightings.frame[first]}`;
  return hasByteRange(window, first) ? `${key}-b${sightings.byteStart[first]}` : key;
}

const hasByteRange = ({ sightings }: JourneyWindow, sighting: number): boolean =>
  sightings.byteStart[sighting] !== 0 || sightings.byteEnd[sighting] !== 0;

function journeyJson(
  view: AnalysisView,
  window: JourneyWindow,
  journey: number,
  id: string,
  time: (relativeNs: number) => string,
) {
  const { journeys } = window;
  const first = journeys.firstSighting[journey];
  const rows = Array.from({ length: journeys.sightingCount[journey] }, (_, k) => first + k);
  const { lostFrom, lostTo, flags } = journeys;
  return {
    id,
    connection: window.connections[journeys.connection[journey]],
    direction: journeys.direction[journey] === 0 ? 'forward' : 'reverse',
    fate: FATES[journeys.fate[journey]],
    reason: fateReasonText(journeys.reason[journey]),
    between:
      lostFrom[journey] === NO_STOP || lostTo[journey] === NO_STOP
        ? null
        : [stopText(view, lostFrom[journey]), stopText(view, lostTo[journey])],
    bytes:
      flags[journey] & JOURNEY_BYTES
        ? [journeys.byteStart[journey], journeys.byteEnd[journey]]
        : null,
    ambiguous: (flags[journey] & JOURNEY_AMBIGUOUS) !== 0,
    sightings: rows.map((row) => sightingJson(view, window, row, time)),
    rewrites: rewritesJson(window, rows),
  };
}

function sightingJson(
  view: AnalysisView,
  window: JourneyWindow,
  row: number,
  time: (relativeNs: number) => string,
) {
  const { sightings } = window;
  const sighting = {
    point: view.points[sightings.point[row]].id,
    passage: sightings.passage[row],
    branch: sightings.branch[row],
    file: window.files[sightings.capture[row]],
    frame: sightings.frame[row],
    time: time(sightings.time[row]),
  };
  return hasByteRange(window, row)
    ? { ...sighting, bytes: [sightings.byteStart[row], sightings.byteEnd[row]] }
    : sighting;
}

/** What changed from each sighting of the way to the next; copies off the way make no rewrite. */
function rewritesJson(window: JourneyWindow, rows: readonly number[]) {
  const way = rows.flatMap((row, index) => (window.sightings.branch[row] === 0 ? [index] : []));
  return way.slice(1).flatMap((to, i) =>
    deriveRewrites(window, rows[way[i]], rows[to]).map(({ field, before, after }) => ({
      from: way[i],
      to,
      field,
      before,
      after,
    })),
  );
}

const stopText = (view: AnalysisView, stop: Stop): string =>
  formatStop(view.points[stopPoint(stop)].id, stopPassage(stop));

/** Relative time → ns since 1970 in decimal, without a BigInt for each: seconds and the rest are put together as text. */
export function absoluteTimes(baseTime: string): (relativeNs: number) => string {
  const base = BigInt(baseTime);
  const seconds = Number(base / 1_000_000_000n);
  const rest = Number(base % 1_000_000_000n);
  return (relativeNs) => {
    const whole = rest + Math.round(relativeNs);
    const carried = Math.floor(whole / 1e9);
    if (seconds + carried <= 0) return (base + BigInt(Math.round(relativeNs))).toString();
    return `${seconds + carried}${(whole - carried * 1e9).toString().padStart(9, '0')}`;
  };
}
