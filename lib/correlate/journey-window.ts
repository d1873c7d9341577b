// Journeys of chosen connections as a JourneyWindow: the columns that leave the engine.
import { allocateColumns } from '../base/columns';
import type { LinkContext } from '../model/capture';
import {
  JOURNEY_AMBIGUOUS,
  JOURNEY_BYTES,
  JOURNEY_COLUMNS,
  JOURNEY_RETRANSMISSION,
  type JourneyWindow,
  SIGHTING_COLUMNS,
} from '../model/journey-window';
import { TCP_SYN } from '../model/tcp-flags';
import type { Correlation } from './correlate';
import { captureOfRow } from './input';
import { connectionId } from './names';

/** Journeys of some connections, merged by time: rows of the journey table, and how many there are without the limit. */
export interface ChosenJourneys {
  readonly journeys: Uint32Array;
  readonly total: number;
}

/** Journeys of `connections` (rows of the connection table) by time, at most `limit` of them. A window built of the same has them in this order. */
export function chooseJourneys(
  { journeys }: Correlation,
  connections: readonly number[],
  limit = Number.POSITIVE_INFINITY,
): ChosenJourneys {
  const ranges = connections.map((connection) => {
    const first = journeys.firstJourney[connection];
    const count = journeys.firstJourney[connection + 1] - first;
    // Journeys of a connection are in order of time: no more than the first `limit` of each can be among the first of all.
    return { first, count, kept: Math.min(count, limit) };
  });
  const chosen = new Uint32Array(ranges.reduce((sum, { kept }) => sum + kept, 0));
  let next = 0;
  for (const { first, kept } of ranges)
    for (let i = 0; i < kept; i += 1) chosen[next++] = first + i;
  if (connections.length > 1) chosen.sort((a, b) => journeys.time[a] - journeys.time[b] || a - b);
  return {
    journeys: chosen.length > limit ? chosen.subarray(0, limit) : chosen,
    total: ranges.reduce((sum, { count }) => sum + count, 0),
  };
}

/** The window of `chooseJourneys`. */
export function buildJourneyWindow(
  correlation: Correlation,
  connections: readonly number[],
  limit = Number.POSITIVE_INFINITY,
): JourneyWindow {
  const { journeys, input, clocks } = correlation;
  const { journeys: kept, total } = chooseJourneys(correlation, connections, limit);
  const place = new Map(connections.map((connection, index) => [connection, index]));
  let sightingCount = 0;
  for (const journey of kept)
    sightingCount += journeys.firstSighting[journey + 1] - journeys.firstSighting[journey];
  const strings = new StringTable();
  const columns = allocateColumns(JOURNEY_COLUMNS, kept.length);
  const sightings = allocateColumns(SIGHTING_COLUMNS, sightingCount);
  let next = 0;
  kept.forEach((journey, j) => {
    const hasBytes = journeys.start[journey] !== journeys.end[journey];
    columns.connection[j] = place.get(journeys.connection[journey]) ?? 0;
    columns.firstSighting[j] = next;
    columns.lostFrom[j] = journeys.lostFrom[journey];
    columns.lostTo[j] = journeys.lostTo[journey];
    columns.byteStart[j] = hasBytes ? journeys.start[journey] : 0;
    columns.byteEnd[j] = hasBytes ? journeys.end[journey] : 0;
    columns.direction[j] = journeys.direction[journey];
    columns.fate[j] = journeys.fate[journey];
    columns.reason[j] = journeys.reason[journey];
    columns.flags[j] =
      (journeys.ambiguous[journey] ? JOURNEY_AMBIGUOUS : 0) |
      (hasBytes ? JOURNEY_BYTES : 0) |
      (journeys.retransmission[journey] ? JOURNEY_RETRANSMISSION : 0);
    const pattern = journeys.patterns[journeys.pattern[journey]];
    const first = journeys.firstSighting[journey];
    columns.sightingCount[j] = journeys.firstSighting[journey + 1] - first;
    for (let position = 0; position < columns.sightingCount[j]; position += 1) {
      const s = next++;
      sightings.passage[s] = pattern.passage[position];
      sightings.branch[s] = pattern.branch[position];
      if (journeys.sightingPartial[first + position]) {
        sightings.byteStart[s] = journeys.start[journey];
        sightings.byteEnd[s] = journeys.end[journey];
      }
      writeFrame(journeys.sightingRow[first + position], s);
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
  };

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
    sightings.source[s] = strings.intern(input.tuples.source(packet.tuple[i]));
    sightings.destination[s] = strings.intern(input.tuples.destination(packet.tuple[i]));
    sightings.sourceMac[s] = strings.intern(link.sourceMac ?? '');
    sightings.destinationMac[s] = strings.intern(link.destinationMac ?? '');
    sightings.encapsulation[s] = strings.intern(encapsulationText(link));
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
    sightings.mss[s] = options?.mss ?? 0;
    sightings.windowScale[s] = options?.windowScale ?? 0xffff;
  }
}

/** `vlan 7`, `vxlan 42 10.0.0.1 > 10.0.0.2`, outermost first; empty: none. */
const encapsulationText = (link: LinkContext): string =>
  [
    ...link.vlans.map((vlan) => `vlan ${vlan}`),
    ...link.tunnels.map((tunnel) =>
      [tunnel.kind, tunnel.identifier, tunnel.source, '>', tunnel.destination]
        .filter((part) => part !== null)
        .join(' '),
    ),
  ].join(', ');

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
