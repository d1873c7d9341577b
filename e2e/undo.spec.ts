// What is done by hand is undone in its order, and what was undone is said; what keys and the palette lead to; a file that is given twice.
import { readSample } from './hoplane-page';
import { expect, test } from './test';

test('Ctrl+Z goes back through captures taken out and a note, in order, and says what it undid; redo goes forth', async ({
  hoplane,
}) => {
  // The analysis runs anew with each capture.
  test.slow();
  const { page } = hoplane;
  await hoplane.open();
  const [first, second, third] = readSample('sdn-nat-untranslated');
  await hoplane.drop([first, second, third]);
  await hoplane.goToFrame(first.name, 1);
  await hoplane.pinNote('odd');
  const captures = page.getByRole('button', { name: /^Captures/ });
  const notes = page.getByRole('button', { name: /^Notes/ });
  const said = page.getByRole('log', { name: 'Just done' });
  const takeOut = async (name: string, left: number) => {
    await captures.click();
    await page.getByRole('button', { name: `Remove ${name}` }).click();
    await page.keyboard.press('Escape');
    await hoplane.idle();
    await expect(captures).toHaveText(new RegExp(`${left}$`));
  };
  await takeOut(second.name, 2);
  await takeOut(third.name, 1);

  const press = async (key: string, words: string, left: number) => {
    await page.keyboard.press(key);
    await expect(said).toHaveText(words);
    await hoplane.idle();
    await expect(captures).toHaveText(new RegExp(`${left}$`));
  };
  await press('Control+z', `Undone: ${third.name} taken out`, 2);
  expect(await hoplane.accessibilityFaults()).toEqual([]);
  await press('Control+z', `Undone: ${second.name} taken out`, 3);
  await expect(notes).toHaveText(/1$/);
  await press('Control+z', 'Undone: note written', 3);
  await expect(notes).toHaveText(/0$/);
  await press('Control+Shift+z', 'Redone: note written', 3);
  await press('Control+Shift+z', `Redone: ${second.name} taken out`, 2);
});

test('a note that was deleted is offered back', async ({ hoplane }) => {
  const { page } = hoplane;
  await hoplane.dropSample('article-3.1');
  await hoplane.pinNote('odd');
  await hoplane.inspector.getByRole('button', { name: 'Delete' }).click();
  await expect(page.getByText('Note deleted: odd')).toBeVisible();
  await page.getByRole('button', { name: 'Put it back' }).click();
  await expect(hoplane.inspector.getByText('odd')).toBeVisible();
  await expect(page.getByText('Note deleted: odd')).toBeHidden();
});

test('the palette knows the buttons of the bars, copies filters for Wireshark, and each step of the story is scrolled to', async ({
  hoplane,
}) => {
  test.slow();
  const { page } = hoplane;
  const { keyboard } = page;
  const files = readSample('sdn-nat-untranslated');
  await hoplane.dropSample('sdn-nat-untranslated');
  const said = page.getByRole('log', { name: 'Just done' });
  const call = async (words: string) => {
    await keyboard.press('Control+k');
    await keyboard.type(words);
    await keyboard.press('Enter');
  };
  await call('legend');
  await expect(page.getByRole('heading', { name: 'What the marks mean' })).toBeVisible();
  await keyboard.press('Escape');
  await call('undo');
  await expect(said).toHaveText('Nothing to undo');

  await hoplane.goToFrame(files[0].name, 3);
  await call(`wireshark frame 3 ${files[0].name}`);
  await expect(said).toHaveText('Copied: frame.number == 3');
  const clipboard = () => page.evaluate(() => navigator.clipboard.readText());
  expect(await clipboard()).toBe('frame.number == 3');
  await call('wireshark at all points');
  await expect(said).toContainText('tcp.port ==');
  expect(await clipboard()).toMatch(/^\(ip\.addr == .*\) \|\| \(ip\.addr == /);

  await keyboard.press('f');
  await hoplane.idle();
  const step = hoplane.story.locator('[aria-current=step]');
  let last = '';
  for (;;) {
    await keyboard.press(']');
    await hoplane.idle();
    await expect(step).toHaveCount(1);
    await expect(step).toBeInViewport({ ratio: 0.9 });
    const text = (await step.textContent()) ?? '';
    if (text === last) break;
    last = text;
  }

  await hoplane.drop([files[0]]);
  await expect(page.getByText(/already open: nothing was added/)).toBeVisible();
});
