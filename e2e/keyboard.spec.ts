// The page by keys alone: the palette, the card of keys, steps through what is in trouble.
import { expect, test } from './test';

const HALF_TRANSLATED = /translated back only in part/;

test('the palette finds a connection by its port, a finding, a frame and a command', async ({
  hoplane,
}) => {
  const { page } = hoplane;
  const { keyboard } = page;
  await hoplane.dropSample('sdn-nat-untranslated');
  const options = page.getByRole('listbox', { name: 'What fits' }).getByRole('option');

  await keyboard.press('Control+k');
  await keyboard.type('40456');
  await expect(options.filter({ hasText: ':40456 →' })).toHaveCount(1);
  expect(await hoplane.accessibilityFaults()).toEqual([]);
  await keyboard.press('Enter');
  await hoplane.idle();
  await expect(hoplane.journeys).toContainText('10.128.3.202:40456 → 172.30.249.115:9443');
  await expect(hoplane.connections).toBeFocused();

  await keyboard.press('Control+k');
  await keyboard.type('only in part');
  await expect(options.filter({ hasText: HALF_TRANSLATED }).first()).toBeVisible();
  await keyboard.press('Enter');
  await hoplane.idle();
  await expect(hoplane.story).toBeVisible();

  await keyboard.press('g');
  await keyboard.type('baw#3');
  await keyboard.press('Enter');
  await hoplane.idle();
  await expect(hoplane.inspector.getByRole('heading', { name: 'Frame 3' })).toBeVisible();
  await expect(hoplane.inspector).toContainText('baw-eth0.pcap');

  await keyboard.press('Control+k');
  await keyboard.type('time to scale');
  await keyboard.press('Enter');
  await hoplane.idle();
  await expect(page.getByRole('radio', { name: 'To scale' })).toBeChecked();
});

test('keys step through findings, connections in trouble and the story', async ({ hoplane }) => {
  const { keyboard } = hoplane.page;
  await hoplane.dropSample('sdn-nat-untranslated');
  const chosen = hoplane.connections.getByRole('row', { selected: true });

  await keyboard.press('n');
  await hoplane.idle();
  await expect(chosen).toHaveCount(1);
  const first = await chosen.getAttribute('title');
  await keyboard.press('n');
  await hoplane.idle();
  expect(await chosen.getAttribute('title')).not.toBe(first);
  await keyboard.press('p');
  await hoplane.idle();
  expect(await chosen.getAttribute('title')).toBe(first);

  await keyboard.press('f');
  await hoplane.idle();
  await expect(hoplane.findings.getByRole('button', { pressed: true })).toHaveCount(1);
  await keyboard.press(']');
  await hoplane.idle();
  // Two steps may cite one frame.
  await expect(hoplane.story.locator('[aria-current=step]').first()).toBeVisible();
});

test('a connection that was stepped to leads to its finding, its story and its place in time', async ({
  hoplane,
}) => {
  const { page } = hoplane;
  const { keyboard } = page;
  await hoplane.dropSample('sdn-nat-untranslated');
  const lookedAt = hoplane.connections.locator('[aria-current=true]');

  await keyboard.press('n');
  await hoplane.idle();
  await expect(hoplane.story).toHaveCount(0);
  await expect(hoplane.findings.locator('[aria-current=true]')).toContainText(HALF_TRANSLATED);
  await expect(page.locator('[data-moment]')).toHaveCount(0);

  await keyboard.press(']');
  await hoplane.idle();
  await expect(hoplane.story.locator('[aria-current=step]').first()).toBeVisible();
  // The row of the connection whose frame the step cites, and its moment.
  await expect(lookedAt).toHaveCount(1);
  await expect(lookedAt).toHaveAttribute('title', /:60170 → /);
  await expect(page.locator('[data-moment]')).toBeVisible();

  // A frame of another connection: the table goes along.
  await hoplane.goToFrame('cpe', 69);
  await expect(lookedAt).toHaveAttribute('title', /:40464 → /);
  await expect(hoplane.connections).toHaveAttribute(
    'aria-activedescendant',
    (await lookedAt.getAttribute('id')) ?? '',
  );
  await page.goBack();
  await hoplane.idle();
  await expect(hoplane.findings.locator('[aria-current=true]')).toHaveCount(0);
});

test('the card of keys lists them, and letters can be turned off', async ({ hoplane }) => {
  const { page } = hoplane;
  await hoplane.open();
  await page.keyboard.press('?');
  const card = page.getByRole('dialog', { name: 'All keys' });
  await expect(card).toContainText('Next connection in trouble');
  await expect(card).toContainText('Point by point');
  expect(await hoplane.accessibilityFaults()).toEqual([]);
  await page.getByRole('checkbox', { name: 'Single letters and signs are commands' }).uncheck();
  await page.keyboard.press('Escape');
  await expect(card).toHaveCount(0);
  await page.keyboard.press('?');
  await page.keyboard.press('Control+k');
  await expect(page.getByRole('dialog', { name: 'Find anything' })).toBeVisible();
  await expect(card).toHaveCount(0);
});
