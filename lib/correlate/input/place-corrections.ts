// Places of a capture that someone took for one, or for several: keys of points as corrected by hand.
import { type LinkContext, placeKey } from '../../model/capture';
import { type Corrections, SPLITS, type SplitBy } from '../../model/corrections';

/** The part of a split place that a link context is of, as words behind the point's name. */
const partOf: Readonly<Record<SplitBy, (link: LinkContext) => string>> = {
  direction: ({ direction }) => direction,
  vlan: ({ vlans }) => (vlans.length === 0 ? 'untagged' : `vlan ${vlans.join('.')}`),
};

/** Key of the place of each link context: its own, split and then merged as corrected, in the order of the corrections. */
export function correctedPlaces(
  links: readonly LinkContext[],
  { points }: Corrections,
  fingerprint: string,
): string[] {
  const own = points.filter(({ capture }) => capture === fingerprint);
  return links.map((link) =>
    own.reduce((key, correction) => {
      if (key !== correction.place) return key;
      return correction.kind === 'merge'
        ? correction.into
        : `${key} ${partOf[correction.by](link)}`;
    }, placeKey(link)),
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
