// What is done by hand: a clock set against its packets, two frames matched, each change taken back and made again.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { ROOT } from '../scripts/root.mjs';
import { type NamedBytes, readSample } from './hoplane-page';
import { expect, test } from './test';

/** Two nodes whose clocks differ by 0.37 s. */
function readTwoHosts(): NamedBytes[] {
  const folder = join(ROOT, 'e2e', 'captures', 'overlay-skew');
  return readdirSync(folder)
    .filter((name) => name.endsWith('.pcap.gz'))
    .map((name) => ({
      name: name.replace(/\.gz$/, ''),
      bytes: gunzipSync(readFileSync(join(folder, name))),
    }));
}

test('a clock is dragged against its packets, typed, taken back, made again, and kept in the address', async ({
  hoplane,
}) => {
  const { page } = hoplane;
  await hoplane.open();
  await hoplane.drop(readTwoHosts());
  await page.getByRole('button', { name: /^Lanes/ }).click();
  const clock = page.getByRole('button', { name: /behind ± / });
  const solved = (await clock.textContent()) ?? '';
  await clock.click();
  const chart = page.getByRole('img', { name: /^Packets to this host/ });
  await expect(chart).toBeVisible();
  const field = page.getByRole('textbox', { name: /^Offset by hand/ });

  const box = (await chart.boundingBox())!;
  await page.mouse.move(box.x + 100, box.y + 30);
  await page.mouse.down();
  await page.mouse.move(box.x + 100, box.y + 70);
  await expect(page.getByText(/would arrive before leaving/)).toBeVisible();
  await page.mouse.up();
  await hoplane.idle();
  await expect(field).not.toHaveValue('0');
  await expect(clock).not.toHaveText(solved);
  expect(await hoplane.accessibilityFaults()).toEqual([]);

  await field.fill('250');
  await field.press('Enter');
  await hoplane.idle();
  await expect(page.getByText('250 µs further ahead than solved')).toBeVisible();

  await page.getByRole('button', { name: 'Undo' }).click();
  await page.getByRole('button', { name: 'Undo' }).click();
  await hoplane.idle();
  await expect(field).toHaveValue('0');
  await expect(clock).toHaveText(solved);
  await page.getByRole('button', { name: 'Redo' }).click();
  await page.getByRole('button', { name: 'Redo' }).click();
  await hoplane.idle();
  await expect(field).toHaveValue('250');
  await expect(page).toHaveURL(/by-hand=/);
});

test('two frames are said to be of two connections, and Ctrl+Z makes them one again', async ({
  hoplane,
}) => {
  const { page } = hoplane;
  await hoplane.open();
  await hoplane.drop(readSample('article-3.1'));
  const before = await hoplane.connections.getAttribute('aria-rowcount');
  await hoplane.inspector.getByRole('button', { name: 'Match by hand…' }).click();
  await hoplane.inspector
    .getByRole('button', { name: /article-3\.1-baw|baw/ })
    .first()
    .click();
  await hoplane.idle();
  await hoplane.inspector.getByRole('button', { name: 'Two connections' }).click();
  await hoplane.idle();
  await expect(hoplane.connections).not.toHaveAttribute('aria-rowcount', before ?? '');
  await page.keyboard.press('Control+z');
  await hoplane.idle();
  await expect(hoplane.connections).toHaveAttribute('aria-rowcount', before ?? '');
  await page.keyboard.press('Control+Shift+z');
  await hoplane.idle();
  await expect(hoplane.connections).not.toHaveAttribute('aria-rowcount', before ?? '');
});
