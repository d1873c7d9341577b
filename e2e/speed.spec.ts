// The picture keeps up: no task of the page's thread needs 50 ms of its time while one pans and zooms through a long connection, from packets to heat and back.
// Counted in time of the processor, which a busy machine does not lengthen; the figures on the clock are in bench/README.md.
import { buildLongConnection } from '../lib/testing/long-connection';
import type { HoplanePage } from './hoplane-page';
import { expect, test } from './test';
import { LONG_TASK_US, traceTasks } from './trace-tasks';

const PACKETS = 14_000;
/** More than are drawn at once. */
const VERY_MANY = 30_000;
const POINTS = 4;

const dropLong = (hoplane: HoplanePage, packets: number) =>
  hoplane.drop(
    buildLongConnection(packets, POINTS).map((bytes, index) => ({
      name: `host${index}-eth0.pcap`,
      bytes: Buffer.from(bytes),
    })),
  );

for (const layout of ['Ladder', 'Strips'])
  test(`panning and zooming, ${layout}: no long task, never an empty picture`, async ({
    hoplane,
    page,
    browser,
  }) => {
    // A busy machine takes its time; what is judged is time of the processor.
    test.slow();
    await hoplane.open();
    await dropLong(hoplane, PACKETS);
    await page.getByRole('radio', { name: layout }).click();
    await hoplane.idle();
    const canvas = hoplane.journeys.locator('canvas').last();
    const box = await canvas.boundingBox();
    if (box === null) throw new Error('The swimlane is not in view');
    await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
    const rowsDrawn = () => canvas.getAttribute('data-drawn').then(Number);
    const turn = async (times: number, px: number, key?: 'Control') => {
      if (key) await page.keyboard.down(key);
      for (let i = 0; i < times; i++) await page.mouse.wheel(0, px);
      if (key) await page.keyboard.up(key);
      await hoplane.idle();
    };

    let most = 0;
    const tasks = await traceTasks(browser, async () => {
      for (const [times, px, key] of [
        [30, 120, undefined],
        [30, 80, 'Control'],
        [20, 200, undefined],
        [40, -80, 'Control'],
        [20, -120, undefined],
      ] as const) {
        await turn(times, px, key);
        const rows = await rowsDrawn();
        expect(rows).toBeGreaterThan(0);
        most = Math.max(most, rows);
      }
    });
    // The whole of what is drawn was in view once.
    expect(most).toBeGreaterThan(10_000);
    expect(tasks.length).toBeGreaterThan(100);
    expect(tasks.filter((us) => us > LONG_TASK_US)).toEqual([]);
  });

test('a connection of more packets than are drawn is heat, opens into packets and closes again, without a long task', async ({
  hoplane,
  page,
  browser,
}) => {
  test.slow();
  await hoplane.open();
  await dropLong(hoplane, VERY_MANY);
  const heat = page.getByRole('slider', { name: /^Heat/ });
  await page.keyboard.press('0');
  await hoplane.idle();
  await page.keyboard.press('3');
  await page.keyboard.press('Escape');
  await hoplane.idle();
  await page.keyboard.press('0');
  await hoplane.idle();
  await expect(heat).toHaveAttribute('aria-valuetext', /: 30,000 packets, 4\d lost$/);
  const canvas = hoplane.journeys.locator('canvas').last();
  const cells = () => canvas.getAttribute('data-cells').then(Number);
  const tasks = await traceTasks(browser, async () => {
    await heat.focus();
    // Closer and closer: finer counts come, then packets, and the picture is never empty.
    for (let closer = 0; (await heat.count()) > 0 && closer < 40; closer++) {
      await page.keyboard.press('+');
      await hoplane.idle();
      if ((await heat.count()) > 0) expect(await cells()).toBeGreaterThan(0);
    }
    await expect(heat).toHaveCount(0);
    expect(Number(await canvas.getAttribute('data-drawn'))).toBeGreaterThan(100);
    // The keyboard is still in the picture.
    for (let further = 0; (await heat.count()) === 0 && further < 60; further++) {
      await page.keyboard.press('-');
      await hoplane.idle();
    }
    await expect(heat).toHaveCount(1);
  });
  expect(tasks.filter((us) => us > LONG_TASK_US)).toEqual([]);
});
