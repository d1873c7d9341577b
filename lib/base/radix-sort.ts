// Whole numbers in rising order, digit by digit: a few passes over the numbers, where comparing them takes as many as their count has bits.

const DIGIT_BITS = 11;
const DIGITS = 1 << DIGIT_BITS;
/** So few sort as fast natively. */
const FEW = 256;

/** Sorts `values` in place. `scratch` has room for as many. */
export function sortNumbers(values: Uint32Array, scratch: Uint32Array): void {
  if (values.length <= FEW) {
    values.sort();
    return;
  }
  let greatest = 0;
  for (let i = 0; i < values.length; i += 1) if (values[i] > greatest) greatest = values[i];
  let [from, to] = [values, scratch];
  const next = new Uint32Array(DIGITS);
  for (let shift = 0; shift < 32 && greatest >>> shift !== 0; shift += DIGIT_BITS) {
    next.fill(0);
    for (let i = 0; i < values.length; i += 1) next[(from[i] >>> shift) & (DIGITS - 1)] += 1;
    for (let digit = 0, place = 0; digit < DIGITS; digit += 1) {
      const count = next[digit];
      next[digit] = place;
      place += count;
    }
    for (let i = 0; i < values.length; i += 1)
      to[next[(from[i] >>> shift) & (DIGITS - 1)]++] = from[i];
    [from, to] = [to, from];
  }
  if (from !== values) values.set(from.subarray(0, values.length));
}
