// Places of a capture that someone took for one, or for several: keys of points as corrected by hand.
import { type LinkContext, placeKey } from '../../model/capture';
import { type Corrections, SPLITS, type SplitBy } from '../../model/corrections';

/** The part of a split place that a link context is of, as words behind the point's name. */
const partOf: Readonly<Record<SplitBy, (link: LinkContext) => string>> = {
  direction: ({ direction }) => direction,
  vlan: ({ vlans }) => (vlans.length === 0 ? 'untagged' : `vlan ${vlans.join('.')}`),
};

/** A place of a capture: what corrections name it by, and how it is called there (placeKey, or what corrections made of it). */
export interface CorrectedPlace {
  /** Fingerprint. */
  readonly capture: string;
  readonly key: string;
}

/** Sorts places of one capture by interface. */
export const placeText = ({ capture, key }: CorrectedPlace): string => `${key}\n${capture}`;

/**
 * The place of each link context: its own in the capture `home`, split and merged as corrected, in the order of the corrections. Merges into captures that
 * are not among `known` wait for them.
 */
export function correctedPlaces(
  links: readonly LinkContext[],
  { points }: Corrections,
  home: string,
  known: ReadonlySet<string>,
): CorrectedPlace[] {
  return links.map((link) =>
    points.reduce<CorrectedPlace>(
      (place, correction) => {
        if (correction.capture !== place.capture || correction.place !== place.key) return place;
        if (correction.kind === 'split')
          return { capture: place.capture, key: `${place.key} ${partOf[correction.by](link)}` };
        const capture = correction.intoCapture ?? place.capture;
        return known.has(capture) ? { capture, key: correction.into } : place;
      },
      { capture: home, key: placeKey(link) },
    ),
  );
}

/** Words of the part, with a blank before them; empty for a place that was not split. */
export const partSuffix = (key: string): string => {
  const blank = key.indexOf(' ');
  return blank < 0 ? '' : key.slice(blank);
};

/** What the frames of each place can be told apart by. */
export function findSplits(
  links: readonly LinkContext[],
  keys: readonly string[],
): ReadonlyMap<string, readonly SplitBy[]> {
  const parts = new Map<string, Set<string>>();
  const found = new Map<string, SplitBy[]>();
  for (const by of SPLITS)
    links.forEach((link, index) => {
      const name = `${by} ${keys[index]}`;
      const seen = parts.get(name) ?? new Set<string>();
      parts.set(name, seen.add(partOf[by](link)));
      if (seen.size !== 2) return;
      const splits = found.get(keys[index]) ?? [];
      if (!splits.includes(by)) found.set(keys[index], [...splits, by]);
    });
  return found;
}
