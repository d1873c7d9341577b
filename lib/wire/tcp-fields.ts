// Fields of TCP for the inspector, options and flags as children; tcp.ts decodes them.
import type { ProtocolLayer } from '../model/protocol-tree';
import { formatTcpFlags } from '../model/tcp-flags';
import { uint16 } from './bytes';
import { describeChecksum } from './checksum-field';
import { FIELD_TCP_HEADER, FIELD_TCP_LENGTH } from './decoded-frame';
import {
  derivedField,
  describeFields,
  type FieldSpec,
  fieldAt,
  hexText,
  type LayerContext,
  makeLayer,
  showBit,
  showUint16,
  showUint32,
} from './field';
import {
  ACKNOWLEDGEMENT_AT,
  CHECKSUM_AT,
  DESTINATION_PORT_AT,
  FLAGS_AT,
  SEQUENCE_AT,
  SOURCE_PORT_AT,
  TCP_BYTES,
  WINDOW_AT,
} from './tcp';
import { describeTcpOptions } from './tcp-options';

const flag = (name: string, label: string, at: number, mask: number): FieldSpec => ({
  name: `tcp.flags.${name}`,
  label,
  at,
  length: 1,
  value: showBit(mask),
});

const PORT_FIELDS: readonly FieldSpec[] = [
  { name: 'tcp.srcport', label: 'Source port', at: SOURCE_PORT_AT, length: 2, value: showUint16 },
  {
    name: 'tcp.dstport',
    label: 'Destination port',
    at: DESTINATION_PORT_AT,
    length: 2,
    value: showUint16,
  },
];
const HEADER_FIELDS: readonly FieldSpec[] = [
  { name: 'tcp.seq_raw', label: 'Sequence number', at: SEQUENCE_AT, length: 4, value: showUint32 },
  {
    name: 'tcp.ack_raw',
    label: 'Acknowledgement number',
    at: ACKNOWLEDGEMENT_AT,
    length: 4,
    value: showUint32,
  },
  {
    name: 'tcp.hdr_len',
    label: 'Header length',
    at: FLAGS_AT,
    length: 1,
    value: (bytes, at) => `${(bytes[at] >>> 4) * 4} bytes`,
  },
  {
    name: 'tcp.flags',
    label: 'Flags',
    at: FLAGS_AT,
    length: 2,
    value: (bytes, at) => {
      const flags = uint16(bytes, at) & 0x0fff;
      return `${hexText(flags, 4)} [${formatTcpFlags(flags)}]`;
    },
    children: [
      flag('ae', 'Accurate ECN', FLAGS_AT, 0x01),
      flag('cwr', 'Congestion window reduced', FLAGS_AT + 1, 0x80),
      flag('ece', 'ECN echo', FLAGS_AT + 1, 0x40),
      flag('urg', 'Urgent', FLAGS_AT + 1, 0x20),
      flag('ack', 'Acknowledgement', FLAGS_AT + 1, 0x10),
      flag('push', 'Push', FLAGS_AT + 1, 0x08),
      flag('reset', 'Reset', FLAGS_AT + 1, 0x04),
      flag('syn', 'Synchronise', FLAGS_AT + 1, 0x02),
      flag('fin', 'Finish', FLAGS_AT + 1, 0x01),
    ],
  },
  { name: 'tcp.window_size_value', label: 'Window', at: WINDOW_AT, length: 2, value: showUint16 },
];
const URGENT_FIELDS: readonly FieldSpec[] = [
  { name: 'tcp.urgent_pointer', label: 'Urgent pointer', at: 18, length: 2, value: showUint16 },
];

export function describeTcp(context: LayerContext): ProtocolLayer {
  const { bytes, start, end, wireEnd, frame } = context;
  const hasHeader = (frame.fields & FIELD_TCP_HEADER) !== 0;
  const headerBytes = hasHeader
    ? Math.max(TCP_BYTES, (bytes[start + FLAGS_AT] >>> 4) * 4)
    : TCP_BYTES;
  const fields = describeFields(context, PORT_FIELDS);
  if ((frame.fields & FIELD_TCP_LENGTH) !== 0)
    fields.push(derivedField('tcp.len', 'Payload length', `${frame.payloadLength}`));
  if (hasHeader) {
    const sum = { name: 'tcp', field: CHECKSUM_AT, length: wireEnd - start, isPseudo: true };
    fields.push(
      ...describeFields(context, HEADER_FIELDS),
      ...describeChecksum(context, sum),
      ...describeFields(context, URGENT_FIELDS),
    );
  }
  const optionsEnd = Math.min(start + headerBytes, end);
  if (hasHeader && optionsEnd > start + TCP_BYTES)
    fields.push(
      fieldAt(
        'tcp.options',
        'Options',
        `${headerBytes - TCP_BYTES} bytes`,
        start + TCP_BYTES,
        optionsEnd - start - TCP_BYTES,
        describeTcpOptions(bytes, start + TCP_BYTES, optionsEnd),
      ),
    );
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
