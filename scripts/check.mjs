// `npm run check`: what a commit needs, in under a minute: all of `npm test` but the build and the browser.
import { ensureInstalled, ensureNode } from './install.mjs';

ensureNode();
ensureInstalled();
const { QUICK_SUITES, runSuites } = await import('./suites.mjs');
process.exit(runSuites(QUICK_SUITES) ? 0 : 1);
