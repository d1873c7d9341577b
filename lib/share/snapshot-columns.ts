// The columns of a snapshot's journeys as bytes: column by column, each value as its signed distance from the one it most likely repeats.
//
// Journeys stand in their order, sightings in the order of their journeys; where a journey's sightings begin follows from the counts before it.
// A sighting is measured against the one before it in its journey; a journey's first one against the first one of the journey before
// of the same connection and direction. What a hop leaves alone is then a zero, and deflate takes rows of zeros for next to nothing.
import { allocateColumns } from '../base/columns';
import { failure, type Result, success } from '../base/result';
import {
  JOURNEY_COLUMNS,
  type JourneyColumns,
  type JourneyWindow,
  SIGHTING_COLUMNS,
  type SightingColumns,
} from '../model/journey-window';
import { type ByteReader, type ByteWriter, fitsSigned } from './varint';

/** Order of the format, whatever the order of the live columns. */
const JOURNEY_ORDER = [
  'connection',
  'direction',
  'sightingCount',
  'fate',
  'reason',
  'flags',
  'lostFrom',
  'lostTo',
  'byteStart',
  'byteEnd',
] as const satisfies readonly (keyof JourneyColumns)[];

const SIGHTING_ORDER = [
  'frame',
  'point',
  'capture',
  'passage',
  'branch',
  'rung',
  'source',
  'destination',
  'sourceMac',
  'destinationMac',
  'encapsulation',
  'sequence',
  'acknowledgement',
  'sequenceShift',
  'acknowledgementShift',
  'timestampValue',
  'timestampEcho',
  'payloadDigest',
  'payloadLength',
  'wireLength',
  'analysis',
  'byteStart',
  'byteEnd',
  'flags',
  'window',
  'ipId',
  'status',
  'mss',
  'windowScale',
  'ttl',
  'tos',
  'quote',
] as const satisfies readonly (keyof SightingColumns)[];

/** Times are written besides: `time` by distance, `referenceTime` as what it differs from `time`. */
const COLUMNS_A_SIGHTING = SIGHTING_ORDER.length + 2;

type Failure = { readonly reason: 'damaged' | 'invalid'; readonly text: string };
const ENDED: Failure = { reason: 'damaged', text: 'The journey columns end early.' };

const widthOf = (column: { readonly BYTES_PER_ELEMENT: number }): number =>
  2 ** (8 * column.BYTES_PER_ELEMENT) - 1;

/** Where each sighting, in the order written, stands in the window. */
function sightingRows({ journeys, journeyCount }: JourneyWindow): Uint32Array {
  let total = 0;
  for (let j = 0; j < journeyCount; j++) total += journeys.sightingCount[j];
  const rows = new Uint32Array(total);
  let at = 0;
  for (let j = 0; j < journeyCount; j++)
    for (let k = 0; k < journeys.sightingCount[j]; k++) rows[at++] = journeys.firstSighting[j] + k;
  return rows;
}

/** For each sighting, the one before it that it is measured against; −1: none. */
function predecessors(
  journeyCount: number,
  total: number,
  journeys: Pick<JourneyColumns, 'connection' | 'direction' | 'sightingCount'>,
): Int32Array {
  const before = new Int32Array(total).fill(-1);
  const latest = new Map<number, number>();
  let first = 0;
  for (let j = 0; j < journeyCount; j++) {
    const way = journeys.connection[j] * 2 + journeys.direction[j];
    before[first] = latest.get(way) ?? first - 1;
    latest.set(way, first);
    for (let k = 1; k < journeys.sightingCount[j]; k++) before[first + k] = first + k - 1;
    first += journeys.sightingCount[j];
  }
  return before;
}

/** Number of sightings that `writeColumns` writes: those that belong to a journey. */
export const writtenSightings = (window: JourneyWindow): number => sightingRows(window).length;

