// Fields of ICMP, ICMPv6 and IGMP for the inspector; icmp.ts decodes the first two, IGMP (RFC 2236, RFC 3376) is looked into by the tree alone.
import type { ProtocolField } from '../model/protocol-tree';
import { uint16 } from './bytes';
import { describeChecksum } from './checksum-field';
import {
  type DescribeLayer,
  describeFields,
  type FieldSpec,
  fieldAt,
  type LayerContext,
  makeLayer,
  named,
  showBytes,
  showIpv4,
  showIpv6,
  showUint8,
  showUint16,
  showUint32,
} from './field';
import { ECHO_AT, ICMP_BYTES, isIcmpEcho, isIcmpv6Echo } from './icmp';

const CHECKSUM_AT = 2;

const ICMP_TYPES: Readonly<Record<number, string>> = {
  0: 'echo reply',
  3: 'destination unreachable',
  4: 'source quench',
  5: 'redirect',
  8: 'echo request',
  11: 'time exceeded',
  12: 'parameter problem',
  13: 'timestamp request',
  14: 'timestamp reply',
};
const ICMPV6_TYPES: Readonly<Record<number, string>> = {
  1: 'destination unreachable',
  2: 'packet too big',
  3: 'time exceeded',
  4: 'parameter problem',
  128: 'echo request',
  129: 'echo reply',
  133: 'router solicitation',
  134: 'router advertisement',
  135: 'neighbour solicitation',
  136: 'neighbour advertisement',
  137: 'redirect',
  143: 'MLDv2 report',
};

const headerFields = (
  protocol: string,
  types: Readonly<Record<number, string>>,
): readonly FieldSpec[] => [
  {
    name: `${protocol}.type`,
    label: 'Type',
    at: 0,
    length: 1,
    value: (bytes, at) => named(types, bytes[at]),
  },
  { name: `${protocol}.code`, label: 'Code', at: 1, length: 1, value: showUint8 },
];
const echoFields = (identifier: string, sequence: string): readonly FieldSpec[] => [
  { name: identifier, label: 'Identifier', at: ECHO_AT, length: 2, value: showUint16 },
  { name: sequence, label: 'Sequence number', at: ECHO_AT + 2, length: 2, value: showUint16 },
];
const address6 = (name: string, label: string, at: number): FieldSpec => ({
  name: `icmpv6.nd.${name}`,
  label,
  at,
  length: 16,
  value: showIpv6,
});
const time = (name: string, label: string, at: number): FieldSpec => ({
  name: `icmp.${name}_timestamp`,
  label,
  at,
  length: 4,
  value: showUint32,
});

const ICMP_FIELDS = headerFields('icmp', ICMP_TYPES);
const ICMP_ECHO_FIELDS = echoFields('icmp.ident', 'icmp.seq');
const TIME_FIELDS: readonly FieldSpec[] = [
  ...ICMP_ECHO_FIELDS,
  time('originate', 'Sent', 8),
  time('receive', 'Received', 12),
  time('transmit', 'Answered', 16),
];
/** By type and code as the `flags` column has them, else by the type alone. */
const ICMP_MORE: Readonly<Record<number, readonly FieldSpec[]>> = {
  772: [{ name: 'icmp.mtu', label: 'MTU of the next hop', at: 6, length: 2, value: showUint16 }],
  5: [{ name: 'icmp.redir_gw', label: 'Gateway', at: 4, length: 4, value: showIpv4 }],
  12: [{ name: 'icmp.pointer', label: 'Pointer', at: 4, length: 1, value: showUint8 }],
  13: TIME_FIELDS,
  14: TIME_FIELDS,
};

