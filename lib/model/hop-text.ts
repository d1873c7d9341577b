// What a hop does to packets, in words: latencies with their bound, loss, reordering, duplication, and how sure the order of its two stops is.
import { formatDuration } from '../base/time';
import type { HopSummary, OrderGround } from './connection';
import { describeBound } from './latency-error';

const GROUNDS: Readonly<Record<OrderGround['ground'], string>> = {
  ttl: 'the TTL falls',
  time: 'by time, beyond what clocks leave open',
  'both-directions': 'by the times of both directions, in which clocks cancel',
  ends: 'one of them is an end’s own interface, or its host end',
  macs: 'the one’s frames are addressed to who sends the other’s',
  hosts: 'packets leave a host once',
  none: 'nothing tells which comes first; they stand in order of file name',
};

/** `a tie` */
export const ORDER_WORDS: Readonly<Record<OrderGround['confidence'], string>> = {
  certain: 'certain',
  likely: 'likely',
  tie: 'a tie',
};

/** `certain: the TTL falls` */
export const describeOrder = ({ confidence, ground }: OrderGround): string =>
  `${ORDER_WORDS[confidence]}: ${GROUNDS[ground]}`;

/** `min 1 µs, median 2 µs, 99 % 22 µs, max 23 µs, ± 22.5 µs by the clocks` */
export function describeLatency(latency: HopSummary['latencyNs']): string {
  if (latency === null) return 'latency not known';
  const { min, p50, p99, max, error } = latency;
  return `min ${formatDuration(min)}, median ${formatDuration(p50)}, 99 % ${formatDuration(p99)}, max ${formatDuration(max)}${describeBound(error)}`;
}

/** `474 packets, 2 lost, 1 reordered, 3 duplicated`; what is none is not said, but that none was lost. */
export function describeCounts({
  journeys,
  lost,
  reordered = 0,
  duplicated = 0,
}: Pick<HopSummary, 'journeys' | 'lost' | 'reordered' | 'duplicated'>): string {
  return [
    `${journeys.toLocaleString('en-GB')} ${journeys === 1 ? 'packet' : 'packets'}`,
    `${lost.toLocaleString('en-GB')} lost`,
    ...(reordered > 0 ? [`${reordered.toLocaleString('en-GB')} reordered`] : []),
    ...(duplicated > 0 ? [`${duplicated.toLocaleString('en-GB')} duplicated`] : []),
  ].join(', ');
}

/** How long frames that were cut or joined on the hop took, by their first byte and by their last; undefined: none were. */
export const describeBytes = ({ cutFrames }: HopSummary): string | undefined =>
  cutFrames &&
  `${cutFrames.frames.toLocaleString('en-GB')} ${cutFrames.frames === 1 ? 'frame' : 'frames'} cut or joined: first byte ${formatDuration(cutFrames.firstByteNs)}, last byte ${formatDuration(cutFrames.lastByteNs)} (medians)`;