/** Times must be whole nanoseconds; `referenceTime` is rounded to one. */
export function writeColumns(window: JourneyWindow, writer: ByteWriter): void {
  const { journeys, sightings, journeyCount } = window;
  for (const name of JOURNEY_ORDER) {
    let previous = 0;
    for (let j = 0; j < journeyCount; j++) {
      writer.signed((journeys[name][j] - previous) | 0);
      previous = journeys[name][j];
    }
  }
  const rows = sightingRows(window);
  const before = predecessors(journeyCount, rows.length, journeys);
  for (const name of SIGHTING_ORDER) {
    const column = sightings[name];
    for (let i = 0; i < rows.length; i++)
      writer.signed((column[rows[i]] - (before[i] < 0 ? 0 : column[rows[before[i]]])) | 0);
  }
  const { time, referenceTime } = sightings;
  for (let i = 0; i < rows.length; i++)
    writeTime(writer, time[rows[i]] - (before[i] < 0 ? 0 : time[rows[before[i]]]));
  const shifts = new Float64Array(rows.length);
  for (let i = 0; i < rows.length; i++) {
    shifts[i] = Math.round(referenceTime[rows[i]]) - time[rows[i]];
    writeTime(writer, shifts[i] - (i === 0 ? 0 : shifts[i - 1]));
  }
}

function writeTime(writer: ByteWriter, distance: number): void {
  if (!fitsSigned(distance)) throw new RangeError(`not a whole number of ns: ${distance}`);
  writer.signed(distance);
}

/** Reads `journeyCount` journeys and `sightingCount` sightings; every value fits its column, no index is checked yet. */
export function readColumns(
  reader: ByteReader,
  journeyCount: number,
  sightingCount: number,
): Result<{ journeys: JourneyColumns; sightings: SightingColumns }, Failure> {
  const least = journeyCount * JOURNEY_ORDER.length + sightingCount * COLUMNS_A_SIGHTING;
  if (least > reader.remaining) return failure(ENDED);
  const journeys = allocateColumns(JOURNEY_COLUMNS, journeyCount);
  const inARow = eachAfterTheOther(journeyCount);
  for (const name of JOURNEY_ORDER)
    if (!readInto(reader, journeys[name], inARow)) return failure(ENDED);
  let first = 0;
  for (let j = 0; j < journeyCount; j++) {
    journeys.firstSighting[j] = first;
    first += journeys.sightingCount[j];
    if (journeys.sightingCount[j] === 0 || first > sightingCount) break;
  }
  if (first !== sightingCount || journeys.sightingCount.includes(0))
    return failure({ reason: 'invalid', text: 'The journeys and their sightings do not add up.' });

  const before = predecessors(journeyCount, sightingCount, journeys);
  const sightings = allocateColumns(SIGHTING_COLUMNS, sightingCount);
  for (const name of SIGHTING_ORDER)
    if (!readInto(reader, sightings[name], before)) return failure(ENDED);
  const { time, referenceTime } = sightings;
  if (!readTimes(reader, time, before)) return failure(ENDED);
  if (!readTimes(reader, referenceTime, eachAfterTheOther(sightingCount))) return failure(ENDED);
  for (let i = 0; i < sightingCount; i++) referenceTime[i] += time[i];
  return success({ journeys, sightings });
}

/** Predecessors of rows that are measured against the row before. */
const eachAfterTheOther = (rows: number): Int32Array =>
  Int32Array.from({ length: rows }, (_, i) => i - 1);

type IntegerColumn = Uint8Array | Uint16Array | Uint32Array;

/** One row for each of `before`. False where the bytes end or a value does not fit the column. */
function readInto(reader: ByteReader, column: IntegerColumn, before: Int32Array): boolean {
  const greatest = widthOf(column);
  for (let i = 0; i < before.length; i++) {
    const distance = reader.signed();
    if (distance === undefined) return false;
    const from = before[i];
    const value = ((from < 0 ? 0 : column[from]) + distance) >>> 0;
    if (value > greatest) return false;
    column[i] = value;
  }
  return true;
}

function readTimes(reader: ByteReader, column: Float64Array, before: Int32Array): boolean {
  for (let i = 0; i < before.length; i++) {
    const distance = reader.signed();
    if (distance === undefined) return false;
    const from = before[i];
    column[i] = (from < 0 ? 0 : column[from]) + distance;
    if (!fitsSigned(column[i])) return false;
  }
  return true;
}
