// Journeys of chosen connections as a JourneyWindow: the columns that leave the engine.
import { lowerBound } from '../../base/bisect';
import { allocateColumns } from '../../base/columns';
import { sequenceAdd } from '../../base/sequence-number';
import type { LinkContext } from '../../model/capture';
import { encapsulationText } from '../../model/encapsulation';
import {
  JOURNEY_AMBIGUOUS,
  JOURNEY_BYTES,
  JOURNEY_COLUMNS,
  JOURNEY_RETRANSMISSION,
  type JourneyWindow,
  SIGHTING_COLUMNS,
} from '../../model/journey-window';
import { STATUS_ICMP_ERROR } from '../../model/packet-status';
import type { PacketTable } from '../../model/packet-table';
import { quoteText } from '../../model/quoted-ends';
import { RUNG_BYTES } from '../../model/rung';
import { TCP_ACK, TCP_SYN } from '../../model/tcp-flags';
import type { Correlation } from '../correlate';
import { captureOfRow } from '../input/input';
import { connectionOf } from '../journeys/journeys';
import { sequenceShift } from '../legs/leg-shifts';
import { connectionId } from './names';

/** Journeys of some connections, merged by time: rows of the journey table, how many there are without the limit, and how many of those come before. */
export interface ChosenJourneys {
  readonly journeys: Uint32Array;
  readonly total: number;
  readonly before: number;
}

/** Share of a window that lies before the time it is asked around. */
const SHARE_BEFORE = 0.25;

/**
 * Journeys of `connections` (rows of the connection table) by time, at most `limit` of them: the first, or those around a time (ns after the base).
 * A window built of the same has them in this order.
 */
export function chooseJourneys(
  { journeys }: Correlation,
  connections: readonly number[],
  limit = Number.POSITIVE_INFINITY,
  around: number | null = null,
): ChosenJourneys {
  const ranges = connections.map((connection) => ({
    first: journeys.firstJourney[connection],
    end: journeys.firstJourney[connection + 1],
  }));
  const total = ranges.reduce((sum, { first, end }) => sum + end - first, 0);
  const all = total <= limit;
  // Journeys of a connection are in order of time: of each no more than `limit` to either side of the time can be among those wanted.
  const kept = ranges.map(({ first, end }) => {
    const at = around === null || all ? first : lowerBound(journeys.time, around, first, end);
    return { from: Math.max(first, at - limit), to: Math.min(end, at + limit), first };
  });
  const chosen = new Uint32Array(kept.reduce((sum, { from, to }) => sum + to - from, 0));
  let next = 0;
  let before = 0;
  for (const { from, to, first } of kept) {
    before += from - first;
    for (let journey = from; journey < to; journey += 1) chosen[next++] = journey;
  }
  if (connections.length > 1) chosen.sort((a, b) => journeys.time[a] - journeys.time[b] || a - b);
  if (chosen.length <= limit) return { journeys: chosen, total, before };
  let start = 0;
  if (around !== null) {
    while (start < chosen.length && journeys.time[chosen[start]] < around) start += 1;
    start = Math.min(Math.max(0, start - Math.floor(SHARE_BEFORE * limit)), chosen.length - limit);
  }
  return { journeys: chosen.subarray(start, start + limit), total, before: before + start };
}

