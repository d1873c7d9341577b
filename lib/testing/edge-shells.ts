// Frames with what else lies around a packet: group policies, labels in UDP, IP and GRE, tags within tunnels, PPPoE sessions, MACsec, switches' time stamps; and a
// client that drew a tunnel's port. edge-captures.ts puts them into a capture.
import {
  ipFrame,
  join,
  linkFrame,
  parseAddress,
  tcpFrame,
  u16,
  u32,
  udpFrame,
} from './frame-builder';

const ENDS = { source: '10.1.2.3:40000', destination: '10.1.2.4:8443', payload: 20 } as const;
const PACKET = tcpFrame({ ...ENDS, link: 'raw' });
const OUTER = { source: '192.0.2.1:50000', destination: '192.0.2.2:4789' } as const;
const [A, B] = [parseAddress('192.0.2.1'), parseAddress('192.0.2.2')];
/** Labels 16 and 17, the second at the bottom. */
export const LABELS = join(u32((16 << 12) | 64), u32((17 << 12) | 0x100 | 64));
const zeros = (length: number): Uint8Array => new Uint8Array(length);

/** VXLAN, network 5, with the first four bytes of its header as given: flags and group. */
export const vxlanWith = (head: number, inner: Uint8Array): Uint8Array =>
  udpFrame({ ...OUTER, payload: join(u32(head), u32(5 << 8), inner) });

const inUdp = (port: number, payload: Uint8Array): Uint8Array =>
  udpFrame({ ...OUTER, destination: `192.0.2.2:${port}`, payload });
const inPppoe = (packet: Uint8Array): Uint8Array =>
  join(Uint8Array.of(0x11, 0), u16(0x2a), u16(packet.length + 2), u16(0x21), packet);

/** A tag with the channel's identifier or without, what it protects, and the check. */
const macsec = (control: number, short: number, data: Uint8Array, channel = zeros(0)): Uint8Array =>
  linkFrame({}, 0x88e5, join(Uint8Array.of(control, short), u32(77), channel, data, zeros(16)));
const CHANNEL = join(Uint8Array.of(2, 0, 0, 0, 0, 9), u16(1));
const CLEAR = join(u16(0x0800), PACKET);

const arista = (version: number, time: number): Uint8Array =>
  linkFrame({}, 0xd28b, join(u16(1), u16(version), zeros(time), u16(0x0800), PACKET));

const gre = (flags: number, ...rest: readonly Uint8Array[]): Uint8Array =>
  ipFrame({}, A, B, 47, join(u16(flags), ...rest));
const PPP = join(u16(0x21), PACKET);
const PACKET6 = tcpFrame({ source: '[fd00::1]:40000', destination: '[fd00::2]:443', link: 'raw' });

/** Within others: PPP in GRE of both versions, Ethernet in IP, and packets that are of another version than announced. */
export const NESTED_SHELLS: readonly Uint8Array[] = [
  gre(0x2000, u16(0x880b), u32(7), PPP),
  gre(0x3001, u16(0x880b), u16(PPP.length), u16(9), u32(1), PPP),
  gre(0x3081, u16(0x880b), u16(PPP.length), u16(9), u32(1), u32(2), PPP),
  ipFrame({}, A, B, 143, tcpFrame({ ...ENDS, vlans: [4] })),
  linkFrame({}, 0x0800, PACKET6),
  ipFrame({}, A, B, 41, PACKET),
];

/** All of these have the packet of 10.1.2.3:40000 within, but those that are encrypted. */
export const SHELL_FRAMES: readonly Uint8Array[] = [
  vxlanWith(0x88000007, tcpFrame(ENDS)),
  vxlanWith(0x88480009, tcpFrame({ ...ENDS, vlans: [7, 8] })),
  vxlanWith(0x08000000, linkFrame({}, 0x8847, join(LABELS, PACKET))),
  inUdp(6635, join(LABELS, PACKET)),
  ipFrame({}, A, B, 137, join(LABELS, PACKET)),
  ipFrame({}, A, B, 47, join(u16(0), u16(0x8847), LABELS, PACKET)),
  linkFrame({ vlans: [3] }, 0x8864, inPppoe(PACKET)),
  inUdp(4790, join(u32(0x0c000005), u32(9 << 8), LABELS, PACKET)),
  macsec(0x00, 0, CLEAR),
  macsec(0x20, 0, CLEAR, CHANNEL),
  macsec(0x20, 0, join(u16(0x8100), u16(7), CLEAR), CHANNEL),
  macsec(0x2c, 0, CLEAR, CHANNEL),
  macsec(0x04, 0, CLEAR),
  arista(0x10, 8),
  arista(0x110, 8),
  arista(0x20, 6),
  arista(0x120, 6),
  arista(0x33, 8),
];

/** Questions to DNS and their answers by a client that drew the port of a tunnel. */
export const DRAWN_PORTS: readonly Uint8Array[] = [4789, 4790, 6081, 6635, 8472].flatMap((port) => {
  const [client, server] = [`10.1.2.3:${port}`, '10.1.2.4:53'];
  const payload = join(
    u16(0x0800),
    u16(0x0100),
    u16(1),
    zeros(6),
    Uint8Array.of(1, 0x61, 0),
    u32(0x10001),
  );
  return [
    udpFrame({ source: client, destination: server, payload }),
    udpFrame({ source: server, destination: client, payload }),
  ];
});
