// UDP (RFC 768). VXLAN and Geneve are known by their ports, VXLAN on others by its content.
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

const isVxlanPort = (port: number): boolean => port === PORT_VXLAN || port === PORT_VXLAN_LINUX;

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
  if (isVxlanPort(destinationPort) || isVxlanPort(sourcePort)) {
    checkOuterSum(bytes, at, frame);
    return NEXT_VXLAN;
  }
  if (destinationPort === PORT_GENEVE || sourcePort === PORT_GENEVE) {
    checkOuterSum(bytes, at, frame);
    return NEXT_GENEVE;
  }
  if (destinationPort === PORT_VXLAN_GPE || sourcePort === PORT_VXLAN_GPE) return NEXT_VXLAN_GPE;
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
