// IP fragments: the sparse table `fragments`, and ports for those that have none.
import { describe, expect, it } from 'vitest';
import { BLOCK_ROWS } from '../model/packet-columns';
import { pcapFile } from '../testing/capture-file';
import {
  icmpFrame,
  ipFrame,
  parseAddress,
  tcpFrame,
  udpFrame,
  vxlanFrame,
} from '../testing/frame-builder';
import { type CaptureRead, readCapture, tupleOf } from '../testing/read-capture';

const A = '10.0.0.1';
const B = '10.0.0.2';

/** First fragment of a datagram between ports, with 512 bytes of IP payload. */
const first = (ports: readonly [number, number], ipId: number): Uint8Array =>
  udpFrame({
    source: `${A}:${ports[0]}`,
    destination: `${B}:${ports[1]}`,
    moreFragments: true,
    ipId,
    payload: 504,
  });
const later = (ipId: number, fragmentOffset = 512, moreFragments = false, from = A): Uint8Array =>
  ipFrame(
    { ipId, fragmentOffset, moreFragments },
    parseAddress(from),
    parseAddress(from === A ? B : A),
    17,
    new Uint8Array(512),
  );

const SECOND = 1_000_000_000n;
const readFrames = (
  frames: readonly Uint8Array[],
  gap = 1000n,
  linkType = 1,
): Promise<CaptureRead> =>
  readCapture(
    pcapFile(
      frames.map((bytes, index) => ({ timeNs: SECOND + BigInt(index) * gap, bytes })),
      { linkType },
    ),
  );

const rowsOf = (capture: CaptureRead): string[] => {
  const { fragments } = capture.table.sparse;
  return Array.from({ length: fragments.length }, (_, at) => {
    const number = (column: Parameters<typeof fragments.get>[1]) => fragments.get(at, column);
    const offset = number('offset');
    return `${number('row')}: ${number('ident')} ${offset}–${offset + number('length')}${number('more') ? '+' : ''} ${tupleOf(capture, number('tuple'))}`;
  });
};

