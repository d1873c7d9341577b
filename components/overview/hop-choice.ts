// The hop that is looked at, as the view keeps it: `p3 p3/2 forward`; empty while the panel is open and no hop is chosen.
import type { HopSeries } from '@/lib/store/workspace-state';

export const hopKey = ({ from, to, direction }: Pick<HopSeries, 'from' | 'to' | 'direction'>) =>
  `${from} ${to} ${direction}`;

/** Forward before reverse, each in the order of the way; hops off it last. */
export function orderHops(
  hops: readonly HopSeries[],
  ways: Readonly<Record<'forward' | 'reverse', readonly string[]>>,
): readonly HopSeries[] {
  const place = ({ from, to, direction }: HopSeries): number => {
    const way = ways[direction];
    const at = way.indexOf(from);
    return at >= 0 && way.includes(to) ? at : way.length;
  };
  return [...hops].sort(
    (a, b) =>
      Number(a.direction === 'reverse') - Number(b.direction === 'reverse') || place(a) - place(b),
  );
}
