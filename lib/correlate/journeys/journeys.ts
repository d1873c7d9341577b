// Packets into journeys: sightings in path order with their passages, journeys of a connection in order of time. Fates come after (fates.ts).
import { upperBound } from '../../base/bisect';
import { mergeStretches, type StretchOrder } from '../../base/merge-stretches';
import type { ClockModel } from '../clocks/clocks';
import type { ConnectionTable } from '../connections/connections';
import type { CorrelationInput } from '../input/input';
import type { LegTable } from '../legs/legs';
import { JOURNEY_YIELD_ROWS, ROW_ORDER_YIELD } from '../limits';
import type { PieceTable } from '../packets/piece-table';
import type { Ends } from '../stations/ends';
import { findPatterns } from '../stations/find-patterns';
import type { PlacedPattern } from '../stations/pattern';
import type { StationTable } from '../stations/stations';
import { JourneyBytes } from './journey-bytes';
import { LossStops } from './loss-stops';

/**
 * A row a journey, sorted by connection, then by reference time of the first sighting. Sightings of journey j are the rows
 * `firstSighting[j] … firstSighting[j + 1])`: the way in order, then copies. Fate columns are filled by fates.ts.
 */
export interface JourneyTable {
  readonly count: number;
  /** Journeys of connection c: `firstJourney[c] … firstJourney[c + 1])`. */
  readonly firstJourney: Uint32Array;
  readonly direction: Uint8Array;
  readonly ambiguous: Uint8Array;
  readonly bytes: JourneyBytes;
  readonly fate: Uint8Array;
  readonly reason: Uint8Array;
  readonly stops: LossStops;
  readonly retransmission: Uint8Array;
  /** ns after the base, by the reference clock, of the first sighting on the way. */
  readonly time: Float64Array;
  /** Index in `patterns`. */
  readonly pattern: Uint32Array;
  readonly patterns: readonly PlacedPattern[];
  /** Where packets begin and end, as the patterns show. */
  readonly ends: Ends;
  readonly firstSighting: Uint32Array;
  readonly sightingRow: Uint32Array;
  /** By what it was joined: a code of lib/model/rung.ts. RUNG_BYTES: the frame carries more than this packet. */
  readonly sightingRung: Uint8Array;
  /** What is at hand while fates are decided and hops are counted. */
  draft: JourneyDraft | undefined;
}

/** By journey, and by sighting: what frames say that lie far apart. */
export interface JourneyDraft {
  /** HEADER_TOLD, and the flags then. */
  readonly header: Uint8Array;
  /** Of sightings: ns after its capture's base by its own clock. */
  readonly ownTime: Float64Array;
}

/** Connection (row of the connection table) that a journey belongs to. */
export const connectionOf = ({ firstJourney }: JourneyTable, journey: number): number =>
  upperBound(firstJourney, journey) - 1;

/** Global rows of a connection's frames, rising. */
export function rowsOfConnection(
  { firstJourney, firstSighting, sightingRow }: JourneyTable,
  connection: number,
): Uint32Array {
  const from = firstSighting[firstJourney[connection]];
  const to = firstSighting[firstJourney[connection + 1]];
  const sorted = sightingRow.slice(from, to).sort();
  // A frame that carries several packets stands there with each.
  return sorted.filter((row, index) => index === 0 || row !== sorted[index - 1]);
}

