// What a connection comes to: its legs, translations, handshake, close, counts of fates and losses by hop.
import type {
  Close,
  ConnectionSummary,
  Direction,
  Handshake,
  Leg,
  LossCount,
  Translation,
} from '../../model/connection';
import { FATES, type Fate } from '../../model/fate';
import { formatProtocol, PROTOCOL_TCP } from '../../model/protocols';
import { NO_STOP, stopPoint } from '../../model/stop';
import { TCP_ACK, TCP_FIN, TCP_RST, TCP_SYN } from '../../model/tcp-flags';
import type { Correlation } from '../correlate';
import { captureOfRow } from '../input/input';
import { connectionId, patternStop, stopText } from './names';

/** Retries without an answer that make an open connection one that timed out. */
const RETRIES_OF_TIMEOUT = 3;

/** A SYN without answer for less than its first timer (RFC 6298: 1 s) says nothing yet when the captures end. */
const SYN_TIMEOUT_NS = 1e9;

const DIRECTIONS: readonly Direction[] = ['forward', 'reverse'];

/** Summary of one connection (a row of `correlation.connections`). */
export function summariseConnection(
  correlation: Correlation,
  connection: number,
): ConnectionSummary {
  const { journeys, connections } = correlation;
  const first = journeys.firstJourney[connection];
  const end = journeys.firstJourney[connection + 1];
  const fates: Record<Fate, number> = { unknown: 0, delivered: 0, lost: 0, missed: 0 };
  let retransmissions = 0;
  let firstTime = Number.POSITIVE_INFINITY;
  let lastTime = Number.NEGATIVE_INFINITY;
  const losses = new Map<string, LossCount>();
  const translations = new Map<string, Translation>();
  const noted = new Map<number, TuplePair>();
  for (let journey = first; journey < end; journey += 1) {
    fates[FATES[journeys.fate[journey]]] += 1;
    retransmissions += journeys.retransmission[journey];
    if (journeys.fate[journey] === FATES.indexOf('lost')) countLoss(correlation, journey, losses);
    noteTranslations(correlation, journey, translations, noted);
    for (let s = journeys.firstSighting[journey]; s < journeys.firstSighting[journey + 1]; s += 1) {
      const time = timeOf(correlation, journeys.sightingRow[s]);
      firstTime = Math.min(firstTime, time);
      lastTime = Math.max(lastTime, time);
    }
  }
  const stops = [0, 1].map((direction) => usualStops(correlation, first, end, direction));
  const ends = findEnds(correlation, first, end);
  const isTcp = connections.protocol[connection] === PROTOCOL_TCP;
  const story = isTcp ? tcpStory(correlation, first, end) : { handshake: null, close: null };
  return {
    id: connectionId(correlation, connection),
    protocol: formatProtocol(connections.protocol[connection]),
    client: ends.client,
    server: ends.server,
    points: pointsOf(correlation, connection, stops[0]),
    legs: legsOf(correlation, connection),
    translations: [...translations.values()],
    handshake: story.handshake,
    close: story.close,
    retransmissions,
    journeys: end - first,
    delivered: fates.delivered,
    lost: fates.lost,
    missed: fates.missed,
    unknown: fates.unknown,
    losses: [...losses.values()],
    firstTime,
    lastTime,
    forwardStops: stops[0].map((stop) => stopText(correlation, stop)),
    reverseStops: stops[1].map((stop) => stopText(correlation, stop)),
  };
}

/** Ids of the points that saw the connection: those of the way forward in order, then the others. */
function pointsOf(
  { connections, legs, input }: Correlation,
  connection: number,
  way: readonly number[],
): string[] {
  const seen = new Set(way.map(stopPoint));
  const others: number[] = [];
  for (let l = connections.firstLeg[connection]; l < connections.firstLeg[connection + 1]; l += 1)
    others.push(legs.point[connections.legs[l]]);
  for (const point of others.sort((a, b) => a - b)) seen.add(point);
  return [...seen].map((point) => input.points[point].id);
}

