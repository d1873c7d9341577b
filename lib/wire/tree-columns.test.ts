// The inspector's tree and the columns read the same bytes by two ways: they must say the same, on real captures, built frames and damaged ones.

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { TUNNEL_KINDS } from '../model/encapsulation';
import { STATUS_FRAGMENT, STATUS_TIMESTAMPS } from '../model/packet-status';
import type { ProtocolField, ProtocolLayer } from '../model/protocol-tree';
import {
  PROTOCOL_ARP,
  PROTOCOL_ICMP,
  PROTOCOL_ICMPV6,
  PROTOCOL_TCP,
  PROTOCOL_UDP,
} from '../model/protocols';
import { findContainerReader } from '../read/containers';
import { edgeCaptures } from '../testing/edge-captures';
import { formatAddress, formatMac } from './address-text';
import { decodeFrame } from './decode-frame';
import { decodeTree } from './decode-tree';
import {
  DecodedFrame,
  FIELD_ICMP_TYPE,
  FIELD_IP_DESTINATION,
  FIELD_IP_ID,
  FIELD_IP_PROTOCOL,
  FIELD_IP_SOURCE,
  FIELD_IP_TTL,
  FIELD_PORTS,
  FIELD_TCP_HEADER,
  FIELD_TCP_LENGTH,
  FIELD_UDP_LENGTH,
  NO_IDENTIFIER,
  NO_IFINDEX,
  NO_SESSION,
  TUNNEL_ERSPAN,
  TUNNEL_GENEVE,
  TUNNEL_GRE,
  TUNNEL_VXLAN,
} from './decoded-frame';

const CAPTURES = join(import.meta.dirname, '..', '..', 'e2e', 'captures');
const PROTOCOL_SCTP = 132;

interface Visited {
  readonly bytes: Uint8Array;
  readonly wireLength: number;
  readonly linkType: number;
}

function framesOf(file: Uint8Array): Visited[] {
  const frames: Visited[] = [];
  const reader = findContainerReader(file, {
    time: 0,
    offset: 0,
    frame(bytes, start, capturedLength, wireLength, _interface, linkType) {
      frames.push({ bytes: bytes.slice(start, start + capturedLength), wireLength, linkType });
    },
  });
  reader?.consume(file, 0, 0);
  return frames;
}

/** The last value of each name, as the innermost comes last; `all` collects every one. */
function valuesOf(
  fields: readonly ProtocolField[],
  last: Map<string, string>,
  all: Map<string, string[]>,
): void {
  for (const { name, label, value, children } of fields) {
    last.set(name, value);
    all.set(name, [...(all.get(name) ?? []), value]);
    // The packet that an ICMP error quotes is not this frame's.
    if (children !== undefined && label !== 'Quoted packet') valuesOf(children, last, all);
  }
}

/** The number in `1234`, `0xbeef`, `TCP (6)`, `0x0018 [P.]`, `20 bytes`. */
function numberIn(text: string): number {
  const inBrackets = /\((\d+)\)$/.exec(text);
  return Number(inBrackets === null ? text.split(' ')[0] : inBrackets[1]);
}

/** A column: the field that shows it, what the decoder read, and whether it read it at all. Where `exact`, the tree has the field only then. */
interface Column {
  readonly field: string;
  readonly value: number;
  readonly isThere: boolean;
  readonly exact?: true;
}

