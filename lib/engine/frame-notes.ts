// What a capture's file says of a frame beside its bytes, as a layer of the inspector's tree: comments, packet id, flags, verdicts, its
// interface, its check sequence. Names are Wireshark's. And the names that the file gives addresses, as fields of the layers that have them.
import type { AddressName, CaptureInterface } from '../model/capture';
import type { ProtocolField, ProtocolLayer } from '../model/protocol-tree';
import type { SparseName, SparseTables } from '../model/sparse-tables';
import { packetFlagsOf, type ReadCapture } from './read-frame';

/** Comments on the frame, in the file's order. */
export const commentsOf = ({ table, summary }: ReadCapture, row: number): readonly string[] =>
  positionsOf(table.sparse, 'comments', row).map(
    (at) => summary.comments[table.sparse.comments.get(at, 'index')],
  );

function positionsOf(sparse: SparseTables, name: SparseName, row: number): readonly number[] {
  const table = sparse[name];
  const positions: number[] = [];
  for (let at = table.first(row); at < table.length && table.get(at, 'row') === row; at += 1)
    positions.push(at);
  return positions;
}

const noted = (name: string, label: string, value: string): ProtocolField => ({
  name,
  label,
  value,
  start: 0,
  length: 0,
});

const hex = (high: number, low: number): string =>
  `0x${high.toString(16).padStart(8, '0')}${low.toString(16).padStart(8, '0')}`;

/** epb_verdict's kinds, as Wireshark names them. */
const VERDICTS: readonly (readonly [name: string, label: string])[] = [
  ['frame.verdict.hw', 'Hardware'],
  ['frame.verdict.ebpf_tc', 'eBPF at TC'],
  ['frame.verdict.ebpf_xdp', 'eBPF at XDP'],
];

const RECEPTIONS = ['not specified', 'unicast', 'multicast', 'broadcast', 'promiscuous'] as const;
/** Bits of epb_flags beyond direction, reception and the length of the check sequence (draft-ietf-opsawg-pcapng section 4.3.1). */
const FLAG_WORDS: readonly (readonly [bit: number, name: string, words: string])[] = [
  [9, 'checksum_not_ready', 'Checksum not ready (offloaded)'],
  [10, 'checksum_valid', 'Checksum was verified'],
  [11, 'tso', 'TCP segmentation offloaded'],
  [24, 'crc_error', 'CRC error'],
  [25, 'packet_too_long', 'Packet too long'],
  [26, 'packet_too_short', 'Packet too short'],
  [27, 'wrong_inter_frame_gap', 'Wrong gap between frames'],
  [28, 'unaligned_frame', 'Unaligned frame'],
  [29, 'start_frame_delimiter_error', 'Start frame delimiter error'],
  [30, 'preamble_error', 'Preamble error'],
  [31, 'symbol_error', 'Symbol error'],
];

/** The layer `frame`; null where the file says nothing beside the bytes. `decodedLength`: bytes before the check sequence. */
export function describeNotes(
  capture: ReadCapture,
  row: number,
  bytes: Uint8Array,
  decodedLength: number,
): ProtocolLayer | null {
  const { table, links, summary } = capture;
  const { packetIds, verdicts } = table.sparse;
  const fields: ProtocolField[] = [];
  for (const comment of commentsOf(capture, row))
    fields.push(noted('frame.comment', 'Comment', comment));
  fields.push(...describeInterface(summary.interfaces[links[table.get('link', row)].interface]));
  for (const at of positionsOf(table.sparse, 'packetIds', row))
    fields.push(
      noted(
        'frame.packet_id',
        'Packet id',
        hex(packetIds.get(at, 'high'), packetIds.get(at, 'low')),
      ),
    );
  const flags = packetFlagsOf(table, row);
  if (flags !== 0) fields.push(describeFlags(flags));
  for (const at of positionsOf(table.sparse, 'verdicts', row)) {
    const kind = verdicts.get(at, 'kind');
    const [name, label] = VERDICTS[kind] ?? ['frame.verdict.unknown', `Kind ${kind}`];
    fields.push(
      noted(name, `Verdict: ${label}`, hex(verdicts.get(at, 'high'), verdicts.get(at, 'low'))),
    );
  }
  if (bytes.length > decodedLength)
    fields.push({
      name: 'eth.fcs',
      label: 'Frame check sequence',
      value: `0x${Array.from(bytes.subarray(decodedLength), (byte) => byte.toString(16).padStart(2, '0')).join('')}`,
      start: decodedLength,
      length: bytes.length - decodedLength,
    });
  return fields.length === 0
    ? null
    : {
        name: 'frame',
        title: 'Frame',
        summary: 'what the file notes beside its bytes',
        start: 0,
        length: 0,
        fields,
      };
}

