// Changes to the lanes as new settings: order, names, what is hidden.
import type { Point } from '@/lib/model/capture';
import type { ConnectionSummary } from '@/lib/model/connection';
import type { LaneSettings } from '@/lib/model/snapshot';

/** Ids of all points in the order of their lanes: as set by hand, then along the connection's way, then the rest. */
export function defaultLaneOrder(
  points: readonly Point[],
  lanes: LaneSettings,
  connection: ConnectionSummary | undefined,
): readonly string[] {
  const known = new Set(points.map((point) => point.id));
  const wanted = [
    ...lanes.order,
    ...(connection?.points ?? []),
    ...points.map((point) => point.id),
  ];
  return [...new Set(wanted)].filter((id) => known.has(id));
}

/** `order` is the order on screen; the lane at `index` changes places with its neighbour. */
export function moveLane(
  lanes: LaneSettings,
  order: readonly string[],
  index: number,
  step: -1 | 1,
): LaneSettings {
  const next = [...order];
  const other = index + step;
  if (other < 0 || other >= next.length) return lanes;
  [next[index], next[other]] = [next[other], next[index]];
  return { ...lanes, order: next };
}

/** An empty name gives the lane its own back. */
export function renameLane(lanes: LaneSettings, point: string, name: string): LaneSettings {
  const names = Object.fromEntries(Object.entries(lanes.names).filter(([id]) => id !== point));
  return { ...lanes, names: name === '' ? names : { ...names, [point]: name } };
}

export const toggleLane = (lanes: LaneSettings, point: string): LaneSettings => ({
  ...lanes,
  hidden: lanes.hidden.includes(point)
    ? lanes.hidden.filter((id) => id !== point)
    : [...lanes.hidden, point],
});
