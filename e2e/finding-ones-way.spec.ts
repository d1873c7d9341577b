// Ways to what one looks for: quick filters on what is seen, the card of the filter, bytes, and the walk for who is here for the first time.
import { readSample } from './hoplane-page';
import { expect, test } from './test';

test('a click on an address filters by it, and narrows what is filtered', async ({ hoplane }) => {
  const { page } = hoplane;
  await hoplane.open();
  await hoplane.drop(readSample('sdn-nat-untranslated'));
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
  await hoplane.open();
  await hoplane.drop(readSample('sdn-nat-untranslated'));
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
