// What TCP analysis remembers of one direction of one conversation. Two of these are made per run and reused for every leg.

/** No window scale option was seen: the window cannot be computed. */
export const SCALE_UNKNOWN = -1;

export class DirectionState {
  /** Whether any segment of this direction, or an acknowledgement of it, told where its sequence numbers begin. */
  started = false;
  initialSequence = 0;
  /** Highest end of a segment so far, SYN and FIN counted; 0: none seen. */
  nextSequence = 0;
  /** Time of the segment that reached `nextSequence`, ns. */
  nextSequenceTime = 0;
  /** End of the contiguous bytes seen; 0: none seen. */
  contiguousEnd = 0;
  /** Since its last acknowledgement number was new, the peer acknowledged more than this direction was seen to send. */
  acknowledgedBeyond = false;
  lastAcknowledgement = 0;
  lastAcknowledgementTime = 0;
  /** Raw window field of the last segment; −1: none seen. */
  window = -1;
  windowScale = SCALE_UNKNOWN;
  /** The last window stood in a SYN, where it is never scaled (RFC 7323 section 2.2). */
  windowUnscaled = false;
  duplicateAcks = 0;
  /** Analysis bits of the last segment. */
  lastAnalysis = 0;

  reset(): void {
    this.started = false;
    this.initialSequence = 0;
    this.nextSequence = 0;
    this.nextSequenceTime = 0;
    this.contiguousEnd = 0;
    this.acknowledgedBeyond = false;
    this.lastAcknowledgement = 0;
    this.lastAcknowledgementTime = 0;
    this.window = -1;
    this.windowScale = SCALE_UNKNOWN;
    this.windowUnscaled = false;
    this.duplicateAcks = 0;
    this.lastAnalysis = 0;
  }
}
