// Payloads as clients and servers begin their conversations: DNS messages, TLS hellos, HTTP's first lines, a QUIC initial packet.
import { join, payloadBytes, u16, u32 } from './frame-builder';

interface DnsSpec {
  readonly id: number;
  readonly name: string;
  /** Default 1: A. */
  readonly type?: number;
  /** A response with this code; left out: a question. */
  readonly responseCode?: number;
}

export function dnsMessage({ id, name, type = 1, responseCode }: DnsSpec): Uint8Array {
  const flags = responseCode === undefined ? 0x0100 : 0x8180 | responseCode;
  const labels = name
    .split('.')
    .map((label) => join(Uint8Array.of(label.length), payloadBytes(label)));
  const counts = join(u16(1), u16(0), u16(0), u16(0));
  return join(u16(id), u16(flags), counts, ...labels, Uint8Array.of(0), u16(type), u16(1));
}

interface HelloSpec {
  readonly from: 'client' | 'server';
  /** Offered or chosen, newest first; 0x0304 and above stand in the extension. */
  readonly versions: readonly number[];
  readonly serverName?: string;
  readonly protocols?: readonly string[];
}

const u24 = (value: number): Uint8Array => u32(value).subarray(1);
const extension = (type: number, body: Uint8Array): Uint8Array =>
  join(u16(type), u16(body.length), body);

/** One record with the hello whole. */
export function tlsHello({ from, versions, serverName, protocols }: HelloSpec): Uint8Array {
  const isClient = from === 'client';
  const extensions: Uint8Array[] = [extension(0x0a0a, new Uint8Array(0))];
  if (serverName !== undefined) {
    const name = payloadBytes(serverName);
    const entry = join(Uint8Array.of(0), u16(name.length), name);
    extensions.push(extension(0, join(u16(entry.length), entry)));
  }
  if (protocols !== undefined) {
    const names = join(
      ...protocols.map((name) => join(Uint8Array.of(name.length), payloadBytes(name))),
    );
    extensions.push(extension(16, join(u16(names.length), names)));
  }
  if (versions.some((version) => version > 0x0303)) {
    const list = join(...versions.map(u16));
    extensions.push(extension(43, isClient ? join(Uint8Array.of(list.length), list) : list));
  }
  const ciphers = isClient
    ? join(u16(4), u16(0x1301), u16(0x1302), Uint8Array.of(1, 0))
    : join(u16(0x1301), Uint8Array.of(0));
  const joined = join(...extensions);
  const body = join(
    u16(Math.min(0x0303, versions[0])),
    new Uint8Array(32).fill(7),
    Uint8Array.of(2, 1, 1),
    ciphers,
    u16(joined.length),
    joined,
  );
  const message = join(Uint8Array.of(isClient ? 1 : 2), u24(body.length), body);
  return join(Uint8Array.of(22), u16(0x0301), u16(message.length), message);
}

/** A client's first datagram. */
export const quicInitial = (version: number, firstByte = 0xc3): Uint8Array =>
  join(
    Uint8Array.of(firstByte),
    u32(version),
    Uint8Array.of(8, 1, 2, 3, 4, 5, 6, 7, 8, 0, 0),
    new Uint8Array(1184).fill(0xee),
  );
