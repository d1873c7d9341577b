// `node --expose-gc … correlate-once.ts FILE...`: reads the captures and analyses them, and says in JSON what each step cost. What `bench scale` runs.
import { stepAt } from '../lib/base/steps';
import { CORRELATION_STEPS } from '../lib/correlate/correlate';
import type { LoadedCapture } from '../lib/correlate/input/loaded-capture';
import { ANALYSIS_STEPS, analyseSteps } from '../lib/engine/analysis';
import { CaptureIntake } from '../lib/engine/intake';
import { parseCapture } from '../lib/engine/parse-capture';
import { TupleTable } from '../lib/model/tuple-table';
import { openFileSource } from '../lib/read/node-file-source';

const collect = globalThis.gc;
if (collect === undefined) throw new Error('Needs --expose-gc');

/** Bytes of all buffers and of the heap, without what nobody holds. */
function heldBytes(): number {
  collect?.();
  const { arrayBuffers, heapUsed } = process.memoryUsage();
  return arrayBuffers + heapUsed;
}

const cpuSeconds = (since: NodeJS.CpuUsage): number => {
  const { user, system } = process.cpuUsage(since);
  return (user + system) / 1e6;
};

const tuples = new TupleTable();
const loaded: LoadedCapture[] = [];
const before = heldBytes();
const reading = process.cpuUsage();
for (const path of process.argv.slice(2)) {
  const source = await openFileSource(path, path);
  const intake = new CaptureIntake(tuples);
  const parsed = await parseCapture(source, {
    block: (block) => intake.take(block),
    progress() {},
  });
  await source.close();
  if (!parsed.ok) throw new Error(parsed.error.text);
  loaded.push({ file: path, summary: parsed.value, table: intake.table, links: intake.links });
}
const readSeconds = cpuSeconds(reading);
const columns = heldBytes() - before;

/** What one step cost: processor seconds, bytes held when it ends beside what was held before it, and the longest time between two yields (by the clock). */
interface StepCost {
  seconds: number;
  bytes: number;
  longestMs: number;
}

const costs: Record<string, StepCost> = {};
const steps = analyseSteps(loaded, tuples);
let running = '';
let heldSoFar = heldBytes();
// Asked for only where a step ends: the answer takes longer than many a slice.
let begun = process.cpuUsage();
let yielded = performance.now();
let step = steps.next();
while (!step.done) {
  const took = performance.now() - yielded;
  const name = stepName(step.value);
  if (name !== running) {
    closeStep();
    costs[name] = { seconds: 0, bytes: 0, longestMs: 0 };
  }
  running = name;
  costs[name].longestMs = Math.max(costs[name].longestMs, took);
  yielded = performance.now();
  step = steps.next();
}
closeStep();
const { analysis, diagnosis } = step.value;
const frames = loaded.reduce((sum, { table }) => sum + table.rows, 0);
console.log(
  JSON.stringify({
    frames,
    readSeconds,
    columnBytes: columns,
    costs,
    peakBytes: process.resourceUsage().maxRSS * 1024,
    connections: analysis.connections.length,
    journeys: analysis.correlation.journeys.count,
    findings: diagnosis.findings.length,
  }),
);

/** The step of the analysis; of correlation the step in it. */
function stepName(progress: number): string {
  const [name, own] = stepAt(ANALYSIS_STEPS, progress);
  return name === 'correlation' ? stepAt(CORRELATION_STEPS, own)[0] : name;
}

/** The slice that tells of the next step's beginning counts to the one before: it is short. */
function closeStep(): void {
  if (running === '') return;
  costs[running].seconds = cpuSeconds(begun);
  const held = heldBytes();
  costs[running].bytes = held - heldSoFar;
  heldSoFar = held;
  begun = process.cpuUsage();
}
