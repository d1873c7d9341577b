// The map of a capture's fields leads to its fields.
import { expect, it } from 'vitest';
import { pcapFile, pcapngFile } from '../lib/testing/capture-file';
import { tcpFrame } from '../lib/testing/frame-builder';
import { findFields } from './structure';

const bytes = tcpFrame({ source: '10.0.0.1:1000', destination: '10.0.0.2:80', payload: 7 });

/** Values of the fields, in the file's order. */
const valuesOf = (file: Uint8Array): number[] => {
  const view = new DataView(file.buffer);
  return [...findFields(file)]
    .sort((a, b) => a.at - b.at)
    .map(({ at, bytes: size, littleEndian }) =>
      size === 1
        ? view.getUint8(at)
        : size === 2
          ? view.getUint16(at, littleEndian)
          : view.getUint32(at, littleEndian),
    );
};

it.each([false, true])('finds lengths and types, big-endian: %s', (bigEndian) => {
  const inFrame = [0x0800, 0x45, 47, 0x4000, 6, 0x50];
  const pcap = valuesOf(pcapFile([{ timeNs: 5_000_000_007_000n, bytes }], { bigEndian }));
  expect(pcap.slice(0, 6)).toEqual([262_144, 1, 5000, 7, bytes.length, bytes.length]);
  expect(pcap.slice(6)).toEqual(inFrame);
  const pcapng = valuesOf(
    pcapngFile([
      {
        bigEndian,
        blocks: [{ kind: 'interface' }, { kind: 'enhanced', ticks: 7n, bytes, flags: 1 }],
      },
    ]),
  );
  const packet = [0, 0, 7, bytes.length, bytes.length, ...inFrame, 2, 4, 0, 0];
  const length = 32 + ((bytes.length + 3) & ~3) + 12;
  expect(pcapng.slice(-packet.length - 3)).toEqual([6, length, ...packet, length]);
});
