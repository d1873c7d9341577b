// What stands beside the picture: the inspector in a comparison, the story's frames and commands, translations, the sheet of a report.
import { readFileSync } from 'node:fs';
import { readPdf } from '../lib/testing/read-pdf';
import { expect, test } from './test';

const HALF_TRANSLATED = /translated back only in part/;

test('a frame of the healthy one is told in full, beside the failing one and after the comparison', async ({
  hoplane,
  page,
}) => {
  await hoplane.dropSample('sdn-nat-untranslated');
  await hoplane.chooseFinding(HALF_TRANSLATED);
  await page.keyboard.press('b');
  await hoplane.idle();
  await hoplane.journeys
    .getByRole('region', { name: 'Where they part' })
    .getByRole('button', { name: 'node-veth5b024d2c.pcap #15' })
    .first()
    .click();
  await hoplane.idle();
  const told = async () => {
    await expect(hoplane.inspector.getByRole('heading', { name: 'Frame 15' })).toBeVisible();
    await expect(hoplane.inspector).toContainText('172.30.249.115:9443 → 10.128.3.202:40456');
    await expect(hoplane.inspector).toContainText('Seen at');
    await expect(hoplane.inspector).toContainText('Differs from');
  };
  await told();
  await page.keyboard.press('Escape');
  await hoplane.idle();
  await expect(hoplane.journeys.getByRole('region', { name: /^healthy/ })).toHaveCount(0);
  await told();
});

test('a reply that was not restored is held against its request, and said to be refused', async ({
  hoplane,
  page,
}) => {
  await hoplane.dropSample('sdn-nat-untranslated');
  await hoplane.chooseFinding(HALF_TRANSLATED);
  await hoplane.goToFrame('node-veth5b024d2c', 66);
  await expect(hoplane.inspector).toContainText('Does not answer cpe · eth0 #65');
  await expect(hoplane.inspector).toContainText('the client called 172.30.249.115:9443');
  await expect(hoplane.inspector).toContainText('which refused it: a reset answers it');
  await page.getByRole('button', { name: /^NAT/ }).click();
  await expect(page.getByRole('dialog', { name: 'Translations' })).toContainText(
    'veth91c7e3aa → veth5b024d2c, where the rest was undone',
  );
});

test('each frame of a step can be chosen, all of them shown, and each command copied', async ({
  hoplane,
  page,
}) => {
  await hoplane.dropSample('sdn-nat-untranslated');
  await hoplane.chooseFinding(HALF_TRANSLATED);
  const last = hoplane.story.getByRole('button', { name: 'cpe-eth0.pcap #866' });
  await expect(last).toHaveCount(0);
  await hoplane.story
    .getByRole('button', { name: /^and \d+ more$/ })
    .first()
    .click();
  await last.click();
  await hoplane.idle();
  await expect(hoplane.inspector.getByRole('heading', { name: 'Frame 866' })).toBeVisible();
  const fix = hoplane.story.getByText('ovs-vsctl --no-wait clear Open_vSwitch . other_config');
  await fix.locator('..').getByRole('button', { name: 'Copy the command' }).click();
  await expect
    .poll(() => page.evaluate(() => navigator.clipboard.readText()))
    .toBe('ovs-vsctl --no-wait clear Open_vSwitch . other_config');
});

test('a report is called after what was found, unless its sender says otherwise', async ({
  hoplane,
  page,
}) => {
  await hoplane.dropSample('article-3.1');
  await hoplane.chooseFinding(HALF_TRANSLATED);
  await page.getByRole('button', { name: 'Report' }).click();
  const sheet = page.getByRole('dialog', { name: 'Report' });
  await expect(sheet.getByLabel('Title')).toHaveValue(HALF_TRANSLATED);
  await expect(sheet).toContainText(/\d{4}-\d\d-\d\d-SYN-ACK-of-172\.30\.249\.115-9443[^ ]*\.pdf/);
  expect(await hoplane.accessibilityFaults()).toEqual([]);
  await sheet.getByLabel('Title').fill('Timeout, case 0815');
  await sheet.getByLabel(/^Preface/).fill('Which kernel has the fix?');
  const download = page.waitForEvent('download');
  await sheet.getByRole('button', { name: 'Save the PDF' }).click();
  const file = await download;
  expect(file.suggestedFilename()).toMatch(/^\d{4}-\d\d-\d\d-Timeout-case-0815\.pdf$/);
  const { text, title } = await readPdf(new Uint8Array(readFileSync(await file.path())));
  expect(title).toBe('Timeout, case 0815');
  expect(text).toContain('Which kernel has the fix?');
  await expect(sheet).toHaveCount(0);
});
