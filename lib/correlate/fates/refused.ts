// A handshake's packet that came to its receiver and was answered with a reset is delivered, and refused: to say no more than the first reads as success.
import { sequenceAdd } from '../../base/sequence-number';
import { FATE_DELIVERED, fateReasonCode } from '../../model/fate';
import { TCP_ACK, TCP_RST, TCP_SYN } from '../../model/tcp-flags';
import type { JourneyNumbers } from '../journeys/journey-numbers';
import type { JourneyTable } from '../journeys/journeys';

/** Handshakes stand at a connection's beginning: as many of its packets are looked at. */
export const LOOKED_AT = 128;
/** A reset this soon after a SYN or a SYN-ACK answers it: a round trip between the farthest points. */
export const ANSWER_NS = 500_000_000;

interface Asked {
  readonly journey: number;
  readonly time: number;
  readonly direction: number;
  /** Sequence number of the reset that answers it, or its acknowledgement where that is told. */
  readonly sequence: number | undefined;
  readonly acknowledgement: number;
}

/** Gives those among the first packets of a connection that a reset answers their ground. */
export function settleRefused(
  journeys: JourneyTable,
  numbers: JourneyNumbers,
  first: number,
  end: number,
): void {
  let asked: Asked[] = [];
  for (let journey = first; journey < Math.min(end, first + LOOKED_AT); journey += 1) {
    const known = numbers.identityFlags(journey);
    if (asked.length === 0 && (known & (TCP_RST | TCP_SYN)) === 0) continue;
    const { flags, sequence, acknowledgement } = numbers.header(journey);
    const direction = journeys.direction[journey];
    const time = journeys.time[journey];
    if (flags & TCP_RST) {
      // RFC 9293 section 3.5.2: a reset takes its sequence number from the acknowledgement, or acknowledges what had none.
      const refused = asked.findLast(
        (one) =>
          one.direction !== direction &&
          time - one.time < ANSWER_NS &&
          (one.sequence === undefined
            ? (flags & TCP_ACK) !== 0 && acknowledgement === one.acknowledgement
            : sequence === one.sequence),
      );
      if (refused !== undefined && journeys.fate[refused.journey] === FATE_DELIVERED)
        journeys.reason[refused.journey] = fateReasonCode('refused');
    } else if (flags & TCP_SYN)
      asked.push({
        journey,
        time,
        direction,
        sequence: flags & TCP_ACK ? acknowledgement : undefined,
        acknowledgement: sequenceAdd(sequence, 1),
      });
    // Who answers it with anything else has accepted it.
    else if (asked.length > 0) asked = asked.filter((one) => one.direction === direction);
  }
}
