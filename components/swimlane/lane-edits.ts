// Changes to the lanes made on their heads, as new settings.
import type { LaneSettings } from '@/lib/model/snapshot';
import type { Lane } from '@/lib/scene/lanes';

/** Ids of the points as their lanes stand on screen, each once. */
export const laneOrder = (lanes: readonly Lane[]): readonly string[] => [
  ...new Set(lanes.map(({ pointId }) => pointId)),
];

/** Puts a point before what stands at `index` of the order now. */
export function moveLaneTo(
  settings: LaneSettings,
  order: readonly string[],
  point: string,
  index: number,
): LaneSettings {
  const before = order.slice(0, index).filter((id) => id !== point);
  const after = order.slice(index).filter((id) => id !== point);
  return { ...settings, order: [...before, point, ...after] };
}

/** Changes places with the lane before (−1) or behind (1). */
export function neighbourOf(
  settings: LaneSettings,
  order: readonly string[],
  point: string,
  step: -1 | 1,
): LaneSettings {
  const from = order.indexOf(point);
  const to = from + step;
  if (from < 0 || to < 0 || to >= order.length) return settings;
  const next = order.filter((id) => id !== point);
  next.splice(to, 0, point);
  return { ...settings, order: next };
}

/** An empty name gives the lane its own back. */
export function nameLane(settings: LaneSettings, point: string, name: string): LaneSettings {
  const { [point]: _old, ...others } = settings.names;
  return { ...settings, names: name === '' ? others : { ...others, [point]: name } };
}

export const hideLane = (settings: LaneSettings, point: string): LaneSettings => ({
  ...settings,
  hidden: [...new Set([...settings.hidden, point])],
});
