// VXLAN on a port of somebody's own.
import { describe, expect, it } from 'vitest';
import { PacketLines } from '../../cli/packet-lines';
import { pcapFile } from '../testing/capture-file';
import {
  arpFrame,
  icmpFrame,
  ipFrame,
  parseAddress,
  tcpFrame,
  udpFrame,
  vxlanFrame,
} from '../testing/frame-builder';
import { readCapture, tupleText } from '../testing/read-capture';
import { decodeTree } from './decode-tree';

const INNER = tcpFrame({ source: '10.9.0.1:40000', destination: '10.9.0.2:443', payload: 5 });
const onPort = (inner: Uint8Array, port = 6789): Uint8Array =>
  vxlanFrame({ source: '192.0.2.1:55555', destination: `192.0.2.2:${port}`, vni: 77, inner });

/** Tuple and tunnels of the only frame. */
async function seen(frame: Uint8Array, captured = frame.length): Promise<string> {
  const record = { timeNs: 0n, bytes: frame.slice(0, captured), wireLength: frame.length };
  const capture = await readCapture(pcapFile([record]));
  const tunnels = capture.links[0].tunnels.map(({ kind, identifier }) => `${kind} ${identifier}`);
  return [tupleText(capture, 0), ...tunnels].join(' ');
}

const OUTER = '192.0.2.1:55555 > 192.0.2.2:6789';

/** INNER's frame with a byte changed, counted from the VXLAN header. */
function damaged(at: number, value: number): Uint8Array {
  const frame = onPort(INNER).slice();
  frame[42 + at] = value;
  return frame;
}

describe('VXLAN by content', () => {
  it('is followed on any port: TCP over IPv4 and IPv6, tagged, padded, ARP, within an IPv6 underlay', async () => {
    expect(await seen(onPort(INNER))).toBe('10.9.0.1:40000 > 10.9.0.2:443 vxlan 77');
    const inner6 = tcpFrame({ source: '[fd00::1]:1', destination: '[fd00::2]:2' });
    expect(await seen(onPort(inner6))).toBe('fd00::1:1 > fd00::2:2 vxlan 77');
    const tagged = tcpFrame({ source: '10.9.0.1:1', destination: '10.9.0.2:2', vlans: [5] });
    expect(await seen(onPort(tagged))).toBe('10.9.0.1:1 > 10.9.0.2:2 vxlan 77');
    const padded = new Uint8Array(60);
    padded.set(tcpFrame({ source: '10.9.0.1:1', destination: '10.9.0.2:2' }));
    expect(await seen(onPort(padded))).toBe('10.9.0.1:1 > 10.9.0.2:2 vxlan 77');
    const ends = { sender: '10.9.0.1', target: '10.9.0.2' };
    const arp = arpFrame({ operation: 'request', senderMac: '02:00:00:00:00:01', ...ends });
    expect(await seen(onPort(arp))).toBe('10.9.0.1:0 > 10.9.0.2:0 vxlan 77');
    const underlay = { source: '[fd02::1]:5', destination: '[fd02::2]:6789', vni: 9 };
    expect(await seen(vxlanFrame({ ...underlay, inner: INNER }))).toMatch(/ vxlan 9$/);
  });

  it('is followed where a snaplen cuts behind the inner header', async () => {
    expect(await seen(onPort(INNER), 42 + 8 + 14 + 20 + 16)).toMatch(/443 vxlan 77$/);
    expect(await seen(onPort(INNER), 42 + 8 + 14 + 19)).toBe(OUTER);
  });

  it.each([
    ['other flags', 0, 0x18],
    ['a reserved byte', 3, 1],
    ['the last reserved byte', 7, 1],
    ['another EtherType', 20, 0x88],
    ['a length that does not fit', 25, 0x2e],
    ['a checksum that does not fit', 30, 0x41],
  ])('is not seen in what has %s', async (_, at, value) => {
    expect(await seen(damaged(at, value))).toBe(OUTER);
  });

  it('is not seen in zeros, text, or a DNS message', async () => {
    for (const payload of [
      100,
      'text of some length, with nothing in it that a tunnel would have',
      new Uint8Array(80),
    ])
      expect(
        await seen(udpFrame({ source: '1.1.1.1:1', destination: '2.2.2.2:6789', payload })),
      ).toBe('1.1.1.1:1 > 2.2.2.2:6789');
    expect(await seen(onPort(INNER, 53))).toBe('192.0.2.1:55555 > 192.0.2.2:53');
  });

  it('is followed in a first fragment, and in what an error quotes', async () => {
    const large = tcpFrame({ source: '10.9.0.1:1', destination: '10.9.0.2:2', payload: 1400 });
    const datagram = onPort(large).subarray(34);
    const ends = [parseAddress('192.0.2.1'), parseAddress('192.0.2.2')] as const;
    const fragment = ipFrame({ moreFragments: true }, ...ends, 17, datagram.subarray(0, 1000));
    expect(await seen(fragment)).toBe('10.9.0.1:1 > 10.9.0.2:2 vxlan 77');
    const error = icmpFrame({
      source: '192.0.2.9',
      destination: '192.0.2.1',
      type: 3,
      code: 4,
      payload: onPort(large).subarray(14, 200),
    });
    const { table, tuples } = await readCapture(pcapFile([{ timeNs: 0n, bytes: error }]));
    expect(tuples[table.sparse.quotes.get(0, 'tuple') >>> 1]).toMatchObject({ first: '10.9.0.1' });
  });

  it('is a layer of the tree, and none for `packets`', () => {
    const frame = onPort(INNER);
    const names = decodeTree(frame, 1, frame.length).map(({ name }) => name);
    expect(names).toEqual(['eth', 'ip', 'udp', 'vxlan', 'eth', 'ip', 'tcp', 'data']);
    const lines = new PacketLines('a', () => ({
      frameHasTime: true,
      baseTime: 0n,
      exactTime: () => 0n,
    }));
    lines.frame(frame, 0, frame.length, frame.length, 0, 1, 0, 0);
    expect(lines.takeLines()).toContain('\t192.0.2.1\t192.0.2.2\t17\t55555\t6789\t');
  });
});
