// `long-tasks`: gigabytes dropped on the production build; the longest task on the page's thread, the time to connections, memory, and a picture of how the page looks then.
import { join } from 'node:path';
import type { BenchOptions } from './bench-options';
import { openHoplane } from './hoplane-browser';
import type { PageTask } from './page-tasks';
import { captureFile, SCRATCH } from './traffic/captures';

/** What people notice (PRODUCT.md, sizes and speed). */
const LONG_MS = 50;

export async function benchLongTasks({ megabytes, files }: BenchOptions): Promise<void> {
  const size = megabytes ?? 1250;
  const paths = (files ?? (['mixed', 'mixed-pcapng', 'vxlan', 'ipv6'] as const)).map((name) =>
    captureFile(name, size),
  );
  const hoplane = await openHoplane();
  const stopTasks = await hoplane.watchTasks();
  const stopFrames = await hoplane.watchFrames();
  const started = performance.now();
  await hoplane.drop(paths);
  let peak = 0;
  const watch = setInterval(async () => {
    peak = Math.max(peak, await hoplane.memory());
  }, 250);
  const rows = hoplane.page.getByRole('grid', { name: 'Connections' }).getByRole('row').nth(1);
  await rows.waitFor();
  const first = performance.now() - started;
  await hoplane.idle();
  const all = performance.now() - started;
  clearInterval(watch);
  const frameGap = await stopFrames();
  const tasks = await stopTasks();
  const held = await hoplane.memory();
  const picture = join(SCRATCH, 'long-tasks.png');
  await hoplane.page.screenshot({ path: picture });
  const megabytesOf = (bytes: number): string => (bytes / 1e6).toFixed(0);
  console.log(
    `${paths.length} × ${size} MB: first connections after ${(first / 1000).toFixed(1)} s, idle after ${(all / 1000).toFixed(1)} s; on the page's thread ${describe(tasks, 'clockMs')} by the clock, ${describe(tasks, 'processorMs')} in processor time; at most ${frameGap.toFixed(0)} ms between two frames; the renderer holds ${megabytesOf(held)} MB, ${megabytesOf(Math.max(peak, held))} MB at the peak; ${picture} shows the page`,
  );
  await hoplane.close();
}

function describe(tasks: readonly PageTask[], time: keyof PageTask): string {
  const times = tasks.map((task) => task[time]);
  const long = times.filter((ms) => ms > LONG_MS).length;
  return `${long} of ${times.length} tasks over ${LONG_MS} ms, the longest ${times.reduce((most, ms) => Math.max(most, ms), 0).toFixed(0)} ms`;
}
