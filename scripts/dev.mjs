// `npm run dev`: Next's development server, which reloads; without its telemetry. Arguments are handed on.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { ROOT } from './root.mjs';

const next = join(ROOT, 'node_modules', 'next', 'dist', 'bin', 'next');
const { status } = spawnSync(process.execPath, [next, 'dev', ...process.argv.slice(2)], {
  cwd: ROOT,
  stdio: 'inherit',
  env: { ...process.env, NEXT_TELEMETRY_DISABLED: '1' },
});
process.exitCode = status ?? 1;
