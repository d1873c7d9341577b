// Lanes are set by point id; ids are numbered anew with each analysis. What was set follows the points by their names.
import type { Point } from '../model/capture';
import type { LaneSettings } from '../model/snapshot';

/** The settings for the points as they are now. Of a point that was split the first part takes its place; settings of points that are gone are dropped. */
export function followPoints(
  lanes: LaneSettings,
  before: readonly Point[],
  now: readonly Point[],
): LaneSettings {
  const moved = new Map(
    before.map(({ id, name }) => [
      id,
      (
        now.find((point) => point.name === name) ??
        now.find((point) => point.name.startsWith(`${name} `))
      )?.id,
    ]),
  );
  if ([...moved].every(([id, next]) => id === next)) return lanes;
  const follow = (ids: readonly string[]): string[] => ids.flatMap((id) => moved.get(id) ?? []);
  return {
    order: follow(lanes.order),
    hidden: follow(lanes.hidden),
    names: Object.fromEntries(
      Object.entries(lanes.names).flatMap(([id, name]) => {
        const next = moved.get(id);
        return next === undefined ? [] : [[next, name]];
      }),
    ),
  };
}
