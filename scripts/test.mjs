// `npm test`: everything that must hold, from a clean clone on. Its last line is `N passed, N failed`.
import { ensureInstalled, ensureNode } from './install.mjs';

ensureNode();
ensureInstalled();
const { QUICK_SUITES, runSuites, SLOW_SUITES } = await import('./suites.mjs');
process.exit(runSuites([...QUICK_SUITES, ...SLOW_SUITES]) ? 0 : 1);
