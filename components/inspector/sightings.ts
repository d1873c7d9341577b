// From a frame to its sightings in the window that is drawn, and what a reader wants to know of them.
import { formatUtc } from '@/lib/base/time';
import type { Point } from '@/lib/model/capture';
import type { ConnectionSummary } from '@/lib/model/connection';
import { FATE_REASONS, FATES, fateReasonText } from '@/lib/model/fate';
import {
  JOURNEY_AMBIGUOUS,
  JOURNEY_RETRANSMISSION,
  type JourneyWindow,
} from '@/lib/model/journey-window';
import { packetLabels, partOf } from '@/lib/model/packet-label';
import { STATUS_TIMESTAMPS } from '@/lib/model/packet-status';
import { journeyOfSighting } from '@/lib/model/rewrites';
import type { LaneSettings } from '@/lib/model/snapshot';
import { NO_STOP, stopPassage, stopPoint } from '@/lib/model/stop';
import { listedName } from '@/lib/scene/point-name';
import type { FrameTarget } from '@/lib/store/workspace-state';

/** Rows of `window.sightings` that are this frame: several where it carries several packets or passes a point in copies. */
export function findSightings(window: JourneyWindow, { file, frame }: FrameTarget): number[] {
  const { sightings, sightingCount, files } = window;
  const capture = files.indexOf(file);
  const rows: number[] = [];
  for (let row = 0; row < sightingCount; row++)
    if (sightings.frame[row] === frame && sightings.capture[row] === capture) rows.push(row);
  return rows;
}

/** A window and the summaries of its connections. */
export interface SightingSource {
  readonly window: JourneyWindow;
  readonly connections: readonly ConnectionSummary[];
}

export interface SightingContext {
  readonly window: JourneyWindow;
  /** Of the journey; undefined where its summary is not at hand. */
  readonly connection: ConnectionSummary | undefined;
  readonly sighting: number;
  readonly journey: number;
  readonly points: readonly Point[];
  readonly lanes: LaneSettings;
}

export function contextOf(
  { window, connections }: SightingSource,
  sighting: number,
  points: readonly Point[],
  lanes: LaneSettings,
): SightingContext {
  const journey = journeyOfSighting(window, sighting);
  const id = window.connections[window.journeys.connection[journey]];
  const connection = connections.find((one) => one.id === id);
  return { window, connection, sighting, journey, points, lanes };
}

/** The lane's name; `tun0′` for the second passage. */
export function laneName(
  { points, lanes }: Pick<SightingContext, 'points' | 'lanes'>,
  point: number,
  passage: number,
): string {
  const seen = points[point];
  if (seen === undefined) return `point ${point + 1}`;
  const name = lanes.names[seen.id] ?? listedName(seen, points);
  return name + '′'.repeat(Math.max(0, passage - 1));
}

/** Rows of the journey's way in path order, without the copies off it. */
export function wayOf({ window, journey }: Pick<SightingContext, 'window' | 'journey'>): number[] {
  const first = window.journeys.firstSighting[journey];
  const rows: number[] = [];
  for (let i = 0; i < window.journeys.sightingCount[journey]; i++)
    if (window.sightings.branch[first + i] === 0) rows.push(first + i);
  return rows;
}

/** The sighting before this one on the way; undefined for the first and for copies off the way. */
export function sightingBefore(context: SightingContext): number | undefined {
  const way = wayOf(context);
  const at = way.indexOf(context.sighting);
  return at > 0 ? way[at - 1] : undefined;
}

/** What the client sent before this reply, as its own point saw it: what the reply's tuple is held against. undefined: nothing of it was seen there. */
export function requestBefore(
  { window, journey }: Pick<SightingContext, 'window' | 'journey'>,
  clientPoint: number,
): number | undefined {
  const { journeys, sightings } = window;
  for (let other = journey - 1; other >= 0; other--) {
    if (journeys.connection[other] !== journeys.connection[journey]) continue;
    if (journeys.direction[other] !== 0) continue;
    const seen = wayOf({ window, journey: other }).find(
      (row) => sightings.point[row] === clientPoint,
    );
    if (seen !== undefined) return seen;
  }
  return undefined;
}

/** `reverse, 2 of 19`: the journey's place among those of its connection in the window. */
export function describeJourney({ window, journey }: SightingContext): string {
  const { connection, direction, flags } = window.journeys;
  let place = 0;
  let count = 0;
  for (let other = 0; other < window.journeyCount; other++) {
    if (connection[other] !== connection[journey]) continue;
    count++;
    if (other === journey) place = count;
  }
  const notes = [
    flags[journey] & JOURNEY_RETRANSMISSION ? 'sent again' : '',
    flags[journey] & JOURNEY_AMBIGUOUS ? 'ambiguous: packets alike in everything' : '',
  ].filter(Boolean);
  return [
    `${direction[journey] === 1 ? 'reverse' : 'forward'}, ${place} of ${count}`,
    ...notes,
  ].join(' · ');
}

export interface FateWords {
  readonly fate: (typeof FATES)[number];
  readonly text: string;
  /** Delivered, and answered with a reset. */
  readonly isRefused: boolean;
}

/** `lost between tun0 and veth91c7e3aa: never seen further on, and sent again` */
export function describeFate(context: SightingContext): FateWords {
  const { journeys } = context.window;
  const { journey } = context;
  const fate = FATES[journeys.fate[journey]];
  const from = journeys.lostFrom[journey];
  const to = journeys.lostTo[journey];
  const stop = (code: number) => laneName(context, stopPoint(code), stopPassage(code));
  const where =
    (fate === 'lost' || fate === 'missed') && from !== NO_STOP && to !== NO_STOP
      ? fate === 'lost'
        ? ` between ${stop(from)} and ${stop(to)}`
        : ` by the capture at ${stop(to)}`
      : '';
  return {
    fate,
    text: `${fate}${where}: ${fateReasonText(journeys.reason[journey])}`,
    isRefused: FATE_REASONS[journeys.reason[journey]] === 'refused',
  };
}

/** tcpdump's line for the sighting, the longest form. */
export function describePacket({ window, sighting, journey }: SightingContext): string {
  const { sightings, protocols, journeys } = window;
  return packetLabels({
    protocol: protocols[journeys.connection[journey]],
    flags: sightings.flags[sighting],
    sequence: sightings.sequence[sighting],
    acknowledgement: sightings.acknowledgement[sighting],
    window: sightings.window[sighting],
    payloadLength: sightings.payloadLength[sighting],
    timestampValue: sightings.timestampValue[sighting],
    timestampEcho: sightings.timestampEcho[sighting],
    hasTimestamps: (sightings.status[sighting] & STATUS_TIMESTAMPS) !== 0,
    part: partOf(window, journey),
  })[0];
}

/** Where the swimlane's times begin, ns after the base: the first packet drawn. */
export const pictureStart = ({ journeys, sightings }: JourneyWindow): number =>
  sightings.referenceTime[journeys.firstSighting[0]];

/** UTC by the capture's own clock. */
export const sightingTime = ({ window, sighting }: SightingContext): string =>
  formatUtc(BigInt(window.baseTime) + BigInt(Math.round(window.sightings.time[sighting])));
