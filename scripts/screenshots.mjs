// Makes the README's images from the production build: the five captures of sdn-nat-untranslated, light and dark.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { chromium } from '@playwright/test';
import { BROWSER_ARGUMENTS, ensureBrowser } from './browser.mjs';
import { ensureBuilt } from './build.mjs';
import { ROOT } from './root.mjs';
import { serve } from './serve.mjs';

const SAMPLE = join(ROOT, 'public', 'samples', 'sdn-nat-untranslated');
const IDLE = 'html[data-idle="true"]';

const executablePath = ensureBrowser();
if (!executablePath || !ensureBuilt()) process.exit(1);
const { address, stop } = await serve(3111, 3119);
const browser = await chromium.launch({ executablePath, args: BROWSER_ARGUMENTS });
for (const colorScheme of /** @type {const} */ (['light', 'dark'])) {
  const page = await browser.newPage({
    viewport: { width: 1440, height: 900 },
    deviceScaleFactor: 1.5,
    colorScheme,
  });
  await page.goto(address);
  // The page sleeps until a hand shows itself.
  await page.mouse.move(1, 1);
  await page.waitForSelector(IDLE, { state: 'attached' });
  await page.getByLabel('Capture files').setInputFiles(
    readdirSync(SAMPLE).map((name) => ({
      name: name.replace(/\.gz$/, ''),
      mimeType: 'application/vnd.tcpdump.pcap',
      buffer: gunzipSync(readFileSync(join(SAMPLE, name))),
    })),
  );
  await page.getByRole('textbox', { name: 'Name of the case' }).fill('Socket timeout, CPE to BAW');
  // The third step is the heart of the story: the reply that is half translated.
  await page
    .getByRole('region', { name: 'The story' })
    .getByRole('listitem')
    .nth(2)
    .getByRole('button')
    .first()
    .click();
  await page.getByRole('heading', { name: 'Findings' }).scrollIntoViewIfNeeded();
  await page.mouse.move(0, 0);
  await page.waitForSelector(IDLE, { state: 'attached' });
  const path = join(ROOT, 'docs', 'images', `workspace-${colorScheme}.png`);
  await page.screenshot({ path });
  console.log(path);
  await page.close();
}
await browser.close();
await stop();
