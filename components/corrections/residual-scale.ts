// Geometry of the residual chart: what the times between two clocks come to where one of them is moved, and how many of them cannot be.
import type { ClockResiduals } from '@/lib/store/workspace-state';

/** Share of the samples that the chart's height must hold: the few that queued for long would flatten all others. */
const HELD = 0.9;
const LEAST_SPAN_NS = 1000;

/** Half the height of the chart, ns. */
export function residualSpan({ residual }: ClockResiduals): number {
  const sizes = Float64Array.from(residual, Math.abs).sort();
  return Math.max(LEAST_SPAN_NS, 1.25 * (sizes[Math.floor((sizes.length - 1) * HELD)] ?? 0));
}

/** Samples on the wrong side once the clock is `moved` ns farther ahead, when what comes seems to come sooner, and by how much at most. */
export function findImpossible(
  { residual, arriving }: ClockResiduals,
  moved: number,
): { readonly count: number; readonly mostNs: number } {
  let count = 0;
  let mostNs = 0;
  for (let i = 0; i < residual.length; i++) {
    const now = residual[i] - moved;
    const before = arriving[i] === 1 ? -now : now;
    if (before <= 0) continue;
    count++;
    mostNs = Math.max(mostNs, before);
  }
  return { count, mostNs };
}
