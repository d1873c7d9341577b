// What NAT did to a connection, hop by hop: each translation of its requests beside what undid it in the replies, and whether that is its inverse.
import type { ConnectionSummary, Translation, TranslationKind } from './connection';
import type { JourneyWindow } from './journey-window';
import { findRestorationFaults } from './restoration';
import { formatStop, pointOfStop } from './stop';

/**
 * `inverse`: the replies show the translation the other way round. `restored`: they come to the client as it expects, the hop that does it was not seen.
 * `broken`: replies come to the client under another name than it called. `unknown`: no reply was seen at the client's point. `reply-only`: undone, never seen done.
 */
export type PairVerdict = 'inverse' | 'restored' | 'broken' | 'unknown' | 'reply-only';

export interface TranslationPair {
  readonly forward: Translation | null;
  readonly reverse: Translation | null;
  readonly verdict: PairVerdict;
  /** Of `broken`: what the client's socket waits for, and what the replies carry instead. */
  readonly fault: BrokenEnd | null;
}

export interface BrokenEnd {
  readonly end: 'src' | 'dst';
  readonly expected: string;
  readonly got: string;
  /** Replies with this fault, of all that were seen at the client's point. */
  readonly count: number;
  readonly of: number;
}

export interface TranslationTable {
  readonly connection: ConnectionSummary;
  readonly pairs: readonly TranslationPair[];
}

const INVERSE_KIND: Readonly<Partial<Record<TranslationKind, TranslationKind>>> = {
  dnat: 'un-dnat',
  snat: 'un-snat',
};

/** `clientPoint`: index of the first point of the connection's forward way, −1: none. Reads the connection's journeys in the window. */
export function buildTranslationTable(
  connection: ConnectionSummary,
  window: JourneyWindow,
  clientPoint: number,
): TranslationTable {
  const replies = countReplies(connection, window, clientPoint);
  return { connection, pairs: pairTranslations(connection, replies) };
}

/** Replies that came to the client's point, and what was wrong with their names. */
export interface Replies {
  readonly replies: number;
  readonly faults: readonly BrokenEnd[];
}

export function pairTranslations(
  connection: ConnectionSummary,
  { replies, faults }: Replies,
): readonly TranslationPair[] {
  const reverse = connection.translations.filter(({ direction }) => direction === 'reverse');
  const unused = new Set(reverse);
  const told = new Set<BrokenEnd>();
  const pairs = connection.translations
    .filter(({ direction }) => direction === 'forward')
    .map((forward): TranslationPair => {
      const kind = INVERSE_KIND[forward.kind];
      const undone = reverse.find(
        (other) =>
          unused.has(other) &&
          other.kind === kind &&
          other.before === forward.after &&
          other.after === forward.before,
      );
      if (undone) unused.delete(undone);
      const end = forward.kind === 'dnat' ? 'src' : 'dst';
      const fault = faults.find((one) => one.end === end && !told.has(one)) ?? null;
      if (fault) told.add(fault);
      const verdict = fault ? 'broken' : undone ? 'inverse' : replies > 0 ? 'restored' : 'unknown';
      return { forward, reverse: undone ?? null, verdict, fault };
    });
  const alone = [...unused].map(
    (other): TranslationPair => ({
      forward: null,
      reverse: other,
      verdict: 'reply-only',
      fault: null,
    }),
  );
  const untranslated = faults
    .filter((fault) => !told.has(fault))
    .map((fault): TranslationPair => ({ forward: null, reverse: null, verdict: 'broken', fault }));
  return [...pairs, ...untranslated, ...alone];
}

export function countReplies(
  connection: ConnectionSummary,
  window: JourneyWindow,
  clientPoint: number,
): Replies {
  const own = window.connections.indexOf(connection.id);
  const { journeys } = window;
  const counts = new Map<string, Omit<BrokenEnd, 'of' | 'count'> & { count: number }>();
  let replies = 0;
  for (let journey = 0; journey < window.journeyCount; journey++) {
    if (journeys.connection[journey] !== own || journeys.direction[journey] !== 1) continue;
    if (!cameTo(window, journey, clientPoint)) continue;
    replies++;
    for (const { end, expected, got } of findRestorationFaults(
      window,
      journey,
      connection.client,
      connection.server,
      clientPoint,
    )) {
      const key = `${end} ${got}`;
      const known = counts.get(key) ?? { end, expected, got, count: 0 };
      known.count++;
      counts.set(key, known);
    }
  }
  const faults = [...counts.values()]
    .map((fault) => ({ ...fault, of: replies }))
    .sort((a, b) => b.count - a.count);
  return { replies, faults };
}

