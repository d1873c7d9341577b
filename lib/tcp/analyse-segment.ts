// One segment against the state of its conversation: the tests of Wireshark 4.0.17 in its order, which matters (README.md here has them as a table).
import { sequenceAdd, sequenceAtOrBefore, sequenceBefore } from '../base/sequence-number';
import { TCP_ANALYSIS } from '../model/tcp-analysis';
import { TCP_ACK, TCP_FIN, TCP_RST, TCP_SYN } from '../model/tcp-flags';
import { type DirectionState, SCALE_UNKNOWN } from './direction-state';

const CONTROL = TCP_SYN | TCP_FIN | TCP_RST;
/** A segment this soon after the duplicate acknowledgement that asked for it is a fast retransmission. */
const FAST_RETRANSMISSION_NS = 20_000_000;

/** The fields of a segment that analysis reads; one object is filled again for each row. */
export interface Segment {
  /** ns after the capture's base. */
  time: number;
  sequence: number;
  acknowledgement: number;
  flags: number;
  /** Raw window field. */
  window: number;
  length: number;
}

/**
 * Analysis bits of `segment`, sent by `own` towards `peer`; both states are advanced.
 * `reorderNs`: how long after the highest segment an earlier one still counts as reordered.
 */
export function analyseSegment(
  segment: Segment,
  own: DirectionState,
  peer: DirectionState,
  reorderNs: number,
): number {
  const bits = forwardBits(segment, own, peer);
  if (segment.acknowledgement !== own.lastAcknowledgement) {
    own.duplicateAcks = 0;
    own.acknowledgedBeyond = false;
  } else if (bits & TCP_ANALYSIS.duplicateAck) {
    own.duplicateAcks++;
    own.acknowledgedBeyond = false;
  }
  const all = bits | unseenBits(segment, peer) | repeatBits(segment, own, peer, bits, reorderNs);
  advance(segment, own, all);
  return all;
}

/** Probes, keep-alives, windows, holes and duplicate acknowledgements. */
function forwardBits(segment: Segment, own: DirectionState, peer: DirectionState): number {
  const { sequence, window, length, flags } = segment;
  const atNext = sequence === own.nextSequence;
  if (length === 1 && atNext && peer.window === 0) return TCP_ANALYSIS.zeroWindowProbe;

  const plain = (flags & CONTROL) === 0;
  let bits = 0;
  if (window === 0 && plain) bits |= TCP_ANALYSIS.zeroWindow;
  if (own.nextSequence !== 0 && sequenceBefore(own.nextSequence, sequence) && !(flags & TCP_RST))
    bits |= TCP_ANALYSIS.lostSegment;
  if (length <= 1 && plain && sequence === sequenceAdd(own.nextSequence, -1))
    bits |= TCP_ANALYSIS.keepAlive;
  if (length > 0 && plain && reachesWindowEnd(segment, peer)) bits |= TCP_ANALYSIS.windowFull;

  const repeatsAck =
    length === 0 && plain && atNext && segment.acknowledgement === own.lastAcknowledgement;
  if (!repeatsAck) return bits;
  if (window !== own.window) return window === 0 ? bits : bits | TCP_ANALYSIS.windowUpdate;
  if (window === 0)
    return peer.lastAnalysis & TCP_ANALYSIS.zeroWindowProbe
      ? bits | TCP_ANALYSIS.zeroWindowProbeAck
      : bits;
  return peer.lastAnalysis & TCP_ANALYSIS.keepAlive
    ? bits | TCP_ANALYSIS.keepAliveAck
    : bits | TCP_ANALYSIS.duplicateAck;
}

function reachesWindowEnd(segment: Segment, peer: DirectionState): boolean {
  if (peer.windowScale === SCALE_UNKNOWN) return false;
  const window = peer.windowUnscaled ? peer.window : peer.window << peer.windowScale;
  return (
    sequenceAdd(segment.sequence, segment.length) === sequenceAdd(peer.lastAcknowledgement, window)
  );
}

