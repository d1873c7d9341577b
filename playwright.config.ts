// Browser tests drive the production build in Chromium. e2e/server.setup.ts serves it; scripts/browser.mjs finds or gets the browser.
import { defineConfig } from '@playwright/test';
import { BROWSER_ARGUMENTS, findBrowser } from './scripts/browser.mjs';

export default defineConfig({
  testDir: 'e2e',
  outputDir: 'test-results',
  globalSetup: './e2e/server.setup.ts',
  timeout: 120_000,
  expect: { timeout: 30_000 },
  // Two cores: a second browser beside the workers of the first would only make both late.
  workers: 1,
  forbidOnly: Boolean(process.env.CI),
  reporter: 'list',
  use: {
    // Workers read this file after the server has started.
    baseURL: process.env.HOPLANE_URL,
    actionTimeout: 30_000,
    viewport: { width: 1440, height: 900 },
    locale: 'en-GB',
    timezoneId: 'UTC',
    trace: 'retain-on-failure',
    launchOptions: {
      executablePath: process.env.CHROMIUM_PATH ?? findBrowser(),
      args: BROWSER_ARGUMENTS,
    },
  },
});
