// Packets that come against a direction without a stop which others pass: what was not seen at that stop may have taken their way, and is not lost for that.
import type { ConnectionTable } from '../connections/connections';
import type { JourneyTable } from '../journeys/journeys';
import type { LegTable } from '../legs/legs';
import type { PlacedPattern } from '../stations/pattern';
import type { Station } from '../stations/stations';
import type { CaptureWindows } from './capture-windows';

/** What was seen of a leg: packets against the direction while the other capture ran, and packets at both points. */
const AGAINST = 1;
const AT_BOTH = 2;

/** Of one connection. */
export class Bypasses {
  private readonly known = new Map<string, boolean>();

  constructor(
    private readonly journeys: JourneyTable,
    private readonly legs: LegTable,
    private readonly connections: ConnectionTable,
    private readonly windows: CaptureWindows,
    private readonly connection: number,
  ) {}

  /**
   * Whether a leg at the point `from` has packets against `direction`, and not one packet that was seen at `to`, too. Answers that a hop drops do not look
   * so: what they answer was seen there, and has their leg.
   */
  has(from: number, to: Station, direction: number): boolean {
    const key = `${from} ${to.point} ${direction}`;
    let found = this.known.get(key);
    if (found === undefined) {
      found = this.find(from, to, direction);
      this.known.set(key, found);
    }
    return found;
  }

  private find(from: number, to: Station, direction: number): boolean {
    const { firstLeg, legs } = this.connections;
    const states = new Map<number, number>();
    for (let at = firstLeg[this.connection]; at < firstLeg[this.connection + 1]; at += 1)
      if (this.legs.point[legs[at]] === from) states.set(legs[at], 0);
    let open = states.size;
    const { firstJourney, pattern, patterns, firstSighting, sightingRow } = this.journeys;
    const end = firstJourney[this.connection + 1];
    for (let journey = firstJourney[this.connection]; journey < end && open > 0; journey += 1) {
      const own = patterns[pattern[journey]];
      const position = positionAt(own, from);
      if (position < 0) continue;
      const row = sightingRow[firstSighting[journey] + position];
      const leg = this.legs.legOfRow[row];
      const state = states.get(leg) ?? AT_BOTH;
      if ((state & AT_BOTH) !== 0) continue;
      if (positionAt(own, to.point) >= 0) {
        states.set(leg, state | AT_BOTH);
        open -= 1;
      } else if (
        state === 0 &&
        this.journeys.direction[journey] !== direction &&
        this.windows.covers(to.capture, row, 0)
      )
        states.set(leg, AGAINST);
    }
    return [...states.values()].includes(AGAINST);
  }
}

/** Where in a pattern a point comes first; -1: nowhere. */
function positionAt({ order, stations }: PlacedPattern, point: number): number {
  const { looks } = stations.shape;
  return order.findIndex((index) => looks[index].point === point);
}
