// What `npm start` says before it builds anything. Building and serving are proved by the browser tests.
import { spawn } from 'node:child_process';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ROOT } from './root.mjs';

function start(environment: Record<string, string>): Promise<{ status: number; errors: string }> {
  const child = spawn(process.execPath, [join(ROOT, 'scripts', 'start.mjs')], {
    env: { ...process.env, HOST: '127.0.0.1', ...environment },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let errors = '';
  child.stderr.on('data', (chunk) => {
    errors += chunk;
  });
  return new Promise((resolve) => {
    child.once('close', (status) => resolve({ status: status ?? -1, errors }));
  });
}

describe('npm start', () => {
  it('names a port that is in use, and how to choose another', async () => {
    const holder = createServer();
    const port = await new Promise<number>((resolve) => {
      holder.listen(0, '127.0.0.1', () => {
        const address = holder.address();
        resolve(typeof address === 'object' && address !== null ? address.port : 0);
      });
    });
    const { status, errors } = await start({ PORT: String(port) });
    holder.close();
    expect(errors).toBe(`Port ${port} is in use. Choose another: PORT=${port + 1} npm start\n`);
    expect(status).toBe(1);
  });

  it('refuses what is no port', async () => {
    expect(await start({ PORT: 'http' })).toEqual({
      status: 1,
      errors: 'PORT must be a number from 1 to 65535, not "http".\n',
    });
  });
});
