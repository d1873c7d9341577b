// Node 20 runs no TypeScript: bundles an entry file into dist/ when one of its sources changed, silently.
// Used for the command line (hoplane.mjs) and for benchmarks (run.mjs).
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ensureInstalled, ensureNode } from './install.mjs';
import { ROOT } from './root.mjs';

const RECIPE = 'node20 esm 3';

/** Nothing but code, and wanted by every run: in the bundle they cost a third of what finding and parsing them apart does. */
const PACKED = /^(ipaddr\.js|fflate|fzstd|hash-wasm)$/;

/** @type {import('esbuild').Plugin} */
const packSmallPackages = {
  name: 'pack-small-packages',
  setup(build) {
    build.onResolve({ filter: PACKED }, ({ path }) => ({
      path: fileURLToPath(import.meta.resolve(path)),
    }));
  },
};

/**
 * The bundler makes every module's constants variables, which the engine loads and checks wherever they are used; constants again, they are numbers in its code.
 * @param {string} code
 */
export const keepConstants = (code) => code.replace(/^var (?=[A-Z][A-Z0-9_]* = )/gm, 'const ');

/** @param {string} file */
function stampOf(file) {
  const { mtimeMs, size } = statSync(file);
  return `${mtimeMs}:${size}`;
}

/** @param {string} stampFile */
function isFresh(stampFile) {
  if (!existsSync(stampFile)) return false;
  const { recipe, inputs } = JSON.parse(readFileSync(stampFile, 'utf8'));
  return (
    recipe === RECIPE &&
    Object.entries(inputs).every(([input, stamp]) => {
      const path = join(ROOT, input);
      return existsSync(path) && stampOf(path) === stamp;
    })
  );
}

/**
 * @param {string} entry a TypeScript file, from the checkout's root; `*.worker.ts` beside it are bundled too
 * @returns {Promise<string>} the bundle: same name, `.mjs`, in dist/<folder of the entry>/
 */
export async function bundle(entry) {
  ensureNode();
  ensureInstalled();
  const folder = dirname(entry);
  const out = join(ROOT, 'dist', folder);
  const target = join(out, basename(entry).replace(/\.ts$/, '.mjs'));
  const stampFile = `${target}.sources.json`;
  if (existsSync(target) && isFresh(stampFile)) return target;

  const { build } = await import('esbuild');
  const workers = readdirSync(join(ROOT, folder)).filter((name) => name.endsWith('.worker.ts'));
  const result = await build({
    absWorkingDir: ROOT,
    entryPoints: [entry, ...workers.map((name) => join(folder, name))],
    outdir: out,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    // Other packages stay in node_modules, where their own files (fonts, wasm) are found.
    packages: 'external',
    plugins: [packSmallPackages],
    // Beside it: Node reads an inline one at every start.
    sourcemap: 'linked',
    metafile: true,
    write: false,
    logLevel: 'warning',
  });
  mkdirSync(out, { recursive: true });
  // Renamed into place, so that two commands started at once never run half a file.
  for (const { path, contents, text } of result.outputFiles) {
    const written = path.endsWith('.mjs') ? keepConstants(text) : contents;
    writeFileSync(`${path}.${process.pid}`, written);
    renameSync(`${path}.${process.pid}`, path);
  }
  const inputs = Object.keys(result.metafile.inputs);
  const stamps = Object.fromEntries(inputs.map((input) => [input, stampOf(join(ROOT, input))]));
  writeFileSync(`${stampFile}.${process.pid}`, JSON.stringify({ recipe: RECIPE, inputs: stamps }));
  renameSync(`${stampFile}.${process.pid}`, stampFile);
  return target;
}
