// Playwright's `test` with the page object, and what holds for every test: no error on the console, no request to another origin.
import { test as base, type ConsoleMessage, type Page } from '@playwright/test';
import { HoplanePage } from './hoplane-page';

/** Collects what a page must not do. */
function watch(page: Page): { readonly faults: string[] } {
  const faults: string[] = [];
  const origin = process.env.HOPLANE_URL;
  page.on('console', (message: ConsoleMessage) => {
    if (message.type() === 'error' || message.type() === 'warning') {
      faults.push(`console ${message.type()}: ${message.text()} (${message.location().url})`);
    }
  });
  page.on('pageerror', (error) => faults.push(`uncaught: ${error.stack ?? error.message}`));
  // The context's requests are those of its pages and of their workers.
  page.context().on('request', (request) => {
    const url = new URL(request.url());
    if (url.origin !== origin && !['blob:', 'data:'].includes(url.protocol)) {
      faults.push(`request to another origin: ${request.url()}`);
    }
  });
  page.context().on('requestfailed', (request) => {
    faults.push(`request failed: ${request.url()} ${request.failure()?.errorText}`);
  });
  return { faults };
}

export const test = base.extend<{ hoplane: HoplanePage; reader: HoplanePage }>({
  hoplane: async ({ page, context }, use) => {
    await context.grantPermissions(['clipboard-read', 'clipboard-write']);
    const { faults } = watch(page);
    await use(new HoplanePage(page));
    expect(faults).toEqual([]);
  },

  /** Another person's browser: it shares nothing with the first but the server. */
  reader: async ({ browser }, use) => {
    const context = await browser.newContext({ baseURL: process.env.HOPLANE_URL });
    const page = await context.newPage();
    const { faults } = watch(page);
    await use(new HoplanePage(page));
    // Closing breaks off what is under way, which is no fault.
    const seen = [...faults];
    await context.close();
    expect(seen).toEqual([]);
  },
});

export const expect = test.expect;
