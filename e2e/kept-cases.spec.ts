// Cases that the browser keeps: a reload comes back to the same view, another view is a step back, delete means gone.
import { buildManyConnections } from '../lib/testing/many-connections';
import { readSample } from './hoplane-page';
import { expect, test } from './test';

const HALF_TRANSLATED = /translated back only in part/;

test('after a reload the same case stands in the same view, with its note and its bytes', async ({
  hoplane,
}) => {
  const { page } = hoplane;
  await hoplane.dropSample('sdn-nat-untranslated');
  await page.getByRole('textbox', { name: 'Name of the case' }).fill('Timeout at noon');
  await hoplane.chooseFinding(HALF_TRANSLATED);
  await hoplane.chooseStep(3);
  await hoplane.pinNote('Here it is');
  const journeys = await hoplane.journeyTexts();
  const frame = await hoplane.inspector.getByRole('heading', { name: /^Frame/ }).textContent();
  await hoplane.keptAs('Timeout at noon', 1);

  await page.reload();
  await hoplane.idle();
  await expect(page.getByRole('textbox', { name: 'Name of the case' })).toHaveValue(
    'Timeout at noon',
  );
  expect(await hoplane.journeyTexts()).toEqual(journeys);
  await expect(hoplane.inspector.getByRole('heading', { name: /^Frame/ })).toHaveText(frame ?? '');
  await expect(hoplane.inspector).toContainText('Here it is');
  await expect(hoplane.inspector).toContainText('tcp.seq_raw');
  // Next announces routes in one that is empty.
  await expect(page.getByRole('alert').filter({ hasText: /\S/ })).toHaveCount(0);
});

test('back and forward walk through the views of a case, and out of it', async ({ hoplane }) => {
  const { page } = hoplane;
  await hoplane.dropSample('sdn-nat-untranslated');
  const drawn = hoplane.journeys.getByTitle(/ → 172\.30\.249\.115:9443$/).first();
  const choose = async (port: string) => {
    await hoplane.connections.getByRole('row', { name: new RegExp(`:${port}`) }).click();
    await hoplane.idle();
    await expect(drawn).toContainText(port);
  };
  await choose('40456');
  await choose('40464');
  await page.goBack();
  await hoplane.idle();
  await expect(drawn).toContainText('40456');
  await page.goForward();
  await hoplane.idle();
  await expect(drawn).toContainText('40464');
  expect(new URL(page.url()).search).toBe('');

  await hoplane.keptAs('Untitled case', 0);
  for (let step = 0; step < 3; step++) {
    await page.goBack();
    await hoplane.idle();
  }
  await expect(page.getByRole('heading', { name: 'Your cases' })).toBeVisible();
  await page.goForward();
  await hoplane.idle();
  await expect(hoplane.findings).toBeVisible();
});

test('a kept case is opened from the list, and deleted it is gone', async ({ hoplane }) => {
  const { page } = hoplane;
  await hoplane.dropSample('article-3.1');
  await page.getByRole('textbox', { name: 'Name of the case' }).fill('To be deleted');
  await hoplane.keptAs('To be deleted', 0);
  await page.goto('/');
  await hoplane.idle();
  const cases = page.getByRole('region', { name: 'Your cases' });
  await expect(cases).toContainText('2 captures');
  expect(await hoplane.accessibilityFaults()).toEqual([]);
  await cases.getByRole('button', { name: /^To be deleted/ }).click();
  await hoplane.idle();
  await expect(hoplane.findings.getByRole('button', { name: HALF_TRANSLATED })).toBeVisible();

  await page.goto('/');
  await hoplane.idle();
  await cases.getByRole('button', { name: 'Delete To be deleted', exact: true }).click();
  await cases.getByRole('button', { name: 'Delete To be deleted for good' }).click();
  await hoplane.idle();
  await expect(cases).toHaveCount(0);
  expect(await hoplane.keptFiles()).toEqual([]);
  expect(await hoplane.keptTitles()).toEqual([]);
});

