// Fields of the tunnel headers for the inspector; tunnel.ts decodes them.
import type { ProtocolField } from '../model/protocol-tree';
import { uint16, uint24, uint32 } from './bytes';
import { formatEtherType } from './ether-type';
import {
  type DescribeLayer,
  describeFields,
  type FieldSpec,
  makeLayer,
  showBits,
  showHex8,
  showHex16,
  showUint24,
} from './field';
import {
  erspanBytes,
  GENEVE_BYTES,
  GRE_BYTES,
  greBytes,
  greKeyOffset,
  VXLAN_BYTES,
} from './tunnel';

const showProtocol = (bytes: Uint8Array, at: number): string => formatEtherType(uint16(bytes, at));

const VXLAN_FIELDS: readonly FieldSpec[] = [
  { name: 'vxlan.flags', label: 'Flags', at: 0, length: 2, value: showHex16 },
  { name: 'vxlan.gbp', label: 'Group policy', at: 2, length: 2, value: showHex16 },
  { name: 'vxlan.vni', label: 'Network identifier', at: 4, length: 3, value: showUint24 },
];

export const describeVxlan: DescribeLayer = (context) => {
  const { bytes, start, end } = context;
  return makeLayer(context, {
    name: 'vxlan',
    title: 'VXLAN',
    summary: end - start >= 7 ? `network ${uint24(bytes, start + 4)}` : 'cut',
    fields: describeFields(context, VXLAN_FIELDS),
    layerEnd: start + VXLAN_BYTES,
  });
};

export const describeErspan: DescribeLayer = (context) => {
  const { bytes, start, end } = context;
  const own = erspanBytes(bytes, start, end);
  return makeLayer(context, {
    name: 'erspan',
    title: 'ERSPAN',
    summary: own === 0 ? 'not followed' : `session ${uint16(bytes, start + 2) & 0x3ff}`,
    fields:
      own === 0
        ? []
        : describeFields(context, [
            {
              name: 'erspan.spanid',
              label: 'Session',
              at: 2,
              length: 2,
              value: (all, at) => `${uint16(all, at) & 0x3ff}`,
            },
          ]),
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
  { name: 'geneve.flags', label: 'Flags', at: 1, length: 1, value: showHex8 },
  { name: 'geneve.proto_type', label: 'Protocol', at: 2, length: 2, value: showProtocol },
  { name: 'geneve.vni', label: 'Network identifier', at: 4, length: 3, value: showUint24 },
];

export const describeGeneve: DescribeLayer = (context) => {
  const { bytes, start, end } = context;
  const optionBytes = end > start ? (bytes[start] & 0x3f) * 4 : 0;
  return makeLayer(context, {
    name: 'geneve',
    title: 'Geneve',
    summary: end - start >= 7 ? `network ${uint24(bytes, start + 4)}` : 'cut',
    fields: describeFields(context, GENEVE_FIELDS),
    layerEnd: start + GENEVE_BYTES + optionBytes,
  });
};

const GRE_FIELDS: readonly FieldSpec[] = [
  { name: 'gre.flags_and_version', label: 'Flags and version', at: 0, length: 2, value: showHex16 },
  { name: 'gre.proto', label: 'Protocol', at: 2, length: 2, value: showProtocol },
];

export const describeGre: DescribeLayer = (context) => {
  const { bytes, start, end } = context;
  const flags = end - start >= 2 ? uint16(bytes, start) : 0;
  const key = greKeyOffset(flags);
  const fields: ProtocolField[] = describeFields(context, GRE_FIELDS);
  if (key > 0 && start + key + 4 <= end)
    fields.push({
      name: 'gre.key',
      label: 'Key',
      value: `${uint32(bytes, start + key)}`,
      start: start + key,
      length: 4,
    });
  return makeLayer(context, {
    name: 'gre',
    title: 'GRE',
    summary: end - start >= GRE_BYTES ? showProtocol(bytes, start + 2) : 'cut',
    fields,
    layerEnd: start + Math.max(GRE_BYTES, greBytes(flags)),
  });
};
