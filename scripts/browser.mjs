// Finds a Chromium for the browser tests, or gets one: CHROMIUM_PATH, Playwright's own, the system's, a download, Debian's package.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { delimiter, join } from 'node:path';
import { ROOT } from './root.mjs';

const COMMANDS = ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome'];
const MAC_APPLICATIONS = [
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
];
const DOWNLOAD_LIMIT_MS = 5 * 60_000;

/** As root Chromium has no sandbox; the rest keeps it from talking to anyone but the page. */
export const BROWSER_ARGUMENTS = [
  ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--no-first-run',
  '--disable-quic',
  // Containers have a small /dev/shm.
  '--disable-dev-shm-usage',
];

function findPlaywrights() {
  const require = createRequire(join(ROOT, 'package.json'));
  const { chromium } = require('@playwright/test');
  const path = chromium.executablePath();
  return existsSync(path) ? path : undefined;
}

function findSystems() {
  const folders = (process.env.PATH ?? '').split(delimiter);
  const candidates = COMMANDS.flatMap((name) => folders.map((folder) => join(folder, name)));
  return [...candidates, ...MAC_APPLICATIONS].find((path) => existsSync(path));
}

/** @param {string} path */
function starts(path) {
  const run = spawnSync(
    path,
    ['--headless', '--disable-gpu', ...BROWSER_ARGUMENTS, '--dump-dom', 'about:blank'],
    { timeout: 60_000, stdio: ['ignore', 'pipe', 'ignore'], encoding: 'utf8' },
  );
  return run.status === 0 && run.stdout.includes('<html');
}

/** A browser that is here and starts; undefined if none is. */
export function findBrowser() {
  const given = process.env.CHROMIUM_PATH;
  if (given) return existsSync(given) ? given : undefined;
  return [findPlaywrights(), findSystems()].find((path) => path !== undefined && starts(path));
}

/** @param {string} command @param {string[]} words */
function run(command, words) {
  console.log(`$ ${command} ${words.join(' ')}`);
  return spawnSync(command, words, {
    cwd: ROOT,
    timeout: DOWNLOAD_LIMIT_MS,
    stdio: ['ignore', 'inherit', 'inherit'],
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    shell: process.platform === 'win32',
  }).status;
}

/** A browser's path, got from the network if need be; undefined, after saying what to do, if there is no way. */
export function ensureBrowser() {
  const found = findBrowser();
  if (found) return found;
  if (process.env.CHROMIUM_PATH) {
    console.error(`CHROMIUM_PATH is ${process.env.CHROMIUM_PATH}, and no file is there.`);
    return undefined;
  }
  console.log('No browser for the browser tests is here; getting one.');
  run('npx', ['playwright', 'install', 'chromium']);
  const downloaded = findBrowser();
  if (downloaded) return downloaded;
  if (process.getuid?.() === 0 && existsSync('/etc/debian_version')) {
    run('apt-get', ['update']);
    run('apt-get', ['install', '-y', '--no-install-recommends', 'chromium']);
    const installed = findBrowser();
    if (installed) return installed;
  }
  console.error(
    [
      'No Chromium could be found or installed. Do one of these and run the tests again:',
      '  npx playwright install --with-deps chromium',
      '  install Chromium or Chrome with the system’s package manager',
      '  CHROMIUM_PATH=/path/to/chromium npm test',
    ].join('\n'),
  );
  return undefined;
}
