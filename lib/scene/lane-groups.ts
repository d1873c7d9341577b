// Headings over the lanes: neighbours that are one place (a pod, a node, a host with a clock of its own) stand under one heading, a bracket over them.
import type { Point } from '../model/capture';
import { findFitting } from './badges';
import type { Placement } from './draft';
import type { Lane } from './lanes';
import type { SceneLayout } from './layout';
import { shortenName } from './point-name';
import type { MeasureText } from './theme';

const MOST_PX = 260;
const SPACE_PX = 6;
/** How far a bracket reaches over its outer lanes. */
const BRACKET_PX = 14;

export interface LaneGroup {
  /** As much of the heading as fits. */
  readonly text: string;
  /** The whole of it, and what says who the place is. */
  readonly title: string;
  /** Middle of the heading. */
  readonly x: number;
  /** Ends of the bracket over its lanes, clear of the headings beside it; null: it is one lane. */
  readonly bracket: readonly [number, number] | null;
}

interface Group {
  readonly lanes: readonly Lane[];
  readonly first: number;
  readonly role: string;
}

/** Groups from left to right; lanes of which nothing is known have none. */
export function readGroups(
  { plan, input }: Pick<SceneLayout, 'plan' | 'input'>,
  placement: Placement,
  measure: MeasureText,
): readonly LaneGroup[] {
  const groups = groupLanes(plan.lanes, input.points).filter(({ role }) => role !== '');
  const middles = groups.map(({ first, lanes }) => {
    const [from, to] = [placement.x[first], placement.x[first + lanes.length - 1]];
    return { from, to, x: (from + to) / 2 };
  });
  const width = (text: string) => measure(text, 'role');
  const headings = groups.map(({ role, lanes }, index) => {
    const { x } = middles[index];
    const distances = [middles[index - 1], middles[index + 1]].flatMap((other) =>
      other === undefined ? [] : [Math.abs(other.x - x)],
    );
    const room = Math.min(MOST_PX, ...distances) - SPACE_PX;
    const [place] = role.split(',');
    return {
      text: findFitting([role, place], room, width) ?? shortenName(place, room, width),
      title: [role, ...new Set(lanes.flatMap(({ grounds }) => grounds))].join('\n'),
      x,
    };
  });
  const reach = ({ text, x }: (typeof headings)[number], side: -1 | 1) =>
    x + side * (width(text) / 2 + SPACE_PX);
  return headings.map((heading, index) => {
    const { from, to } = middles[index];
    const [before, after] = [headings[index - 1], headings[index + 1]];
    const left = Math.max(from - BRACKET_PX, before === undefined ? -Infinity : reach(before, 1));
    const right = Math.min(to + BRACKET_PX, after === undefined ? Infinity : reach(after, -1));
    return { ...heading, bracket: to > from ? [left, right] : null };
  });
}

/** Where a lane is, without what it is there: `node1` of `node1, uplink`. */
const placeOf = (lane: Lane): string => lane.role.split(',')[0];

function groupLanes(lanes: readonly Lane[], points: readonly Point[]): readonly Group[] {
  const groups: Group[] = [];
  lanes.forEach((lane, index) => {
    const before = groups.at(-1);
    const neighbour = before?.lanes.at(-1);
    const isOne =
      before !== undefined &&
      neighbour !== undefined &&
      (neighbour.point === lane.point ||
        (lane.role !== '' &&
          placeOf(neighbour) === placeOf(lane) &&
          points[neighbour.point].host === points[lane.point].host));
    if (!isOne) {
      groups.push({ lanes: [lane], first: index, role: lane.role });
      return;
    }
    // Of several interfaces the place is what they share.
    const role = before.role === lane.role ? lane.role : placeOf(lane);
    groups[groups.length - 1] = { ...before, lanes: [...before.lanes, lane], role };
  });
  return groups;
}
