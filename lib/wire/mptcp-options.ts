// Multipath TCP's option (RFC 8684; version 0: RFC 6824): its subtypes as fields of the tree.
import type { ProtocolField } from '../model/protocol-tree';
import { uint16, uint32 } from './bytes';
import { fieldAt, showBytes, showHex32, showIpv4, showIpv6 } from './field';

/** RFC 8684 section 8. */
const SUBTYPES = [
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

type Describe = (reader: OptionReader) => readonly string[];

/** Takes fields one after the other off the option, as long as there are bytes. */
class OptionReader {
  readonly fields: ProtocolField[] = [];
  at: number;

  constructor(
    readonly bytes: Uint8Array,
    readonly start: number,
    readonly length: number,
  ) {
    this.at = start + 3;
  }

  get left(): number {
    return this.start + this.length - this.at;
  }

  /** Byte `offset` of the option. */
  byte(offset: number): number {
    return this.bytes[this.start + offset];
  }

  take(name: string, label: string, length: number, show: (at: number) => string): void {
    if (length <= 0 || this.left < length) return;
    this.fields.push(fieldAt(`tcp.options.mptcp.${name}`, label, show(this.at), this.at, length));
    this.at += length;
  }

  number(name: string, label: string, length: 1 | 2 | 4): void {
    const { bytes } = this;
    this.take(name, label, length, (at) =>
      length === 1
        ? `${bytes[at]}`
        : length === 2
          ? `${uint16(bytes, at)}`
          : `${uint32(bytes, at)}`,
    );
  }

  hex(name: string, label: string, length: number): void {
    this.take(name, label, length, (at) => `0x${showBytes(this.bytes, at, length)}`);
  }

  /** A sequence number of 4 or 8 bytes, in decimal. */
  sequence(name: string, label: string, length: number): void {
    const { bytes } = this;
    this.take(name, label, length, (at) =>
      length === 4
        ? `${uint32(bytes, at)}`
        : `${(BigInt(uint32(bytes, at)) << 32n) | BigInt(uint32(bytes, at + 4))}`,
    );
  }
}

const describeCapable: Describe = (reader) => {
  const version = reader.byte(2) & 0x0f;
  reader.take('flags', 'Flags', 1, (at) => `0x${reader.bytes[at].toString(16).padStart(2, '0')}`);
  reader.hex('sendkey', "Sender's key", 8);
  reader.hex('recvkey', "Receiver's key", 8);
  reader.number('datalvllen', 'Data length', 2);
  return [`version ${version}`];
};

const describeJoin: Describe = (reader) => {
  reader.number('addrid', 'Address', 1);
  if (reader.length === 12) {
    reader.take('recvtok', "Receiver's token", 4, (at) => showHex32(reader.bytes, at));
    reader.take('sendrand', "Sender's random number", 4, (at) => showHex32(reader.bytes, at));
  } else if (reader.length === 16) {
    reader.hex('sendtrunchmac', "Sender's code", 8);
    reader.take('sendrand', "Sender's random number", 4, (at) => showHex32(reader.bytes, at));
  } else {
    reader.at = reader.start + 4;
    reader.hex('sendhmac', "Sender's code", reader.left);
  }
  return [reader.byte(2) & 1 ? 'backup' : ''];
};

const describeData: Describe = (reader) => {
  const flags = reader.byte(3);
  reader.take('flags', 'Flags', 1, () => `0x${flags.toString(16).padStart(2, '0')}`);
  if (flags & 0x01) reader.sequence('rawdataack', 'Data acknowledgement', flags & 0x02 ? 8 : 4);
  if (flags & 0x04) {
    reader.sequence('rawdataseqno', 'Data sequence number', flags & 0x08 ? 8 : 4);
    reader.number('subflowseqno', 'Subflow sequence number', 4);
    reader.number('datalvllen', 'Data length', 2);
    if (reader.left >= 2)
      reader.take('checksum', 'Checksum', 2, (at) => `0x${showBytes(reader.bytes, at, 2)}`);
  }
  return [flags & 0x10 ? 'data FIN' : ''];
};

const describeAddress: Describe = (reader) => {
  const { bytes } = reader;
  const low = reader.byte(2) & 0x0f;
  reader.number('addrid', 'Address', 1);
  // Version 0 says the family in the low half byte; version 1 says "echo", and the length tells.
  const isIpv6 = low === 6 || (low !== 4 && reader.left >= 16);
  if (isIpv6) reader.take('ipv6', 'Advertised address', 16, (at) => showIpv6(bytes, at));
  else reader.take('ipv4', 'Advertised address', 4, (at) => showIpv4(bytes, at));
  if (reader.left === 2 || reader.left === 10) reader.number('port', 'Advertised port', 2);
  if (reader.left === 8) reader.hex('addaddrtrunchmac', 'Code', 8);
  return [reader.fields.find(({ label }) => label === 'Advertised address')?.value ?? ''];
};

const describeRemoved: Describe = (reader) => {
  while (reader.left > 0) reader.number('addrid', 'Address', 1);
  return [];
};

const describePriority: Describe = (reader) => {
  reader.number('addrid', 'Address', 1);
  return [reader.byte(2) & 1 ? 'backup' : ''];
};

const describeFail: Describe = (reader) => {
  reader.at = reader.start + 4;
  reader.sequence('rawdataseqno', 'Data sequence number', 8);
  return [];
};

const describeFastClose: Describe = (reader) => {
  reader.at = reader.start + 4;
  reader.hex('recvkey', "Receiver's key", 8);
  return [];
};

const describeReset: Describe = (reader) => {
  reader.number('rst_reason', 'Reason', 1);
  return [reader.byte(2) & 1 ? 'transient' : ''];
};

const DESCRIBE: readonly Describe[] = [
  describeCapable,
  describeJoin,
  describeData,
  describeAddress,
  describeRemoved,
  describePriority,
  describeFail,
  describeFastClose,
  describeReset,
];

/** The option at `start`, of 3 bytes at least: its text, and its fields behind kind and length. */
export function describeMptcp(
  bytes: Uint8Array,
  start: number,
  length: number,
): { readonly value: string; readonly fields: readonly ProtocolField[] } {
  const subtype = bytes[start + 2] >>> 4;
  const name = SUBTYPES[subtype] ?? `subtype ${subtype}`;
  const subtypeField = fieldAt(
    'tcp.options.mptcp.subtype',
    'Subtype',
    `${name} (${subtype})`,
    start + 2,
    1,
  );
  const describe = DESCRIBE[subtype];
  if (describe === undefined || length < 4) return { value: name, fields: [subtypeField] };
  const reader = new OptionReader(bytes, start, length);
  const words = describe(reader).filter((word) => word !== '');
  return { value: [name, ...words].join(', '), fields: [subtypeField, ...reader.fields] };
}
