// The times of very many sightings, in one go: as they were kept while journeys were made, else read from tables that lie far apart in memory.
import type { ClockModel } from '../clocks/clocks';
import type { CorrelationInput } from '../input/input';
import { RowCursor } from '../input/row-cursor';
import type { JourneyTable } from './journeys';

/** Sightings that are read at once, at least. */
const STRETCH = 16_384;

export class SightingTimes {
  /** The first sighting of those that were read last: index 0 of what follows. */
  base = 0;
  /** By sighting of these: its capture, and its time by the capture's column and by the reference clock, ns after the base. */
  capture = new Uint16Array(0);
  own = new Float64Array(0);
  time = new Float64Array(0);
  private end = 0;
  private readonly cursor: RowCursor;

  constructor(
    private readonly input: CorrelationInput,
    private readonly clocks: ClockModel,
    private readonly journeys: JourneyTable,
  ) {
    this.cursor = new RowCursor(input);
  }

  /** Reads those of the sightings `from … to`, and of some that follow. */
  read(from: number, to: number): void {
    if (from >= this.base && to <= this.end) return;
    this.readStretch(
      from,
      Math.max(to, Math.min(from + STRETCH, this.journeys.sightingRow.length)),
    );
  }

  private readStretch(from: number, to: number): void {
    this.base = from;
    this.end = to;
    if (this.capture.length < to - from) {
      this.capture = new Uint16Array(to - from);
      this.own = new Float64Array(to - from);
      this.time = new Float64Array(to - from);
    }
    this.findCaptures(from, to);
    const { draft } = this.journeys;
    if (draft === undefined) this.readTables(from, to);
    else this.own.set(draft.ownTime.subarray(from, to));
    this.clocks.referenceTimes(this.capture, this.own, to - from, this.time);
  }

  private findCaptures(from: number, to: number): void {
    const { capture } = this;
    const { sightingRow } = this.journeys;
    const { rowBase } = this.input;
    for (let s = from, at = 0; s < to; s += 1) {
      const row = sightingRow[s];
      while (row < rowBase[at]) at -= 1;
      while (row >= rowBase[at + 1]) at += 1;
      capture[s - from] = at;
    }
  }

  private readTables(from: number, to: number): void {
    const { cursor, own } = this;
    const { sightingRow } = this.journeys;
    for (let s = from; s < to; s += 1) {
      const i = cursor.seek(sightingRow[s]);
      own[s - from] = cursor.columns.time[i];
    }
  }
}
