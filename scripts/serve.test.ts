// The server of browser tests is the one that was started for them, never another that listens where it should.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';

const FIRST = 3160;
const LAST = 3169;
const folder = mkdtempSync(join(tmpdir(), 'hoplane-serve-'));

/** A server as Next's standalone one is started, told its port by the environment; `build` is what it serves. */
const standalone = (build: string): string => `
  const { createServer } = require('node:http');
  const server = createServer((request, response) => {
    response.statusCode = request.url === '/_next/static/${build}/_buildManifest.js' ? 200 : 404;
    response.end();
  });
  server.on('error', () => process.exit(1));
  server.listen(Number(process.env.PORT), process.env.HOSTNAME, () => console.log('Ready in 1ms'));
`;

vi.mock('./root.mjs', () => ({ ROOT: folder, STANDALONE: folder }));
const { serve } = await import('./serve.mjs');

const others: Server[] = [];
beforeEach(() => {
  mkdirSync(join(folder, '.next'), { recursive: true });
  writeFileSync(join(folder, '.next', 'BUILD_ID'), 'ours');
  writeFileSync(join(folder, 'server.js'), standalone('ours'));
});
afterEach(() => {
  for (const other of others.splice(0)) other.close();
  rmSync(join(folder, '.next'), { recursive: true });
});

it('goes to the next port where another server listens', async () => {
  const other = createServer((_, response) => response.end('another checkout'));
  others.push(other);
  await new Promise<void>((resolve) => other.listen(FIRST, '127.0.0.1', resolve));
  const { address, stop } = await serve(FIRST, LAST);
  expect(address).not.toBe(`http://127.0.0.1:${FIRST}`);
  await stop();
});

it('two that start together have a port each', async () => {
  const both = await Promise.all([serve(FIRST, LAST), serve(FIRST, LAST)]);
  expect(new Set(both.map(({ address }) => address)).size).toBe(2);
  for (const { stop } of both) await stop();
});

it('says so where what was started is not what was built', async () => {
  writeFileSync(join(folder, 'server.js'), standalone('another'));
  await expect(serve(FIRST, LAST)).rejects.toThrow('is not the one that was built');
});

it('says so where the server does not start', async () => {
  writeFileSync(join(folder, 'server.js'), 'process.exit(7);');
  await expect(serve(FIRST, LAST)).rejects.toThrow('ended with status 7');
});