test('cases that nobody named are told apart by what was found, and the words before a report come back', async ({
  hoplane,
}) => {
  const { page } = hoplane;
  const cases = page.getByRole('region', { name: 'Your cases' });
  const preface = page.getByRole('dialog', { name: 'Report' }).getByLabel(/^Preface/);
  const summaries = async () => (await hoplane.keptRecords()).map(({ summary }) => summary).sort();
  const prefaces = async () => (await hoplane.keptRecords()).map((one) => one.preface);
  await hoplane.dropSample('article-3.1');
  await page.keyboard.press('r');
  await preface.fill('To the vendor: which kernel has the fix?');
  await page.keyboard.press('Escape');
  await hoplane.keptAs('Untitled case', 0);
  await expect.poll(summaries).toEqual([expect.stringMatching(HALF_TRANSLATED)]);
  await expect.poll(prefaces).toEqual(['To the vendor: which kernel has the fix?']);

  await page.goto('/');
  await hoplane.idle();
  await hoplane.drop(readSample('sdn-healthy'));
  await expect
    .poll(summaries)
    .toEqual([
      expect.stringMatching(/^No fault found in baw-eth0, cpe-eth0 and 3 more$/),
      expect.stringMatching(HALF_TRANSLATED),
    ]);
  await page.goto('/');
  await hoplane.idle();
  await expect(cases.getByRole('listitem')).toHaveCount(2);
  await expect(cases).toContainText('cpe-eth0, node-tun0');
  await cases.getByRole('button', { name: HALF_TRANSLATED }).first().click();
  await hoplane.idle();
  await page.keyboard.press('r');
  await expect(preface).toHaveValue('To the vendor: which kernel has the fix?');
});

test('a reload takes the analysis that was kept; a damaged one is computed anew; deleted it is gone', async ({
  hoplane,
}) => {
  const { page } = hoplane;
  const { captures } = buildManyConnections(1000, 730);
  const analyses = async () =>
    (await hoplane.keptFiles()).filter((name) => name.endsWith('.analysis'));
  const reload = async () => {
    await page.reload();
    await hoplane.idle();
  };
  await hoplane.open();
  await hoplane.drop(captures.map(({ name, bytes }) => ({ name, bytes: Buffer.from(bytes) })));
  const journeys = await hoplane.journeyTexts();
  expect(journeys.join()).toContain('lost: never seen further on');
  await hoplane.keptAs('Untitled case', 0);
  await expect.poll(analyses).toHaveLength(1);
  const [computed] = await analyses();
  await expect.poll(() => hoplane.keptAnalysis()).toBe(computed);

  await reload();
  expect(await hoplane.journeyTexts()).toEqual(journeys);
  // The record is written twice, so that the first time is over: what is kept stays where it was taken.
  for (const filter of ['hop.lost', 'nat.changed']) {
    await hoplane.search(filter);
    await expect.poll(() => hoplane.keptView()).toContain(filter);
  }
  expect(await analyses()).toEqual([computed]);

  await hoplane.damageKept(computed);
  await reload();
  await expect.poll(analyses).not.toEqual([computed]);
  await expect.poll(async () => (await analyses()).length).toBe(1);
  expect(await hoplane.journeyTexts()).toEqual(journeys);

  await page.goto('/');
  await hoplane.idle();
  await page.getByRole('button', { name: /^Delete .*lost/ }).click();
  await page.getByRole('button', { name: /^Delete .*lost.* for good$/ }).click();
  await hoplane.idle();
  expect(await hoplane.keptFiles()).toEqual([]);
  expect(await hoplane.keptTitles()).toEqual([]);
});