/** All columns of the innermost packet, by the fields that show them. */
function columnsOf(frame: DecodedFrame): Column[] {
  const has = (bit: number): boolean => (frame.fields & bit) !== 0;
  const { version, protocol } = frame;
  const isIp = has(FIELD_IP_PROTOCOL);
  const isTcp = isIp && protocol === PROTOCOL_TCP;
  const isUdp = isIp && protocol === PROTOCOL_UDP;
  const columns: Column[] = [
    { field: 'ip.id', value: frame.ipId, isThere: version === 4 && has(FIELD_IP_ID) },
    { field: 'ip.ttl', value: frame.ttl, isThere: version === 4 && has(FIELD_IP_TTL), exact: true },
    { field: 'ip.dsfield', value: frame.tos, isThere: version === 4 && frame.family === 4 },
    { field: 'ip.proto', value: frame.headerProtocol, isThere: version === 4 && isIp },
    {
      field: 'ipv6.hlim',
      value: frame.ttl,
      isThere: version === 6 && has(FIELD_IP_TTL),
      exact: true,
    },
    { field: 'ipv6.tclass', value: frame.tos, isThere: version === 6 && frame.family === 6 },
    { field: 'ipv6.nxt', value: frame.headerProtocol, isThere: version === 6 && isIp },
    {
      field: 'tcp.seq_raw',
      value: frame.sequence,
      isThere: isTcp && has(FIELD_TCP_HEADER),
      exact: true,
    },
    { field: 'tcp.ack_raw', value: frame.acknowledgement, isThere: isTcp && has(FIELD_TCP_HEADER) },
    { field: 'tcp.flags', value: frame.flags, isThere: isTcp && has(FIELD_TCP_HEADER) },
    {
      field: 'tcp.window_size_value',
      value: frame.window,
      isThere: isTcp && has(FIELD_TCP_HEADER),
    },
    {
      field: 'tcp.len',
      value: frame.payloadLength,
      isThere: isTcp && has(FIELD_TCP_LENGTH),
      exact: true,
    },
    {
      field: 'udp.length',
      value: frame.udpLength,
      isThere: isUdp && has(FIELD_UDP_LENGTH),
      exact: true,
    },
    { field: 'tcp.options.mss_val', value: frame.mss, isThere: frame.mss !== 0 },
    {
      field: 'tcp.options.wscale.shift',
      value: frame.windowScale,
      isThere: frame.windowScale !== 0xffff,
    },
  ];
  for (const [name, number, isOne] of [
    ['tcp', PROTOCOL_TCP, isTcp],
    ['udp', PROTOCOL_UDP, isUdp],
    ['sctp', PROTOCOL_SCTP, isIp && protocol === PROTOCOL_SCTP],
  ] as const) {
    const isThere = isOne && has(FIELD_PORTS) && protocol === number;
    columns.push(
      { field: `${name}.srcport`, value: frame.sourcePort, isThere },
      { field: `${name}.dstport`, value: frame.destinationPort, isThere },
    );
  }
  const timestamps = (frame.status & STATUS_TIMESTAMPS) !== 0;
  columns.push(
    {
      field: 'tcp.options.timestamp.tsval',
      value: frame.timestampValue,
      isThere: timestamps,
      exact: true,
    },
    { field: 'tcp.options.timestamp.tsecr', value: frame.timestampEcho, isThere: timestamps },
  );
  for (const [name, number] of [
    ['icmp', PROTOCOL_ICMP],
    ['icmpv6', PROTOCOL_ICMPV6],
  ] as const) {
    const isThere = isIp && protocol === number && has(FIELD_ICMP_TYPE);
    columns.push(
      { field: `${name}.type`, value: frame.flags >>> 8, isThere },
      { field: `${name}.code`, value: frame.flags & 0xff, isThere },
    );
  }
  const { fragmentStart, status } = frame;
  const isFragment = fragmentStart >= 0 && (status & STATUS_FRAGMENT) !== 0;
  columns.push(
    { field: 'ip.frag_offset', value: frame.fragmentOffset, isThere: isFragment && version === 4 },
    {
      field: 'ipv6.fraghdr.offset',
      value: frame.fragmentOffset,
      isThere: isFragment && version === 6,
    },
    {
      field: 'ipv6.fraghdr.ident',
      value: frame.fragmentIdent,
      isThere: isFragment && version === 6,
    },
    {
      field: 'arp.opcode',
      value: frame.flags,
      isThere: frame.family === 4 && protocol === PROTOCOL_ARP,
    },
  );
  return columns;
}

/** Text columns: addresses of the packet and of the link. */
function addressesOf(bytes: Uint8Array, frame: DecodedFrame): [string, string][] {
  const { version, family } = frame;
  const texts: [string, string][] = [];
  const prefix = version === 4 ? 'ip' : 'ipv6';
  if ((frame.fields & FIELD_IP_SOURCE) !== 0)
    texts.push([`${prefix}.src`, formatAddress(bytes, frame.source, version)]);
  if ((frame.fields & FIELD_IP_DESTINATION) !== 0)
    texts.push([`${prefix}.dst`, formatAddress(bytes, frame.destination, version)]);
  if (frame.protocol === PROTOCOL_ARP && family === 4)
    texts.push(
      ['arp.src.proto_ipv4', formatAddress(bytes, frame.source, 4)],
      ['arp.dst.proto_ipv4', formatAddress(bytes, frame.destination, 4)],
    );
  return texts;
}

