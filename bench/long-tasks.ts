// `long-tasks`: gigabytes dropped on the production build; the longest task on the page's thread, the time to connections, memory.

import type { BenchOptions } from './bench-options';
import { openHoplane, rendererBytes } from './hoplane-browser';
import { captureFile } from './traffic/captures';

export async function benchLongTasks({ megabytes, files }: BenchOptions): Promise<void> {
  const paths = (files ?? (['mixed', 'mixed-pcapng'] as const)).map((name) =>
    captureFile(name, megabytes ?? 1000),
  );
  const hoplane = await openHoplane();
  const started = performance.now();
  await hoplane.addFiles(paths);
  let peak = 0;
  const watch = setInterval(() => {
    peak = Math.max(peak, rendererBytes());
  }, 250);
  const rows = hoplane.page.getByRole('grid', { name: 'Connections' }).getByRole('row').nth(1);
  await rows.waitFor();
  const first = performance.now() - started;
  await hoplane.idle();
  const all = performance.now() - started;
  clearInterval(watch);
  const tasks = await hoplane.longTasks();
  console.log(
    `${paths.length} × ${megabytes ?? 1000} MB: first connections after ${(first / 1000).toFixed(1)} s, idle after ${(all / 1000).toFixed(1)} s; ${tasks.length} tasks over 50 ms on the page's thread${tasks.length > 0 ? `, the longest ${Math.max(...tasks).toFixed(0)} ms` : ''}; the renderer holds ${(rendererBytes() / 1e6).toFixed(0)} MB, ${(peak / 1e6).toFixed(0)} MB at the peak`,
  );
  await hoplane.close();
}
