// The standalone server: its environment, whether its port is free, and a child process of it for browser tests and screenshots.
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
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
async function findPort(first, last) {
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
 * Starts the server as a child on the first port from `first` to `last` that can be had, and waits until it answers. The child's pid is the server's own, so that
 * stopping it stops the listening.
 * @param {number} first
 * @param {number} last
 */
export async function serve(first, last) {
  for (let from = first; ; ) {
    const port = await findPort(from, last);
    const served = await serveOn(port);
    if (served !== null) return served;
    // Someone else began to listen between the look and the child's start.
    from = port + 1;
  }
}

/**
 * @param {number} port
 * @returns {Promise<{ address: string, stop: () => Promise<void> } | null>} null: the port went to another server
 */
async function serveOn(port) {
  const host = '127.0.0.1';
  const child = spawn(process.execPath, [SERVER], {
    cwd: STANDALONE,
    stdio: ['ignore', 'pipe', 'inherit'],
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
  const over = await Promise.race([ended, saysReady(child.stdout)]);
  if (over === READY && (await answersAsThisBuild(address))) return { address, stop };
  await stop();
  if ((await portProblem(port, host)) !== null) return null;
  throw new Error(
    over === READY
      ? `The server on ${address} is not the one that was built`
      : `The server ended with status ${over} before it was ready`,
  );
}

const READY = 'ready';

/**
 * Next's server says so once it listens. That something answers on the port is no sign of it: that may be someone else's server.
 * @param {import('node:stream').Readable} output
 * @returns {Promise<typeof READY>}
 */
const saysReady = (output) =>
  new Promise((resolve) => {
    let said = '';
    output.setEncoding('utf8');
    output.on('data', (text) => {
      said += text;
      if (/\bReady\b/.test(said)) resolve(READY);
    });
  });

/**
 * Whether the server there is one of this build: another checkout's would be tested in its place.
 * @param {string} address
 * @returns {Promise<boolean>}
 */
async function answersAsThisBuild(address) {
  const build = readFileSync(join(STANDALONE, '.next', 'BUILD_ID'), 'utf8').trim();
  const manifest = await fetch(`${address}/_next/static/${build}/_buildManifest.js`);
  return manifest.ok;
}
