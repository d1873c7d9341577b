// `npm run oracle`: compares `hoplane packets` with tshark over all captures of e2e/captures and the built ones of lib/testing/edge-captures.ts, or over the files named.
// Needs tshark, which `npm test` does not. `-- --record` writes the recordings anew (NAME.packets.tsv.gz), against which the tests compare.
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { gzipSync } from 'node:zlib';
import { bundle } from './bundle.mjs';
import { ROOT } from './root.mjs';
import { recordPackets } from './tshark-packets.mjs';

const CAPTURES = join(ROOT, 'e2e', 'captures');
const CAPTURE_NAME = /\.pcap(ng)?\.gz$/;
const SHOWN = 5;

/** @param {string} entry */
const load = async (entry) => import(pathToFileURL(await bundle(entry)).href);

const committedCaptures = () =>
  readdirSync(CAPTURES, { recursive: true, encoding: 'utf8' })
    .filter((file) => CAPTURE_NAME.test(file))
    .sort()
    .map((file) => ({
      file: join(CAPTURES, file),
      recording: join(CAPTURES, file.replace(CAPTURE_NAME, '.packets.tsv.gz')),
    }));

/** @param {string} folder */
const builtCaptures = async (folder) => {
  /** @type {typeof import('../lib/testing/edge-captures')} */
  const { edgeCaptures } = await load('lib/testing/edge-captures.ts');
  return edgeCaptures().map(({ name, bytes }) => {
    const file = join(folder, `${name}.pcap`);
    writeFileSync(file, bytes);
    return { file, recording: join(CAPTURES, 'edge', `${name}.packets.tsv.gz`) };
  });
};

const record = process.argv.includes('--record');
const named = process.argv.slice(2).filter((argument) => !argument.startsWith('--'));
const scratch = mkdtempSync(join(tmpdir(), 'hoplane-oracle-'));
const captures =
  named.length > 0
    ? named.map((file) => ({ file, recording: null }))
    : [...committedCaptures(), ...(await builtCaptures(scratch))];
/** @type {typeof import('../cli/packets')} */
const { packets } = await load('cli/packets.ts');

let different = 0;
for (const { file, recording } of captures) {
  const name = basename(file);
  /** @type {string[]} */
  const theirs = [];
  await recordPackets(file, name, (line) => theirs.push(line));
  const out = join(scratch, 'packets.tsv');
  await packets({ files: [file], out });
  const [header, ...rows] = readFileSync(out, 'utf8').replace(/\n$/, '').split('\n');
  const ours = rows.map((line) => name + line.slice(line.indexOf('\t')));
  const wrong = [];
  for (let i = 0; i < Math.max(theirs.length, ours.length); i++)
    if (theirs[i] !== ours[i]) wrong.push(i);
  if (wrong.length > 0) different++;
  console.log(`${wrong.length === 0 ? 'equal' : `${wrong.length} of`} ${theirs.length}  ${file}`);
  for (const index of wrong.slice(0, SHOWN))
    console.log(`  tshark   ${theirs[index]}\n  hoplane  ${ours[index]}`);
  if (record && recording !== null) {
    mkdirSync(dirname(recording), { recursive: true });
    writeFileSync(recording, gzipSync([header, ...theirs, ''].join('\n'), { level: 9 }));
  }
}
rmSync(scratch, { recursive: true });
process.exitCode = different === 0 ? 0 : 1;
