// `npm start`: installs, builds what changed, serves the page and prints its address. PORT and HOST change where.
import { existsSync, readFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { ensureBuilt } from './build.mjs';
import { ensureInstalled, ensureNode } from './install.mjs';
import { STANDALONE } from './root.mjs';
import { portProblem, SERVER, serverEnvironment } from './serve.mjs';

ensureNode();

const host = process.env.HOST ?? '0.0.0.0';
const port = Number(process.env.PORT ?? 3000);
if (!Number.isInteger(port) || port < 1 || port > 65535) {
  console.error(`PORT must be a number from 1 to 65535, not "${process.env.PORT}".`);
  process.exit(1);
}

/** Asked before building and again before serving: a build takes long enough for a port to be taken. */
async function ensurePort() {
  const problem = await portProblem(port, host);
  if (problem === null) return;
  if (problem === 'EADDRINUSE') {
    console.error(`Port ${port} is in use. Choose another: PORT=${port + 1} npm start`);
  } else {
    console.error(`Port ${port} on ${host} can't be used: ${problem}.`);
  }
  process.exit(1);
}

/** The parent and, where the system tells, the parent's parent: another pair means that one of them ended. */
function ancestors() {
  const stat = `/proc/${process.ppid}/stat`;
  const above = existsSync(stat)
    ? readFileSync(stat, 'utf8')
        .replace(/^.*\) /s, '')
        .split(' ')[1]
    : '';
  return `${process.ppid} ${above}`;
}

await ensurePort();
ensureInstalled();
if (!ensureBuilt()) {
  console.error('The build failed: its reason stands above.');
  process.exit(1);
}
await ensurePort();

// In this very process: whatever ends it ends the listening too.
process.env.NEXT_MANUAL_SIG_HANDLE = '1';
Object.assign(process.env, serverEnvironment(port, host));
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => process.exit(0));
if (process.env.npm_lifecycle_event === 'start') {
  // npm, when killed, does not always take its script along; between the two stands a shell.
  const started = ancestors();
  setInterval(() => ancestors() === started || process.exit(0), 500).unref();
}
process.chdir(STANDALONE);
await import(pathToFileURL(SERVER).href);

const address = `http://${host === '0.0.0.0' || host === '::' ? 'localhost' : host}:${port}`;
await fetch(address);
console.log(`Hoplane is at ${address} (Ctrl+C stops it)`);
