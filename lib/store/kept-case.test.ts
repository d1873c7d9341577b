import { describe, expect, it } from 'vitest';
import {
  isRepeated,
  type KeptCase,
  keptBytes,
  keptNames,
  readKeptCase,
  writeKeptCase,
} from './kept-case';

const CAPTURE = {
  name: 'cpe-eth0.pcap',
  tables: 'a.tables',
  copy: null,
  bytes: 700,
  fileBytes: 5000,
  lastModified: 12,
  handle: null,
};
const CASE: KeptCase = {
  id: 'one',
  title: 'Timeout',
  summary: 'Two clients claim one tuple',
  preface: '',
  notes: [{ id: 'n', target: { kind: 'frame', file: 'cpe-eth0.pcap', frame: 4 }, text: 'here' }],
  view: 'connection=3f9a12bc-17',
  begun: 1,
  changed: 2,
  captures: [CAPTURE, { ...CAPTURE, name: 'tun0.pcap', bytes: 300 }],
  analysis: { name: 'b.analysis', bytes: 50 },
};

describe('a kept case', () => {
  it('comes back as it was written', () => {
    expect(readKeptCase(structuredClone(writeKeptCase(CASE)))).toEqual(CASE);
    expect(keptBytes(CASE)).toBe(1050);
    expect(keptNames(CASE)).toEqual(['a.tables', 'a.tables', 'b.analysis']);
  });

  it('of before analyses, summaries and prefaces were kept is read', () => {
    const {
      analysis: _,
      summary: __,
      preface: ___,
      ...older
    } = structuredClone(writeKeptCase(CASE)) as KeptCase;
    expect(readKeptCase(older)).toEqual({ ...CASE, analysis: null, summary: '', preface: '' });
  });

  it.each([
    null,
    {},
    { ...CASE, schema: 'hoplane.case/2' },
    { ...CASE, schema: 'hoplane.case/1', captures: [{ name: 'x' }] },
  ])('of another kind or version is not read: %j', (record) => {
    expect(readKeptCase(record)).toBeNull();
  });

  it('is repeated by the same files under the same title, unless it has notes', () => {
    const older = { ...CASE, id: 'older', notes: [] };
    const later = { ...CASE, captures: [...CASE.captures].reverse() };
    expect(isRepeated(older, later)).toBe(true);
    expect(isRepeated({ ...older, notes: CASE.notes }, later)).toBe(false);
    expect(isRepeated({ ...older, preface: 'Dear vendor' }, later)).toBe(false);
    expect(isRepeated({ ...older, title: 'Another' }, later)).toBe(false);
    expect(isRepeated({ ...older, captures: [CAPTURE] }, later)).toBe(false);
    expect(isRepeated(later, later)).toBe(false);
  });
});
