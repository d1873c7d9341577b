// Two connections side by side: the failing one and its healthy sibling, or any two, as a part of the view.
import { expect, test } from './test';

test('a failing connection stands beside its healthy sibling, and what is chosen in either is looked at', async ({
  hoplane,
  page,
}) => {
  await hoplane.dropSample('sdn-nat-untranslated');
  await page.keyboard.press('b');
  await hoplane.idle();
  const left = hoplane.journeys.getByRole('region', { name: /^failing: 10\.128\.3\.202:60170/ });
  const right = hoplane.journeys.getByRole('region', { name: /^healthy: 10\.128\.3\.202:40456/ });
  await expect(left.getByRole('option', { name: /^0\.000000 s · \[S\]/ })).toHaveCount(1);
  await expect(right.getByRole('option', { name: /^0\.000000 s · \[S\]/ })).toHaveCount(1);
  const lanes = async (side: typeof left) =>
    (await side.getByTitle(/to rename/).all()).map((head) => head.getAttribute('aria-label'));
  expect(await Promise.all(await lanes(left))).toEqual(await Promise.all(await lanes(right)));

  const partings = hoplane.journeys.getByRole('region', { name: 'Where they part' });
  await expect(partings.getByRole('listitem').first()).toContainText('Tuple');
  await partings
    .getByRole('listitem')
    .first()
    .getByRole('button', { name: /^healthy/ })
    .click();
  await hoplane.idle();
  await expect(hoplane.frameFile('node-tun0.pcap')).toBeVisible();
  await expect(right.getByRole('option', { selected: true })).toHaveCount(1);
  await expect(left.getByRole('option', { selected: true })).toHaveCount(0);
  expect(await hoplane.accessibilityFaults()).toEqual([]);

  await page.goBack();
  await hoplane.idle();
  await expect(left).toHaveCount(0);
  await page.goForward();
  await hoplane.idle();
  await expect(left).toBeVisible();
  await page.reload();
  await hoplane.idle();
  await expect(left).toBeVisible();
  await page.keyboard.press('Escape');
  await hoplane.idle();
  await expect(left).toHaveCount(0);
  await expect(hoplane.journeys).toContainText('3 connections');
});

test('any two connections of the table are laid side by side', async ({ hoplane }) => {
  await hoplane.dropSample('sdn-nat-untranslated');
  const row = (client: RegExp) => hoplane.connections.getByRole('row', { name: client });
  await row(/202:40456/).click();
  await row(/202:40464/).click({ modifiers: ['Control'] });
  await hoplane.idle();
  await hoplane.journeys.getByRole('button', { name: 'Compare' }).click();
  await hoplane.idle();
  await expect(hoplane.journeys.getByRole('region', { name: /^first: .*:40456/ })).toBeVisible();
  await expect(hoplane.journeys.getByRole('region', { name: /^second: .*:40464/ })).toBeVisible();
});

test('the filter lets packets of both through, counts them on each side, and hides the others', async ({
  hoplane,
  page,
}) => {
  await hoplane.dropSample('sdn-nat-untranslated');
  await page.keyboard.press('b');
  await hoplane.idle();
  const sides = [/^failing: /, /^healthy: /].map((name) =>
    hoplane.journeys.getByRole('region', { name }),
  );
  await hoplane.search('tcp.flags & 0x02');
  await expect(sides[0]).toContainText(/\d+ of 27 packets/);
  await expect(sides[1]).toContainText('2 of 51 packets');
  await page.getByRole('radio', { name: 'Hide' }).click();
  await hoplane.idle();
  await expect(sides[1].getByRole('option')).toHaveCount(2);
  for (const side of sides)
    for (const text of await side.getByRole('option').allTextContents())
      expect(text).toMatch(/\[S\.?\]/);
  await hoplane.search('tcp.port == 1');
  await expect(hoplane.journeys).toContainText('The filter leaves out all 78 packets');
});

test('a link keeps the healthy sibling: its reader sees failing beside succeeding', async ({
  hoplane,
  reader,
}) => {
  await hoplane.dropSample('sdn-nat-untranslated');
  await hoplane.chooseFinding(/translated back only in part/);
  await hoplane.idle();
  await reader.open(await hoplane.copyLink());
  await reader.page.keyboard.press('b');
  await reader.idle();
  const side = (name: RegExp) => reader.journeys.getByRole('region', { name });
  await expect(
    side(/^failing: 10\.128\.3\.202:60170/)
      .getByRole('option', { name: /\[S\]/ })
      .first(),
  ).toBeVisible();
  await expect(
    side(/^healthy: 10\.128\.3\.202:40456/)
      .getByRole('option', { name: /\[S\.\]/ })
      .first(),
  ).toBeVisible();
  await expect(
    reader.journeys.getByRole('region', { name: 'Where they part' }).getByRole('listitem'),
  ).not.toHaveCount(0);
});