function describeInterface({ name, description, details }: CaptureInterface): ProtocolField[] {
  const fields: ProtocolField[] = [];
  if (name !== null) fields.push(noted('frame.interface_name', 'Interface', name));
  if (description !== null)
    fields.push(noted('frame.interface_description', 'Interface description', description));
  if (details?.hardware !== undefined)
    fields.push(noted('if_hardware', 'Interface hardware', details.hardware));
  if (details?.os !== undefined) fields.push(noted('if_os', 'Operating system', details.os));
  if (details?.mac !== undefined) fields.push(noted('if_MACaddr', 'Interface MAC', details.mac));
  if (details?.addresses !== undefined)
    fields.push(noted('if_IPv4addr', 'Interface addresses', details.addresses.join(', ')));
  if (details?.speed !== undefined)
    fields.push(noted('if_speed', 'Interface speed', `${details.speed / 1e6} Mbit/s`));
  if (details?.filter !== undefined)
    fields.push(noted('if_filter', 'Capture filter', details.filter));
  return fields;
}

function describeFlags(flags: number): ProtocolField {
  const children: ProtocolField[] = [];
  const add = (name: string, label: string, value: string): void => {
    children.push(noted(`frame.packet_flags_${name}`, label, value));
  };
  const direction = flags & 3;
  if (direction !== 0)
    add('direction', 'Direction', direction === 1 ? 'inbound' : direction === 2 ? 'outbound' : '3');
  const reception = (flags >> 2) & 7;
  if (reception !== 0)
    add('reception_type', 'Reception', RECEPTIONS[reception] ?? String(reception));
  for (const [bit, name, words] of FLAG_WORDS)
    if (((flags >>> bit) & 1) === 1) add(name, words, 'yes');
  const value = `0x${flags.toString(16).padStart(8, '0')}`;
  return { ...noted('frame.packet_flags', 'Packet flags', value), children };
}

/** By field of an address: the field of its name. */
const HOST_FIELDS: Readonly<Record<string, readonly [name: string, label: string]>> = {
  'ip.src': ['ip.src_host', 'Source host'],
  'ip.dst': ['ip.dst_host', 'Destination host'],
  'ipv6.src': ['ipv6.src_host', 'Source host'],
  'ipv6.dst': ['ipv6.dst_host', 'Destination host'],
};

/** The layers with the names that the capture's file gives their addresses: labels, told as what they are. */
export function nameAddresses(
  layers: readonly ProtocolLayer[],
  names: readonly AddressName[],
): readonly ProtocolLayer[] {
  if (names.length === 0) return layers;
  const nameOf = new Map<string, string>();
  for (const { address, name } of names) if (!nameOf.has(address)) nameOf.set(address, name);
  return layers.map((layer) => ({
    ...layer,
    fields: layer.fields.flatMap((field) => {
      const host = HOST_FIELDS[field.name];
      const name = nameOf.get(field.value);
      return host === undefined || name === undefined
        ? [field]
        : [
            field,
            { ...field, name: host[0], label: `${host[1]}, as the file names it`, value: name },
          ];
    }),
  }));
}
