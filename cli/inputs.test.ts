// What the command line opens it closes: no file is left to the garbage collector, which warns of it.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync, zipSync } from 'fflate';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { pcapFile } from '../lib/testing/capture-file';
import { tcpFrame } from '../lib/testing/frame-builder';
import { tarFile } from '../lib/testing/tar-file';
import { analyze } from './analyze';
import { packets } from './packets';

/** Handles: how many were opened, and how many of them are not closed by the program itself. */
const handles = vi.hoisted(() => ({ opened: 0, left: 0 }));
vi.mock('node:fs/promises', async (importOriginal) => {
  const original = await importOriginal<typeof import('node:fs/promises')>();
  return {
    ...original,
    async open(...words: Parameters<typeof original.open>) {
      const handle = await original.open(...words);
      const close = handle.close.bind(handle);
      handles.opened += 1;
      handles.left += 1;
      handle.close = () => {
        handles.left -= 1;
        return close();
      };
      return handle;
    },
  };
});

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'hoplane-test-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const capture = pcapFile([
  {
    timeNs: 1_700_000_000_000_000_000n,
    bytes: tcpFrame({ source: '10.0.0.1:40000', destination: '10.0.0.2:80', payload: 10 }),
  },
]);

it.each([
  ['packets', (files: readonly string[]) => packets({ files, out: join(folder, 'out.tsv') })],
  [
    'analyze',
    (files: readonly string[]) =>
      analyze({
        files,
        evidence: [],
        json: join(folder, 'out.json'),
        journeys: undefined,
        pdf: undefined,
        shareFile: undefined,
        failOn: undefined,
        quiet: true,
      }),
  ],
] as const)('%s leaves no file open, whatever was in archives', async (_, run) => {
  const many = Object.fromEntries(
    Array.from({ length: 40 }, (_, n) => [
      `node${n}/eth0.pcap`,
      n % 2 ? capture : gzipSync(capture),
    ]),
  );
  const files: Readonly<Record<string, Uint8Array>> = {
    'many.zip': zipSync(many),
    'case.tar.gz': gzipSync(
      tarFile([
        { name: 'x.pcap', bytes: capture },
        { name: 'm.zip', bytes: zipSync(many) },
      ]),
    ),
    'plain.pcap': capture,
    'strange.bin.gz': gzipSync(new Uint8Array(100)),
  };
  for (const [name, bytes] of Object.entries(files)) writeFileSync(join(folder, name), bytes);
  const names = Object.keys(files).map((name) => join(folder, name));
  handles.opened = 0;
  await run(names);
  expect(handles.opened).toBeGreaterThan(80);
  expect(handles.left).toBe(0);
});
