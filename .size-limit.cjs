// What the browser fetches of script before the page can be used: what the kept page names (scripts/keep-page.mjs), which is held back until a hand shows itself. What comes
// after (the workspace, the drawing code, the sheets, the report) is fetched when it is needed and is not counted.
const { existsSync, readFileSync } = require('node:fs');
const { join } = require('node:path');

const BUILT = join(__dirname, '.next');
const PAGE = join(BUILT, 'standalone', 'page.json');

function firstLoad() {
  if (!existsSync(PAGE))
    throw new Error('There is no production build: run `npm run build` first.');
  const page = JSON.parse(readFileSync(PAGE, 'utf8')).join('');
  const scripts = /data-held="([^"]+)"/.exec(page)?.[1].split(' ') ?? [];
  if (scripts.length < 5) throw new Error(`Only ${scripts.length} scripts were found to load.`);
  return scripts.map((path) => join(BUILT, path.replace(/^\/_next\//, '')));
}

module.exports = [{ name: 'first load, script', path: firstLoad(), gzip: true, limit: '185 kB' }];
