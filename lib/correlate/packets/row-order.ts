// The order in which a connection's frames are looked at: those of one direction and identity together, by reference time, and what was captured first
// before what was captured later, so that its columns are read nearly as they lie.
import { KeyOrder, mergeStretches } from '../../base/merge-stretches';
import { AlikeRows } from '../identities/alike-rows';
import { ROW_ORDER_YIELD } from '../limits';

export interface SortedRows {
  readonly count: number;
  readonly direction: Uint8Array;
  readonly identity: Uint32Array;
  readonly time: Float64Array;
  readonly order: Uint32Array;
}

/** Up to so many frames insertion sorts fastest. */
const FEW = 32;
/** Of so many frames that follow each other at one point, one is nearly always alike to the next one expected, though frames of both directions lie between. */
const EXPECTED = 6;

export class RowSorter {
  /** By row: the first one alike; then, of first ones, where the next one alike goes. */
  private first = new Uint32Array(0);
  private next = new Uint32Array(0);
  private merged = new Uint32Array(0);
  private readonly alike = new AlikeRows();
  /** By direction: the row that the next frame is alike to, if this point shows them in the order of another. */
  private readonly expected = [0, 0];

  /** Fills `order`: direction, first row alike, time, then row, so that ties fall the same way in every run. Yields `share` now and then within a long connection. */
  *sort(rows: SortedRows, share: number): Generator<number> {
    const { count, order } = rows;
    if (this.first.length < count) {
      this.first = new Uint32Array(count);
      this.next = new Uint32Array(count);
    }
    this.next.fill(0, 0, count);
    this.alike.begin(count);
    this.expected[0] = this.expected[1] = count;
    for (let from = 0; from < count; from += ROW_ORDER_YIELD) {
      this.meet(rows, from, Math.min(count, from + ROW_ORDER_YIELD));
      if (count > ROW_ORDER_YIELD) yield share;
    }
    for (let direction = 0, place = 0; direction < 2; direction += 1)
      for (let from = 0; from < count; from += ROW_ORDER_YIELD) {
        if (from > 0) yield share;
        const to = Math.min(count, from + ROW_ORDER_YIELD);
        place = this.placeRuns(rows, direction, from, to, place);
      }
    for (let from = 0; from < count; from += ROW_ORDER_YIELD) {
      if (from > 0) yield share;
      this.fill(order, from, Math.min(count, from + ROW_ORDER_YIELD));
    }
    for (let from = 0; from < count; ) {
      const since = from;
      from = this.insertRuns(rows, from);
      // Many frames alike: in order but for some, as each capture wrote them.
      if (from < count && from - since < ROW_ORDER_YIELD) {
        const to = this.endOfRun(order, from);
        for (const _ of this.merge(rows, from, to)) yield share;
        from = to;
      } else if (from < count) yield share;
    }
  }

  /** Says where the first run goes of rows `from … to` of one direction, the next one behind it, and so on; returns where the one after them goes. */
  private placeRuns(
    { direction }: SortedRows,
    way: number,
    from: number,
    to: number,
    firstPlace: number,
  ): number {
    const { first, next } = this;
    let place = firstPlace;
    for (let k = from; k < to; k += 1) {
      if (first[k] !== k || direction[k] !== way) continue;
      const alike = next[k];
      next[k] = place;
      place += alike;
    }
    return place;
  }

  private fill(order: Uint32Array, from: number, to: number): void {
    const { first, next } = this;
    for (let k = from; k < to; k += 1) order[next[first[k]]++] = k;
  }

  /** Sorts runs of few from place `from` on, some ROW_ORDER_YIELD rows, up to the first run of many; returns where it came to. */
  private insertRuns(rows: SortedRows, from: number): number {
    const { count, order } = rows;
    const stop = Math.min(count, from + ROW_ORDER_YIELD);
    let begin = from;
    while (begin < stop) {
      const end = this.endOfRun(order, begin);
      if (end - begin > FEW) break;
      if (end - begin > 1) insert(rows, begin, end);
      begin = end;
    }
    return begin;
  }

  /** A run ends where its next frame would go. */
  private endOfRun(order: Uint32Array, from: number): number {
    return this.next[this.first[order[from]]];
  }

  private merge({ order, time }: SortedRows, from: number, to: number): Generator<void> {
    if (this.merged.length < order.length) this.merged = new Uint32Array(order.length);
    return mergeStretches(order, from, to, this.merged, new KeyOrder(time), ROW_ORDER_YIELD);
  }

  /** Writes of rows `[from, to)` the first one alike, and by first ones how many there are. */
  private meet({ identity, direction }: SortedRows, from: number, to: number): void {
    const { first, next, alike, expected } = this;
    for (let k = from; k < to; k += 1) {
      const [own, way] = [identity[k], direction[k]];
      let other = expected[way];
      const last = Math.min(k, other + EXPECTED);
      while (other < last && (identity[other] !== own || direction[other] !== way)) other += 1;
      const head = other < last ? first[other] : alike.firstOf(own, k, way);
      if (other < last) expected[way] = other + 1;
      else if (head !== k) expected[way] = head + 1;
      first[k] = head;
      next[head] += 1;
    }
  }
}

/** Sorts `order[from … to)` by time; it is in order of rows. */
function insert({ order, time }: SortedRows, from: number, to: number): void {
  for (let i = from + 1; i < to; i += 1) {
    const k = order[i];
    const own = time[k];
    let place = i;
    while (place > from && time[order[place - 1]] > own) {
      order[place] = order[place - 1];
      place -= 1;
    }
    order[place] = k;
  }
}

/** End of the run of frames with one direction and identity that begins at `from` of `order`. */
export function endOfRun(
  {
    count,
    order,
    identity,
    direction,
  }: Pick<SortedRows, 'count' | 'order' | 'identity' | 'direction'>,
  from: number,
): number {
  const first = order[from];
  let to = from + 1;
  while (
    to < count &&
    identity[order[to]] === identity[first] &&
    direction[order[to]] === direction[first]
  )
    to += 1;
  return to;
}
