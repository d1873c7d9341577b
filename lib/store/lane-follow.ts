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

/** Settings, and the points whose ids they are written with. */
export interface MadeLanes {
  readonly lanes: LaneSettings;
  readonly points: readonly Point[];
}

/** Remembers what was set, as it was set: a point that goes and comes back has its name and its place again. */
export class LaneFollower {
  private points: readonly Point[] = [];
  private made: MadeLanes | null = null;
  private shown: LaneSettings | null = null;

  /** What was set by hand, of the settings that are shown. */
  madeFor(lanes: LaneSettings): MadeLanes {
    return this.made !== null && lanes === this.shown ? this.made : { lanes, points: this.points };
  }

  /** The settings for the points as they are now. */
  show(made: MadeLanes): LaneSettings {
    this.made = made;
    this.shown = followPoints(made.lanes, made.points, this.points);
    return this.shown;
  }

  /** The points are these now; what was set before there were any is written with their ids. */
  move(points: readonly Point[], lanes: LaneSettings): LaneSettings {
    const made = this.madeFor(lanes);
    this.points = points;
    return this.show(made.points.length === 0 ? { lanes, points } : made);
  }

  clear(): void {
    this.points = [];
    this.made = null;
    this.shown = null;
  }
}