const timeOf = ({ input, clocks }: Correlation, globalRow: number): number => {
  const capture = captureOfRow(input, globalRow);
  return clocks.referenceTime(
    capture,
    input.captures[capture].table.get('time', globalRow - input.rowBase[capture]),
  );
};

const columnOf = ({ input }: Correlation, column: 'tuple' | 'flags', globalRow: number): number => {
  const capture = captureOfRow(input, globalRow);
  return input.captures[capture].table.get(column, globalRow - input.rowBase[capture]);
};

function countLoss(
  correlation: Correlation,
  journey: number,
  losses: Map<string, LossCount>,
): void {
  const { journeys } = correlation;
  if (journeys.lostFrom[journey] === NO_STOP) return;
  const direction = DIRECTIONS[journeys.direction[journey]];
  const from = stopText(correlation, journeys.lostFrom[journey]);
  const to = stopText(correlation, journeys.lostTo[journey]);
  const key = `${from} ${to} ${direction}`;
  losses.set(key, { from, to, direction, count: (losses.get(key)?.count ?? 0) + 1 });
}

/** Tuples of the two sightings of a translation. */
interface TuplePair {
  readonly before: number;
  readonly after: number;
}

/** More sightings than any way has. */
const MOST_POSITIONS = 65_536;

/** Rewrites of address or port between successive sightings on the way, each kind once. */
function noteTranslations(
  correlation: Correlation,
  journey: number,
  translations: Map<string, Translation>,
  noted: Map<number, TuplePair>,
): void {
  const { journeys, input } = correlation;
  const pattern = journeys.patterns[journeys.pattern[journey]];
  const first = journeys.firstSighting[journey];
  for (let position = 0; position + 1 < pattern.wayLength; position += 1) {
    const before = columnOf(correlation, 'tuple', journeys.sightingRow[first + position]);
    const after = columnOf(correlation, 'tuple', journeys.sightingRow[first + position + 1]);
    if (before === after) continue;
    // Most packets of a pattern are translated as the one before: only what is new is written.
    const place = journeys.pattern[journey] * MOST_POSITIONS + position;
    const last = noted.get(place);
    if (last?.before === before && last.after === after) continue;
    noted.set(place, { before, after });
    const [from, to] = [position, position + 1].map((at) =>
      stopText(correlation, patternStop(pattern.stations, pattern.order[at], pattern.passage[at])),
    );
    const direction = DIRECTIONS[journeys.direction[journey]];
    const note = (kind: Translation['kind'], old: string, changed: string): void => {
      if (old === changed) return;
      const key = `${direction} ${from} ${to} ${kind} ${old} ${changed}`;
      if (!translations.has(key))
        translations.set(key, { from, to, direction, kind, before: old, after: changed });
    };
    const forward = direction === 'forward';
    const { tuples } = input;
    note(forward ? 'snat' : 'un-dnat', tuples.source(before), tuples.source(after));
    note(forward ? 'dnat' : 'un-snat', tuples.destination(before), tuples.destination(after));
  }
}

/** Stops of the longest way that packets of this direction took; of ways as long, the more used one. */
function usualStops(
  { journeys }: Correlation,
  first: number,
  end: number,
  direction: number,
): readonly number[] {
  const uses = new Map<number, number>();
  for (let journey = first; journey < end; journey += 1)
    if (journeys.direction[journey] === direction)
      uses.set(journeys.pattern[journey], (uses.get(journeys.pattern[journey]) ?? 0) + 1);
  let best = -1;
  for (const [pattern, count] of uses) {
    const length = journeys.patterns[pattern].wayLength;
    const bestLength = best === -1 ? -1 : journeys.patterns[best].wayLength;
    if (length > bestLength || (length === bestLength && count > (uses.get(best) ?? 0)))
      best = pattern;
  }
  if (best === -1) return [];
  const pattern = journeys.patterns[best];
  return pattern.order
    .slice(0, pattern.wayLength)
    .map((station, position) => patternStop(pattern.stations, station, pattern.passage[position]));
}

