// What rules ask of the hops' translation maps (lib/model/hop-translations.ts): who translates what where, and whether replies undo it.
import { counted } from '../base/counted';
import { countUnlooked, type HopRewrite } from '../model/hop-translations';
import type { PairVerdict } from '../model/translation-table';
import type { CaseFacts } from './facts';
import { onFacts } from './on-facts';
import { listed } from './story';

/** Stops behind a hop that gives packets another source on their way there. */
const findSourceTranslators = onFacts(
  ({ translations }): ReadonlySet<string> =>
    new Set(
      translations
        .filter(({ rewrites }) => rewrites.some(({ kind }) => kind === 'snat'))
        .map(({ to }) => to),
    ),
);

/** Whether the hop before this stop translates sources. */
export const translatesSources = (facts: CaseFacts, to: string): boolean =>
  findSourceTranslators(facts).has(to);

/** Endpoints that a service is translated to, anywhere. */
export const endpointsBehind = (facts: CaseFacts, service: string): readonly string[] => [
  ...new Set(
    rewritesOf(facts)
      .filter(({ kind, before }) => kind === 'dnat' && before === service)
      .map(({ after }) => after),
  ),
];

const UNDONE: readonly (readonly [PairVerdict, string])[] = [
  ['inverse', 'undone in the replies'],
  ['restored', 'undone at a hop that was not captured'],
  ['broken', 'not undone, or not wholly'],
  ['unknown', 'without a reply that was seen'],
];

/** `12 translations on the way there: 11 undone in the replies and 1 without a reply that was seen`; empty where nothing is translated. */
export function tellUndone(facts: CaseFacts): string {
  const forward = rewritesOf(facts).filter(({ kind }) => kind === 'dnat' || kind === 'snat');
  const total = forward.reduce((sum, { connections }) => sum + connections, 0);
  if (total === 0) return '';
  const parts = UNDONE.flatMap(([verdict, words]) => {
    const number = forward.reduce((sum, { undone }) => sum + (undone[verdict] ?? 0), 0);
    return number === 0 ? [] : [`${number} ${words}`];
  });
  const unlooked = forward.reduce((sum, rewrite) => sum + countUnlooked(rewrite), 0);
  if (unlooked > 0) parts.push(`${unlooked} not looked at`);
  return `${counted(total, 'translation')} on the way there: ${listed(parts)}`;
}

const rewritesOf = onFacts(({ translations }): readonly HopRewrite[] =>
  translations.flatMap(({ rewrites }) => rewrites),
);
