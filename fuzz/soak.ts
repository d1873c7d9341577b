// Simulated worlds by the thousand, each analysed and held against its truth: `npm run soak -- --worlds N --seed S [--healthy | --harsh] [--extras]`.
// Every third is healthy, or all of them, or none; `--extras`: those with rarer ways or traffic alone. Prints figures, and the worlds that fail: what failed, and the packets around it as text art.
import { parseArgs } from 'node:util';
import { fateReasonText } from '../lib/model/fate';
import { drawConnection, drawPair } from '../lib/testing/worlds/draw-world';
import { judgeWorld, type Verdict } from '../lib/testing/worlds/judge';
import { drawPlan, type WorldPlan } from '../lib/testing/worlds/plan';
import { buildWorld, type World } from '../lib/testing/worlds/world';

const { values } = parseArgs({
  options: {
    worlds: { type: 'string', default: '200' },
    seed: { type: 'string', default: '0' },
    show: { type: 'string', default: '3' },
    healthy: { type: 'boolean', default: false },
    harsh: { type: 'boolean', default: false },
    extras: { type: 'boolean', default: false },
  },
});
const worlds = Number(values.worlds);
const first = Number(values.seed);
let shown = Number(values.show);

const sums = {
  pairs: 0,
  found: 0,
  claimed: 0,
  right: 0,
  decidable: 0,
  fatesRight: 0,
  told: 0,
  false: 0,
  lost: 0,
  clocks: 0,
};
const widths: number[] = [];
const errors: number[] = [];
let untold = 0;
let leftOut = 0;
let unbounded = 0;
const failures = { recall: 0, precision: 0, fates: 0, clocks: 0, alarms: 0 };

for (let n = 0, seed = first; n < worlds; n += 1, seed += 1) {
  const harsh = values.harsh || (!values.healthy && n % 3 !== 0);
  while (values.extras && !hasExtras(drawPlan(seed, harsh))) seed += 1;
  const world = buildWorld(seed, harsh);
  const verdict = await judgeWorld(world);
  const { score, fates } = verdict;
  sums.pairs += score.truePairs;
  sums.found += Math.round(score.recall * score.truePairs);
  sums.claimed += score.claimedPairs;
  sums.right += Math.round(score.precision * score.claimedPairs);
  sums.decidable += fates.decidable;
  sums.fatesRight += fates.right;
  sums.told += fates.told;
  sums.false += fates.false;
  sums.lost += fates.lost;
  sums.clocks += verdict.clockChecks;
  for (const width of verdict.bounds.widths) widths.push(width);
  for (const error of verdict.bounds.errors) errors.push(error);
  untold += verdict.bounds.untold;
  leftOut += verdict.bounds.leftOut;
  unbounded += verdict.bounds.unbounded;
  report(world, verdict, harsh);
}

const share = (part: number, whole: number): string =>
  whole === 0 ? '–' : (part / whole).toFixed(5);
/** Median and 95th percentile of times in ns. */
const spread = (times: readonly number[]): string => {
  const sorted = Float64Array.from(times).sort();
  const at = (part: number): string => {
    const time = sorted[Math.floor(part * sorted.length)];
    return time === undefined ? '–' : `${(time / 1000).toFixed(0)} µs`;
  };
  return `${at(0.5)} (95 %: ${at(0.95)})`;
};
console.log(
  [
    `${worlds} worlds from seed ${first}: ${sums.pairs} pairs, recall ${share(sums.found, sums.pairs)}, precision ${share(sums.right, sums.claimed)}`,
    `${sums.decidable} decidable fates, right ${share(sums.fatesRight, sums.decidable)}; ${sums.told} told, false ${share(sums.false, sums.told)}; ${sums.lost} lost`,
    `${sums.clocks} moments of clocks and latencies, ${leftOut} latencies left out of hop figures for a step, ${unbounded} without a bound; solved clocks: bound ${spread(widths)}, error ${spread(errors)}, not told ${share(untold, untold + widths.length)}`,
    `worlds that fail: recall ${failures.recall}, precision ${failures.precision}, fates ${failures.fates}, clocks ${failures.clocks}, alarms ${failures.alarms}`,
  ].join('\n'),
);
process.exitCode = Object.values(failures).some((count) => count > 0) ? 1 : 0;

function extrasOf({ extras }: WorldPlan): readonly string[] {
  return Object.entries(extras).flatMap(([name, drawn]) => (drawn ? [name] : []));
}

function hasExtras(plan: WorldPlan): boolean {
  return extrasOf(plan).length > 0;
}

function report(
  world: World,
  { score, fates, clockFaults, clockUnit, alarms }: Verdict,
  harsh: boolean,
): void {
  const told: string[] = [];
  if (score.recall < 0.995) {
    failures.recall += 1;
    told.push(`recall ${score.recall.toFixed(4)}: ${score.missed.slice(0, 4).join('; ')}`);
    told.push(drawPair(world, score.missed[0]));
  }
  if (score.precision < 0.999) {
    failures.precision += 1;
    told.push(`precision ${score.precision.toFixed(4)}: ${score.wrong.slice(0, 4).join('; ')}`);
    told.push(drawPair(world, score.wrong[0]));
  }
  const misjudged = fates.decidable - fates.right;
  if (misjudged > Math.max(1, fates.decidable * 0.01)) {
    failures.fates += 1;
    told.push(`${misjudged} of ${fates.decidable} decidable fates wrong`);
  }
  if (clockFaults.length > 0) {
    failures.clocks += 1;
    told.push(...clockFaults.slice(0, 3));
    if (clockUnit !== undefined) told.push(drawConnection(world, clockUnit));
  }
  if (!harsh && alarms.length > 0) {
    failures.alarms += 1;
    told.push(...alarms);
  }
  for (const { unit, told: fate, reason, decidable } of fates.examples.slice(0, 2))
    if (misjudged > 0)
      told.push(
        `told ${fate} (${fateReasonText(reason)})${decidable ? '' : ', not decidable'}:\n${drawConnection(world, unit)}`,
      );
  if (told.length === 0 || shown <= 0) return;
  shown -= 1;
  console.log(
    `--- world ${world.plan.seed} (--worlds 1 --seed ${world.plan.seed} ${harsh ? '--harsh' : '--healthy'}: ${[world.plan.kind, world.plan.nat, ...extrasOf(world.plan)].join(', ')})\n${told.join('\n')}`,
  );
}
