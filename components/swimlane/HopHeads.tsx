'use client';
// Between the heads of the lanes what each hop does with the packets that the filter lets through: latency, its distribution, losses, translations. A click shows it over time.
import { classNames } from '@/components/ui/class-names';
import { formatCount } from '@/components/ui/format-number';
import { logQuantile } from '@/lib/base/log-buckets';
import { formatDuration } from '@/lib/base/time';
import type { HopSummary, OrderGround } from '@/lib/model/connection';
import {
  describeBytes,
  describeCounts,
  describeLatency,
  describeOrder,
  ORDER_WORDS,
} from '@/lib/model/hop-text';
import { kindWord } from '@/lib/model/translation-table';
import { findFitting } from '@/lib/scene/badges';
import type { Placement } from '@/lib/scene/draft';
import { type HopCell, readHopCells } from '@/lib/scene/draw-frame';
import { type HistogramAxis, histogramAxis, histogramBars } from '@/lib/scene/hop-histogram';
import type { SceneLayout } from '@/lib/scene/layout';
import type { MeasureText } from '@/lib/scene/theme';
import { useWorkspace, workspace } from '@/lib/store/workspace';
import type { HopSeries, PacketChoice } from '@/lib/store/workspace-state';
import { hopKey } from '../overview/hop-choice';
import { useHopSeries } from './use-heat';

/** Height of the distributions, requests above their middle and replies below. */
const HISTOGRAM_PX = 15;
const MOST_HISTOGRAM_PX = 84;
const BAR_PX = 2;
/** Between the texts of neighbouring hops. */
const TEXT_GAP_PX = 6;
/** A text, a distribution and another text, with a little room beneath. */
export const HOP_HEAD_PX = 14 + HISTOGRAM_PX + 12 + 2;

export function HopHeads({
  layout,
  placement,
  measure,
  choice,
  viewPx,
}: {
  readonly layout: SceneLayout;
  readonly placement: Placement;
  readonly measure: MeasureText;
  readonly choice: PacketChoice;
  readonly viewPx: number;
}) {
  const series = useHopSeries(choice)?.hops ?? null;
  const isLive = useWorkspace((state) => state.session.kind === 'live');
  const axis = series === null ? null : histogramAxis(series.map(({ buckets }) => buckets));
  const isAll = choice.connections === null && choice.search === '';
  const cells = readHopCells(layout).filter(({ right }) => placement.x[right] <= viewPx);
  return cells.map((cell) => {
    const own = (hop: HopSummary | null) =>
      hop === null ? undefined : series?.find((one) => hopKey(one) === hopKey(hop));
    const hops = [own(cell.forward), own(cell.reverse)] as const;
    // Of all packets the summary tells exactly; of some the series does, to 5 %.
    const isSummary = isAll || series === null;
    const told = isSummary ? cell : { ...cell, ...readSeries(hops) };
    const hop = cell.forward ?? cell.reverse;
    return (
      <HopHead
        key={cell.left}
        cell={told}
        kinds={translationsAt(layout, cell)}
        hops={hops}
        isSummary={isSummary}
        axis={axis}
        placement={placement}
        measure={measure}
        onOpen={isLive && hop !== null ? () => workspace.showHop(hopKey(hop)) : null}
      />
    );
  });
}

type BothWays = readonly [HopSeries | undefined, HopSeries | undefined];

/** Latency and losses of what was counted. */
function readSeries(hops: BothWays): Pick<HopCell, 'latency' | 'lost'> {
  const medians = hops.flatMap((hop) => (hop === undefined ? [] : [logQuantile(hop.buckets, 0.5)]));
  const median = medians.find((ns) => !Number.isNaN(ns));
  const lost = hops.reduce((all, hop) => all + (hop === undefined ? 0 : sumOf(hop.lost)), 0);
  return { latency: median === undefined ? '' : formatDuration(median), lost };
}

/** `DNAT`, `SNAT`: what requests of the connections drawn are translated by there. */
function translationsAt({ summaries, plan }: SceneLayout, { left, right }: HopCell): string {
  const kinds = new Set<string>();
  for (const summary of summaries)
    for (const { from, to, direction, kind } of summary?.translations ?? [])
      if (
        direction === 'forward' &&
        plan.laneOfStop(0, from) === left &&
        plan.laneOfStop(0, to) === right
      )
        kinds.add(kindWord(kind));
  return [...kinds].join(', ');
}

