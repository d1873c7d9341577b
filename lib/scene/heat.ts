// Connections too long to be drawn packet by packet: what crossed each hop in each bin of time, how long it took, what was lost. One view of it as marks.
import { type Draft, placeScene, type SceneView, timeOrigin } from './draft';
import { drawLaneLines, drawTimeTicks } from './draw-frame';
import { drawStripHeads } from './draw-strips';
import { drawTuples } from './draw-tuples';
import { latencyScale } from './hop-plot';
import type { SceneLayout } from './layout';
import { type MarkSink, Marks } from './marks';
import { type MeasureText, ROLE } from './theme';
import { turnMarks } from './turned-marks';

/** One hop in equal bins: what the engine's HopSeries holds. */
export interface HeatHop {
  /** Stops of the direction's way. */
  readonly from: string;
  readonly to: string;
  readonly direction: 'forward' | 'reverse';
  readonly journeys: Uint32Array;
  readonly lost: Uint32Array;
  /** ns; NaN: none, or no clock tells. */
  readonly median: Float64Array;
  readonly high: Float64Array;
}

/** Counts in equal bins of `from` … `to`, ns after the base. */
export interface HeatCounts {
  readonly from: number;
  readonly to: number;
  readonly packets: Uint32Array;
  readonly hops: readonly HeatHop[];
}

export interface HeatScene {
  readonly body: Marks;
  readonly pinned: Marks;
}

const LOSS_PX = 22;
const TRACE_PX = 2;
/** Between a lane and the shortest and longest latency. */
const INSET_PX = 6;
/** A bin that holds anything is seen. */
const LEAST_PX = 1;
const LEAST_LOSS_PX = 3;

/** The lanes of a layout over the time `from` … `to` to scale, with no rows: what pan and zoom of the heat reckon with. */
export function heatLayoutOf(layout: SceneLayout, from: number, to: number): SceneLayout {
  return {
    ...layout,
    input: { ...layout.input, timeMode: 'absolute' },
    rowCount: 0,
    order: new Uint32Array(0),
    rowOf: null,
    y: new Float64Array(0),
    originNs: from,
    zeroNs: from,
    length: Math.max(1, to - from),
    reach: 0,
    dropPerNs: 1,
    gapRow: new Uint32Array(0),
    gapY: new Float64Array(0),
    gapNs: new Float64Array(0),
    gapSide: new Uint8Array(0),
    foldNs: 0,
    steps: [],
    notes: [],
  };
}

/** `layout`: of heatLayoutOf. */
/** Marks of `reuse` are overwritten when given. */
export function drawHeat(
  layout: SceneLayout,
  counts: HeatCounts,
  view: SceneView,
  measure: MeasureText,
  reuse?: HeatScene,
): HeatScene {
  const { body, pinned } = reuse ?? { body: new Marks(), pinned: new Marks() };
  body.reset();
  pinned.reset();
  const isStrips = layout.input.arrangement === 'strips';
  const ownView = isStrips ? { ...view, width: view.height, height: view.width } : view;
  const placement = placeScene(layout, ownView.width, view.left);
  const marks = isStrips ? turnMarks(body) : body;
  const draft: Draft = { layout, view: ownView, placement, measure, marks, taken: [], steps: [] };
  drawTimeTicks(draft);
  drawCells(draft, counts);
  drawLaneLines(draft);
  const told = {
    forward: layout.exemplars.forward[0] ?? -1,
    reverse: layout.exemplars.reverse[0] ?? -1,
  };
  if (isStrips) drawStripHeads(draft, pinned, told);
  else drawTuples({ ...draft, marks: pinned }, told);
  return { body, pinned };
}

/** Bins in view: the first, and the one behind the last. */
function binsInView(
  { layout, view }: Draft,
  { from, to, packets }: HeatCounts,
): readonly [number, number] {
  const perNs = packets.length / Math.max(1, to - from);
  const start = layout.originNs + view.top;
  const end = start + view.height / view.scale;
  return [
    Math.max(0, Math.floor((start - from) * perNs) - 1),
    Math.min(packets.length, Math.ceil((end - from) * perNs) + 1),
  ];
}

/** The hops of both directions between two lanes. */
interface HeatColumn {
  readonly left: number;
  readonly width: number;
  readonly hops: readonly HeatHop[];
}

function readColumns({ layout, placement }: Draft, { hops }: HeatCounts): readonly HeatColumn[] {
  const columns = new Map<string, HeatColumn>();
  for (const hop of hops) {
    const [low, high] = lanesOf(layout, hop);
    if (low < 0 || low === high) continue;
    const key = `${low} ${high}`;
    const [left, right] = [placement.x[low], placement.x[high]];
    const known = columns.get(key)?.hops ?? [];
    columns.set(key, { left, width: right - left, hops: [...known, hop] });
  }
  return [...columns.values()];
}

/** The hop's lanes, the left one first; −1 where one is hidden. */
function lanesOf(
  { plan }: SceneLayout,
  { from, to, direction }: HeatHop,
): readonly [number, number] {
  const side = direction === 'forward' ? 0 : 1;
  const [a, b] = [plan.laneOfStop(side, from), plan.laneOfStop(side, to)];
  return [Math.min(a, b), Math.max(a, b)];
}

