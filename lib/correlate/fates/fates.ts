// What became of each packet: delivered, lost between two stops, missed by a capture, or unknown, each with its ground (ALGORITHMS B4).
import { sequenceAdd, sequenceDifference } from '../../base/sequence-number';
import {
  FATE_DELIVERED,
  FATE_LOST,
  FATE_MISSED,
  FATE_UNKNOWN,
  type FateReason,
  fateReasonCode,
} from '../../model/fate';
import { STATUS_LATER_FRAGMENT, STATUS_PAYLOAD_CUT } from '../../model/packet-status';
import { PROTOCOL_ARP, PROTOCOL_TCP } from '../../model/protocols';
import { TCP_FIN, TCP_RST, TCP_SYN } from '../../model/tcp-flags';
import type { ClockModel } from '../clocks/clocks';
import type { ConnectionTable } from '../connections/connections';
import type { CorrelationInput } from '../input/input';
import { JourneyNumbers } from '../journeys/journey-numbers';
import type { JourneyTable } from '../journeys/journeys';
import type { LegTable } from '../legs/legs';
import { JOURNEY_YIELD_ROWS } from '../limits';
import type { PlacedPattern } from '../stations/pattern';
import type { AddressPairs, Station } from '../stations/stations';
import { Arrivals, NO_GROUND } from './arrivals';
import { settleBlackHoles } from './black-holes';
import { Bypasses } from './bypasses';
import { settleDropped } from './capture-drops';
import { CaptureMisses } from './capture-misses';
import { CaptureWindows } from './capture-windows';
import { DroppedWithError } from './dropped-with-error';
import { settleIncomplete } from './incomplete-datagrams';
import { settleRefused } from './refused';
import { settleRefusedElsewhere } from './refused-elsewhere';
import { settleShownElsewhere } from './shown-elsewhere';
import { type Span, TcpEvidence } from './tcp-evidence';
import { type Candidate, settle, settleUndecided } from './undecided';
import { Ways } from './ways';

/** Fills fate, reason, stops and retransmission of all journeys. */
export function* decideFates(
  input: CorrelationInput,
  legs: LegTable,
  connections: ConnectionTable,
  journeys: JourneyTable,
  pairs: AddressPairs,
  clocks: ClockModel,
): Generator<number> {
  const windows = new CaptureWindows(input, clocks);
  const ways = new Ways(input, pairs, journeys.patterns);
  const numbers = new JourneyNumbers(input, legs, connections, journeys);
  const undecided: Candidate[] = [];
  /** Left for a capture that had ended by then, or had not begun. */
  const outside: Candidate[] = [];
  const dropped = new DroppedWithError(input, journeys);
  const misses = new CaptureMisses();
  yield* ways.learn();
  yield* misses.learn(journeys, ways, windows);
  const arrivals = new Arrivals(journeys, ways);
  for (let connection = 0; connection + 1 < journeys.firstJourney.length; connection += 1) {
    if (connection % 64 === 0) yield connection / journeys.firstJourney.length;
    const fates = new ConnectionFates(
      input,
      journeys,
      pairs,
      ways,
      windows,
      legs,
      connections,
      connection,
      numbers,
      undecided,
      outside,
      dropped,
      misses,
      arrivals,
    );
    yield* fates.decide();
  }
  settleUndecided(journeys, ways, misses, undecided);
  settleDropped(input, clocks, journeys);
  settleBlackHoles(input, clocks, journeys, numbers, outside);
  settleIncomplete(input, connections, journeys);
  yield* settleRefusedElsewhere(input, connections, journeys, numbers);
  yield* settleShownElsewhere(input, legs, connections, journeys, numbers);
  journeys.stops.finish();
  journeys.bytes.forget();
}

/** The longest that a packet of this route took from the one to the other: a capture that ends sooner than that may have ended before this one came. */
function longestDelay({ stations }: PlacedPattern, from: Station, to: Station): number {
  const [a, b] = [from, to].map((station) => stations.stations.indexOf(station));
  return a < 0 || b < 0 ? 0 : Math.max(0, stations.longestDelta(a, b) ?? 0);
}

