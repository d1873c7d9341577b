// `npm test`: everything that must hold, from a clean clone on. Its last line is `N passed, N failed`.
import { ensureInstalled, ensureNode } from './install.mjs';

ensureNode();
ensureInstalled();
const { ALL_SUITES, runSuites } = await import('./suites.mjs');
process.exit(runSuites(ALL_SUITES) ? 0 : 1);
