// The order of values, for columns that lie beside them: typed arrays sort natively many times faster than with a comparison in JavaScript.
import { lowerBound } from './bisect';

/** Indices that put `values` in rising order; equal ones keep theirs. No value is NaN. */
export function sortedOrder(values: Float64Array): Uint32Array {
  // Minus zero sorts before zero, but is equal to it.
  const sorted = values.map((value) => value + 0).sort();
  const order = new Uint32Array(values.length);
  /** How many values of the run that begins here have their place. */
  const placed = new Uint32Array(values.length);
  for (let i = 0; i < values.length; i += 1) {
    const first = lowerBound(sorted, values[i]);
    order[first + placed[first]] = i;
    placed[first] += 1;
  }
  return order;
}
