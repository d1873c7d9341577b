// Frames with what headers may carry beside the usual: every option of TCP, IPv4, IPv6 and Geneve, chunks of SCTP, messages of ICMP, IGMP and ARP, checksums of all states.
// edge-captures.ts puts them into captures.
import {
  arpFrame,
  icmpFrame,
  ipFrame,
  join,
  linkFrame,
  parseAddress,
  tcpFrame,
  u16,
  u32,
  udpFrame,
  vxlanFrame,
} from './frame-builder';
import { dnsMessage, quicInitial, tlsHello } from './payloads';

const V4 = { source: '10.1.2.3:40000', destination: '10.1.2.4:8443' } as const;
const V6 = { source: '[fd00::1]:40000', destination: '[fd00::2]:443' } as const;
const A = parseAddress('10.1.2.3');
const B = parseAddress('10.1.2.4');
const A6 = parseAddress('fd00::1');
const B6 = parseAddress('fd00::2');
const ZEROS = (length: number): Uint8Array => new Uint8Array(length);
const COUNTED = (length: number): Uint8Array =>
  Uint8Array.from({ length }, (_, index) => index + 1);

/** One option with kind and length, padded to four bytes by no-operations in front. */
function option(kind: number, ...content: readonly Uint8Array[]): Uint8Array {
  const body = join(...content);
  const padding = -(body.length + 2) & 3;
  return join(new Uint8Array(padding).fill(1), Uint8Array.of(kind, body.length + 2), body);
}

const TCP_OPTIONS: readonly Uint8Array[] = [
  option(2, u16(1460)),
  option(3, Uint8Array.of(7)),
  option(3, Uint8Array.of(15)),
  option(4),
  option(5, u32(10), u32(20), u32(30), u32(40), u32(50), u32(60)),
  option(6, u32(9)),
  option(7, u32(9)),
  option(8, u32(5), u32(6)),
  option(19, COUNTED(16)),
  option(28, u16(0x8002)),
  option(28, u16(30)),
  option(29, Uint8Array.of(3, 4), COUNTED(12)),
  option(34),
  option(34, COUNTED(8)),
  option(172, ZEROS(9)),
  option(253, u16(0xf989), COUNTED(4)),
  option(254, u16(0x0001)),
  option(77, COUNTED(3)),
  // Multipath: capable (SYN, and with both keys and data), join (three shapes), data, addresses, the rest.
  option(30, Uint8Array.of(0x01, 0x81)),
  option(30, Uint8Array.of(0x01, 0x81), COUNTED(8)),
  option(30, Uint8Array.of(0x01, 0x81), COUNTED(16)),
  option(30, Uint8Array.of(0x01, 0x81), COUNTED(16), u16(100)),
  option(30, Uint8Array.of(0x11, 2), u32(0x11223344), u32(0x55667788)),
  option(30, Uint8Array.of(0x10, 2), COUNTED(8), u32(0x55667788)),
  option(30, Uint8Array.of(0x10, 0), COUNTED(20)),
  option(30, Uint8Array.of(0x20, 0x01), u32(1000)),
  option(30, Uint8Array.of(0x20, 0x15), u32(1000), u32(2000), u32(1), u16(100), u16(0xabcd)),
  option(30, Uint8Array.of(0x20, 0x0f), ZEROS(4), u32(1000), ZEROS(4), u32(2000), u32(1), u16(100)),
  option(30, Uint8Array.of(0x30, 5), Uint8Array.of(10, 0, 0, 1), COUNTED(8)),
  option(30, Uint8Array.of(0x30, 5), Uint8Array.of(10, 0, 0, 1), u16(8080), COUNTED(8)),
  option(30, Uint8Array.of(0x31, 5), A6),
  option(30, Uint8Array.of(0x40, 1, 2)),
  option(30, Uint8Array.of(0x51, 1)),
  option(30, Uint8Array.of(0x60, 0), COUNTED(8)),
  option(30, Uint8Array.of(0x70, 0), COUNTED(8)),
  option(30, Uint8Array.of(0x81, 3)),
  // Wrong ones: a length of nothing, one beyond the end, one that is not its kind's.
  Uint8Array.of(2, 0, 0, 0),
  Uint8Array.of(8, 10, 0, 0),
  option(2, ZEROS(4)),
  Uint8Array.of(0, 2, 4, 5),
];

