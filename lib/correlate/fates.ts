// What became of each packet: delivered, lost between two stops, missed by a capture, or unknown, each with its ground (ALGORITHMS B4).
import { sequenceAdd, sequenceDifference } from '../base/sequence-number';
import {
  FATE_DELIVERED,
  FATE_LOST,
  FATE_MISSED,
  FATE_UNKNOWN,
  type FateReason,
  fateReasonCode,
} from '../model/fate';
import { PROTOCOL_TCP } from '../model/protocols';
import { makeStop, NO_STOP } from '../model/stop';
import { TCP_ACK, TCP_FIN, TCP_RST, TCP_SYN } from '../model/tcp-flags';
import type { ClockModel } from './clocks';
import { type CorrelationInput, captureOfRow } from './input';
import type { JourneyTable, PlacedPattern } from './journeys';
import { JOURNEY_YIELD_ROWS } from './limits';
import type { AddressPairs, Station } from './stations';
import { Ways } from './ways';

/** Fills fate, reason, lostFrom, lostTo and retransmission of all journeys. */
export function* decideFates(
  input: CorrelationInput,
  journeys: JourneyTable,
  pairs: AddressPairs,
  protocols: Uint16Array,
  clocks: ClockModel,
): Generator<number> {
  const ways = new Ways(input, pairs, journeys);
  const windows = captureWindows(input, clocks);
  journeys.lostFrom.fill(NO_STOP);
  journeys.lostTo.fill(NO_STOP);
  for (let connection = 0; connection + 1 < journeys.firstJourney.length; connection += 1) {
    if (connection % 64 === 0) yield connection / journeys.firstJourney.length;
    const fates = new ConnectionFates(
      input,
      journeys,
      pairs,
      ways,
      windows,
      journeys.firstJourney[connection],
      journeys.firstJourney[connection + 1],
      protocols[connection] === PROTOCOL_TCP,
    );
    yield* fates.decide();
  }
}

interface CaptureWindow {
  readonly first: number;
  readonly last: number;
}

function captureWindows(input: CorrelationInput, clocks: ClockModel): readonly CaptureWindow[] {
  return input.captures.map(({ summary }, capture) => ({
    first: clocks.referenceTime(capture, summary.firstTime ?? 0),
    last: clocks.referenceTime(capture, summary.lastTime ?? 0),
  }));
}

/** What a journey occupies of its direction's sequence space: raw start, and end exclusive. */
interface Span {
  readonly start: number;
  readonly end: number;
}

class ConnectionFates {
  /** Undecided journeys with the stop they were last seen at and the one they should have reached. */
  private readonly candidates: {
    journey: number;
    from: Station;
    fromPassage: number;
    to: Station;
    toPassage: number;
  }[] = [];

  constructor(
    private readonly input: CorrelationInput,
    private readonly journeys: JourneyTable,
    private readonly pairs: AddressPairs,
    private readonly ways: Ways,
    private readonly windows: readonly CaptureWindow[],
    private readonly first: number,
    private readonly end: number,
    private readonly isTcp: boolean,
  ) {}

  *decide(): Generator<number> {
    if (this.isTcp) this.markRetransmissions();
    for (let journey = this.first; journey < this.end; journey += 1) {
      if ((journey - this.first) % JOURNEY_YIELD_ROWS === JOURNEY_YIELD_ROWS - 1) yield 0;
      this.follow(journey);
    }
    if (this.candidates.length > 0) this.settleCandidates();
  }

