// Fields of the tunnel headers for the inspector; tunnel.ts decodes them.
import type { ProtocolField, ProtocolLayer } from '../model/protocol-tree';
import { uint16, uint24, uint32 } from './bytes';
import { describeChecksum } from './checksum-field';
import { formatEtherType } from './ether-type';
import {
  type DescribeLayer,
  describeFields,
  type FieldSpec,
  fieldAt,
  fieldsAt,
  type LayerContext,
  makeLayer,
  named,
  showBit,
  showBits,
  showBytes,
  showHex8,
  showHex16,
  showUint8,
  showUint16,
  showUint24,
  showUint32,
} from './field';
import {
  erspanBytes,
  GENEVE_BYTES,
  GPE_NEXT_AT,
  GRE_ACKNOWLEDGEMENT,
  GRE_BYTES,
  GRE_CHECKSUM,
  GRE_KEY,
  GRE_SEQUENCE,
  greBytes,
  SESSION_AT,
  TUNNEL_TYPE_AT,
  VNI_AT,
  VXLAN_BYTES,
  VXLAN_POLICY,
} from './tunnel';

const showProtocol = (bytes: Uint8Array, at: number): string => formatEtherType(uint16(bytes, at));

/** A bit of the second byte. */
const showSecondBit = (mask: number) => (bytes: Uint8Array, at: number) =>
  showBit(mask)(bytes, at + 1);
const GROUP_AT = 2;

const VXLAN_FIELDS: readonly FieldSpec[] = [
  {
    name: 'vxlan.flags',
    label: 'Flags',
    at: 0,
    length: 2,
    value: showHex16,
    children: [
      {
        name: 'vxlan.flag_g',
        label: 'Group policy',
        at: 0,
        length: 2,
        value: showBit(VXLAN_POLICY),
      },
      { name: 'vxlan.flag_i', label: 'Network identifier', at: 0, length: 2, value: showBit(0x08) },
      { name: 'vxlan.flag_d', label: "Don't learn", at: 0, length: 2, value: showSecondBit(0x40) },
      {
        name: 'vxlan.flag_a',
        label: 'Policy applied',
        at: 0,
        length: 2,
        value: showSecondBit(0x08),
      },
    ],
  },
  { name: 'vxlan.gbp', label: 'Group policy', at: GROUP_AT, length: 2, value: showUint16 },
  { name: 'vxlan.vni', label: 'Network identifier', at: VNI_AT, length: 3, value: showUint24 },
];

const vxlanLayer = (
  context: LayerContext,
  title: string,
  fields: readonly FieldSpec[],
  further: string,
): ProtocolLayer => {
  const { bytes, start, end } = context;
  return makeLayer(context, {
    name: 'vxlan',
    title,
    summary: end - start >= 7 ? `network ${uint24(bytes, start + VNI_AT)}${further}` : 'cut',
    fields: describeFields(context, fields),
    layerEnd: start + VXLAN_BYTES,
  });
};

export const describeVxlan: DescribeLayer = (context) => {
  const { bytes, start } = context;
  const group = bytes[start] & VXLAN_POLICY ? `, group ${uint16(bytes, start + GROUP_AT)}` : '';
  return vxlanLayer(context, 'VXLAN', VXLAN_FIELDS, group);
};

const ERSPAN_FIELDS: readonly FieldSpec[] = [
  { name: 'erspan.version', label: 'Version', at: 0, length: 2, value: showBits(0xf0, 4) },
  {
    name: 'erspan.vlan',
    label: 'VLAN',
    at: 0,
    length: 2,
    value: (bytes, at) => `${uint16(bytes, at) & 0xfff}`,
  },
  {
    name: 'erspan.spanid',
    label: 'Session',
    at: SESSION_AT,
    length: 2,
    value: (bytes, at) => `${uint16(bytes, at) & 0x3ff}`,
  },
];
const ERSPAN_II_FIELDS: readonly FieldSpec[] = [
  {
    name: 'erspan.index',
    label: 'Port index',
    at: 4,
    length: 4,
    value: (bytes, at) => `${uint32(bytes, at) & 0xfffff}`,
  },
];
const ERSPAN_III_FIELDS: readonly FieldSpec[] = [
  { name: 'erspan.timestamp', label: 'Time', at: 4, length: 4, value: showUint32 },
  { name: 'erspan.sgt', label: 'Security group', at: 8, length: 2, value: showUint16 },
];

