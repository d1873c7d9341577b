// Packets that come against a direction without a stop which others pass: what was not seen at that stop may have taken their way, and is not lost for that.
import type { ConnectionTable } from '../connections/connections';
import type { JourneyTable } from '../journeys/journeys';
import type { LegTable } from '../legs/legs';
import type { Station } from '../stations/stations';
import type { CaptureWindows } from './capture-windows';

/** What was seen of a leg: packets against the direction while the other capture ran, and packets at both points. */
const AGAINST = 1;
const AT_BOTH = 2;

const NONE: ReadonlySet<number> = new Set();

/** Of one connection. */
export class Bypasses {
  private readonly known = new Map<number, ReadonlySet<number>>();

  constructor(
    private readonly journeys: JourneyTable,
    private readonly legs: LegTable,
    private readonly connections: ConnectionTable,
    private readonly windows: CaptureWindows,
    private readonly connection: number,
  ) {}

  /**
   * Whether the leg that a packet was last seen with at the point `from`, and one there that has packets against `direction`, show not one packet that was
   * seen at `to`, too. Answers that a hop drops do not look so: what they answer was seen there, and has their leg.
   */
  has(leg: number, from: number, to: Station, direction: number): boolean {
    const key = (from * 65_536 + to.point) * 2 + direction;
    let found = this.known.get(key);
    if (found === undefined) {
      found = this.find(from, to, direction);
      this.known.set(key, found);
    }
    return found.has(leg);
  }

  /** Legs of the connection at `from` without a packet that was seen at `to`, too; none where none of them has packets against the direction. */
  private find(from: number, to: Station, direction: number): ReadonlySet<number> {
    const states = this.statesOfLegs(from, to, direction);
    let isPassed = false;
    for (const state of states.values()) isPassed ||= state === AGAINST;
    if (!isPassed) return NONE;
    const legs = new Set<number>();
    for (const [leg, state] of states) if (state !== AT_BOTH) legs.add(leg);
    return legs;
  }

  /** By leg of the connection at `from`. */
  private statesOfLegs(from: number, to: Station, direction: number): ReadonlyMap<number, number> {
    const { firstLeg, legs } = this.connections;
    const states = new Map<number, number>();
    for (let at = firstLeg[this.connection]; at < firstLeg[this.connection + 1]; at += 1)
      if (this.legs.point[legs[at]] === from) states.set(legs[at], 0);
    let open = states.size;
    const { firstJourney, pattern, patterns, firstSighting, sightingRow } = this.journeys;
    const end = firstJourney[this.connection + 1];
    for (let journey = firstJourney[this.connection]; journey < end && open > 0; journey += 1) {
      const { order, stations } = patterns[pattern[journey]];
      const { looks } = stations.shape;
      const isAtBoth = order.some((index) => looks[index].point === to.point);
      // A point that it passes twice shows it with two legs.
      for (let position = 0; position < order.length; position += 1) {
        if (looks[order[position]].point !== from) continue;
        const row = sightingRow[firstSighting[journey] + position];
        const leg = this.legs.legOfRow[row];
        const state = states.get(leg) ?? AT_BOTH;
        if (state === AT_BOTH) continue;
        if (isAtBoth) {
          states.set(leg, AT_BOTH);
          open -= 1;
        } else if (
          state === 0 &&
          this.journeys.direction[journey] !== direction &&
          this.windows.covers(to.capture, row, 0)
        )
          states.set(leg, AGAINST);
      }
    }
    return states;
  }
}
