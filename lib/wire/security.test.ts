// What the tree says of encrypted overlays and of TCP's rarer options; the rows are held against tshark by cli/packets.test.ts.
import { expect, it } from 'vitest';
import {
  ipFrame,
  join,
  parseAddress,
  tcpFrame,
  u16,
  u32,
  udpFrame,
} from '../testing/frame-builder';
import { decodeFrame } from './decode-frame';
import { decodeTree } from './decode-tree';
import { DecodedFrame } from './decoded-frame';

const ENDS = [parseAddress('10.0.0.1'), parseAddress('10.0.0.2')] as const;
const RAW = 101;

const treeOf = (bytes: Uint8Array) => decodeTree(bytes, RAW, bytes.length);
const summaries = (bytes: Uint8Array): string[] =>
  treeOf(bytes)
    .slice(1)
    .map(({ name, summary }) => `${name}: ${summary}`);

const onPort = (port: number, payload: Uint8Array): Uint8Array =>
  udpFrame({ link: 'raw', source: '10.0.0.1:40000', destination: `10.0.0.2:${port}`, payload });

it('follows AH to the segment', () => {
  const segment = tcpFrame({ link: 'raw', source: '10.0.0.1:1000', destination: '10.0.0.2:80' });
  const header = join(Uint8Array.of(6, 4, 0, 0), u32(0x1001), u32(7), new Uint8Array(12));
  const bytes = ipFrame({ link: 'raw' }, ...ENDS, 51, join(header, segment.subarray(20)));
  const frame = new DecodedFrame();
  decodeFrame(bytes, 0, bytes.length, bytes.length, RAW, frame);
  expect([frame.protocol, frame.sourcePort, frame.destinationPort]).toEqual([6, 1000, 80]);
  const [, ah, tcp] = treeOf(bytes);
  expect([ah.name, ah.summary, ah.start, ah.length]).toEqual(['ah', 'SPI 0x00001001', 20, 24]);
  expect([tcp.name, tcp.start]).toEqual(['tcp', 44]);
});

it('names ESP, alone and in UDP, and tells IKE and keepalives from it', () => {
  const esp = join(u32(0xc0de), u32(9), new Uint8Array(48));
  const named = ['esp: encrypted, SPI 0x0000c0de', 'data: 48 bytes'];
  expect(summaries(ipFrame({ link: 'raw' }, ...ENDS, 50, esp))).toEqual(named);
  expect(summaries(onPort(4500, esp)).slice(1)).toEqual(named);
  expect(summaries(onPort(4500, join(u32(0), esp)))[1]).toBe('isakmp: initiator 0000c0de00000009');
  expect(summaries(onPort(4500, Uint8Array.of(0xff)))[1]).toBe('data: 1 bytes');
});

it('names nothing behind a header that was cut', () => {
  const options = new Uint8Array(8);
  const bytes = ipFrame({ link: 'raw', ipOptions: options }, ...ENDS, 50, new Uint8Array(20));
  const layers = decodeTree(bytes.subarray(0, 24), RAW, bytes.length);
  expect(layers.map(({ name }) => name)).toEqual(['ip']);
});

it('knows WireGuard by type, zeros and length together', () => {
  const message = (first: number, length: number): string =>
    summaries(onPort(51820, join(u32(first), u32(0x78563412), new Uint8Array(length - 8))))[1];
  expect(message(0x0100_0000, 148)).toBe('wg: handshake initiation, sender index 0x12345678');
  expect(message(0x0200_0000, 92)).toBe('wg: handshake response, sender index 0x12345678');
  expect(message(0x0300_0000, 64)).toBe('wg: cookie reply, receiver index 0x12345678');
  expect(message(0x0400_0000, 32)).toBe('wg: transport data, receiver index 0x12345678');
  expect(message(0x0400_0000, 33)).toBe('data: 33 bytes');
  expect(message(0x0400_0001, 32)).toBe('data: 32 bytes');
  expect(message(0x0100_0000, 147)).toBe('data: 147 bytes');
});

it("names TCP's rarer options", () => {
  const options = join(
    Uint8Array.of(30, 4, 0x10, 5),
    Uint8Array.of(28, 4),
    u16(0x8002),
    Uint8Array.of(34, 4, 1, 2),
    Uint8Array.of(254, 4, 0xf9, 0x89),
    Uint8Array.of(77, 4, 0, 0),
  );
  const bytes = tcpFrame({
    link: 'raw',
    source: '10.0.0.1:1000',
    destination: '10.0.0.2:80',
    payload: options,
  });
  // The payload becomes the options: five words of header and five more.
  bytes[20 + 12] = 0xa0;
  const field = treeOf(bytes)[1].fields.find(({ name }) => name === 'tcp.options');
  expect(field?.children?.map(({ name, value }) => `${name} ${value}`)).toEqual([
    'mptcp MP_JOIN',
    'tcp.options.user_to 2 minutes',
    'tcp.options.tfo cookie of 2 bytes',
    'tcp.options.experimental identifier 0xf989',
    'tcp.options.unknown kind 77, 4 bytes',
  ]);
});