/**
 * An acknowledgement of bytes that were never seen. Beyond all that the peer sent it is told once for each acknowledgement number of the
 * peer, and not while the peer repeats one: that may be the very loss.
 */
function unseenBits(segment: Segment, peer: DirectionState): number {
  if (!(segment.flags & TCP_ACK) || peer.contiguousEnd === 0) return 0;
  if (!sequenceBefore(peer.contiguousEnd, segment.acknowledgement)) return 0;
  if (peer.contiguousEnd !== peer.nextSequence) {
    peer.contiguousEnd = peer.nextSequence;
    return TCP_ANALYSIS.ackLostSegment;
  }
  const told = peer.acknowledgedBeyond || peer.duplicateAcks > 0;
  peer.acknowledgedBeyond = true;
  peer.duplicateAcks = 0;
  return told ? 0 : TCP_ANALYSIS.ackLostSegment;
}

/** Which of the four kinds of repetition a segment is that does not advance the sequence. */
function repeatBits(
  segment: Segment,
  own: DirectionState,
  peer: DirectionState,
  forward: number,
  reorderNs: number,
): number {
  const { sequence, length, flags, time } = segment;
  const control = flags & (TCP_SYN | TCP_FIN);
  if (length === 0 && !control) return 0;
  let repeats = own.nextSequence !== 0 && sequenceBefore(sequence, own.nextSequence);
  if (repeats && forward & TCP_ANALYSIS.keepAlive) return 0;
  // A probe's byte may have been thrown away by the receiver: what begins with it is new.
  if (length > 1 && sequence === sequenceAdd(own.nextSequence, -1)) repeats = false;

  const end = sequenceAdd(sequence, length);
  if (
    length > 0 &&
    peer.lastAcknowledgement !== 0 &&
    sequenceAtOrBefore(end, peer.lastAcknowledgement)
  )
    return TCP_ANALYSIS.retransmission | TCP_ANALYSIS.spuriousRetransmission;
  if (!repeats) return 0;
  if (
    (peer.duplicateAcks >= 2 || peer.acknowledgedBeyond) &&
    peer.lastAcknowledgement === sequence &&
    isWithin(time - peer.lastAcknowledgementTime, FAST_RETRANSMISSION_NS)
  )
    return TCP_ANALYSIS.retransmission | TCP_ANALYSIS.fastRetransmission;
  const fullEnd = control ? sequenceAdd(end, 1) : end;
  return isWithin(time - own.nextSequenceTime, reorderNs) && own.nextSequence !== fullEnd
    ? TCP_ANALYSIS.outOfOrder
    : TCP_ANALYSIS.retransmission;
}

/** Wireshark counts elapsed time without a sign: what a file has in the wrong order is late, not early. */
const isWithin = (elapsedNs: number, mostNs: number): boolean =>
  elapsedNs >= 0 && elapsedNs < mostNs;

function advance(segment: Segment, own: DirectionState, bits: number): void {
  const { sequence, length, flags, time } = segment;
  const end = sequenceAdd(sequence, length + (flags & (TCP_SYN | TCP_FIN) ? 1 : 0));
  const probe = (bits & TCP_ANALYSIS.zeroWindowProbe) !== 0;
  if (!probe && (own.nextSequence === 0 || sequenceBefore(own.nextSequence, end))) {
    own.nextSequence = end;
    own.nextSequenceTime = time;
  }
  if (!probe && (own.contiguousEnd === 0 || sequence === own.contiguousEnd))
    own.contiguousEnd = own.nextSequence;
  own.window = segment.window;
  own.windowUnscaled = (flags & TCP_SYN) !== 0;
  own.lastAcknowledgement = segment.acknowledgement;
  own.lastAcknowledgementTime = time;
  own.lastAnalysis = bits;
}
