import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ByteReader, ByteWriter, fitsSigned } from './varint';

describe('numbers in seven-bit groups', () => {
  it('come back as they were', () => {
    const number = fc.oneof(fc.integer(), fc.maxSafeInteger().filter(fitsSigned));
    fc.assert(
      fc.property(fc.array(number), (numbers) => {
        const writer = new ByteWriter();
        for (const value of numbers) writer.signed(value);
        const reader = new ByteReader(writer.finish());
        expect(numbers.map(() => reader.signed())).toEqual(numbers.map((value) => value + 0));
        expect(reader.remaining).toBe(0);
      }),
    );
  });

  it('take one byte near zero', () => {
    const writer = new ByteWriter();
    for (const value of [0, 1, -1, 63, -64]) writer.signed(value);
    expect(writer.finish()).toEqual(Uint8Array.from([0, 2, 1, 126, 127]));
  });

  it('are refused where they end early or do not fit', () => {
    expect(new ByteReader(Uint8Array.from([0x80, 0x80])).unsigned()).toBeUndefined();
    expect(new ByteReader(new Uint8Array(12).fill(0xff)).unsigned()).toBeUndefined();
    expect(new ByteReader(Uint8Array.from([1, 2])).raw(3)).toBeUndefined();
  });

  it('grow past the first buffer', () => {
    const writer = new ByteWriter();
    for (let i = 0; i < 10_000; i++) writer.unsigned(i);
    writer.raw(new Uint8Array(20_000).fill(7));
    expect(writer.finish().length).toBe(128 + (10_000 - 128) * 2 + 20_000);
  });
});
