// The packet that an ICMP or ICMPv6 error quotes (RFC 792, RFC 1812 section 4.3.2.3, RFC 4443): decoded by the same decoders, kept in the sparse table `quotes`.
import { STATUS_LATER_FRAGMENT, STATUS_TRANSPORT } from '../model/packet-status';
import { PROTOCOL_ICMP, PROTOCOL_TCP } from '../model/protocols';
import type { SparseTable } from '../model/sparse-tables';
import { uint16, uint32, viewOf } from './bytes';
import { decodeLayer, MAXIMUM_LAYERS } from './decode-frame';
import { DecodedFrame, FIELD_TCP_HEADER, NEXT_IPV4, NEXT_IPV6, NEXT_NONE } from './decoded-frame';
import { ICMP_BYTES } from './icmp';
import { digestPayload } from './payload-digest';
import type { TupleInterner } from './tuple-interner';

/** A packet is no longer than its 16-bit length and an IPv6 header. */
const GREATEST_PACKET = 65_575;
/** Bytes of a TCP header up to the sequence number's end: the least that an error quotes behind the IP header. */
const LEAST_TCP_BYTES = 8;
/** Place of the source address in the header. */
const IPV4_SOURCE = 12;
const IPV6_SOURCE = 8;
const FRAGMENTATION_NEEDED = 0x0304;
const PACKET_TOO_BIG = 2;

/** Sets `quoted` to the beginning of the packet within the error that `frame` was decoded as; answers the first decoder. */
export function beginQuote(bytes: Uint8Array, frame: DecodedFrame, quoted: DecodedFrame): number {
  const start = frame.payload;
  const end = quoteEnd(bytes, frame);
  quoted.begin(start, end - start, 0);
  // What is quoted is the beginning of a packet: its own length holds, as far as it says.
  quoted.wireEnd = start + GREATEST_PACKET;
  return frame.protocol === PROTOCOL_ICMP ? NEXT_IPV4 : NEXT_IPV6;
}

/** Extensions may follow the quotation; then the header says its length in words (RFC 4884 section 4). */
function quoteEnd(bytes: Uint8Array, frame: DecodedFrame): number {
  const header = frame.payload - ICMP_BYTES;
  const type = bytes[header];
  let length = 0;
  if (frame.protocol === PROTOCOL_ICMP) {
    if (type === 3 || type === 11 || type === 12) length = bytes[header + 5] * 4;
  } else if (type === 1 || type === 3) length = bytes[header + 4] * 8;
  const end = frame.payload + length;
  return length > 0 && end < frame.end ? end : frame.end;
}

const quoted = new DecodedFrame();

/** Adds the quoted packet of an error to the table, under the error's row; nothing where its addresses are cut off. */
export function writeQuote(
  bytes: Uint8Array,
  frame: DecodedFrame,
  row: number,
  tuples: TupleInterner,
  table: SparseTable<'quotes'>,
): void {
  let next = beginQuote(bytes, frame, quoted);
  for (let layer = 0; next !== NEXT_NONE && layer < MAXIMUM_LAYERS; layer++)
    next = decodeLayer(bytes, quoted, next);
  if (quoted.family === 0) return;
  decodeShortTcp(bytes, quoted);
  const packet = quoted.source - (quoted.family === 4 ? IPV4_SOURCE : IPV6_SOURCE);
  // A length of 0, as the sender's kernel leaves it to the card (TSO), tells nothing of what was sent.
  const hasLength = quoted.wireEnd < frame.payload + GREATEST_PACKET;
  const digest = digestPayload(viewOf(bytes), quoted);
  table.push(row);
  table.push(tuples.internTuple(bytes, quoted));
  table.push(quoted.status);
  table.push(quoted.ipId);
  table.push(quoted.sequence);
  table.push(quoted.acknowledgement);
  table.push(quoted.flags);
  table.push(hasLength ? quoted.wireEnd - packet : 0);
  table.push(hasLength ? quoted.payloadLength : 0);
  table.push(digest);
  table.push(quoted.ttl);
  table.push(mtuOf(bytes, frame));
}

/** Ports and sequence number are enough of a TCP header here. */
function decodeShortTcp(bytes: Uint8Array, frame: DecodedFrame): void {
  if (frame.protocol !== PROTOCOL_TCP || (frame.fields & FIELD_TCP_HEADER) !== 0) return;
  if ((frame.status & STATUS_LATER_FRAGMENT) !== 0) return;
  if (frame.end - frame.position < LEAST_TCP_BYTES) return;
  frame.sequence = uint32(bytes, frame.position + 4);
  frame.status |= STATUS_TRANSPORT;
}

function mtuOf(bytes: Uint8Array, frame: DecodedFrame): number {
  const header = frame.payload - ICMP_BYTES;
  if (frame.protocol === PROTOCOL_ICMP)
    return frame.flags === FRAGMENTATION_NEEDED ? uint16(bytes, header + 6) : 0;
  return frame.flags >>> 8 === PACKET_TOO_BIG ? uint32(bytes, header + 4) : 0;
}
