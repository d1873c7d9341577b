// Which room may import which; what lives in each is in ARCHITECTURE.md. A row of ROOMS lists all that a folder may import besides itself.
// scripts/layers.mjs runs it and also fails when nothing was checked.

/** @type {Record<string, string[]>} */
const ROOMS = {
  'lib/base': [],
  'lib/model': ['lib/base'],
  'lib/read': ['lib/model', 'lib/base'],
  'lib/wire': ['lib/model', 'lib/base'],
  'lib/tcp': ['lib/model', 'lib/base'],
  'lib/correlate': ['lib/model', 'lib/base'],
  'lib/filter': ['lib/model', 'lib/base'],
  'lib/evidence': ['lib/read', 'lib/model', 'lib/base'],
  'lib/guide': ['lib/model', 'lib/base'],
  'lib/diagnose': ['lib/guide', 'lib/model', 'lib/base'],
  'lib/scene': ['lib/model', 'lib/base'],
  'lib/share': ['lib/model', 'lib/base'],
  'lib/engine': [
    'lib/read',
    'lib/wire',
    'lib/tcp',
    'lib/correlate',
    'lib/filter',
    'lib/evidence',
    'lib/guide',
    'lib/diagnose',
    'lib/model',
    'lib/base',
  ],
  'lib/report': ['lib/scene', 'lib/share', 'lib/read', 'lib/model', 'lib/base'],
  'lib/share-store': ['lib/share', 'lib/base'],
  workers: [
    'lib/engine',
    'lib/report',
    'lib/evidence',
    'lib/read',
    'lib/wire',
    'lib/model',
    'lib/base',
  ],
  'lib/store': ['workers/rpc', 'lib/scene', 'lib/share', 'lib/filter', 'lib/model', 'lib/base'],
  'components/ui': ['lib/base'],
  components: [
    'lib/store',
    'lib/scene',
    'lib/filter',
    'lib/guide',
    'lib/share',
    'lib/model',
    'lib/base',
  ],
  app: ['components', 'lib/store'],
  'app/api': ['lib/share-store', 'lib/share'],
  cli: [
    'lib/base',
    'lib/model',
    'lib/read',
    'lib/wire',
    'lib/tcp',
    'lib/correlate',
    'lib/filter',
    'lib/evidence',
    'lib/guide',
    'lib/diagnose',
    'lib/scene',
    'lib/share',
    'lib/engine',
    'lib/report',
  ],
};

/** Imports of types alone that a row does not list: the shapes of questions and answers, without the engine behind them. */
const TYPES_ONLY = {
  'lib/store': ['lib/engine/protocol', 'workers/worker-questions', 'workers/report-messages'],
};

/**
 * # Debt
 * Exceptions to the table, each with the reason and what would end it. From and to are paths of files.
 * @type {{ from: string, to: string, reason: string }[]}
 */
const DEBT = [];

/** What is ours; packages are no layer's business. */
const OURS =
  '^(app|bench|cli|components|e2e|fuzz|lib|scripts|workers|proxy\\.ts|next\\.config\\.ts)(/|$)';
/** Tests may reach where they like. */
const TESTS = '\\.test\\.tsx?$';

const under = (paths) => paths.map((path) => `^${path}(/|\\.|$)`);
/** Rooms inside a room have rows of their own. */
const inner = (room) => Object.keys(ROOMS).filter((other) => other.startsWith(`${room}/`));

const roomRules = Object.entries(ROOMS).flatMap(([room, allowed]) => {
  const typed = TYPES_ONLY[room] ?? [];
  const debts = DEBT.filter((debt) => debt.from.startsWith(`${room}/`));
  // One rule for the files in debt, each with its own exception, and one for all the others.
  const plain = {
    name: `${room} imports only its row`,
    comment: `${room} may import: ${allowed.join(', ') || 'nothing of ours'}.`,
    severity: 'error',
    from: {
      path: `^${room}/`,
      pathNot: [TESTS, ...under(inner(room)), ...debts.map((debt) => `^${debt.from}$`)],
    },
    to: { path: OURS, pathNot: under([room, ...allowed, ...typed]) },
  };
  const indebted = debts.map((debt) => ({
    ...plain,
    name: `${debt.from} imports only its row and its debt`,
    from: { path: `^${debt.from}$` },
    to: { path: OURS, pathNot: [...under([room, ...allowed, ...typed]), `^${debt.to}$`] },
  }));
  const types = typed.map((path) => ({
    name: `${room} takes only types from ${path}`,
    severity: 'error',
    from: { path: `^${room}/`, pathNot: [TESTS] },
    to: { path: under([path]), dependencyTypesNot: ['type-only'] },
  }));
  return [plain, ...indebted, ...types];
});

module.exports = {
  forbidden: [
    ...roomRules,
    {
      name: 'every room has a row',
      comment: 'A new folder of lib/ needs a row in ROOMS before it may import anything.',
      severity: 'error',
      from: {
        path: '^lib/',
        pathNot: [TESTS, ...under([...Object.keys(ROOMS), 'lib/testing'])],
      },
      to: {},
    },
    {
      name: 'the product does not import its tests',
      severity: 'error',
      from: {
        path: '^(app|cli|components|lib|workers|proxy\\.ts)',
        pathNot: [TESTS, '^lib/testing/'],
      },
      to: { path: ['^lib/testing/', '^bench/', '^e2e/', '^fuzz/', '^scripts/', TESTS] },
    },
    { name: 'no cycles', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'every import is found',
      severity: 'error',
      from: {},
      // Packages are the compiler's: some hold types alone, which no file resolves to.
      to: { couldNotResolve: true, path: '^(\\.|@/)' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '(^|/)(node_modules|dist|\\.next)/' },
    // Imports of types count: a layer is what one has to know.
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      extensions: ['.ts', '.tsx', '.mjs', '.js', '.json', '.css'],
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
    },
  },
};
