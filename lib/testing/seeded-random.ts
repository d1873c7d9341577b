// Chance that can be thrown again: the same seed gives the same throws.

/** mulberry32: small, seeded, good enough to shuffle a test. 0 … 1, exclusive. */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

export class Dice {
  private readonly random: () => number;

  constructor(seed: number) {
    this.random = seededRandom(seed);
  }

  chance(probability: number): boolean {
    return this.random() < probability;
  }

  /** A whole number, `high` exclusive. */
  between(low: number, high: number): number {
    return low + Math.floor(this.random() * (high - low));
  }

  pick<T>(choices: readonly T[]): T {
    return choices[this.between(0, choices.length)];
  }

  /** Exponential, with this mean. */
  wait(mean: number): number {
    return -Math.log(1 - this.random()) * mean;
  }
}
