// What a TCP connection comes to: whether it opened, how it ended, and by whose packet. From its journeys in order of time.
import type { Close, Handshake } from '../../model/connection';
import { TCP_ACK, TCP_FIN, TCP_RST, TCP_SYN } from '../../model/tcp-flags';
import type { Correlation } from '../correlate';
import type { FrameCursor } from '../journeys/frame-cursor';

/** Retries without an answer that make an open connection one that timed out. */
const RETRIES_OF_TIMEOUT = 3;

/** A SYN without answer for less than its first timer (RFC 6298: 1 s) says nothing yet when the captures end. */
const SYN_TIMEOUT_NS = 1e9;

/** By whose packet it ended: 0 the client's, 1 the server's, null nobody's. */
export interface Ending {
  readonly direction: number | null;
  /** The packet; −1: none. */
  readonly journey: number;
  /** Of a reset: who had sent a FIN before. */
  readonly finBefore: number | null;
}

export interface TcpStory {
  readonly handshake: Handshake;
  readonly close: Close;
  readonly ending: Ending;
}

const NOBODY: Ending = { direction: null, journey: -1, finBefore: null };

/** `first` … `end`: the connection's journeys. */
export function readTcpStory(
  correlation: Correlation,
  cursor: FrameCursor,
  first: number,
  end: number,
): TcpStory {
  const { journeys } = correlation;
  let opened = false;
  let answered = false;
  let established = false;
  let repeatedSyn = false;
  let trailingRetries = 0;
  let lastRetry = -1;
  let lastSyn = -1;
  let reset = -1;
  let firstFin = -1;
  let finBefore: number | null = null;
  const finished = [false, false];
  for (let journey = first; journey < end; journey += 1) {
    cursor.place(journeys.sightingRow[journeys.firstSighting[journey]]);
    const flags = cursor.columns.flags[cursor.i];
    const direction = journeys.direction[journey];
    const isRetry = journeys.retransmission[journey] === 1;
    if (flags & TCP_SYN) {
      repeatedSyn ||= isRetry;
      if (direction === 0) {
        opened = true;
        lastSyn = journey;
      } else answered = true;
    } else if (flags & TCP_RST) {
      if (reset < 0 && !(finished[0] && finished[1])) {
        reset = journey;
        finBefore = firstFin < 0 ? null : journeys.direction[firstFin];
      }
    } else {
      // The client acknowledges only what it got; the server sends data only to who acknowledged.
      const carries = journeys.bytes.has(journey) || (flags & TCP_FIN) !== 0;
      if ((direction === 0 && flags & TCP_ACK) || carries) established = true;
    }
    if (flags & TCP_FIN) {
      finished[direction] = true;
      if (firstFin < 0) firstFin = journey;
    }
    if (isRetry) {
      trailingRetries += 1;
      lastRetry = journey;
    } else if (!(flags & TCP_RST)) trailingRetries = 0;
  }
  const endingBy = (journey: number): Ending =>
    journey < 0 ? NOBODY : { direction: journeys.direction[journey], journey, finBefore: null };
  if ((opened || answered) && !established) {
    const waited = captureEnd(correlation) - journeys.time[first];
    const undecided = reset < 0 && !repeatedSyn && waited < SYN_TIMEOUT_NS;
    if (undecided) return { handshake: 'unseen', close: 'open', ending: NOBODY };
    return reset >= 0 && journeys.direction[reset] === 1
      ? { handshake: 'failed', close: 'reset', ending: endingBy(reset) }
      : {
          handshake: 'failed',
          close: 'timeout',
          ending: endingBy(lastSyn < 0 ? first : lastSyn),
        };
  }
  const handshake: Handshake = opened || answered ? 'complete' : 'unseen';
  if (reset >= 0) return { handshake, close: 'reset', ending: { ...endingBy(reset), finBefore } };
  if (finished[0] && finished[1]) return { handshake, close: 'fin', ending: endingBy(firstFin) };
  return trailingRetries >= RETRIES_OF_TIMEOUT
    ? { handshake, close: 'timeout', ending: endingBy(lastRetry) }
    : { handshake, close: 'open', ending: endingBy(firstFin) };
}

/** Reference time at which the last capture ends. */
function captureEnd({ input, clocks }: Correlation): number {
  return input.captures.reduce(
    (last, { summary }, capture) =>
      Math.max(last, clocks.referenceTime(capture, summary.lastTime ?? 0)),
    Number.NEGATIVE_INFINITY,
  );
}