describe('fragments', () => {
  it('gives later ones the ports of the first, and every one its place', async () => {
    const capture = await readFrames([
      tcpFrame({ source: `${A}:1`, destination: `${B}:2` }),
      first([5000, 53], 7),
      later(7, 512, true),
      later(7, 1024),
    ]);
    expect(rowsOf(capture)).toEqual([
      `1: 7 0–512+ ${A}:5000 > ${B}:53`,
      `2: 7 512–1024+ ${A}:5000 > ${B}:53`,
      `3: 7 1024–1536 ${A}:5000 > ${B}:53`,
    ]);
  });

  it('finds the first one that comes after the others', async () => {
    const capture = await readFrames([later(7, 1024), later(7, 512, true), first([5000, 53], 7)]);
    expect(rowsOf(capture)).toEqual([
      `0: 7 1024–1536 ${A}:5000 > ${B}:53`,
      `1: 7 512–1024+ ${A}:5000 > ${B}:53`,
      `2: 7 0–512+ ${A}:5000 > ${B}:53`,
    ]);
  });

  it('keeps identifications, directions and reuse apart', async () => {
    const capture = await readFrames([
      first([1000, 53], 7),
      first([2000, 53], 8),
      later(8),
      later(7),
      later(7, 512, false, B),
      first([3000, 53], 7),
      later(7),
    ]);
    expect(rowsOf(capture).map((row) => row.split(' ').slice(3).join(' '))).toEqual([
      `${A}:1000 > ${B}:53`,
      `${A}:2000 > ${B}:53`,
      `${A}:2000 > ${B}:53`,
      `${A}:1000 > ${B}:53`,
      `${B}:0 > ${A}:0`,
      `${A}:3000 > ${B}:53`,
      `${A}:3000 > ${B}:53`,
    ]);
  });

  it('does not believe a first one of more than a minute ago', async () => {
    const capture = await readFrames([first([5000, 53], 7), later(7)], 61n * SECOND);
    expect(rowsOf(capture)[1]).toBe(`1: 7 512–1024 ${A}:0 > ${B}:0`);
  });

  it('tells points of one file apart', async () => {
    const sll = (frame: Uint8Array, ifindex: number): Uint8Array => {
      const header = new Uint8Array(20);
      header.set([8, 0]);
      header[7] = ifindex;
      return Uint8Array.from([...header, ...frame.subarray(14)]);
    };
    const capture = await readFrames(
      [sll(first([5000, 53], 7), 1), sll(later(7), 2), sll(later(7), 1)],
      1000n,
      276,
    );
    expect(rowsOf(capture).map((row) => row.split(' ').slice(3).join(' '))).toEqual([
      `${A}:5000 > ${B}:53`,
      `${A}:0 > ${B}:0`,
      `${A}:5000 > ${B}:53`,
    ]);
  });

  it('remembers over the end of a block', async () => {
    const others = Array.from({ length: BLOCK_ROWS - 1 }, () =>
      tcpFrame({ source: `${A}:1`, destination: `${B}:2` }),
    );
    const capture = await readFrames([first([5000, 53], 7), ...others, later(7)]);
    expect(rowsOf(capture)[1]).toBe(`${BLOCK_ROWS}: 7 512–1024 ${A}:5000 > ${B}:53`);
  });

  it('finds the first one in a later block', async () => {
    const others = Array.from({ length: BLOCK_ROWS - 1 }, () =>
      tcpFrame({ source: `${A}:1`, destination: `${B}:2` }),
    );
    const capture = await readFrames([later(7), later(8), ...others, first([5000, 53], 7)]);
    expect(rowsOf(capture)).toEqual([
      `0: 7 512–1024 ${A}:5000 > ${B}:53`,
      `1: 8 512–1024 ${A}:0 > ${B}:0`,
      `${BLOCK_ROWS + 1}: 7 0–512+ ${A}:5000 > ${B}:53`,
    ]);
  });

  it('does not believe one that comes more than a minute later', async () => {
    const capture = await readFrames([later(7), first([5000, 53], 7)], 61n * SECOND);
    expect(rowsOf(capture)[0]).toBe(`0: 7 512–1024 ${A}:0 > ${B}:0`);
  });

  it('reads the 32 bits of IPv6, behind other extension headers too', async () => {
    const ends = [parseAddress('fd00::1'), parseAddress('fd00::2')] as const;
    const capture = await readFrames([
      icmpFrame({
        source: 'fd00::1',
        destination: 'fd00::2',
        type: 128,
        identifier: 9,
        payload: 504,
        moreFragments: true,
        ipId: 0x12345678,
        extensions: [{ type: 0, bytes: Uint8Array.of(0, 1, 4, 0, 0, 0, 0) }],
      }),
      ipFrame({ fragmentOffset: 512, ipId: 0x12345678 }, ...ends, 58, new Uint8Array(100)),
    ]);
    expect(rowsOf(capture)).toEqual([
      `0: ${0x12345678} 0–512+ fd00::1:9 > fd00::2:9`,
      `1: ${0x12345678} 512–612 fd00::1:9 > fd00::2:9`,
    ]);
  });

  it('follows a tunnel whose outer packet is cut in pieces to the inner packet', async () => {
    const inner = tcpFrame({
      source: '10.9.0.1:40000',
      destination: '10.9.0.2:443',
      payload: 1400,
    });
    const outer = vxlanFrame({ source: `${A}:999`, destination: `${B}:4789`, vni: 7, inner });
    const body = outer.subarray(34);
    const piece = (from: number, to: number, moreFragments: boolean): Uint8Array =>
      ipFrame(
        { ipId: 5, fragmentOffset: from, moreFragments },
        parseAddress(A),
        parseAddress(B),
        17,
        body.subarray(from, to),
      );
    const capture = await readFrames([piece(0, 1400, true), piece(1400, body.length, false)]);
    expect(rowsOf(capture)).toEqual([
      '0: 5 0–1400+ 10.9.0.1:40000 > 10.9.0.2:443',
      `1: 5 1400–${body.length} 10.9.0.1:40000 > 10.9.0.2:443`,
    ]);
  });
});
