// A short run of the fuzzer with seeds that do not change.
import { expect, it } from 'vitest';
import { fuzzRound, readCorpus } from './round';

it('survives damaged captures', async () => {
  const corpus = await readCorpus();
  expect(corpus.length).toBeGreaterThan(50);
  for (let seed = 1; seed <= 60; seed += 1) {
    const { problem } = await fuzzRound(corpus, seed);
    expect(problem, `seed ${seed}`).toBeUndefined();
  }
});
