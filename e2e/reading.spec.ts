// While captures are read: figures that tell how far, a picture of those that are there, and a way to stop.
import { readSample } from './hoplane-page';
import { slowCapture } from './slow-capture';
import { expect, test } from './test';

test('shows what is read while the rest is read, says so, and stops when told to', async ({
  hoplane,
}) => {
  const { page } = hoplane;
  await hoplane.open();
  const sample = readSample('sdn-healthy');
  await hoplane.startReading([...sample, slowCapture()]);
  const status = page.getByRole('status');
  await expect(
    status.filter({
      hasText: `${sample.length} of ${sample.length + 1} captures are in this picture`,
    }),
  ).toBeVisible();
  await expect(status.filter({ hasText: / of [\d.]+ MB · / })).toBeVisible();
  await expect(hoplane.connections.getByRole('row').nth(1)).toBeVisible();
  // The same for each file: bytes, frames, frames a second, time left.
  await page.getByRole('button', { name: /^Captures/ }).click();
  await expect(page.getByRole('listitem').filter({ hasText: 'slow.pcap.gz' })).toContainText(
    /[\d.]+ .?B of [\d.]+ .?B · \S+ frames · \S+\/s · .+ left/,
  );
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'Cancel all' }).click();
  await hoplane.idle();
  await expect(status.filter({ hasText: 'in this picture' })).toHaveCount(0);
  await expect(hoplane.connections.getByRole('row').nth(1)).toBeVisible();
  await page.getByRole('button', { name: /^Captures/ }).click();
  await expect(page.getByRole('listitem').filter({ hasText: 'slow.pcap.gz' })).toContainText(
    'cancelled',
  );
});
