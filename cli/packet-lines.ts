// A line per frame with the names and formats of `tshark -T fields`, straight from the decoders: what `hoplane packets` prints.
// Inside tunnels the innermost packet counts; the packet that an ICMP error quotes does not. PRODUCT.md has the contract, scripts/oracle.mjs the comparison.
import { NANOSECONDS_PER_SECOND } from '../lib/base/time';
import { TUNNEL_KINDS } from '../lib/model/encapsulation';
import { STATUS_TIMESTAMPS } from '../lib/model/packet-status';
import { PROTOCOL_ICMP, PROTOCOL_TCP, PROTOCOL_UDP } from '../lib/model/protocols';
import type { ContainerReader, FrameSink } from '../lib/read/container-reader';
import { formatAddress } from '../lib/wire/address-text';
import { decodeFrame } from '../lib/wire/decode-frame';
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
  FIELD_TIMESTAMP_VALUE,
  FIELD_UDP_LENGTH,
} from '../lib/wire/decoded-frame';

const COLUMNS = [
  'file',
  'frame.number',
  'frame.time_epoch',
  'frame.len',
  'frame.cap_len',
  'src',
  'dst',
  'proto',
  'srcport',
  'dstport',
  'ip.id',
  'ip.ttl',
  'tcp.seq_raw',
  'tcp.ack_raw',
  'tcp.flags',
  'tcp.window_size_value',
  'tcp.len',
  'tcp.options.timestamp.tsval',
  'tcp.options.timestamp.tsecr',
  'udp.length',
  'icmp.type',
  'icmp.code',
  'vxlan.vni',
] as const;

export const PACKETS_HEADER = `${COLUMNS.join('\t')}\n`;

/** Makes lines of the frames it is given; `takeLines` empties it. */
export class PacketLines implements FrameSink {
  time = 0;
  offset = 0;
  private readonly decoded = new DecodedFrame(false);
  private lines = '';
  private frames = 0;
  private readonly file: string;

  /** `reader` gives the frames: it is asked for what their times are relative to. */
  constructor(
    file: string,
    private readonly reader: () => Pick<ContainerReader, 'frameHasTime' | 'baseTime' | 'exactTime'>,
  ) {
    // A name may hold anything; a line's columns may not.
    this.file = file.replace(/[\t\r\n]/g, ' ');
  }

  frame(
    bytes: Uint8Array,
    start: number,
    capturedLength: number,
    wireLength: number,
    interfaceIndex: number,
    linkType: number,
    _direction: number,
    checkBytes: number,
  ): void {
    this.frames++;
    const { time } = this;
    const length = wireLength - checkBytes;
    const captured = checkBytes === 0 ? capturedLength : Math.min(capturedLength, length);
    decodeFrame(bytes, start, captured, length, linkType, this.decoded);
    const reader = this.reader();
    const epoch = !reader.frameHasTime
      ? ''
      : Math.abs(time) <= Number.MAX_SAFE_INTEGER
        ? formatEpoch(reader.baseTime, time)
        : formatFarEpoch(reader.exactTime(bytes, start, interfaceIndex));
    const fields = packetFields(bytes, this.decoded);
    this.lines += `${this.file}\t${this.frames}\t${epoch}\t${wireLength}\t${capturedLength}\t${fields}\n`;
  }

  takeLines(): string {
    const { lines } = this;
    this.lines = '';
    return lines;
  }
}

/** `baseTime` is a whole second. */
function formatEpoch(baseTime: bigint, time: number): string {
  const baseSeconds = baseTime / BigInt(NANOSECONDS_PER_SECOND);
  const seconds = Math.floor(time / NANOSECONDS_PER_SECOND);
  const nanoseconds = time - seconds * NANOSECONDS_PER_SECOND;
  return `${baseSeconds + BigInt(seconds)}.${nanoseconds.toString().padStart(9, '0')}`;
}

/** A time some months from the file's first, of which the column has no whole nanoseconds. */
function formatFarEpoch(time: bigint): string {
  const second = BigInt(NANOSECONDS_PER_SECOND);
  const nanoseconds = ((time % second) + second) % second;
  return `${(time - nanoseconds) / second}.${nanoseconds.toString().padStart(9, '0')}`;
}

/** The columns from `src` on. */
function packetFields(bytes: Uint8Array, packet: DecodedFrame): string {
  const isIp = (packet.fields & FIELD_IP_PROTOCOL) !== 0;
  const isTcp = isIp && packet.protocol === PROTOCOL_TCP;
  const isUdp = isIp && packet.protocol === PROTOCOL_UDP;
  const isIcmp = isIp && packet.protocol === PROTOCOL_ICMP;
  const has = (field: number, value: number | string): number | string =>
    (packet.fields & field) !== 0 ? value : '';
  const address = (field: number, at: number): string =>
    (packet.fields & field) !== 0 ? formatAddress(bytes, at, packet.version) : '';
  const hasTimestamps = (packet.status & STATUS_TIMESTAMPS) !== 0;
  const tcp = (value: number | string): number | string =>
    isTcp ? has(FIELD_TCP_HEADER, value) : '';
  return [
    address(FIELD_IP_SOURCE, packet.source),
    address(FIELD_IP_DESTINATION, packet.destination),
    has(FIELD_IP_PROTOCOL, packet.headerProtocol),
    has(FIELD_PORTS, packet.sourcePort),
    has(FIELD_PORTS, packet.destinationPort),
    packet.version === 4 ? has(FIELD_IP_ID, hex(packet.ipId)) : '',
    has(FIELD_IP_TTL, packet.ttl),
    tcp(packet.sequence),
    tcp(packet.acknowledgement),
    tcp(hex(packet.flags)),
    tcp(packet.window),
    isTcp ? has(FIELD_TCP_LENGTH, packet.payloadLength) : '',
    has(FIELD_TIMESTAMP_VALUE, hasTimestamps ? packet.timestampValue : packet.cutTimestampValue),
    hasTimestamps ? packet.timestampEcho : '',
    isUdp ? has(FIELD_UDP_LENGTH, packet.udpLength) : '',
    isIcmp ? has(FIELD_ICMP_TYPE, packet.flags >>> 8) : '',
    isIcmp ? has(FIELD_ICMP_TYPE, packet.flags & 0xff) : '',
    innermostVxlan(packet),
  ].join('\t');
}

const hex = (value: number): string => `0x${value.toString(16).padStart(4, '0')}`;

function innermostVxlan(packet: DecodedFrame): number | string {
  for (let i = packet.tunnelCount - 1; i >= 0; i--)
    if (TUNNEL_KINDS[packet.tunnelKinds[i]] === 'vxlan') return packet.tunnelIdentifiers[i];
  return '';
}
