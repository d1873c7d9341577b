// `node scripts/run.mjs FILE.ts [ARGUMENT]...` bundles a TypeScript file when it is stale and runs it here, in this process.
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { bundle } from './bundle.mjs';
import { ROOT } from './root.mjs';

const [entry, ...rest] = process.argv.slice(2);
if (!entry) {
  console.error('Usage: node scripts/run.mjs FILE.ts [ARGUMENT]...');
  process.exit(2);
}
const target = await bundle(entry);
process.argv = [process.execPath, resolve(ROOT, entry), ...rest];
await import(pathToFileURL(target).href);
