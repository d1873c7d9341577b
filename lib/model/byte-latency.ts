// Where a hop cuts or joins frames (offloads, fragments) a journey is a part of one: the frame takes the hop from its first byte to its last.
import { sequenceDifference } from '../base/sequence-number';
import { formatDuration } from '../base/time';
import type { JourneyWindow } from './journey-window';

export interface ByteLatency {
  /** By the reference clock, of those that took the hop. */
  readonly firstByteNs: number;
  readonly lastByteNs: number;
  /** Packets that share the frame. */
  readonly packets: number;
}

/** Of the larger frame at two sightings on one journey's way, the first of them first. Undefined: it is one frame at both, or the window has only a part of its packets. */
export function findByteLatency(
  window: JourneyWindow,
  journey: number,
  from: number,
  to: number,
): ByteLatency | undefined {
  const { sightings } = window;
  if (!isPart(window, from) && !isPart(window, to)) return undefined;
  // What left as one frame is looked at as that; else what arrived as one.
  for (const shared of [from, to]) {
    const pieces = findPieces(window, journey, from, to, shared);
    const isCut = pieces.some(
      (piece) => !isSameFrame(window, piece.from, from) || !isSameFrame(window, piece.to, to),
    );
    if (pieces.length < 2 || !isCut) continue;
    const told = pieces.reduce((sum, { length }) => sum + length, 0);
    if (window.omitted > 0 && told < sightings.payloadLength[shared]) return undefined;
    const [first, last] = ends(pieces);
    return {
      firstByteNs: latency(window, first),
      lastByteNs: latency(window, last),
      packets: pieces.length,
    };
  }
  return undefined;
}

/** `first byte 4 µs, last byte 51 µs` */
export const describeByteLatency = ({ firstByteNs, lastByteNs }: ByteLatency): string =>
  `first byte ${formatDuration(firstByteNs)}, last byte ${formatDuration(lastByteNs)}`;

interface Piece {
  readonly from: number;
  readonly to: number;
  readonly start: number;
  readonly length: number;
}

const isPart = ({ sightings }: JourneyWindow, row: number): boolean =>
  sightings.byteStart[row] !== sightings.byteEnd[row];

const isSameFrame = ({ sightings }: JourneyWindow, a: number, b: number): boolean =>
  sightings.frame[a] === sightings.frame[b] && sightings.capture[a] === sightings.capture[b];

const latency = ({ sightings }: JourneyWindow, { from, to }: Piece): number =>
  Math.round(sightings.referenceTime[to] - sightings.referenceTime[from]);

/** Packets that are in the frame of `shared` and took the same hop. */
function findPieces(
  window: JourneyWindow,
  journey: number,
  from: number,
  to: number,
  shared: number,
): readonly Piece[] {
  const { journeys } = window;
  const pieces: Piece[] = [];
  for (let other = 0; other < window.journeyCount; other += 1) {
    if (journeys.connection[other] !== journeys.connection[journey]) continue;
    if (journeys.direction[other] !== journeys.direction[journey]) continue;
    const first = journeys.firstSighting[other];
    const end = first + journeys.sightingCount[other];
    const [own, otherEnd] = [findStop(window, first, end, from), findStop(window, first, end, to)];
    if (own === undefined || otherEnd === undefined) continue;
    if (!isSameFrame(window, shared === from ? own : otherEnd, shared)) continue;
    const { byteStart, byteEnd } = journeys;
    const length = sequenceDifference(byteEnd[other], byteStart[other]);
    pieces.push({ from: own, to: otherEnd, start: byteStart[other], length });
  }
  return pieces;
}

/** The way's sighting, among the rows `first … end`, at the stop of `row`. */
function findStop(
  window: JourneyWindow,
  first: number,
  end: number,
  row: number,
): number | undefined {
  for (let own = first; own < end && window.sightings.branch[own] === 0; own += 1)
    if (isSameStop(window, own, row)) return own;
  return undefined;
}

const isSameStop = ({ sightings }: JourneyWindow, a: number, b: number): boolean =>
  sightings.point[a] === sightings.point[b] && sightings.passage[a] === sightings.passage[b];

/** The pieces with the first byte and with the last: on the way they may have overtaken each other. */
function ends(pieces: readonly Piece[]): readonly [first: Piece, last: Piece] {
  let [first] = pieces;
  let [last] = pieces;
  for (const piece of pieces) {
    if (sequenceDifference(piece.start, first.start) < 0) first = piece;
    if (sequenceDifference(piece.start, last.start) > 0) last = piece;
  }
  return [first, last];
}
