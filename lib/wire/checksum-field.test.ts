// Checksums as the tree shows them.
import { expect, it } from 'vitest';
import { CHECKSUM_FRAMES, MESSAGE_FRAMES, OPTION_FRAMES } from '../testing/edge-layers';
import { icmpFrame, tcpFrame, vxlanFrame } from '../testing/frame-builder';
import { crc32c } from './crc32c';
import { decodeTree } from './decode-tree';

/** `ip right`, `tcp wrong` …: every layer's state, the wrong ones marked. */
const statesOf = (frame: Uint8Array, wireLength = frame.length): string[] =>
  decodeTree(frame, 1, wireLength).flatMap(({ fields }) =>
    fields
      .filter(({ name }) => name.endsWith('.checksum'))
      .map(({ name, isWrong, children }) => {
        const [status] = children ?? [];
        expect(status.isWrong).toBe(isWrong);
        return `${name.split('.')[0]} ${status.value.split(':')[0]}${isWrong ? '!' : ''}`;
      }),
  );

it('tells right, wrong, absent and not checkable', () => {
  expect(CHECKSUM_FRAMES.map((frame) => statesOf(frame).join(', '))).toEqual([
    'ip right, tcp right',
    'ip right, tcp wrong!',
    'ip wrong!, tcp right',
    'ip right, udp wrong!',
    'ip right, udp absent',
    'udp wrong!',
    'ip right, udp not checkable',
    'ip right, icmp wrong!',
  ]);
});

it('knows what a kernel leaves to its network card', () => {
  const frame = tcpFrame({ source: '10.0.0.1:1', destination: '10.0.0.2:2', payload: 3 });
  // Folded sum of addresses, protocol and length: 0a00 + 0001 + 0a00 + 0002 + 0006 + 0017.
  frame.set([0x14, 0x20], 50);
  expect(statesOf(frame)).toEqual(['ip right', 'tcp partial']);
  frame.set([0, 0], 24);
  expect(statesOf(frame)).toEqual(['ip partial', 'tcp partial']);
});

it('judges both packets of a tunnel, the outer UDP by what it carries', () => {
  const ends = { source: '10.0.0.1:1', destination: '10.0.0.2:2' };
  const outer = { source: '192.0.2.1:50000', destination: '192.0.2.2:4789', vni: 7 };
  const frame = vxlanFrame({ ...outer, inner: tcpFrame({ ...ends, payload: 3 }) });
  expect(statesOf(frame)).toEqual(['ip right', 'udp right', 'ip right', 'tcp right']);
  frame[frame.length - 1] ^= 1;
  expect(statesOf(frame)).toEqual(['ip right', 'udp wrong!', 'ip right', 'tcp wrong!']);
  frame.set([0, 0], 40);
  expect(statesOf(frame)).toEqual(['ip right', 'udp absent', 'ip right', 'tcp wrong!']);
  const echo = icmpFrame({ source: '10.0.0.1', destination: '10.0.0.2', type: 8, code: 0 });
  expect(statesOf(echo)).toEqual(['ip right', 'icmp right']);
});

it('does not judge what was not captured whole', () => {
  const frame = tcpFrame({ source: '10.0.0.1:1', destination: '10.0.0.2:2', payload: 30 });
  expect(statesOf(frame.subarray(0, 70), frame.length)).toEqual(['ip right', 'tcp not checkable']);
});

it('does not judge by an address that is a hop', () => {
  const states = OPTION_FRAMES.map((frame) => statesOf(frame).join(', '));
  expect(states.filter((state) => state.includes('!'))).toEqual([]);
  // One route of IPv4 and three of IPv6 are not at their end.
  expect(states.filter((state) => state.includes('udp not checkable')).length).toBe(4);
});

it('computes SCTP’s CRC32c', () => {
  const text = new TextEncoder().encode('123456789xxxx');
  expect(crc32c(text, 0, 9, 9)).toBe(0xe3069283);
  const [frame] = MESSAGE_FRAMES;
  const packet = frame.slice();
  expect(statesOf(packet)).toEqual(['ip right', 'sctp partial']);
  const sum = crc32c(packet, 34, packet.length - 34, 42);
  new DataView(packet.buffer).setUint32(42, sum, true);
  expect(statesOf(packet)).toEqual(['ip right', 'sctp right']);
  packet[60] ^= 1;
  expect(statesOf(packet)).toEqual(['ip right', 'sctp wrong!']);
});
