// The list of samples that the page reads must speak of the files that are there.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { listSamples } from './list-samples.mjs';
import { ROOT } from './root.mjs';

const folder = join(ROOT, 'public', 'samples');

describe('samples', () => {
  it('are listed with the names and sizes of their files', () => {
    expect(JSON.parse(readFileSync(join(folder, 'samples.json'), 'utf8'))).toEqual(listSamples());
  });

  it('are whole pcap files', () => {
    for (const sample of listSamples()) {
      expect(sample.files.length).toBeGreaterThan(1);
      for (const { name } of sample.files) {
        const bytes = gunzipSync(readFileSync(join(folder, sample.id, name)));
        expect([0xa1b2c3d4, 0xa1b23c4d]).toContain(bytes.readUInt32LE(0));
      }
    }
  });
});
