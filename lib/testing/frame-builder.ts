// Frames for tests, byte for byte as a kernel would send them: links, VLANs, IPv4 and IPv6, TCP with options, UDP, ICMP, ARP, VXLAN; checksums filled.
// capture-file.ts puts them into files.
import ipaddr from 'ipaddr.js';

export interface LinkSpec {
  /** Default `ethernet`. */
  readonly link?: 'ethernet' | 'sll' | 'sll2' | 'raw' | 'null';
  readonly sourceMac?: string;
  readonly destinationMac?: string;
  /** VLAN ids, outermost first; of two the first is a service tag. */
  readonly vlans?: readonly number[];
  /** SLL2's interface index, and SLL's packet type (0 to us … 4 outgoing). */
  readonly ifindex?: number;
  readonly packetType?: number;
}

export interface IpSpec extends LinkSpec {
  readonly ttl?: number;
  readonly tos?: number;
  readonly ipId?: number;
  readonly dontFragment?: boolean;
  readonly moreFragments?: boolean;
  /** In bytes, a multiple of 8. */
  readonly fragmentOffset?: number;
  /** IPv4 options, a multiple of 4 bytes. */
  readonly ipOptions?: Uint8Array;
  /** Written instead of the real one: 0 as TSO captures have it. */
  readonly totalLength?: number;
  /** IPv6 extension headers in order: number and the header without its next-header byte, a multiple of 8 with it. */
  readonly extensions?: readonly { readonly type: number; readonly bytes: Uint8Array }[];
}

/** Bytes, text, or a count of bytes of a fixed pattern. */
export type Payload = Uint8Array | string | number;

export interface TcpSpec extends IpSpec {
  /** `10.0.0.1:60170` or `[fd00::1]:60170` */
  readonly source: string;
  readonly destination: string;
  /** tcpdump's letters: `S`, `S.`, `P.`, `F.`, `R`. Default `.`. */
  readonly flags?: string;
  readonly sequence?: number;
  readonly acknowledgement?: number;
  readonly window?: number;
  readonly payload?: Payload;
  /** TSval, TSecr. */
  readonly timestamps?: readonly [number, number];
  readonly mss?: number;
  readonly windowScale?: number;
  readonly sackPermitted?: boolean;
  /** Written behind the others, a multiple of 4 bytes. */
  readonly tcpOptions?: Uint8Array;
  readonly sacks?: readonly (readonly [number, number])[];
}

export interface UdpSpec extends IpSpec {
  readonly source: string;
  readonly destination: string;
  readonly payload?: Payload;
}

export interface IcmpSpec extends IpSpec {
  /** Addresses without ports. */
  readonly source: string;
  readonly destination: string;
  readonly type: number;
  readonly code?: number;
  /** The four bytes after the checksum: identifier and sequence number of an echo. */
  readonly identifier?: number;
  readonly sequence?: number;
  readonly payload?: Payload;
}

export interface ArpSpec extends LinkSpec {
  readonly operation: 'request' | 'reply';
  readonly senderMac: string;
  readonly sender: string;
  readonly targetMac?: string;
  readonly target: string;
}

export interface VxlanSpec extends Omit<UdpSpec, 'payload'> {
  readonly vni: number;
  /** An Ethernet frame. */
  readonly inner: Uint8Array;
}

const FLAG_BITS: Readonly<Record<string, number>> = {
  F: 1,
  S: 2,
  R: 4,
  P: 8,
  '.': 16,
  U: 32,
  E: 64,
  W: 128,
  e: 256,
};
const DEFAULT_SOURCE_MAC = '0a:58:0a:80:00:01';
const DEFAULT_DESTINATION_MAC = '0a:58:0a:80:00:02';
const ETHER_TYPES = { 4: 0x0800, 6: 0x86dd } as const;

export function tcpFrame(spec: TcpSpec): Uint8Array {
  const [source, sourcePort] = parseEndpoint(spec.source);
  const [destination, destinationPort] = parseEndpoint(spec.destination);
  const options = tcpOptions(spec);
  const flags = Array.from(spec.flags ?? '.').reduce((bits, letter) => bits | FLAG_BITS[letter], 0);
  const segment = join(
    u16(sourcePort),
    u16(destinationPort),
    u32(spec.sequence ?? 0),
    u32(spec.acknowledgement ?? 0),
    u16(((5 + options.length / 4) << 12) | flags),
    u16(spec.window ?? 64240),
    u16(0),
    u16(0),
    options,
    payloadBytes(spec.payload ?? 0),
  );
  return ipFrame(spec, source, destination, 6, segment, 16);
}

