// What is done by hand: a clock set against its packets, two frames matched, each change taken back and made again.
import { type NamedBytes, readSample, readScenario } from './hoplane-page';
import { expect, test } from './test';

/** Two nodes whose clocks differ by 0.37 s. */
const readTwoHosts = (): NamedBytes[] => readScenario('overlay-skew');

const FILE_HEADER_BYTES = 24;
const FRAME_HEADER_BYTES = 16;

/** A little-endian pcap's first frames as one file, the others as another. */
function cutInTwo({ name, bytes }: NamedBytes, frames: number, later: string): NamedBytes[] {
  let at = FILE_HEADER_BYTES;
  for (let frame = 0; frame < frames; frame++)
    at += FRAME_HEADER_BYTES + bytes.readUInt32LE(at + 8);
  const header = bytes.subarray(0, FILE_HEADER_BYTES);
  return [
    { name, bytes: bytes.subarray(0, at) },
    { name: later, bytes: Buffer.concat([header, bytes.subarray(at)]) },
  ];
}

test('a clock is dragged against its packets, typed, taken back, made again, and kept in the address', async ({
  hoplane,
}) => {
  // The analysis runs anew with each correction.
  test.slow();
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
  await expect(page.getByText(/before leaving/)).toBeVisible();
  await page.mouse.up();
  await hoplane.idle();
  await expect(field).not.toHaveValue('0');
  await expect(clock).not.toHaveText(solved);
  expect(await hoplane.accessibilityFaults('[aria-label="Lanes"]')).toEqual([]);

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

test('two frames are explained, and said to be of two connections, and Ctrl+Z makes them one again', async ({
  hoplane,
}) => {
  // The analysis runs anew with each correction.
  test.slow();
  const { page } = hoplane;
  await hoplane.dropSample('article-3.1');
  const before = await hoplane.connections.getAttribute('aria-rowcount');
  await hoplane.inspector.getByRole('button', { name: /Explain or match/ }).click();
  await hoplane.inspector
    .getByRole('button', { name: /article-3\.1-baw|baw/ })
    .first()
    .click();
  await hoplane.idle();
  await expect(hoplane.inspector.getByText('One packet.')).toBeVisible();
  expect(await hoplane.accessibilityFaults()).toEqual([]);
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

test('points of two files of one interface are merged, taken back, made one again, and stay so over a reload', async ({
  hoplane,
}) => {
  // The analysis runs anew with each correction.
  test.slow();
  const { page } = hoplane;
  const [baw, cpe] = readSample('article-3.1');
  await hoplane.open();
  await hoplane.drop([baw, ...cutInTwo(cpe, 12, 'zz-evening.pcap')]);
  const lanes = page.getByRole('button', { name: /^Lanes/ });
  await expect(lanes).toHaveText(/3$/);
  await lanes.click();
  await page
    .getByRole('combobox', { name: 'Split or merge zz-evening' })
    .selectOption({ label: 'article-3.1-cpe' });
  await hoplane.idle();
  await expect(lanes).toHaveText(/2$/);
  const told = page.getByText(`zz-evening.pcap merged into ${cpe.name}`);
  await expect(told).toBeVisible();
  expect(await hoplane.accessibilityFaults()).toEqual([]);

  await page.getByRole('button', { name: 'Undo' }).click();
  await hoplane.idle();
  await expect(lanes).toHaveText(/3$/);
  await page.getByRole('button', { name: 'Redo' }).click();
  await hoplane.idle();
  await expect(lanes).toHaveText(/2$/);
  await hoplane.keptAs('Untitled case', 0);

  await page.reload();
  await hoplane.idle();
  await expect(lanes).toHaveText(/2$/);
  await lanes.click();
  await expect(told).toBeVisible();
});

test('a capture that was taken out is put back, by its line and by Ctrl+Z', async ({ hoplane }) => {
  test.slow();
  const { page } = hoplane;
  await hoplane.open();
  const [first, second] = readSample('article-3.1');
  await hoplane.drop([first, second]);
  const captures = page.getByRole('button', { name: /^Captures/ });
  const takeOut = async () => {
    await captures.click();
    await page.getByRole('button', { name: `Remove ${second.name}` }).click();
    await page.keyboard.press('Escape');
    await hoplane.idle();
    await expect(captures).toHaveText(/1$/);
  };
  await takeOut();
  const back = page.getByRole('button', { name: 'Put it back' });
  await expect(back).toBeVisible();
  expect(await hoplane.accessibilityFaults()).toEqual([]);
  await back.click();
  await hoplane.idle();
  await expect(captures).toHaveText(/2$/);
  await expect(back).toBeHidden();

  await takeOut();
  await page.keyboard.press('Control+z');
  await hoplane.idle();
  await expect(captures).toHaveText(/2$/);
});

test('where a frame is cut on its way, its first byte and its last are told, and how sure the order of lanes is', async ({
  hoplane,
}) => {
  // The analysis runs anew with each correction.
  test.slow();
  const { page } = hoplane;
  await hoplane.open();
  await hoplane.drop(readTwoHosts());
  await hoplane.goToFrame('cart-eth0.pcap', 172);
  await expect(hoplane.inspector.getByText(/^first byte .* last byte /).first()).toBeVisible();
  await page.keyboard.press('h');
  const panel = page.getByRole('region', { name: 'Hops over time' });
  await panel
    .getByRole('button', { name: /node2-ens3 → node1-ens3/ })
    .first()
    .click();
  await expect(panel.getByText(/frames cut or joined: first byte/)).toBeVisible();
  await expect(panel.getByText(/^likely: by the times of both directions/)).toBeVisible();
  expect(await hoplane.accessibilityFaults('[aria-label="Hops over time"]')).toEqual([]);
});

test('two hosts are said to be one, and one capture to be on a host of its own', async ({
  hoplane,
}) => {
  // The analysis runs anew with each correction.
  test.slow();
  const { page } = hoplane;
  await hoplane.open();
  await hoplane.drop(readTwoHosts());
  await page.getByRole('button', { name: /^Lanes/ }).click();
  const menus = page.getByRole('combobox', { name: /^Correct the host of/ });
  await expect(menus).toHaveCount(2);
  await menus.first().selectOption({ index: (await menus.first().locator('option').count()) - 1 });
  await hoplane.idle();
  await expect(menus).toHaveCount(1);
  await expect(page.getByText(/one host, as said by hand/).first()).toBeVisible();
  expect(await hoplane.accessibilityFaults('[aria-label="Lanes"]')).toEqual([]);

  await page.getByRole('button', { name: 'Undo' }).click();
  await hoplane.idle();
  await expect(menus).toHaveCount(2);

  await menus.first().selectOption({ index: 1 });
  await hoplane.idle();
  await expect(menus).toHaveCount(3);
  await expect(page.getByText(/: a host of its own$/)).toBeVisible();
  await expect(page).toHaveURL(/by-hand=/);
});
