// The workspace's own controls: lanes by hand, search, theme, a narrow screen, a link that is broken.
import { expect, test } from './test';

test('a lane is renamed, moved and hidden, and comes back', async ({ hoplane }) => {
  await hoplane.dropSample('article-3.1');
  expect(await hoplane.laneNames()).toEqual(['article-3.1-cpe', 'article-3.1-baw']);

  await hoplane.page.getByRole('button', { name: /^Lanes/ }).click();
  await hoplane.page.getByRole('textbox', { name: 'Name of article-3.1-cpe' }).fill('client');
  await hoplane.page.getByRole('button', { name: 'Move client right' }).click();
  await hoplane.idle();
  expect(await hoplane.laneNames()).toEqual(['article-3.1-baw', 'client']);

  await hoplane.page.getByRole('button', { name: 'Show client' }).click();
  await hoplane.idle();
  expect(await hoplane.laneNames()).toEqual(['article-3.1-baw']);

  await hoplane.page.getByRole('button', { name: 'As found' }).click();
  await hoplane.idle();
  expect(await hoplane.laneNames()).toEqual(['article-3.1-cpe', 'article-3.1-baw']);
});

test('the search narrows the connections, and choosing one draws it', async ({ hoplane }) => {
  await hoplane.dropSample('sdn-nat-untranslated');
  await hoplane.page.getByRole('combobox', { name: 'Search connections' }).fill('tcp 40456');
  await hoplane.idle();
  const rows = hoplane.connections.getByRole('row', { name: /202:40456/ });
  await expect(rows).toHaveCount(1);
  await expect(hoplane.connections).toHaveAttribute('aria-rowcount', '2');
  await rows.click();
  await hoplane.idle();
  await expect(hoplane.journeys).toContainText('10.128.3.202:40456 → 172.30.249.115:9443');
});

test('a field marks its bytes, and a byte its field', async ({ hoplane }) => {
  await hoplane.dropSample('article-3.1');
  await hoplane.chooseStep(1);
  const { inspector } = hoplane;
  const marked = inspector.locator('[data-offset].bg-chosen');
  const sequence = inspector.getByRole('button', { name: /^tcp\.seq_raw/ });
  await sequence.click();
  await expect(sequence).toHaveAttribute('aria-pressed', 'true');
  // Four bytes, each as figures and as text.
  await expect(marked).toHaveCount(8);
  const [offset] = await marked.evaluateAll((bytes) => bytes.map((byte) => byte.dataset.offset));

  await inspector.getByText('IPv4', { exact: false }).first().click();
  const source = inspector.getByRole('button', { name: /^ip\.src/ });
  await source.click();
  await expect(sequence).toHaveAttribute('aria-pressed', 'false');
  await inspector.locator(`[data-offset="${offset}"]`).first().click();
  await expect(sequence).toHaveAttribute('aria-pressed', 'true');
  await expect(source).toHaveAttribute('aria-pressed', 'false');
});

test('what a connection carried is read from the files, and leads to the frames', async ({
  hoplane,
}) => {
  await hoplane.dropSample('sdn-healthy');
  await hoplane.inspector.getByRole('radio', { name: 'Stream' }).click();
  await hoplane.idle();
  const turns = hoplane.inspector.getByRole('list', { name: 'What was carried' });
  await expect(turns).toContainText('GET /200 HTTP/1.1');
  await expect(turns).toContainText('HTTP/1.1 200 OK');
  expect(await hoplane.accessibilityFaults()).toEqual([]);
  await hoplane.inspector.getByRole('radio', { name: 'Client' }).click();
  await expect(turns).not.toContainText('200 OK');
  await turns.getByRole('button', { name: /client → 99 B/ }).click();
  await hoplane.idle();
  await hoplane.inspector.getByRole('radio', { name: 'Frame' }).click();
  await expect(hoplane.inspector).toContainText('Frame 17');
});

test('each hop is shown over time, and the slowest packet of one leads to its frame', async ({
  hoplane,
}) => {
  await hoplane.dropSample('sdn-healthy');
  await hoplane.page.getByRole('button', { name: 'Hops', exact: true }).click();
  await hoplane.idle();
  const panel = hoplane.page.getByRole('region', { name: 'Hops over time' });
  const hop = panel.getByRole('button', { name: /^tun0 → tun0′/ }).first();
  await expect(hop).toContainText('99 %');
  await hop.click();
  await hoplane.idle();
  await expect(
    panel.getByRole('img', { name: /tun0 → tun0′: latency of \d+ packets/ }),
  ).toBeVisible();
  expect(await hoplane.accessibilityFaults()).toEqual([]);
  await panel
    .getByRole('button', { name: /µs #\d+/ })
    .first()
    .click();
  await hoplane.idle();
  await expect(hoplane.inspector).toContainText('node-tun0.pcap');
  expect(new URL(hoplane.page.url()).hash).toContain('hop=');
});

test('the keyboard goes from journey to journey', async ({ hoplane }) => {
  await hoplane.dropSample('article-3.1');
  await hoplane.chooseStep(1);
  const chosen = hoplane.journeys.getByRole('option', { selected: true });
  const before = await chosen.textContent();
  await hoplane.journeys.getByRole('listbox').focus();
  await hoplane.page.keyboard.press('ArrowDown');
  await hoplane.idle();
  await expect(chosen).toHaveCount(1);
  expect(await chosen.textContent()).not.toBe(before);
});

test('a narrow screen shows one part at a time, without accessibility violation', async ({
  hoplane,
}) => {
  await hoplane.page.setViewportSize({ width: 390, height: 844 });
  await hoplane.dropSample('article-3.1');
  for (const part of ['Findings', 'Connections', 'Journeys', 'Frame']) {
    await hoplane.page.getByRole('radio', { name: part }).click();
    await hoplane.idle();
    expect(await hoplane.accessibilityFaults(), part).toEqual([]);
  }
});

test('a link that is broken is said to be, with a way on', async ({ hoplane }) => {
  await hoplane.open('#s=0.AAAA');
  await expect(
    hoplane.page.getByRole('heading', { name: 'This link cannot be read' }),
  ).toBeVisible();
  expect(await hoplane.accessibilityFaults()).toEqual([]);
  await hoplane.page.getByRole('button', { name: 'Open Hoplane without it' }).click();
  await expect(
    hoplane.page.getByRole('heading', { name: 'One packet, every point it passed' }),
  ).toBeVisible();
});
