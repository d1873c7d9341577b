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
import { FATE_LOST, FATES, type Fate } from '../../model/fate';
import { formatProtocol, PROTOCOL_TCP } from '../../model/protocols';
import { NO_STOP } from '../../model/stop';
import { TCP_ACK, TCP_FIN, TCP_RST, TCP_SYN } from '../../model/tcp-flags';
import type { Correlation } from '../correlate';
import { FrameCursor } from '../journeys/frame-cursor';
import type { Pattern, PlacedPattern } from '../stations/pattern';
import { connectionId, patternStop, stopText } from './names';

/** Retries without an answer that make an open connection one that timed out. */
const RETRIES_OF_TIMEOUT = 3;

/** A SYN without answer for less than its first timer (RFC 6298: 1 s) says nothing yet when the captures end. */
const SYN_TIMEOUT_NS = 1e9;

const DIRECTIONS: readonly Direction[] = ['forward', 'reverse'];

/** Summaries of connections, one after the other. What many of them have in common is made once: texts of endpoints, ways, lists of points. */
export class ConnectionSummaries {
  private readonly cursor: FrameCursor;
  /** One string for each text. */
  private readonly endpoints = new Map<string, string>();
  /** By directed tuple, of the connection at hand. */
  private readonly sources = new Map<number, string>();
  private readonly stops = new Map<number, string>();
  private readonly ways = new Map<Pattern, readonly string[]>();
  private readonly points = new Map<string, readonly string[]>();
  /** Tuples that each position of a pattern was last translated to and from, of the connection at hand. */
  private readonly noted = new Map<number, TuplePair>();
  /** By sighting of the journey at hand. */
  private readonly tuples: number[] = [];

  constructor(private readonly correlation: Correlation) {
    this.cursor = new FrameCursor(correlation.input, correlation.clocks);
  }

  /** Summary of one connection (a row of `correlation.connections`). */
  of(connection: number): ConnectionSummary {
    const { correlation, cursor, tuples } = this;
    const { journeys, connections } = correlation;
    const first = journeys.firstJourney[connection];
    const end = journeys.firstJourney[connection + 1];
    const fates: Record<Fate, number> = { unknown: 0, delivered: 0, lost: 0, missed: 0 };
    let retransmissions = 0;
    let firstTime = Number.POSITIVE_INFINITY;
    let lastTime = Number.NEGATIVE_INFINITY;
    const losses = new Map<string, LossCount>();
    const translations = new Map<string, Translation>();
    this.noted.clear();
    this.sources.clear();
    for (let journey = first; journey < end; journey += 1) {
      fates[FATES[journeys.fate[journey]]] += 1;
      retransmissions += journeys.retransmission[journey];
      if (journeys.fate[journey] === FATE_LOST) this.countLoss(journey, losses);
      const from = journeys.firstSighting[journey];
      const count = journeys.firstSighting[journey + 1] - from;
      tuples.length = 0;
      for (let position = 0; position < count; position += 1) {
        cursor.place(journeys.sightingRow[from + position]);
        const { time } = cursor;
        if (time < firstTime) firstTime = time;
        if (time > lastTime) lastTime = time;
        tuples.push(cursor.columns.tuple[cursor.i]);
      }
      this.noteTranslations(journey, translations);
    }
    const [forward, reverse] = [0, 1].map((direction) => this.usualWay(first, end, direction));
    const ends = this.findEnds(first, end);
    const isTcp = connections.protocol[connection] === PROTOCOL_TCP;
    const story = isTcp
      ? tcpStory(correlation, cursor, first, end)
      : { handshake: null, close: null };
    return {
      id: connectionId(correlation, connection),
      protocol: formatProtocol(connections.protocol[connection]),
      client: ends.client,
      server: ends.server,
      points: this.pointsOf(connection, forward),
      legs: this.legsOf(connection),
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
      forwardStops: this.stopsOf(forward),
      reverseStops: this.stopsOf(reverse),
    };
  }

  /** Ids of the points that saw the connection: those of the way forward in order, then the others. */
  private pointsOf(connection: number, way: PlacedPattern | undefined): readonly string[] {
    const { connections, legs, input } = this.correlation;
    const seen = new Set<number>();
    if (way !== undefined)
      for (let position = 0; position < way.wayLength; position += 1)
        seen.add(way.stations.shape.looks[way.order[position]].point);
    const others: number[] = [];
    for (let l = connections.firstLeg[connection]; l < connections.firstLeg[connection + 1]; l += 1)
      others.push(legs.point[connections.legs[l]]);
    for (const point of others.sort((a, b) => a - b)) seen.add(point);
    const key = [...seen].join();
    let points = this.points.get(key);
    if (points === undefined) {
      points = [...seen].map((point) => input.points[point].id);
      this.points.set(key, points);
    }
    return points;
  }

