// What a connection comes to: its legs, translations, handshake, close, counts of fates and losses by hop.
import type {
  Closing,
  ConnectionSummary,
  Direction,
  Leg,
  LossCount,
  Side,
  Translation,
} from '../../model/connection';
import { FATE_LOST, FATES, type Fate } from '../../model/fate';
import { formatProtocol, PROTOCOL_TCP } from '../../model/protocols';
import { NO_STOP } from '../../model/stop';
import type { Correlation } from '../correlate';
import { CaptureWindows } from '../fates/capture-windows';
import { FrameCursor } from '../journeys/frame-cursor';
import { JOURNEY_YIELD_ROWS } from '../limits';
import type { Pattern, PlacedPattern } from '../stations/pattern';
import { connectionId, patternStop, stopText } from './names';
import { type Ending, TcpStoryReader } from './tcp-story';

const DIRECTIONS: readonly Direction[] = ['forward', 'reverse'];
const SIDES: readonly Side[] = ['client', 'server'];
const OPEN: Closing = { by: null, at: null, finBefore: null, fromSender: true };

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
  private readonly closings = new Map<string, Closing>();
  /** Tuples that each position of a pattern was last translated to and from, of the connection at hand. */
  private readonly noted = new Map<number, TuplePair>();
  /** By sighting of the journey at hand. */
  private readonly tuples: number[] = [];

  private readonly windows: CaptureWindows;

  constructor(private readonly correlation: Correlation) {
    this.cursor = new FrameCursor(correlation.input, correlation.clocks);
    this.windows = new CaptureWindows(correlation.input, correlation.clocks);
  }

  /** Summary of one connection (a row of `correlation.connections`). Yields within a long one. */
  *of(connection: number): Generator<void, ConnectionSummary> {
    const { correlation } = this;
    const { journeys, connections } = correlation;
    const first = journeys.firstJourney[connection];
    const end = journeys.firstJourney[connection + 1];
    const isTcp = connections.protocol[connection] === PROTOCOL_TCP;
    const counts = beginCounts(isTcp ? new TcpStoryReader(correlation, first) : undefined);
    this.noted.clear();
    this.sources.clear();
    for (let from = first; from < end; from += JOURNEY_YIELD_ROWS) {
      if (from > first) yield;
      this.countSome(counts, from, Math.min(end, from + JOURNEY_YIELD_ROWS));
    }
    const { fates, losses, translations, firstTime, lastTime, retransmissions } = counts;
    const [forward, reverse] = counts.uses.map((uses) => this.usualWay(uses));
    const ends = this.findEnds(first, end);
    const story = counts.story?.story();
    return {
      id: connectionId(correlation, connection),
      protocol: formatProtocol(connections.protocol[connection]),
      client: ends.client,
      server: ends.server,
      points: this.pointsOf(connection, forward),
      legs: this.legsOf(connection),
      translations: [...translations.values()],
      handshake: story?.handshake ?? null,
      close: story?.close ?? null,
      ...(story === undefined ? {} : { closing: this.closingOf(story.ending, forward, reverse) }),
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

  private countSome(counts: Counts, first: number, end: number): void {
    const { cursor, tuples } = this;
    const { journeys } = this.correlation;
    const { fates, losses, translations, story, uses } = counts;
    let { firstTime, lastTime } = counts;
    for (let journey = first; journey < end; journey += 1) {
      fates[FATES[journeys.fate[journey]]] += 1;
      counts.retransmissions += journeys.retransmission[journey];
      if (journeys.fate[journey] === FATE_LOST) this.countLoss(journey, losses);
      const from = journeys.firstSighting[journey];
      const count = journeys.firstSighting[journey + 1] - from;
      for (let position = 0; position < count; position += 1) {
        cursor.place(journeys.sightingRow[from + position]);
        const { time } = cursor;
        if (time < firstTime) firstTime = time;
        if (time > lastTime) lastTime = time;
        tuples[position] = cursor.columns.tuple[cursor.i];
        if (position === 0) story?.take(journey, cursor.columns.flags[cursor.i]);
      }
      const used = uses[journeys.direction[journey]];
      const pattern = journeys.pattern[journey];
      used.set(pattern, (used.get(pattern) ?? 0) + 1);
      this.noteTranslations(journey, translations);
    }
    counts.firstTime = firstTime;
    counts.lastTime = lastTime;
  }

  /** Few differ: one object for each. */
  private closingOf(
    { direction, journey, finBefore }: Ending,
    ...ways: readonly (PlacedPattern | undefined)[]
  ): Closing {
    if (direction === null) return OPEN;
    const { input, journeys } = this.correlation;
    const { patterns, pattern, sightingRow, firstSighting } = journeys;
    const { stations, order, passage } = patterns[pattern[journey]];
    const at = this.stopText(patternStop(stations, order[0], passage[0]));
    const outermost = ways[direction]?.stations.shape.looks[ways[direction].order[0]].point;
    const fromSender =
      outermost === undefined ||
      order.some((station) => stations.shape.looks[station].point === outermost) ||
      // A capture that had ended by then does not tell.
      !this.windows.covers(input.points[outermost].capture, sightingRow[firstSighting[journey]], 0);
    const key = `${direction} ${finBefore} ${fromSender} ${at}`;
    let closing = this.closings.get(key);
    if (closing === undefined) {
      closing = {
        by: SIDES[direction],
        at,
        finBefore: finBefore === null ? null : SIDES[finBefore],
        fromSender,
      };
      this.closings.set(key, closing);
    }
    return closing;
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

  /** The longest way that packets of a direction took; of ways as long, the more used one. `uses`: by pattern. */
  private usualWay(uses: ReadonlyMap<number, number>): PlacedPattern | undefined {
    const { journeys } = this.correlation;
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

/** What is counted of a connection. */
interface Counts {
  readonly fates: Record<Fate, number>;
  retransmissions: number;
  firstTime: number;
  lastTime: number;
  readonly losses: Map<string, LossCount>;
  readonly translations: Map<string, Translation>;
  /** By direction: packets by pattern. */
  readonly uses: readonly [Map<number, number>, Map<number, number>];
  readonly story: TcpStoryReader | undefined;
}

const beginCounts = (story: TcpStoryReader | undefined): Counts => ({
  fates: { unknown: 0, delivered: 0, lost: 0, missed: 0 },
  retransmissions: 0,
  firstTime: Number.POSITIVE_INFINITY,
  lastTime: Number.NEGATIVE_INFINITY,
  losses: new Map(),
  translations: new Map(),
  uses: [new Map(), new Map()],
  story,
});

/** Tuples of the two sightings of a translation. */
interface TuplePair {
  readonly before: number;
  readonly after: number;
}

/** More sightings than any way has. */
const MOST_POSITIONS = 65_536;