/** The window of `chooseJourneys`. */
export function buildJourneyWindow(
  correlation: Correlation,
  connections: readonly number[],
  limit = Number.POSITIVE_INFINITY,
  around: number | null = null,
): JourneyWindow {
  const { journeys, input, clocks, legs } = correlation;
  const { shifts } = correlation.connections;
  const chosen = chooseJourneys(correlation, connections, limit, around);
  const { journeys: kept, total, before } = chosen;
  const place = new Map(connections.map((connection, index) => [connection, index]));
  let sightingCount = 0;
  for (const journey of kept)
    sightingCount += journeys.firstSighting[journey + 1] - journeys.firstSighting[journey];
  const strings = new StringTable();
  /** What was interned before, by directed tuple and by link: making the texts costs more than all the rest of a sighting. */
  const endNumbers = new Map<number, number>();
  const linkNumbers = new Map<LinkContext, LinkNumbers>();
  const columns = allocateColumns(JOURNEY_COLUMNS, kept.length);
  const sightings = allocateColumns(SIGHTING_COLUMNS, sightingCount);
  let next = 0;
  kept.forEach((journey, j) => {
    const first = journeys.firstSighting[journey];
    const hasBytes = journeys.bytes.has(journey);
    const connection = connectionOf(journeys, journey);
    columns.connection[j] = place.get(connection) ?? 0;
    columns.firstSighting[j] = next;
    columns.lostFrom[j] = journeys.stops.fromOf(journey);
    columns.lostTo[j] = journeys.stops.toOf(journey);
    const [start, end] = hasBytes ? bytesAt(journey, journeys.sightingRow[first]) : [0, 0];
    columns.byteStart[j] = start;
    columns.byteEnd[j] = end;
    columns.direction[j] = journeys.direction[journey];
    columns.fate[j] = journeys.fate[journey];
    columns.reason[j] = journeys.reason[journey];
    columns.flags[j] =
      (journeys.ambiguous[journey] ? JOURNEY_AMBIGUOUS : 0) |
      (hasBytes ? JOURNEY_BYTES : 0) |
      (journeys.retransmission[journey] ? JOURNEY_RETRANSMISSION : 0);
    const pattern = journeys.patterns[journeys.pattern[journey]];
    columns.sightingCount[j] = journeys.firstSighting[journey + 1] - first;
    for (let position = 0; position < columns.sightingCount[j]; position += 1) {
      const s = next++;
      sightings.passage[s] = pattern.passage[position];
      sightings.branch[s] = pattern.branch[position];
      const globalRow = journeys.sightingRow[first + position];
      if (journeys.sightingRung[first + position] === RUNG_BYTES)
        [sightings.byteStart[s], sightings.byteEnd[s]] = bytesAt(journey, globalRow);
      sightings.rung[s] = journeys.sightingRung[first + position];
      writeFrame(globalRow, s);
      if (shifts !== undefined) writeShift(journey, globalRow, s);
    }
  });
  return {
    baseTime: input.baseTime.toString(),
    files: input.captures.map((capture) => capture.file),
    connections: connections.map((connection) => connectionId(correlation, connection)),
    protocols: connections.map((connection) => correlation.connections.protocol[connection]),
    strings: strings.texts,
    journeyCount: kept.length,
    sightingCount,
    journeys: columns,
    sightings,
    omitted: total - kept.length,
    ...(before > 0 ? { omittedBefore: before } : {}),
  };

  /** Raw sequence numbers of the journey's bytes as they are in the stream that this frame belongs to. */
  function bytesAt(journey: number, globalRow: number): readonly [number, number] {
    const start = journeys.bytes.start(journey);
    const end = journeys.bytes.end(journey);
    if (shifts === undefined) return [start, end];
    const shift = sequenceShift(shifts, legs.legOfRow[globalRow], directionOf(globalRow));
    return [sequenceAdd(start, shift), sequenceAdd(end, shift)];
  }

  function directionOf(globalRow: number): number {
    const capture = captureOfRow(input, globalRow);
    return input.captures[capture].table.get('tuple', globalRow - input.rowBase[capture]) & 1;
  }

  /** Shifts against the leg that showed the connection first. */
  function writeShift(journey: number, globalRow: number, s: number): void {
    const firstRow =
      journeys.sightingRow[
        journeys.firstSighting[journeys.firstJourney[connectionOf(journeys, journey)]]
      ];
    const leg = legs.legOfRow[globalRow];
    const firstLeg = legs.legOfRow[firstRow];
    const [direction, firstDirection] = [leg, firstLeg].map(
      (one) => journeys.direction[journey] ^ correlation.connections.forwardOfLeg[one],
    );
    const more = (reverse: number): number =>
      sequenceShift(shifts, leg, direction ^ reverse) -
      sequenceShift(shifts, firstLeg, firstDirection ^ reverse);
    sightings.sequenceShift[s] = more(0);
    sightings.acknowledgementShift[s] = sightings.flags[s] & TCP_ACK ? more(1) : 0;
  }

  /** The end that a directed tuple comes from. */
  function endNumber(tuple: number): number {
    let number = endNumbers.get(tuple);
    if (number === undefined) {
      number = strings.intern(input.tuples.source(tuple));
      endNumbers.set(tuple, number);
    }
    return number;
  }

  function linkNumbersOf(link: LinkContext): LinkNumbers {
    let numbers = linkNumbers.get(link);
    if (numbers === undefined) {
      numbers = {
        sourceMac: strings.intern(link.sourceMac ?? ''),
        destinationMac: strings.intern(link.destinationMac ?? ''),
        encapsulation: strings.intern(encapsulationText(link)),
      };
      linkNumbers.set(link, numbers);
    }
    return numbers;
  }

  function quoteNumber({ sparse: { quotes } }: PacketTable, row: number): number {
    const position = quotes.find(row);
    if (position < 0) return 0;
    const tuple = quotes.get(position, 'tuple');
    const { tuples } = input;
    return strings.intern(
      quoteText(tuples.protocol(tuple), tuples.source(tuple), tuples.destination(tuple)),
    );
  }

  function writeFrame(globalRow: number, s: number): void {
    const capture = captureOfRow(input, globalRow);
    const { table, links, pointOfLink, baseDelta } = input.captures[capture];
    const row = globalRow - input.rowBase[capture];
    const packet = table.columnsOf(row);
    const i = table.indexInBlock(row);
    const link = links[packet.link[i]];
    sightings.time[s] = packet.time[i] + baseDelta;
    sightings.referenceTime[s] = clocks.referenceTime(capture, packet.time[i]);
    sightings.frame[s] = row + 1;
    sightings.source[s] = endNumber(packet.tuple[i]);
    sightings.destination[s] = endNumber(packet.tuple[i] ^ 1);
    const { sourceMac, destinationMac, encapsulation } = linkNumbersOf(link);
    sightings.sourceMac[s] = sourceMac;
    sightings.destinationMac[s] = destinationMac;
    sightings.encapsulation[s] = encapsulation;
    sightings.sequence[s] = packet.sequence[i];
    sightings.acknowledgement[s] = packet.acknowledgement[i];
    sightings.timestampValue[s] = packet.timestampValue[i];
    sightings.timestampEcho[s] = packet.timestampEcho[i];
    sightings.payloadDigest[s] = packet.payloadDigest[i];
    sightings.payloadLength[s] = table.payloadLength(row);
    sightings.wireLength[s] = table.wireLength(row);
    sightings.analysis[s] = packet.analysis[i];
    sightings.point[s] = pointOfLink[packet.link[i]];
    sightings.capture[s] = capture;
    sightings.flags[s] = packet.flags[i];
    sightings.window[s] = packet.window[i];
    sightings.ipId[s] = packet.ipId[i];
    sightings.status[s] = packet.status[i];
    sightings.ttl[s] = packet.ttl[i];
    sightings.tos[s] = packet.tos[i];
    const options = packet.flags[i] & TCP_SYN ? table.synOptionsOf(row) : undefined;
    sightings.quote[s] = packet.status[i] & STATUS_ICMP_ERROR ? quoteNumber(table, row) : 0;
    sightings.mss[s] = options?.mss ?? 0;
    sightings.windowScale[s] = options?.windowScale ?? 0xffff;
  }
}

interface LinkNumbers {
  readonly sourceMac: number;
  readonly destinationMac: number;
  readonly encapsulation: number;
}

class StringTable {
  readonly texts: string[] = [''];
  private readonly index = new Map<string, number>([['', 0]]);

  intern(text: string): number {
    let index = this.index.get(text);
    if (index === undefined) {
      index = this.texts.push(text) - 1;
      this.index.set(text, index);
    }
    return index;
  }
}