const IPV4_OPTIONS: readonly Uint8Array[] = [
  option(7, Uint8Array.of(8), A, ZEROS(4)),
  option(68, Uint8Array.of(13, 0), u32(1000), u32(0)),
  option(68, Uint8Array.of(13, 1), A, u32(1000)),
  option(131, Uint8Array.of(4), A, B),
  option(137, Uint8Array.of(8), A),
  option(136, u16(0x1234)),
  option(148, u16(0)),
  option(130, ZEROS(9)),
  Uint8Array.of(148, 9, 0, 0),
  Uint8Array.of(1, 1, 0, 0),
];

/** A header's content, of a length that makes a multiple of 8 with the two bytes before it. */
const extension = (type: number, content: Uint8Array) => ({
  type,
  bytes: join(Uint8Array.of((content.length + 2) / 8 - 1), content),
});

const IPV6_EXTENSIONS: readonly (readonly ReturnType<typeof extension>[])[] = [
  [extension(0, Uint8Array.of(5, 2, 0, 0, 1, 0))],
  [extension(0, Uint8Array.of(0, 0, 1, 2, 0, 0))],
  [extension(0, Uint8Array.of(0x30, 4, 5, 0, 5, 1))],
  [extension(60, Uint8Array.of(4, 1, 4, 1, 1, 0))],
  [extension(60, Uint8Array.of(0x1e, 4, 1, 2, 3, 4))],
  [extension(43, join(Uint8Array.of(0, 1, 0, 0, 0, 0), B6))],
  [extension(43, join(Uint8Array.of(4, 0, 0, 0, 0, 9), A6))],
  [extension(43, join(Uint8Array.of(4, 1, 1, 0, 0, 9), A6, B6))],
  [extension(43, join(Uint8Array.of(2, 1, 0, 0, 0, 0), A6))],
  [
    extension(0, Uint8Array.of(1, 4, 0, 0, 0, 0)),
    extension(43, join(Uint8Array.of(0, 0, 0, 0, 0, 0), B6)),
    extension(60, Uint8Array.of(1, 4, 0, 0, 0, 0)),
  ],
  [{ type: 51, bytes: join(Uint8Array.of(4, 0, 0), u32(0x1001), u32(7), ZEROS(12)) }],
];

/** Options of every kind, one a frame. */
export const OPTION_FRAMES: readonly Uint8Array[] = [
  ...TCP_OPTIONS.map((tcpOptions) => tcpFrame({ ...V4, tcpOptions, payload: 5 })),
  ...TCP_OPTIONS.slice(0, 4).map((tcpOptions) => tcpFrame({ ...V6, flags: 'S', tcpOptions })),
  ...IPV4_OPTIONS.map((ipOptions) => udpFrame({ ...V4, ipOptions, payload: 5 })),
  ...IPV6_EXTENSIONS.map((extensions) => udpFrame({ ...V6, extensions, payload: 5 })),
];

const chunk = (type: number, flags: number, body: Uint8Array): Uint8Array =>
  join(Uint8Array.of(type, flags), u16(body.length + 4), body, ZEROS(-body.length & 3));
const sctp = (...chunks: readonly Uint8Array[]): Uint8Array =>
  ipFrame({}, A, B, 132, join(u16(5000), u16(5001), u32(0xabcd), u32(0), ...chunks));

const igmp = (...parts: readonly Uint8Array[]): Uint8Array =>
  ipFrame({ ttl: 1 }, A, B, 2, join(...parts), 2);
const GROUP = parseAddress('239.1.2.3');
const icmp6 = (type: number, identifier: number, sequence: number, payload: Uint8Array) =>
  icmpFrame({ source: 'fd00::1', destination: 'fd00::2', type, identifier, sequence, payload });
