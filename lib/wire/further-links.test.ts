// What tshark 4.0 can't be asked about: MPLS as a link of its own, PPP behind a byte of direction, VXLAN-GPE; and the tree of all further links.
import { expect, it } from 'vitest';
import { join, tcpFrame, u16, u32, udpFrame } from '../testing/frame-builder';
import { decodeFrame } from './decode-frame';
import { decodeTree } from './decode-tree';
import { DecodedFrame } from './decoded-frame';

const PACKET = tcpFrame({
  source: '10.0.0.1:1000',
  destination: '10.0.0.2:80',
  flags: 'S',
  sequence: 5,
  link: 'raw',
});

const decode = (bytes: Uint8Array, linkType: number) => {
  const frame = new DecodedFrame();
  decodeFrame(bytes, 0, bytes.length, bytes.length, linkType, frame);
  return frame;
};

it.each([
  [
    'MPLS',
    219,
    join(u32((16 << 12) | 64), u32((17 << 12) | 0x100 | 64), PACKET),
    ['mpls', 'ip', 'tcp'],
  ],
  ['PPP, sent', 204, join(Uint8Array.of(1), u16(0xff03), u16(0x21), PACKET), ['ppp', 'ip', 'tcp']],
  [
    'VXLAN-GPE',
    101,
    udpFrame({
      source: '192.0.2.1:50000',
      destination: '192.0.2.2:4790',
      link: 'raw',
      payload: join(Uint8Array.of(0x0c, 0, 0, 1), u32(9 << 8), PACKET),
    }),
    ['ip', 'udp', 'vxlan', 'ip', 'tcp'],
  ],
  [
    'PPPoE',
    51,
    join(Uint8Array.of(0x11, 0), u16(7), u16(PACKET.length + 2), u16(0x21), PACKET),
    ['pppoe', 'ppp', 'ip', 'tcp'],
  ],
])('%s is peeled to the packet', (_, linkType, bytes, names) => {
  const frame = decode(bytes, linkType);
  expect([frame.sourcePort, frame.destinationPort, frame.sequence]).toEqual([1000, 80, 5]);
  expect(decodeTree(bytes, linkType, bytes.length).map(({ name }) => name)).toEqual(names);
});

it('tells the direction of PPP', () => {
  const packet = join(u16(0x21), PACKET);
  expect(decode(join(Uint8Array.of(0), packet), 204).direction).toBe(1);
  expect(decode(join(Uint8Array.of(1), packet), 204).direction).toBe(2);
});
