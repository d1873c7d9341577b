// The empty page is the server's drawing: no script runs before a hand shows itself, and nothing that the hand does meanwhile is lost.
import type { Page } from '@playwright/test';
import { readSample } from './hoplane-page';
import { expect, test } from './test';

const runningScripts = (): number => document.querySelectorAll('script[src][async]').length;

test('a page that is only looked at runs no script, and says all that it has to say', async ({
  hoplane,
  page,
}) => {
  const fetched: string[] = [];
  page.on('requestfinished', (request) => fetched.push(new URL(request.url()).pathname));
  await page.goto('/');
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
  await expect(page.getByRole('button', { name: /reply that is half translated/ })).toBeVisible();
  // What is needed next is fetched, and not run.
  await expect.poll(() => fetched.filter((path) => path.endsWith('.js')).length).toBeGreaterThan(4);
  expect(await page.evaluate(runningScripts)).toBe(0);
  await expect(page.locator('html[data-idle]')).not.toBeAttached();
  await hoplane.wake();
  await hoplane.idle();
  expect(await page.evaluate(runningScripts)).toBeGreaterThan(4);
});

/** Opens the page, whose scripts come when the answer is called. */
async function openWithoutScripts(page: Page): Promise<() => void> {
  let release = () => {};
  const released = new Promise<void>((resolve) => {
    release = resolve;
  });
  await page.route('**/_next/static/chunks/*.js', async (route) => {
    await released;
    await route.continue();
  });
  await page.goto('/');
  return release;
}

test('a page that nobody touches wakes by itself', async ({ hoplane, page }) => {
  await page.goto('/');
  await hoplane.idle();
});

test('files that are chosen before the scripts are there are read', async ({ hoplane, page }) => {
  const release = await openWithoutScripts(page);
  await page
    .getByLabel('Capture files')
    .setInputFiles(
      readSample('article-3.1').map(({ name, bytes }) => ({ name, mimeType: '', buffer: bytes })),
    );
  release();
  await expect(hoplane.findings.getByText(/translated back only in part/).first()).toBeVisible();
  await hoplane.idle();
});

test('files that are dropped before the scripts are there are read', async ({ hoplane, page }) => {
  const release = await openWithoutScripts(page);
  await page.evaluate(() => {
    const dataTransfer = new DataTransfer();
    dataTransfer.items.add(new File(['no capture'], 'words.txt'));
    for (const type of ['dragenter', 'drop'])
      document.body.dispatchEvent(new DragEvent(type, { bubbles: true, dataTransfer }));
  });
  release();
  await expect(page.getByText(/words\.txt/).first()).toBeVisible();
  await hoplane.idle();
});

test('a click and a key that come before the scripts are there count', async ({
  hoplane,
  page,
}) => {
  const release = await openWithoutScripts(page);
  await page.getByRole('button', { name: 'Walk through the article’s case' }).click();
  await page.keyboard.press('?');
  release();
  await expect(page.getByRole('dialog')).toContainText('Keys');
  await page.keyboard.press('Escape');
  await expect(page.getByRole('region', { name: 'Guided walk' })).toBeVisible();
  await hoplane.idle();
});

test('an address that names a case wakes the page by itself', async ({ hoplane, page }) => {
  await page.goto('/#case=gone');
  await hoplane.idle();
  await expect(page.getByText(/not kept in this browser/)).toBeVisible();
});
