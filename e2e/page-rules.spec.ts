// What must hold on every page: accessible in both themes, isolated, and closed to other origins.
import { readSample } from './hoplane-page';
import { expect, test } from './test';

type Pressed = readonly (readonly [key: string, leave?: string])[];

/** Keys that open something, and the key that closes it where that is another. */
const OPENED_BY_KEYS: Readonly<Record<string, Pressed>> = {
  'other views': [['b'], ['h'], ['v'], ['w']],
  cards: ['?', 'Shift+h', 'ControlOrMeta+k', 'g'].map((key) => [key, 'Escape']),
  lists: ['l', 'c', 'm'].map((key) => [key, 'Escape']),
};

for (const colorScheme of ['light', 'dark'] as const) {
  test.describe(`in ${colorScheme}`, () => {
    test.use({ colorScheme });

    test('the empty page has no accessibility violation', async ({ hoplane }) => {
      await hoplane.open();
      expect(await hoplane.accessibilityFaults()).toEqual([]);
    });

    test('the workspace has no accessibility violation', async ({ hoplane }) => {
      await hoplane.open();
      await hoplane.drop(readSample('sdn-nat-untranslated'));
      await hoplane.chooseFinding(/translated back only in part/);
      await hoplane.chooseStep(1);
      expect(await hoplane.accessibilityFaults()).toEqual([]);
    });

    for (const [what, keys] of Object.entries(OPENED_BY_KEYS))
      test(`${what}: no accessibility violation`, async ({ hoplane, page }) => {
        test.slow();
        await hoplane.open();
        await hoplane.drop(readSample('sdn-nat-untranslated'));
        for (const [key, leave = key] of keys) {
          await page.keyboard.press(key);
          await hoplane.idle();
          expect(await hoplane.accessibilityFaults(), `after ${key}`).toEqual([]);
          await page.keyboard.press(leave);
          await hoplane.idle();
        }
      });

    test('menus and the filter’s field: no accessibility violation', async ({ hoplane, page }) => {
      test.slow();
      await hoplane.open();
      await hoplane.drop(readSample('sdn-nat-untranslated'));
      const faults = async (what: string) =>
        expect(await hoplane.accessibilityFaults(), what).toEqual([]);
      await page.getByRole('button', { name: /^NAT/ }).click();
      await faults('translations');
      await page.keyboard.press('Escape');
      await hoplane.connections.focus();
      await page.keyboard.press('Shift+F10');
      await expect(page.getByRole('menu', { name: 'Filter by this' })).toBeVisible();
      await faults('quick filters');
      await page.keyboard.press('Escape');
      await hoplane.search('tcp.prot == 1');
      await faults('a filter that cannot be read');
      await page.keyboard.press('ControlOrMeta+A');
      await page.keyboard.type('tcp.opt');
      await expect(page.getByRole('option', { name: /^tcp\.options/ }).first()).toBeVisible();
      await faults('completion');
    });
  });
}

test('the page is cross-origin isolated and its policy admits no other origin', async ({
  hoplane,
}) => {
  const response = await hoplane.page.goto('/');
  const policy = response?.headers()['content-security-policy'] ?? '';
  expect(policy).toContain("connect-src 'self'");
  expect(policy).toMatch(/script-src 'self' 'nonce-[^']+' 'strict-dynamic'/);
  expect(policy).not.toContain('unsafe-inline');
  await hoplane.wake();
  await hoplane.idle();
  expect(await hoplane.page.evaluate(() => crossOriginIsolated)).toBe(true);
});

test('a damaged and a foreign file are named, and the others go on', async ({ hoplane }) => {
  const [first, second] = readSample('article-3.1');
  await hoplane.open();
  await hoplane.drop([
    first,
    { name: 'cut.pcap', bytes: second.bytes.subarray(0, second.bytes.length - 7) },
    { name: 'holiday.jpg.pcap', bytes: Buffer.from('ffd8ffe000104a46494600010100', 'hex') },
  ]);
  await hoplane.page.getByRole('button', { name: /^Captures/ }).click();
  const list = hoplane.page.getByRole('list', { name: 'Captures' });
  await expect(list).toContainText('holiday.jpg.pcap');
  await expect(list).toContainText(/cut\.pcap[\s\S]*byte/);
});

test.describe('for someone who wants no motion', () => {
  test.use({ contextOptions: { reducedMotion: 'reduce' } });

  test('nothing moves by itself, whatever is opened', async ({ hoplane, page }) => {
    await hoplane.open();
    await hoplane.drop(readSample('sdn-nat-untranslated'));
    const motions = () =>
      page.evaluate(() => {
        const moving = [...document.querySelectorAll('*')].filter((element) => {
          const { transitionDuration, animationName, scrollBehavior } = getComputedStyle(element);
          const lasts = transitionDuration.split(',').some((text) => Number.parseFloat(text) > 0);
          return lasts || animationName !== 'none' || scrollBehavior === 'smooth';
        });
        return [
          ...moving.map((element) => element.outerHTML.slice(0, 120)),
          ...document.getAnimations().map((animation) => animation.id || 'an animation'),
        ];
      });
    expect(await motions()).toEqual([]);
    for (const key of ['b', 'h', 'v', 'l', 'Escape', '?', 'Escape', 'w']) {
      await page.keyboard.press(key);
      await hoplane.idle();
      expect(await motions(), `after ${key}`).toEqual([]);
    }
  });
});
