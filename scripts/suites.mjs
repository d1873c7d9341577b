// What `npm test` and `npm run check` run, one entry a suite, and how each one's passes and failures are counted.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { ensureBrowser } from './browser.mjs';
import { ROOT } from './root.mjs';

/** @typedef {{ passed: number, failed: number }} Count */
/** @typedef {{ name: string, run: () => Count }} Suite */

const REPORTS = join(ROOT, '.cache', 'reports');

/**
 * Runs one of the packages' commands with this Node.
 * @param {string} script path below node_modules
 * @param {string[]} words
 * @param {Record<string, string>} [environment]
 */
function run(script, words, environment = {}) {
  const result = spawnSync(process.execPath, [join(ROOT, 'node_modules', script), ...words], {
    cwd: ROOT,
    stdio: ['ignore', 'inherit', 'inherit'],
    env: { ...process.env, NEXT_TELEMETRY_DISABLED: '1', ...environment },
  });
  return result.status === 0;
}

/** @param {boolean} good @returns {Count} */
const one = (good) => ({ passed: good ? 1 : 0, failed: good ? 0 : 1 });

/** @param {string} name */
function freshReport(name) {
  mkdirSync(REPORTS, { recursive: true });
  const file = join(REPORTS, name);
  rmSync(file, { force: true });
  return file;
}

/**
 * A suite that failed without a failed test (a file that does not load, no test found) counts as one failure.
 * @param {boolean} good
 * @param {number} passed
 * @param {number} failed
 * @returns {Count}
 */
const counted = (good, passed, failed) => ({ passed, failed: good ? failed : Math.max(failed, 1) });

/** @param {string[]} choice words that choose among the tests */
function testUnits(...choice) {
  const file = freshReport('units.json');
  const good = run('vitest/vitest.mjs', [
    'run',
    ...choice,
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${file}`,
  ]);
  if (!existsSync(file)) return one(false);
  const report = JSON.parse(readFileSync(file, 'utf8'));
  // A test that is skipped or still to do has not passed.
  const left = report.numPendingTests + (report.numTodoTests ?? 0);
  if (left > 0) console.error(`${left} unit tests were skipped: counted as failed.`);
  return counted(good && left === 0, report.numPassedTests, report.numFailedTests + left);
}

function testPage() {
  const browser = ensureBrowser();
  if (!browser) return one(false);
  const file = freshReport('page.json');
  const good = run('@playwright/test/cli.js', ['test', '--reporter=list,json'], {
    CHROMIUM_PATH: browser,
    PLAYWRIGHT_JSON_OUTPUT_NAME: file,
  });
  if (!existsSync(file)) return one(false);
  const { stats } = JSON.parse(readFileSync(file, 'utf8'));
  const left = stats.skipped + stats.flaky;
  if (left > 0) console.error(`${left} browser tests were skipped or flaky: counted as failed.`);
  return counted(good && left === 0, stats.expected, stats.unexpected + left);
}

/** Next writes types of its own (CSS imports, routes) that the sources rely on. */
const checkTypes = () =>
  one(run('next/dist/bin/next', ['typegen']) && run('typescript/bin/tsc', ['--noEmit']));

/** @param {string} script */
const ownScript = (script) => () =>
  one(
    spawnSync(process.execPath, [join(ROOT, 'scripts', script)], {
      cwd: ROOT,
      stdio: ['ignore', 'inherit', 'inherit'],
    }).status === 0,
  );

/** @type {Suite[]} */
const STATIC_SUITES = [
  {
    name: 'format and lint',
    run: () => one(run('@biomejs/biome/bin/biome', ['ci', '--error-on-warnings'])),
  },
  { name: 'types', run: checkTypes },
  { name: 'layers', run: ownScript('layers.mjs') },
  { name: 'dead code', run: () => one(run('knip/bin/knip.js', [])) },
];

/** What was changed since the last commit, or with it where nothing was since. */
function changed() {
  const { stdout } = spawnSync('git', ['status', '--porcelain'], { cwd: ROOT, encoding: 'utf8' });
  return stdout === '' ? '--changed=HEAD~1' : '--changed';
}

/** For a commit: of the unit tests those that the change concerns. */
export const COMMIT_SUITES = [
  ...STATIC_SUITES,
  { name: 'unit tests', run: () => testUnits(changed(), '--passWithNoTests') },
];

export const ALL_SUITES = [
  ...STATIC_SUITES,
  { name: 'unit tests', run: () => testUnits() },
  { name: 'production build', run: ownScript('build.mjs') },
  { name: 'size of first load', run: () => one(run('size-limit/bin.js', [])) },
  { name: 'browser tests', run: testPage },
];

/**
 * Runs every suite, whatever the others did; the last line printed is `N passed, N failed`.
 * @param {Suite[]} suites
 * @returns {boolean} true when nothing failed
 */
export function runSuites(suites) {
  const rows = suites.map(({ name, run: runSuite }) => {
    console.log(`\n── ${name} ──`);
    const start = performance.now();
    const count = runSuite();
    return { name, ...count, seconds: (performance.now() - start) / 1000 };
  });
  console.log('');
  for (const { name, passed, failed, seconds } of rows) {
    const mark = failed === 0 ? 'ok  ' : 'FAIL';
    const time = `${seconds.toFixed(1)} s`.padStart(8);
    console.log(`${mark} ${name.padEnd(18)}${time}  ${passed} passed, ${failed} failed`);
  }
  const passed = rows.reduce((sum, row) => sum + row.passed, 0);
  const failed = rows.reduce((sum, row) => sum + row.failed, 0);
  console.log(`${passed} passed, ${failed} failed`);
  return failed === 0;
}