const VXLAN_GPE_FIELDS: readonly FieldSpec[] = [
  { name: 'vxlan.flags', label: 'Flags', at: 0, length: 1, value: showHex8 },
  {
    name: 'vxlan.next_proto',
    label: 'Next protocol',
    at: GPE_NEXT_AT,
    length: 1,
    value: showUint8,
  },
  { name: 'vxlan.vni', label: 'Network identifier', at: VNI_AT, length: 3, value: showUint24 },
];

export const describeVxlanGpe: DescribeLayer = (context) =>
  vxlanLayer(context, 'VXLAN-GPE', VXLAN_GPE_FIELDS, '');

export const describeErspan: DescribeLayer = (context) => {
  const { bytes, start, end } = context;
  const own = erspanBytes(bytes, start, end);
  const further = own > 0 && bytes[start] >>> 4 === 1 ? ERSPAN_II_FIELDS : ERSPAN_III_FIELDS;
  return makeLayer(context, {
    name: 'erspan',
    title: 'ERSPAN',
    summary: own === 0 ? 'not followed' : `session ${uint16(bytes, start + SESSION_AT) & 0x3ff}`,
    fields: own === 0 ? [] : describeFields(context, [...ERSPAN_FIELDS, ...further]),
    layerEnd: start + own,
  });
};

const GENEVE_FIELDS: readonly FieldSpec[] = [
  { name: 'geneve.version', label: 'Version', at: 0, length: 1, value: showBits(0xc0, 6) },
  {
    name: 'geneve.option.length',
    label: 'Length of options',
    at: 0,
    length: 1,
    value: (bytes, at) => `${(bytes[at] & 0x3f) * 4} bytes`,
  },
  {
    name: 'geneve.flags',
    label: 'Flags',
    at: 1,
    length: 1,
    value: showHex8,
    children: [
      { name: 'geneve.flags.oam', label: 'Control', at: 1, length: 1, value: showBit(0x80) },
      {
        name: 'geneve.flags.critical',
        label: 'Critical options',
        at: 1,
        length: 1,
        value: showBit(0x40),
      },
    ],
  },
  {
    name: 'geneve.proto_type',
    label: 'Protocol',
    at: TUNNEL_TYPE_AT,
    length: 2,
    value: showProtocol,
  },
  { name: 'geneve.vni', label: 'Network identifier', at: VNI_AT, length: 3, value: showUint24 },
];

export const describeGeneve: DescribeLayer = (context) => {
  const { bytes, start, end } = context;
  const optionBytes = end > start ? (bytes[start] & 0x3f) * 4 : 0;
  return makeLayer(context, {
    name: 'geneve',
    title: 'Geneve',
    summary: end - start >= 7 ? `network ${uint24(bytes, start + VNI_AT)}` : 'cut',
    fields: [...describeFields(context, GENEVE_FIELDS), ...describeOptions(context, optionBytes)],
    layerEnd: start + GENEVE_BYTES + optionBytes,
  });
};

/** Who defines an option (IANA, Geneve option classes). */
const OPTION_CLASSES: Readonly<Record<number, string>> = {
  256: 'Linux',
  257: 'Open vSwitch',
  258: 'Open Virtual Network',
  259: 'in-band telemetry',
  260: 'VMware',
  264: 'Amazon',
};
const OPTION_BYTES = 4;
const OPTION_FIELDS: readonly FieldSpec[] = [
  {
    name: 'geneve.option.class',
    label: 'Class',
    at: 0,
    length: 2,
    value: (bytes, at) => named(OPTION_CLASSES, uint16(bytes, at)),
  },
  {
    name: 'geneve.option.type',
    label: 'Type',
    at: 2,
    length: 1,
    value: showHex8,
    children: [
      {
        name: 'geneve.option.type.critical',
        label: 'Critical',
        at: 2,
        length: 1,
        value: showBit(0x80),
      },
    ],
  },
  {
    name: 'geneve.option.length',
    label: 'Length',
    at: 3,
    length: 1,
    value: (bytes, at) => `${(bytes[at] & 0x1f) * 4} bytes`,
  },
];