const icmp4 = (type: number, code: number, sequence: number, payload: Uint8Array) =>
  icmpFrame({ source: '10.0.0.1', destination: '10.0.0.2', type, code, sequence, payload });
const QUOTED = tcpFrame({ ...V4, link: 'raw', payload: 40 });
const LINK_ADDRESS = Uint8Array.of(1, 1, 2, 0, 0, 0, 0, 1);

/** Messages beside TCP and UDP. */
export const MESSAGE_FRAMES: readonly Uint8Array[] = [
  sctp(chunk(1, 0, join(u32(0x1111), u32(65536), u16(10), u16(20), u32(1000)))),
  sctp(chunk(2, 0, join(u32(0x2222), u32(65536), u16(10), u16(20), u32(2000)))),
  sctp(chunk(10, 0, COUNTED(6)), chunk(0, 3, join(u32(1000), u16(1), u16(2), u32(46), COUNTED(9)))),
  sctp(chunk(3, 0, join(u32(1000), u32(65536), u16(1), u16(0), u16(2), u16(3)))),
  sctp(chunk(4, 0, join(u16(1), u16(8), u32(9)))),
  sctp(chunk(7, 0, u32(1001))),
  sctp(chunk(6, 0, ZEROS(0))),
  sctp(chunk(14, 1, ZEROS(0))),
  igmp(Uint8Array.of(0x11, 100, 0, 0), ZEROS(4)),
  igmp(Uint8Array.of(0x11, 100, 0, 0), GROUP, Uint8Array.of(2, 125, 0, 1), A),
  igmp(Uint8Array.of(0x16, 0, 0, 0), GROUP),
  igmp(Uint8Array.of(0x17, 0, 0, 0), GROUP),
  igmp(
    Uint8Array.of(0x22, 0, 0, 0, 0, 0, 0, 2),
    join(Uint8Array.of(4, 0, 0, 0), GROUP),
    join(Uint8Array.of(6, 0, 0, 1), GROUP, A),
  ),
  icmp4(3, 4, 1400, QUOTED),
  icmp4(5, 1, 0, QUOTED.subarray(0, 28)),
  icmp4(11, 0, 0, QUOTED),
  icmp4(12, 0, 0, QUOTED),
  icmp4(13, 0, 3, join(u32(1), u32(2), u32(3))),
  icmp6(2, 0, 1280, tcpFrame({ ...V6, link: 'raw', payload: 40 })),
  icmp6(133, 0, 0, LINK_ADDRESS),
  icmp6(
    134,
    0x4000,
    1800,
    join(u32(0), u32(0), LINK_ADDRESS, Uint8Array.of(5, 1, 0, 0), u32(1400)),
  ),
  icmp6(
    134,
    0x4000,
    1800,
    join(u32(0), u32(0), Uint8Array.of(3, 4, 64, 0xc0), u32(3600), u32(1800), u32(0), A6),
  ),
  icmp6(135, 0, 0, join(B6, LINK_ADDRESS)),
  icmp6(136, 0x6000, 0, join(B6, Uint8Array.of(2, 1, 2, 0, 0, 0, 0, 2))),
  arpFrame({
    operation: 'request',
    senderMac: '02:00:00:00:00:01',
    sender: '10.0.0.1',
    target: '10.0.0.1',
  }),
  linkFrame({}, 0x0806, join(u16(1), u16(0x86dd), Uint8Array.of(6, 16), u16(1), ZEROS(44))),
  linkFrame({}, 0x0806, join(u16(32), u16(0x0800), Uint8Array.of(20, 4), u16(2), COUNTED(48))),
];

