// Fields of TCP for the inspector, options and flags as children; tcp.ts decodes them.
import type { ProtocolField, ProtocolLayer } from '../model/protocol-tree';
import { formatTcpFlags } from '../model/tcp-flags';
import { uint16, uint32 } from './bytes';
import { FIELD_TCP_HEADER, FIELD_TCP_LENGTH } from './decoded-frame';
import {
  derivedField,
  describeFields,
  type FieldSpec,
  hexText,
  type LayerContext,
  makeLayer,
  showBit,
  showHex16,
  showUint16,
  showUint32,
} from './field';
import {
  OPTION_END,
  OPTION_MSS,
  OPTION_NOP,
  OPTION_SACK,
  OPTION_SACK_PERMITTED,
  OPTION_TIMESTAMPS,
  OPTION_WINDOW_SCALE,
  TCP_BYTES,
} from './tcp';

const OPTION_USER_TIMEOUT = 28;
const OPTION_MPTCP = 30;
/** RFC 4727 and RFC 6994: this one and the next. */
const OPTION_EXPERIMENT = 253;

/** RFC 8684 section 8. */
const MPTCP_SUBTYPES = [
  'MP_CAPABLE',
  'MP_JOIN',
  'DSS',
  'ADD_ADDR',
  'REMOVE_ADDR',
  'MP_PRIO',
  'MP_FAIL',
  'MP_FASTCLOSE',
  'MP_TCPRST',
];

/** Options whose content is not taken apart: name and label. */
const OTHER_OPTIONS: Readonly<Record<number, readonly [string, string]>> = {
  6: ['echo', 'Echo (obsolete)'],
  7: ['echoreply', 'Echo reply (obsolete)'],
  19: ['md5', 'MD5 signature'],
  27: ['qs', 'Quick-Start response'],
  29: ['ao', 'Authentication option'],
  34: ['tfo', 'Fast Open cookie'],
};

const flag = (name: string, label: string, at: number, mask: number): FieldSpec => ({
  name: `tcp.flags.${name}`,
  label,
  at,
  length: 1,
  value: showBit(mask),
});

const PORT_FIELDS: readonly FieldSpec[] = [
  { name: 'tcp.srcport', label: 'Source port', at: 0, length: 2, value: showUint16 },
  { name: 'tcp.dstport', label: 'Destination port', at: 2, length: 2, value: showUint16 },
];
const HEADER_FIELDS: readonly FieldSpec[] = [
  { name: 'tcp.seq_raw', label: 'Sequence number', at: 4, length: 4, value: showUint32 },
  { name: 'tcp.ack_raw', label: 'Acknowledgement number', at: 8, length: 4, value: showUint32 },
  {
    name: 'tcp.hdr_len',
    label: 'Header length',
    at: 12,
    length: 1,
    value: (bytes, at) => `${(bytes[at] >>> 4) * 4} bytes`,
  },
  {
    name: 'tcp.flags',
    label: 'Flags',
    at: 12,
    length: 2,
    value: (bytes, at) => {
      const flags = uint16(bytes, at) & 0x0fff;
      return `${hexText(flags, 4)} [${formatTcpFlags(flags)}]`;
    },
    children: [
      flag('ae', 'Accurate ECN', 12, 0x01),
      flag('cwr', 'Congestion window reduced', 13, 0x80),
      flag('ece', 'ECN echo', 13, 0x40),
      flag('urg', 'Urgent', 13, 0x20),
      flag('ack', 'Acknowledgement', 13, 0x10),
      flag('push', 'Push', 13, 0x08),
      flag('reset', 'Reset', 13, 0x04),
      flag('syn', 'Synchronise', 13, 0x02),
      flag('fin', 'Finish', 13, 0x01),
    ],
  },
  { name: 'tcp.window_size_value', label: 'Window', at: 14, length: 2, value: showUint16 },
  { name: 'tcp.checksum', label: 'Checksum', at: 16, length: 2, value: showHex16 },
  { name: 'tcp.urgent_pointer', label: 'Urgent pointer', at: 18, length: 2, value: showUint16 },
];

export function describeTcp(context: LayerContext): ProtocolLayer {
  const { bytes, start, end, frame } = context;
  const hasHeader = (frame.fields & FIELD_TCP_HEADER) !== 0;
  const headerBytes = hasHeader ? Math.max(TCP_BYTES, (bytes[start + 12] >>> 4) * 4) : TCP_BYTES;
  const fields = describeFields(context, PORT_FIELDS);
  if ((frame.fields & FIELD_TCP_LENGTH) !== 0)
    fields.push(derivedField('tcp.len', 'Payload length', `${frame.payloadLength}`));
  if (hasHeader) fields.push(...describeFields(context, HEADER_FIELDS));
  const optionsEnd = Math.min(start + headerBytes, end);
  if (hasHeader && optionsEnd > start + TCP_BYTES)
    fields.push({
      name: 'tcp.options',
      label: 'Options',
      value: `${headerBytes - TCP_BYTES} bytes`,
      start: start + TCP_BYTES,
      length: optionsEnd - start - TCP_BYTES,
      children: describeOptions(bytes, start + TCP_BYTES, optionsEnd),
    });
  return makeLayer(context, {
    name: 'tcp',
    title: 'TCP',
    summary: hasHeader
      ? `${frame.sourcePort} → ${frame.destinationPort} [${formatTcpFlags(frame.flags)}] seq ${frame.sequence} ack ${frame.acknowledgement} len ${frame.payloadLength}`
      : 'cut',
    fields,
    layerEnd: start + headerBytes,
  });
}

