// `node --expose-gc … hold-table.ts FILE`: takes one capture into the engine's table and says in JSON what memory that took. What `bench memory` runs.
import { CaptureIntake } from '../lib/engine/intake';
import { parseCapture } from '../lib/engine/parse-capture';
import { TupleTable } from '../lib/model/tuple-table';
import { openFileSource } from '../lib/read/node-file-source';

const collect = globalThis.gc;
if (collect === undefined) throw new Error('Needs --expose-gc');
const path = process.argv[2];
collect();
const before = process.memoryUsage().rss;
const source = await openFileSource(path, path);
const intake = new CaptureIntake(new TupleTable());
const parsed = await parseCapture(source, { block: (block) => intake.take(block), progress() {} });
await source.close();
if (!parsed.ok) throw new Error(parsed.error.text);
collect();
const held = process.memoryUsage().rss - before;
// maxRSS is in KiB on every system, as libuv gives it.
const peak = process.resourceUsage().maxRSS * 1024 - before;
console.log(JSON.stringify({ frames: intake.table.rows, held, peak }));