function HopHead({
  cell,
  kinds,
  hops,
  isSummary,
  axis,
  placement,
  measure,
  onOpen,
}: {
  readonly cell: HopCell;
  readonly kinds: string;
  readonly hops: BothWays;
  /** The cell tells of all packets. */
  readonly isSummary: boolean;
  readonly axis: HistogramAxis | null;
  readonly placement: Placement;
  readonly measure: MeasureText;
  /** null: there is nothing to open. */
  readonly onOpen: (() => void) | null;
}) {
  const room = placement.x[cell.right] - placement.x[cell.left];
  const x = (placement.x[cell.left] + placement.x[cell.right]) / 2;
  const fitting = (...texts: readonly string[]): string =>
    findFitting(texts, room - TEXT_GAP_PX, (text) => measure(text, 'small')) ?? '';
  const lost = cell.lost > 0 ? `${formatCount(cell.lost)} lost` : '';
  const latency = fitting(
    ...(lost === '' ? [] : [`${cell.latency} · ${lost}`]),
    lost || cell.latency,
  );
  const isBoth = lost !== '' && latency.length > lost.length;
  const order = weakestOrder(cell);
  const doubt = order === 'certain' ? '' : `order ${ORDER_WORDS[order]}`;
  const said = (...texts: readonly string[]): string =>
    texts.filter((text) => text !== '').join(' · ');
  const rewritten = fitting(
    said(cell.tunnel, kinds, doubt),
    ...(order === 'tie' ? [said(kinds, doubt), said(kinds, 'tie')] : []),
    said(cell.tunnel, kinds),
    kinds || cell.tunnel || doubt,
    ...(kinds.includes(',') ? ['NAT'] : []),
  );
  const width = Math.min(MOST_HISTOGRAM_PX, room - 8);
  const described = describeHop(cell, kinds, isSummary ? null : hops);
  const content = (
    <>
      <span className="block h-3.5 leading-3.5">
        {lost === '' ? latency : isBoth && `${cell.latency} · `}
        {lost !== '' && latency !== '' && <span className="font-medium text-failure">{lost}</span>}
      </span>
      {axis !== null && width >= 16 && (
        <Histogram hops={hops} axis={axis} width={width} order={order} />
      )}
      <span className={classNames('block h-3 leading-3', kinds !== '' && 'font-medium text-nat')}>
        {rewritten}
      </span>
    </>
  );
  const place =
    'figures absolute top-[40px] -translate-x-1/2 text-2xs whitespace-nowrap text-muted';
  return onOpen === null ? (
    <div title={described} className={place} style={{ left: x }}>
      {content}
    </div>
  ) : (
    <button
      type="button"
      title={`${described}\nClick: over time, packet by packet`}
      aria-label={`Hop, ${described.replaceAll('\n', '; ')}`}
      className={`${place} flex flex-col items-center rounded-sm px-0.5 hover:bg-hover`}
      style={{ left: x }}
      onClick={onOpen}
    >
      {content}
    </button>
  );
}

/** How sure it is that the lanes stand in the order of the way: what either direction says least surely. */
function weakestOrder({ forward, reverse }: HopCell): OrderGround['confidence'] {
  const said = [forward, reverse].map((hop) => hop?.order?.confidence);
  return said.includes('tie') ? 'tie' : said.includes('likely') ? 'likely' : 'certain';
}

/** The axis is dashed where the order of its lanes is but likely, dotted where it is a tie. */
const AXIS_DASHES: Readonly<Record<OrderGround['confidence'], string | undefined>> = {
  certain: undefined,
  likely: '5 3',
  tie: '1 3',
};

/** Requests upwards, replies downwards. */
function Histogram({
  hops,
  axis,
  width,
  order,
}: {
  readonly order: OrderGround['confidence'];
  readonly hops: BothWays;
  readonly axis: HistogramAxis;
  readonly width: number;
}) {
  const half = (HISTOGRAM_PX - 1) / 2;
  const bars = Math.max(1, Math.floor(width / BAR_PX));
  const pathOf = (buckets: Uint32Array, side: -1 | 1): string =>
    Array.from(histogramBars(buckets, axis, bars), (share, at) =>
      share === 0
        ? ''
        : `M${at * BAR_PX} ${half}v${(side * Math.max(1, share * half)).toFixed(1)}h${BAR_PX}v${(-side * Math.max(1, share * half)).toFixed(1)}z`,
    ).join('');
  const [forward, reverse] = hops;
  return (
    <svg aria-hidden width={bars * BAR_PX} height={HISTOGRAM_PX} className="block">
      <path
        d={`M0 ${half}h${bars * BAR_PX}`}
        className="stroke-line-strong"
        strokeOpacity={order === 'certain' ? 0.5 : 1}
        strokeDasharray={AXIS_DASHES[order]}
      />
      {forward && <path d={pathOf(forward.buckets, -1)} className="fill-forward" />}
      {reverse && <path d={pathOf(reverse.buckets, 1)} className="fill-reverse" />}
    </svg>
  );
}

/** `counted`: null where the summary, which is of all packets, tells. */
function describeHop(
  { forward, reverse, tunnel }: HopCell,
  kinds: string,
  counted: BothWays | null,
): string {
  const lines = [forward, reverse].map((hop, side) =>
    hop === null ? null : counted === null ? describeAll(hop) : describeCounted(hop, counted[side]),
  );
  return [
    tunnel === '' ? null : `in ${tunnel}`,
    kinds === '' ? null : `translates: ${kinds}`,
    ...lines,
  ]
    .filter((text) => text !== null)
    .join('\n');
}

const describeAll = (hop: HopSummary): string =>
  [
    `${hop.direction}: ${describeLatency(hop.latencyNs)}; ${describeCounts(hop)}`,
    describeBytes(hop),
    hop.order && `order ${describeOrder(hop.order)}`,
  ]
    .filter((text) => text !== undefined)
    .join('; ');

function describeCounted({ direction, order }: HopSummary, series: HopSeries | undefined): string {
  if (series === undefined) return `${direction}: none of these packets`;
  const median = logQuantile(series.buckets, 0.5);
  const times = Number.isNaN(median)
    ? 'no latency known'
    : `median ${formatDuration(median)}, 99 % ${formatDuration(logQuantile(series.buckets, 0.99))}`;
  const grounds = order === undefined ? '' : `; order ${describeOrder(order)}`;
  return `${direction}: ${times}; ${formatCount(sumOf(series.journeys))} packets, ${formatCount(sumOf(series.lost))} lost, of those counted${grounds}`;
}

const sumOf = (counts: Uint32Array): number => counts.reduce((all, count) => all + count, 0);
