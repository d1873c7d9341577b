// UDP (RFC 768). VXLAN, Geneve and MPLS are known by their ports, VXLAN on others by its content.
import {
  STATUS_CHECKSUM_WRONG,
  STATUS_FRAGMENT,
  STATUS_MALFORMED,
  STATUS_OUTER_CHECKSUM_WRONG,
  STATUS_TRANSPORT,
} from '../model/packet-status';
import { uint16 } from './bytes';
import { describeChecksum } from './checksum-field';
import {
  type DecodedFrame,
  FIELD_PORTS,
  FIELD_UDP_LENGTH,
  NEXT_GENEVE,
  NEXT_NONE,
  NEXT_VXLAN,
  NEXT_VXLAN_GPE,
} from './decoded-frame';

import { type DescribeLayer, describeFields, type FieldSpec, makeLayer, showUint16 } from './field';
import { isChecksumWrong } from './transport-checksum';
import { decodeMplsInUdp } from './tunnel';
import { isVxlanByContent } from './vxlan-content';

export const UDP_BYTES = 8;
// Places of the header's fields: the decoder and the tree's table read at the same.
const SOURCE_PORT_AT = 0;
const DESTINATION_PORT_AT = 2;
const LENGTH_AT = 4;
const CHECKSUM_AT = 6;
const PORT_DNS = 53;
/** Requests and their answers; streams of larger datagrams are not added up. */
const CHECKED_BYTES = 512;
const PORT_VXLAN = 4789;
/** Linux's default before IANA gave VXLAN a port; Flannel and old kernels still use it. */
const PORT_VXLAN_LINUX = 8472;
const PORT_GENEVE = 6081;
const PORT_VXLAN_GPE = 4790;

const PORT_MPLS = 6635;

/** Services whose clients draw any port, a tunnel's too: DNS, NTP, SNMP, syslog. Wireshark asks the lower port first as well. */
export function isServicePort(port: number): boolean {
  return port === PORT_DNS || port === 123 || port === 161 || port === 514;
}

/** The port of a tunnel that one end has; 0: neither, or the other end is a service's. */
function tunnelPort({ sourcePort, destinationPort, findsVxlan }: DecodedFrame): number {
  // `packets` does as tshark does that was told that 8472 is VXLAN (PRODUCT.md).
  if (!findsVxlan && (sourcePort === PORT_VXLAN_LINUX || destinationPort === PORT_VXLAN_LINUX))
    return PORT_VXLAN_LINUX;
  if (isTunnelPort(destinationPort)) return isServicePort(sourcePort) ? 0 : destinationPort;
  return isTunnelPort(sourcePort) && !isServicePort(destinationPort) ? sourcePort : 0;
}

function isTunnelPort(port: number): boolean {
  switch (port) {
    case PORT_VXLAN:
    case PORT_VXLAN_LINUX:
    case PORT_VXLAN_GPE:
    case PORT_GENEVE:
    case PORT_MPLS:
      return true;
    default:
      return false;
  }
}

export function decodeUdp(bytes: Uint8Array, frame: DecodedFrame): number {
  const at = frame.position;
  if (frame.end - at < UDP_BYTES) {
    frame.status |= STATUS_MALFORMED;
    if (frame.end - at >= 4) decodePorts(bytes, frame);
    if (frame.end - at >= 6) setLength(bytes, frame);
    return NEXT_NONE;
  }
  decodePorts(bytes, frame);
  setLength(bytes, frame);
  frame.status |= STATUS_TRANSPORT;
  frame.payload = at + UDP_BYTES;
  // The length within UDP may be 0 (jumbogram, offload) or contradict IP's, which holds then.
  const available = frame.wireEnd - at;
  if (frame.udpLength >= UDP_BYTES && frame.udpLength <= available)
    frame.payloadLength = frame.udpLength - UDP_BYTES;
  else {
    frame.payloadLength = available - UDP_BYTES;
    // A first fragment holds less than the datagram's length, rightly.
    if (frame.udpLength !== 0 && (frame.status & STATUS_FRAGMENT) === 0)
      frame.status |= STATUS_MALFORMED;
  }
  const { sourcePort, destinationPort } = frame;
  frame.position = at + UDP_BYTES;
  const tunnel = tunnelPort(frame);
  if (tunnel !== 0) {
    checkOuterSum(bytes, at, frame);
    if (tunnel === PORT_MPLS) return decodeMplsInUdp(frame);
    return tunnel === PORT_GENEVE
      ? NEXT_GENEVE
      : tunnel === PORT_VXLAN_GPE
        ? NEXT_VXLAN_GPE
        : NEXT_VXLAN;
  }
  if (
    (sourcePort === PORT_DNS || destinationPort === PORT_DNS) &&
    frame.payloadLength >= 2 &&
    frame.end - frame.payload >= 2
  )
    frame.sequence = uint16(bytes, frame.payload);
  else if (frame.findsVxlan && isVxlanByContent(bytes, frame)) {
    checkOuterSum(bytes, at, frame);
    return NEXT_VXLAN;
  }
  if (
    frame.payloadLength <= CHECKED_BYTES &&
    isChecksumWrong(bytes, frame, at, UDP_BYTES + frame.payloadLength, CHECKSUM_AT)
  )
    frame.status |= STATUS_CHECKSUM_WRONG;
  return NEXT_NONE;
}

/** Most tunnels send none (RFC 7348 section 5): only where there is one does looking at it cost anything. */
function checkOuterSum(bytes: Uint8Array, at: number, frame: DecodedFrame): void {
  if (uint16(bytes, at + CHECKSUM_AT) === 0) return;
  if (isChecksumWrong(bytes, frame, at, UDP_BYTES + frame.payloadLength, CHECKSUM_AT))
    frame.status |= STATUS_OUTER_CHECKSUM_WRONG;
}

function decodePorts(bytes: Uint8Array, frame: DecodedFrame): void {
  frame.sourcePort = uint16(bytes, frame.position + SOURCE_PORT_AT);
  frame.destinationPort = uint16(bytes, frame.position + DESTINATION_PORT_AT);
  frame.fields |= FIELD_PORTS;
}

function setLength(bytes: Uint8Array, frame: DecodedFrame): void {
  frame.udpLength = uint16(bytes, frame.position + LENGTH_AT);
  frame.fields |= FIELD_UDP_LENGTH;
}

const PORT_FIELDS: readonly FieldSpec[] = [
  { name: 'udp.srcport', label: 'Source port', at: SOURCE_PORT_AT, length: 2, value: showUint16 },
  {
    name: 'udp.dstport',
    label: 'Destination port',
    at: DESTINATION_PORT_AT,
    length: 2,
    value: showUint16,
  },
  { name: 'udp.length', label: 'Length', at: LENGTH_AT, length: 2, value: showUint16 },
];

export const describeUdp: DescribeLayer = (context) => {
  const { start, frame } = context;
  const length = UDP_BYTES + frame.payloadLength;
  return makeLayer(context, {
    name: 'udp',
    title: 'UDP',
    summary: `${frame.sourcePort} → ${frame.destinationPort}, ${frame.payloadLength} bytes`,
    fields: [
      ...describeFields(context, PORT_FIELDS),
      ...describeChecksum(context, { name: 'udp', field: CHECKSUM_AT, length, isPseudo: true }),
    ],
    layerEnd: start + UDP_BYTES,
  });
};
