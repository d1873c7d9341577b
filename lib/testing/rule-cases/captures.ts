// Captures that mislead by how they were made: begun late, missing what passed, by a clock that steps; and the same made well.
import type { Lane } from '../lane-captures';
import { hopExchange, hopLanes, QUICK, type Sent } from './hops';

/** Twelve requests, one a second, on three lanes; what the middle and the right lane show of request `n`. */
export const requests = (
  middle: (n: number) => boolean,
  right: (n: number) => boolean,
  first = 0,
): string => `
  cli = 10.0.0.1:40000
  srv = 10.0.0.2:8443
  time packet | left | mid | right
  0      > S  | cli>srv | ${seen(middle(0), 'cli>srv')} | ${seen(right(0), 'cli>srv')}
  0.0005 < SA | srv>cli | ${seen(middle(0), 'srv>cli')} | ${seen(right(0), 'srv>cli')}
  0.0008 > A  | cli>srv | ${seen(middle(0), 'cli>srv')} | ${seen(right(0), 'cli>srv')}${Array.from(
    { length: 12 },
    (_, n) => n + 1,
  )
    .filter((n) => n >= first)
    .map(
      (n) => `
  ${n}      > P/${90 + n}  | cli>srv | ${seen(middle(n), 'cli>srv')} | ${seen(right(n), 'cli>srv')}
  ${n}.0005 < P/${190 + n} | srv>cli | srv>cli | ${seen(right(n), 'srv>cli')}`,
    )
    .join('')}`;

const seen = (isSeen: boolean, tuple: string): string => (isSeen ? tuple : '-');

/** Two hosts, the second with a clock that is `offset(seconds)` off: constant, or with a step. */
export function twoClocks(offset: (at: number) => number): { left: Lane; right: Lane } {
  const connection: readonly Sent[] = [
    ...hopExchange(0, QUICK),
    ...Array.from({ length: 60 }, (_, n): readonly Sent[] => [
      [1 + n / 2, 'client', 'P.', QUICK],
      [1.1 + n / 2, 'server', 'P.', QUICK],
    ]).flat(),
  ];
  const { left, right } = hopLanes([connection]);
  return { left, right: right.map(([at, bytes]) => [at + offset(at), bytes] as const) };
}