/** Where tree and columns disagree, and fields that lie outside the frame or their layer; empty when all is well. */
function disagreements({ bytes, wireLength, linkType }: Visited): string[] {
  const layers = decodeTree(bytes, linkType, wireLength);
  const frame = new DecodedFrame();
  decodeFrame(bytes, 0, bytes.length, wireLength, linkType, frame);
  const wrong = fieldsOutside(layers, bytes.length);
  const network = layers.findLastIndex(({ name }) => ['ip', 'ipv6', 'arp'].includes(name));
  const last = new Map<string, string>();
  // A header that is none leaves no version; then there is no packet to compare.
  const isPacket = frame.version !== 0 || frame.family !== 0;
  if (network >= 0 && isPacket) {
    const all = new Map<string, string[]>();
    for (const { fields } of layers.slice(network)) valuesOf(fields, last, all);
    for (const { field, value, isThere, exact } of columnsOf(frame)) {
      const shown = last.get(field);
      if (isThere && (shown === undefined || numberIn(shown) !== value))
        wrong.push(`${field}: ${shown}, not ${value}`);
      if (!isThere && exact && shown !== undefined) wrong.push(`${field}: ${shown}, not read`);
    }
    for (const [field, text] of addressesOf(bytes, frame))
      if (last.get(field) !== text) wrong.push(`${field}: ${last.get(field)}, not ${text}`);
    for (let i = 0; i < frame.sackEdges; i += 1) {
      const edge = all.get(i % 2 === 0 ? 'tcp.options.sack_le' : 'tcp.options.sack_re')?.[i >> 1];
      if (edge !== `${frame.sacks[i]}`)
        wrong.push(`SACK edge ${i}: ${edge}, not ${frame.sacks[i]}`);
    }
  }
  return [...wrong, ...linkDisagreements(bytes, layers, frame)];
}

/** Tags, tunnels, MACs and the interface, over all layers. */
function linkDisagreements(
  bytes: Uint8Array,
  layers: readonly ProtocolLayer[],
  frame: DecodedFrame,
): string[] {
  const wrong: string[] = [];
  const last = new Map<string, string>();
  const all = new Map<string, string[]>();
  for (const { fields } of layers) valuesOf(fields, last, all);
  const labels = [...frame.labels.subarray(0, frame.labelCount)].map(String).join();
  const toldLabels = (all.get('mpls.label') ?? []).slice(0, frame.labelCount).join();
  if (toldLabels !== labels) wrong.push(`mpls.label: ${toldLabels}, not ${labels}`);
  if (frame.session !== NO_SESSION && Number(last.get('pppoe.session_id')) !== frame.session)
    wrong.push(`pppoe.session_id: ${last.get('pppoe.session_id')}, not ${frame.session}`);
  const vlans = [...frame.vlans.subarray(0, frame.vlanCount)].map(String).join();
  const shown = (all.get('vlan.id') ?? []).slice(0, frame.vlanCount).join();
  if (shown !== vlans) wrong.push(`vlan.id: ${shown}, not ${vlans}`);
  for (const [kind, field] of [
    [TUNNEL_VXLAN, 'vxlan.vni'],
    [TUNNEL_GENEVE, 'geneve.vni'],
  ] as const) {
    const identifiers = [...frame.tunnelIdentifiers.subarray(0, frame.tunnelCount)].filter(
      (_, index) => TUNNEL_KINDS[frame.tunnelKinds[index]] === TUNNEL_KINDS[kind],
    );
    // A tunnel that is not followed is shown, and is none for the columns.
    const told = (all.get(field) ?? []).slice(0, identifiers.length).join();
    if (told !== identifiers.join()) wrong.push(`${field}: ${told}, not ${identifiers.join()}`);
  }
  for (const [kind, field] of [
    [TUNNEL_GRE, 'gre.key'],
    [TUNNEL_ERSPAN, 'erspan.spanid'],
  ] as const)
    for (let i = 0; i < frame.tunnelCount; i += 1) {
      const identifier = frame.tunnelIdentifiers[i];
      if (frame.tunnelKinds[i] !== kind || identifier === NO_IDENTIFIER) continue;
      // The key of a GRE header around ERSPAN is shown, and is no column.
      if (!all.get(field)?.map(numberIn).includes(identifier))
        wrong.push(`${field}: ${all.get(field)}, not ${identifier}`);
    }
  const isEthernet = layers.some(({ name, fields }) => name === 'eth' && fields.length > 1);
  if (isEthernet && frame.destinationMac >= 0)
    for (const [field, at] of [
      ['eth.src', frame.sourceMac],
      ['eth.dst', frame.destinationMac],
    ] as const)
      if (!all.get(field)?.includes(formatMac(bytes, at)))
        wrong.push(`${field}: ${all.get(field)}`);
  if (frame.ifindex !== NO_IFINDEX && last.get('sll.ifindex') !== `${frame.ifindex}`)
    wrong.push(`sll.ifindex: ${last.get('sll.ifindex')}, not ${frame.ifindex}`);
  return wrong;
}

