// Whether a capture was running when a packet must have come to it: by its first and last frame, and by what the clocks leave open.
import type { ClockModel } from '../clocks/clocks';
import { type CorrelationInput, captureOfRow } from '../input/input';

/** What two clocks may have moved apart by where packets run one way only: seldom more in the span of a capture, and no bound. */
const UNBOUNDED_NS = 10_000_000;

export class CaptureWindows {
  constructor(
    private readonly input: CorrelationInput,
    private readonly clocks: ClockModel,
  ) {}

  /** Whether the capture had frames before and after the time that a packet, last seen as `globalRow`, may have come to it: at once, or `delay` ns later. */
  covers(capture: number, globalRow: number, delay: number): boolean {
    const from = captureOfRow(this.input, globalRow);
    const time = this.input.captures[from].table.get('time', globalRow - this.input.rowBase[from]);
    const left = this.clocks.referenceTime(from, time);
    const { spans, baseDelta } = this.input.captures[capture];
    const edge = (own: number): { reference: number; error: number } => ({
      reference: this.clocks.referenceTime(capture, own - baseDelta),
      error: this.clocks.leewayAt(from, time, capture, own - baseDelta, UNBOUNDED_NS),
    });
    return spans.some(([begin, end]) => {
      const [first, last] = [edge(begin), edge(end)];
      return left - first.error >= first.reference && left + delay + last.error <= last.reference;
    });
  }
}
