// Captures of frames that real ones seldom have: every link, tags, tunnels, extension headers, fragments, options, and headers cut at every length.
// What tshark says of them is recorded in e2e/captures/edge (scripts/oracle.mjs), so that the decoders can be held against it anywhere.
import { type CapturedFrame, pcapFile, pcapngFile } from './capture-file';
import {
  BEGINNING_FRAMES,
  CHECKSUM_FRAMES,
  MESSAGE_FRAMES,
  OPTION_FRAMES,
  tunnelOptionFrames,
} from './edge-layers';
import { DRAWN_PORTS, LABELS, NESTED_SHELLS, SHELL_FRAMES } from './edge-shells';
import {
  arpFrame,
  icmpFrame,
  ipFrame,
  join,
  linkFrame,
  parseAddress,
  type TcpSpec,
  tcpFrame,
  u16,
  u32,
  udpFrame,
  vxlanFrame,
} from './frame-builder';

export interface EdgeCapture {
  readonly name: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

const V4 = { source: '10.1.2.3:40000', destination: '10.1.2.4:8443' } as const;
const V6 = { source: '[fd00::1]:40000', destination: '[fd00:1:2:3:4:5:6:7]:443' } as const;
const START = 1_600_000_000_123_456_789n;

const inTime = (frames: readonly Uint8Array[]): CapturedFrame[] =>
  frames.map((bytes, index) => ({ timeNs: START + BigInt(index) * 1_000_001n, bytes }));

/** Farther from the first frame than whole nanoseconds go in a Float64. */
const FAR_TIMES: readonly CapturedFrame[] = [0n, 9_000_000n, 400_000_000n, -600_000_000n].map(
  (seconds) => ({
    timeNs: START + seconds * 1_000_000_000n + 1n,
    bytes: tcpFrame(V4),
  }),
);

const SYN: TcpSpec = {
  ...V4,
  flags: 'S',
  sequence: 0xfffffff0,
  mss: 1460,
  sackPermitted: true,
  timestamps: [1713889923, 0],
  windowScale: 7,
  ipId: 0xbeef,
};
const DATA: TcpSpec = {
  ...V4,
  flags: 'P.',
  sequence: 1,
  acknowledgement: 0x80000000,
  timestamps: [4294967295, 1],
  payload: 100,
};
const SACK: TcpSpec = {
  ...V4,
  sacks: [
    [10, 20],
    [30, 0xffffffff],
  ],
  timestamps: [5, 6],
};

const TCP_FRAMES: readonly Uint8Array[] = [
  tcpFrame(SYN),
  tcpFrame(DATA),
  tcpFrame(SACK),
  tcpFrame({ ...V4, flags: 'FPUEWe', window: 0, payload: 'x' }),
  tcpFrame({ ...V4, flags: '', sequence: 7, acknowledgement: 9 }),
  tcpFrame({ ...V6, flags: 'S.', mss: 1440, windowScale: 14 }),
  tcpFrame({ ...V6, tos: 0xb8, ttl: 1, payload: 1300 }),
  tcpFrame({ ...DATA, ipOptions: Uint8Array.of(7, 7, 4, 0, 0, 0, 0, 0) }),
  tcpFrame({ ...DATA, totalLength: 0 }),
  tcpFrame({ ...DATA, totalLength: 19 }),
  tcpFrame({ ...DATA, totalLength: 30 }),
  tcpFrame({ ...DATA, totalLength: 50 }),
  tcpFrame({ ...DATA, totalLength: 5000 }),
  tcpFrame({ ...V6, payload: 40, totalLength: 6000 }),
  join(tcpFrame({ ...V4, payload: 0 }), new Uint8Array(6)),
];

const UDP_FRAMES: readonly Uint8Array[] = [
  udpFrame({ ...V4, payload: 'hello' }),
  udpFrame({ ...V6, payload: 0 }),
  udpFrame({ ...V4, dontFragment: false, moreFragments: true, ipId: 77, payload: 56 }),
  ipFrame({ fragmentOffset: 64, ipId: 77 }, ...ends(), 17, new Uint8Array(30)),
  ipFrame({ fragmentOffset: 64, moreFragments: true, ipId: 78 }, ...ends(), 6, new Uint8Array(32)),
  tcpFrame({ ...V4, moreFragments: true, ipId: 78, payload: 44 }),
  udpFrame({ ...V6, moreFragments: true, ipId: 0x12345, payload: 56 }),
  ipFrame({ fragmentOffset: 64, ipId: 0x12345 }, ...ends6(), 17, new Uint8Array(24)),
  ...[0, 7, 8, 9, 200].map(udpOfLength),
];

const OTHER_FRAMES: readonly Uint8Array[] = [
  ...[8, 0, 3, 5, 11, 12, 13].map((type) =>
    icmpFrame({
      source: '10.0.0.1',
      destination: '10.0.0.2',
      type,
      code: 1,
      identifier: 0x1234,
      sequence: 9,
      payload: type === 8 || type === 0 ? 56 : tcpFrame(DATA).subarray(14, 42),
    }),
  ),
  icmpFrame({ source: 'fd00::1', destination: 'fd00::2', type: 128, identifier: 1, payload: 8 }),
  icmpFrame({
    source: 'fd00::1',
    destination: 'fd00::2',
    type: 1,
    payload: tcpFrame({ ...V6, payload: 40 }).subarray(14),
  }),
  arpFrame({
    operation: 'request',
    senderMac: '02:00:00:00:00:01',
    sender: '10.0.0.1',
    target: '10.0.0.2',
  }),
  arpFrame({
    operation: 'reply',
    senderMac: '02:00:00:00:00:02',
    sender: '10.0.0.2',
    targetMac: '02:00:00:00:00:01',
    target: '10.0.0.1',
  }),
  ipFrame({}, ...ends(), 2, new Uint8Array(8)),
  ipFrame({}, ...ends(), 50, new Uint8Array(40)),
  linkFrame({}, 0x88cc, new Uint8Array(20)),
  linkFrame({}, 46, new Uint8Array(46)),
  withExtensions([{ type: 0, bytes: Uint8Array.of(0, 1, 4, 0, 0, 0, 0) }]),
  withExtensions([
    { type: 0, bytes: Uint8Array.of(0, 1, 4, 0, 0, 0, 0) },
    { type: 60, bytes: Uint8Array.of(1, 1, 12, ...new Uint8Array(12)) },
  ]),
  withExtensions([{ type: 44, bytes: Uint8Array.of(0, 0, 0, 0, 0, 0, 9) }]),
];

const TUNNEL_FRAMES: readonly Uint8Array[] = [
  tcpFrame({ ...DATA, vlans: [7] }),
  tcpFrame({ ...DATA, vlans: [4000, 12] }),
  ...[
    tcpFrame(DATA),
    tcpFrame({ ...V6, payload: 3 }),
    udpFrame({ ...V4, payload: 9 }),
    icmpFrame({ source: '10.9.0.1', destination: '10.9.0.2', type: 8, identifier: 5 }),
    tcpFrame({ ...DATA, vlans: [99] }),
  ].flatMap((inner) => [
    vxlanFrame({ source: '192.0.2.1:55555', destination: '192.0.2.2:4789', vni: 7, inner }),
    vxlanFrame({ source: '192.0.2.1:8472', destination: '192.0.2.2:8472', vni: 0xabcdef, inner }),
    vxlanFrame({ source: '[fd02::1]:1000', destination: '[fd02::2]:4789', vni: 1, inner }),
  ]),
  vxlanFrame({
    source: '192.0.2.1:1',
    destination: '192.0.2.2:4789',
    vni: 1,
    inner: vxlanFrame({
      source: '198.51.100.1:2',
      destination: '198.51.100.2:4789',
      vni: 2,
      inner: tcpFrame(DATA),
    }),
  }),
  ipFrame({}, ...ends(), 4, tcpFrame({ ...DATA, link: 'raw' })),
  ipFrame({}, ...ends(), 41, tcpFrame({ ...V6, payload: 5, link: 'raw' })),
  ipFrame({}, ...ends6(), 4, tcpFrame({ ...DATA, link: 'raw' })),
  ipFrame({}, ...ends(), 47, join(u16(0), u16(0x0800), tcpFrame({ ...DATA, link: 'raw' }))),
  ipFrame(
    {},
    ...ends(),
    47,
    join(u16(0xb000), u16(0x6558), u32(0), u32(42), u32(1), tcpFrame(DATA)),
  ),
  udpFrame({
    source: '192.0.2.1:3333',
    destination: '192.0.2.2:6081',
    payload: join(Uint8Array.of(1, 0x40, 0x65, 0x58, 0, 0, 9, 0), u32(0x01020304), tcpFrame(DATA)),
  }),
];

/** The whole frame captured to every length, as a small snaplen cuts it. */
const cutEverywhere = (frame: Uint8Array): CapturedFrame[] =>
  Array.from({ length: frame.length }, (_, length) => ({
    timeNs: START + BigInt(length) * 1_000_000_000n,
    bytes: frame.slice(0, length),
    wireLength: frame.length,
  }));

/** Packets without a link, IPv4 and IPv6. */
const PACKETS: readonly Uint8Array[] = [
  tcpFrame({ ...SYN, link: 'raw' }),
  tcpFrame({ ...DATA, link: 'raw' }),
  udpFrame({ ...V4, payload: 'hello', link: 'raw' }),
  tcpFrame({ ...V6, payload: 12, link: 'raw' }),
];

const isVersion6 = (packet: Uint8Array): boolean => packet[0] >>> 4 === 6;
const pppOf = (packet: Uint8Array): Uint8Array => u16(isVersion6(packet) ? 0x57 : 0x21);

/** PPP with its protocol field whole, and compressed to a byte. */
const inPpp = (packet: Uint8Array): Uint8Array[] => [
  join(pppOf(packet), packet),
  join(Uint8Array.of(isVersion6(packet) ? 0x57 : 0x21), packet),
];

/** The family in network byte order, as OpenBSD writes it. */
const inLoop = (packet: Uint8Array): Uint8Array => join(u32(isVersion6(packet) ? 24 : 2), packet);

/** A session's header, without Ethernet before it. */
function inPppoe(packet: Uint8Array): Uint8Array {
  const ppp = join(pppOf(packet), packet);
  return join(Uint8Array.of(0x11, 0), u16(0x2a), u16(ppp.length), ppp);
}

/** A prefix attribute, then the packet, padded to four bytes. */
function inNflog(packet: Uint8Array): Uint8Array {
  const attribute = (type: number, body: Uint8Array): Uint8Array => {
    const length = body.length + 4;
    const padding = new Uint8Array(-length & 3);
    return join(Uint8Array.of(length & 255, length >> 8, type, 0), body, padding);
  };
  const family = isVersion6(packet) ? 10 : 2;
  return join(
    Uint8Array.of(family, 0, 0, 7),
    attribute(10, Uint8Array.of(0x61, 0x62, 0)),
    attribute(9, packet),
  );
}

/** What else an Ethernet frame carries a packet in: MPLS, PPPoE, SNAP with padding, ERSPAN of all three types. */
function inCarriers(packet: Uint8Array): Uint8Array[] {
  const type = isVersion6(packet) ? 0x86dd : 0x0800;
  const ppp = join(pppOf(packet), packet);
  const inner = linkFrame({}, type, packet);
  const snap = join(Uint8Array.of(0xaa, 0xaa, 3, 0, 0, 0), u16(type), packet);
  const gre = (flags: number, protocol: number, body: Uint8Array): Uint8Array =>
    ipFrame({}, ...ends(), 47, join(u16(flags), u16(protocol), u32(1), body));
  return [
    linkFrame({}, 0x8847, join(LABELS, packet)),
    linkFrame(
      {},
      0x8864,
      join(Uint8Array.of(0x11, 0), u16(0x2a), u16(ppp.length), ppp, new Uint8Array(3)),
    ),
    linkFrame({}, snap.length, join(snap, new Uint8Array(4))),
    gre(0x1000, 0x88be, join(u16(0x1005), u16(0x0007), u32(0), inner)),
    gre(0x1000, 0x22eb, join(u16(0x2005), u16(0x0009), u32(0), u32(0), inner)),
    gre(0, 0x88be, inner),
  ];
}

/** Tunnels within tunnels, segments that a card cuts later within them, fragments around them; all cut by a snaplen, too. */
function nestedFrames(): CapturedFrame[] {
  const raw = tcpFrame({ ...DATA, link: 'raw' });
  const raw6 = tcpFrame({ ...V6, payload: 5, link: 'raw' });
  const gre = (type: number, inner: Uint8Array): Uint8Array => join(u16(0), u16(type), inner);
  const vxlan = (inner: Uint8Array): Uint8Array =>
    vxlanFrame({ source: '192.0.2.1:1', destination: '192.0.2.2:4789', vni: 5, inner });
  const geneve = (inner: Uint8Array): Uint8Array =>
    udpFrame({
      source: '192.0.2.1:3333',
      destination: '192.0.2.2:6081',
      payload: join(Uint8Array.of(2, 0, 0x65, 0x58, 0, 0, 9, 0), u32(0x01028001), u32(7), inner),
    });
  const ipip = ipFrame({ link: 'raw' }, ...ends(), 4, raw);
  const frames = [
    ipFrame({}, ...ends6(), 41, raw6),
    ipFrame({}, ...ends(), 4, ipip),
    ipFrame({}, ...ends(), 47, gre(0x0800, ipip)),
    ipFrame({}, ...ends(), 47, gre(0x86dd, raw6)),
    vxlan(ipFrame({}, ...ends(), 41, raw6)),
    vxlan(tcpFrame({ ...DATA, payload: 2000, totalLength: 0 })),
    geneve(tcpFrame({ ...DATA, payload: 2000, totalLength: 0 })),
    geneve(vxlan(tcpFrame(DATA))),
    ipFrame({ moreFragments: true, ipId: 7 }, ...ends(), 4, raw),
    ipFrame({ fragmentOffset: 512, ipId: 7 }, ...ends(), 41, raw6),
  ];
  // Behind the tunnel's own header, which else were none.
  const cut = [frames[3], frames[6], frames[7]].flatMap((frame) => cutEverywhere(frame).slice(58));
  return [...inTime(frames), ...cut];
}

/** AH around TCP and around a whole packet, cut too; ESP alone and in UDP; IKE; WireGuard. */
function encryptedFrames(): CapturedFrame[] {
  const tcp = tcpFrame({ ...DATA, link: 'raw' });
  const authenticated = (inner: number, body: Uint8Array): Uint8Array =>
    ipFrame(
      {},
      ...ends(),
      51,
      join(Uint8Array.of(inner, 4, 0, 0), u32(0x1001), u32(7), new Uint8Array(12), body),
    );
  const inUdp = (payload: Uint8Array): Uint8Array =>
    udpFrame({ source: '10.1.2.3:4500', destination: '10.1.2.4:4500', payload });
  const transport = authenticated(6, tcp.subarray(20));
  const whole = inTime([
    transport,
    authenticated(4, tcp),
    ipFrame({}, ...ends(), 50, join(u32(0xc0de), u32(9), new Uint8Array(48))),
    inUdp(join(u32(0xc0de), u32(10), new Uint8Array(48))),
    inUdp(join(u32(0), new Uint8Array(28))),
    inUdp(Uint8Array.of(0xff)),
    udpFrame({ ...V4, payload: join(u32(0x0400_0000), u32(0x0100_0000), new Uint8Array(24)) }),
  ]);
  return [...whole, ...cutEverywhere(transport)];
}

export function edgeCaptures(): readonly EdgeCapture[] {
  const ethernet = [...TCP_FRAMES, ...UDP_FRAMES, ...OTHER_FRAMES, ...TUNNEL_FRAMES];
  const onLink = (link: 'sll' | 'sll2' | 'raw' | 'null') =>
    inTime([
      tcpFrame({ ...SYN, link, packetType: 4, ifindex: 3187 }),
      tcpFrame({ ...V6, payload: 5, link, ifindex: 7 }),
      udpFrame({ ...V4, payload: 4, link, packetType: 3 }),
    ]);
  return [
    { name: 'ethernet', bytes: pcapFile(inTime(ethernet), { nanoseconds: true }) },
    { name: 'ethernet-big-endian', bytes: pcapFile(inTime(ethernet), { bigEndian: true }) },
    {
      name: 'modified',
      bytes: pcapFile(inTime(TCP_FRAMES), { modified: true }),
    },
    { name: 'red-hat', bytes: pcapFile(inTime(TCP_FRAMES), { recordHeaderBytes: 24 }) },
    { name: 'nokia', bytes: pcapFile(inTime(TCP_FRAMES), { recordHeaderBytes: 20 }) },
    {
      name: 'suse',
      bytes: pcapFile(inTime(TCP_FRAMES), { modified: true, recordHeaderBytes: 28 }),
    },
    { name: 'version-2.2', bytes: pcapFile(inTime(TCP_FRAMES), { version: [2, 2] }) },
    { name: 'sll', bytes: pcapFile(onLink('sll'), { linkType: 113 }) },
    { name: 'sll2', bytes: pcapFile(onLink('sll2'), { linkType: 276 }) },
    { name: 'raw', bytes: pcapFile(onLink('raw'), { linkType: 101 }) },
    { name: 'null', bytes: pcapFile(onLink('null'), { linkType: 0 }) },
    { name: 'ipv4', bytes: pcapFile(onLink('raw').slice(0, 4), { linkType: 228 }) },
    { name: 'ppp', bytes: pcapFile(inTime(PACKETS.flatMap(inPpp)), { linkType: 9 }) },
    {
      name: 'ppp-hdlc',
      bytes: pcapFile(inTime(PACKETS.map((packet) => join(u16(0xff03), pppOf(packet), packet))), {
        linkType: 50,
      }),
    },
    { name: 'loop', bytes: pcapFile(inTime(PACKETS.map(inLoop)), { linkType: 108 }) },
    { name: 'ipv6', bytes: pcapFile(inTime(PACKETS.slice(3)), { linkType: 229 }) },
    { name: 'raw-12', bytes: pcapFile(inTime(PACKETS), { linkType: 12 }) },
    { name: 'raw-14', bytes: pcapFile(inTime(PACKETS), { linkType: 14 }) },
    { name: 'nested', bytes: pcapFile(nestedFrames()) },
    { name: 'pppoe', bytes: pcapFile(inTime(PACKETS.map(inPppoe)), { linkType: 51 }) },
    { name: 'options', bytes: pcapFile(inTime(OPTION_FRAMES)) },
    { name: 'messages', bytes: pcapFile(inTime(MESSAGE_FRAMES)) },
    { name: 'beginnings', bytes: pcapFile(inTime(BEGINNING_FRAMES)) },
    { name: 'checksums', bytes: pcapFile(inTime(CHECKSUM_FRAMES)) },
    { name: 'tunnel-options', bytes: pcapFile(inTime(tunnelOptionFrames())) },
    { name: 'nflog', bytes: pcapFile(inTime(PACKETS.map(inNflog)), { linkType: 239 }) },
    {
      name: 'hdlc',
      bytes: pcapFile(
        inTime(
          PACKETS.map((packet) =>
            join(u16(0x0f00), u16(isVersion6(packet) ? 0x86dd : 0x0800), packet),
          ),
        ),
        { linkType: 104 },
      ),
    },
    { name: 'encrypted', bytes: pcapFile(encryptedFrames()) },
    {
      name: 'shells',
      bytes: pcapFile(inTime([...SHELL_FRAMES, ...DRAWN_PORTS, ...NESTED_SHELLS])),
    },
    { name: 'far-times', bytes: pcapFile(FAR_TIMES, { nanoseconds: true }) },
    { name: 'carriers', bytes: pcapFile(inTime(PACKETS.flatMap(inCarriers))) },
    {
      name: 'cut',
      bytes: pcapFile(
        [
          tcpFrame(SYN),
          tcpFrame({ ...V6, timestamps: [1, 2], payload: 4 }),
          udpFrame({ ...V4, payload: 4 }),
          icmpFrame({ source: '10.0.0.1', destination: '10.0.0.2', type: 8, payload: 4 }),
          withExtensions([{ type: 0, bytes: Uint8Array.of(0, 1, 4, 0, 0, 0, 0) }]),
          tcpFrame({ ...DATA, vlans: [5], payload: 1 }),
          vxlanFrame({
            source: '192.0.2.1:55555',
            destination: '192.0.2.2:4789',
            vni: 7,
            inner: tcpFrame({ ...SACK, payload: 1 }),
          }),
        ].flatMap(cutEverywhere),
      ),
    },
    { name: 'sections', bytes: sections() },
  ];
}

/** Two sections of different byte order, four clocks, all kinds of packet blocks and a custom block. */
function sections(): Uint8Array<ArrayBuffer> {
  const bytes = tcpFrame(DATA);
  return pcapngFile([
    {
      comment: 'first section',
      blocks: [
        { kind: 'interface', spec: { name: 'eth0' } },
        { kind: 'interface', spec: { name: 'tun0', resolution: 9 } },
        { kind: 'enhanced', ticks: START / 1000n, bytes, comment: 'a comment' },
        { kind: 'enhanced', interface: 1, ticks: START + 1n, bytes, flags: 2 },
        { kind: 'other', type: 0x0bad, body: new Uint8Array(12) },
        {
          kind: 'obsolete',
          interface: 1,
          ticks: START + 2n,
          bytes: bytes.slice(0, 60),
          wireLength: 200,
        },
      ],
    },
    {
      bigEndian: true,
      blocks: [
        { kind: 'interface', spec: { resolution: 3, offsetSeconds: 3600n } },
        { kind: 'interface', spec: { resolution: 0x80 | 20 } },
        { kind: 'enhanced', ticks: START / 1_000_000n, bytes },
        {
          kind: 'enhanced',
          interface: 1,
          ticks: ((START / 1_000_000_000n) << 20n) + 0x12345n,
          bytes,
        },
        { kind: 'simple', bytes },
        { kind: 'simple', bytes: bytes.slice(0, 61), wireLength: 61 },
        { kind: 'statistics', interface: 1, interfaceDrops: 3n },
      ],
    },
  ]);
}

function ends(): [Uint8Array, Uint8Array] {
  return [parseAddress('10.1.2.3'), parseAddress('10.1.2.4')];
}

function ends6(): [Uint8Array, Uint8Array] {
  return [parseAddress('fd00::1'), parseAddress('fd00::2')];
}

function withExtensions(
  extensions: readonly { readonly type: number; readonly bytes: Uint8Array }[],
): Uint8Array {
  return udpFrame({ ...V6, payload: 4, extensions });
}

/** A datagram of eight payload bytes whose header claims another length. */
function udpOfLength(length: number): Uint8Array {
  const body = join(u16(1111), u16(2222), u16(length), u16(0), new Uint8Array(8));
  return ipFrame({}, ...ends(), 17, body);
}
