// The inspector's tree and the columns read the same bytes: they must say the same, on real captures, built frames and noise.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { STATUS_ICMP_ERROR, STATUS_TIMESTAMPS } from '../model/packet-status';
import type { ProtocolField, ProtocolLayer } from '../model/protocol-tree';
import { PROTOCOL_ARP, PROTOCOL_ICMP, PROTOCOL_TCP, PROTOCOL_UDP } from '../model/protocols';
import { findContainerReader } from '../read/containers';
import { edgeCaptures } from '../testing/edge-captures';
import { icmpFrame, tcpFrame, vxlanFrame } from '../testing/frame-builder';
import { formatAddress } from './address-text';
import { decodeFrame } from './decode-frame';
import { decodeTree } from './decode-tree';
import { DecodedFrame, FIELD_PORTS, FIELD_TCP_LENGTH, TUNNEL_VXLAN } from './decoded-frame';

const CAPTURES = join(import.meta.dirname, '..', '..', 'e2e', 'captures');

interface Visited {
  readonly bytes: Uint8Array;
  readonly wireLength: number;
  readonly linkType: number;
}

function framesOf(file: Uint8Array): Visited[] {
  const frames: Visited[] = [];
  const reader = findContainerReader(file, {
    frame(bytes, start, capturedLength, wireLength, _time, _interface, linkType) {
      frames.push({ bytes: bytes.slice(start, start + capturedLength), wireLength, linkType });
    },
  });
  reader?.consume(file, 0, 0);
  return frames;
}

/** All fields of the layers with their values; the last of a name wins, as the innermost packet comes last. */
function valuesOf(fields: readonly ProtocolField[], into: Map<string, string>): void {
  for (const { name, value, children } of fields) {
    into.set(name, value);
    // The packet that an ICMP error quotes is not this frame's.
    if (children !== undefined && !name.endsWith('.quoted')) valuesOf(children, into);
  }
}

/** The layers of the innermost packet. */
function innermost(layers: readonly ProtocolLayer[]): ProtocolLayer[] {
  const start = layers.findLastIndex(({ name }) => ['ip', 'ipv6', 'arp'].includes(name));
  return layers.slice(Math.max(0, start));
}

/** Where tree and columns disagree, and fields that lie outside the frame; empty when all is well. */
function disagreements({ bytes, wireLength, linkType }: Visited): string[] {
  const layers = decodeTree(bytes, linkType, wireLength);
  const frame = new DecodedFrame();
  decodeFrame(bytes, 0, bytes.length, wireLength, linkType, frame);
  const wrong = fieldsOutside(layers, bytes.length);
  if (frame.family === 0) return wrong;
  const values = new Map<string, string>();
  for (const { fields } of innermost(layers)) valuesOf(fields, values);
  for (const [name, value] of expectedValues(bytes, frame))
    if (values.get(name) !== value) wrong.push(`${name}: ${values.get(name)}, not ${value}`);
  const outer = new Map<string, string>();
  for (const { fields } of layers) valuesOf(fields, outer);
  const last = frame.tunnelCount - 1;
  const vni = outer.get('vxlan.vni');
  if (last >= 0 && frame.tunnelKinds[last] === TUNNEL_VXLAN)
    if (vni !== `${frame.tunnelIdentifiers[last]}`) wrong.push(`vxlan.vni: ${vni}`);
  return wrong;
}

function expectedValues(bytes: Uint8Array, frame: DecodedFrame): [string, string][] {
  const source = formatAddress(bytes, frame.source, frame.family);
  const destination = formatAddress(bytes, frame.destination, frame.family);
  if (frame.protocol === PROTOCOL_ARP)
    return bytes[frame.source - 6 - 8 + 4] === 6
      ? [
          ['arp.src.proto_ipv4', source],
          ['arp.dst.proto_ipv4', destination],
        ]
      : [];
  const isIpv4 = frame.family === 4;
  const values: [string, string][] = [
    [isIpv4 ? 'ip.src' : 'ipv6.src', source],
    [isIpv4 ? 'ip.dst' : 'ipv6.dst', destination],
    [isIpv4 ? 'ip.ttl' : 'ipv6.hlim', `${frame.ttl}`],
  ];
  if (isIpv4) values.push(['ip.id', `0x${frame.ipId.toString(16).padStart(4, '0')}`]);
  if ((frame.fields & FIELD_PORTS) !== 0 && frame.protocol === PROTOCOL_UDP)
    values.push(
      ['udp.srcport', `${frame.sourcePort}`],
      ['udp.dstport', `${frame.destinationPort}`],
    );
  if (frame.protocol === PROTOCOL_ICMP && (frame.status & STATUS_ICMP_ERROR) !== 0)
    values.push(['icmp.code', `${frame.flags & 0xff}`]);
  if (frame.protocol === PROTOCOL_TCP) values.push(...expectedTcp(frame));
  return values;
}

function expectedTcp(frame: DecodedFrame): [string, string][] {
  const values: [string, string][] = [];
  if ((frame.fields & FIELD_PORTS) !== 0)
    values.push(
      ['tcp.srcport', `${frame.sourcePort}`],
      ['tcp.dstport', `${frame.destinationPort}`],
    );
  if ((frame.fields & FIELD_TCP_LENGTH) === 0) return values;
  values.push(
    ['tcp.seq_raw', `${frame.sequence}`],
    ['tcp.ack_raw', `${frame.acknowledgement}`],
    ['tcp.window_size_value', `${frame.window}`],
    ['tcp.len', `${frame.payloadLength}`],
  );
  if ((frame.status & STATUS_TIMESTAMPS) !== 0)
    values.push(
      ['tcp.options.timestamp.tsval', `${frame.timestampValue}`],
      ['tcp.options.timestamp.tsecr', `${frame.timestampEcho}`],
    );
  if (frame.mss !== 0) values.push(['tcp.options.mss_val', `${frame.mss}`]);
  return values;
}

