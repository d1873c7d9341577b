// The value that would stand at a place if a stretch were sorted, found without sorting it all (Hoare's selection).

/** The value of `values[from … to)` that sorting would bring to `place`. The stretch is put in another order; no value is NaN. */
export function selectAt(values: Float64Array, from: number, to: number, place: number): number {
  let low = from;
  let high = to - 1;
  while (low < high) {
    const pivot = values[(low + high) >>> 1];
    let i = low;
    let j = high;
    while (i <= j) {
      while (values[i] < pivot) i += 1;
      while (values[j] > pivot) j -= 1;
      if (i > j) break;
      const own = values[i];
      values[i] = values[j];
      values[j] = own;
      i += 1;
      j -= 1;
    }
    if (place <= j) high = j;
    else if (place >= i) low = i;
    else return values[place];
  }
  return values[place];
}