export function udpFrame(spec: UdpSpec): Uint8Array {
  const [source, sourcePort] = parseEndpoint(spec.source);
  const [destination, destinationPort] = parseEndpoint(spec.destination);
  const payload = payloadBytes(spec.payload ?? 0);
  const datagram = join(
    u16(sourcePort),
    u16(destinationPort),
    u16(8 + payload.length),
    u16(0),
    payload,
  );
  return ipFrame(spec, source, destination, 17, datagram, 6);
}

export const vxlanFrame = (spec: VxlanSpec): Uint8Array =>
  udpFrame({ ...spec, payload: join(Uint8Array.of(8, 0, 0, 0), u32(spec.vni << 8), spec.inner) });

/** ICMP or ICMPv6, by the addresses' family. */
export function icmpFrame(spec: IcmpSpec): Uint8Array {
  const source = parseAddress(spec.source);
  const message = join(
    Uint8Array.of(spec.type, spec.code ?? 0, 0, 0),
    u16(spec.identifier ?? 0),
    u16(spec.sequence ?? 0),
    payloadBytes(spec.payload ?? 0),
  );
  const protocol = source.length === 4 ? 1 : 58;
  return ipFrame(spec, source, parseAddress(spec.destination), protocol, message, 2);
}

export function arpFrame(spec: ArpSpec): Uint8Array {
  const body = join(
    Uint8Array.of(0, 1, 8, 0, 6, 4),
    u16(spec.operation === 'request' ? 1 : 2),
    parseMac(spec.senderMac),
    parseAddress(spec.sender),
    parseMac(spec.targetMac ?? '00:00:00:00:00:00'),
    parseAddress(spec.target),
  );
  const destination = spec.targetMac ?? 'ff:ff:ff:ff:ff:ff';
  return linkFrame(
    { sourceMac: spec.senderMac, destinationMac: destination, ...spec },
    0x0806,
    body,
  );
}

/** An IP packet of any protocol; the checksum, if any, is written at `checksumAt` of the body. */
export function ipFrame(
  spec: IpSpec,
  source: Uint8Array,
  destination: Uint8Array,
  protocol: number,
  body: Uint8Array,
  checksumAt?: number,
): Uint8Array {
  const filled =
    checksumAt === undefined ? body : withChecksum(body, checksumAt, source, destination, protocol);
  return source.length === 4
    ? linkFrame(spec, ETHER_TYPES[4], ipv4Packet(spec, source, destination, protocol, filled))
    : linkFrame(spec, ETHER_TYPES[6], ipv6Packet(spec, source, destination, protocol, filled));
}

/** What a link puts before a packet of this EtherType. */
export function linkFrame(spec: LinkSpec, etherType: number, packet: Uint8Array): Uint8Array {
  const sourceMac = parseMac(spec.sourceMac ?? DEFAULT_SOURCE_MAC);
  const vlans = spec.vlans ?? [];
  const types = [...vlans.map((_, i) => (i + 1 < vlans.length ? 0x88a8 : 0x8100)), etherType];
  const tags = vlans.map((vlan, index) => join(u16(vlan), u16(types[index + 1])));
  const payload = join(...tags, packet);
  const packetType = spec.packetType ?? 0;
  switch (spec.link ?? 'ethernet') {
    case 'ethernet': {
      const destinationMac = parseMac(spec.destinationMac ?? DEFAULT_DESTINATION_MAC);
      return join(destinationMac, sourceMac, u16(types[0]), payload);
    }
    case 'sll':
      return join(u16(packetType), u16(1), u16(6), sourceMac, u16(0), u16(types[0]), payload);
    case 'sll2':
      return join(
        u16(types[0]),
        u16(0),
        u32(spec.ifindex ?? 1),
        u16(1),
        Uint8Array.of(packetType, 6),
        sourceMac,
        u16(0),
        payload,
      );
    case 'null':
      return join(Uint8Array.of(etherType === ETHER_TYPES[6] ? 30 : 2, 0, 0, 0), packet);
    case 'raw':
      return packet;
  }
}

function ipv4Packet(
  spec: IpSpec,
  source: Uint8Array,
  destination: Uint8Array,
  protocol: number,
  body: Uint8Array,
): Uint8Array {
  const options = spec.ipOptions ?? new Uint8Array(0);
  const headerBytes = 20 + options.length;
  const fragment =
    (spec.dontFragment === false ? 0 : isFragment(spec) ? 0 : 0x4000) |
    (spec.moreFragments ? 0x2000 : 0) |
    ((spec.fragmentOffset ?? 0) / 8);
  const header = join(
    Uint8Array.of(0x40 | (headerBytes / 4), spec.tos ?? 0),
    u16(spec.totalLength ?? headerBytes + body.length),
    u16(spec.ipId ?? 0),
    u16(fragment),
    Uint8Array.of(spec.ttl ?? 64, protocol),
    u16(0),
    source,
    destination,
    options,
  );
  header.set(u16(foldChecksum(sumWords(header, 0))), 10);
  return join(header, body);
}