function fieldsOutside(layers: readonly ProtocolLayer[], length: number): string[] {
  const outside: string[] = [];
  const check = (field: Pick<ProtocolField, 'name' | 'start' | 'length' | 'children'>): void => {
    if (field.start < 0 || field.length < 0 || field.start + field.length > length)
      outside.push(`${field.name}: bytes ${field.start} + ${field.length} of ${length}`);
    field.children?.forEach(check);
  };
  for (const layer of layers) {
    check({ name: layer.name, start: layer.start, length: layer.length });
    layer.fields.forEach(check);
  }
  return outside;
}

describe('decodeTree', () => {
  const scenarios = readdirSync(CAPTURES, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.pcap.gz'))
    .filter((file) => !file.startsWith('article-3.2'));

  it.each(scenarios)('agrees with the columns on %s', (file) => {
    const frames = framesOf(gunzipSync(readFileSync(join(CAPTURES, file))));
    expect(frames.length).toBeGreaterThan(0);
    // Every frame of the small captures, a third of the large ones.
    const step = frames.length > 1000 ? 3 : 1;
    for (let i = 0; i < frames.length; i += step)
      if (disagreements(frames[i]).length > 0)
        expect([`frame ${i + 1}`, disagreements(frames[i])]).toEqual([]);
  });

  it.each(edgeCaptures())('agrees with the columns on built frames: $name', ({ bytes }) => {
    expect(framesOf(bytes).flatMap(disagreements)).toEqual([]);
  });

  it('agrees with the columns on any bytes of any link type', () => {
    const header = tcpFrame({ source: '10.0.0.1:1', destination: '10.0.0.2:2', payload: 20 });
    const damaged = fc
      .array(fc.tuple(fc.nat(header.length - 1), fc.nat(255)), { maxLength: 8 })
      .map((changes) => {
        const bytes = header.slice();
        for (const [at, value] of changes) bytes[at] = value;
        return bytes;
      });
    fc.assert(
      fc.property(
        fc.oneof(fc.uint8Array({ maxLength: 200 }), damaged),
        fc.constantFrom(0, 1, 12, 101, 108, 113, 228, 229, 276, 999),
        fc.nat(70_000),
        (bytes, linkType, more) => {
          const wireLength = bytes.length + more;
          expect(disagreements({ bytes, linkType, wireLength })).toEqual([]);
        },
      ),
      { numRuns: 3000 },
    );
  });

  it('shows options as children, with their bytes', () => {
    const frame = tcpFrame({
      source: '10.0.0.1:60170',
      destination: '10.0.0.2:9443',
      flags: 'S',
      mss: 1460,
      sackPermitted: true,
      timestamps: [5, 0],
      windowScale: 7,
    });
    const layers = decodeTree(frame, 1, frame.length);
    expect(layers.map(({ name }) => name)).toEqual(['eth', 'ip', 'tcp']);
    const options = layers[2].fields.find(({ name }) => name === 'tcp.options');
    expect(
      options?.children?.map(({ name, value, start, length }) => [name, value, start, length]),
    ).toEqual([
      ['tcp.options.mss_val', '1460', 54, 4],
      ['tcp.options.sack_perm', 'yes', 58, 2],
      ['tcp.options.timestamp', '5,0', 60, 10],
      ['tcp.options.nop', '', 70, 1],
      ['tcp.options.wscale.shift', '7 (× 128)', 71, 3],
    ]);
  });

  it('lists the layers of a tunnel in order, and the payload', () => {
    const inner = tcpFrame({ source: '10.0.0.1:1', destination: '10.0.0.2:2', payload: 'abc' });
    const frame = vxlanFrame({ source: '1.1.1.1:5', destination: '2.2.2.2:4789', vni: 7, inner });
    const layers = decodeTree(frame, 1, frame.length);
    expect(layers.map(({ name }) => name)).toEqual([
      'eth',
      'ip',
      'udp',
      'vxlan',
      'eth',
      'ip',
      'tcp',
      'data',
    ]);
    expect(layers[7]).toMatchObject({ start: frame.length - 3, length: 3 });
  });

  it('keeps a quoted packet within the ICMP error that quotes it', () => {
    const quoted = tcpFrame({ source: '10.0.0.1:60170', destination: '172.30.0.1:9443' });
    const frame = icmpFrame({
      source: '10.0.0.7',
      destination: '10.0.0.1',
      type: 3,
      code: 3,
      payload: quoted.subarray(14, 42),
    });
    const layers = decodeTree(frame, 1, frame.length);
    expect(layers.map(({ name }) => name)).toEqual(['eth', 'ip', 'icmp']);
    const field = layers[2].fields.find(({ name }) => name === 'icmp.quoted');
    expect(field?.value).toBe('tcp 10.0.0.1:60170 → 172.30.0.1:9443');
    expect(field?.children?.map(({ name }) => name)).toEqual(['ip', 'tcp']);
  });
});
