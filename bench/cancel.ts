// `cancel`: how long after the click a capture that is being read says that it was cancelled, and whether its memory is given back.

import type { BenchOptions } from './bench-options';
import { openHoplane } from './hoplane-browser';
import { median } from './median';
import { captureFile } from './traffic/captures';

const SETTLE_MS = 3000;
/** Of the capture's tables, in memory by the time it is cancelled: enough to see them go. */
const READ_BYTES = 150e6;
const LOOK_MS = 20;
/** The capture is read by then, and there is nothing to cancel. */
const MOST_LOOKS = 1000;

export async function benchCancel({ megabytes, rounds, files }: BenchOptions): Promise<void> {
  const [name] = files ?? (['small'] as const);
  const path = captureFile(name, megabytes ?? 1000);
  const hoplane = await openHoplane();
  const { page } = hoplane;
  const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
  const times: number[] = [];
  const memory: string[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const before = await hoplane.memory();
    await hoplane.drop([path]);
    await page.getByRole('button', { name: /^Cancel .*pcap/ }).waitFor();
    let reading = before;
    for (let look = 0; look < MOST_LOOKS && reading < before + READ_BYTES; look += 1) {
      await pause(LOOK_MS);
      reading = await hoplane.memory();
    }
    times.push(
      await page.evaluate(async () => {
        const button = document.querySelector<HTMLElement>('button[aria-label^="Cancel "]');
        const list = document.querySelector('ul[aria-label="Captures"]');
        if (button === null || list === null) throw new Error('Nothing is being read');
        const said = new Promise<number>((resolve) => {
          const look = new MutationObserver(() => {
            if (list.textContent?.includes('cancelled')) resolve(performance.now());
          });
          look.observe(document.body, { childList: true, subtree: true, characterData: true });
        });
        const start = performance.now();
        button.click();
        return (await said) - start;
      }),
    );
    await pause(SETTLE_MS);
    memory.push(
      [before, reading, await hoplane.memory()]
        .map((bytes) => (bytes / 1e6).toFixed(0))
        .join(' → '),
    );
    await page
      .getByRole('button', { name: /^Remove / })
      .first()
      .click();
    await hoplane.idle();
  }
  console.log(
    `cancelled after ${median(times).toFixed(0)} ms (most ${Math.max(...times).toFixed(0)}); renderer before → reading → after, MB: ${memory.join(', ')}`,
  );
  await hoplane.close();
}
