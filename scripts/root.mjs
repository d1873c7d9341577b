// The checkout's root and its production build. The root: the nearest folder above with a package.json, so that a bundle in dist/ of a script finds it too.
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

let folder = dirname(fileURLToPath(import.meta.url));
while (!existsSync(join(folder, 'package.json'))) folder = dirname(folder);

export const ROOT = folder;

/** Where the production build stands by itself. */
export const STANDALONE = join(ROOT, '.next', 'standalone');