  private countLoss(journey: number, losses: Map<string, LossCount>): void {
    const { journeys } = this.correlation;
    if (journeys.stops.fromOf(journey) === NO_STOP) return;
    const direction = DIRECTIONS[journeys.direction[journey]];
    const from = this.stopText(journeys.stops.fromOf(journey));
    const to = this.stopText(journeys.stops.toOf(journey));
    const key = `${from} ${to} ${direction}`;
    losses.set(key, { from, to, direction, count: (losses.get(key)?.count ?? 0) + 1 });
  }

  /** Rewrites of address or port between successive sightings on the way of the journey at hand, each kind once. */
  private noteTranslations(journey: number, translations: Map<string, Translation>): void {
    const { tuples } = this;
    const { journeys } = this.correlation;
    const index = journeys.pattern[journey];
    const pattern = journeys.patterns[index];
    for (let position = 0; position + 1 < pattern.wayLength; position += 1) {
      const before = tuples[position];
      const after = tuples[position + 1];
      if (before === after) continue;
      // Most packets of a pattern are translated as the one before: only what is new is written.
      const place = index * MOST_POSITIONS + position;
      const last = this.noted.get(place);
      if (last?.before === before && last.after === after) continue;
      this.noted.set(place, { before, after });
      const [from, to] = [position, position + 1].map((at) =>
        this.stopText(patternStop(pattern.stations, pattern.order[at], pattern.passage[at])),
      );
      const direction = DIRECTIONS[journeys.direction[journey]];
      const note = (kind: Translation['kind'], old: string, changed: string): void => {
        if (old === changed) return;
        const key = `${direction} ${from} ${to} ${kind} ${old} ${changed}`;
        if (!translations.has(key))
          translations.set(key, { from, to, direction, kind, before: old, after: changed });
      };
      const forward = direction === 'forward';
      note(forward ? 'snat' : 'un-dnat', this.source(before), this.source(after));
      note(forward ? 'dnat' : 'un-snat', this.source(before ^ 1), this.source(after ^ 1));
    }
  }

  /** The longest way that packets of this direction took; of ways as long, the more used one. */
  private usualWay(first: number, end: number, direction: number): PlacedPattern | undefined {
    const { journeys } = this.correlation;
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
    return best === -1 ? undefined : journeys.patterns[best];
  }

  private stopsOf(way: PlacedPattern | undefined): readonly string[] {
    if (way === undefined) return [];
    let stops = this.ways.get(way.form);
    if (stops === undefined) {
      stops = way.order
        .slice(0, way.wayLength)
        .map((station, position) =>
          this.stopText(patternStop(way.stations, station, way.passage[position])),
        );
      this.ways.set(way.form, stops);
    }
    return stops;
  }

  /** Endpoints as seen nearest to the client: where its packets begin, or where the server's end. */
  private findEnds(first: number, end: number): { client: string; server: string } {
    const { journeys } = this.correlation;
    for (let journey = first; journey < end; journey += 1)
      if (journeys.direction[journey] === 0) {
        const tuple = this.tupleOf(journeys.sightingRow[journeys.firstSighting[journey]]);
        return { client: this.source(tuple), server: this.source(tuple ^ 1) };
      }
    const pattern = journeys.patterns[journeys.pattern[first]];
    const last = journeys.firstSighting[first] + pattern.wayLength - 1;
    const tuple = this.tupleOf(journeys.sightingRow[last]);
    return { client: this.source(tuple ^ 1), server: this.source(tuple) };
  }

  private legsOf(connection: number): Leg[] {
    const { connections, legs, input } = this.correlation;
    const found = new Map<string, { point: number; leg: Leg }>();
    for (
      let l = connections.firstLeg[connection];
      l < connections.firstLeg[connection + 1];
      l += 1
    ) {
      const leg = connections.legs[l];
      const forward = legs.tuple[leg] * 2 + connections.forwardOfLeg[leg];
      const entry = {
        point: input.points[legs.point[leg]].id,
        client: this.source(forward),
        server: this.source(forward ^ 1),
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

  private tupleOf(globalRow: number): number {
    this.cursor.place(globalRow);
    return this.cursor.columns.tuple[this.cursor.i];
  }

  /** The end that a directed tuple comes from. */
  private source(tuple: number): string {
    let text = this.sources.get(tuple);
    if (text === undefined) {
      const made = this.correlation.input.tuples.source(tuple);
      text = this.endpoints.get(made) ?? made;
      this.endpoints.set(text, text);
      this.sources.set(tuple, text);
    }
    return text;
  }

  private stopText(stop: number): string {
    let text = this.stops.get(stop);
    if (text === undefined) {
      text = stopText(this.correlation, stop);
      this.stops.set(stop, text);
    }
    return text;
  }
}

/** Tuples of the two sightings of a translation. */
interface TuplePair {
  readonly before: number;
  readonly after: number;
}

/** More sightings than any way has. */
const MOST_POSITIONS = 65_536;

/** Handshake and close from the journeys in order of time. */
function tcpStory(
  correlation: Correlation,
  cursor: FrameCursor,
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
    cursor.place(journeys.sightingRow[journeys.firstSighting[journey]]);
    const flags = cursor.columns.flags[cursor.i];
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
      const carries = journeys.bytes.has(journey) || (flags & TCP_FIN) !== 0;
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
