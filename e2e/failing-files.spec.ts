// What goes wrong on the way: a file that is gone when its turn comes, a worker that breaks, a browser without room. Each is said with the name of the file,
// what was read stays, nothing hangs.
import { mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { buildManyConnections } from '../lib/testing/many-connections';
import { HoplanePage, readSample } from './hoplane-page';
import { slowCapture, writeLongCapture } from './slow-capture';
import { expect, test } from './test';

const SAMPLE = 'sdn-healthy';

/** One file is read at a time, whatever the machine. */
const readOneByOne = (page: Page): Promise<unknown> =>
  page.addInitScript(() => {
    Object.defineProperty(navigator, 'hardwareConcurrency', { value: 2 });
  });

const listed = (page: Page, file: string) =>
  page.getByRole('list', { name: 'Captures' }).getByRole('listitem').filter({ hasText: file });

test('a file that is gone when its turn comes is named, the others are shown', async ({
  hoplane,
}) => {
  const { page } = hoplane;
  await readOneByOne(page);
  await hoplane.open();
  const folder = mkdtempSync(join(tmpdir(), 'hoplane-gone-'));
  try {
    const sample = readSample(SAMPLE);
    const paths = sample.map(({ name, bytes }) => {
      const path = join(folder, name);
      writeFileSync(path, bytes);
      return path;
    });
    await hoplane.startReading([slowCapture()]);
    await expect(listed(page, 'slow.pcap.gz')).toContainText(/ of |%/);
    await hoplane.dropPaths(paths);
    await expect(listed(page, sample[0].name)).toContainText('waiting');
    rmSync(paths[0]);
    await page.getByRole('button', { name: 'Cancel slow.pcap.gz' }).click();
    await hoplane.idle();
    await expect(hoplane.connections.getByRole('row').nth(1)).toBeVisible();
    await page.getByRole('button', { name: /^Captures/ }).click();
    await expect(listed(page, sample[0].name)).toContainText(
      /not read.*The file was changed, moved or removed|not read.*the file was changed, moved or removed/,
    );
    await expect(listed(page, sample[1].name)).toContainText('frames');
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test('a file that is cut while it is read keeps what was read, and says so', async ({
  hoplane,
}) => {
  const { page } = hoplane;
  await hoplane.open();
  const folder = mkdtempSync(join(tmpdir(), 'hoplane-changed-'));
  try {
    const name = 'long.pcap';
    const path = join(folder, name);
    writeLongCapture(path);
    await hoplane.dropPaths([path]);
    // Looked at often: a fast machine reads all of it within seconds.
    await expect
      .poll(() => listed(page, name).textContent(), { intervals: [20] })
      .toMatch(/%| of .*Cancel/);
    truncateSync(path, 1000);
    await hoplane.idle();
    await page.getByRole('button', { name: /^Captures/ }).click();
    // What Chromium's stream did tells which of both is said.
    await expect(listed(page, name)).toContainText(
      /pcap · [\d,]+ frames.*(could be read up to byte \d+ only, of \d+: it was changed while it was read|frames were read, then no more: the file was changed)/,
    );
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test('a worker that breaks costs the file that it reads, not the others', async ({ page }) => {
  // Not the fixture: what broke stands on the console, as it should.
  const hoplane = new HoplanePage(page);
  await readOneByOne(page);
  await hoplane.open();
  const sample = readSample(SAMPLE);
  await hoplane.startReading([slowCapture(), ...sample]);
  await expect(listed(page, 'slow.pcap.gz')).toContainText(/ of |%/);
  const [, parser] = page.workers();
  await parser.evaluate(() => {
    setTimeout(() => {
      throw new Error('no memory is left');
    });
  });
  await hoplane.idle();
  await expect(hoplane.connections.getByRole('row').nth(1)).toBeVisible();
  await page.getByRole('button', { name: /^Captures/ }).click();
  await expect(listed(page, 'slow.pcap.gz')).toContainText('no memory is left');
  for (const { name } of sample) await expect(listed(page, name)).toContainText('frames');
});

test('an analysis that breaks is said, and nothing is waited for', async ({ page }) => {
  const hoplane = new HoplanePage(page);
  await hoplane.open();
  await hoplane.startReading([slowCapture()]);
  await expect(listed(page, 'slow.pcap.gz')).toContainText(/ of |%/);
  const [engine] = page.workers();
  await engine.evaluate(() => {
    setTimeout(() => {
      throw new Error('no memory is left');
    });
  });
  await hoplane.idle();
  await expect(page.getByText(/The analysis stopped: .*no memory is left/)).toBeVisible();
  await expect(listed(page, 'slow.pcap.gz')).toContainText('it was not read');
});

test('where the browser has no room left, captures are shown all the same, and what is not kept is said', async ({
  hoplane,
}) => {
  const { page } = hoplane;
  await hoplane.open();
  const session = await page.context().newCDPSession(page);
  await session.send('Storage.overrideQuotaForOrigin', {
    origin: new URL(page.url()).origin,
    quotaSize: 200_000,
  });
  const { captures } = buildManyConnections(2000, 730);
  await hoplane.drop(captures.map(({ name, bytes }) => ({ name, bytes: Buffer.from(bytes) })));
  await expect(hoplane.connections.getByRole('row').nth(1)).toBeVisible();
  await expect(
    page.getByText(`There is no room left in this browser to keep ${captures[0].name}`),
  ).toBeVisible();
  // Frames are read from the files themselves.
  await hoplane.goToFrame(captures[0].name, 1);
  await expect(hoplane.inspector).toContainText('tcp.seq_raw');
});
