// Checks the layers (.dependency-cruiser.cjs), and that there was something to check: with a TypeScript it can't read, dependency-cruiser finds no module and no fault.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from './root.mjs';

const FOLDERS = ['app', 'bench', 'cli', 'components', 'e2e', 'fuzz', 'lib', 'workers'];
const cruiser = join(ROOT, 'node_modules', 'dependency-cruiser', 'bin', 'dependency-cruise.mjs');
const present = FOLDERS.filter((folder) => existsSync(join(ROOT, folder)));
const run = spawnSync(
  process.execPath,
  [cruiser, '--config', '.dependency-cruiser.cjs', '--output-type', 'json', ...present],
  { cwd: ROOT, encoding: 'utf8', maxBuffer: 256 * 1024 * 1024 },
);
if (!run.stdout) {
  console.error(run.stderr || `dependency-cruiser ended with status ${run.status}`);
  process.exit(1);
}

/** @type {{ summary: { totalCruised: number, violations: { rule: { name: string }, from: string, to: string, cycle?: { name: string }[] }[] }, modules: { source: string }[] }} */
const { summary, modules } = JSON.parse(run.stdout);
const ours = modules.filter((module) => /^(app|cli|components|lib|workers)\//.test(module.source));
for (const { rule, from, to, cycle } of summary.violations) {
  const way = cycle ? cycle.map((step) => step.name).join(' → ') : to;
  console.error(`${from} → ${way}\n  ${rule.name}`);
}
console.log(`${ours.length} modules, ${summary.violations.length} violations`);
if (ours.length === 0) console.error('No module was checked.');
process.exit(ours.length > 0 && summary.violations.length === 0 ? 0 : 1);
