// The standalone server: its environment, whether its port is free, and a child process of it for browser tests and screenshots.
import { spawn } from 'node:child_process';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { STANDALONE } from './root.mjs';

/**
 * @param {number} port
 * @param {string} host
 * @returns {Promise<string | null>} the system's code (EADDRINUSE, EACCES …) when the port can't be had
 */
export function portProblem(port, host) {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', (error) => {
      resolve('code' in error ? String(error.code) : error.message);
    });
    probe.listen(port, host, () => probe.close(() => resolve(null)));
  });
}

/**
 * @param {number} first
 * @param {number} last
 * @returns {Promise<number>}
 */
export async function findPort(first, last) {
  for (let port = first; port <= last; port++) {
    if ((await portProblem(port, '127.0.0.1')) === null) return port;
  }
  throw new Error(`No free port from ${first} to ${last}`);
}

export const SERVER = join(STANDALONE, 'server.js');

/**
 * @param {number} port
 * @param {string} host
 * @returns {NodeJS.ProcessEnv}
 */
export function serverEnvironment(port, host) {
  return {
    NODE_ENV: 'production',
    NEXT_TELEMETRY_DISABLED: '1',
    PORT: String(port),
    // Containers set HOSTNAME to their own name; Next would listen on that address alone.
    HOSTNAME: host,
  };
}

/**
 * Starts the server as a child and waits until it answers. The child's pid is the server's own, so that stopping it stops the listening.
 * @param {number} port
 */
export async function serve(port) {
  const host = '127.0.0.1';
  const child = spawn(process.execPath, [SERVER], {
    cwd: STANDALONE,
    stdio: ['ignore', 'ignore', 'inherit'],
    env: { ...process.env, ...serverEnvironment(port, host) },
  });
  /** @type {Promise<number>} */
  const ended = new Promise((resolve) => {
    child.once('exit', (code) => resolve(code ?? 1));
  });
  const killWithParent = () => child.kill('SIGKILL');
  process.once('exit', killWithParent);

  const stop = async () => {
    child.kill('SIGTERM');
    const timer = setTimeout(() => child.kill('SIGKILL'), 3000);
    await ended;
    clearTimeout(timer);
    process.removeListener('exit', killWithParent);
  };

  const address = `http://${host}:${port}`;
  for (;;) {
    const answered = await fetch(address, { signal: AbortSignal.timeout(5000) }).then(
      () => true,
      () => false,
    );
    if (answered) break;
    const over = await Promise.race([
      ended,
      new Promise((resolve) => setTimeout(resolve, 100, null)),
    ]);
    if (over !== null) throw new Error(`The server ended with status ${over} before it answered`);
  }
  return { address, stop };
}