const ICMPV6_FIELDS = headerFields('icmpv6', ICMPV6_TYPES);
const ICMPV6_ECHO_FIELDS = echoFields('icmpv6.echo.identifier', 'icmpv6.echo.sequence_number');
const ICMPV6_MORE: Readonly<Record<number, readonly FieldSpec[]>> = {
  2: [{ name: 'icmpv6.mtu', label: 'MTU', at: 4, length: 4, value: showUint32 }],
  134: [
    {
      name: 'icmpv6.nd.ra.cur_hop_limit',
      label: 'Hop limit to use',
      at: 4,
      length: 1,
      value: showUint8,
    },
    {
      name: 'icmpv6.nd.ra.router_lifetime',
      label: 'Router lifetime, s',
      at: 6,
      length: 2,
      value: showUint16,
    },
    {
      name: 'icmpv6.nd.ra.reachable_time',
      label: 'Reachable time, ms',
      at: 8,
      length: 4,
      value: showUint32,
    },
    {
      name: 'icmpv6.nd.ra.retrans_timer',
      label: 'Retransmission timer, ms',
      at: 12,
      length: 4,
      value: showUint32,
    },
  ],
  135: [address6('ns.target_address', 'Target', 8)],
  136: [address6('na.target_address', 'Target', 8)],
  137: [
    address6('rd.target_address', 'Better next hop', 8),
    {
      name: 'icmpv6.rd.na.target_address',
      label: 'Destination',
      at: 24,
      length: 16,
      value: showIpv6,
    },
  ],
};
/** Where the options of a neighbour discovery message begin (RFC 4861 section 4). */
const OPTIONS_AT: Readonly<Record<number, number>> = { 133: 8, 134: 16, 135: 24, 136: 24, 137: 40 };
const OPTION_NAMES: Readonly<Record<number, string>> = {
  1: 'source link address',
  2: 'target link address',
  3: 'prefix',
  4: 'redirected packet',
  5: 'MTU',
  25: 'DNS servers',
  31: 'DNS search list',
};

const sum = ({ start, wireEnd }: LayerContext) => ({
  field: CHECKSUM_AT,
  length: wireEnd - start,
});

export const describeIcmp: DescribeLayer = (context) => {
  const { flags } = context.frame;
  const type = flags >>> 8;
  const more = isIcmpEcho(type) ? ICMP_ECHO_FIELDS : (ICMP_MORE[flags] ?? ICMP_MORE[type] ?? []);
  return makeLayer(context, {
    name: 'icmp',
    title: 'ICMP',
    summary: named(ICMP_TYPES, type),
    fields: [
      ...describeFields(context, ICMP_FIELDS),
      ...describeChecksum(context, { name: 'icmp', ...sum(context), isPseudo: false }),
      ...describeFields(context, more),
    ],
    layerEnd: endOf(context, more),
  });
};

export const describeIcmpv6: DescribeLayer = (context) => {
  const type = context.frame.flags >>> 8;
  const more = isIcmpv6Echo(type) ? ICMPV6_ECHO_FIELDS : (ICMPV6_MORE[type] ?? []);
  const options = OPTIONS_AT[type];
  return makeLayer(context, {
    name: 'icmpv6',
    title: 'ICMPv6',
    summary: named(ICMPV6_TYPES, type),
    fields: [
      ...describeFields(context, ICMPV6_FIELDS),
      ...describeChecksum(context, { name: 'icmpv6', ...sum(context), isPseudo: true }),
      ...describeFields(context, more),
      ...(options === undefined ? [] : describeOptions(context, context.start + options)),
    ],
    layerEnd: options === undefined ? context.start + ICMP_BYTES : context.end,
  });
};

/** The header's eight bytes, or as far as the fields reach. */
const endOf = ({ start }: LayerContext, fields: readonly FieldSpec[]): number =>
  start + Math.max(ICMP_BYTES, ...fields.map(({ at, length }) => at + length));

function describeOptions({ bytes, end }: LayerContext, from: number): ProtocolField[] {
  const fields: ProtocolField[] = [];
  for (let at = from; at + 2 <= end; ) {
    const type = bytes[at];
    const length = bytes[at + 1] * 8;
    if (length === 0 || at + length > end) break;
    const content = at + 2;
    const children = [
      fieldAt('icmpv6.opt.type', 'Type', named(OPTION_NAMES, type), at, 1),
      fieldAt('icmpv6.opt.length', 'Length in 8 bytes', `${bytes[at + 1]}`, at + 1, 1),
    ];
    if (type === 1 || type === 2) {
      const address = showBytes(bytes, content, Math.min(6, length - 2)).replace(/..(?!$)/g, '$&:');
      const name = type === 1 ? 'icmpv6.opt.src_linkaddr' : 'icmpv6.opt.target_linkaddr';
      children.push(fieldAt(name, 'Address', address, content, Math.min(6, length - 2)));
    } else if (type === 3 && length === 32) {
      const bits = `${bytes[content]}`;
      children.push(
        fieldAt('icmpv6.opt.prefix.length', 'Bits', bits, content, 1),
        fieldAt('icmpv6.opt.prefix', 'Prefix', showIpv6(bytes, at + 16), at + 16, 16),
      );
    } else if (type === 5 && length === 8)
      children.push(fieldAt('icmpv6.opt.mtu', 'MTU', showUint32(bytes, at + 4), at + 4, 4));
    const value = [named(OPTION_NAMES, type), children[2]?.value ?? ''].filter(
      (text) => text !== '',
    );
    fields.push(fieldAt('icmpv6.opt', 'Option', value.join(': '), at, length, children));
    at += length;
  }
  return fields;
}

