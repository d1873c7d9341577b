// A datagram of which one fragment was lost is lost as a whole: who puts it together, connection tracking on the way or the receiver, drops the rest.
import { FATE_DELIVERED, FATE_LOST, type FateReason, fateReasonCode } from '../../model/fate';
import { PROTOCOL_TCP } from '../../model/protocols';
import { stopPoint } from '../../model/stop';
import type { ConnectionTable } from '../connections/connections';
import { type CorrelationInput, captureOfRow } from '../input/input';
import type { JourneyTable } from '../journeys/journeys';
import { PACKET_SPAN_NS } from '../limits';

/** Journeys of one datagram's bytes. */
interface Parts {
  readonly journeys: number[];
  readonly time: number;
}

/** Runs when all fates are known: gives the other fragments of a datagram their ground. */
export function settleIncomplete(
  input: CorrelationInput,
  connections: ConnectionTable,
  journeys: JourneyTable,
): void {
  const { firstJourney } = journeys;
  for (let connection = 0; connection < connections.count; connection += 1) {
    if (connections.protocol[connection] === PROTOCOL_TCP) continue;
    const fragments: number[] = [];
    for (let j = firstJourney[connection]; j < firstJourney[connection + 1]; j += 1)
      if (journeys.bytes.has(j)) fragments.push(j);
    if (fragments.length === 0) continue;
    for (const parts of gatherParts(input, journeys, fragments))
      settleParts(journeys, parts.journeys);
  }
}

/** Parts of one datagram have a point's fragments with one identification, or a frame, in common. */
function gatherParts(
  input: CorrelationInput,
  journeys: JourneyTable,
  fragments: readonly number[],
): Iterable<Parts> {
  const partsOf = new Map<string, Parts>();
  const found = new Set<Parts>();
  for (const journey of fragments) {
    const keys = keysOf(input, journeys, journey);
    const time = journeys.time[journey];
    const parts = keys
      .flatMap((key) => partsOf.get(key) ?? [])
      .find((known) => Math.abs(known.time - time) <= PACKET_SPAN_NS) ?? { journeys: [], time };
    parts.journeys.push(journey);
    found.add(parts);
    for (const key of keys) partsOf.set(key, parts);
  }
  return found;
}

function keysOf(input: CorrelationInput, journeys: JourneyTable, journey: number): string[] {
  const keys: string[] = [];
  const direction = journeys.direction[journey];
  const end = journeys.firstSighting[journey + 1];
  for (let s = journeys.firstSighting[journey]; s < end; s += 1) {
    const globalRow = journeys.sightingRow[s];
    const capture = captureOfRow(input, globalRow);
    const { table, pointOfLink } = input.captures[capture];
    const row = globalRow - input.rowBase[capture];
    const position = table.sparse.fragments.find(row);
    keys.push(
      position < 0
        ? `frame ${globalRow}`
        : `${direction} ${pointOfLink[table.get('link', row)]} ${table.sparse.fragments.get(position, 'ident')}`,
    );
  }
  return keys;
}

function settleParts(journeys: JourneyTable, parts: readonly number[]): void {
  const lostFrom = new Set(
    parts
      .filter((journey) => journeys.fate[journey] === FATE_LOST)
      .map((journey) => stopPoint(journeys.stops.fromOf(journey))),
  );
  if (lostFrom.size === 0) return;
  for (const journey of parts) {
    const ground = (reason: FateReason): void => {
      journeys.reason[journey] = fateReasonCode(reason);
    };
    if (journeys.fate[journey] === FATE_DELIVERED) ground('delivered-in-vain');
    else if (
      journeys.fate[journey] === FATE_LOST &&
      [...lostFrom].some(
        (point) =>
          point !== stopPoint(journeys.stops.fromOf(journey)) && passed(journeys, journey, point),
      )
    )
      ground('datagram-incomplete');
  }
}

/** Whether the packet was seen further on than at this point. */
function passed(journeys: JourneyTable, journey: number, point: number): boolean {
  const { order, wayLength, stations } = journeys.patterns[journeys.pattern[journey]];
  for (let position = 0; position + 1 < wayLength; position += 1)
    if (stations.shape.looks[order[position]].point === point) return true;
  return false;
}
