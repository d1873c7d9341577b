// Rows too close for lines: how many journeys crossed each hop in each stripe of the view. What went wrong stands beside or on the hop, never hidden by what went well.
import { FATE_LOST } from '../model/fate';
import { type Draft, isOnSide, timeOrigin, toScreen } from './draft';
import { ROW_DIMMED, ROW_FAULT, ROW_RESET, ROW_RETRANSMISSION } from './row-facts';
import { ROLE } from './theme';

const STRIPE_PX = 2;
/** Marks left of the first lane, and on a hop. */
const MARGIN_MARK_PX = 8;
const LOSS_PX = 22;

/** Bands for the rows `from` … `to` − 1. Strength says how many, on a logarithmic scale. */
export function drawDensity(draft: Draft, from: number, to: number): void {
  const { view, placement } = draft;
  const hops = Math.max(1, placement.x.length - 1);
  const stripes = Math.max(1, Math.ceil((view.height - timeOrigin(draft.layout)) / STRIPE_PX));
  const counts = countRows(draft, from, to, stripes, hops);
  const edge = placement.x[0] ?? 0;

  drawCells(counts.dimmed, null, (cell, strength) => {
    const x = placement.x[cell % hops];
    const width = (placement.x[(cell % hops) + 1] ?? x + 40) - x;
    draw(draft, cell, hops, x, width, ROLE.dimmed, 0.25 + 0.5 * strength);
  });
  drawCells(counts.forward, counts.reverse, (cell, strength, isForward) => {
    const x = placement.x[cell % hops];
    const width = (placement.x[(cell % hops) + 1] ?? x + 40) - x;
    draw(
      draft,
      cell,
      hops,
      x,
      width,
      isForward ? ROLE.forward : ROLE.reverse,
      0.12 + 0.5 * strength,
    );
  });
  drawCells(counts.lost, null, (cell, strength) => {
    const left = placement.x[cell % hops];
    const middle = (left + (placement.x[(cell % hops) + 1] ?? left + 40)) / 2;
    draw(draft, cell, hops, middle - LOSS_PX / 2, LOSS_PX, ROLE.failure, 0.55 + 0.45 * strength);
  });
  drawCells(counts.retried, null, (cell, strength) =>
    draw(
      draft,
      cell,
      1,
      edge - 2 * MARGIN_MARK_PX,
      MARGIN_MARK_PX,
      ROLE.retransmission,
      0.4 + 0.6 * strength,
    ),
  );
  drawCells(counts.failed, null, (cell, strength) =>
    draw(
      draft,
      cell,
      1,
      edge - 3 * MARGIN_MARK_PX - 3,
      MARGIN_MARK_PX,
      ROLE.failure,
      0.4 + 0.6 * strength,
    ),
  );
}

interface Counts {
  /** By stripe × hops + hop. */
  readonly forward: Int32Array;
  readonly reverse: Int32Array;
  /** Of both directions, left out by the filter. */
  readonly dimmed: Int32Array;
  readonly lost: Int32Array;
  /** By stripe. */
  readonly retried: Int32Array;
  readonly failed: Int32Array;
}

function countRows(draft: Draft, from: number, to: number, stripes: number, hops: number): Counts {
  const { layout } = draft;
  const { order, y, facts, input } = layout;
  const origin = timeOrigin(layout);
  const { direction, fate } = input.window.journeys;
  const counts: Counts = {
    forward: new Int32Array(stripes * hops),
    reverse: new Int32Array(stripes * hops),
    dimmed: new Int32Array(stripes * hops),
    lost: new Int32Array(stripes * hops),
    retried: new Int32Array(stripes),
    failed: new Int32Array(stripes),
  };
  // Journeys that begin to cross at a hop count +1 there and −1 behind their last: sums along the hops give the crossings.
  const stride = hops + 1;
  const steps = [0, 1, 2].map(() => new Int32Array(stripes * stride));
  for (let row = from; row < to; row++) {
    const journey = order[row];
    if (!isOnSide(draft, journey)) continue;
    const low = facts.laneMin[journey];
    const stripe = Math.floor((toScreen(draft, y[row]) - origin) / STRIPE_PX);
    if (low === 255 || stripe < 0 || stripe >= stripes) continue;
    const high = facts.laneMax[journey];
    const first = Math.min(low, hops - 1);
    const bits = facts.bits[journey];
    const own = steps[bits & ROW_DIMMED ? 2 : direction[journey]];
    own[stripe * stride + first]++;
    own[stripe * stride + Math.min(hops, Math.max(first + 1, high))]--;
    if (bits & ROW_DIMMED) continue;
    if (bits & ROW_RETRANSMISSION) counts.retried[stripe]++;
    if (bits & (ROW_RESET | ROW_FAULT)) counts.failed[stripe]++;
    if (fate[journey] === FATE_LOST) {
      const hop = direction[journey] === 0 ? Math.min(hops - 1, high) : Math.max(0, low - 1);
      counts.lost[stripe * hops + hop]++;
    }
  }
  for (const [index, sums] of [counts.forward, counts.reverse, counts.dimmed].entries())
    for (let stripe = 0; stripe < stripes; stripe++) {
      let crossing = 0;
      for (let hop = 0; hop < hops; hop++) {
        crossing += steps[index][stripe * stride + hop];
        sums[stripe * hops + hop] = crossing;
      }
    }
  return counts;
}

/** Calls for each cell that counts something, with a strength 0 … 1 relative to the fullest cell. */
function drawCells(
  counts: Int32Array,
  others: Int32Array | null,
  cellAt: (cell: number, strength: number, isFirst: boolean) => void,
): void {
  let most = 1;
  for (let cell = 0; cell < counts.length; cell++)
    most = Math.max(most, counts[cell] + (others?.[cell] ?? 0));
  const full = Math.log1p(most);
  for (let cell = 0; cell < counts.length; cell++) {
    const other = others?.[cell] ?? 0;
    const count = counts[cell] + other;
    if (count > 0) cellAt(cell, Math.log1p(count) / full, counts[cell] >= other);
  }
}

function draw(
  { marks, layout }: Draft,
  cell: number,
  hops: number,
  x: number,
  width: number,
  role: number,
  alpha: number,
): void {
  const top = timeOrigin(layout) + Math.floor(cell / hops) * STRIPE_PX;
  marks.band(x, top, width, STRIPE_PX, role, alpha);
}
