// Where the rows of a layout stand along the axis of time: evenly, with silences folded, or to scale. Two connections side by side share their places.
import { BOTH_SIDES } from './pair-rows';
import { ROW_BADGE, ROW_FAULT, type RowFacts } from './row-facts';

/** Distances of even spacing, document px at zoom 1. */
export const ROW_PX = 22;
export const BADGE_PX = 27;
const TOP_PX = 22;
const BOTTOM_PX = 36;
const GAP_PX = 26;
/** The same in strips, where texts lie along the time. */
const STRIP_ROW_PX = 26;
const STRIP_BADGE_PX = 96;
const STRIP_GAP_PX = 44;
/** The latency of most journeys drops the line by this much; slower ones by at most MOST_DROP_PX. */
const TYPICAL_DROP_PX = 11;
const MOST_DROP_PX = 16;
const LEAST_DROP_PX = -3;
/** A silence folds when it is this long and stands out from the time between packets. */
const LEAST_GAP_NS = 20e6;
const ALWAYS_GAP_NS = 200e6;
const GAP_TIMES_MEDIAN = 20;

export const clampDrop = (drop: number): number =>
  Math.min(MOST_DROP_PX, Math.max(LEAST_DROP_PX, drop));

/** Places along the axis of time: what a layout has of them. */
export interface RowPlaces {
  /** Sorted. */
  readonly y: Float64Array;
  /** Document px for a ns of latency within a row; used in even spacing alone. */
  readonly dropPerNs: number;
  /** Longest journey: how far above the view a row may begin that still reaches into it, in units of `y`. */
  readonly reach: number;
  /** Length of the document in units of `y`. */
  readonly length: number;
  /** Silences folded away: before row `gapRow[i]`, its strip's middle at `gapY[i]`, `gapNs[i]` long. */
  readonly gapRow: Uint32Array;
  readonly gapY: Float64Array;
  readonly gapNs: Float64Array;
  /** Which of two connections side by side is silent, or BOTH_SIDES. */
  readonly gapSide: Uint8Array;
  /** To scale: how much of each folded silence is left, ns; 0 where none is folded. */
  readonly foldNs: number;
}

/** A row a packet; those of two sides that stand beside each other share a place. A silence folds on the side that is silent. */
export function placeEvenly(
  facts: RowFacts,
  order: Uint32Array,
  isStrips: boolean,
  pair: { readonly isBeside: Uint8Array; readonly side: ArrayLike<number> } | null,
): RowPlaces {
  const { startNs, endNs, bits } = facts;
  const dropPerNs =
    TYPICAL_DROP_PX /
    Math.max(
      1,
      sampleQuantile(order.length, 0.95, (row) => endNs[order[row]] - startNs[order[row]]),
    );
  const medianGap = sampleQuantile(Math.max(0, order.length - 1), 0.5, (row) =>
    Math.abs(startNs[order[row + 1]] - startNs[order[row]]),
  );
  const y = new Float64Array(order.length);
  const gaps: { row: number; y: number; ns: number; side: number }[] = [];
  const [rowPx, badgePx, gapPx] = isStrips
    ? [STRIP_ROW_PX, STRIP_BADGE_PX, STRIP_GAP_PX]
    : [ROW_PX, BADGE_PX, GAP_PX];
  const last = [Number.NaN, Number.NaN, Number.NaN];
  let at = TOP_PX;
  for (let row = 0; row < order.length; ) {
    const end = row + (pair?.isBeside[row + 1] ? 2 : 1);
    let above = 0;
    let height = 0;
    let isSilent = false;
    for (let own = row; own < end; own++) {
      const journey = order[own];
      const side = pair === null ? BOTH_SIDES : pair.side[journey];
      const silence = startNs[journey] - last[side];
      last[side] = startNs[journey];
      if (
        silence >= ALWAYS_GAP_NS ||
        (silence >= LEAST_GAP_NS && silence >= GAP_TIMES_MEDIAN * medianGap)
      ) {
        gaps.push({ row: own, y: at + gapPx / 2 - rowPx / 2, ns: silence, side });
        isSilent = true;
      }
      const drop = clampDrop((endNs[journey] - startNs[journey]) * dropPerNs);
      const badge = bits[journey] & ROW_BADGE ? badgePx : 0;
      const fault = bits[journey] & ROW_FAULT ? badgePx : 0;
      // With a fault below, the translation that did happen stands above the line.
      if (fault > 0 && !isStrips) above = Math.max(above, badge);
      height = Math.max(height, rowPx + Math.max(0, drop) + (fault > 0 ? fault : badge));
    }
    at += (isSilent ? gapPx : 0) + above;
    for (; row < end; row++) y[row] = at;
    at += height;
  }
  return {
    y,
    dropPerNs,
    reach: MOST_DROP_PX + rowPx + 2 * badgePx,
    length: at + BOTTOM_PX,
    gapRow: Uint32Array.from(gaps, (gap) => gap.row),
    gapY: Float64Array.from(gaps, (gap) => gap.y),
    gapNs: Float64Array.from(gaps, (gap) => gap.ns),
    gapSide: Uint8Array.from(gaps, (gap) => gap.side),
    foldNs: 0,
  };
}