/** Orders all packets. */
export function* buildJourneys(
  input: CorrelationInput,
  pieces: PieceTable,
  stations: StationTable,
  legs: LegTable,
  connections: ConnectionTable,
  clocks: ClockModel,
): Generator<number, JourneyTable> {
  const { setOfPiece, stationOfSighting } = stations;
  const connectionCount = connections.count;
  const { patterns, ends } = yield* findPatterns(input, stations, clocks);
  const timeOfPiece = new Float64Array(pieces.count);
  const firstJourney = new Uint32Array(connectionCount + 1);
  for (let piece = 0; piece < pieces.count; piece += 1) {
    if (piece % JOURNEY_YIELD_ROWS === JOURNEY_YIELD_ROWS - 1) yield 0.5;
    const [first] = patterns[setOfPiece[piece]].order;
    timeOfPiece[piece] = firstTime(pieces, stationOfSighting, piece, first);
    firstJourney[pieces.connection[piece] + 1] += 1;
  }
  for (let c = 0; c < connectionCount; c += 1) firstJourney[c + 1] += firstJourney[c];
  yield 0.5;
  const order = new Uint32Array(pieces.count);
  for (let piece = 0; piece < order.length; piece += 1) order[piece] = piece;
  const scratch = new Uint32Array(pieces.count);
  const by = new PieceOrder(pieces, timeOfPiece);
  // Pieces of one connection stand together, in the order of connections: each connection's share is sorted by itself.
  for (let c = 0; c < connectionCount; c += 1) {
    const [from, to] = [firstJourney[c], firstJourney[c + 1]];
    for (const _ of mergeStretches(order, from, to, scratch, by, ROW_ORDER_YIELD)) yield 0.5;
    if (c % 256 === 255) yield 0.5;
  }
  const pick = <A extends Uint8Array | Uint32Array | Float64Array>(column: A): A => {
    const picked = new (column.constructor as new (length: number) => A)(pieces.count);
    for (let j = 0; j < pieces.count; j += 1) picked[j] = column[order[j]];
    return picked;
  };
  const firstSighting = new Uint32Array(pieces.count + 1);
  const sightingRow = new Uint32Array(pieces.sightingRow.length);
  const sightingRung = new Uint8Array(pieces.sightingRow.length);
  const ownTime = new Float64Array(pieces.sightingRow.length);
  for (let j = 0; j < pieces.count; j += 1) {
    if (j % JOURNEY_YIELD_ROWS === 0) yield 0.5 + (0.5 * j) / pieces.count;
    const piece = order[j];
    const { order: way } = patterns[setOfPiece[piece]];
    const to = firstSighting[j];
    const from = pieces.firstSighting[piece];
    const count = pieces.firstSighting[piece + 1] - from;
    for (let s = from; s < from + count; s += 1) {
      // Sightings that share a station (one look, other ports) take its places in turn.
      let taken = 0;
      for (let t = from; t < s; t += 1)
        if (stationOfSighting[t] === stationOfSighting[s]) taken += 1;
      let position = way.indexOf(stationOfSighting[s]);
      for (; taken > 0; taken -= 1) position = way.indexOf(stationOfSighting[s], position + 1);
      sightingRow[to + position] = pieces.sightingRow[s];
      sightingRung[to + position] = pieces.sightingRung[s];
      ownTime[to + position] = pieces.sightingOwnTime[s];
    }
    firstSighting[j + 1] = to + count;
  }
  const bytes = new JourneyBytes(input, legs, connections, firstSighting, sightingRow);
  const header = pick(pieces.header);
  const isTold = (journey: number): boolean => header[journey] !== 0;
  const kept = bytes.keep(pick(pieces.start), pick(pieces.end), isTold, JOURNEY_YIELD_ROWS);
  for (const _ of kept) yield 0.95;
  return {
    count: pieces.count,
    firstJourney,
    direction: pick(pieces.direction),
    ambiguous: pick(pieces.ambiguous),
    bytes,
    fate: new Uint8Array(pieces.count),
    reason: new Uint8Array(pieces.count),
    stops: new LossStops(),
    retransmission: new Uint8Array(pieces.count),
    time: pick(timeOfPiece),
    pattern: pick(setOfPiece),
    patterns,
    ends,
    firstSighting,
    sightingRow,
    sightingRung,
    draft: { header, ownTime },
  };
}

/** By time; of one moment by the rows of their first sightings, then by number. */
class PieceOrder implements StretchOrder {
  constructor(
    private readonly pieces: PieceTable,
    private readonly time: Float64Array,
  ) {}

  isBefore(a: number, b: number): boolean {
    const { time } = this;
    if (time[a] !== time[b]) return time[a] < time[b];
    const { firstSighting, sightingRow } = this.pieces;
    return (sightingRow[firstSighting[a]] - sightingRow[firstSighting[b]] || a - b) < 0;
  }
}

/** Reference time of the sighting at station `first`. */
function firstTime(
  { firstSighting, sightingTime }: PieceTable,
  stationOfSighting: Uint16Array,
  piece: number,
  first: number,
): number {
  for (let s = firstSighting[piece]; s < firstSighting[piece + 1]; s += 1)
    if (stationOfSighting[s] === first) return sightingTime[s];
  return 0;
}
