// Builds the page for production when its sources changed since the last build, and completes Next's standalone folder.
// Run by itself it builds; scripts/start.mjs and the browser tests import ensureBuilt.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ensureInstalled, ensureNode } from './install.mjs';
import { ROOT, STANDALONE } from './root.mjs';

const STAMP = join(STANDALONE, '.hoplane-sources');

/** Everything that a build reads, apart from node_modules, for which the lockfile stands. */
const SOURCES = [
  'app',
  'components',
  'lib',
  'workers',
  'public',
  'next.config.ts',
  'proxy.ts',
  'scripts/keep-page.mjs',
  'postcss.config.mjs',
  'tsconfig.json',
  'package.json',
  'package-lock.json',
];

/**
 * @param {string} path
 * @returns {string[]} files in a fixed order
 */
function filesOf(path) {
  if (!existsSync(path)) return [];
  const entries = readdirSync(path, { withFileTypes: true, recursive: true });
  return entries
    .filter((entry) => entry.isFile() && !/\.test\.tsx?$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}

function digestSources() {
  const hash = createHash('sha256').update(process.versions.node.split('.')[0]);
  for (const source of SOURCES) {
    const path = join(ROOT, source);
    const files = source.includes('.') ? [path] : filesOf(path);
    for (const file of files) {
      hash.update(relative(ROOT, file).split(sep).join('/')).update('\0');
      hash.update(readFileSync(file)).update('\0');
    }
  }
  return hash.digest('hex');
}

/** Builds when the stamp of the last build is another one. Returns false when the build failed. */
export function ensureBuilt() {
  const digest = digestSources();
  if (existsSync(STAMP) && readFileSync(STAMP, 'utf8') === digest) return true;
  console.log('Building the page (next build) …');
  rmSync(STANDALONE, { recursive: true, force: true });
  const next = join(ROOT, 'node_modules', 'next', 'dist', 'bin', 'next');
  const result = spawnSync(process.execPath, [next, 'build'], {
    cwd: ROOT,
    stdio: ['ignore', 'inherit', 'inherit'],
    env: {
      ...process.env,
      NODE_ENV: 'production',
      NEXT_TELEMETRY_DISABLED: '1',
      HOPLANE_BUILD: digest.slice(0, 16),
    },
  });
  if (result.status !== 0) return false;
  // The standalone folder leaves these two to a CDN; one process serves everything here.
  cpSync(join(ROOT, 'public'), join(STANDALONE, 'public'), { recursive: true });
  cpSync(join(ROOT, '.next', 'static'), join(STANDALONE, '.next', 'static'), { recursive: true });
  const keepPage = join(ROOT, 'scripts', 'keep-page.mjs');
  const kept = spawnSync(process.execPath, [keepPage], { stdio: ['ignore', 'inherit', 'inherit'] });
  if (kept.status !== 0) return false;
  writeFileSync(STAMP, digest);
  return true;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  ensureNode();
  ensureInstalled();
  process.exit(ensureBuilt() ? 0 : 1);
}