function describeOptions(bytes: Uint8Array, from: number, end: number): ProtocolField[] {
  const fields: ProtocolField[] = [];
  for (let at = from; at < end; ) {
    const kind = bytes[at];
    const length =
      kind === OPTION_END || kind === OPTION_NOP ? 1 : at + 1 < end ? bytes[at + 1] : 0;
    if (length === 0 || (length === 1 && kind > OPTION_NOP) || at + length > end) {
      const value = `cut or malformed option of kind ${kind}`;
      fields.push({
        name: 'tcp.options.unknown',
        label: 'Option',
        value,
        start: at,
        length: end - at,
      });
      return fields;
    }
    fields.push(describeOption(bytes, kind, at, length));
    if (kind === OPTION_END) return fields;
    at += length;
  }
  return fields;
}

function describeOption(
  bytes: Uint8Array,
  kind: number,
  start: number,
  length: number,
): ProtocolField {
  const option = (name: string, label: string, value: string, children?: ProtocolField[]) => ({
    name: `tcp.options.${name}`,
    label,
    value,
    start,
    length,
    ...(children === undefined ? {} : { children }),
  });
  if (kind === OPTION_END) return option('eol', 'End of options', '');
  if (kind === OPTION_NOP) return option('nop', 'No operation', '');
  if (kind === OPTION_MSS && length === 4)
    return option('mss_val', 'Maximum segment size', `${uint16(bytes, start + 2)}`);
  if (kind === OPTION_WINDOW_SCALE && length === 3) {
    const shift = bytes[start + 2];
    return option('wscale.shift', 'Window scale', `${shift} (× ${2 ** shift})`);
  }
  if (kind === OPTION_SACK_PERMITTED && length === 2)
    return option('sack_perm', 'SACK permitted', 'yes');
  if (kind === OPTION_TIMESTAMPS && length === 10) return describeTimestamps(bytes, start, option);
  if (kind === OPTION_SACK) return describeSack(bytes, start, length, option);
  if (kind === OPTION_MPTCP && length >= 3) {
    const subtype = bytes[start + 2] >>> 4;
    return option('mptcp', 'Multipath TCP', MPTCP_SUBTYPES[subtype] ?? `subtype ${subtype}`);
  }
  if (kind === OPTION_USER_TIMEOUT && length === 4) {
    const timeout = uint16(bytes, start + 2);
    const unit = timeout & 0x8000 ? 'minutes' : 'seconds';
    return option('user_to', 'User timeout', `${timeout & 0x7fff} ${unit}`);
  }
  if (kind === OPTION_EXPERIMENT || kind === OPTION_EXPERIMENT + 1) {
    const value = length >= 4 ? `identifier ${showHex16(bytes, start + 2)}` : `${length} bytes`;
    return option('experimental', 'Experiment', value);
  }
  const known = OTHER_OPTIONS[kind];
  if (known !== undefined) return option(known[0], known[1], `${length - 2} bytes`);
  return option('unknown', 'Option', `kind ${kind}, ${length} bytes`);
}

type MakeOption = (
  name: string,
  label: string,
  value: string,
  children?: ProtocolField[],
) => ProtocolField;

function describeTimestamps(bytes: Uint8Array, start: number, option: MakeOption): ProtocolField {
  const value = uint32(bytes, start + 2);
  const echo = uint32(bytes, start + 6);
  return option('timestamp', 'Timestamps', `${value},${echo}`, [
    number('tcp.options.timestamp.tsval', 'Value', start + 2, value),
    number('tcp.options.timestamp.tsecr', 'Echo reply', start + 6, echo),
  ]);
}

function describeSack(
  bytes: Uint8Array,
  start: number,
  length: number,
  option: MakeOption,
): ProtocolField {
  const edges: ProtocolField[] = [];
  for (let at = start + 2; at + 8 <= start + length; at += 8)
    edges.push(
      number('tcp.options.sack_le', 'Left edge', at, uint32(bytes, at)),
      number('tcp.options.sack_re', 'Right edge', at + 4, uint32(bytes, at + 4)),
    );
  const ranges = edges.map(({ value }, i) =>
    i % 2 === 0 ? value : `${edges[i - 1].value}–${value}`,
  );
  return option('sack', 'SACK', ranges.filter((_, i) => i % 2 === 1).join(', '), edges);
}

const number = (name: string, label: string, start: number, value: number): ProtocolField => ({
  name,
  label,
  value: `${value}`,
  start,
  length: 4,
});
