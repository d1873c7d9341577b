// Wireshark's fields that the columns hold: frame, links, IP, transport, TCP analysis.
import { sequenceAdd } from '../base/sequence-number';
import type { PacketColumns } from '../model/packet-columns';
import { NO_TUPLE } from '../model/packet-columns';
import {
  STATUS_FRAGMENT,
  STATUS_ICMP_ERROR,
  STATUS_IPV4,
  STATUS_IPV6,
  STATUS_MALFORMED,
  STATUS_TIMESTAMPS,
  STATUS_TRANSPORT,
} from '../model/packet-status';
import type { SynOptions } from '../model/packet-table';
import {
  PROTOCOL_ARP,
  PROTOCOL_ICMP,
  PROTOCOL_ICMPV6,
  PROTOCOL_TCP,
  PROTOCOL_UDP,
} from '../model/protocols';
import { TCP_ANALYSIS, TCP_ANALYSIS_FIELDS, type TcpAnalysisName } from '../model/tcp-analysis';
import {
  TCP_ACK,
  TCP_CWR,
  TCP_ECE,
  TCP_FIN,
  TCP_PSH,
  TCP_RST,
  TCP_SYN,
  TCP_URG,
} from '../model/tcp-flags';
import { type Field, type FieldKind, type Getter, UNREAD } from './field';
import type { FilterSubject } from './subject';

const SCTP = 132;

const column =
  (name: keyof PacketColumns): Getter =>
  ({ columns, index }) =>
    columns[name][index];

const has = ({ columns, index }: FilterSubject, bits: number): boolean =>
  (columns.status[index] & bits) !== 0;

const protocolOf = ({ columns, index, tuples }: FilterSubject): number => {
  const tuple = columns.tuple[index];
  return tuple === NO_TUPLE ? -1 : tuples.protocol(tuple);
};

type Test = (subject: FilterSubject) => boolean;

const when =
  (test: Test, getter: Getter): Getter =>
  (subject) =>
    test(subject) ? getter(subject) : undefined;

const isTcp: Test = (subject) =>
  protocolOf(subject) === PROTOCOL_TCP && has(subject, STATUS_TRANSPORT);
const isUdp: Test = (subject) =>
  protocolOf(subject) === PROTOCOL_UDP && has(subject, STATUS_TRANSPORT);
const isIpv4: Test = (subject) => has(subject, STATUS_IPV4);
const isIpv6: Test = (subject) => has(subject, STATUS_IPV6);
const isIcmp: Test = (subject) => protocolOf(subject) === PROTOCOL_ICMP;
const isIcmpv6: Test = (subject) => protocolOf(subject) === PROTOCOL_ICMPV6;
const isArp: Test = (subject) => protocolOf(subject) === PROTOCOL_ARP;
const isSctp: Test = (subject) => protocolOf(subject) === SCTP;
const hasTimestamps: Test = (subject) => isTcp(subject) && has(subject, STATUS_TIMESTAMPS);
const isDns: Test = (subject) => {
  const { columns, index, tuples } = subject;
  const tuple = columns.tuple[index];
  return (
    isUdp(subject) && (tuples.sourcePort(tuple) === 53 || tuples.destinationPort(tuple) === 53)
  );
};

const present = (test: Test): Getter => when(test, () => 1);
const sourceAddress: Getter = ({ columns, index, tuples }) =>
  tuples.sourceAddress(columns.tuple[index]);
const destinationAddress: Getter = ({ columns, index, tuples }) =>
  tuples.destinationAddress(columns.tuple[index]);
const sourcePort: Getter = ({ columns, index, tuples }) => tuples.sourcePort(columns.tuple[index]);
const destinationPort: Getter = ({ columns, index, tuples }) =>
  tuples.destinationPort(columns.tuple[index]);

const field = (
  name: string,
  kind: FieldKind,
  label: string,
  ...getters: readonly Getter[]
): Field => ({ name, kind, label, getters });

const flag = (name: string, label: string, bit: number): Field =>
  field(
    `tcp.flags.${name}`,
    'flag',
    label,
    when(isTcp, ({ columns, index }) => (columns.flags[index] & bit ? 1 : 0)),
  );

