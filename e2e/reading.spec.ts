// While captures are read: figures that tell how far, a picture of those that are there, and a way to stop.
import { randomBytes } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { type NamedBytes, readSample } from './hoplane-page';
import { expect, test } from './test';

const RECORD_BYTES = 200_000;
const RECORDS = 300;
const MEMBERS = 25;
const NOISE_BYTES = 500;

/** A small file that takes many seconds to read: gzip members of 60 MB of large frames that are nearly all zeros. */
function slowCapture(): NamedBytes {
  const head = Buffer.alloc(24);
  head.writeUInt32LE(0xa1b2c3d4, 0);
  head.writeUInt32LE(RECORD_BYTES, 16);
  head.writeUInt32LE(1, 20);
  const record = Buffer.alloc(16 + RECORD_BYTES);
  record.writeUInt32LE(RECORD_BYTES, 8);
  record.writeUInt32LE(RECORD_BYTES, 12);
  // Nothing but zeros would be taken for a bomb.
  randomBytes(NOISE_BYTES).copy(record, 16);
  const member = gzipSync(Buffer.concat(Array.from({ length: RECORDS }, () => record)));
  const members = Array.from({ length: MEMBERS }, () => member);
  return { name: 'slow.pcap.gz', bytes: Buffer.concat([gzipSync(head), ...members]) };
}

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
