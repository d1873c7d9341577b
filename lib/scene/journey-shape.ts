// What of a journey's drawing stays the same while one pans and zooms: its sightings on the shown lanes, their colours, how far each stands below its row. Found once for a layout.
import { dropOf, type SceneLayout } from './layout';
import { ROW_DIMMED, ROW_FAULT, ROW_RESET, ROW_TRANSLATED } from './row-facts';
import { ROLE } from './theme';
import { tupleRoles } from './tuple-roles';

export interface JourneyShape {
  /** Of the way, hidden lanes left out. */
  readonly sightings: readonly number[];
  readonly lanes: readonly number[];
  /** Colour of the stretch that ends at each sighting. */
  readonly roles: readonly number[];
  /** Of each sighting below the row, in units of the layout's document: px at zoom 1, or ns. */
  readonly drops: readonly number[];
  /** Lowest and highest of the drops and the row itself. */
  readonly least: number;
  readonly most: number;
  /** Room for where the sightings stand: written anew for each picture, and read for that one alone. */
  readonly xs: number[];
  readonly ys: number[];
}

const shapes = new WeakMap<SceneLayout, (JourneyShape | undefined)[]>();

export function shapeOfJourney(layout: SceneLayout, journey: number): JourneyShape {
  let known = shapes.get(layout);
  if (known === undefined) {
    known = [];
    shapes.set(layout, known);
  }
  known[journey] ??= findShape(layout, journey);
  return known[journey];
}

function findShape(layout: SceneLayout, journey: number): JourneyShape {
  const { journeys, sightings: columns } = layout.input.window;
  const isEven = layout.input.timeMode === 'events';
  const direction = journeys.direction[journey];
  const startNs = layout.facts.startNs[journey];
  const first = journeys.firstSighting[journey];
  const end = first + journeys.sightingCount[journey];
  const roleOf = stretchRoles(layout, journey);
  const sightings: number[] = [];
  const lanes: number[] = [];
  const roles: number[] = [];
  const drops: number[] = [];
  let least = 0;
  let most = 0;
  for (let row = first; row < end && columns.branch[row] === 0; row++) {
    const lane = layout.plan.laneOf(direction, columns.point[row], columns.passage[row]);
    if (lane < 0) continue;
    const time = columns.referenceTime[row];
    const drop = isEven ? dropOf(layout, journey, time) : time - startNs;
    sightings.push(row);
    lanes.push(lane);
    roles.push(typeof roleOf === 'number' ? roleOf : roleOf[row - first]);
    drops.push(drop);
    least = Math.min(least, drop);
    most = Math.max(most, drop);
  }
  const [xs, ys] = [drops.slice(), drops.slice()];
  return { sightings, lanes, roles, drops, least, most, xs, ys };
}

/** Colours of a journey's stretches, by its sightings of the way. */
function stretchRoles(layout: SceneLayout, journey: number): readonly number[] | number {
  const { window } = layout.input;
  const bits = layout.facts.bits[journey];
  if (bits & ROW_DIMMED) return ROLE.dimmed;
  if (bits & ROW_RESET) return ROLE.failure;
  // A reply that was not restored whole has not reached its other tuple.
  if (bits & ROW_TRANSLATED && !(bits & ROW_FAULT)) return tupleRoles(window, journey);
  return window.journeys.direction[journey] === 0 ? ROLE.forward : ROLE.reverse;
}
