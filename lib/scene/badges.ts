// Words of the badges on a hop, from the fullest to the shortest: the scene takes the longest that fits.
import { parseEndpoint } from '../model/endpoint';
import type { JourneyWindow } from '../model/journey-window';
import type { RestorationFault } from '../model/restoration';
import type { MeasureText } from './theme';

/** Part of a translation that rewrote one end. */
interface EndChange {
  readonly word: string;
  readonly before: string;
  readonly after: string;
  readonly portsOnly: boolean;
}

/**
 * What a translation between two sightings reads like, longest first:
 * `DNAT 172.30.249.115:9443 → 10.128.3.214:9443 · :60170→:59906` … `DNAT`. Empty when both ends are the same.
 */
export function translationTexts(
  window: JourneyWindow,
  from: number,
  to: number,
  direction: number,
): readonly string[] {
  const { source, destination } = window.sightings;
  // What a reply undoes at its source is what the request had done to its destination.
  const forward = direction === 0;
  const changes = [
    change(window, destination[from], destination[to], forward ? 'DNAT' : 'un-SNAT'),
    change(window, source[from], source[to], forward ? 'SNAT' : 'un-DNAT'),
  ].filter((found): found is EndChange => found !== null);
  if (changes.length === 0) return [];
  changes.sort((a, b) => Number(a.portsOnly) - Number(b.portsOnly));
  const [main, ...rest] = changes;
  const tail = rest.map((part) => ` · ${long(part)}`).join('');
  const shortTail = rest.map((part) => ` · ${short(part)}`).join('');
  return unique([
    long(main) + tail,
    long(main) + shortTail,
    short(main) + shortTail,
    long(main),
    short(main),
    main.portsOnly ? 'port' : main.word,
  ]);
}

/** `src not restored: 10.128.3.214:9443, expected 172.30.249.115:9443` … `src not restored`. */
export function restorationTexts(faults: readonly RestorationFault[]): readonly string[] {
  if (faults.length === 0) return [];
  const ends = faults.map(({ end }) => end).join(' and ');
  const title = `${ends} not restored`;
  const details = faults.map(({ expected, got }) => ({ expected, got }));
  return [
    `${title}: ${details.map(({ expected, got }) => `${got}, expected ${expected}`).join('; ')}`,
    `${title}: expected ${details.map(({ expected }) => expected).join(', ')}`,
    title,
  ];
}

/** First of the texts that is not wider than `width`; undefined when none fits. */
export const findFitting = (
  texts: readonly string[],
  width: number,
  measure: (text: string) => number,
): string | undefined => texts.find((text) => measure(text) <= width);

/** Endpoints of a way, the client's first, shorter as room gets less: `a:1 → b:2`, `:1 → b:2`, `→ b:2`; of replies `a:1 ← b:2`. */
export function tupleTexts(client: string, server: string, arrow = '→'): readonly string[] {
  const { port } = parseEndpoint(client);
  return unique([
    `${client} ${arrow} ${server}`,
    ...(port === null ? [] : [`:${port} ${arrow} ${server}`]),
    `${arrow} ${server}`,
  ]);
}

export const badgeWidth = (text: string, measure: MeasureText): number =>
  Math.ceil(measure(text, 'badge')) + 14;

function change(
  window: JourneyWindow,
  before: number,
  after: number,
  word: string,
): EndChange | null {
  if (before === after) return null;
  const [old, now] = [window.strings[before], window.strings[after]];
  const portsOnly = parseEndpoint(old).address === parseEndpoint(now).address;
  return { word, before: old, after: now, portsOnly };
}

function long({ word, before, after, portsOnly }: EndChange): string {
  return portsOnly
    ? `:${parseEndpoint(before).port}→:${parseEndpoint(after).port}`
    : `${word} ${before} → ${after}`;
}

function short(part: EndChange): string {
  return part.portsOnly ? long(part) : `${part.word} → ${part.after}`;
}

const unique = (texts: readonly string[]): readonly string[] => [...new Set(texts)];
