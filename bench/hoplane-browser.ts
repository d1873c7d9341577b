// The production build in a headless Chromium for benches: served, opened, the tasks of its thread watched, its memory read.
import { readFileSync } from 'node:fs';
import { type BrowserContext, chromium, type Page } from '@playwright/test';
import { dropPaths } from '../e2e/drop-paths';
import { BROWSER_ARGUMENTS, findBrowser } from '../scripts/browser.mjs';
import { ensureBuilt } from '../scripts/build.mjs';
import { serve } from '../scripts/serve.mjs';
import { type PageTask, readPageTasks } from './page-tasks';

const FIRST_PORT = 3130;
const LAST_PORT = 3139;

export interface OpenHoplane {
  readonly page: Page;
  readonly context: BrowserContext;
  /** Drops files on the page. */
  readonly drop: (paths: readonly string[]) => Promise<void>;
  readonly idle: () => Promise<void>;
  /** The longest time in ms between two frames that the page could have drawn, from here on until the function that it gives is called. */
  readonly watchFrames: () => Promise<() => Promise<number>>;
  /** Tasks of the page's thread from here on, until the function that it gives is called. */
  readonly watchTasks: () => Promise<() => Promise<readonly PageTask[]>>;
  /** Resident bytes of the page's process, in which its workers live too (Linux: /proc). */
  readonly memory: () => Promise<number>;
  readonly close: () => Promise<void>;
}

export async function openHoplane(): Promise<OpenHoplane> {
  if (!ensureBuilt()) throw new Error('The production build failed: its reason stands above');
  const { address, stop } = await serve(FIRST_PORT, LAST_PORT);
  const browser = await chromium.launch({ executablePath: findBrowser(), args: BROWSER_ARGUMENTS });
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
  const page = await context.newPage();
  const session = await browser.newBrowserCDPSession();
  page.setDefaultTimeout(600_000);
  const idle = () => page.locator('html[data-idle="true"]').waitFor({ state: 'attached' });
  await page.goto(address);
  // The page sleeps until a hand shows itself.
  await page.mouse.move(1, 1);
  await idle();
  return {
    page,
    context,
    drop: (paths) => dropPaths(page, paths),
    idle,
    async watchFrames() {
      const watch = await page.evaluateHandle(watchFrames);
      return () => watch.evaluate((longest) => longest());
    },
    async watchTasks() {
      await browser.startTracing(page, { categories: ['toplevel'] });
      return async () => readPageTasks(await browser.stopTracing());
    },
    async memory() {
      const { processInfo } = await session.send('SystemInfo.getProcessInfo');
      const renderers = processInfo.filter(({ type }) => type === 'renderer');
      return Math.max(...renderers.map(({ id }) => residentBytes(id)));
    },
    async close() {
      await browser.close();
      await stop();
    },
  };
}

/** In the page. */
function watchFrames(): () => number {
  let longest = 0;
  let before = performance.now();
  const look = (now: number) => {
    longest = Math.max(longest, now - before);
    before = now;
    requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
  return () => longest;
}

function residentBytes(pid: number): number {
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'utf8');
    return Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? 0) * 1024;
  } catch {
    // It ended meanwhile.
    return 0;
  }
}