function ipv6Packet(
  spec: IpSpec,
  source: Uint8Array,
  destination: Uint8Array,
  protocol: number,
  body: Uint8Array,
): Uint8Array {
  const extensions = [...(spec.extensions ?? [])];
  if (isFragment(spec))
    extensions.push({
      type: 44,
      bytes: join(
        Uint8Array.of(0),
        u16((spec.fragmentOffset ?? 0) | (spec.moreFragments ? 1 : 0)),
        u32(spec.ipId ?? 0),
      ),
    });
  const types = [...extensions.map(({ type }) => type), protocol];
  const headers = extensions.map(({ bytes }, index) =>
    join(Uint8Array.of(types[index + 1]), bytes),
  );
  const payload = join(...headers, body);
  return join(
    u32(0x60000000 | ((spec.tos ?? 0) << 20)),
    u16(spec.totalLength ?? payload.length),
    Uint8Array.of(types[0], spec.ttl ?? 64),
    source,
    destination,
    payload,
  );
}

const isFragment = (spec: IpSpec): boolean =>
  spec.moreFragments === true || (spec.fragmentOffset ?? 0) > 0;

function tcpOptions(spec: TcpSpec): Uint8Array {
  const options: Uint8Array[] = [];
  if (spec.mss !== undefined) options.push(Uint8Array.of(2, 4), u16(spec.mss));
  if (spec.sackPermitted) options.push(Uint8Array.of(4, 2));
  if (spec.timestamps !== undefined) {
    // Linux pads in front of timestamps, unless SACK permitted fills the word.
    if (!spec.sackPermitted) options.push(Uint8Array.of(1, 1));
    options.push(Uint8Array.of(8, 10), u32(spec.timestamps[0]), u32(spec.timestamps[1]));
  }
  if (spec.windowScale !== undefined) options.push(Uint8Array.of(1, 3, 3, spec.windowScale));
  if (spec.sacks !== undefined) {
    options.push(Uint8Array.of(1, 1, 5, 2 + 8 * spec.sacks.length));
    for (const [left, right] of spec.sacks) options.push(u32(left), u32(right));
  }
  if (spec.tcpOptions !== undefined) options.push(spec.tcpOptions);
  const joined = join(...options);
  return join(joined, new Uint8Array((4 - (joined.length % 4)) % 4));
}

function withChecksum(
  body: Uint8Array,
  at: number,
  source: Uint8Array,
  destination: Uint8Array,
  protocol: number,
): Uint8Array {
  // ICMP for IPv4 alone has no pseudo-header.
  const pseudo =
    protocol === 1 ? new Uint8Array(0) : join(source, destination, u32(body.length), u32(protocol));
  const filled = body.slice();
  filled.set(u16(0), at);
  const checksum = foldChecksum(sumWords(filled, sumWords(pseudo, 0)));
  filled.set(u16(protocol === 17 && checksum === 0 ? 0xffff : checksum), at);
  return filled;
}

function sumWords(bytes: Uint8Array, start: number): number {
  let sum = start;
  for (let i = 0; i < bytes.length; i += 2) sum += (bytes[i] << 8) | (bytes[i + 1] ?? 0);
  return sum;
}

function foldChecksum(sum: number): number {
  let folded = sum;
  while (folded > 0xffff) folded = (folded & 0xffff) + Math.floor(folded / 0x10000);
  return ~folded & 0xffff;
}

/** `10.0.0.1:80` or `[fd00::1]:80` as address bytes and port. */
export function parseEndpoint(text: string): [Uint8Array, number] {
  const colon = text.lastIndexOf(':');
  return [
    parseAddress(text.slice(0, colon).replace(/^\[|\]$/g, '')),
    Number(text.slice(colon + 1)),
  ];
}

export const parseAddress = (text: string): Uint8Array =>
  Uint8Array.from(ipaddr.parse(text).toByteArray());

export const parseMac = (text: string): Uint8Array =>
  Uint8Array.from(text.split(':'), (part) => Number.parseInt(part, 16));

export const u16 = (value: number): Uint8Array => Uint8Array.of(value >>> 8, value);
export const u32 = (value: number): Uint8Array =>
  Uint8Array.of(value >>> 24, value >>> 16, value >>> 8, value);

export function join(...parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const joined = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    joined.set(part, at);
    at += part.length;
  }
  return joined;
}

export function payloadBytes(payload: Payload): Uint8Array {
  if (typeof payload === 'string') return new TextEncoder().encode(payload);
  if (typeof payload !== 'number') return payload;
  return Uint8Array.from({ length: payload }, (_, index) => (index * 37 + payload) & 0xff);
}
