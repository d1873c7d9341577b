// `npm run check`: what a commit needs, in under a minute: of `npm test` the static checks, and the unit tests that the change concerns.
import { ensureInstalled, ensureNode } from './install.mjs';

ensureNode();
ensureInstalled();
const { COMMIT_SUITES, runSuites } = await import('./suites.mjs');
process.exit(runSuites(COMMIT_SUITES) ? 0 : 1);
