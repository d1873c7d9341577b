// Binary search over sorted columns.

/** The first of `count` positions that is not `before`; `count` when all are. `before` holds for a first part of them and for none behind it. */
export function lowerBoundBy(count: number, before: (position: number) => boolean): number {
  let low = 0;
  let high = count;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (before(middle)) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Index of the first element of `values[from, to)` that is not less than `target`; `to` when there is none. */
export function lowerBound(
  values: ArrayLike<number>,
  target: number,
  from = 0,
  to = values.length,
): number {
  let low = from;
  let high = to;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (values[middle] < target) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Index of the first element of `values[from, to)` that is greater than `target`; `to` when there is none. */
export function upperBound(
  values: ArrayLike<number>,
  target: number,
  from = 0,
  to = values.length,
): number {
  let low = from;
  let high = to;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (values[middle] <= target) low = middle + 1;
    else high = middle;
  }
  return low;
}
