// What the fitness check counts, in two walks over the journeys and one over the frames; fitness.ts says it in words.
import { FATE_MISSED, fateReasonCode } from '../../model/fate';
import { BLOCK_ROWS } from '../../model/packet-columns';
import {
  STATUS_IPV4,
  STATUS_IPV6,
  STATUS_LATER_FRAGMENT,
  STATUS_PAYLOAD_CUT,
  STATUS_TIMESTAMPS,
  STATUS_TRANSPORT,
} from '../../model/packet-status';
import { PROTOCOL_TCP } from '../../model/protocols';
import { stopPoint } from '../../model/stop';
import type { Correlation } from '../correlate';
import { captureOfRow } from '../input/input';
import { JOURNEY_YIELD_ROWS } from '../limits';
import type { PlacedPattern } from '../stations/pattern';

/** What was counted for one capture. Times are ns after the base by the reference clock. */
export class CaptureCounts {
  first = 0;
  last = 0;
  /** Packets that should have come to it, sent before its first frame or after its last. */
  early = 0;
  late = 0;
  /** Packets that are known to have passed it unseen, and times of those within its span. */
  missed = 0;
  readonly missedTimes: number[] = [];
  /** Packets it shows. */
  seen = 0;
  /** TCP connections that it shares with others, and that it shows both ways, or one way while others show both. */
  shared = 0;
  bothWays = 0;
  oneWay = 0;
  headersCut = 0;
  payloadCut = 0;
  /** Packets that came in to the host, were seen behind it, and were seen leaving it or not. */
  leaving = 0;
  hidden = 0;
  readonly hiddenPoints = new Set<number>();
  /** Silences of the capture, by its own frames: [from, to] by the reference clock. */
  readonly silences: (readonly [number, number])[] = [];
}

export interface FitnessCounts {
  readonly captures: readonly CaptureCounts[];
  /** TCP connections with packets enough that all captures together show in one direction only, and all such. */
  readonly oneWayEverywhere: number;
  readonly lively: number;
}

/** A silence of this length can be a gap: shorter ones are how traffic is. */
const LEAST_SILENCE_NS = 1e9;
/** Missed packets whose times are kept to find gaps. */
const MISSES_KEPT = 65_536;
/** Packets of a connection from which on both directions should show. */
const LIVELY_PACKETS = 6;
/** Packets of a way that must be known before others are missed on it. */
const KNOWN_WAY_PACKETS = 4;

/** Longer than a packet is on its way: what runs later past the first or last frame did not just miss the start or the end of tcpdump. */
export const EDGE_NS = 50e6;

/** Grounds that say that its receiver got it. */
const AT_RECEIVER: ReadonlySet<number> = new Set([
  fateReasonCode('seen-at-receiver'),
  fateReasonCode('refused'),
]);

const LINK_TYPES_COOKED: readonly number[] = [113, 276];

export function* countFitness(correlation: Correlation): Generator<number, FitnessCounts> {
  const captures = correlation.input.captures.map(() => new CaptureCounts());
  yield* countFrames(correlation, captures);
  const ways = yield* countWays(correlation, captures);
  const lively = yield* countConnections(correlation, captures, ways);
  countHidden(correlation, captures);
  return { captures, ...lively };
}

