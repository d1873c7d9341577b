// Captures told again as another network, another tool or another link would have written them: other addresses, IPv6, VLAN tags, cooked or raw links,
// one pcapng for all points. What happened in them stays the same, so the analysis must say the same.
import { type ByteSource, memorySource } from '../read/byte-source';
import { type PcapngBlock, pcapFile, pcapngFile } from './capture-file';
import { join, u16, u32 } from './frame-builder';

export interface KnownFrame {
  readonly timeNs: bigint;
  readonly bytes: Uint8Array;
  readonly wireLength: number;
  /** Its number in the capture it came from. */
  readonly number: number;
}

export interface KnownCapture {
  readonly name: string;
  readonly linkType: number;
  readonly frames: readonly KnownFrame[];
}

export type Disguise = (captures: readonly KnownCapture[]) => readonly KnownCapture[];

const ETHERNET = 1;
const RAW = 101;
const SLL2 = 276;
const IPV4 = 0x0800;
const IPV6 = 0x86dd;
const ARP = 0x0806;
const VLAN = 0x8100;
const TCP = 6;
const UDP = 17;
const VXLAN_PORT = 4789;

/** Little-endian pcap only, as all committed captures are. */
export async function knownCapture(source: ByteSource): Promise<KnownCapture> {
  const bytes = await source.read(0, source.size);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const unit = view.getUint32(0, true) === 0xa1b23c4d ? 1n : 1000n;
  const frames: KnownFrame[] = [];
  for (let at = 24; at + 16 <= bytes.length; ) {
    const length = view.getUint32(at + 8, true);
    frames.push({
      timeNs:
        BigInt(view.getUint32(at, true)) * 1_000_000_000n +
        BigInt(view.getUint32(at + 4, true)) * unit,
      bytes: bytes.slice(at + 16, at + 16 + length),
      wireLength: view.getUint32(at + 12, true),
      number: frames.length + 1,
    });
    at += 16 + length;
  }
  return { name: source.name, linkType: view.getUint32(20, true) & 0xffff, frames };
}

/** Each capture as a pcap of its own, in nanoseconds. */
export const captureFiles = (captures: readonly KnownCapture[]): readonly ByteSource[] =>
  captures.map(({ name, linkType, frames }) =>
    memorySource(pcapFile(frames, { linkType, nanoseconds: true }), name),
  );

/** All of them in one big-endian pcapng, an interface each, in the order of time. Frame n of the file is `order[n - 1]`. */
export function mergedFile(captures: readonly KnownCapture[]): {
  readonly source: ByteSource;
  readonly order: readonly { readonly file: string; readonly frame: number }[];
} {
  const all = captures
    .flatMap(({ name, frames }, at) => frames.map((frame) => ({ name, at, frame })))
    .sort((a, b) =>
      a.frame.timeNs < b.frame.timeNs ? -1 : a.frame.timeNs > b.frame.timeNs ? 1 : 0,
    );
  const blocks: PcapngBlock[] = captures.map(({ name, linkType }) => ({
    kind: 'interface',
    spec: { linkType, name: name.replace(/\.pcap$/, ''), resolution: 9 },
  }));
  for (const { at, frame } of all)
    blocks.push({
      kind: 'enhanced',
      interface: at,
      ticks: frame.timeNs,
      bytes: frame.bytes,
      wireLength: frame.wireLength,
    });
  return {
    source: memorySource(pcapngFile([{ bigEndian: true, blocks }]), 'all-points.pcapng'),
    order: all.map(({ name, frame }) => ({ file: name, frame: frame.number })),
  };
}

/** How a rewriting changes an IPv4 packet: `undefined` leaves it out. */
interface Rewriting {
  readonly packet?: (packet: Uint8Array) => Uint8Array;
  readonly mac?: (mac: Uint8Array) => Uint8Array;
  readonly arp?: (packet: Uint8Array) => Uint8Array;
}

const rewriteAll =
  (rewriting: Rewriting): Disguise =>
  (captures) =>
    captures.map((capture) => ({
      ...capture,
      frames: capture.frames.map((frame) => {
        const bytes = rewriteFrame(frame.bytes, capture.linkType, rewriting);
        return {
          ...frame,
          bytes,
          wireLength: frame.wireLength + bytes.length - frame.bytes.length,
        };
      }),
    }));

