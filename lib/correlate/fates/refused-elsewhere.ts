// SYN-ACKs that seem lost, and whose receiver's reset comes from another port of its, so that it is a conversation of its own here: the answer was translated
// back in part, where no capture shows it. It came, and was refused.
import { lowerBound } from '../../base/bisect';
import { GrowableColumn } from '../../base/growable';
import { KeyOrder, mergeStretches } from '../../base/merge-stretches';
import { FATE_DELIVERED, FATE_LOST, fateReasonCode } from '../../model/fate';
import { PROTOCOL_TCP } from '../../model/protocols';
import { NO_STOP } from '../../model/stop';
import { TCP_ACK, TCP_RST, TCP_SYN } from '../../model/tcp-flags';
import type { ConnectionTable } from '../connections/connections';
import { finish, mix } from '../identities/identity';
import type { CorrelationInput } from '../input/input';
import { RowCursor } from '../input/row-cursor';
import type { JourneyNumbers } from '../journeys/journey-numbers';
import type { JourneyTable } from '../journeys/journeys';
import { ROW_ORDER_YIELD } from '../limits';
import { ANSWER_NS, LOOKED_AT } from './refused';

const CONNECTIONS_YIELD = 1024;

/** Runs when all fates are known. Yields 0 … 1. */
export function* settleRefusedElsewhere(
  input: CorrelationInput,
  connections: ConnectionTable,
  journeys: JourneyTable,
  numbers: JourneyNumbers,
): Generator<number> {
  const answers = new LostAnswers(input, journeys, numbers);
  for (let connection = 0; connection < connections.count; connection += 1) {
    if (connection % CONNECTIONS_YIELD === 0) yield 0;
    if (connections.protocol[connection] !== PROTOCOL_TCP) continue;
    const first = journeys.firstJourney[connection];
    const end = Math.min(journeys.firstJourney[connection + 1], first + LOOKED_AT);
    for (let journey = first; journey < end; journey += 1) answers.take(journey);
  }
  if (answers.count === 0) return;
  for (const _ of answers.sort()) yield 0.5;
  for (let connection = 0; connection < connections.count; connection += 1) {
    if (connection % CONNECTIONS_YIELD === 0) yield 0.5;
    const first = journeys.firstJourney[connection];
    const end = Math.min(journeys.firstJourney[connection + 1], first + LOOKED_AT);
    if (connections.protocol[connection] !== PROTOCOL_TCP || first === end) continue;
    // A stray begins with its reset.
    if ((numbers.identityFlags(first) & TCP_RST) === 0) continue;
    for (let journey = first; journey < end; journey += 1) answers.refuse(journey);
  }
}

/** SYN-ACKs that seem lost; there may be as many as connections. */
class LostAnswers {
  private readonly journey = new GrowableColumn(Uint32Array);
  /** A digest of what their resets have in common with them. */
  private readonly digest = new GrowableColumn(Float64Array);
  /** In the order of digests, then of connections: these and their journeys. */
  private sortedDigests = new Float64Array(0);
  private sortedJourneys = new Uint32Array(0);
  private readonly cursor: RowCursor;
  /** Of the sighting that was looked at last: its point, the time by that point's clock, its directed tuple. */
  private point = 0;
  private time = 0;
  private tuple = 0;

  constructor(
    private readonly input: CorrelationInput,
    private readonly journeys: JourneyTable,
    private readonly numbers: JourneyNumbers,
  ) {
    this.cursor = new RowCursor(input);
  }

  get count(): number {
    return this.journey.length;
  }

  take(journey: number): void {
    if (this.journeys.fate[journey] !== FATE_LOST) return;
    const { flags, acknowledgement } = this.numbers.header(journey);
    if ((flags & (TCP_SYN | TCP_ACK)) !== (TCP_SYN | TCP_ACK)) return;
    this.lookAtLast(journey);
    this.journey.push(journey);
    this.digest.push(this.digestOf(this.tuple ^ 1, acknowledgement));
  }

  *sort(): Generator<void> {
    const { count } = this;
    const digests = this.digest.view();
    const order = new Uint32Array(count);
    for (let i = 0; i < count; i += 1) order[i] = i;
    const by = new KeyOrder(digests);
    yield* mergeStretches(order, 0, count, new Uint32Array(count), by, ROW_ORDER_YIELD);
    this.sortedDigests = new Float64Array(count);
    this.sortedJourneys = new Uint32Array(count);
    for (let i = 0; i < count; i += 1) {
      this.sortedDigests[i] = digests[order[i]];
      this.sortedJourneys[i] = this.journey.values[order[i]];
    }
  }

  /** Where the journey is a reset that answers some of them: one by each of its sightings came. */
  refuse(journey: number): void {
    const { journeys, sortedDigests, sortedJourneys } = this;
    const { flags, sequence } = this.numbers.header(journey);
    if ((flags & TCP_RST) === 0) return;
    for (let s = journeys.firstSighting[journey]; s < journeys.firstSighting[journey + 1]; s++) {
      this.lookAt(journeys.sightingRow[s]);
      const { point, time, tuple } = this;
      const digest = this.digestOf(tuple, sequence);
      // Resets come in the order of what they answer, each for one.
      for (let at = lowerBound(sortedDigests, digest); sortedDigests[at] === digest; at += 1) {
        const answer = sortedJourneys[at];
        if (journeys.fate[answer] !== FATE_LOST) continue;
        if (!this.isAnsweredBy(answer, point, time, tuple, sequence)) continue;
        journeys.fate[answer] = FATE_DELIVERED;
        journeys.reason[answer] = fateReasonCode('refused');
        journeys.stops.set(answer, NO_STOP, NO_STOP);
        break;
      }
    }
  }

  /** By a reset with this tuple and sequence number, seen at this point and time. Of its sender's port nothing is asked; its number is the one that the answer acknowledges (RFC 9293 section 3.5.2). */
  private isAnsweredBy(
    answer: number,
    point: number,
    time: number,
    tuple: number,
    sequence: number,
  ): boolean {
    const { tuples } = this.input;
    if (this.numbers.header(answer).acknowledgement !== sequence) return false;
    this.lookAtLast(answer);
    return (
      this.point === point &&
      tuples.destinationAddress(this.tuple) === tuples.sourceAddress(tuple) &&
      tuples.sourceAddress(this.tuple) === tuples.destinationAddress(tuple) &&
      tuples.sourcePort(this.tuple) === tuples.destinationPort(tuple) &&
      this.time < time &&
      time - this.time < ANSWER_NS
    );
  }

  /** Of the sighting at hand, by the reset's tuple. */
  private digestOf(reset: number, number: number): number {
    const { tuples } = this.input;
    let hash = mix(this.point, tuples.sourceAddress(reset));
    hash = mix(hash, tuples.destinationAddress(reset));
    hash = mix(hash, tuples.destinationPort(reset));
    return finish(mix(hash, number));
  }

  /** Where its way ends. */
  private lookAtLast(journey: number): void {
    const { patterns, pattern, firstSighting, sightingRow } = this.journeys;
    this.lookAt(sightingRow[firstSighting[journey] + patterns[pattern[journey]].wayLength - 1]);
  }

  private lookAt(globalRow: number): void {
    const { cursor } = this;
    const i = cursor.seek(globalRow);
    this.point = cursor.pointAt(i);
    this.time = cursor.columns.time[i] + cursor.source.baseDelta;
    this.tuple = cursor.columns.tuple[i];
  }
}
