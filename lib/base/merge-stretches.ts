// Sorting of what is in order but for some: stretches in order are merged, two and two, until there is one. In slices, since it may be very many.

/** An order of numbers: an object, not a function, so that the loops below hold the code of each kind of order. */
export interface StretchOrder {
  /** Whether the first stands before the second, never of equal ones. */
  isBefore(a: number, b: number): boolean;
}

/** By a key that each number has. */
export class KeyOrder implements StretchOrder {
  constructor(private readonly keys: Float64Array) {}

  isBefore(a: number, b: number): boolean {
    return this.keys[a] < this.keys[b];
  }
}

/**
 * Sorts `order[from … to)`; equal ones keep their order. `scratch` has room for as many as `order`. Yields after each `every` values
 * that found a place.
 */
export function* mergeStretches(
  order: Uint32Array,
  from: number,
  to: number,
  scratch: Uint32Array,
  by: StretchOrder,
  every: number,
): Generator<void> {
  let since = 0;
  for (let stretches = 2; stretches > 1; ) {
    stretches = 0;
    for (let begin = from; begin < to; stretches += 1) {
      const middle = endOfStretch(order, begin, to, by);
      if (begin === from && middle === to) return;
      const end = middle < to ? endOfStretch(order, middle, to, by) : to;
      let first = begin;
      for (let place = begin; place < end; ) {
        const stop = Math.min(end, place + every - since);
        first = mergeSome(order, scratch, by, { begin, middle, end, first }, place, stop);
        since += stop - place;
        place = stop;
        if (since < every) continue;
        since = 0;
        yield;
      }
      order.set(scratch.subarray(begin, end), begin);
      begin = end;
    }
  }
}

/** Two stretches that follow each other, and how far the first of them has found its places. */
interface Stretches {
  readonly begin: number;
  readonly middle: number;
  readonly end: number;
  readonly first: number;
}

/** Fills places `place … stop`; returns how far the first stretch has come. */
function mergeSome(
  order: Uint32Array,
  scratch: Uint32Array,
  by: StretchOrder,
  { begin, middle, end, first }: Stretches,
  place: number,
  stop: number,
): number {
  let a = first;
  let b = middle + (place - begin) - (first - begin);
  for (let to = place; to < stop; to += 1) {
    const second = a === middle || (b < end && by.isBefore(order[b], order[a]));
    scratch[to] = second ? order[b++] : order[a++];
  }
  return a;
}

function endOfStretch(order: Uint32Array, from: number, to: number, by: StretchOrder): number {
  let end = from + 1;
  while (end < to && !by.isBefore(order[end], order[end - 1])) end += 1;
  return end;
}
