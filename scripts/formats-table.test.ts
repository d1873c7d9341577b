// README's table of formats must say what the readers and decoders do.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { findContainerReader } from '../lib/read/containers';
import { edgeCaptures } from '../lib/testing/edge-captures';
import { decodeTree } from '../lib/wire/decode-tree';
import { LAYERS, PAYLOAD_LAYERS } from '../lib/wire/layers';
import { LINK_TYPES } from '../lib/wire/link-types';
import { formatsTable, withFormatsTable } from './formats-table';
import { ROOT } from './root.mjs';

it('stands in README.md as the code makes it (else: node scripts/run.mjs scripts/formats-table.ts)', () => {
  const readme = readFileSync(join(ROOT, 'README.md'), 'utf8');
  expect(withFormatsTable(readme)).toBe(readme);
  expect(readme).toContain(formatsTable());
});

it('names every layer that the tree shows of built frames, and no other', () => {
  const shown = new Set<string>();
  for (const { bytes } of edgeCaptures()) {
    const reader = findContainerReader(bytes, {
      time: 0,
      offset: 0,
      frame(all, start, captured, wireLength, _interface, linkType) {
        for (const { name } of decodeTree(all.slice(start, start + captured), linkType, wireLength))
          shown.add(name);
      },
    });
    reader?.consume(bytes, 0, 0);
  }
  shown.delete('data');
  const listed = new Set([...LAYERS, ...PAYLOAD_LAYERS].map(({ name }) => name));
  expect([...shown].sort()).toEqual([...listed].sort());
});

it('follows each link type with a decoder of its own or one that is listed', () => {
  for (const { number, decoder } of LINK_TYPES)
    expect([number, decoder > 0]).toEqual([number, true]);
});
