// `node scripts/run.mjs bench/parse.ts [MEGABYTES]`: how fast a built capture becomes columns in one thread, small frames and mixed ones.
import { parseCapture } from '../lib/engine/parse-capture';
import { memorySource } from '../lib/read/byte-source';
import { pcapFile } from '../lib/testing/capture-file';
import { tcpFrame } from '../lib/testing/frame-builder';
import { medianOfFive } from './median';

const CONNECTIONS = 1000;
const TICK_NS = 20_000n;

const megabytes = Number(process.argv[2] ?? 200);
if (!(megabytes >= 1 && megabytes <= 1500)) {
  console.error('MEGABYTES must be a number from 1 to 1500');
  process.exit(2);
}

/** A capture of about so many bytes: TCP with timestamps between many pairs of hosts, payloads of the sizes given in turn. */
function buildCapture(payloads: readonly number[]): { bytes: Uint8Array; frames: number } {
  const kinds = Array.from({ length: CONNECTIONS * payloads.length }, (_, i) => {
    const connection = i % CONNECTIONS;
    const client = `10.1.${connection >>> 8}.${connection & 255}:${40_000 + connection}`;
    const isForward = i % 2 === 0;
    return tcpFrame({
      source: isForward ? client : '10.2.0.1:443',
      destination: isForward ? '10.2.0.1:443' : client,
      flags: '.',
      sequence: i * 1000,
      acknowledgement: i,
      timestamps: [i, i + 1],
      payload: payloads[i % payloads.length],
    });
  });
  const average = kinds.reduce((sum, { length }) => sum + length + 16, 0) / kinds.length;
  const frames = Math.floor((megabytes * 1e6) / average);
  const start = 1_700_000_000_000_000_000n;
  const records = Array.from({ length: frames }, (_, i) => ({
    timeNs: start + BigInt(i) * TICK_NS,
    bytes: kinds[i % kinds.length],
  }));
  return { bytes: pcapFile(records), frames };
}

for (const [name, payloads] of [
  ['small frames', [0]],
  ['mixed frames', [0, 1448, 0, 200, 1448]],
] as const) {
  const { bytes, frames } = buildCapture(payloads);
  const source = memorySource(bytes, name);
  const { seconds } = await medianOfFive(async () => {
    const parsed = await parseCapture(source, { block() {}, progress() {} });
    if (!parsed.ok || parsed.value.frames !== frames)
      throw new Error(`${name}: frames are missing`);
  });
  console.log(
    `${name}: ${frames} frames, ${(bytes.length / 1e6).toFixed(0)} MB in ${seconds.toFixed(2)} s: ${(frames / seconds / 1e6).toFixed(2)} M frames/s, ${(bytes.length / seconds / 1e6).toFixed(0)} MB/s`,
  );
}
