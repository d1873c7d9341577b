// The order in which a connection's frames are looked at: those of one direction and identity together, by reference time, and what was captured first
// before what was captured later, so that its columns are read nearly as they lie. Equal frames meet in a table of slots that fits the processor's cache:
// many frames are parted first, by the highest bits of their identity, which are as good as random.
import { ROW_ORDER_YIELD } from '../limits';

export interface SortedRows {
  readonly count: number;
  readonly direction: Uint8Array;
  readonly identity: Uint32Array;
  readonly time: Float64Array;
  readonly order: Uint32Array;
}

/** Frames of a part, about: 16 bytes of slots each. */
const PART_FRAMES = 8192;
const MOST_PART_BITS = 12;
/** Up to so many frames insertion sorts fastest. */
const FEW = 32;
const SLOT = 2;

export class RowSorter {
  /** By row: the first one alike; then, of first ones, where the next one alike goes. */
  private first = new Uint32Array(0);
  private next = new Uint32Array(0);
  /** Rows by part. */
  private parted = new Uint32Array(0);
  private endOfPart = new Uint32Array(2);
  /** Two numbers a slot: an identity, and the first row that has it, twice, with its direction, plus 2; 0: free. */
  private slots = new Uint32Array(0);

  /** Fills `order`: direction, first row alike, time, then row, so that ties fall the same way in every run. Yields `share` now and then within a long connection. */
  *sort(rows: SortedRows, share: number): Generator<number> {
    const { count, order } = rows;
    if (this.first.length < count) {
      this.first = new Uint32Array(count);
      this.next = new Uint32Array(count);
    }
    const { first, next } = this;
    const parts = yield* this.part(rows, share);
    next.fill(0, 0, count);
    for (let part = 0, from = 0, since = 0; part < parts; part += 1) {
      const to = this.endOfPart[part];
      this.meet(rows, parts === 1, from, to);
      since += to - from;
      from = to;
      if (since < ROW_ORDER_YIELD) continue;
      since = 0;
      yield share;
    }
    for (let direction = 0, place = 0; direction < 2; direction += 1)
      for (let k = 0; k < count; k += 1) {
        if (k % ROW_ORDER_YIELD === ROW_ORDER_YIELD - 1) yield share;
        if (rows.direction[k] !== direction || first[k] !== k) continue;
        const alike = next[k];
        next[k] = place;
        place += alike;
      }
    for (let k = 0; k < count; k += 1) {
      order[next[first[k]]++] = k;
      if (k % ROW_ORDER_YIELD === ROW_ORDER_YIELD - 1) yield share;
    }
    for (let from = 0, since = 0; from < count; ) {
      // A run ends where its next frame would go.
      const to = next[first[order[from]]];
      if (to - from > FEW) yield* this.merge(rows, from, to, share);
      else if (to - from > 1) insert(rows, from, to);
      since += to - from;
      from = to;
      if (since < ROW_ORDER_YIELD) continue;
      since = 0;
      yield share;
    }
  }

  /** Fills `parted` and `endOfPart`, unless there is one part only. Returns how many there are. */
  private *part({ count, identity }: SortedRows, share: number): Generator<number, number> {
    let bits = 0;
    while (bits < MOST_PART_BITS && count > PART_FRAMES << bits) bits += 1;
    const parts = 1 << bits;
    if (this.endOfPart.length < parts) this.endOfPart = new Uint32Array(parts);
    const { endOfPart } = this;
    endOfPart[0] = count;
    if (parts === 1) return 1;
    const shift = 32 - bits;
    endOfPart.fill(0, 0, parts);
    if (this.parted.length < count) this.parted = new Uint32Array(count);
    for (let k = 0; k < count; k += 1) {
      endOfPart[identity[k] >>> shift] += 1;
      if (k % ROW_ORDER_YIELD === ROW_ORDER_YIELD - 1) yield share;
    }
    for (let part = 0, place = 0; part < parts; part += 1) {
      const frames = endOfPart[part];
      endOfPart[part] = place;
      place += frames;
    }
    for (let k = 0; k < count; k += 1) {
      this.parted[endOfPart[identity[k] >>> shift]++] = k;
      if (k % ROW_ORDER_YIELD === ROW_ORDER_YIELD - 1) yield share;
    }
    return parts;
  }

  /** Writes of the part's rows, `[from, to)`, the first one alike, and by first ones how many there are. `all`: the part is all rows. */
  private meet({ identity, direction }: SortedRows, all: boolean, from: number, to: number): void {
    if (to === from) return;
    // Twice the frames or more, a power of two.
    const size = 2 ** (33 - Math.clz32(to - from));
    if (this.slots.length < size * SLOT) this.slots = new Uint32Array(size * SLOT);
    else this.slots.fill(0, 0, size * SLOT);
    const { slots, first, next, parted } = this;
    for (let i = from; i < to; i += 1) {
      const k = all ? i : parted[i];
      const [own, way] = [identity[k], direction[k]];
      let slot = (own + way) & (size - 1);
      while (
        slots[slot * SLOT + 1] !== 0 &&
        (slots[slot * SLOT] !== own || (slots[slot * SLOT + 1] & 1) !== way)
      )
        slot = (slot + 1) & (size - 1);
      const held = slots[slot * SLOT + 1];
      let head = k;
      if (held === 0) {
        slots[slot * SLOT] = own;
        slots[slot * SLOT + 1] = (k + 1) * 2 + way;
      } else head = (held >>> 1) - 1;
      first[k] = head;
      next[head] += 1;
    }
  }

  /** Many frames alike: in order but for some, as each capture wrote them. Stretches in order are merged, two and two, until there is one. */
  private *merge(
    { count, order, time }: SortedRows,
    from: number,
    to: number,
    share: number,
  ): Generator<number> {
    if (this.parted.length < count) this.parted = new Uint32Array(count);
    const merged = this.parted;
    for (let stretches = 2; stretches > 1; ) {
      stretches = 0;
      for (let begin = from; begin < to; stretches += 1) {
        const middle = endOfStretch(order, time, begin, to);
        if (begin === from && middle === to) return;
        const end = middle < to ? endOfStretch(order, time, middle, to) : to;
        let [a, b] = [begin, middle];
        for (let place = begin; place < end; place += 1) {
          const second = a === middle || (b < end && time[order[b]] < time[order[a]]);
          merged[place] = second ? order[b++] : order[a++];
          if (place % ROW_ORDER_YIELD === ROW_ORDER_YIELD - 1) yield share;
        }
        order.set(merged.subarray(begin, end), begin);
        begin = end;
      }
    }
  }
}

function endOfStretch(order: Uint32Array, time: Float64Array, from: number, to: number): number {
  let end = from + 1;
  while (end < to && time[order[end]] >= time[order[end - 1]]) end += 1;
  return end;
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