export function placeToScale(facts: RowFacts, order: Uint32Array, folds: boolean): RowPlaces {
  const { startNs, endNs } = facts;
  const { gapRow, gapNs, foldNs } = folds ? findFolds(facts, order) : NO_FOLDS;
  const y = new Float64Array(order.length);
  const gapY = new Float64Array(gapRow.length);
  const origin = order.length === 0 ? 0 : startNs[order[0]];
  let reach = 0;
  let length = 0;
  let folded = 0;
  let gap = 0;
  for (let row = 0; row < order.length; row++) {
    const journey = order[row];
    if (gapRow[gap] === row) {
      folded += gapNs[gap] - foldNs;
      gapY[gap] = startNs[journey] - origin - folded - foldNs / 2;
      gap++;
    }
    y[row] = startNs[journey] - origin - folded;
    reach = Math.max(reach, endNs[journey] - startNs[journey]);
    length = Math.max(length, endNs[journey] - origin - folded);
  }
  return {
    y,
    dropPerNs: 1,
    reach,
    length: Math.max(1, length),
    gapRow: Uint32Array.from(gapRow),
    gapY,
    gapNs: Float64Array.from(gapNs),
    gapSide: new Uint8Array(gapRow.length).fill(BOTH_SIDES),
    foldNs,
  };
}

interface Folds {
  readonly gapRow: readonly number[];
  readonly gapNs: readonly number[];
  readonly foldNs: number;
}
const NO_FOLDS: Folds = { gapRow: [], gapNs: [], foldNs: 0 };

/** A silence to scale folds when it takes this share of all the time: shorter ones can be seen as they are. */
const LEAST_FOLD_SHARE = 0.04;
/** All folds together take this share of what is left of the time, and no fold more than the most. */
const FOLDS_SHARE = 0.5;
const MOST_FOLD_SHARE = 0.06;

/** Silences, in which no packet is on its way, that are long beside the whole. What is left of each is the same. */
function findFolds({ startNs, endNs }: RowFacts, order: Uint32Array): Folds {
  if (order.length === 0) return NO_FOLDS;
  const origin = startNs[order[0]];
  let last = origin;
  for (const journey of order) last = Math.max(last, endNs[journey]);
  const least = LEAST_FOLD_SHARE * (last - origin);
  const gapRow: number[] = [];
  const gapNs: number[] = [];
  let busyTo = origin;
  let left = last - origin;
  order.forEach((journey, row) => {
    const silence = startNs[journey] - busyTo;
    if (silence > 0 && silence >= least) {
      gapRow.push(row);
      gapNs.push(silence);
      left -= silence;
    }
    busyTo = Math.max(busyTo, endNs[journey]);
  });
  if (gapRow.length === 0) return NO_FOLDS;
  const share = Math.min(MOST_FOLD_SHARE, FOLDS_SHARE / gapRow.length);
  // Where all of it was silence, the folds are all there is to see.
  const foldNs = Math.min(least, Math.max(1, left, 1e-6 * (last - origin)) * share);
  return { gapRow, gapNs, foldNs };
}

/** Quantile of at most 2048 evenly picked values; 0 without values. */
function sampleQuantile(count: number, quantile: number, value: (index: number) => number): number {
  if (count === 0) return 0;
  const picked = Math.min(count, 2048);
  const values = Float64Array.from({ length: picked }, (_, i) =>
    value(Math.floor((i * count) / picked)),
  ).sort();
  return values[Math.min(picked - 1, Math.floor(quantile * picked))];
}
