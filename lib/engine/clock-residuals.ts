// What a host's clock makes of the packets that came to it and left it: the times between the sightings on its side and on the others'. A packet that
// seems to arrive before it left says that the clock is set wrong.
import { TAP_JITTER_NS } from '../correlate/clocks/clock-bounds';
import type { Correlation } from '../correlate/correlate';
import { captureOfRow } from '../correlate/input/input';

/** Samples at most: as many as a small chart can show. */
const MOST_SAMPLES = 2000;

export interface ClockResiduals {
  /** Reference time, ns after the base. */
  readonly time: Float64Array;
  /** Time at the host minus time at the other side, ns: above 0 for what came to it, below for what it sent, where the clock is right. */
  readonly residual: Float64Array;
  /** 1: it came to the host. */
  readonly arriving: Uint8Array;
  /** Samples that stand on the wrong side. */
  readonly impossible: number;
  /** By so much the taking of frames alone may put one on the wrong side. */
  readonly jitterNs: number;
}

/** `host`: `h1`. Of many packets every n-th, spread over all journeys. */
export function findClockResiduals(
  { journeys, input, clocks }: Correlation,
  host: string,
): ClockResiduals {
  const time: number[] = [];
  const residual: number[] = [];
  const arriving: number[] = [];
  let impossible = 0;
  const stride = Math.max(1, Math.ceil(journeys.count / MOST_SAMPLES));
  for (let journey = 0; journey < journeys.count; journey += stride) {
    const pattern = journeys.patterns[journeys.pattern[journey]];
    // What is sent to a group is flooded: where it is seen next, it did not come from where it was seen before.
    if (pattern.toGroup) continue;
    const first = journeys.firstSighting[journey];
    for (let s = first + 1; s < first + pattern.wayLength; s += 1) {
      const [before, after] = [journeys.sightingRow[s - 1], journeys.sightingRow[s]].map((row) => {
        const capture = captureOfRow(input, row);
        const own = input.captures[capture].table.get('time', row - input.rowBase[capture]);
        return { host: clocks.hostId(capture), time: clocks.referenceTime(capture, own) };
      });
      if (before.host === after.host || (before.host !== host && after.host !== host)) continue;
      const taken = after.time - before.time;
      const comes = after.host === host;
      time.push(before.time);
      residual.push(comes ? taken : -taken);
      arriving.push(comes ? 1 : 0);
      if (taken < 0) impossible += 1;
    }
  }
  return {
    time: Float64Array.from(time),
    residual: Float64Array.from(residual),
    arriving: Uint8Array.from(arriving),
    impossible,
    jitterNs: TAP_JITTER_NS,
  };
}
