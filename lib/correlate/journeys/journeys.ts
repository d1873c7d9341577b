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
import { PathOrder } from './path-order';

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
  const connectionCount = connections.count;
  const { patterns, ends } = yield* findPatterns(input, stations, clocks);
  const path = new PathOrder(pieces, stations, patterns);
  const timeOfPiece = new Float64Array(pieces.count);
  for (let from = 0; from < pieces.count; from += JOURNEY_YIELD_ROWS) {
    path.readTimes(timeOfPiece, from, Math.min(pieces.count, from + JOURNEY_YIELD_ROWS));
    yield 0.5;
  }
  const firstJourney = countByConnection(pieces, connectionCount);
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
  for (let from = 0; from < pieces.count; from += JOURNEY_YIELD_ROWS) {
    path.place(order, from, Math.min(pieces.count, from + JOURNEY_YIELD_ROWS));
    yield 0.5 + (0.5 * from) / pieces.count;
  }
  const { firstSighting, sightingRow, sightingRung, ownTime } = path;
  const bytes = new JourneyBytes(input, legs, connections, firstSighting, sightingRow);
  const header = pickBytes(pieces.header, order);
  const isTold = (journey: number): boolean => header[journey] !== 0;
  const kept = bytes.keep(
    pickNumbers(pieces.start, order),
    pickNumbers(pieces.end, order),
    isTold,
    JOURNEY_YIELD_ROWS,
  );
  for (const _ of kept) yield 0.95;
  return {
    count: pieces.count,
    firstJourney,
    direction: pickBytes(pieces.direction, order),
    ambiguous: pickBytes(pieces.ambiguous, order),
    bytes,
    fate: new Uint8Array(pieces.count),
    reason: new Uint8Array(pieces.count),
    stops: new LossStops(),
    retransmission: new Uint8Array(pieces.count),
    time: pickTimes(timeOfPiece, order),
    pattern: pickNumbers(stations.setOfPiece, order),
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

function countByConnection({ connection, count }: PieceTable, connections: number): Uint32Array {
  const firstJourney = new Uint32Array(connections + 1);
  for (let piece = 0; piece < count; piece += 1) firstJourney[connection[piece] + 1] += 1;
  for (let c = 0; c < connections; c += 1) firstJourney[c + 1] += firstJourney[c];
  return firstJourney;
}

// A loop for each type of array: one for all would ask of each value what it lies in.

function pickBytes(column: Uint8Array, order: Uint32Array): Uint8Array {
  const picked = new Uint8Array(order.length);
  for (let j = 0; j < order.length; j += 1) picked[j] = column[order[j]];
  return picked;
}

function pickNumbers(column: Uint32Array, order: Uint32Array): Uint32Array {
  const picked = new Uint32Array(order.length);
  for (let j = 0; j < order.length; j += 1) picked[j] = column[order[j]];
  return picked;
}

function pickTimes(column: Float64Array, order: Uint32Array): Float64Array {
  const picked = new Float64Array(order.length);
  for (let j = 0; j < order.length; j += 1) picked[j] = column[order[j]];
  return picked;
}