/** Spans, silences and frames that the snapshot length cut. */
function* countFrames(
  { input, clocks }: Correlation,
  captures: readonly CaptureCounts[],
): Generator<number> {
  const ip = STATUS_IPV4 | STATUS_IPV6;
  /** Time of the frame before, by the reference clock. */
  let before = Number.NaN;
  for (const [index, { table, lead, spans, baseDelta }] of input.captures.entries()) {
    const counts = captures[lead];
    if (lead === index) {
      counts.first = clocks.referenceTime(index, spans[0][0] - baseDelta);
      counts.last = clocks.referenceTime(index, spans[spans.length - 1][1] - baseDelta);
      before = Number.NaN;
    }
    /** Of the frame before, in this file. */
    let own = Number.NaN;
    for (let block = 0; block < table.blockCount; block += 1) {
      const { time, status } = table.blockColumns(block);
      const rows = table.blockRows(block);
      for (let i = 0; i < rows; i += 1) {
        if (Number.isNaN(own) && !Number.isNaN(before)) {
          const first = clocks.referenceTime(index, time[i]);
          if (first - before >= LEAST_SILENCE_NS) counts.silences.push([before, first]);
        } else if (time[i] - own >= LEAST_SILENCE_NS)
          counts.silences.push([
            clocks.referenceTime(index, own),
            clocks.referenceTime(index, time[i]),
          ]);
        own = time[i];
        const bits = status[i];
        if ((bits & ip) !== 0 && (bits & (STATUS_TRANSPORT | STATUS_LATER_FRAGMENT)) === 0) {
          const row = block * BLOCK_ROWS + i;
          if (table.capturedLength(row) < table.wireLength(row)) counts.headersCut += 1;
        } else if ((bits & STATUS_PAYLOAD_CUT) !== 0 && (bits & STATUS_TIMESTAMPS) === 0)
          counts.payloadCut += 1;
      }
      yield (0.3 * (index + block / table.blockCount)) / input.captures.length;
    }
    if (!Number.isNaN(own)) before = clocks.referenceTime(index, own);
  }
}

/** By route × 2 + direction: packets that fell into each capture's span, and those of them it showed. */
class WayCounts {
  private readonly within = new Map<number, Float64Array>();

  constructor(private readonly captureCount: number) {}

  add(pattern: PlacedPattern, capture: number, seen: boolean): void {
    const key = pattern.route * 2 + pattern.direction;
    let counts = this.within.get(key);
    if (counts === undefined) {
      counts = new Float64Array(this.captureCount * 2);
      this.within.set(key, counts);
    }
    counts[capture * 2] += 1;
    if (seen) counts[capture * 2 + 1] += 1;
  }

  /** Whether packets of the pattern's way come to the capture as a rule. */
  expected(pattern: PlacedPattern, capture: number): boolean {
    const counts = this.within.get(pattern.route * 2 + pattern.direction);
    if (counts === undefined) return false;
    const [within, seen] = [counts[capture * 2], counts[capture * 2 + 1]];
    return within >= KNOWN_WAY_PACKETS && seen * 2 > within;
  }
}

function* countWays(
  { journeys }: Correlation,
  captures: readonly CaptureCounts[],
): Generator<number, WayCounts> {
  const ways = new WayCounts(captures.length);
  const shown = journeys.patterns.map((pattern) => capturesOf(pattern, captures.length));
  for (let journey = 0; journey < journeys.count; journey += 1) {
    if (journey % JOURNEY_YIELD_ROWS === 0) yield 0.3 + (0.3 * journey) / journeys.count;
    const index = journeys.pattern[journey];
    const pattern = journeys.patterns[index];
    const time = journeys.time[journey];
    for (let capture = 0; capture < captures.length; capture += 1) {
      const seen = shown[index][capture] === 1;
      if (seen) captures[capture].seen += 1;
      if (pattern.toGroup || time < captures[capture].first || time > captures[capture].last)
        continue;
      ways.add(pattern, capture, seen);
    }
  }
  return ways;
}

/** 1 for each capture that shows the packet on its way. */
function capturesOf(pattern: PlacedPattern, captureCount: number): Uint8Array {
  const shown = new Uint8Array(captureCount);
  for (const station of pattern.order) shown[pattern.stations.shape.looks[station].capture] = 1;
  return shown;
}

