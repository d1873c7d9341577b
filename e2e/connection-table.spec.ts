// The table of connections: columns by hand and kept, groups, the way to the one that fails among many by keys alone.
import { buildManyConnections } from '../lib/testing/many-connections';
import { readSample } from './hoplane-page';
import { expect, test } from './test';

test('columns are chosen, moved and sized, and stay so when the page is loaded again', async ({
  hoplane,
}) => {
  const { page } = hoplane;
  await hoplane.dropSample('sdn-nat-untranslated');
  await page.getByRole('button', { name: 'Columns' }).click();
  await page.getByRole('checkbox', { name: 'Duration' }).check();
  await page.getByRole('checkbox', { name: 'Packets lost' }).uncheck();
  await page.getByRole('button', { name: 'Move Server left' }).click();
  await page.keyboard.press('Escape');
  const packets = hoplane.connections.getByRole('columnheader', { name: 'Packets', exact: true });
  const before = (await packets.boundingBox())?.width ?? 0;
  await packets.getByRole('button').focus();
  await page.keyboard.press('Control+Shift+ArrowRight');
  await page.keyboard.press('Shift+ArrowLeft');
  expect((await packets.boundingBox())?.width).toBe(before + 8);
  const columns = ['State', 'Server', 'Client', 'Packets', 'Duration'];
  expect((await hoplane.columnNames()).slice(0, 5)).toEqual(columns);

  await page.reload();
  await hoplane.idle();
  await hoplane.drop(readSample('sdn-nat-untranslated'));
  expect((await hoplane.columnNames()).slice(0, 5)).toEqual(columns);
  expect((await packets.boundingBox())?.width).toBe(before + 8);
});

test('the table lies across the page, in groups that fold by key, without violation', async ({
  hoplane,
}) => {
  const { page } = hoplane;
  await hoplane.dropSample('sdn-nat-untranslated');
  await page.keyboard.press('w');
  await hoplane.idle();
  expect(await hoplane.columnNames()).toContain('Tuple after NAT');
  await expect(hoplane.connections.getByRole('row', { name: /:59906 → .*:9443/ })).toHaveCount(1);

  await page.getByLabel('Group connections').selectOption('pod');
  await hoplane.idle();
  await page.keyboard.press('2');
  await expect(hoplane.connections).toBeFocused();
  await page.keyboard.press('Home');
  const rows = Number(await hoplane.connections.getAttribute('aria-rowcount'));
  expect(await hoplane.currentRow()).toMatch(/^10\.128\.3\.214.*3 in trouble/);
  await page.keyboard.press('ArrowLeft');
  await hoplane.idle();
  expect(Number(await hoplane.connections.getAttribute('aria-rowcount'))).toBeLessThan(rows - 15);
  expect(await hoplane.accessibilityFaults()).toEqual([]);
  await page.keyboard.press('ArrowRight');
  await hoplane.idle();
  await expect(hoplane.connections).toHaveAttribute('aria-rowcount', String(rows));
  await page.keyboard.press('w');
  await expect(hoplane.journeys).toBeVisible();
});

test('the one connection that fails among many, and the hop that lost its packet, by keys alone', async ({
  hoplane,
}) => {
  const { keyboard } = hoplane.page;
  const { captures, failing, lastSeen } = buildManyConnections(1500, 1100);
  await hoplane.open();
  await hoplane.drop(captures.map(({ name, bytes }) => ({ name, bytes: Buffer.from(bytes) })));

  // Away from what the page shows at first: the last of all connections, in order of their clients.
  await keyboard.press('2');
  await keyboard.press('End');
  await keyboard.press('Enter');
  await hoplane.idle();
  expect(await hoplane.currentRow()).not.toContain(failing.split(':')[1]);

  await keyboard.press('n');
  await hoplane.idle();
  expect(await hoplane.currentRow()).toContain(failing.split(':')[1]);
  await expect(hoplane.journeys).toContainText(failing);

  await keyboard.press('/');
  await keyboard.type('hop.lost');
  await keyboard.press('Enter');
  await hoplane.idle();
  await expect(hoplane.connections).toHaveAttribute('aria-rowcount', '2');

  await keyboard.press('Escape');
  await keyboard.press('Control+k');
  await keyboard.type(`tun0#${lastSeen.frame}`);
  await keyboard.press('Enter');
  await hoplane.idle();
  await expect(hoplane.inspector).toContainText(/lost between .*tun0.* and .*server/);
});
