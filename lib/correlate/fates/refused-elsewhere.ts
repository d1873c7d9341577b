// SYN-ACKs that seem lost, and whose receiver's reset comes from another port of its, so that it is a conversation of its own here: the answer was translated
// back in part, where no capture shows it. It came, and was refused.
import { FATE_DELIVERED, FATE_LOST, fateReasonCode } from '../../model/fate';
import { PROTOCOL_TCP } from '../../model/protocols';
import { NO_STOP } from '../../model/stop';
import { TCP_ACK, TCP_RST, TCP_SYN } from '../../model/tcp-flags';
import type { ConnectionTable } from '../connections/connections';
import { type CorrelationInput, captureOfRow } from '../input/input';
import type { JourneyNumbers } from '../journeys/journey-numbers';
import type { JourneyTable } from '../journeys/journeys';
import { ANSWER_NS, LOOKED_AT } from './refused';

interface Answer {
  readonly journey: number;
  readonly time: number;
}

/** Where and when a frame was seen, and between whom. */
interface Seen {
  readonly point: number;
  readonly time: number;
  /** Directed. */
  readonly tuple: number;
}

/** Runs when all fates are known. Yields 0 … 1. */
export function* settleRefusedElsewhere(
  input: CorrelationInput,
  connections: ConnectionTable,
  journeys: JourneyTable,
  numbers: JourneyNumbers,
): Generator<number> {
  const { tuples } = input;
  /** Of the one who answers its address and port, of the one who is answered the address, and the number that a reset takes from the answer (RFC 9293 section 3.5.2). */
  const keyOf = (point: number, reset: number, number: number): string =>
    `${point} ${tuples.sourceAddress(reset)} ${tuples.destinationAddress(reset)} ${tuples.destinationPort(reset)} ${number}`;
  const answers = new Map<string, Answer[]>();
  for (let connection = 0; connection < connections.count; connection += 1) {
    if (connection % CONNECTIONS_YIELD === 0) yield 0;
    if (connections.protocol[connection] !== PROTOCOL_TCP) continue;
    const first = journeys.firstJourney[connection];
    const end = Math.min(journeys.firstJourney[connection + 1], first + LOOKED_AT);
    for (let journey = first; journey < end; journey += 1) {
      if (journeys.fate[journey] !== FATE_LOST) continue;
      const { flags, acknowledgement } = numbers.header(journey);
      if ((flags & (TCP_SYN | TCP_ACK)) !== (TCP_SYN | TCP_ACK)) continue;
      const { wayLength } = journeys.patterns[journeys.pattern[journey]];
      const last = journeys.firstSighting[journey] + wayLength - 1;
      const { point, time, tuple } = lookAt(input, journeys.sightingRow[last]);
      const key = keyOf(point, tuple ^ 1, acknowledgement);
      answers.set(key, [...(answers.get(key) ?? []), { journey, time }]);
    }
  }
  if (answers.size === 0) return;
  for (let connection = 0; connection < connections.count; connection += 1) {
    if (connection % CONNECTIONS_YIELD === 0) yield 0.5;
    const first = journeys.firstJourney[connection];
    const end = Math.min(journeys.firstJourney[connection + 1], first + LOOKED_AT);
    if (connections.protocol[connection] !== PROTOCOL_TCP || first === end) continue;
    // A stray begins with its reset.
    if ((numbers.identityFlags(first) & TCP_RST) === 0) continue;
    for (let journey = first; journey < end; journey += 1) {
      const { flags, sequence } = numbers.header(journey);
      if ((flags & TCP_RST) === 0) continue;
      for (let s = journeys.firstSighting[journey]; s < journeys.firstSighting[journey + 1]; s++) {
        const { point, time, tuple } = lookAt(input, journeys.sightingRow[s]);
        const asked = answers.get(keyOf(point, tuple, sequence)) ?? [];
        // Resets come in the order of what they answer, each for one.
        const place = asked.findIndex(
          (answer) => answer.time < time && time - answer.time < ANSWER_NS,
        );
        if (place < 0) continue;
        const [refused] = asked.splice(place, 1);
        journeys.fate[refused.journey] = FATE_DELIVERED;
        journeys.reason[refused.journey] = fateReasonCode('refused');
        journeys.stops.set(refused.journey, NO_STOP, NO_STOP);
      }
    }
  }
}

const CONNECTIONS_YIELD = 1024;

/** Times of one point are by one clock. */
function lookAt(input: CorrelationInput, globalRow: number): Seen {
  const capture = captureOfRow(input, globalRow);
  const { table, pointOfLink, baseDelta } = input.captures[capture];
  const row = globalRow - input.rowBase[capture];
  return {
    point: pointOfLink[table.get('link', row)],
    time: table.get('time', row) + baseDelta,
    tuple: table.get('tuple', row),
  };
}