const IGMP_TYPES: Readonly<Record<number, string>> = {
  17: 'query',
  18: 'report, version 1',
  22: 'report, version 2',
  23: 'leave',
  34: 'report, version 3',
};
const IGMP_REPORT_3 = 34;
const IGMP_FIELDS: readonly FieldSpec[] = [
  {
    name: 'igmp.type',
    label: 'Type',
    at: 0,
    length: 1,
    value: (bytes, at) => named(IGMP_TYPES, bytes[at]),
  },
];
const IGMP_GROUP_FIELDS: readonly FieldSpec[] = [
  { name: 'igmp.max_resp', label: 'Longest wait, 0.1 s', at: 1, length: 1, value: showUint8 },
  { name: 'igmp.maddr', label: 'Group', at: 4, length: 4, value: showIpv4 },
];
/** IGMPv3's query is longer. */
const IGMP_QUERY_3_BYTES = 12;
const IGMP_QUERY_3_FIELDS: readonly FieldSpec[] = [
  {
    name: 'igmp.qrv',
    label: 'Robustness',
    at: 8,
    length: 1,
    value: (bytes, at) => `${bytes[at] & 7}`,
  },
  { name: 'igmp.qqic', label: 'Interval of queries', at: 9, length: 1, value: showUint8 },
  { name: 'igmp.num_src', label: 'Sources', at: 10, length: 2, value: showUint16 },
];
const IGMP_RECORDS: Readonly<Record<number, string>> = {
  1: 'only from',
  2: 'all but',
  3: 'now only from',
  4: 'now all but',
  5: 'also from',
  6: 'no more from',
};

/** The IGMP message at the payload of an IPv4 packet; at least its eight bytes are there. */
export const describeIgmp: DescribeLayer = (context) => {
  const { bytes, start, end, wireEnd } = context;
  const type = bytes[start];
  const isReport3 = type === IGMP_REPORT_3;
  const isQuery3 = type === 17 && wireEnd - start >= IGMP_QUERY_3_BYTES;
  const records = isReport3 ? describeRecords(context) : [];
  const fields = [
    ...describeFields(context, IGMP_FIELDS),
    ...describeChecksum(context, { name: 'igmp', ...sum(context), isPseudo: false }),
    ...(isReport3 ? records : describeFields(context, IGMP_GROUP_FIELDS)),
    ...(isQuery3 ? describeFields(context, IGMP_QUERY_3_FIELDS) : []),
  ];
  const groups = fields
    .filter(({ name, label }) => name === 'igmp.maddr' || label === 'Group record')
    .map(({ value }) => value);
  return makeLayer(context, {
    name: 'igmp',
    title: 'IGMP',
    summary: [named(IGMP_TYPES, type), ...groups].join(', '),
    fields,
    layerEnd: end,
  });
};

/** Group records of a report of version 3 (RFC 3376 section 4.2). */
function describeRecords({ bytes, start, end }: LayerContext): ProtocolField[] {
  const count = uint16(bytes, start + 6);
  const fields = [fieldAt('igmp.num_grp_recs', 'Group records', `${count}`, start + 6, 2)];
  for (let i = 0, at = start + 8; i < count && at + 8 <= end; i += 1) {
    const sources = uint16(bytes, at + 2);
    const length = 8 + sources * 4 + bytes[at + 1] * 4;
    const recordEnd = Math.min(end, at + length);
    const children = [
      fieldAt('igmp.record_type', 'Kind', named(IGMP_RECORDS, bytes[at]), at, 1),
      fieldAt('igmp.aux_data_len', 'Further words', `${bytes[at + 1]}`, at + 1, 1),
      fieldAt('igmp.num_src', 'Sources', `${sources}`, at + 2, 2),
      fieldAt('igmp.maddr', 'Group', showIpv4(bytes, at + 4), at + 4, 4),
    ];
    for (let k = 0, place = at + 8; k < sources && place + 4 <= recordEnd; k += 1, place += 4)
      children.push(fieldAt('igmp.saddr', 'Source', showIpv4(bytes, place), place, 4));
    const value = showIpv4(bytes, at + 4);
    fields.push(fieldAt('', 'Group record', value, at, recordEnd - at, children));
    at += length;
  }
  return fields;
}