/** What conversations begin with: DNS, TLS, HTTP, QUIC. */
export const BEGINNING_FRAMES: readonly Uint8Array[] = [
  udpFrame({
    ...V4,
    destination: '10.1.2.4:53',
    payload: dnsMessage({ id: 7, name: 'a.example' }),
  }),
  udpFrame({
    source: '10.1.2.4:53',
    destination: V4.source,
    payload: dnsMessage({ id: 7, name: 'a.example', responseCode: 3 }),
  }),
  ...[
    tlsHello({
      from: 'client',
      versions: [0x0304, 0x0303],
      serverName: 'a.example',
      protocols: ['h2'],
    }),
    'GET /path HTTP/1.1\r\nHost: a\r\n\r\n',
    'HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n',
    'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n',
    Uint8Array.of(23, 3, 3, 0, 4, 1, 2, 3, 4),
  ].map((payload, index) =>
    tcpFrame({
      ...V4,
      destination: `10.1.2.4:${[443, 80][index] ?? 80 + index}`,
      flags: 'P.',
      payload,
    }),
  ),
  udpFrame({ ...V4, destination: '10.1.2.4:443', payload: quicInitial(1) }),
];

/** The frame with bytes at an offset written over. */
function altered(frame: Uint8Array, at: number, ...bytes: readonly number[]): Uint8Array {
  const copy = frame.slice();
  copy.set(bytes, at);
  return copy;
}

/** Checksums that are right, wrong, left to the card (as a sending kernel does), absent, of fragments. */
export const CHECKSUM_FRAMES: readonly Uint8Array[] = [
  tcpFrame({ ...V4, payload: 3 }),
  altered(tcpFrame({ ...V4, payload: 3 }), 50, 0xde, 0xad),
  altered(tcpFrame({ ...V4, payload: 3 }), 24, 0xde, 0xad),
  altered(udpFrame({ ...V4, payload: 3 }), 40, 0xde, 0xad),
  altered(udpFrame({ ...V4, payload: 3 }), 40, 0, 0),
  altered(udpFrame({ ...V6, payload: 3 }), 60, 0xde, 0xad),
  udpFrame({ ...V4, payload: 56, moreFragments: true, ipId: 5 }),
  altered(icmp4(8, 0, 1, ZEROS(8)), 36, 0xde, 0xad),
];

/** Geneve with options and without, VXLAN with group policy and within GPE, GRE with all its flags, a tunnel within a tunnel. */
export function tunnelOptionFrames(): readonly Uint8Array[] {
  const inner = tcpFrame({ ...V4, payload: 5 });
  const raw = tcpFrame({ ...V4, payload: 5, link: 'raw' });
  const onPort = (port: number, payload: Uint8Array): Uint8Array =>
    udpFrame({ source: '192.0.2.1:33333', destination: `192.0.2.2:${port}`, payload });
  const geneve = (options: Uint8Array, protocol: number, body: Uint8Array): Uint8Array =>
    onPort(
      6081,
      join(Uint8Array.of(options.length / 4, 0), u16(protocol), u32(9 << 8), options, body),
    );
  const ovn = join(u16(0x0102), Uint8Array.of(0x80, 1), u32(0x00010002));
  const gre = (
    flags: number,
    further: Uint8Array,
    protocol: number,
    body: Uint8Array,
  ): Uint8Array => ipFrame({}, A, B, 47, join(u16(flags), u16(protocol), further, body));
  const gpe = (next: number, body: Uint8Array): Uint8Array =>
    onPort(4790, join(Uint8Array.of(0x0c, 0, 0, next), u32(9 << 8), body));
  return [
    geneve(ZEROS(0), 0x6558, inner),
    geneve(ovn, 0x6558, inner),
    geneve(join(ovn, u16(0x0101), Uint8Array.of(1, 0)), 0x0800, raw),
    onPort(4789, join(Uint8Array.of(0x88, 0x40), u16(77), u32(9 << 8), inner)),
    gpe(1, raw),
    gpe(3, inner),
    gre(0x2000, u32(42), 0x0800, raw),
    gre(0x1000, u32(1), 0x6558, inner),
    gre(0x8000, u32(0), 0x0800, raw),
    geneve(ovn, 0x6558, vxlanFrame({ ...V4, destination: '10.1.2.4:4789', vni: 3, inner })),
  ];
}
