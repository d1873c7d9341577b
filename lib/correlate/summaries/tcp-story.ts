// What a TCP connection comes to: whether it opened, how it ended, and by whose packet. From its journeys in order of time.
import type { Close, Handshake } from '../../model/connection';
import { TCP_ACK, TCP_FIN, TCP_RST, TCP_SYN } from '../../model/tcp-flags';
import type { Correlation } from '../correlate';

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

/** Takes the connection's journeys one after the other, from `first` on. */
export class TcpStoryReader {
  private opened = false;
  private answered = false;
  private established = false;
  private repeatedSyn = false;
  private trailingRetries = 0;
  private lastRetry = -1;
  private lastSyn = -1;
  private reset = -1;
  private firstFin = -1;
  private finBefore: number | null = null;
  private readonly finished = [false, false];

  constructor(
    private readonly correlation: Correlation,
    private readonly first: number,
  ) {}

  /** `flags`: those of its first frame. */
  take(journey: number, flags: number): void {
    const { finished } = this;
    const { journeys } = this.correlation;
    const direction = journeys.direction[journey];
    const isRetry = journeys.retransmission[journey] === 1;
    if (flags & TCP_SYN) {
      this.repeatedSyn ||= isRetry;
      if (direction === 0) {
        this.opened = true;
        this.lastSyn = journey;
      } else this.answered = true;
    } else if (flags & TCP_RST) {
      if (this.reset < 0 && !(finished[0] && finished[1])) {
        this.reset = journey;
        this.finBefore = this.firstFin < 0 ? null : journeys.direction[this.firstFin];
      }
    } else if (!this.established) {
      // The client acknowledges only what it got; the server sends data only to who acknowledged.
      const carries = journeys.bytes.has(journey) || (flags & TCP_FIN) !== 0;
      if ((direction === 0 && flags & TCP_ACK) || carries) this.established = true;
    }
    if (flags & TCP_FIN) {
      finished[direction] = true;
      if (this.firstFin < 0) this.firstFin = journey;
    }
    if (isRetry) {
      this.trailingRetries += 1;
      this.lastRetry = journey;
    } else if (!(flags & TCP_RST)) this.trailingRetries = 0;
  }

  story(): TcpStory {
    const { correlation, first, opened, answered, reset, lastSyn, finished } = this;
    const { journeys } = correlation;
    const endingBy = (journey: number): Ending =>
      journey < 0 ? NOBODY : { direction: journeys.direction[journey], journey, finBefore: null };
    if ((opened || answered) && !this.established) {
      const waited = captureEnd(correlation) - journeys.time[first];
      const undecided = reset < 0 && !this.repeatedSyn && waited < SYN_TIMEOUT_NS;
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
    if (reset >= 0)
      return {
        handshake,
        close: 'reset',
        ending: { ...endingBy(reset), finBefore: this.finBefore },
      };
    if (finished[0] && finished[1])
      return { handshake, close: 'fin', ending: endingBy(this.firstFin) };
    return this.trailingRetries >= RETRIES_OF_TIMEOUT
      ? { handshake, close: 'timeout', ending: endingBy(this.lastRetry) }
      : { handshake, close: 'open', ending: endingBy(this.firstFin) };
  }
}

/** Reference time at which the last capture ends. */
function captureEnd({ input, clocks }: Correlation): number {
  return input.captures.reduce(
    (last, { summary }, capture) =>
      Math.max(last, clocks.referenceTime(capture, summary.lastTime ?? 0)),
    Number.NEGATIVE_INFINITY,
  );
}
