// What the browser fetches before the empty page can be used: the script of the route and of the workspace's door. What comes after (the drawing code, the
// sheets, the report) is fetched while the page is looked at and is not counted. From the manifests that the production build writes.
const { existsSync, readFileSync } = require('node:fs');
const { join } = require('node:path');

const BUILT = join(__dirname, '.next');

/** @param {string} path */
const readManifest = (path) => JSON.parse(readFileSync(join(BUILT, path), 'utf8'));

/** Chunks that the page itself names for the browser: in a script that assigns JSON to a global. */
function pageChunks() {
  const text = readFileSync(join(BUILT, 'server/app/page_client-reference-manifest.js'), 'utf8');
  return [...text.matchAll(/static\/chunks\/[\w.~-]+\.js/g)].map(([path]) => path);
}

function firstLoad() {
  if (!existsSync(join(BUILT, 'build-manifest.json')))
    throw new Error('There is no production build: run `npm run build` first.');
  const files = new Set([
    ...readManifest('build-manifest.json').rootMainFiles,
    ...pageChunks(),
    ...Object.values(readManifest('server/app/page/react-loadable-manifest.json')).flatMap(
      ({ files: chunks }) => chunks,
    ),
  ]);
  const scripts = [...files].filter((path) => path.endsWith('.js'));
  if (scripts.length < 5) throw new Error(`Only ${scripts.length} scripts were found to load.`);
  return scripts.map((path) => join(BUILT, path));
}

module.exports = [{ name: 'first load, script', path: firstLoad(), gzip: true, limit: '250 kB' }];