const NANOSECONDS = 1e9;

/** Of the innermost header of this name, from its byte at `at` on; undefined where the frame has none, or was cut before. */
const header =
  (
    name: 'eth' | 'ip' | 'tcp',
    at: number,
    read: (byte: number, next: number) => number | undefined,
  ): Getter =>
  ({ bytes, layers }) => {
    if (bytes === null || layers === null) return UNREAD;
    const layer = layers.findLast((one) => one.name === name);
    const [byte, next] =
      layer === undefined ? [] : [bytes[layer.start + at], bytes[layer.start + at + 1]];
    return byte === undefined || next === undefined ? undefined : read(byte, next);
  };

/** A protocol: there or not; its bytes from the innermost header of this name on. */
const protocol = (
  name: 'eth' | 'ip' | 'ipv6' | 'tcp' | 'udp' | 'icmp' | 'icmpv6',
  label: string,
  test: Test,
): Field => ({
  ...field(name, 'presence', label, present(test)),
  bytes: when(test, ({ bytes, layers }) => {
    if (bytes === null || layers === null) return UNREAD;
    const layer = layers.findLast((one) => one.name === name);
    return layer === undefined ? undefined : bytes.subarray(layer.start);
  }),
});

/** A SYN's option. */
const synOption = (read: (options: SynOptions) => number | undefined): Getter =>
  when(isTcp, ({ table, row, columns, index }) =>
    columns.flags[index] & TCP_SYN ? read(table.synOptionsOf(row)) : undefined,
  );

const FRAME: readonly Field[] = [
  field('frame', 'bytes', 'The whole frame as captured', (subject) => subject.bytes ?? UNREAD),
  field('frame.number', 'number', 'Number of the frame in its capture', ({ row }) => row + 1),
  field('frame.len', 'number', 'Bytes on the wire', ({ table, row }) => table.wireLength(row)),
  field('frame.cap_len', 'number', 'Bytes captured', ({ table, row }) => table.capturedLength(row)),
  field('frame.time', 'time', 'When it was captured: "2021-02-15 13:53:53.1"', ({ time }) => time),
  field(
    'frame.time_epoch',
    'seconds',
    'Seconds since 1970',
    ({ time, baseTime }) => Number((baseTime + BigInt(Math.round(time))) / 1000n) / 1e6,
  ),
  field(
    'frame.time_relative',
    'seconds',
    'Since the capture’s first frame',
    ({ captureTime }) => captureTime / NANOSECONDS,
  ),
  field(
    'frame.time_delta',
    'seconds',
    'Since the frame before',
    ({ timeDelta }) => timeDelta / NANOSECONDS,
  ),
  field(
    'frame.interface_name',
    'text',
    'Interface',
    ({ interfaceName }) => interfaceName ?? undefined,
  ),
  field('frame.file', 'text', 'The capture’s file', ({ file }) => file),
];

