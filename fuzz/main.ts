// `npm run fuzz -- [--seconds N] [--seed S]`: damaged captures through everything that reads them (round.ts). A failing input is written to files that
// `npm run hoplane -- analyze` takes.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { fuzzRound, readCorpus } from './round';

const OUT = join('.cache', 'fuzz');

const { values } = parseArgs({
  options: { seconds: { type: 'string' }, seed: { type: 'string' } },
});
const firstSeed = Number(values.seed ?? 1);
const end = performance.now() + Number(values.seconds ?? 60) * 1000;
const corpus = await readCorpus();
let rounds = 0;
let failures = 0;
for (; performance.now() < end; rounds += 1) {
  const seed = firstSeed + rounds;
  const { inputs, problem } = await fuzzRound(corpus, seed);
  if (problem === undefined) continue;
  failures += 1;
  mkdirSync(OUT, { recursive: true });
  for (const source of inputs)
    writeFileSync(join(OUT, `${seed}-${source.name}`), await source.read(0, source.size));
  console.error(`seed ${seed} (inputs in ${OUT}): ${problem}`);
}
console.log(
  `${rounds} rounds, ${failures} failed (seeds ${firstSeed} to ${firstSeed + rounds - 1})`,
);
process.exitCode = failures === 0 ? 0 : 1;