/** Candidates settled between two yields: for each of them what overlaps and what was acknowledged is looked up. */
const CANDIDATE_YIELD = 256;

class ConnectionFates {
  private readonly candidates: Candidate[] = [];
  private readonly lastSpan = { start: 0, end: 0 };
  private readonly first: number;
  private readonly end: number;
  private readonly protocol: number;
  private readonly isTcp: boolean;

  constructor(
    private readonly input: CorrelationInput,
    private readonly journeys: JourneyTable,
    private readonly pairs: AddressPairs,
    private readonly ways: Ways,
    private readonly windows: CaptureWindows,
    private readonly legs: LegTable,
    private readonly connections: ConnectionTable,
    private readonly connection: number,
    private readonly numbers: JourneyNumbers,
    /** Takes those that nothing in the connection decides: what their captures missed elsewhere must tell. */
    private readonly undecided: Candidate[],
    /** Takes those of TCP that a capture did not run for. */
    private readonly outside: Candidate[],
    private readonly dropped: DroppedWithError,
    private readonly misses: CaptureMisses,
    private readonly arrivals: Arrivals,
  ) {
    this.first = journeys.firstJourney[connection];
    this.end = journeys.firstJourney[connection + 1];
    this.protocol = connections.protocol[connection];
    this.isTcp = this.protocol === PROTOCOL_TCP;
  }

  *decide(): Generator<number> {
    if (this.isTcp) yield* this.markRetransmissions();
    for (let journey = this.first; journey < this.end; journey += 1) {
      if ((journey - this.first) % JOURNEY_YIELD_ROWS === JOURNEY_YIELD_ROWS - 1) yield 0;
      this.follow(journey);
    }
    if (this.candidates.length > 0) yield* this.settleCandidates();
    if (this.isTcp) settleRefused(this.journeys, this.numbers, this.first, this.end);
  }

  /** A journey that repeats sequence numbers its sender has sent before. */
  private *markRetransmissions(): Generator<number> {
    const next = [0, 0];
    const known = [false, false];
    const opened = new Set<string>();
    for (let journey = this.first; journey < this.end; journey += 1) {
      if ((journey - this.first) % JOURNEY_YIELD_ROWS === JOURNEY_YIELD_ROWS - 1) yield 0;
      const span = this.span(journey);
      if (span === undefined) continue;
      // The handshake of a proxy's other half has the same numbers, and is none sent again.
      const half = this.numbers.halfOf(journey);
      if (half !== 0) {
        const name = `${half} ${this.journeys.direction[journey]} ${span.start}`;
        if (opened.has(name)) this.journeys.retransmission[journey] = 1;
        opened.add(name);
        continue;
      }
      const direction = this.journeys.direction[journey];
      const ahead = sequenceDifference(span.end, next[direction]);
      if (known[direction] && ahead <= 0) this.journeys.retransmission[journey] = 1;
      if (!known[direction] || ahead > 0) {
        next[direction] = span.end;
        known[direction] = true;
      }
    }
  }

  private follow(journey: number): void {
    if (this.isTcp && !this.numbers.hasTransport(journey)) {
      this.settle(journey, FATE_UNKNOWN, 'cut-short');
      return;
    }
    const pattern = this.journeys.patterns[this.journeys.pattern[journey]];
    const arrival = this.arrivals.groundOf(this.journeys.pattern[journey]);
    if (arrival !== NO_GROUND) {
      this.journeys.fate[journey] = FATE_DELIVERED;
      this.journeys.reason[journey] = arrival;
      return;
    }
    const lastPosition = pattern.wayLength - 1;
    const last = pattern.stations.stations[pattern.order[lastPosition]];
    const destination = this.pairs.destination(last.pair);
    // What is sent to a group has no one receiver that it could fail to reach.
    const next = pattern.toGroup ? undefined : this.expected(pattern, last, destination);
    if (this.numbers.isTakenBefore(journey, next?.point)) {
      this.settle(journey, FATE_DELIVERED, 'answered-on-the-way');
      return;
    }
    if (next !== undefined && this.isUntold(journey, next.point)) {
      this.settle(journey, FATE_UNKNOWN, 'cut-short');
      return;
    }
    if (next !== undefined) {
      this.candidates.push({
        journey,
        from: last,
        fromPassage: pattern.passage[lastPosition],
        to: next,
        toPassage: 1 + this.passagesAt(pattern, next.point),
        delay: longestDelay(pattern, last, next),
      });
      return;
    }
    const seen = pattern.toGroup ? 'to-a-group' : 'seen-at-last-point';
    if (pattern.wayLength > 1) this.settle(journey, FATE_DELIVERED, seen);
    else
      this.settle(
        journey,
        FATE_UNKNOWN,
        this.input.points.length < 2 || this.ways.originOf(destination) === undefined
          ? 'seen-at-one-point'
          : 'no-way-known',
      );
  }

