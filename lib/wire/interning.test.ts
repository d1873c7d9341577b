// Interned rows and digests: numbers that many frames share.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { viewOf } from './bytes';
import { InternTable } from './intern-table';
import { payloadDigest } from './payload-digest';

describe('InternTable', () => {
  it('gives equal rows one number and new ones the next, through growth', () => {
    const table = new InternTable(2);
    const row = (i: number): Uint32Array => Uint32Array.of(i, (i * 7) >>> 0);
    for (let i = 0; i < 20_000; i++) expect(table.intern(row(i)) === i).toBe(true);
    for (let i = 0; i < 20_000; i += 97) expect(table.intern(row(i))).toBe(i);
    expect(table.count).toBe(20_000);
    expect(table.get(19_999, 1)).toBe(139_993);
    expect([...table.rowsFrom(19_999)]).toEqual([19_999, 139_993]);
  });

  it('tells rows apart that differ in one number alone', () => {
    const table = new InternTable(5);
    const base = [6, 0x0a000001, 40000, 0x0a000002, 443];
    table.intern(Uint32Array.from(base));
    base.forEach((value, column) => {
      const other = Uint32Array.from(base);
      other[column] = value + 1;
      expect(table.intern(other)).toBe(column + 1);
    });
  });
});

describe('payloadDigest', () => {
  it('is the same wherever the bytes lie, and never 0', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1, maxLength: 64 }), fc.nat(7), (bytes, offset) => {
        const moved = new Uint8Array(bytes.length + offset + 3).fill(0xee);
        moved.set(bytes, offset);
        const digest = payloadDigest(viewOf(bytes), 0, bytes.length);
        expect(digest).toBe(payloadDigest(viewOf(moved), offset, bytes.length));
        expect(digest).toBeGreaterThan(0);
      }),
    );
  });

  it('tells a prefix from the whole, also one that ends in zeros', () => {
    const bytes = new Uint8Array(64);
    const digests = new Set(
      Array.from({ length: 64 }, (_, i) => payloadDigest(viewOf(bytes), 0, i + 1)),
    );
    expect(digests.size).toBe(64);
  });

  it('has no more collisions than chance over payloads that differ by a counter', () => {
    const digests = new Set<number>();
    const bytes = new Uint8Array(16);
    const view = new DataView(bytes.buffer);
    for (let i = 0; i < 50_000; i++) {
      view.setUint32(8, i);
      digests.add(payloadDigest(viewOf(bytes), 0, 16));
    }
    // 50,000 of 2^32: 0.3 collisions are expected.
    expect(digests.size).toBeGreaterThan(49_995);
  });
});
