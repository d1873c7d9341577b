// Medians: what the house's figures are made of.

/** The middle of the values, of an even number the greater of the two. */
export const median = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[values.length >> 1];

/** Runs once to warm up, then `rounds` times; the median in seconds and the last result. */
export async function medianOf<T>(
  rounds: number,
  action: () => Promise<T>,
): Promise<{ readonly seconds: number; readonly result: T }> {
  let result = await action();
  const seconds: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const start = performance.now();
    result = await action();
    seconds.push((performance.now() - start) / 1000);
  }
  return { seconds: median(seconds), result };
}