  /** Datagrams cut before their content tells them are not joined across a translation: what is seen behind it is another connection then. */
  private isUntold(journey: number, point: number): boolean {
    if (this.isTcp || (this.numbers.header(journey).status & STATUS_PAYLOAD_CUT) === 0)
      return false;
    const { firstLeg, legs } = this.connections;
    for (let at = firstLeg[this.connection]; at < firstLeg[this.connection + 1]; at += 1)
      if (this.legs.point[legs[at]] === point) return false;
    return true;
  }

  /** The station a packet last seen at `last` should have come to. */
  private expected(
    pattern: PlacedPattern,
    last: Station,
    destination: number,
  ): Station | undefined {
    const [next] = this.ways.next(pattern, pattern.order[pattern.wayLength - 1]);
    if (next !== undefined) return pattern.stations.stations[next];
    // ARP ends at the first router, whatever way IP takes to that address from there.
    if (this.protocol === PROTOCOL_ARP) return undefined;
    const seen = new Set(
      pattern.order
        .slice(0, pattern.wayLength)
        .map((index) => pattern.stations.stations[index].point),
    );
    const approach = this.ways.approachTo(destination);
    const at = approach.findLastIndex((station) => seen.has(station.point));
    const onward = approach[at + 1];
    return onward !== undefined && onward.point !== last.point ? onward : undefined;
  }

  /** Where it was last seen on its way. */
  private lastRow(journey: number): number {
    const { wayLength } = this.journeys.patterns[this.journeys.pattern[journey]];
    return this.journeys.sightingRow[this.journeys.firstSighting[journey] + wayLength - 1];
  }

  private passagesAt(pattern: PlacedPattern, point: number): number {
    let passages = 0;
    for (let position = 0; position < pattern.wayLength; position += 1)
      if (pattern.stations.shape.looks[pattern.order[position]].point === point) passages += 1;
    return passages;
  }

  private *settleCandidates(): Generator<number> {
    const evidence = this.isTcp
      ? new TcpEvidence(
          this.input,
          this.journeys,
          this.numbers,
          (journey) => this.span(journey),
          this.first,
          this.end,
        )
      : undefined;
    if (evidence !== undefined) for (const _ of evidence.gather()) yield 0;
    const repeats = this.isTcp ? undefined : this.repeats();
    const { journeys, legs, connections, windows } = this;
    const bypasses = new Bypasses(journeys, legs, connections, windows, this.connection);
    for (const [index, candidate] of this.candidates.entries()) {
      if (index % CANDIDATE_YIELD === CANDIDATE_YIELD - 1) yield 0;
      const { journey, to } = candidate;
      const decide = (fate: number, reason: FateReason): void =>
        settle(this.journeys, candidate, fate, reason);
      if (this.dropped.has(journey)) {
        decide(FATE_LOST, 'icmp-error');
        continue;
      }
      if (!this.windows.covers(to.capture, this.lastRow(journey), candidate.delay)) {
        decide(FATE_UNKNOWN, 'capture-window');
        if (this.isTcp) this.outside.push(candidate);
        continue;
      }
      const span = this.span(journey);
      const said =
        evidence !== undefined && span !== undefined
          ? this.whatWasSaid(evidence, journey, span)
          : repeats !== undefined && this.isRepeated(repeats, journey)
            ? 'sent-again'
            : undefined;
      if (
        bypasses.has(
          legs.legOfRow[this.lastRow(journey)],
          candidate.from.point,
          to,
          journeys.direction[journey],
        )
      ) {
        if (said === 'acknowledged') this.settle(journey, FATE_DELIVERED, said);
        else decide(FATE_UNKNOWN, 'other-way');
      } else if (said === undefined) this.undecided.push(candidate);
      else if (said === 'acknowledged') {
        const pattern = this.journeys.patterns[this.journeys.pattern[journey]];
        this.misses.note(this.ways.onward(pattern, to));
        decide(FATE_MISSED, said);
      } else decide(FATE_LOST, said);
    }
  }

