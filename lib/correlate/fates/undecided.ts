// Packets not seen further that nothing acknowledges (pure ACKs, RSTs, most datagrams): lost, or missed by every capture after? The company they keep decides.
import { FATE_LOST, FATE_UNKNOWN, type FateReason, fateReasonCode } from '../../model/fate';
import { makeStop, stopPoint } from '../../model/stop';
import type { JourneyTable } from '../journeys/journeys';
import type { Station } from '../stations/stations';
import type { CaptureMisses } from './capture-misses';
import type { Ways } from './ways';

/** An undecided journey with the stop it was last seen at and the one it should have reached. */
export interface Candidate {
  readonly journey: number;
  readonly from: Station;
  readonly fromPassage: number;
  readonly to: Station;
  readonly toPassage: number;
  /** The longest time known from the one to the other, ns. */
  readonly delay: number;
}

/** Of the packets that ended at a hop, how many a miss may explain for each of them to be called lost. */
const MISSED_AT_MOST = 0.1;

/** What is known of a hop from one point to another, whichever passage it is. */
interface HopCount {
  /** Packets seen on both sides. */
  passed: number;
  /** Packets proven to be lost there. */
  lost: number;
  readonly undecided: Candidate[];
}

export function settleUndecided(
  journeys: JourneyTable,
  ways: Ways,
  misses: CaptureMisses,
  undecided: readonly Candidate[],
): void {
  if (undecided.length === 0) return;
  for (const hop of countHops(journeys, undecided)) {
    if (hop.undecided.length === 0) continue;
    const ended = hop.lost + hop.undecided.length;
    for (const candidate of hop.undecided) {
      const onward = ways.onward(
        journeys.patterns[journeys.pattern[candidate.journey]],
        candidate.to,
      );
      // A miss by one recording may be a miss at all of its points.
      const points = new Map(onward.map(({ capture, point }) => [capture, point])).values();
      const explained = misses.shareMissedAt(points) * (hop.passed + ended);
      if (explained > MISSED_AT_MOST * ended)
        settle(journeys, candidate, FATE_UNKNOWN, 'capture-misses');
      else settle(journeys, candidate, FATE_LOST, 'not-seen-further');
    }
  }
}

function countHops(journeys: JourneyTable, undecided: readonly Candidate[]): Iterable<HopCount> {
  const hops = new Map<number, HopCount>();
  const hopOf = (from: number, to: number): HopCount => {
    const key = from * 65_536 + to;
    let hop = hops.get(key);
    if (hop === undefined) {
      hop = { passed: 0, lost: 0, undecided: [] };
      hops.set(key, hop);
    }
    return hop;
  };
  for (const candidate of undecided)
    hopOf(candidate.from.point, candidate.to.point).undecided.push(candidate);
  for (const { order, wayLength, stations, uses } of journeys.patterns) {
    const point = (position: number): number => stations.shape.looks[order[position]].point;
    for (let position = 1; position < wayLength; position += 1)
      hopOf(point(position - 1), point(position)).passed += uses;
  }
  for (let journey = 0; journey < journeys.count; journey += 1)
    if (journeys.fate[journey] === FATE_LOST)
      hopOf(
        stopPoint(journeys.stops.fromOf(journey)),
        stopPoint(journeys.stops.toOf(journey)),
      ).lost += 1;
  return hops.values();
}

/** Writes a candidate's fate, with the hop that it is about. */
export function settle(
  journeys: JourneyTable,
  candidate: Candidate,
  fate: number,
  reason: FateReason,
): void {
  const { journey, from, fromPassage, to, toPassage } = candidate;
  journeys.stops.set(journey, makeStop(from.point, fromPassage), makeStop(to.point, toPassage));
  journeys.fate[journey] = fate;
  journeys.reason[journey] = fateReasonCode(reason);
}