const LINK: readonly Field[] = [
  protocol(
    'eth',
    'Ethernet',
    ({ link }) => link.sourceMac !== null && link.destinationMac !== null,
  ),
  field('eth.src', 'mac', 'Source MAC', ({ link }) => link.sourceMac ?? undefined),
  field('eth.dst', 'mac', 'Destination MAC', ({ link }) => link.destinationMac ?? undefined),
  field(
    'eth.addr',
    'mac',
    'Source or destination MAC',
    ({ link }) => link.sourceMac ?? undefined,
    ({ link }) => link.destinationMac ?? undefined,
  ),
  field(
    'eth.type',
    'number',
    'EtherType behind the MACs (reads the files)',
    // Below it is a length (IEEE 802.3, 3.2.6).
    header('eth', 12, (byte, next) => (byte < 6 ? undefined : byte * 256 + next)),
  ),
  field('vlan', 'presence', 'Has a VLAN tag', ({ link }) =>
    link.vlans.length > 0 ? 1 : undefined,
  ),
  field(
    'vlan.id',
    'number',
    'VLAN',
    ({ link }) => link.vlans[0],
    ({ link }) => link.vlans[1],
  ),
  field('tunnel', 'text', 'Tunnel around the packet', ({ link }) => link.tunnels[0]?.kind),
  field('tunnel.src', 'text', 'Outer source address', ({ link }) => link.tunnels[0]?.source),
  field(
    'tunnel.dst',
    'text',
    'Outer destination address',
    ({ link }) => link.tunnels[0]?.destination,
  ),
  ...(['vxlan', 'geneve', 'gre'] as const).map((kind) =>
    field(kind, 'presence', `Inside ${kind}`, ({ link }) =>
      link.tunnels.some((tunnel) => tunnel.kind === kind) ? 1 : undefined,
    ),
  ),
  field(
    'vxlan.vni',
    'number',
    'VXLAN network identifier',
    ({ link }) => link.tunnels.find(({ kind }) => kind === 'vxlan')?.identifier ?? undefined,
  ),
  field(
    'geneve.vni',
    'number',
    'Geneve network identifier',
    ({ link }) => link.tunnels.find(({ kind }) => kind === 'geneve')?.identifier ?? undefined,
  ),
  field(
    'gre.key',
    'number',
    'GRE key',
    ({ link }) => link.tunnels.find(({ kind }) => kind === 'gre')?.identifier ?? undefined,
  ),
  field(
    'mpls.label',
    'number',
    'MPLS label, the outer or the inner one',
    ({ link }) => link.labels?.[0],
    ({ link }) => link.labels?.[1],
  ),
];

const NETWORK: readonly Field[] = [
  protocol('ip', 'IPv4', isIpv4),
  field('ip.src', 'address', 'Source address', when(isIpv4, sourceAddress)),
  field('ip.dst', 'address', 'Destination address', when(isIpv4, destinationAddress)),
  field(
    'ip.addr',
    'address',
    'Source or destination address',
    when(isIpv4, sourceAddress),
    when(isIpv4, destinationAddress),
  ),
  field('ip.id', 'number', 'Identification', when(isIpv4, column('ipId'))),
  field('ip.ttl', 'number', 'Time to live', when(isIpv4, column('ttl'))),
  field(
    'ip.version',
    'number',
    '4',
    when(isIpv4, () => 4),
  ),
  field(
    'ip.hdr_len',
    'number',
    'Bytes of header and options (reads the files)',
    when(
      isIpv4,
      header('ip', 0, (byte) => (byte & 15) * 4),
    ),
  ),
  field(
    'ip.flags.df',
    'flag',
    'May not be fragmented (reads the files)',
    when(
      isIpv4,
      header('ip', 6, (byte) => (byte >>> 6) & 1),
    ),
  ),
  field(
    'ip.flags.mf',
    'flag',
    'More fragments follow (reads the files)',
    when(
      isIpv4,
      header('ip', 6, (byte) => (byte >>> 5) & 1),
    ),
  ),
  field(
    'ip.len',
    'number',
    'Bytes of the datagram (reads the files)',
    when(
      isIpv4,
      header('ip', 2, (byte, next) => byte * 256 + next),
    ),
  ),
  field('ip.proto', 'number', 'Protocol number', when(isIpv4, protocolOf)),
  field(
    'ip.dsfield.dscp',
    'number',
    'Differentiated services codepoint',
    when(isIpv4, ({ columns, index }) => columns.tos[index] >>> 2),
  ),
  field(
    'ip.dsfield.ecn',
    'number',
    'Explicit congestion notification: 3 is congestion experienced',
    when(isIpv4, ({ columns, index }) => columns.tos[index] & 3),
  ),
  field(
    'ip.fragment',
    'presence',
    'An IP fragment',
    present((subject) => has(subject, STATUS_FRAGMENT)),
  ),
  protocol('ipv6', 'IPv6', isIpv6),
  field('ipv6.src', 'address', 'Source address', when(isIpv6, sourceAddress)),
  field('ipv6.dst', 'address', 'Destination address', when(isIpv6, destinationAddress)),
  field(
    'ipv6.addr',
    'address',
    'Source or destination address',
    when(isIpv6, sourceAddress),
    when(isIpv6, destinationAddress),
  ),
  field('ipv6.hlim', 'number', 'Hop limit', when(isIpv6, column('ttl'))),
  field('arp', 'presence', 'ARP', present(isArp)),
  field('arp.opcode', 'number', '1 request, 2 reply', when(isArp, column('flags'))),
  field('arp.src.proto_ipv4', 'address', 'Sender’s address', when(isArp, sourceAddress)),
  field('arp.dst.proto_ipv4', 'address', 'Address asked for', when(isArp, destinationAddress)),
  protocol('icmp', 'ICMP', isIcmp),
  field(
    'icmp.type',
    'number',
    'Type',
    when(isIcmp, ({ columns, index }) => columns.flags[index] >>> 8),
  ),
  field(
    'icmp.code',
    'number',
    'Code',
    when(isIcmp, ({ columns, index }) => columns.flags[index] & 0xff),
  ),
  protocol('icmpv6', 'ICMPv6', isIcmpv6),
  field(
    'icmpv6.type',
    'number',
    'Type',
    when(isIcmpv6, ({ columns, index }) => columns.flags[index] >>> 8),
  ),
  field(
    'icmpv6.code',
    'number',
    'Code',
    when(isIcmpv6, ({ columns, index }) => columns.flags[index] & 0xff),
  ),
  field(
    'icmp.error',
    'presence',
    'An ICMP error',
    present((subject) => has(subject, STATUS_ICMP_ERROR)),
  ),
  field(
    '_ws.malformed',
    'presence',
    'A header that contradicts itself',
    present((s) => has(s, STATUS_MALFORMED)),
  ),
];

