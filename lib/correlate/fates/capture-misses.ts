// How often each point's capture misses packets that did pass it: what passed it unseen, seen before or after it, or acknowledged and yet not seen there.

import type { JourneyTable } from '../journeys/journeys';
import { JOURNEY_YIELD_ROWS, PATTERN_YIELD } from '../limits';
import type { Station } from '../stations/stations';
import type { CaptureWindows } from './capture-windows';
import type { Ways } from './ways';

/** Weight of what all captures together miss, in packets, against what a point shows itself: they are mostly taken with one tool on machines under one load. */
const COMMON_WEIGHT = 50;
/** Captures that miss one packet do so together, as a busy machine makes them: of what one missed another misses at least this share. */
const LEAST_TOGETHER = 0.1;
/** Weight of that share, in packets, against what these captures are known to have missed together and alone. */
const TOGETHER_WEIGHT = 10;

export class CaptureMisses {
  private readonly misses = new Map<number, number>();
  private readonly sightings = new Map<number, number>();
  /** Packets that several captures missed, and that one did. */
  private together = 0;
  private alone = 0;

  /** Counts what patterns show: before anything is asked. Yields now and then. */
  *learn(journeys: JourneyTable, ways: Ways, windows: CaptureWindows): Generator<number> {
    const { patterns, pattern, count, firstSighting, sightingRow } = journeys;
    const skips: ReturnType<Ways['passedUnseen']>[] = [];
    for (const [index, one] of patterns.entries()) {
      if (index % PATTERN_YIELD === PATTERN_YIELD - 1) yield 0;
      for (let position = 0; position < one.wayLength; position += 1) {
        const { point } = one.stations.shape.looks[one.order[position]];
        this.sightings.set(point, (this.sightings.get(point) ?? 0) + one.uses);
      }
      skips.push(ways.passedUnseen(one));
    }
    if (skips.every((list) => list.length === 0)) return;
    for (let journey = 0; journey < count; journey += 1) {
      if (journey % JOURNEY_YIELD_ROWS === JOURNEY_YIELD_ROWS - 1) yield 0;
      for (const { position, station } of skips[pattern[journey]])
        if (windows.covers(station.capture, sightingRow[firstSighting[journey] + position], 0))
          this.note([station]);
    }
  }

  /** One more packet that passed these unseen, all that lay before it. */
  note(stations: readonly Station[]): void {
    // A miss by one recording may be a miss at all of its points.
    const points = new Map(stations.map(({ capture, point }) => [capture, point]));
    if (points.size > 1) this.together += 1;
    else this.alone += 1;
    for (const point of points.values()) this.misses.set(point, (this.misses.get(point) ?? 0) + 1);
  }

  /** Share of the packets, 0 … 1, that all of these points' captures are taken to miss together. 0 where no capture is known to miss any. */
  shareMissedAt(points: Iterable<number>): number {
    const common = sum(this.misses) / Math.max(1, sum(this.misses) + sum(this.sightings));
    const shares = [...points].map((point) => {
      const missed = this.misses.get(point) ?? 0;
      const passed = missed + (this.sightings.get(point) ?? 0);
      return (missed + COMMON_WEIGHT * common) / (passed + COMMON_WEIGHT);
    });
    const together =
      (this.together + TOGETHER_WEIGHT * LEAST_TOGETHER) /
      (this.together + this.alone + TOGETHER_WEIGHT);
    const [least = 0, ...others] = shares.sort((a, b) => a - b);
    return others.reduce((all, share) => all * Math.max(share, LEAST_TOGETHER, together), least);
  }
}

const sum = (counts: ReadonlyMap<number, number>): number =>
  [...counts.values()].reduce((all, one) => all + one, 0);
