// How often each point's capture misses packets that did pass it: what passed it unseen, seen before or after it, or acknowledged and yet not seen there.

import type { JourneyTable } from '../journeys/journeys';
import type { CaptureWindows } from './capture-windows';
import type { Ways } from './ways';

/** Weight of what all captures together miss, in packets, against what a point shows itself: they are mostly taken with one tool on machines under one load. */
const COMMON_WEIGHT = 50;
/** Captures that miss one packet do so together, as a busy machine makes them: of what one missed another misses at least this share. */
const LEAST_TOGETHER = 0.1;

export class CaptureMisses {
  private readonly misses = new Map<number, number>();
  private readonly sightings = new Map<number, number>();

  constructor(journeys: JourneyTable, ways: Ways, windows: CaptureWindows) {
    const { patterns, pattern, count, firstSighting, sightingRow } = journeys;
    for (const one of patterns)
      for (let position = 0; position < one.wayLength; position += 1) {
        const { point } = one.stations.shape.looks[one.order[position]];
        this.sightings.set(point, (this.sightings.get(point) ?? 0) + one.uses);
      }
    const skips = patterns.map((one) => ways.passedUnseen(one));
    if (skips.every((list) => list.length === 0)) return;
    for (let journey = 0; journey < count; journey += 1)
      for (const { position, station } of skips[pattern[journey]])
        if (windows.covers(station.capture, sightingRow[firstSighting[journey] + position], 0))
          this.note(station.point);
  }

  /** One more packet that passed a point unseen. */
  note(point: number): void {
    this.misses.set(point, (this.misses.get(point) ?? 0) + 1);
  }

  /** Share of the packets, 0 … 1, that all of these points' captures are taken to miss together. 0 where no capture is known to miss any. */
  shareMissedAt(points: Iterable<number>): number {
    const common = sum(this.misses) / Math.max(1, sum(this.misses) + sum(this.sightings));
    const shares = [...points].map((point) => {
      const missed = this.misses.get(point) ?? 0;
      const passed = missed + (this.sightings.get(point) ?? 0);
      return (missed + COMMON_WEIGHT * common) / (passed + COMMON_WEIGHT);
    });
    const [least = 0, ...others] = shares.sort((a, b) => a - b);
    return others.reduce((all, share) => all * Math.max(share, LEAST_TOGETHER), least);
  }
}

const sum = (counts: ReadonlyMap<number, number>): number =>
  [...counts.values()].reduce((all, one) => all + one, 0);
