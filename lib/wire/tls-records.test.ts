import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type TlsRecord, TlsRecordWalker } from './tls-records';

const record = (type: number, fragment: readonly number[]): number[] => [
  type,
  3,
  3,
  fragment.length >> 8,
  fragment.length & 0xff,
  ...fragment,
];
const message = (type: number, length: number): number[] => [
  type,
  0,
  0,
  length,
  ...new Array<number>(length).fill(7),
];

const CLIENT = [
  ...record(22, message(1, 60)),
  ...record(22, message(16, 32)),
  ...record(20, [1]),
  ...record(22, new Array<number>(40).fill(1)),
  ...record(23, new Array<number>(300).fill(9)),
  ...record(21, [2, 40]),
];
const NAMES = [
  'ClientHello',
  'ClientKeyExchange',
  'ChangeCipherSpec',
  'Handshake (encrypted)',
  'Application Data',
  'Alert (encrypted)',
];

const walk = (pieces: readonly Uint8Array[]): TlsRecord[] => {
  const walker = new TlsRecordWalker();
  let offset = 0;
  return pieces.flatMap((piece) => {
    const found = walker.take(piece, offset, false);
    offset += piece.length;
    return found;
  });
};

describe('TlsRecordWalker', () => {
  it('names records until they are encrypted, and says where each begins', () => {
    const records = walk([Uint8Array.from(CLIENT)]);
    expect(records.map(({ name }) => name)).toEqual(NAMES);
    expect(records[1].offset).toBe(5 + 64);
  });

  it('reads an alert in the clear', () => {
    expect(walk([Uint8Array.from(record(21, [2, 48]))])[0].name).toBe('Alert: unknown_ca');
  });

  it('finds the same records however the stream is cut', () => {
    const whole = walk([Uint8Array.from(CLIENT)]);
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1 }), (cuts) => {
        const pieces: Uint8Array[] = [];
        for (let at = 0, k = 0; at < CLIENT.length; k += 1) {
          const end = at + cuts[k % cuts.length];
          pieces.push(Uint8Array.from(CLIENT.slice(at, end)));
          at = end;
        }
        expect(walk(pieces)).toEqual(whole);
      }),
    );
  });

  it('is silent on what is no TLS, and after a hole', () => {
    expect(walk([new TextEncoder().encode('GET / HTTP/1.1\r\n')])).toEqual([]);
    const walker = new TlsRecordWalker();
    expect(walker.take(Uint8Array.from(CLIENT), 100, true)).toEqual([]);
  });
});
