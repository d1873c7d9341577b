'use client';
// The sightings of the chosen frame: in the picture, else in the two connections side by side, else in its own connection, which is asked for.
import { useMemo } from 'react';
import { useAnswer } from '@/lib/store/use-answer';
import { useWorkspace } from '@/lib/store/workspace';
import type { FrameTarget } from '@/lib/store/workspace-state';
import { contextOf, findSightings, type SightingContext, type SightingSource } from './sightings';

/** Journeys asked for of a frame whose connection is not drawn. */
const JOURNEY_LIMIT = 10_000;
const NONE: readonly never[] = [];

/** Empty: no capture saw it as a packet, or the answer is on its way. */
export function useSightings(target: FrameTarget | null): readonly SightingContext[] {
  const picture = useWorkspace((state) => state.picture);
  const comparison = useWorkspace((state) => state.comparison);
  const isCompared = useWorkspace((state) => state.view.compare !== null);
  const points = useWorkspace((state) => state.status?.points);
  const lanes = useWorkspace((state) => state.view.lanes);
  const drawn = useMemo(() => {
    // Side by side, times count from the first packet of each: what is looked at there is told as it stands there.
    const compared = comparison && { window: comparison.window, connections: comparison.summaries };
    const sources: readonly SightingSource[] = [compared, picture].filter(
      (source) => source !== null,
    );
    return target === null
      ? null
      : (sources.find(({ window }) => findSightings(window, target).length > 0) ?? null);
  }, [comparison, picture, target]);
  const isElsewhere = drawn === null && picture !== null && (comparison !== null || !isCompared);
  const asked = useOwnConnection(isElsewhere ? target : null);
  const source = drawn ?? asked;
  return useMemo(
    () =>
      source === null || points === undefined || target === null
        ? NONE
        : findSightings(source.window, target).map((row) => contextOf(source, row, points, lanes)),
    [source, points, lanes, target],
  );
}

/** The journeys of the connection that the frame belongs to; null: not known (yet), or no frame. */
function useOwnConnection(target: FrameTarget | null): SightingSource | null {
  const frames = useMemo(() => (target === null ? NONE : [target]), [target]);
  const ids = useCurrent('connectionsOfFrames', frames) ?? NONE;
  const journeys = useMemo(() => ({ connections: ids, limit: JOURNEY_LIMIT }), [ids]);
  const window = useCurrent('journeys', journeys);
  const connections = useCurrent('summaries', ids);
  return useMemo(
    () =>
      window === null || connections === null || window.journeyCount === 0
        ? null
        : { window, connections },
    [window, connections],
  );
}

/** The answer to this very question. */
function useCurrent<K extends 'connectionsOfFrames' | 'journeys' | 'summaries'>(
  name: K,
  question: Parameters<typeof useAnswer<K>>[1],
) {
  const known = useAnswer(name, question);
  return known !== null && known.question === question ? known.answer : null;
}
