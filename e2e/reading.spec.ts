// While captures are read: figures that tell how far, a picture of those that are there, and a way to stop.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { captureFile } from '../bench/traffic/captures';
import { readSample } from './hoplane-page';
import { writeLongCapture } from './slow-capture';
import { expect, test } from './test';
import { LONG_TASK_US, traceTasks } from './trace-tasks';

test('shows what is read while the rest is read, says so, and stops when told to', async ({
  hoplane,
}) => {
  const { page } = hoplane;
  await hoplane.open();
  const folder = mkdtempSync(join(tmpdir(), 'hoplane-reading-'));
  try {
    const sample = readSample('sdn-healthy');
    for (const { name, bytes } of sample) writeFileSync(join(folder, name), bytes);
    writeLongCapture(join(folder, 'long.pcap'));
    const names = [...sample.map(({ name }) => name), 'long.pcap'];
    await hoplane.dropPaths(names.map((name) => join(folder, name)));
    const status = page.getByRole('status');
    await expect(
      status.filter({
        hasText: `${sample.length} of ${names.length} captures are in this picture`,
      }),
    ).toBeVisible();
    await expect(status.filter({ hasText: / of [\d.]+ GB · / })).toBeVisible();
    await expect(hoplane.connections.getByRole('row').nth(1)).toBeVisible();
    // The same for each file: bytes, frames, frames a second, time left.
    await page.getByRole('button', { name: /^Captures/ }).click();
    const long = page.getByRole('listitem').filter({ hasText: 'long.pcap' });
    await expect(long).toContainText(/[\d.]+ .?B of [\d.]+ .?B · \S+ frames · \S+\/s · .+ left/);
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: 'Cancel all' }).click();
    await hoplane.idle();
    await expect(status.filter({ hasText: 'in this picture' })).toHaveCount(0);
    await expect(hoplane.connections.getByRole('row').nth(1)).toBeVisible();
    await page.getByRole('button', { name: /^Captures/ }).click();
    await expect(long).toContainText('cancelled');
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test('a larger capture shows its connections, and no task of the page’s thread is long meanwhile', async ({
  hoplane,
  browser,
}) => {
  // A busy machine takes its time; what is judged is time of the processor. The same with 1 GB and 5 GB: `npm run bench -- long-tasks`.
  test.slow();
  await hoplane.open();
  const tasks = await traceTasks(browser, async () => {
    await hoplane.dropFromDisk(captureFile('mixed', 100));
    await hoplane.idle();
  });
  await expect(hoplane.connections.getByRole('row').nth(10)).toBeVisible();
  expect(tasks.length).toBeGreaterThan(100);
  expect(tasks.filter((us) => us > LONG_TASK_US)).toEqual([]);
});
