// One frame after the other by its global row, without an object for each: for loops over the sightings of very many journeys.
import type { PacketColumns } from '../../model/packet-columns';
import type { ClockModel } from '../clocks/clocks';
import type { CorrelationInput } from '../input/input';

export class FrameCursor {
  capture = 0;
  /** The frame is row `i` of `columns`. */
  i = 0;
  columns: PacketColumns;
  private from = 0;
  private to = 0;

  constructor(
    private readonly input: CorrelationInput,
    private readonly clocks: ClockModel,
  ) {
    this.columns = input.captures[0]?.table.columnsOf(0);
  }

  place(globalRow: number): void {
    const { rowBase, captures } = this.input;
    // Sightings of one packet go from capture to capture: the next one is tried first.
    if (globalRow < this.from || globalRow >= this.to) {
      let capture = globalRow >= this.to ? this.capture : 0;
      while (globalRow >= rowBase[capture + 1]) capture += 1;
      this.capture = capture;
      this.from = rowBase[capture];
      this.to = rowBase[capture + 1];
    }
    const { table } = captures[this.capture];
    const row = globalRow - this.from;
    this.columns = table.columnsOf(row);
    this.i = table.indexInBlock(row);
  }

  /** ns after the capture's base by its own clock. */
  get ownTime(): number {
    return this.columns.time[this.i];
  }

  /** ns after the analysis' base by the reference clock. */
  get time(): number {
    return this.clocks.referenceTime(this.capture, this.columns.time[this.i]);
  }
}
