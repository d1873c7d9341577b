// Ways to what one looks for: quick filters on what is seen, the card of the filter, bytes, and the walk for who is here for the first time.
import { buildLongConnection } from '../lib/testing/long-connection';
import { readScenario } from './hoplane-page';
import { expect, test } from './test';

test('a click on an address filters by it, and narrows what is filtered', async ({ hoplane }) => {
  const { page } = hoplane;
  await hoplane.dropSample('sdn-nat-untranslated');
  const field = page.getByRole('combobox', { name: 'Search connections' });
  const menu = page.getByRole('menu', { name: 'Filter by this' });
  await hoplane.connections
    .getByRole('row', { name: /:40456/ })
    .getByRole('gridcell')
    .nth(1)
    .click({ button: 'right' });
  expect(await hoplane.accessibilityFaults()).toEqual([]);
  await menu.getByRole('menuitem', { name: 'tcp.port == 40456: only this', exact: true }).click();
  await hoplane.idle();
  await expect(field).toHaveValue('tcp.port == 40456');
  await expect(hoplane.connections).toHaveAttribute('aria-rowcount', '2');

  // By the menu key on a field of the inspector, with arrows.
  await hoplane.chooseStep(1);
  await hoplane.inspector.getByRole('button', { name: /^tcp\.flags/ }).focus();
  await page.keyboard.press('Shift+F10');
  await expect(menu).toBeVisible();
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('Enter');
  await hoplane.idle();
  await expect(field).toHaveValue('tcp.port == 40456 && !(tcp.flags == 0x0002)');
});

test('bytes are searched from the palette; the card of the filter puts an example into the field', async ({
  hoplane,
}) => {
  const { page } = hoplane;
  await hoplane.dropSample('sdn-nat-untranslated');
  await page.keyboard.press('Control+k');
  await page.keyboard.type('16 03 01');
  await page.getByRole('option', { name: /frame contains 16:03:01/ }).click();
  await hoplane.idle();
  const field = page.getByRole('combobox', { name: 'Search connections' });
  await expect(field).toHaveValue('frame contains 16:03:01');
  await page.getByRole('button', { name: 'What the filter can ask' }).click();
  expect(await hoplane.accessibilityFaults()).toEqual([]);
  await page.getByRole('button', { name: /^hop\.lost/ }).click();
  await expect(field).toHaveValue('hop.lost');
  await expect(field).toBeFocused();
});

test('the walk leads through the article’s case to the finding by keys, and can be left', async ({
  hoplane,
}) => {
  const { page } = hoplane;
  await hoplane.open();
  const walk = page.getByRole('region', { name: 'Guided walk' });
  await page.getByRole('button', { name: 'Walk through the article’s case' }).click();
  await hoplane.idle();
  await expect(walk).toContainText('Two captures, one path');
  await expect(walk.getByRole('button', { name: 'Next' })).toBeFocused();
  expect(await hoplane.accessibilityFaults()).toEqual([]);
  await page.keyboard.press('Enter');
  await page.keyboard.press('ArrowRight');
  await hoplane.idle();
  await expect(walk).toContainText('The reply is the fault');
  await expect(hoplane.story.locator('[aria-current=step]')).toContainText('translated back');
  await page.keyboard.press('ArrowLeft');
  await expect(walk).toContainText('The SYN goes through');
  for (let step = 0; step < 3; step++) await page.keyboard.press('ArrowRight');
  await expect(walk).toContainText('The finding');
  await page.keyboard.press('Enter');
  await expect(walk).toHaveCount(0);
});

test('the head of a hop counts what the filter lets through, and a click shows the hop over time', async ({
  hoplane,
  page,
}) => {
  await hoplane.open();
  await hoplane.drop(readScenario('sdn-loss'));
  const lossy = hoplane.journeys.getByRole('button', { name: /^Hop, .*forward:.* 28 lost/ });
  await expect(lossy).toHaveCount(1);
  await expect(lossy).toContainText('28 lost');
  const search = page.getByRole('combobox', { name: 'Search connections' });
  await search.fill('tcp.flags.fin == 1');
  await search.press('Enter');
  await hoplane.idle();
  const filtered = hoplane.journeys.getByRole('button', { name: /^Hop, .*forward:.* 1 lost/ });
  await expect(filtered).toContainText('1 lost');
  await filtered.click();
  await hoplane.idle();
  const hops = page.getByRole('region', { name: 'Hops over time' });
  await expect(hops.getByRole('button', { expanded: true })).toContainText('tun0 → tun0′');
});

test('lanes beyond the edge are told, and a click brings them', async ({ hoplane, page }) => {
  await page.setViewportSize({ width: 390, height: 844 });
  await hoplane.open();
  await hoplane.drop(
    buildLongConnection(40, 10).map((bytes, index) => ({
      name: `host${index}-eth0.pcap`,
      bytes: Buffer.from(bytes),
    })),
  );
  await page.getByRole('radio', { name: 'Journeys' }).click();
  await hoplane.idle();
  const further = hoplane.journeys.getByRole('button', { name: /more lanes? to the right/ });
  const before = hoplane.journeys.getByRole('button', { name: /more lanes? to the left/ });
  await expect(before).toHaveCount(0);
  for (let clicks = 0; (await further.count()) > 0 && clicks < 10; clicks++) {
    await further.click();
    await hoplane.idle();
    await expect(before).toBeVisible();
  }
  await expect(further).toHaveCount(0);

  // Closer together all of them are in view of a larger screen.
  await page.setViewportSize({ width: 1280, height: 720 });
  await hoplane.idle();
  await expect(before).toHaveCount(0);
  await expect(further).toHaveCount(0);
});