  /** What the two ends say of bytes that were not seen further; undefined: nothing that could not be said of another packet with the same bytes. */
  private whatWasSaid(
    evidence: TcpEvidence,
    journey: number,
    span: Span,
  ): 'acknowledged' | 'sent-again' | 'never-acknowledged' | undefined {
    const { time, fate } = this.journeys;
    const others = evidence.overlapping(journey, span);
    const covered = evidence.coveredAt(journey, span);
    const again = others.find((other) => time[other] > time[journey]);
    if (covered !== undefined && covered <= time[journey])
      // Sent without need, since the acknowledgement was late or lost.
      return evidence.cameAgain(journey, span) ? 'acknowledged' : undefined;
    if (covered !== undefined && (again === undefined || covered < time[again])) {
      // Of several with these bytes that were sent before the acknowledgement, one came: this, unless another was seen to.
      const came = others.some((other) => time[other] < covered && fate[other] === FATE_DELIVERED);
      return came && !evidence.cameAgain(journey, span) ? undefined : 'acknowledged';
    }
    if (again !== undefined) return 'sent-again';
    return evidence.isHeardAfter(journey) ? 'never-acknowledged' : undefined;
  }

  private isRepeated(repeats: ReadonlyMap<string, readonly number[]>, journey: number): boolean {
    // A later fragment shows nothing of its content.
    if (this.numbers.header(journey).status & STATUS_LATER_FRAGMENT) return false;
    const { time } = this.journeys;
    return (repeats.get(this.contentKey(journey)) ?? []).some(
      (other) => time[other] > time[journey],
    );
  }

  /** Journeys by what they carry. */
  private repeats(): Map<string, number[]> {
    const repeats = new Map<string, number[]>();
    for (let journey = this.first; journey < this.end; journey += 1) {
      const key = this.contentKey(journey);
      const list = repeats.get(key);
      if (list) list.push(journey);
      else repeats.set(key, [journey]);
    }
    return repeats;
  }

  private contentKey(journey: number): string {
    const direction = this.journeys.direction[journey];
    const { digest, sequence, flags } = this.numbers.header(journey);
    return `${direction}/${flags}/${sequence}/${digest}/${this.journeys.bytes.start(journey)}`;
  }

  /** Sequence space of a TCP journey, good until another is asked for; undefined for one that takes none (a pure ACK, a RST). */
  private span(journey: number): Span | undefined {
    if (!this.isTcp) return undefined;
    const flags = this.numbers.identityFlags(journey);
    if (flags & TCP_RST) return undefined;
    const start = this.journeys.bytes.start(journey);
    const end = this.journeys.bytes.end(journey);
    if (flags & TCP_SYN) return this.spanFrom(this.numbers.header(journey).sequence, end);
    const fin = flags & TCP_FIN && this.carriesFin(journey, end) ? 1 : 0;
    return start === end && fin === 0 ? undefined : this.spanFrom(start, sequenceAdd(end, fin));
  }

  /** Of a segment that offloads cut, the last part alone carries the FIN. */
  private carriesFin(journey: number, end: number): boolean {
    const { sequence, payload } = this.numbers.header(journey);
    return sequenceDifference(sequence + payload, end) === 0;
  }

  private spanFrom(start: number, end: number): Span {
    this.lastSpan.start = start;
    this.lastSpan.end = end;
    return this.lastSpan;
  }

  private settle(journey: number, fate: number, reason: FateReason): void {
    this.journeys.fate[journey] = fate;
    this.journeys.reason[journey] = fateReasonCode(reason);
  }
}