  /** A journey that repeats sequence numbers its sender has sent before. */
  private markRetransmissions(): void {
    const next = [0, 0];
    const known = [false, false];
    for (let journey = this.first; journey < this.end; journey += 1) {
      const span = this.span(journey);
      if (span === undefined) continue;
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
    const pattern = this.journeys.patterns[this.journeys.pattern[journey]];
    const lastPosition = pattern.wayLength - 1;
    const last = pattern.stations.stations[pattern.order[lastPosition]];
    if (this.ways.isReceiver(last) && pattern.wayLength > 1) {
      const direct = this.ways.isDirectlySeen(this.pairs.destination(last.pair));
      this.settle(journey, FATE_DELIVERED, direct ? 'seen-at-receiver' : 'seen-at-last-point');
      return;
    }
    const destination = this.pairs.destination(last.pair);
    // What is sent to a group has no one receiver that it could fail to reach.
    const next = pattern.toGroup ? undefined : this.expected(pattern, last, destination);
    if (next !== undefined) {
      this.candidates.push({
        journey,
        from: last,
        fromPassage: pattern.passage[lastPosition],
        to: next,
        toPassage: 1 + this.passagesAt(pattern, next.point),
      });
      return;
    }
    if (pattern.wayLength > 1) this.settle(journey, FATE_DELIVERED, 'seen-at-last-point');
    else
      this.settle(
        journey,
        FATE_UNKNOWN,
        this.input.points.length < 2 || this.ways.originOf(destination) === undefined
          ? 'seen-at-one-point'
          : 'no-way-known',
      );
  }

  /** The station a packet last seen at `last` should have come to. */
  private expected(
    pattern: PlacedPattern,
    last: Station,
    destination: number,
  ): Station | undefined {
    const [next] = this.ways.next(pattern, pattern.order[pattern.wayLength - 1]);
    if (next !== undefined) return pattern.stations.stations[next];
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

  private passagesAt(pattern: PlacedPattern, point: number): number {
    let passages = 0;
    for (let position = 0; position < pattern.wayLength; position += 1)
      if (pattern.stations.stations[pattern.order[position]].point === point) passages += 1;
    return passages;
  }

  private settleCandidates(): void {
    const highest = this.isTcp ? this.highestAcknowledged() : [undefined, undefined];
    const repeats = this.repeats();
    for (const { journey, from, fromPassage, to, toPassage } of this.candidates) {
      const decide = (fate: number, reason: FateReason): void => {
        this.settle(journey, fate, reason);
        this.journeys.lostFrom[journey] = makeStop(from.point, fromPassage);
        this.journeys.lostTo[journey] = makeStop(to.point, toPassage);
      };
      const time = this.journeys.time[journey];
      const window = this.windows[to.capture];
      if (time < window.first || time > window.last) {
        decide(FATE_UNKNOWN, 'capture-window');
        continue;
      }
      const again = repeats.get(this.contentKey(journey)) ?? [];
      const sentAgain = again.some((other) => this.journeys.time[other] > time);
      const span = this.span(journey);
      if (!this.isTcp || span === undefined) {
        decide(FATE_LOST, sentAgain && !this.isTcp ? 'sent-again' : 'not-seen-further');
        continue;
      }
      const deliveredElsewhere = again.some(
        (other) => other !== journey && this.journeys.fate[other] === FATE_DELIVERED,
      );
      const acknowledged = highest[this.journeys.direction[journey]];
      if (deliveredElsewhere) decide(FATE_LOST, sentAgain ? 'sent-again' : 'superseded');
      else if (acknowledged !== undefined && sequenceDifference(acknowledged, span.end) >= 0)
        decide(FATE_MISSED, 'acknowledged');
      else decide(FATE_LOST, sentAgain ? 'sent-again' : 'never-acknowledged');
    }
  }

  /** Highest acknowledgement that the receiver of each direction sent; undefined: none seen. */
  private highestAcknowledged(): (number | undefined)[] {
    const highest: (number | undefined)[] = [undefined, undefined];
    for (let journey = this.first; journey < this.end; journey += 1) {
      const { flags, acknowledgement } = this.header(journey);
      if ((flags & TCP_ACK) === 0 || flags & TCP_RST) continue;
      const acknowledges = this.journeys.direction[journey] ^ 1;
      const so = highest[acknowledges];
      if (so === undefined || sequenceDifference(acknowledgement, so) > 0)
        highest[acknowledges] = acknowledgement;
    }
    return highest;
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
    const span = this.span(journey);
    if (span !== undefined) return `${direction}/${span.start}/${span.end}`;
    const { digest, sequence, flags } = this.header(journey);
    return `${direction}/${flags}/${sequence}/${digest}`;
  }

  /** Sequence space of a TCP journey; undefined for one that takes none (a pure ACK, a RST). */
  private span(journey: number): Span | undefined {
    if (!this.isTcp) return undefined;
    const { flags, sequence } = this.header(journey);
    if (flags & TCP_RST) return undefined;
    const { start, end } = {
      start: this.journeys.start[journey],
      end: this.journeys.end[journey],
    };
    if (flags & TCP_SYN) return { start: sequence, end: sequenceAdd(end, 0) };
    const fin = flags & TCP_FIN ? 1 : 0;
    return start === end && fin === 0 ? undefined : { start, end: sequenceAdd(end, fin) };
  }

  private header(journey: number): {
    flags: number;
    sequence: number;
    acknowledgement: number;
    digest: number;
  } {
    const globalRow = this.journeys.sightingRow[this.journeys.firstSighting[journey]];
    const capture = captureOfRow(this.input, globalRow);
    const { table } = this.input.captures[capture];
    const row = globalRow - this.input.rowBase[capture];
    const columns = table.columnsOf(row);
    const i = table.indexInBlock(row);
    return {
      flags: columns.flags[i],
      sequence: columns.sequence[i],
      acknowledgement: columns.acknowledgement[i],
      digest: columns.payloadDigest[i],
    };
  }

  private settle(journey: number, fate: number, reason: FateReason): void {
    this.journeys.fate[journey] = fate;
    this.journeys.reason[journey] = fateReasonCode(reason);
  }
}
