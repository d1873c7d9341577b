// The production build in a headless Chromium for benches: served, opened, the tasks of its thread watched, its memory read.
import { readFileSync } from 'node:fs';
import { type BrowserContext, chromium, type Page } from '@playwright/test';
import { BROWSER_ARGUMENTS, findBrowser } from '../scripts/browser.mjs';
import { ensureBuilt } from '../scripts/build.mjs';
import { findPort, serve } from '../scripts/serve.mjs';
import { type PageTask, readPageTasks } from './page-tasks';

const FIRST_PORT = 3130;
const LAST_PORT = 3139;

export interface OpenHoplane {
  readonly page: Page;
  readonly context: BrowserContext;
  /** Chooses files as the button does. */
  readonly addFiles: (paths: readonly string[]) => Promise<void>;
  readonly idle: () => Promise<void>;
  /** Tasks of the page's thread from here on, until the function that it gives is called. */
  readonly watchTasks: () => Promise<() => Promise<readonly PageTask[]>>;
  /** Resident bytes of the page's process, in which its workers live too (Linux: /proc). */
  readonly memory: () => Promise<number>;
  readonly close: () => Promise<void>;
}

export async function openHoplane(): Promise<OpenHoplane> {
  if (!ensureBuilt()) throw new Error('The production build failed: its reason stands above');
  const { address, stop } = await serve(await findPort(FIRST_PORT, LAST_PORT));
  const browser = await chromium.launch({ executablePath: findBrowser(), args: BROWSER_ARGUMENTS });
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
  const page = await context.newPage();
  const session = await browser.newBrowserCDPSession();
  page.setDefaultTimeout(600_000);
  const idle = () => page.locator('html[data-idle="true"]').waitFor({ state: 'attached' });
  await page.goto(address);
  await idle();
  return {
    page,
    context,
    addFiles: (paths) =>
      page
        .locator('input[type="file"]')
        .first()
        .setInputFiles([...paths]),
    idle,
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

function residentBytes(pid: number): number {
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'utf8');
    return Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? 0) * 1024;
  } catch {
    // It ended meanwhile.
    return 0;
  }
}
