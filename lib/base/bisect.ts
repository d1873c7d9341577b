// Binary search over sorted columns.

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
