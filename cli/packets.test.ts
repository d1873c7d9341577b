// `hoplane packets` against what tshark 4.0.17 said of the same files (recorded by scripts/oracle.mjs).
import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { memorySource } from '../lib/read/byte-source';
import { edgeCaptures } from '../lib/testing/edge-captures';
import { PACKETS_HEADER } from './packet-lines';
import { writePackets } from './packets';

const CAPTURES = join(import.meta.dirname, '..', 'e2e', 'captures');

const readRecording = (path: string): string => gunzipSync(readFileSync(path)).toString('utf8');

async function packetsOf(name: string, bytes: Uint8Array): Promise<string> {
  let text = PACKETS_HEADER;
  const { failed } = await writePackets(memorySource(bytes, name), (lines) => {
    text += lines;
  });
  expect(failed).toBe(false);
  return text;
}

const recorded = readdirSync(CAPTURES, { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.pcap.gz'))
  .sort();

describe('packets', () => {
  it('finds the recorded captures', () => {
    expect(recorded.length).toBeGreaterThanOrEqual(58);
  });

  it.each(recorded)('equals tshark on %s', async (file) => {
    const path = join(CAPTURES, file);
    const ours = await packetsOf(basename(file), readFileSync(path));
    const theirs = readRecording(path.replace(/\.pcap\.gz$/, '.packets.tsv.gz'));
    expect(ours).toBe(theirs);
  });

  it.each(edgeCaptures())('equals tshark on built frames: $name', async ({ name, bytes }) => {
    const ours = await packetsOf(`${name}.pcap`, bytes);
    expect(ours).toBe(readRecording(join(CAPTURES, 'edge', `${name}.packets.tsv.gz`)));
  });

  it('writes what is readable of a damaged file, and says where it broke', async () => {
    const whole = readFileSync(join(CAPTURES, 'article-3.1', 'article-3.1-cpe.pcap.gz'));
    const pcap = gunzipSync(whole);
    const theirs = readRecording(join(CAPTURES, 'article-3.1', 'article-3.1-cpe.packets.tsv.gz'));
    let text = PACKETS_HEADER;
    const { failed, warnings } = await writePackets(
      memorySource(pcap.subarray(0, 1000), 'article-3.1-cpe.pcap.gz'),
      (lines) => {
        text += lines;
      },
    );
    expect(failed).toBe(false);
    const place = warnings[0].offset ?? 0;
    expect(warnings.map(({ code }) => code)).toEqual(['cut-short']);
    // The record that is cut begins where it says, and ends after byte 1000.
    expect(place).toBeLessThan(1000);
    expect(place + 16 + pcap.readUInt32LE(place + 8)).toBeGreaterThan(1000);
    expect(text.split('\n').length).toBeGreaterThan(10);
    expect(theirs.startsWith(text)).toBe(true);
  });

  it('fails on what is no capture', async () => {
    const { failed, warnings } = await writePackets(
      memorySource(new TextEncoder().encode('{"a": 1}'), 'a.json'),
      () => {},
    );
    expect(failed).toBe(true);
    expect(warnings[0].text).toContain('a.json: not a capture at byte 0: it looks like JSON');
  });
});