function* countConnections(
  correlation: Correlation,
  captures: readonly CaptureCounts[],
  ways: WayCounts,
): Generator<number, { lively: number; oneWayEverywhere: number }> {
  const { input, journeys, connections } = correlation;
  const shown = journeys.patterns.map((pattern) => capturesOf(pattern, captures.length));
  const passedUnseen = new UnseenPassages(journeys.patterns);
  let lively = 0;
  let oneWayEverywhere = 0;
  const past: CaptureCounts[] = [];
  /** Packets of the connection by capture and direction, then of all captures. */
  const packets = new Uint32Array((captures.length + 1) * 2);
  for (let connection = 0; connection + 1 < journeys.firstJourney.length; connection += 1) {
    if (connection % 64 === 0) yield 0.6 + (0.4 * connection) / journeys.firstJourney.length;
    const from = journeys.firstJourney[connection];
    const to = journeys.firstJourney[connection + 1];
    packets.fill(0);
    for (let journey = from; journey < to; journey += 1) {
      const direction = journeys.direction[journey];
      packets[captures.length * 2 + direction] += 1;
      for (let capture = 0; capture < captures.length; capture += 1)
        packets[capture * 2 + direction] += shown[journeys.pattern[journey]][capture];
    }
    const repeats = new RepeatedPackets(correlation, from, to);
    for (let journey = from; journey < to; journey += 1) {
      const index = journeys.pattern[journey];
      const pattern = journeys.patterns[index];
      if (pattern.toGroup) continue;
      const direction = journeys.direction[journey];
      const time = journeys.time[journey];
      past.length = 0;
      for (let capture = 0; capture < captures.length; capture += 1) {
        if (shown[index][capture] === 1) continue;
        const counts = captures[capture];
        if (time < counts.first || time > counts.last) {
          if (!ways.expected(pattern, capture)) continue;
          // Seen where the receiver is: it went another way if most that end there do not come through this capture.
          if (AT_RECEIVER.has(journeys.reason[journey]) && !passedUnseen.at(index, capture))
            continue;
          if (time < counts.first - EDGE_NS) counts.early += 1;
          else if (time > counts.last + EDGE_NS) counts.late += 1;
        } else if (
          packets[capture * 2 + direction] > 0 &&
          passedUnseen.at(index, capture) &&
          ways.expected(pattern, capture) &&
          !repeats.has(journey)
        )
          past.push(counts);
      }
      // What one capture alone shows, behind several that do not, was rather made on the way than missed by all of them.
      if (past.length === 1 || shown[index].indexOf(1) !== shown[index].lastIndexOf(1))
        for (const counts of past) noteMissed(counts, time);
      if (journeys.fate[journey] === FATE_MISSED)
        noteMissed(captures[input.points[stopPoint(journeys.stops.toOf(journey))].capture], time);
    }
    if (connections.protocol[connection] !== PROTOCOL_TCP) continue;
    const [forward, reverse] = packets.subarray(captures.length * 2);
    if (forward + reverse >= LIVELY_PACKETS) {
      lively += 1;
      if (forward === 0 || reverse === 0) oneWayEverywhere += 1;
    }
    for (let capture = 0; capture < captures.length; capture += 1) {
      const [out, back] = packets.subarray(capture * 2, capture * 2 + 2);
      if (out + back === 0) continue;
      if (out > 0 && back > 0) captures[capture].bothWays += 1;
      else if (out + back > 1 && Math.min(forward, reverse) > 1) captures[capture].oneWay += 1;
    }
  }
  yield* countShared(journeys.firstJourney, journeys.pattern, shown, captures);
  return { lively, oneWayEverywhere };
}

/** Packets of a connection that are alike to others in all that the network keeps: one may be a copy made on the way, which no point before could see. */
class RepeatedPackets {
  private alike: ReadonlyMap<string, number> | undefined;

  constructor(
    private readonly correlation: Correlation,
    private readonly from: number,
    private readonly to: number,
  ) {}

  has(journey: number): boolean {
    this.alike ??= this.count();
    return (this.alike.get(this.key(journey)) ?? 0) > 1;
  }

  private count(): ReadonlyMap<string, number> {
    const counts = new Map<string, number>();
    for (let journey = this.from; journey < this.to; journey += 1) {
      const key = this.key(journey);
      counts.set(key, (counts.get(key) ?? 0) + 1);
    }
    return counts;
  }