type Placed = Pick<ProtocolField, 'name' | 'start' | 'length' | 'children'>;

/** Fields with bytes beyond the frame, or beyond the field that holds them. */
function fieldsOutside(layers: readonly ProtocolLayer[], length: number): string[] {
  const outside: string[] = [];
  const check = (field: Placed, parent: Placed): void => {
    const { name, start, length: size, children } = field;
    const isWithin = start >= parent.start && start + size <= parent.start + parent.length;
    if (size < 0 || (size > 0 && !isWithin))
      outside.push(`${name}: bytes ${start} + ${size} of ${parent.start} + ${parent.length}`);
    for (const child of children ?? []) check(child, field);
  };
  const frame = { name: 'frame', start: 0, length };
  for (const layer of layers) {
    const { name, start, fields } = layer;
    check({ name, start, length: layer.length, children: fields }, frame);
  }
  return outside;
}

describe('tree and columns', () => {
  const scenarios = readdirSync(CAPTURES, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.pcap.gz'))
    .filter((file) => !file.startsWith('article-3.2'));
  const edges = edgeCaptures();

  it.each(scenarios)('agree on %s', (file) => {
    const frames = framesOf(gunzipSync(readFileSync(join(CAPTURES, file))));
    expect(frames.length).toBeGreaterThan(0);
    // Every frame of the small captures, a third of the large ones.
    const step = frames.length > 1000 ? 3 : 1;
    for (let i = 0; i < frames.length; i += step) {
      const wrong = disagreements(frames[i]);
      if (wrong.length > 0) expect([`frame ${i + 1}`, wrong]).toEqual([]);
    }
  });

  it.each(edges)('agree on built frames: $name', ({ bytes }) => {
    const wrong = framesOf(bytes).map(disagreements);
    expect(wrong.flatMap((list, i) => list.map((text) => `frame ${i + 1}: ${text}`))).toEqual([]);
  });

  it('agree on any bytes of any link type', () => {
    const linkTypes = [0, 1, 9, 12, 50, 51, 101, 104, 108, 113, 204, 219, 228, 229, 239, 276, 999];
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 200 }),
        fc.constantFrom(...linkTypes),
        fc.nat(70_000),
        (bytes, linkType, more) => {
          const wireLength = bytes.length + more;
          expect(disagreements({ bytes, linkType, wireLength })).toEqual([]);
        },
      ),
      { numRuns: 2000 },
    );
  });

  it('agree on built frames of every kind, damaged and cut', () => {
    const frames = edges
      .filter(({ name }) => name !== 'cut')
      .flatMap(({ bytes }) => framesOf(bytes));
    const change = fc.tuple(fc.nat(199), fc.nat(255));
    fc.assert(
      fc.property(
        fc.constantFrom(...frames),
        fc.array(change, { maxLength: 6 }),
        fc.nat(400),
        (frame, changes, length) => {
          const bytes = frame.bytes.slice(0, length < 200 ? length : frame.bytes.length);
          for (const [at, value] of changes) if (at < bytes.length) bytes[at] = value;
          expect(disagreements({ ...frame, bytes })).toEqual([]);
        },
      ),
      { numRuns: 6000 },
    );
  });
});
