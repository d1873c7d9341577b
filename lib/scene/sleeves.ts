// Tunnels: the sleeve around a hop that a packet passes inside of another, and the tunnel's name for the head of that hop.
import { type Draft, inkOf } from './draft';
import type { SceneLayout } from './layout';
import { LINE_SOLID } from './marks';
import { ROLE } from './theme';
import { tunnelText } from './tunnel-text';

const SLEEVE_PX = 11;
/** Rows closer than this have no room for a sleeve. */
const LEAST_ROW_PX = 14;

/** Where its sightings stand. */
interface SleevedJourney {
  readonly journey: number;
  readonly sightings: readonly number[];
  readonly xs: readonly number[];
  readonly ys: readonly number[];
}

/** A sleeve around each hop of the journey at whose both ends it was in a tunnel; drawn before its line. */
export function drawSleeves(draft: Draft, drawn: SleevedJourney, rowPx: number): void {
  if (rowPx < LEAST_ROW_PX) return;
  const { layout, marks } = draft;
  const { encapsulation } = layout.input.window.sightings;
  const { journey, sightings, xs, ys } = drawn;
  const edge = inkOf(draft, journey, ROLE['line-strong']);
  for (let i = 1; i < sightings.length; i++) {
    if (layout.isTunnel[encapsulation[sightings[i - 1]]] !== 1) continue;
    if (layout.isTunnel[encapsulation[sightings[i]]] !== 1) continue;
    for (const [role, px] of [
      [edge, SLEEVE_PX],
      [ROLE['surface-sunken'], SLEEVE_PX - 2],
    ])
      marks.line(xs[i - 1], ys[i - 1], xs[i], ys[i], role, LINE_SOLID, px, journey);
  }
}

/** Names of the tunnels on the hops between neighbouring lanes, by the lane left of the hop, as the fullest ways pass them. */
export function tunnelsOfHops({
  input,
  plan,
  isTunnel,
  exemplars,
}: SceneLayout): ReadonlyMap<number, string> {
  const tunnels = new Map<number, string>();
  const { sightings, strings, journeys } = input.window;
  for (const journey of [...exemplars.forward, ...exemplars.reverse]) {
    if (journey < 0) continue;
    const direction = journeys.direction[journey];
    const first = journeys.firstSighting[journey];
    for (let row = first + 1; row < first + journeys.sightingCount[journey]; row++) {
      const both = [row - 1, row].every((at) => isTunnel[sightings.encapsulation[at]] === 1);
      if (!both || sightings.branch[row] !== 0) continue;
      const [from, to] = [row - 1, row].map((at) =>
        plan.laneOf(direction, sightings.point[at], sightings.passage[at]),
      );
      if (from >= 0 && to >= 0 && Math.abs(from - to) === 1)
        tunnels.set(Math.min(from, to), tunnelText(strings[sightings.encapsulation[row]]));
    }
  }
  return tunnels;
}
