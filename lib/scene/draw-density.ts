// Rows too close for lines: how many journeys crossed each hop in each stripe of the view, and the worst that befell one.
import { type Draft, PINNED_PX, toScreen } from './draft';
import {
  TONE_FAILURE,
  TONE_FORWARD,
  TONE_RETRANSMISSION,
  TONE_REVERSE,
  TONE_UNKNOWN,
} from './row-facts';
import { ROLE } from './theme';

const STRIPE_PX = 2;
const TONES = 5;
/** Worst first: what a stripe shows when it holds several. */
const TONES_BY_WEIGHT = [
  TONE_FAILURE,
  TONE_RETRANSMISSION,
  TONE_UNKNOWN,
  TONE_REVERSE,
  TONE_FORWARD,
] as const;
const ROLES: Readonly<Record<number, number>> = {
  [TONE_FORWARD]: ROLE.forward,
  [TONE_REVERSE]: ROLE.reverse,
  [TONE_RETRANSMISSION]: ROLE.retransmission,
  [TONE_FAILURE]: ROLE.failure,
  [TONE_UNKNOWN]: ROLE.unknown,
};

/** Bands for the rows `from` … `to` − 1: their colour is the worst tone in the stripe, their strength the number of journeys. */
export function drawDensity(draft: Draft, from: number, to: number): void {
  const { layout, view, placement, marks } = draft;
  const { order, y, facts } = layout;
  const hops = Math.max(1, placement.x.length - 1);
  const stripes = Math.ceil((view.height - PINNED_PX) / STRIPE_PX);
  // Journeys that begin to cross at a hop count +1 there and −1 after their last: sums along the hops give the crossings.
  const stride = hops + 1;
  const steps = new Int32Array(stripes * TONES * stride);
  for (let row = from; row < to; row++) {
    const journey = order[row];
    const low = facts.laneMin[journey];
    if (low === 255) continue;
    const stripe = Math.floor((toScreen(draft, y[row]) - PINNED_PX) / STRIPE_PX);
    if (stripe < 0 || stripe >= stripes) continue;
    const slot = (stripe * TONES + facts.tone[journey]) * stride;
    const first = Math.min(low, hops - 1);
    steps[slot + first]++;
    steps[slot + Math.min(hops, Math.max(first + 1, facts.laneMax[journey]))]--;
  }

  const counts = new Int32Array(stripes * hops);
  const worst = new Uint8Array(stripes * hops);
  let most = 1;
  for (let stripe = 0; stripe < stripes; stripe++)
    for (let weight = TONES - 1; weight >= 0; weight--) {
      const tone = TONES_BY_WEIGHT[weight];
      const slot = (stripe * TONES + tone) * stride;
      let crossing = 0;
      for (let hop = 0; hop < hops; hop++) {
        crossing += steps[slot + hop];
        if (crossing === 0) continue;
        const cell = stripe * hops + hop;
        counts[cell] += crossing;
        worst[cell] = tone;
        if (counts[cell] > most) most = counts[cell];
      }
    }

  const full = Math.log1p(most);
  for (let cell = 0; cell < counts.length; cell++) {
    if (counts[cell] === 0) continue;
    const hop = cell % hops;
    const x = placement.x[hop];
    const width = (placement.x[hop + 1] ?? x + 40) - x;
    const alpha = 0.25 + 0.75 * (Math.log1p(counts[cell]) / full);
    const top = PINNED_PX + Math.floor(cell / hops) * STRIPE_PX;
    const failure = worst[cell] === TONE_FAILURE;
    marks.band(
      x,
      top,
      width,
      STRIPE_PX,
      ROLES[worst[cell]],
      failure ? Math.max(0.7, alpha) : alpha,
    );
  }
}
