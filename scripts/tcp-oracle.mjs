// Compares the recordings of tshark's TCP analysis beside the captures with what tshark says now; `--record` writes them anew. Needs tshark 4.0, which `npm test`
// does not: the tests compare ours with the recordings.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { gunzipSync, gzipSync } from 'node:zlib';
import { bundle } from './bundle.mjs';
import { ROOT } from './root.mjs';

const CAPTURES = join(ROOT, 'e2e', 'captures');
const CAPTURE_NAME = /\.pcap(ng)?\.gz$/;
const HEADER = 'frame.number\ttcp.stream\ttcp.analysis';

/** @param {string} entry */
const load = async (entry) => import(pathToFileURL(await bundle(entry)).href);

/** @type {typeof import('../lib/model/tcp-analysis')} */
const { TCP_ANALYSIS_FIELDS } = await load('lib/model/tcp-analysis.ts');
/** @type {typeof import('../lib/testing/random-segments-capture')} */
const { RECORDED_SEGMENTS, randomSegmentsCapture } = await load(
  'lib/testing/random-segments-capture.ts',
);
const fields = Object.values(TCP_ANALYSIS_FIELDS);
const scratch = mkdtempSync(join(tmpdir(), 'hoplane-tcp-oracle-'));

/**
 * @param {Uint8Array} bytes
 * @returns {string} the recording of a capture
 */
function recordCapture(bytes) {
  const file = join(scratch, 'capture');
  writeFileSync(file, bytes);
  const asked = ['frame.number', 'tcp.stream', ...fields].flatMap((field) => ['-e', field]);
  const out = execFileSync(
    'tshark',
    ['-r', file, '-d', 'udp.port==8472,vxlan', '-T', 'fields', '-E', 'occurrence=l', ...asked],
    { encoding: 'utf8', maxBuffer: 1 << 30, stdio: ['ignore', 'pipe', 'ignore'] },
  );
  const lines = [HEADER];
  for (const line of out.split('\n')) {
    const [frame, stream, ...values] = line.split('\t');
    if (!stream) continue;
    const present = fields.filter((_, index) => values[index]);
    const names = present.map((field) => field.slice(field.lastIndexOf('.') + 1));
    lines.push(`${frame}\t${stream}\t${names.join(',')}`);
  }
  return `${lines.join('\n')}\n`;
}

const committed = readdirSync(CAPTURES, { recursive: true, encoding: 'utf8' })
  .filter((file) => CAPTURE_NAME.test(file))
  .sort()
  .map((file) => ({
    recording: join(CAPTURES, file.replace(CAPTURE_NAME, '.tcp-analysis.tsv.gz')),
    bytes: () => gunzipSync(readFileSync(join(CAPTURES, file))),
  }));
const random = {
  recording: join(
    CAPTURES,
    'random-segments',
    `seed-${RECORDED_SEGMENTS.seed}.tcp-analysis.tsv.gz`,
  ),
  bytes: () => randomSegmentsCapture(),
};

let different = 0;
for (const { recording, bytes } of [...committed, random]) {
  const now = recordCapture(bytes());
  const before = existsSync(recording) ? gunzipSync(readFileSync(recording)).toString('utf8') : '';
  if (now !== before) different++;
  console.log(`${now === before ? 'equal' : 'differs'}  ${recording}`);
  if (now !== before && process.argv.includes('--record'))
    writeFileSync(recording, gzipSync(now, { level: 9 }));
}
rmSync(scratch, { recursive: true });
process.exitCode = different === 0 ? 0 : 1;