function cameTo({ journeys, sightings }: JourneyWindow, journey: number, point: number): boolean {
  const first = journeys.firstSighting[journey];
  for (let row = first; row < first + journeys.sightingCount[journey]; row++)
    if (sightings.branch[row] === 0 && sightings.point[row] === point) return true;
  return false;
}

const KIND_WORDS: Readonly<Record<TranslationKind, string>> = {
  dnat: 'DNAT',
  snat: 'SNAT',
  'un-dnat': 'un-DNAT',
  'un-snat': 'un-SNAT',
};
export const kindWord = (kind: TranslationKind): string => KIND_WORDS[kind];

/** What stands in the reverse column where no translation does, or beside one that is not the inverse. */
export function verdictText({ verdict, fault }: TranslationPair): string {
  switch (verdict) {
    case 'broken':
      return fault === null
        ? ''
        : `${fault.end} not restored: ${fault.got}, expected ${fault.expected} (${fault.count} of ${fault.of} replies)`;
    case 'restored':
      return 'restored, the hop was not seen';
    case 'unknown':
      return 'unknown: no reply seen at the client';
    case 'reply-only':
      return 'undone in replies, never seen done';
    default:
      return '';
  }
}

/** Where what is broken was not undone: at the hop that undid the rest, else on all of the replies' way; empty where that is not known. */
export function faultPlace(
  connection: ConnectionSummary,
  { verdict, reverse }: TranslationPair,
  nameOf: (stop: string) => string,
): string {
  if (verdict !== 'broken') return '';
  const { reverseStops, translations } = connection;
  const rest = reverse ?? translations.find(({ direction }) => direction === 'reverse');
  if (rest !== undefined)
    return `${laneStops(connection, rest).map(nameOf).join(' → ')}, where the rest was undone`;
  return reverseStops.length < 2
    ? ''
    : `nowhere on the way ${nameOf(reverseStops[0])} → ${nameOf(reverseStops[reverseStops.length - 1])}`;
}

/** Stops of a translation as the lanes count them: a reply's first passage of a point is the requests' last. */
export function laneStops(
  { forwardStops, reverseStops }: ConnectionSummary,
  { from, to, direction }: Translation,
): readonly [string, string] {
  if (direction === 'forward') return [from, to];
  const mirrored = [from, to].map((stop) => {
    const [point, passage] = stop.split('/');
    const passages = [forwardStops, reverseStops].map(
      (stops) => stops.filter((other) => pointOfStop(other) === point).length,
    );
    // Passed once on the way back, it is not known which of the requests' passages that was.
    return passages[1] < 2
      ? stop
      : formatStop(point, Math.max(...passages) + 1 - Number(passage ?? 1));
  });
  return [mirrored[0], mirrored[1]];
}

/** The table as text in columns; `nameOf` names a stop such as `p3/2`. */
export function translationTableText(
  { connection, pairs }: TranslationTable,
  nameOf: (stop: string) => string,
): string {
  const cell = (translation: Translation | null): string =>
    translation === null
      ? '-'
      : `${kindWord(translation.kind)} ${translation.before} → ${translation.after}`;
  const hop = (translation: Translation | null): string =>
    translation === null ? '-' : laneStops(connection, translation).map(nameOf).join(' → ');
  const rows = [
    ['hop', 'forward', 'hop', 'reverse', ''],
    ...pairs.map((pair) => [
      hop(pair.forward),
      cell(pair.forward),
      faultPlace(connection, pair, nameOf) || hop(pair.reverse),
      cell(pair.reverse),
      pair.verdict === 'inverse' ? 'inverse' : verdictText(pair),
    ]),
  ];
  const widths = rows[0].map((_, column) => Math.max(...rows.map((row) => row[column].length)));
  const lines = rows.map((row) =>
    row
      .map((text, column) => text.padEnd(widths[column]))
      .join('  ')
      .trimEnd(),
  );
  return [`${connection.protocol} ${connection.client} → ${connection.server}`, ...lines, ''].join(
    '\n',
  );
}
