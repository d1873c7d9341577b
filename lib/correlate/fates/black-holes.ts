// Packets that left for a capture after its last frame. Its recording ended, or nothing came any more: a pcap does not say which. It was a black hole
// where the conversation died with the capture: what had passed until then was answered, and of all that was sent afterwards nothing, although
// it was sent again; and where the silence began at once, so that a recording which happens to end just then is unlikely.
import { FATE_LOST } from '../../model/fate';
import { TCP_FIN, TCP_RST, TCP_SYN } from '../../model/tcp-flags';
import type { ClockModel } from '../clocks/clocks';
import type { CorrelationInput } from '../input/input';
import type { JourneyNumbers } from '../journeys/journey-numbers';
import { connectionOf, type JourneyTable } from '../journeys/journeys';
import { type Candidate, settle } from './undecided';

/** Transmissions without an answer: as many as a sender needs to suspect the path (RFC 1122 section 4.2.3.5, R1). */
const LEAST_UNANSWERED = 3;
/** The first packet that did not come left within this share of the time that the capture ran, after its end: odds of 20 to 1. */
const SILENCE_SHARE = 0.05;

/** Settles those of `outside` that a black hole explains; the others keep what they have. Both by rows of TCP journeys that take sequence numbers. */
export function settleBlackHoles(
  input: CorrelationInput,
  clocks: ClockModel,
  journeys: JourneyTable,
  numbers: JourneyNumbers,
  outside: readonly Candidate[],
): void {
  const hops = new Map<string, Candidate[]>();
  for (const candidate of outside) {
    const key = `${candidate.from.point} ${candidate.to.capture}`;
    hops.set(key, [...(hops.get(key) ?? []), candidate]);
  }
  for (const candidates of hops.values()) {
    const { capture } = candidates[0].to;
    const { spans, baseDelta } = input.captures[capture];
    const [begin, end] = [spans[0][0], spans[spans.length - 1][1]].map((time) =>
      clocks.referenceTime(capture, time - baseDelta),
    );
    const error = clocks.errorBetween(candidates[0].from.capture, capture);
    if (error === null) continue;
    const after = candidates.filter(
      ({ journey, delay }) => journeys.time[journey] + delay + error > end,
    );
    if (isBlackHole(journeys, numbers, after, { begin, end, error }))
      for (const candidate of after) settle(journeys, candidate, FATE_LOST, 'fell-silent');
  }
}

/** When a capture ran, by the reference clock, and how far its clock may be off that of the capture before it. */
interface Recording {
  readonly begin: number;
  readonly end: number;
  readonly error: number;
}

function isBlackHole(
  journeys: JourneyTable,
  numbers: JourneyNumbers,
  after: readonly Candidate[],
  { begin, end, error }: Recording,
): boolean {
  const asking = after.filter(({ journey }) => asksAnswer(journeys, numbers, journey));
  if (asking.length < LEAST_UNANSWERED) return false;
  const first = Math.min(...after.map(({ journey }) => journeys.time[journey]));
  if (first - end + error > SILENCE_SHARE * (end - begin)) return false;
  const unanswered = new Set(after.map(({ journey }) => journey));
  const connections = new Set(after.map(({ journey }) => connectionOf(journeys, journey)));
  let worked = false;
  for (const connection of connections) {
    const { isAlive, wasAnswered } = lookBack(
      journeys,
      numbers,
      connection,
      unanswered,
      end + error,
    );
    if (isAlive) return false;
    worked ||= wasAnswered;
  }
  return worked;
}

/** A RST and a bare acknowledgement are not answered. */
function asksAnswer(journeys: JourneyTable, numbers: JourneyNumbers, journey: number): boolean {
  const { flags } = numbers.header(journey);
  const takesNumbers = journeys.bytes.has(journey);
  return (flags & TCP_RST) === 0 && (takesNumbers || (flags & (TCP_SYN | TCP_FIN)) !== 0);
}

/** `isAlive`: something came the other way after the capture's end. `wasAnswered`: all that passed before it was. */
function lookBack(
  journeys: JourneyTable,
  numbers: JourneyNumbers,
  connection: number,
  unanswered: ReadonlySet<number>,
  end: number,
): { readonly isAlive: boolean; readonly wasAnswered: boolean } {
  const { direction, firstJourney, time } = journeys;
  const [first, last] = [firstJourney[connection], firstJourney[connection + 1]];
  let way = 0;
  for (let j = first; j < last; j += 1) if (unanswered.has(j)) way = direction[j];
  let lastAsked = Number.NEGATIVE_INFINITY;
  let lastAnswer = Number.NEGATIVE_INFINITY;
  for (let j = first; j < last; j += 1) {
    if (direction[j] !== way) {
      if (time[j] > end) return { isAlive: true, wasAnswered: false };
      lastAnswer = Math.max(lastAnswer, time[j]);
    } else if (!unanswered.has(j) && asksAnswer(journeys, numbers, j))
      lastAsked = Math.max(lastAsked, time[j]);
  }
  return { isAlive: false, wasAnswered: Number.isFinite(lastAsked) && lastAnswer > lastAsked };
}
