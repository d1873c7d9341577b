// What comparisons of two connections have in common (partings.ts, way-partings.ts).
import type { FrameReference } from '../model/finding';
import type { SightingFact } from './packet-facts';
import type { Named } from './story';

/** The two that are compared, as the texts call them. */
export interface Sides extends Named {
  readonly ours: string;
  readonly theirs: string;
}

export const FAILING_AND_HEALTHY = { ours: 'failing', theirs: 'healthy' } as const;

export const framesOf = (sightings: readonly SightingFact[]): readonly FrameReference[] =>
  sightings.map(({ file, frame }) => ({ file, frame }));

export const sameStop = (a: SightingFact, b: SightingFact): boolean =>
  a.point === b.point && a.passage === b.passage;