function rewriteFrame(frame: Uint8Array, linkType: number, rewriting: Rewriting): Uint8Array {
  const headerBytes = linkType === ETHERNET ? 14 : linkType === SLL2 ? 20 : 0;
  if (frame.length < headerBytes || headerBytes === 0) return frame;
  const header = frame.slice(0, headerBytes);
  const { mac = (same) => same } = rewriting;
  if (linkType === ETHERNET) {
    header.set(mac(header.slice(0, 6)), 0);
    header.set(mac(header.slice(6, 12)), 6);
  } else header.set(mac(header.slice(12, 18)), 12);
  const typeAt = linkType === ETHERNET ? 12 : 0;
  const etherType = (header[typeAt] << 8) | header[typeAt + 1];
  const rest = frame.subarray(headerBytes);
  if (etherType === ARP && rewriting.arp) return join(header, rewriting.arp(rest));
  if (etherType !== IPV4 || rest.length < 20) return frame === rest ? frame : join(header, rest);
  const packet = rewritePacket(rest, rewriting);
  if (packet[0] >> 4 === 6) header.set(u16(IPV6), typeAt);
  return join(header, packet);
}

function rewritePacket(packet: Uint8Array, rewriting: Rewriting): Uint8Array {
  const ihl = (packet[0] & 15) * 4;
  const tunnel =
    packet[9] === UDP &&
    packet.length >= ihl + 30 &&
    ((packet[ihl + 2] << 8) | packet[ihl + 3]) === VXLAN_PORT;
  if (!tunnel) return rewriting.packet?.(packet) ?? packet;
  const inner = rewriteFrame(packet.subarray(ihl + 16), ETHERNET, rewriting);
  const grown = inner.length - (packet.length - ihl - 16);
  const outer = join(packet.subarray(0, ihl + 16), inner);
  const lengthOf = (at: number) => ((outer[at] << 8) | outer[at + 1]) + grown;
  outer.set(u16(lengthOf(2)), 2);
  outer.set(u16(lengthOf(ihl + 4)), ihl + 4);
  setHeaderChecksum(outer);
  // RFC 7348: the outer checksum may be absent.
  outer.set([0, 0], ihl + 6);
  return outer;
}

/** Other IPv4 addresses, MACs and ephemeral ports: the same ones everywhere, drawn by `seed`. */
export function otherAddresses(seed: number): Disguise {
  const address = (bytes: Uint8Array): Uint8Array =>
    bytes[0] >= 224 || bytes[0] === 0
      ? bytes
      : Uint8Array.of(100, 64 + ((bytes[1] + seed) & 63), bytes[2] ^ (seed & 255), bytes[3]);
  const mac = (bytes: Uint8Array): Uint8Array =>
    bytes[0] & 1
      ? bytes
      : Uint8Array.of(
          bytes[0],
          bytes[1],
          bytes[2] ^ 0x15,
          bytes[3],
          bytes[4] ^ (seed & 255),
          bytes[5] ^ 0x77,
        );
  const port = (value: number): number =>
    value >= 32768 && value < 61000 ? 32768 + ((value - 32768 + seed * 17) % 28232) : value;
  return rewriteAll({
    mac,
    arp: (packet) => {
      const changed = packet.slice();
      changed.set(mac(changed.slice(8, 14)), 8);
      changed.set(address(changed.slice(14, 18)), 14);
      changed.set(mac(changed.slice(18, 24)), 18);
      changed.set(address(changed.slice(24, 28)), 24);
      return changed;
    },
    packet: (packet) => {
      const ihl = (packet[0] & 15) * 4;
      const changed = packet.slice();
      changed.set(address(packet.subarray(12, 16)), 12);
      changed.set(address(packet.subarray(16, 20)), 16);
      setHeaderChecksum(changed);
      if (
        (packet[9] === TCP || packet[9] === UDP) &&
        packet.length >= ihl + 8 &&
        fragmentOffset(packet) === 0
      )
        for (const at of [ihl, ihl + 2])
          changed.set(u16(port((packet[at] << 8) | packet[at + 1])), at);
      keepChecksum(packet, changed, ihl, ihl);
      return changed;
    },
  });
}

/** The same talk over IPv6: no IP ID any more, no header checksum. ICMP and what has IPv4 options stays as it was. */
export const overIpv6: Disguise = rewriteAll({
  packet: (packet) => {
    const protocol = packet[9];
    const total = (packet[2] << 8) | packet[3];
    if (
      (protocol !== TCP && protocol !== UDP) ||
      (packet[0] & 15) !== 5 ||
      fragmentOffset(packet) !== 0 ||
      total === 0
    )
      return packet;
    const address = (at: number): Uint8Array =>
      join(
        Uint8Array.of(0xfd, 0x42, 0, packet[at]),
        new Uint8Array(8),
        Uint8Array.of(0, packet[at + 1], packet[at + 2], packet[at + 3]),
      );
    const header = join(
      u32(0x6000_0000),
      u16(total - 20),
      Uint8Array.of(protocol, packet[8]),
      address(12),
      address(16),
    );
    const changed = join(header, packet.subarray(20));
    keepChecksum(packet, changed, 20, 40);
    return changed;
  },
});

