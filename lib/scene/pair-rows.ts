// Two connections side by side: which of their packets stand in one row. What plays the same part stands beside its like, what has none stands alone.
import type { JourneyWindow } from '../model/journey-window';
import { TCP_FIN, TCP_RST, TCP_SYN } from '../model/tcp-flags';

/** A side is a connection of the window: 0 left, 1 right. Where a layout is of one side alone, or of both. */
export const BOTH_SIDES = 2;

export interface PairedRows {
  /** Journey of each row: each side in order of its time. */
  readonly order: Uint32Array;
  /** 1 where a row stands in the place of the row before, which is of the other side. */
  readonly isBeside: Uint8Array;
}

/** How far ahead the like of a packet is looked for, rows. */
const LOOK_AHEAD = 16;

/** Connection 0 of the window beside connection 1. `startNs`: by journey, the first packets of both at one time. */
export function pairRows(window: JourneyWindow, startNs: Float64Array): PairedRows {
  const [left, right] = [0, 1].map((side) => rowsOfSide(window, startNs, side));
  const order = new Uint32Array(left.length + right.length);
  const isBeside = new Uint8Array(order.length);
  let rows = 0;
  let i = 0;
  let k = 0;
  const put = (journey: number, beside: 0 | 1): void => {
    isBeside[rows] = beside;
    order[rows++] = journey;
  };
  while (i < left.length && k < right.length) {
    const ahead = findLike(window, left, i, right, k);
    const isPair = ahead === 0 || (ahead === null && areNeighbours(startNs, left, i, right, k));
    if (isPair) {
      put(left[i++], 0);
      put(right[k++], 1);
    } else if (ahead === null ? startNs[left[i]] <= startNs[right[k]] : ahead > 0)
      put(left[i++], 0);
    else put(right[k++], 0);
  }
  while (i < left.length) put(left[i++], 0);
  while (k < right.length) put(right[k++], 0);
  return { order, isBeside };

  /** Of two that are unlike: the one's successor comes after both, so that nothing stands between them in time; and they go one way. */
  function areNeighbours(
    start: Float64Array,
    ours: Uint32Array,
    own: number,
    theirs: Uint32Array,
    other: number,
  ): boolean {
    const [a, b] = [start[ours[own]], start[theirs[other]]];
    const next = a <= b ? ours[own + 1] : theirs[other + 1];
    return (
      window.journeys.direction[ours[own]] === window.journeys.direction[theirs[other]] &&
      (next === undefined || start[next] > Math.max(a, b))
    );
  }
}

function rowsOfSide(window: JourneyWindow, startNs: Float64Array, side: number): Uint32Array {
  const rows: number[] = [];
  for (let journey = 0; journey < window.journeyCount; journey++)
    if (window.journeys.connection[journey] === side) rows.push(journey);
  return Uint32Array.from(rows).sort((a, b) => startNs[a] - startNs[b] || a - b);
}

/** The rows without the journeys that `shown` leaves out (0): what stood beside one of those stands alone. */
export function keepRows({ order, isBeside }: PairedRows, shown: Uint8Array): PairedRows {
  const kept: number[] = [];
  const beside: number[] = [];
  for (let row = 0; row < order.length; row++) {
    if (shown[order[row]] === 0) continue;
    beside.push(isBeside[row] === 1 && shown[order[row - 1]] === 1 ? 1 : 0);
    kept.push(order[row]);
  }
  return { order: Uint32Array.from(kept), isBeside: Uint8Array.from(beside) };
}

/** 0: the two are alike; positive: the right one's like comes so far on at the left; negative: the left one's at the right; null: near by neither has one. */
function findLike(
  window: JourneyWindow,
  left: Uint32Array,
  i: number,
  right: Uint32Array,
  k: number,
): number | null {
  const [ours, theirs] = [partOf(window, left[i]), partOf(window, right[k])];
  if (ours === theirs) return 0;
  for (let ahead = 1; ahead <= LOOK_AHEAD; ahead++) {
    if (i + ahead < left.length && partOf(window, left[i + ahead]) === theirs) return ahead;
    if (k + ahead < right.length && partOf(window, right[k + ahead]) === ours) return -ahead;
  }
  return null;
}

/** What a packet does in its exchange: direction, what it opens or closes, whether it carries anything. */
function partOf({ journeys, sightings }: JourneyWindow, journey: number): number {
  const row = journeys.firstSighting[journey];
  const flags = sightings.flags[row] & (TCP_SYN | TCP_FIN | TCP_RST);
  return (
    (flags << 2) | (Number(sightings.payloadLength[row] > 0) << 1) | journeys.direction[journey]
  );
}
