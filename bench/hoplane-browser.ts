// The production build in a headless Chromium for benches: served, opened, its long tasks watched, its memory read.
import { readdirSync, readFileSync } from 'node:fs';
import { type BrowserContext, chromium, type Page } from '@playwright/test';
import { BROWSER_ARGUMENTS, findBrowser } from '../scripts/browser.mjs';
import { ensureBuilt } from '../scripts/build.mjs';
import { findPort, serve } from '../scripts/serve.mjs';

const FIRST_PORT = 3130;
const LAST_PORT = 3139;

declare global {
  interface Window {
    longTasks?: number[];
  }
}

export interface OpenHoplane {
  readonly page: Page;
  readonly context: BrowserContext;
  /** Chooses files as the button does. */
  readonly addFiles: (paths: readonly string[]) => Promise<void>;
  readonly idle: () => Promise<void>;
  /** Milliseconds of every task over 50 ms on the page's thread so far. */
  readonly longTasks: () => Promise<number[]>;
  readonly close: () => Promise<void>;
}

export async function openHoplane(): Promise<OpenHoplane> {
  if (!ensureBuilt()) throw new Error('The production build failed: its reason stands above');
  const { address, stop } = await serve(await findPort(FIRST_PORT, LAST_PORT));
  const browser = await chromium.launch({ executablePath: findBrowser(), args: BROWSER_ARGUMENTS });
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
  const page = await context.newPage();
  page.setDefaultTimeout(600_000);
  await page.addInitScript(() => {
    const found: number[] = [];
    window.longTasks = found;
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) found.push(entry.duration);
    }).observe({ type: 'longtask' });
  });
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
    longTasks: () => page.evaluate(() => window.longTasks ?? []),
    async close() {
      await browser.close();
      await stop();
    },
  };
}

/** Resident bytes of the browser's renderers (Linux: /proc); the page's workers live in one of them. */
export function rendererBytes(): number {
  let bytes = 0;
  for (const pid of readdirSync('/proc')) {
    if (!/^\d+$/.test(pid)) continue;
    try {
      const words = readFileSync(`/proc/${pid}/cmdline`, 'utf8');
      if (!words.includes('--type=renderer')) continue;
      const status = readFileSync(`/proc/${pid}/status`, 'utf8');
      bytes = Math.max(bytes, Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? 0) * 1024);
    } catch {
      // It ended meanwhile.
    }
  }
  return bytes;
}
