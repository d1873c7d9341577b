// Sorting of what is in order but for some: stretches in order are merged, two and two, until there is one. In slices, since it may be very many.

/**
 * Sorts `order[from … to)`; equal values keep their order. `scratch` has room for as many as `order`. Yields after each `every` values that found a place.
 * `isBefore`: whether the first stands before the second, never of equal ones.
 */
export function* mergeStretches(
  order: Uint32Array,
  from: number,
  to: number,
  scratch: Uint32Array,
  isBefore: (a: number, b: number) => boolean,
  every: number,
): Generator<void> {
  let since = 0;
  for (let stretches = 2; stretches > 1; ) {
    stretches = 0;
    for (let begin = from; begin < to; stretches += 1) {
      const middle = endOfStretch(order, begin, to, isBefore);
      if (begin === from && middle === to) return;
      const end = middle < to ? endOfStretch(order, middle, to, isBefore) : to;
      let [a, b] = [begin, middle];
      for (let place = begin; place < end; place += 1) {
        const second = a === middle || (b < end && isBefore(order[b], order[a]));
        scratch[place] = second ? order[b++] : order[a++];
        since += 1;
        if (since < every) continue;
        since = 0;
        yield;
      }
      order.set(scratch.subarray(begin, end), begin);
      begin = end;
    }
  }
}

function endOfStretch(
  order: Uint32Array,
  from: number,
  to: number,
  isBefore: (a: number, b: number) => boolean,
): number {
  let end = from + 1;
  while (end < to && !isBefore(order[end], order[end - 1])) end += 1;
  return end;
}
