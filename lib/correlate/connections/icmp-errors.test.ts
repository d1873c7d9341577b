// ICMP errors drawn at both sides of a translation: joined by the packet they quote, with the quotation translated back or not.
import { describe, expect, it } from 'vitest';
import { analyseSources } from '../../engine/analyse';
import { datagramArtSources } from '../../testing/datagram-art';
import { journeyLines } from '../../testing/journey-lines';
import { errorKind } from './icmp-errors';

const analyse = async (text: string) => (await analyseSources(datagramArtSources(text))).analysis;

const ENDS = `
  c = 10.1.1.11:5000
  d = 10.1.2.12:5000
  n = 192.0.2.1:5000
  m = 192.0.2.1:41007
  s = 198.51.100.9:7000
  r = 192.0.2.2:0
`;

describe('an ICMP error', () => {
  it('is one packet before and behind the translation of what it quotes', async () => {
    const analysis = await analyse(`${ENDS}
      time    packet                  | in        | out
      0       > ask udp 'is it open now?' | c>s       | n>s
      0.001   < error port of ask     | s>c(c>s)  | s>n(n>s)
      0.002   > big udp 1400          | c>s       | n>s
      0.003   < error size of big     | r>c(c>s)  | r>n(n>s)
    `);
    expect(journeyLines(analysis)).toEqual([
      'udp > in#1 out#1 delivered',
      'icmp > out#2 in#2 delivered',
      'udp > in#3 out#3 delivered',
      'icmp > out#4 in#4 delivered',
    ]);
  });

  it('belongs to the client whose packet it quotes, however alike those of two clients are', async () => {
    const analysis = await analyse(`${ENDS}
      time    packet                     | one       | two       | out
      0       > a udp 'a beat of a heart' id=7 | c>s       | -         | n>s
      0.0001  > b udp 'a beat of a heart' id=8 | -         | d>s       | m>s
      0.001   < error port of b          | -         | s>d(d>s)  | s>m(m>s)
      0.0011  < error port of a          | s>c(c>s)  | -         | s>n(n>s)
    `);
    expect(journeyLines(analysis)).toEqual([
      'udp > one#1 out#1 delivered',
      'udp > two#1 out#2 delivered',
      'icmp > out#3 two#2 delivered',
      'icmp > out#4 one#2 delivered',
    ]);
  });

  it('is joined by the IP ID and the end that no translation touched where the quoted packet itself was not captured', async () => {
    const analysis = await analyse(`${ENDS}
      time    packet                | in        | out
      0       > ask udp 'not seen'  | -         | -
      0.001   < error time of ask   | r>c(c>s)  | r>n(n>s)
    `);
    expect(journeyLines(analysis)).toEqual(['icmp > out#1 in#1 delivered']);
  });

  it('of a ping whose identifier is rewritten', async () => {
    const analysis = await analyse(`
      c = 10.1.1.11:77
      n = 192.0.2.1:6021
      s = 198.51.100.9:77
      t = 198.51.100.9:6021
      r = 192.0.2.2:0
      time    packet             | in        | out
      0       > one echo:1 56    | c>s       | n>t
      0.0001  > two echo:2 56    | c>s       | n>t
      0.001   < error time of one | r>c(c>s)  | r>n(n>t)
      0.0011  < error time of two | r>c(c>s)  | r>n(n>t)
    `);
    expect(journeyLines(analysis)).toEqual([
      'icmp > in#1 out#1 delivered',
      'icmp > in#2 out#2 delivered',
      'icmp > out#3 in#3 delivered',
      'icmp > out#4 in#4 delivered',
    ]);
  });

  it('through NAT64 changes its type and stays one packet', async () => {
    const analysis = await analyse(`
      c = [2001:db8::11]:5000
      v = [64:ff9b::c633:6409]:7000
      n = 192.0.2.1:41007
      s = 198.51.100.9:7000
      time    packet                    | in          | out
      0       > ask udp 'is it open now?' | c>v#0       | n>s
      0.0005  > more udp 'another one, too' | c>v#0       | n>s
      0.001   < error port of ask       | v>c(c>v)#0  | s>n(n>s)
    `);
    expect(journeyLines(analysis)).toEqual([
      'udp > in#1 out#1 delivered',
      'udp > in#2 out#2 delivered',
      'icmpv6 > out#3 in#3 delivered',
    ]);
  });

  it('says the same in both versions (RFC 7915 sections 4.2 and 5.2)', () => {
    expect(errorKind(1, 0x0304)).toBe(errorKind(58, 0x0200));
    expect(errorKind(1, 0x0303)).toBe(errorKind(58, 0x0104));
    expect(errorKind(1, 0x0b00)).toBe(errorKind(58, 0x0300));
    expect(errorKind(1, 0x030d)).toBe(errorKind(58, 0x0101));
    expect(errorKind(1, 0x0302)).not.toBe(errorKind(1, 0x0301));
  });
});

it('of a router says that the quoted packet was dropped, even where no capture ran that would show it', async () => {
  const analysis = await analyse(`${ENDS}
    time    packet               | in        | out
    0       > a udp 'first of three'  | c>s       | n>s
    0.001   < b udp 'answer to first' | s>c       | s>n
    0.01    > big udp 1400       | c>s       | -
    0.0101  < error size of big  | r>c(c>s)  | -
  `);
  expect(journeyLines(analysis)).toEqual([
    'udp > in#1 out#1 delivered',
    'udp < out#2 in#2 delivered',
    'udp > in#3 lost',
    'icmp > in#4 unknown',
  ]);
});