function describeOptions({ bytes, start, end }: LayerContext, length: number): ProtocolField[] {
  const from = start + GENEVE_BYTES;
  const optionsEnd = Math.min(end, from + length);
  if (optionsEnd <= from) return [];
  const options: ProtocolField[] = [];
  for (let at = from; at + OPTION_BYTES <= optionsEnd; ) {
    const data = (bytes[at + 3] & 0x1f) * 4;
    const optionEnd = Math.min(optionsEnd, at + OPTION_BYTES + data);
    const children = fieldsAt(bytes, at, optionEnd, OPTION_FIELDS);
    const content = at + OPTION_BYTES;
    if (optionEnd > content)
      children.push(
        fieldAt(
          'geneve.option.unknown.data',
          'Data',
          showBytes(bytes, content, optionEnd - content),
          content,
          optionEnd - content,
        ),
      );
    const value = `${children[0].value}, type ${children[1].value}`;
    options.push(fieldAt('geneve.option', 'Option', value, at, optionEnd - at, children));
    at += OPTION_BYTES + data;
  }
  return [
    fieldAt('geneve.options', 'Options', `${length} bytes`, from, optionsEnd - from, options),
  ];
}

const GRE_FLAG_FIELDS: readonly FieldSpec[] = [
  { name: 'gre.flags.checksum', label: 'Checksum', at: 0, length: 2, value: showBit(0x80) },
  { name: 'gre.flags.routing', label: 'Routing', at: 0, length: 2, value: showBit(0x40) },
  { name: 'gre.flags.key', label: 'Key', at: 0, length: 2, value: showBit(0x20) },
  { name: 'gre.flags.sequence_number', label: 'Sequence', at: 0, length: 2, value: showBit(0x10) },
  {
    name: 'gre.flags.version',
    label: 'Version',
    at: 0,
    length: 2,
    value: (bytes, at) => `${bytes[at + 1] & 7}`,
  },
];
const GRE_FIELDS: readonly FieldSpec[] = [
  {
    name: 'gre.flags_and_version',
    label: 'Flags and version',
    at: 0,
    length: 2,
    value: showHex16,
    children: GRE_FLAG_FIELDS,
  },
  { name: 'gre.proto', label: 'Protocol', at: TUNNEL_TYPE_AT, length: 2, value: showProtocol },
];

/** What the flags say is there, in the order in which it stands (RFC 2890 section 2). */
function describeGreFurther(context: LayerContext, flags: number): ProtocolField[] {
  const { bytes, start, end, wireEnd } = context;
  const fields: ProtocolField[] = [];
  let at = start + GRE_BYTES;
  if (flags & GRE_CHECKSUM) {
    const field = at - start;
    fields.push(
      ...describeChecksum(context, {
        name: 'gre',
        field,
        length: wireEnd - start,
        isPseudo: false,
      }),
    );
    at += 4;
  }
  for (const [flag, name, label] of [
    [GRE_KEY, 'gre.key', 'Key'],
    [GRE_SEQUENCE, 'gre.sequence_number', 'Sequence number'],
    [GRE_ACKNOWLEDGEMENT, 'gre.ack_number', 'Acknowledgement number'],
  ] as const) {
    if ((flags & flag) === 0 || (flag === GRE_ACKNOWLEDGEMENT && (flags & 7) !== 1)) continue;
    if (at + 4 <= end) fields.push(fieldAt(name, label, showUint32(bytes, at), at, 4));
    at += 4;
  }
  return fields;
}

export const describeGre: DescribeLayer = (context) => {
  const { bytes, start, end } = context;
  const flags = end - start >= 2 ? uint16(bytes, start) : 0;
  const length = greBytes(flags);
  return makeLayer(context, {
    name: 'gre',
    title: 'GRE',
    summary: end - start >= GRE_BYTES ? showProtocol(bytes, start + TUNNEL_TYPE_AT) : 'cut',
    fields: [
      ...describeFields(context, GRE_FIELDS),
      ...(length === 0 ? [] : describeGreFurther(context, flags)),
    ],
    layerEnd: start + Math.max(GRE_BYTES, length),
  });
};