/** Endpoints as seen nearest to the client: where its packets begin, or where the server's end. */
function findEnds(
  correlation: Correlation,
  first: number,
  end: number,
): { client: string; server: string } {
  const { journeys, input } = correlation;
  for (let journey = first; journey < end; journey += 1)
    if (journeys.direction[journey] === 0) {
      const tuple = columnOf(
        correlation,
        'tuple',
        journeys.sightingRow[journeys.firstSighting[journey]],
      );
      return { client: input.tuples.source(tuple), server: input.tuples.destination(tuple) };
    }
  const pattern = journeys.patterns[journeys.pattern[first]];
  const last = journeys.firstSighting[first] + pattern.wayLength - 1;
  const tuple = columnOf(correlation, 'tuple', journeys.sightingRow[last]);
  return { client: input.tuples.destination(tuple), server: input.tuples.source(tuple) };
}

function legsOf({ connections, legs, input }: Correlation, connection: number): Leg[] {
  const found = new Map<string, { point: number; leg: Leg }>();
  for (let l = connections.firstLeg[connection]; l < connections.firstLeg[connection + 1]; l += 1) {
    const leg = connections.legs[l];
    const forward = legs.tuple[leg] * 2 + connections.forwardOfLeg[leg];
    const entry = {
      point: input.points[legs.point[leg]].id,
      client: input.tuples.source(forward),
      server: input.tuples.destination(forward),
    };
    found.set(`${entry.point} ${entry.client} ${entry.server}`, {
      point: legs.point[leg],
      leg: entry,
    });
  }
  return [...found]
    .sort((a, b) => a[1].point - b[1].point || (a[0] < b[0] ? -1 : 1))
    .map(([, entry]) => entry.leg);
}

/** Handshake and close from the journeys in order of time. */
function tcpStory(
  correlation: Correlation,
  first: number,
  end: number,
): { handshake: Handshake; close: Close } {
  const { journeys } = correlation;
  let opened = false;
  let answered = false;
  let established = false;
  let repeatedSyn = false;
  let reset: number | undefined;
  let trailingRetries = 0;
  const finished = [false, false];
  for (let journey = first; journey < end; journey += 1) {
    const row = journeys.sightingRow[journeys.firstSighting[journey]];
    const flags = columnOf(correlation, 'flags', row);
    const direction = journeys.direction[journey];
    const isRetry = journeys.retransmission[journey] === 1;
    if (flags & TCP_SYN) {
      repeatedSyn ||= isRetry;
      if (direction === 0) opened = true;
      else answered = true;
    } else if (flags & TCP_RST) {
      if (!(finished[0] && finished[1])) reset ??= direction;
    } else {
      // The client acknowledges only what it got; the server sends data only to who acknowledged.
      const carries = journeys.start[journey] !== journeys.end[journey] || (flags & TCP_FIN) !== 0;
      if ((direction === 0 && flags & TCP_ACK) || carries) established = true;
    }
    if (flags & TCP_FIN) finished[direction] = true;
    if (isRetry) trailingRetries += 1;
    else if (!(flags & TCP_RST)) trailingRetries = 0;
  }
  if ((opened || answered) && !established) {
    const waited = captureEnd(correlation) - journeys.time[first];
    const undecided = reset === undefined && !repeatedSyn && waited < SYN_TIMEOUT_NS;
    return undecided
      ? { handshake: 'unseen', close: 'open' }
      : { handshake: 'failed', close: reset === 1 ? 'reset' : 'timeout' };
  }
  const handshake: Handshake = opened || answered ? 'complete' : 'unseen';
  if (reset !== undefined) return { handshake, close: 'reset' };
  if (finished[0] && finished[1]) return { handshake, close: 'fin' };
  return { handshake, close: trailingRetries >= RETRIES_OF_TIMEOUT ? 'timeout' : 'open' };
}

/** Reference time at which the last capture ends. */
function captureEnd({ input, clocks }: Correlation): number {
  return input.captures.reduce(
    (last, { summary }, capture) =>
      Math.max(last, clocks.referenceTime(capture, summary.lastTime ?? 0)),
    Number.NEGATIVE_INFINITY,
  );
}