  private key(journey: number): string {
    const { input, journeys } = this.correlation;
    const globalRow = journeys.sightingRow[journeys.firstSighting[journey]];
    const capture = captureOfRow(input, globalRow);
    const { table } = input.captures[capture];
    const row = globalRow - input.rowBase[capture];
    const columns = table.columnsOf(row);
    const i = table.indexInBlock(row);
    return [
      journeys.direction[journey],
      journeys.bytes.start(journey),
      journeys.bytes.end(journey),
      columns.flags[i],
      columns.sequence[i],
      columns.acknowledgement[i],
      columns.timestampValue[i],
      columns.ipId[i],
      columns.payloadDigest[i],
    ].join('/');
  }
}

function noteMissed(counts: CaptureCounts, time: number): void {
  counts.missed += 1;
  if (counts.missedTimes.length < MISSES_KEPT) counts.missedTimes.push(time);
}

/** Connections of which a capture and some other one show packets. */
function* countShared(
  firstJourney: Uint32Array,
  patternOf: Uint32Array,
  shown: readonly Uint8Array[],
  captures: readonly CaptureCounts[],
): Generator<number> {
  for (let connection = 0; connection + 1 < firstJourney.length; connection += 1) {
    if (connection % 256 === 0) yield 1;
    const seen = new Set<number>();
    for (let j = firstJourney[connection]; j < firstJourney[connection + 1]; j += 1)
      shown[patternOf[j]].forEach((bit, capture) => {
        if (bit === 1) seen.add(capture);
      });
    if (seen.size > 1) for (const capture of seen) captures[capture].shared += 1;
  }
}

/** Whether packets of one pattern passed a capture that does not show them: most others that come to its last station pass the capture before. */
class UnseenPassages {
  private readonly answers = new Map<number, boolean>();
  private readonly byWay = new Map<number, PlacedPattern[]>();

  constructor(private readonly patterns: readonly PlacedPattern[]) {
    for (const pattern of patterns) {
      const key = pattern.route * 2 + pattern.direction;
      const list = this.byWay.get(key);
      if (list) list.push(pattern);
      else this.byWay.set(key, [pattern]);
    }
  }

  at(index: number, capture: number): boolean {
    const key = index * 65_536 + capture;
    let answer = this.answers.get(key);
    if (answer === undefined) {
      answer = this.find(this.patterns[index], capture);
      this.answers.set(key, answer);
    }
    return answer;
  }

  private find(pattern: PlacedPattern, capture: number): boolean {
    const last = pattern.order[pattern.wayLength - 1];
    let through = 0;
    let past = 0;
    for (const other of this.byWay.get(pattern.route * 2 + pattern.direction) ?? []) {
      const end = other.order.indexOf(last);
      if (end < 0 || end >= other.wayLength) continue;
      const passes = other.order
        .slice(0, end)
        .some((station) => other.stations.shape.looks[station].capture === capture);
      if (passes) through += other.uses;
      else past += other.uses;
    }
    return through > past;
  }
}

/** Cooked captures of all a host's interfaces: what comes in and is seen behind the host must be seen leaving it. */
function countHidden({ input, journeys }: Correlation, captures: readonly CaptureCounts[]): void {
  for (const pattern of journeys.patterns) {
    const way = pattern.order
      .slice(0, pattern.wayLength)
      .map((station) => pattern.stations.stations[station]);
    way.forEach((station, position) => {
      const { links, summary } = input.captures[station.capture];
      const link = links[station.link];
      const { linkType } = summary.interfaces[link.interface];
      if (link.direction !== 'in' || !LINK_TYPES_COOKED.includes(linkType)) return;
      const behind = way.slice(position + 1);
      const out = behind.some(
        (other) =>
          other.capture === station.capture &&
          input.captures[other.capture].links[other.link].direction === 'out',
      );
      const counts = captures[station.capture];
      if (out) counts.leaving += pattern.uses;
      else if (behind.some((other) => other.ttl < station.ttl || other.pair !== station.pair)) {
        counts.hidden += pattern.uses;
        counts.hiddenPoints.add(station.point);
      }
    });
  }
}