function drawCells(draft: Draft, counts: HeatCounts): void {
  const { layout, marks, view } = draft;
  const [first, end] = binsInView(draft, counts);
  const binNs = (counts.to - counts.from) / counts.packets.length;
  const origin = timeOrigin(layout);
  const topOf = (bin: number): number =>
    origin + (counts.from + bin * binNs - layout.originNs - view.top) * view.scale;
  const places = { first, end, topOf, heightPx: Math.max(LEAST_PX, binNs * view.scale) };
  const columns = readColumns(draft, counts);
  const most = counts.hops.reduce((all, { journeys }) => Math.max(all, maximum(journeys)), 1);
  for (const column of columns) drawDensity(marks, column, Math.log1p(2 * most), places);
  for (const { hops, left, width } of columns)
    for (const hop of hops) drawLatency(marks, hop, left, width, places);
  for (const column of columns) drawLosses(marks, column, places);
}

/** Strength says how many crossed, on a logarithmic scale; the colour is of the direction that most of them went. */
function drawDensity(
  marks: MarkSink,
  { hops, left, width }: HeatColumn,
  full: number,
  { first, end, topOf, heightPx }: BinPlaces,
): void {
  for (let bin = first; bin < end; bin++) {
    let count = 0;
    let ruling = hops[0];
    for (const hop of hops) {
      count += hop.journeys[bin];
      if (hop.journeys[bin] > ruling.journeys[bin]) ruling = hop;
    }
    if (count === 0) continue;
    const alpha = 0.06 + 0.3 * (Math.log1p(count) / full);
    marks.band(left, topOf(bin), width, heightPx, ROLE[ruling.direction], alpha);
  }
}

function drawLosses(
  marks: MarkSink,
  { hops, left, width }: HeatColumn,
  { first, end, topOf, heightPx }: BinPlaces,
): void {
  const all = Math.log1p(hops.reduce((most, { lost }) => Math.max(most, maximum(lost)), 0));
  const losses = Math.min(LOSS_PX, width);
  const height = Math.max(LEAST_LOSS_PX, heightPx);
  for (let bin = first; bin < end; bin++) {
    const lost = hops.reduce((most, hop) => Math.max(most, hop.lost[bin]), 0);
    if (lost === 0) continue;
    const alpha = 0.55 + 0.45 * (Math.log1p(lost) / all);
    marks.band(left + (width - losses) / 2, topOf(bin), losses, height, ROLE.failure, alpha);
  }
}

interface BinPlaces {
  readonly first: number;
  readonly end: number;
  readonly topOf: (bin: number) => number;
  readonly heightPx: number;
}

/** The median as a trace down the hop, short latencies left, and up to the 99th percentile a fainter one. */
function drawLatency(
  marks: MarkSink,
  hop: HeatHop,
  left: number,
  width: number,
  { first, end, topOf, heightPx }: BinPlaces,
): void {
  if (width < 3 * INSET_PX) return;
  // One scale for the whole of it, so that it does not jump while one pans.
  const scale = latencyScale(
    [...hop.median, ...hop.high],
    left + width - INSET_PX,
    left + INSET_PX,
  );
  if (scale === null) return;
  for (let bin = first; bin < end; bin++) {
    if (Number.isNaN(hop.median[bin])) continue;
    const [at, high] = [scale.y(hop.median[bin]), scale.y(hop.high[bin])];
    marks.band(at, topOf(bin), Math.max(0, high - at), heightPx, ROLE[hop.direction], 0.25);
    marks.band(at - TRACE_PX / 2, topOf(bin), TRACE_PX, heightPx, ROLE[hop.direction], 1);
  }
}

const maximum = (counts: Uint32Array): number => {
  let most = 0;
  for (const count of counts) if (count > most) most = count;
  return most;
};

/** Packets of the bins that a span touches. */
export function packetsWithin(
  { from, to, packets }: HeatCounts,
  [start, end]: readonly [number, number],
): number {
  const binNs = Math.max(1, to - from) / packets.length;
  let sum = 0;
  const first = Math.max(0, Math.floor((start - from) / binNs));
  for (let bin = first; bin < packets.length && from + bin * binNs < end; bin++)
    sum += packets[bin];
  return sum;
}

export interface HeatReading {
  readonly direction: 'forward' | 'reverse';
  readonly packets: number;
  readonly lost: number;
  /** ns; NaN: not known. */
  readonly median: number;
}

/** What crossed the hop under a place of the axis of lanes in the bin of a time; null where there is none. `lanes`: their middles, px. */
export function readHeatAt(
  layout: SceneLayout,
  { from, to, packets, hops }: HeatCounts,
  timeNs: number,
  lanes: Float64Array,
  px: number,
): { readonly name: string; readonly readings: readonly HeatReading[] } | null {
  const bin = Math.floor(((timeNs - from) / Math.max(1, to - from)) * packets.length);
  if (bin < 0 || bin >= packets.length) return null;
  let name = '';
  const readings: HeatReading[] = [];
  for (const hop of hops) {
    const [low, high] = lanesOf(layout, hop);
    if (low < 0 || hop.journeys[bin] + hop.lost[bin] === 0) continue;
    if (px < lanes[low] || px >= lanes[high]) continue;
    name = `${layout.plan.lanes[low].name} – ${layout.plan.lanes[high].name}`;
    const { direction, journeys, lost, median } = hop;
    readings.push({
      direction,
      packets: journeys[bin],
      lost: lost[bin],
      median: median[bin],
    });
  }
  return readings.length === 0 ? null : { name, readings };
}