const ports = (prefix: string, test: Test): readonly Field[] => [
  field(`${prefix}.srcport`, 'number', 'Source port', when(test, sourcePort)),
  field(`${prefix}.dstport`, 'number', 'Destination port', when(test, destinationPort)),
  field(
    `${prefix}.port`,
    'number',
    'Source or destination port',
    when(test, sourcePort),
    when(test, destinationPort),
  ),
];

/** Payload: the last bytes of what was captured, as many as the IP length leaves. */
const payload: Getter = ({ bytes, layers, table, row }) => {
  const length = table.payloadLength(row);
  if (length === 0) return undefined;
  if (bytes === null || layers === null) return UNREAD;
  const transport = layers.findLast(({ name }) => name === 'tcp' || name === 'udp');
  if (transport === undefined) return undefined;
  const start = transport.start + transport.length;
  return bytes.subarray(start, start + length);
};

const TRANSPORT: readonly Field[] = [
  protocol('tcp', 'TCP', isTcp),
  ...ports('tcp', isTcp),
  field(
    'tcp.stream',
    'number',
    'Number of the stream in its capture, from 0',
    when(isTcp, ({ tcp }) => tcp.stream),
  ),
  field(
    'tcp.seq',
    'number',
    'Sequence number, counted from the stream’s first',
    when(isTcp, ({ tcp }) => tcp.sequence),
  ),
  field(
    'tcp.ack',
    'number',
    'Acknowledgement number, counted from the stream’s first',
    when(isTcp, ({ tcp, columns, index }) =>
      // Nothing is acknowledged without the flag.
      columns.flags[index] & TCP_ACK ? tcp.acknowledgement : 0,
    ),
  ),
  field(
    'tcp.nxtseq',
    'number',
    'Sequence number after this segment, counted from the stream’s first',
    when(isTcp, ({ tcp, table, row, columns, index }) => {
      const ends = columns.flags[index] & (TCP_SYN | TCP_FIN) ? 1 : 0;
      return tcp.sequence === undefined
        ? undefined
        : sequenceAdd(tcp.sequence, table.payloadLength(row) + ends);
    }),
  ),
  field('tcp.seq_raw', 'number', 'Sequence number as sent', when(isTcp, column('sequence'))),
  field(
    'tcp.ack_raw',
    'number',
    'Acknowledgement number as sent',
    when(isTcp, column('acknowledgement')),
  ),
  field(
    'tcp.nxtseq_raw',
    'number',
    'Sequence number after this segment',
    when(isTcp, (subject) =>
      sequenceAdd(
        subject.columns.sequence[subject.index],
        subject.table.payloadLength(subject.row),
      ),
    ),
  ),
  field(
    'tcp.len',
    'number',
    'Bytes of payload',
    when(isTcp, ({ table, row }) => table.payloadLength(row)),
  ),
  field('tcp.window_size_value', 'number', 'Window, unscaled', when(isTcp, column('window'))),
  field('tcp.flags', 'number', 'All flags', when(isTcp, column('flags'))),
  flag('syn', 'SYN', TCP_SYN),
  flag('ack', 'ACK', TCP_ACK),
  flag('fin', 'FIN', TCP_FIN),
  flag('reset', 'RST', TCP_RST),
  flag('push', 'PSH', TCP_PSH),
  flag('urg', 'URG', TCP_URG),
  flag('ece', 'ECE', TCP_ECE),
  flag('cwr', 'CWR', TCP_CWR),
  field(
    'tcp.options.timestamp.tsval',
    'number',
    'TSval',
    when(hasTimestamps, column('timestampValue')),
  ),
  field(
    'tcp.options.timestamp.tsecr',
    'number',
    'TSecr',
    when(hasTimestamps, column('timestampEcho')),
  ),
  field(
    'tcp.options.mss_val',
    'number',
    'MSS of a SYN',
    synOption(({ mss }) => mss || undefined),
  ),
  field(
    'tcp.options.wscale.shift',
    'number',
    'Window scale of a SYN',
    synOption(({ windowScale }) => (windowScale === 0xffff ? undefined : windowScale)),
  ),
  field(
    'tcp.options.sack_perm',
    'presence',
    'A SYN that permits SACK',
    synOption(({ sackPermitted }) => (sackPermitted ? 1 : undefined)),
  ),
  field(
    'tcp.hdr_len',
    'number',
    'Bytes of header and options (reads the files)',
    when(
      isTcp,
      header('tcp', 12, (byte) => (byte >>> 4) * 4),
    ),
  ),
  field(
    'tcp.urgent_pointer',
    'number',
    'Urgent pointer (reads the files)',
    when(
      isTcp,
      header('tcp', 18, (byte, next) => byte * 256 + next),
    ),
  ),
  field('tcp.payload', 'bytes', 'Payload (reads the files)', when(isTcp, payload)),
  protocol('udp', 'UDP', isUdp),
  ...ports('udp', isUdp),
  field(
    'udp.length',
    'number',
    'Length with header',
    when(isUdp, ({ table, row }) => table.payloadLength(row) + 8),
  ),
  field('udp.payload', 'bytes', 'Payload (reads the files)', when(isUdp, payload)),
  field('dns', 'presence', 'DNS over UDP', present(isDns)),
  field('dns.id', 'number', 'Transaction id', when(isDns, column('sequence'))),
  field('sctp', 'presence', 'SCTP', present(isSctp)),
  ...ports('sctp', isSctp),
];

const ANY_ANALYSIS = Object.values(TCP_ANALYSIS).reduce((all, bit) => all | bit, 0);

const analysis = (name: string, label: string, bits: number): Field =>
  field(
    name,
    'presence',
    label,
    present(({ columns, index }) => (columns.analysis[index] & bits) !== 0),
  );

/** What Wireshark counts as a retransmission: all three kinds bear that flag. */
const ANALYSIS: readonly Field[] = [
  analysis('tcp.analysis', 'Any remark of the TCP analysis', ANY_ANALYSIS),
  analysis('tcp.analysis.flags', 'Any remark of the TCP analysis', ANY_ANALYSIS),
  ...Object.keys(TCP_ANALYSIS).map((key) => {
    const name = key as TcpAnalysisName;
    return analysis(TCP_ANALYSIS_FIELDS[name], 'TCP analysis at this point', TCP_ANALYSIS[name]);
  }),
];

export const PACKET_FIELDS: readonly Field[] = [
  ...FRAME,
  ...LINK,
  ...NETWORK,
  ...TRANSPORT,
  ...ANALYSIS,
];
