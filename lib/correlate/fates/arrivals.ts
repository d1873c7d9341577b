// Whether packets of a pattern come to their receiver, and on what ground.
import { type FateReason, fateReasonCode } from '../../model/fate';
import type { JourneyTable } from '../journeys/journeys';
import type { PlacedPattern } from '../stations/pattern';
import type { Ways } from './ways';

/** Packets of the pattern do not come to their receiver. */
export const NO_GROUND = 0xff;
const NOT_ASKED = 0xfe;

/** Found when the first packet of a pattern is asked about. */
export class Arrivals {
  /** By pattern. */
  private readonly grounds: Uint8Array;

  constructor(
    private readonly journeys: JourneyTable,
    private readonly ways: Ways,
  ) {
    this.grounds = new Uint8Array(journeys.patterns.length).fill(NOT_ASKED);
  }

  /** Code of the ground; NO_GROUND: they do not. */
  groundOf(index: number): number {
    let ground = this.grounds[index];
    if (ground === NOT_ASKED) {
      const found = this.find(this.journeys.patterns[index]);
      ground = found === undefined ? NO_GROUND : fateReasonCode(found);
      this.grounds[index] = ground;
    }
    return ground;
  }

  private find(pattern: PlacedPattern): FateReason | undefined {
    const last = pattern.stations.stations[pattern.order[pattern.wayLength - 1]];
    if (!this.ways.isReceiver(last) || this.ways.mostGoOn(pattern)) return undefined;
    if (pattern.toGroup) return 'to-a-group';
    return this.ways.showsReceiver(last) ? 'seen-at-receiver' : 'seen-at-last-point';
  }
}
