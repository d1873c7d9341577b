// Density over time: how many packets, losses, retransmissions and resets fall into each bin of the whole span.

import { captureOfRow } from '../correlate/input/input';
import { FATE_LOST } from '../model/fate';
import { PROTOCOL_TCP } from '../model/protocols';
import { TCP_RST } from '../model/tcp-flags';
import type { Analysis } from './analysis';
import type { OverviewWindow } from './protocol';

/** Bins of the overview at most. */
const MOST_BINS = 4096;

/** Counts of all journeys in `bins` equal bins; `chosen` counts those of the connections at these positions of the order. */
export function computeOverview(
  analysis: Analysis,
  bins: number,
  chosenPositions: readonly number[],
  revision: number,
): OverviewWindow {
  const { journeys, input, connections, order } = analysis.correlation;
  const count = Math.max(1, Math.min(MOST_BINS, Math.floor(bins)));
  const { from, to } = spanOfJourneys(analysis);
  const window: OverviewWindow = {
    revision,
    from,
    to,
    packets: new Uint32Array(count),
    losses: new Uint32Array(count),
    retransmissions: new Uint32Array(count),
    resets: new Uint32Array(count),
    chosen: new Uint32Array(count),
  };
  const isChosen = new Uint8Array(connections.count);
  for (const position of chosenPositions) isChosen[order[position]] = 1;
  const scale = to > from ? count / (to - from) : 0;
  let connection = 0;
  for (let journey = 0; journey < journeys.count; journey += 1) {
    while (journeys.firstJourney[connection + 1] <= journey) connection += 1;
    const bin = Math.min(count - 1, Math.floor((journeys.time[journey] - from) * scale));
    window.packets[bin] += 1;
    window.retransmissions[bin] += journeys.retransmission[journey];
    if (isChosen[connection]) window.chosen[bin] += 1;
    if (journeys.fate[journey] === FATE_LOST) window.losses[bin] += 1;
    if (connections.protocol[connection] !== PROTOCOL_TCP) continue;
    const globalRow = journeys.sightingRow[journeys.firstSighting[journey]];
    const capture = captureOfRow(input, globalRow);
    const flags = input.captures[capture].table.get('flags', globalRow - input.rowBase[capture]);
    if (flags & TCP_RST) window.resets[bin] += 1;
  }
  return window;
}

/** From the first packet to the last, ns after the base; both 0 where there is none. */
export function spanOfJourneys({ correlation }: Analysis): {
  readonly from: number;
  readonly to: number;
} {
  let from = Number.POSITIVE_INFINITY;
  let to = Number.NEGATIVE_INFINITY;
  for (const time of correlation.journeys.time) {
    if (time < from) from = time;
    if (time > to) to = time;
  }
  return from > to ? { from: 0, to: 0 } : { from, to };
}
