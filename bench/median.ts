// Medians of five: what the house's figures are made of.

const ROUNDS = 5;

/** Runs once to warm up, then five times; the median in seconds and the last result. */
export async function medianOfFive<T>(
  action: () => Promise<T>,
): Promise<{ readonly seconds: number; readonly result: T }> {
  let result = await action();
  const seconds: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const start = performance.now();
    result = await action();
    seconds.push((performance.now() - start) / 1000);
  }
  seconds.sort((a, b) => a - b);
  return { seconds: seconds[ROUNDS >> 1], result };
}
