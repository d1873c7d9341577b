// `npm run --silent hoplane -- analyze …`: the command line (cli/main.ts), bundled when stale. Its exit status is the command's.
import { pathToFileURL } from 'node:url';
import { ensureInstalled, ensureNode } from './install.mjs';

ensureNode();
ensureInstalled();
const { bundle } = await import('./bundle.mjs');
const target = await bundle('cli/main.ts');
process.argv[1] = target;
// npm runs scripts in the checkout's root; files on the command line are meant from where the user stands.
if (process.env.npm_lifecycle_event === 'hoplane' && process.env.INIT_CWD) {
  process.chdir(process.env.INIT_CWD);
}
await import(pathToFileURL(target).href);
