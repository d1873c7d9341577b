// What a journey's row needs to be placed, read once from the window into columns: lanes it spans, translation, fault, retries.

import type { ConnectionSummary } from '../model/connection';
import { JOURNEY_BYTES, JOURNEY_RETRANSMISSION, type JourneyWindow } from '../model/journey-window';
import { PROTOCOL_TCP } from '../model/protocols';
import { findRestorationFaults } from '../model/restoration';
import { TCP_RST, TCP_SYN } from '../model/tcp-flags';
import type { LanePlan } from './lanes';

/** Bits of `RowFacts.bits`. */
export const ROW_TRANSLATED = 1;
/** The translation is worth a badge: the first of its kind, or of a handshake. */
export const ROW_BADGE = 2;
/** The reply came back to its client under other names than it left for. */
export const ROW_FAULT = 4;
/** The first fault of its connection, told in full. */
export const ROW_FAULT_FIRST = 8;
export const ROW_RESET = 16;
export const ROW_RETRANSMISSION = 32;
/** A lane of the journey is in view at all. */
export const ROW_VISIBLE = 64;
/** The first badge of its kind, told in full. */
export const ROW_BADGE_FIRST = 128;
/** The display filter leaves it out. */
export const ROW_DIMMED = 256;

/** One element a journey, by its row in the window. */
export interface RowFacts {
  readonly bits: Uint16Array;
  /** Reference time of the first and last sighting of the way, ns after the base. */
  readonly startNs: Float64Array;
  readonly endNs: Float64Array;
  /** Leftmost and rightmost lane; 255 where no lane is shown. */
  readonly laneMin: Uint8Array;
  readonly laneMax: Uint8Array;
  /** How often the sender had sent these bytes before. */
  readonly retry: Uint16Array;
}

export function readRowFacts(
  window: JourneyWindow,
  plan: LanePlan,
  summaries: readonly (ConnectionSummary | undefined)[],
  pointIndex: ReadonlyMap<string, number>,
  matches: Uint8Array | null,
): RowFacts {
  const { journeys, sightings, journeyCount, protocols } = window;
  const facts = {
    bits: new Uint16Array(journeyCount),
    startNs: new Float64Array(journeyCount),
    endNs: new Float64Array(journeyCount),
    laneMin: new Uint8Array(journeyCount).fill(255),
    laneMax: new Uint8Array(journeyCount),
    retry: new Uint16Array(journeyCount),
  };
  const badges = new BadgeMemory(window);
  const retries = new Map<number, number>();
  const faulty = new Set<number>();
  const clientPoints = summaries.map((summary) =>
    summary?.points.length ? (pointIndex.get(summary.points[0]) ?? -1) : -1,
  );

  for (let journey = 0; journey < journeyCount; journey++) {
    const first = journeys.firstSighting[journey];
    const end = first + journeys.sightingCount[journey];
    const connection = journeys.connection[journey];
    const direction = journeys.direction[journey];
    const tcp = protocols[connection] === PROTOCOL_TCP;
    const flags = sightings.flags[first];
    let bits = matches !== null && matches[journey] === 0 ? ROW_DIMMED : 0;
    let last = first;
    let translatedAt = -1;
    for (let row = first; row < end && sightings.branch[row] === 0; row++) {
      const lane = plan.laneOf(direction, sightings.point[row], sightings.passage[row]);
      if (lane >= 0) {
        bits |= ROW_VISIBLE;
        if (lane < facts.laneMin[journey]) facts.laneMin[journey] = lane;
        if (lane > facts.laneMax[journey]) facts.laneMax[journey] = lane;
      }
      if (
        sightings.source[row] !== sightings.source[last] ||
        sightings.destination[row] !== sightings.destination[last]
      )
        translatedAt = row;
      last = row;
    }
    facts.startNs[journey] = sightings.referenceTime[first];
    facts.endNs[journey] = sightings.referenceTime[last];
    if (translatedAt >= 0) {
      bits |= ROW_TRANSLATED;
      const handshake = tcp && (flags & TCP_SYN) !== 0;
      if (badges.isNew(connection, direction, translatedAt)) bits |= ROW_BADGE | ROW_BADGE_FIRST;
      else if (handshake) bits |= ROW_BADGE;
    }
    const clientPoint = clientPoints[connection];
    if (direction === 1 && clientPoint >= 0 && differsAtClient(journey, clientPoint)) {
      bits |= ROW_FAULT;
      if (!faulty.has(connection)) bits |= ROW_FAULT_FIRST;
      faulty.add(connection);
    }
    if (tcp && flags & TCP_RST) bits |= ROW_RESET;
    if (journeys.flags[journey] & JOURNEY_RETRANSMISSION) {
      bits |= ROW_RETRANSMISSION;
      const start =
        journeys.flags[journey] & JOURNEY_BYTES
          ? journeys.byteStart[journey]
          : sightings.sequence[first];
      const key = (connection * 2 + direction) * 2 ** 32 + start;
      const count = (retries.get(key) ?? 0) + 1;
      retries.set(key, count);
      facts.retry[journey] = count;
    }
    facts.bits[journey] = bits;
  }
  return facts;

  function differsAtClient(journey: number, clientPoint: number): boolean {
    const summary = summaries[journeys.connection[journey]];
    return (
      summary !== undefined &&
      findRestorationFaults(window, journey, summary.client, summary.server, clientPoint).length > 0
    );
  }
}

/** Remembers the last translation of each connection and direction: the same once more needs no badge. */
class BadgeMemory {
  private readonly source: Uint32Array;
  private readonly destination: Uint32Array;

  constructor(private readonly window: JourneyWindow) {
    this.source = new Uint32Array(window.connections.length * 2);
    this.destination = new Uint32Array(window.connections.length * 2);
  }

  isNew(connection: number, direction: number, sighting: number): boolean {
    const slot = connection * 2 + direction;
    const { source, destination } = this.window.sightings;
    const same =
      this.source[slot] === source[sighting] && this.destination[slot] === destination[sighting];
    this.source[slot] = source[sighting];
    this.destination[slot] = destination[sighting];
    return !same;
  }
}