test('a file that was picked is read again through its handle, and not copied', async ({
  hoplane,
}) => {
  const { page } = hoplane;
  await hoplane.open();
  // A file of the origin's own stands for one on disk: Playwright has no way into the system's dialog.
  await page.evaluate(
    async (files) => {
      const root = await navigator.storage.getDirectory();
      const handles: FileSystemFileHandle[] = [];
      for (const { name, base64 } of files) {
        const handle = await root.getFileHandle(name, { create: true });
        const writable = await handle.createWritable();
        await writable.write(Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0)));
        await writable.close();
        handles.push(handle);
      }
      Object.assign(window, { showOpenFilePicker: async () => handles });
    },
    readSample('article-3.1').map(({ name, bytes }) => ({
      name,
      base64: bytes.toString('base64'),
    })),
  );
  await page.getByRole('button', { name: 'Choose files' }).click();
  await expect(hoplane.findings).toBeVisible();
  await hoplane.idle();
  await hoplane.chooseFinding(HALF_TRANSLATED);
  await hoplane.chooseStep(1);
  await hoplane.keptAs('Untitled case', 0);
  const files = await hoplane.keptFiles();
  expect(files.filter((name) => name.endsWith('.tables'))).toHaveLength(2);
  expect(files.filter((name) => name.endsWith('.capture'))).toEqual([]);

  await page.reload();
  await hoplane.idle();
  await expect(hoplane.inspector).toContainText('tcp.seq_raw');
});

test('a case that is not to be kept leaves nothing behind', async ({ hoplane }) => {
  const { page } = hoplane;
  await hoplane.open();
  await page.getByRole('checkbox', { name: /^Keep the case in this browser/ }).uncheck();
  await hoplane.drop(readSample('article-3.1'));
  await hoplane.chooseFinding(HALF_TRANSLATED);
  expect(new URL(page.url()).hash).not.toContain('case=');
  await page.reload();
  await hoplane.idle();
  expect(await hoplane.keptFiles()).toEqual([]);
  expect(await hoplane.keptTitles()).toEqual([]);
  await expect(
    page.getByRole('checkbox', { name: /^Keep the case in this browser/ }),
  ).not.toBeChecked();
});

test('what was written by hand is taken back and made again', async ({ hoplane }) => {
  const { page } = hoplane;
  await hoplane.dropSample('article-3.1');
  await hoplane.chooseFinding(HALF_TRANSLATED);
  await hoplane.chooseStep(1);
  const title = page.getByRole('textbox', { name: 'Name of the case' });
  await title.fill('Timeout at noon');
  await title.press('Enter');
  await hoplane.pinNote('Here it is');
  await hoplane.inspector.getByRole('button', { name: 'Delete', exact: true }).click();
  await expect(hoplane.inspector).not.toContainText('Here it is');
  const press = async (keys: string) => {
    await page.evaluate(() => (document.activeElement as HTMLElement | null)?.blur());
    await page.keyboard.press(keys);
  };
  await press('Control+z');
  await expect(hoplane.inspector).toContainText('Here it is');
  await press('Control+z');
  await expect(hoplane.inspector).not.toContainText('Here it is');
  await press('Control+z');
  await expect(title).toHaveValue('Untitled case');
  await press('Control+y');
  await expect(title).toHaveValue('Timeout at noon');
  await press('Control+y');
  await expect(hoplane.inspector).toContainText('Here it is');
});

test('where the browser keeps nothing, all else works', async ({ hoplane }) => {
  const { page } = hoplane;
  await page.addInitScript(() => {
    StorageManager.prototype.getDirectory = () =>
      Promise.reject(new DOMException('private', 'SecurityError'));
    Object.defineProperty(window, 'indexedDB', { value: undefined });
    Object.defineProperty(window, 'localStorage', {
      get: () => {
        throw new DOMException('private', 'SecurityError');
      },
    });
  });
  await hoplane.open();
  await expect(page.getByText('a reload begins anew')).toBeVisible();
  await hoplane.drop(readSample('article-3.1'));
  await hoplane.chooseFinding(HALF_TRANSLATED);
  await hoplane.chooseStep(1);
  await expect(hoplane.inspector).toContainText('tcp.seq_raw');
});
