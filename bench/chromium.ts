// `chromium`: in a headless Chromium, drop to columns against reading the same File by Blob.stream(), both from worker to worker; turn by turn in one run.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { chromium } from '@playwright/test';
import { build } from 'esbuild';
import { BROWSER_ARGUMENTS, findBrowser } from '../scripts/browser.mjs';
import { keepConstants } from '../scripts/bundle.mjs';
import type { BenchOptions } from './bench-options';
import type { ChromiumTimes } from './chromium/page';
import { median } from './median';
import { captureFile } from './traffic/captures';

const ENTRIES = [
  'bench/chromium/page.ts',
  'bench/chromium/read.worker.ts',
  'bench/chromium/sink.worker.ts',
  'workers/parse.worker.ts',
];
const PAGE =
  '<!doctype html><title>Bench</title><body><script type="module" src="/page.mjs"></script>';
/** As the product's own page has it: cross-origin isolated, so that blocks are shared. */
const HEADERS = {
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
};

async function servePage(): Promise<{ readonly address: string; readonly stop: () => void }> {
  const { outputFiles } = await build({
    entryPoints: ENTRIES,
    outdir: '/',
    outExtension: { '.js': '.mjs' },
    entryNames: '[name]',
    bundle: true,
    minifySyntax: true,
    format: 'esm',
    target: 'chrome120',
    write: false,
    logLevel: 'warning',
  });
  const scripts = new Map(outputFiles.map(({ path, text }) => [path, keepConstants(text)]));
  const server = createServer(({ url = '/' }, response) => {
    const script = scripts.get(url);
    const type = script === undefined ? 'text/html' : 'text/javascript';
    response.writeHead(200, { ...HEADERS, 'Content-Type': type }).end(script ?? PAGE);
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  return { address: `http://127.0.0.1:${port}`, stop: () => server.close() };
}

export async function benchChromium({ megabytes, rounds, files }: BenchOptions): Promise<void> {
  const { address, stop } = await servePage();
  const browser = await chromium.launch({ executablePath: findBrowser(), args: BROWSER_ARGUMENTS });
  for (const name of files ?? (['mixed', 'small'] as const)) {
    const size = megabytes ?? 1000;
    const path = captureFile(name, size);
    const page = await browser.newPage();
    await page.goto(address);
    await page.locator('input').setInputFiles(path);
    const measure = () => page.evaluate(() => window.measure?.());
    await measure();
    const runs: ChromiumTimes[] = [];
    for (let round = 0; round < rounds; round += 1) {
      const run = await measure();
      if (run !== undefined) runs.push(run);
    }
    await page.close();
    const secondsOf = (side: keyof ChromiumTimes): number => median(runs.map((run) => run[side]));
    const columns = secondsOf('columns');
    const describe = (side: keyof ChromiumTimes): string =>
      `${secondsOf(side).toFixed(2)} s (${(size / secondsOf(side) / 1000).toFixed(2)} GB/s)`;
    const ratio = (side: keyof ChromiumTimes): string => (secondsOf(side) / columns).toFixed(2);
    console.log(
      `${name.padEnd(14)} ${size} MB   columns ${describe('columns')}   Blob.stream() ${describe('stream')}, ratio ${ratio('stream')}   into one buffer ${describe('filling')}, ratio ${ratio('filling')}`,
    );
  }
  await browser.close();
  stop();
}
