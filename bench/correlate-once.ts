// `node --expose-gc … correlate-once.ts FILE...`: reads the captures and analyses them, and says in JSON what each cost. What `bench scale` runs.
import { runToEnd } from '../lib/correlate/correlate';
import type { LoadedCapture } from '../lib/correlate/input';
import { analyseSteps } from '../lib/engine/analysis';
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
const analysing = process.cpuUsage();
const { analysis, diagnosis } = runToEnd(analyseSteps(loaded, tuples));
const analysisSeconds = cpuSeconds(analysing);
const frames = loaded.reduce((sum, { table }) => sum + table.rows, 0);
console.log(
  JSON.stringify({
    frames,
    readSeconds,
    analysisSeconds,
    columnBytes: columns,
    heldBytes: heldBytes() - before - columns,
    peakBytes: process.resourceUsage().maxRSS * 1024,
    connections: analysis.connections.length,
    journeys: analysis.correlation.journeys.count,
    findings: diagnosis.findings.length,
  }),
);
