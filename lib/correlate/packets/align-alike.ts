// Packets that are alike in everything (pure ACKs without timestamps, resets) told apart by order: the cell that saw most of them gives the
// packets, the frames of every other cell are aligned to them in order, at the delay that the connection's other packets show.

import { TAP_JITTER_NS } from '../clocks/clock-bounds';
import { areNear, type ConnectionRows, sameCell } from './connection-rows';

/** Frames × packets up to which the best alignment is computed; beyond, each frame takes the next packet that fits better than the one after. */
const EXACT_WORK = 1_000_000;

/** Typical time from one look at a packet (point, TTL) to another; undefined: not known. */
export type ExpectedDelay = (fromRow: number, toRow: number) => number | undefined;

/** Frames of each cell, in order of time. */
export function groupByCell(rows: ConnectionRows, run: readonly number[]): number[][] {
  const cells: number[][] = [];
  for (const k of run) {
    const cell = cells.find((members) => sameCell(rows, members[0], k));
    if (cell) cell.push(k);
    else cells.push([k]);
  }
  return cells;
}

/** Sets of frames, one a packet. `cells` as `groupByCell` gives them. */
export function alignAlike(
  rows: ConnectionRows,
  cells: readonly (readonly number[])[],
  expectedDelay: ExpectedDelay,
): number[][] {
  const [base, ...others] = [...cells].sort(
    (a, b) => b.length - a.length || rows.time[a[0]] - rows.time[b[0]] || a[0] - b[0],
  );
  const packets = base.map((frame) => [frame]);
  for (const group of groupByCount(others)) {
    const costs = group.map((frames): Cost => {
      const delay = expectedDelay(base[0], frames[0]) ?? 0;
      return (frame, packet) =>
        Math.abs(rows.time[frames[frame]] - rows.time[base[packet]] - delay);
    });
    const partners = alignGroup(group[0].length, base.length, costs);
    for (const [cell, frames] of group.entries())
      frames.forEach((frame, index) => {
        const partner = partners[cell][index];
        const isNear =
          partner !== undefined && areNear(rows, frame, base[partner], costs[cell](index, partner));
        if (isNear) packets[partner].push(frame);
        else packets.push([frame]);
      });
  }
  return packets;
}

/** Cells of as many frames each, in their order. */
function groupByCount(cells: readonly (readonly number[])[]): (readonly number[])[][] {
  const groups: (readonly number[])[][] = [];
  for (const cell of cells) {
    const group = groups.find(([first]) => first.length === cell.length);
    if (group) group.push(cell);
    else groups.push([cell]);
  }
  return groups;
}

/**
 * By cell, the packet of each frame. Cells that saw as many most likely saw the same: what was doubled behind them, or missed before. They are aligned
 * together, unless times say more clearly than taps are exact that each saw others.
 */
function alignGroup(
  frames: number,
  packets: number,
  costs: readonly Cost[],
): readonly (readonly number[])[] {
  const align = frames * packets <= EXACT_WORK ? alignExactly : alignGreedily;
  const single = costs.map((cost) => align(frames, packets, cost));
  if (costs.length === 1 || frames === packets) return single;
  const sum: Cost = (frame, packet) =>
    costs.reduce((total, cost) => total + cost(frame, packet), 0);
  const together = align(frames, packets, sum);
  let more = 0;
  for (const [cell, cost] of costs.entries())
    for (let frame = 0; frame < frames; frame += 1)
      more += cost(frame, together[frame]) - cost(frame, single[cell][frame]);
  return more <= TAP_JITTER_NS * costs.length ? costs.map(() => together) : single;
}

type Cost = (frame: number, packet: number) => number;

/** Order-preserving assignment of all frames to packets (never fewer) with the least sum of costs. */
function alignExactly(frames: number, packets: number, cost: Cost): number[] {
  const slack = packets - frames;
  // least[f][s]: cost of the first f frames with s packets passed over; kept by rows.
  let least = new Float64Array(slack + 1);
  const passed: Uint8Array[] = [];
  for (let f = 0; f < frames; f += 1) {
    const next = new Float64Array(slack + 1);
    const skips = new Uint8Array(slack + 1);
    for (let s = 0; s <= slack; s += 1) {
      const taken = least[s] + cost(f, f + s);
      const skipped = s > 0 ? next[s - 1] : Number.POSITIVE_INFINITY;
      skips[s] = skipped <= taken ? 1 : 0;
      next[s] = Math.min(taken, skipped);
    }
    passed.push(skips);
    least = next;
  }
  const partners = new Array<number>(frames);
  let s = slack;
  for (let f = frames - 1; f >= 0; f -= 1) {
    while (passed[f][s] === 1) s -= 1;
    partners[f] = f + s;
  }
  return partners;
}

function alignGreedily(frames: number, packets: number, cost: Cost): number[] {
  const partners = new Array<number>(frames);
  let packet = 0;
  for (let f = 0; f < frames; f += 1) {
    const last = packets - (frames - f);
    while (packet < last && cost(f, packet + 1) < cost(f, packet)) packet += 1;
    partners[f] = packet;
    packet += 1;
  }
  return partners;
}