/** Each frame of the named captures within a VLAN. */
export const tagged =
  (vlan: number, chosen: (index: number) => boolean = () => true): Disguise =>
  (captures) =>
    captures.map((capture, index) =>
      capture.linkType !== ETHERNET || !chosen(index)
        ? capture
        : {
            ...capture,
            frames: capture.frames.map((frame) => ({
              ...frame,
              wireLength: frame.wireLength + 4,
              bytes: join(
                frame.bytes.subarray(0, 12),
                u16(VLAN),
                u16(vlan),
                frame.bytes.subarray(12),
              ),
            })),
          },
    );

/** Without link headers, as at a tun device: what is not IP is not there. */
export const rawIp: Disguise = (captures) =>
  captures.map((capture) =>
    capture.linkType !== ETHERNET
      ? capture
      : {
          ...capture,
          linkType: RAW,
          frames: capture.frames
            .filter(({ bytes }) => [IPV4, IPV6].includes((bytes[12] << 8) | bytes[13]))
            .map((frame) => ({
              ...frame,
              wireLength: frame.wireLength - 14,
              bytes: frame.bytes.subarray(14),
            })),
        },
  );

/** Frames left out where `keeps` says no; `share` is the frame's place in its capture, 0 … 1. */
export const keeping =
  (keeps: (capture: number, frame: number, share: number) => boolean): Disguise =>
  (captures) =>
    captures.map((capture, index) => ({
      ...capture,
      frames: capture.frames.filter(({ number }) =>
        keeps(index, number, number / capture.frames.length),
      ),
    }));

/** Frames cut as `tcpdump -s` cuts them. */
export const cutTo =
  (snaplen: number): Disguise =>
  (captures) =>
    captures.map((capture) => ({
      ...capture,
      frames: capture.frames.map((frame) => ({
        ...frame,
        bytes: frame.bytes.subarray(0, snaplen),
      })),
    }));

/** Each frame of the chosen captures twice, as a mirror port gives what comes in and what goes out. */
export const doubled =
  (chosen: (index: number) => boolean): Disguise =>
  (captures) =>
    captures.map((capture, index) =>
      chosen(index)
        ? {
            ...capture,
            frames: capture.frames.flatMap((frame) => [
              frame,
              { ...frame, timeNs: frame.timeNs + 900n },
            ]),
          }
        : capture,
    );

/** Time stamps of each capture changed by `change`. */
export const retimed =
  (change: (timeNs: bigint, capture: number) => bigint): Disguise =>
  (captures) =>
    captures.map((capture, index) => ({
      ...capture,
      frames: capture.frames.map((frame) => ({ ...frame, timeNs: change(frame.timeNs, index) })),
    }));

const fragmentOffset = (packet: Uint8Array): number => ((packet[6] & 0x1f) << 8) | packet[7];

function setHeaderChecksum(packet: Uint8Array): void {
  const ihl = (packet[0] & 15) * 4;
  packet.set([0, 0], 10);
  packet.set(u16(~fold(sum16(packet.subarray(0, ihl)))), 10);
}

/**
 * A TCP or UDP checksum after the addresses or ports changed: right where it was right, the pseudo header's sum where that stood (offloaded),
 * and wrong where it was wrong. By difference (RFC 1624), so that frames cut short have it too.
 */
function keepChecksum(
  before: Uint8Array,
  after: Uint8Array,
  atBefore: number,
  atAfter: number,
): void {
  const protocol = before[9];
  const field = protocol === TCP ? 16 : protocol === UDP ? 6 : -1;
  if (field < 0 || before.length < atBefore + field + 2) return;
  const old = (before[atBefore + field] << 8) | before[atBefore + field + 1];
  if (protocol === UDP && old === 0) return;
  const length = ((before[2] << 8) | before[3]) - atBefore;
  const pseudoBefore = sum16(before.subarray(12, 20)) + protocol + length;
  const pseudoAfter =
    (after[0] >> 4 === 6 ? sum16(after.subarray(8, 40)) : sum16(after.subarray(12, 20))) +
    protocol +
    length;
  const ports = (bytes: Uint8Array, at: number): number => sum16(bytes.subarray(at, at + 4));
  const partial = old === fold(pseudoBefore);
  const value = partial
    ? fold(pseudoAfter)
    : ~fold(
        (~old & 0xffff) +
          (0xffff - fold(pseudoBefore + ports(before, atBefore))) +
          fold(pseudoAfter + ports(after, atAfter)),
      ) & 0xffff;
  after.set(u16(value), atAfter + field);
}

function sum16(bytes: Uint8Array): number {
  let sum = 0;
  for (let at = 0; at < bytes.length; at += 2) sum += (bytes[at] << 8) | (bytes[at + 1] ?? 0);
  return sum;
}

function fold(sum: number): number {
  let folded = sum;
  while (folded > 0xffff) folded = (folded & 0xffff) + Math.floor(folded / 0x10000);
  return folded;
}
