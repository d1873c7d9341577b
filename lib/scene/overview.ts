// Geometry of the overview: small multiples over one axis of time, and the brush on them. No DOM: the page and the report draw it.
import { formatDuration, formatSeconds, NANOSECONDS_PER_SECOND } from '../base/time';
import type { ColourRole } from './theme';

/** Counts over equal bins of the time `from` … `to`, ns after the base; what the engine's OverviewWindow holds. */
export interface OverviewCounts {
  readonly from: number;
  readonly to: number;
  readonly packets: Uint32Array;
  readonly losses: Uint32Array;
  readonly retransmissions: Uint32Array;
  readonly resets: Uint32Array;
  /** Packets of the connections that the swimlane shows. */
  readonly chosen: Uint32Array;
}

export interface OverviewSeries {
  readonly key: 'packets' | 'losses' | 'retransmissions' | 'resets';
  readonly label: string;
  readonly role: ColourRole;
  /** Share of the height. */
  readonly share: number;
}

/** From the top. Packets are a profile, the others are events: a mark wherever there is one. */
export const OVERVIEW_SERIES: readonly OverviewSeries[] = [
  { key: 'packets', label: 'packets', role: 'ink-faint', share: 0.52 },
  { key: 'losses', label: 'lost', role: 'failure', share: 0.16 },
  { key: 'resets', label: 'resets', role: 'failure', share: 0.16 },
  { key: 'retransmissions', label: 'retries', role: 'retransmission', share: 0.16 },
];

/** Heights 0 … 1 of bars: square roots, so that a lone packet is still seen beside a burst. */
export function barHeights(counts: ArrayLike<number>): Float64Array {
  let most = 0;
  for (let bin = 0; bin < counts.length; bin++) most = Math.max(most, counts[bin]);
  return Float64Array.from({ length: counts.length }, (_, bin) =>
    most === 0 ? 0 : Math.sqrt(counts[bin] / most),
  );
}

export type Span = readonly [number, number];

export interface TimeAxis {
  readonly fromNs: number;
  readonly toNs: number;
  readonly widthPx: number;
}

export const timeToX = ({ fromNs, toNs, widthPx }: TimeAxis, time: number): number =>
  ((time - fromNs) / Math.max(1, toNs - fromNs)) * widthPx;

export const xToTime = ({ fromNs, toNs, widthPx }: TimeAxis, x: number): number =>
  fromNs + (Math.min(widthPx, Math.max(0, x)) / Math.max(1, widthPx)) * (toNs - fromNs);

/** A span and what it is of: `2.535 – 2.552 s of 13.8 s`, with as many digits as tell its ends apart. */
export function formatSpan({ from, to }: Pick<OverviewCounts, 'from' | 'to'>, span: Span): string {
  const seconds = (span[1] - span[0]) / NANOSECONDS_PER_SECOND;
  const digits = Math.min(9, Math.max(3, 1 - Math.floor(Math.log10(Math.max(1e-9, seconds)))));
  const [begin, end] = span.map((time) => formatSeconds(time - from, digits));
  return `${begin} – ${end} s of ${formatDuration(to - from)}`;
}

export type BrushPart = 'outside' | 'inside' | 'start' | 'end';

const HANDLE_PX = 6;
/** Fewer px are a click, not a span. */
const LEAST_BRUSH_PX = 3;

/** What of the brush is under x. A brush thinner than its handles is moved, not resized. */
export function brushPartAt(axis: TimeAxis, span: Span | null, x: number): BrushPart {
  if (span === null) return 'outside';
  const [start, end] = [timeToX(axis, span[0]), timeToX(axis, span[1])];
  if (end - start > 2 * HANDLE_PX) {
    if (Math.abs(x - start) <= HANDLE_PX) return 'start';
    if (Math.abs(x - end) <= HANDLE_PX) return 'end';
  }
  return x >= start - HANDLE_PX && x <= end + HANDLE_PX ? 'inside' : 'outside';
}

/** The span while a drag goes on that began at `fromX` on a part of the span at that time; null: too small to mean anything. */
export function dragBrush(
  axis: TimeAxis,
  part: BrushPart,
  before: Span | null,
  fromX: number,
  toX: number,
): Span | null {
  if (part === 'outside' || before === null) {
    if (Math.abs(toX - fromX) < LEAST_BRUSH_PX) return null;
    return ordered(xToTime(axis, fromX), xToTime(axis, toX));
  }
  if (part === 'inside') return shiftSpan(axis, before, xToTime(axis, toX) - xToTime(axis, fromX));
  return part === 'start'
    ? ordered(xToTime(axis, toX), before[1])
    : ordered(before[0], xToTime(axis, toX));
}

/** The span moved by some ns, kept whole within the axis. */
export function shiftSpan({ fromNs, toNs }: TimeAxis, [start, end]: Span, byNs: number): Span {
  const by = Math.max(fromNs - start, Math.min(toNs - end, byNs));
  return [start + by, end + by];
}

const ordered = (a: number, b: number): Span => (a <= b ? [a, b] : [b, a]);
