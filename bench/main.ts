// `npm run bench -- NAME [--megabytes N] [--rounds N] [--files a,b]`: one bench a name. Figures of a known machine, and what each measures, are in bench/README.md.
import { parseArgs } from 'node:util';
import { benchAnalysis } from './analysis';
import type { BenchOptions } from './bench-options';
import { benchCancel } from './cancel';
import { benchChromium } from './chromium';
import { benchLongTasks } from './long-tasks';
import { benchMemory } from './memory';
import { benchParse } from './parse';
import { benchRead } from './read';
import { benchScale } from './scale';
import { CAPTURE_KINDS, type CaptureName } from './traffic/captures';

const BENCHES: Readonly<Record<string, (options: BenchOptions) => Promise<void>>> = {
  read: benchRead,
  parse: benchParse,
  chromium: benchChromium,
  memory: benchMemory,
  cancel: benchCancel,
  'long-tasks': benchLongTasks,
  scale: benchScale,
  analysis: benchAnalysis,
};

const { values, positionals } = parseArgs({
  options: {
    megabytes: { type: 'string' },
    rounds: { type: 'string' },
    files: { type: 'string' },
  },
  allowPositionals: true,
});
const [name = '', ...rest] = positionals;
const bench = BENCHES[name];
const megabytes = values.megabytes === undefined ? undefined : Number(values.megabytes);
const rounds = Number(values.rounds ?? 5);
const files = values.files?.split(',');
const isCapture = (file: string): file is CaptureName => file in CAPTURE_KINDS;
if (
  bench === undefined ||
  rest.length > 0 ||
  !(rounds >= 1) ||
  !(megabytes === undefined || megabytes >= 1) ||
  !(files === undefined || files.every(isCapture))
) {
  console.error(
    `Usage: npm run bench -- NAME [--megabytes N] [--rounds N] [--files a,b]\nNAME: ${Object.keys(BENCHES).join(', ')}\nfiles: ${Object.keys(CAPTURE_KINDS).join(', ')}`,
  );
  process.exit(2);
}
await bench({ megabytes, rounds, files: files?.filter(isCapture) });
