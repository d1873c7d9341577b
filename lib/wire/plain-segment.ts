// What nearly every frame of a large capture is, straight into columns: TCP without options but timestamps, over Ethernet and IPv4 or IPv6, also within VXLAN.
// Anything out of the ordinary is left to the decoders, whose rows these equal (plain-segment.test.ts); numbers of tuples and links are theirs too, remembered here.
import type { PacketColumns } from '../model/packet-columns';
import { DIGEST_BYTES, LENGTH_OVERFLOW } from '../model/packet-columns';
import {
  STATUS_CHECKSUM_WRONG,
  STATUS_DONT_FRAGMENT,
  STATUS_IPV4,
  STATUS_IPV6,
  STATUS_PAYLOAD_CUT,
  STATUS_TIMESTAMPS,
  STATUS_TRANSPORT,
  STATUS_TUNNELLED,
} from '../model/packet-status';
import { beginsConversation } from './beginnings';
import type { HintWriter } from './hint-writer';
import { payloadDigest } from './payload-digest';
import { NOT_FOUND, SeenWords } from './seen-words';
import { MOST_SUMMED } from './tcp';
import { isServicePort } from './udp';

const ETHERNET_BYTES = 14;
const IPV4_BYTES = 20;
const IPV6_BYTES = 40;
const TCP_BYTES = 20;
const TIMESTAMPS_BYTES = 12;
const CHECKSUM_AT = 16;
const VXLAN_HEADERS = 20 + 8 + 8;
/** Of a VXLAN packet from the frame's start: outer addresses, and the network identifier. */
const OUTER_SOURCE = ETHERNET_BYTES + 12;
const IDENTIFIER = ETHERNET_BYTES + 20 + 8 + 4;
/** EtherType IPv4, version 4 and a header of 20 bytes. */
const IPV4_START = 0x080045;
/** EtherType IPv6 and version 6. */
const IPV6_START = 0x86dd6;
/** More fragments, or a fragment's offset, in front of TTL and protocol. */
const FRAGMENT_BITS = 0x3fff0000;
const TCP = 6;
const UDP = 17;
const SYN = 2;
/** NOP, NOP, timestamps of length 10. */
const ALIGNED_TIMESTAMPS = 0x0101080a;
const PORT_VXLAN = 4789;
const PORT_VXLAN_LINUX = 8472;
/** Only the bit that says that there is an identifier. */
const VXLAN_FLAGS = 0x08000000;

export class PlainSegments {
  private readonly tuples4 = new SeenWords(3);
  private readonly tuples6 = new SeenWords(9);
  /** By MACs, interface and direction, outer addresses and VNI. */
  private readonly links = new SeenWords(7);
  /** Seven words of a link's key and its number, by a hash of 6 bits; no interface has the number -1. */
  private readonly recent = new Int32Array(64 * 8).fill(-1);
  /** The frame that was declined is plain, only its tuple or link was not known. */
  private unknown: SeenWords | null = null;

  constructor(private readonly hints: HintWriter) {}

  /** Writes a row; false, with nothing written, where the frame is for the decoders. `from`: the interface's number × 4 + direction. */
  write(
    view: DataView,
    start: number,
    capturedLength: number,
    wireLength: number,
    from: number,
    columns: PacketColumns,
    row: number,
  ): boolean {
    this.unknown = null;
    if (capturedLength < ETHERNET_BYTES + IPV4_BYTES + TCP_BYTES) return false;
    if (wireLength >= LENGTH_OVERFLOW || capturedLength > wireLength) return false;
    const end = start + capturedLength;
    const wireEnd = start + wireLength;
    let ethernet = start;
    let status = STATUS_TRANSPORT;
    let type = view.getUint32(start + 12);
    if (type >>> 8 === IPV4_START && view.getUint8(start + 23) === UDP) {
      ethernet = this.enterVxlan(view, start, end, wireEnd);
      if (ethernet < 0) return false;
      type = view.getUint32(ethernet + 12);
      status |= STATUS_TUNNELLED;
    }
    const ip = ethernet + ETHERNET_BYTES;
    let tcp: number;
    let packetEnd: number;
    let ttl: number;
    let tos: number;
    let ipId = 0;
    let tuple: number;
    let tuples: SeenWords;
    if (type >>> 8 === IPV4_START) {
      const control = view.getUint32(ip + 6);
      if ((control & (FRAGMENT_BITS | 0xff)) !== TCP) return false;
      const lengthAndId = view.getUint32(ip + 2);
      if (lengthAndId >>> 16 === 0) return false;
      tcp = ip + IPV4_BYTES;
      packetEnd = ip + (lengthAndId >>> 16);
      ipId = lengthAndId & 0xffff;
      ttl = (control >>> 8) & 0xff;
      tos = type & 0xff;
      status |= control & 0x40000000 ? STATUS_IPV4 | STATUS_DONT_FRAGMENT : STATUS_IPV4;
      tuples = this.tuples4;
      if (end - tcp < TCP_BYTES) return false;
      tuple = tuples.findThree(view.getInt32(ip + 12), view.getInt32(ip + 16), view.getInt32(tcp));
    } else if (type >>> 12 === IPV6_START) {
      tcp = ip + IPV6_BYTES;
      if (end - tcp < TCP_BYTES || view.getUint8(ip + 6) !== TCP) return false;
      const payloadLength = view.getUint16(ip + 4);
      if (payloadLength === 0) return false;
      packetEnd = tcp + payloadLength;
      ttl = view.getUint8(ip + 7);
      tos = (type >>> 4) & 0xff;
      tuples = this.tuples6;
      tuple = tuples.findNine(view, ip + 8, tcp);
      status |= STATUS_IPV6;
    } else return false;
    if (packetEnd > wireEnd) return false;

    const control = view.getUint32(tcp + 12);
    const flags = (control >>> 16) & 0xfff;
    const headerBytes = (control >>> 28) * 4;
    if ((flags & SYN) !== 0) return false;
    const payload = tcp + headerBytes;
    if (payload > packetEnd || payload > end) return false;
    if (headerBytes === TCP_BYTES + TIMESTAMPS_BYTES) {
      if (view.getUint32(tcp + TCP_BYTES) !== ALIGNED_TIMESTAMPS) return false;
      status |= STATUS_TIMESTAMPS;
    } else if (headerBytes !== TCP_BYTES) return false;

    if (tuple === NOT_FOUND) return this.decline(tuples);
    // A first message says what the conversation is.
    if (
      payload < packetEnd &&
      payload < end &&
      beginsConversation(view, payload, end) &&
      !this.hints.isTold(tuple)
    )
      return false;
    const link =
      (status & STATUS_TUNNELLED) === 0
        ? this.findLink(view, ethernet, from, 0, 0, 0)
        : this.findLink(
            view,
            ethernet,
            from,
            view.getInt32(start + OUTER_SOURCE),
            view.getInt32(start + OUTER_SOURCE + 4),
            // The last byte is reserved; set, it tells an identifier of 0 from none.
            view.getInt32(start + IDENTIFIER) | 0xff,
          );
    if (link === NOT_FOUND) return this.decline(this.links);

    const payloadLength = packetEnd - payload;
    if (payloadLength > 0) {
      const digested = payloadLength < DIGEST_BYTES ? payloadLength : DIGEST_BYTES;
      if (payload + digested <= end)
        columns.payloadDigest[row] = payloadDigest(view, payload, digested);
      else status |= STATUS_PAYLOAD_CUT;
      columns.payloadLength[row] = payloadLength;
      if (
        payloadLength <= MOST_SUMMED &&
        packetEnd <= end &&
        isSumWrong(view, status & STATUS_IPV4 ? tcp - 8 : tcp - 32, tcp, packetEnd)
      )
        status |= STATUS_CHECKSUM_WRONG;
    }
    columns.tuple[row] = tuple;
    columns.link[row] = link;
    columns.sequence[row] = view.getUint32(tcp + 4);
    columns.acknowledgement[row] = view.getUint32(tcp + 8);
    if (headerBytes !== TCP_BYTES) {
      columns.timestampValue[row] = view.getUint32(tcp + TCP_BYTES + 4);
      columns.timestampEcho[row] = view.getUint32(tcp + TCP_BYTES + 8);
    }
    columns.capturedLength[row] = capturedLength;
    columns.wireLength[row] = wireLength;
    columns.ipId[row] = ipId;
    columns.flags[row] = flags;
    columns.window[row] = control & 0xffff;
    columns.status[row] = status;
    columns.ttl[row] = ttl;
    columns.tos[row] = tos;
    return true;
  }

  /** After a frame was declined: what the decoders made of its tuple and its link, for the next one like it. */
  learn(tuple: number, link: number): void {
    const { unknown } = this;
    if (unknown === null) return;
    unknown.add(unknown === this.links ? link : tuple);
    this.unknown = null;
  }

  private decline(unknown: SeenWords): false {
    this.unknown = unknown;
    return false;
  }

  /** Where the inner Ethernet header begins; -1: not a plain VXLAN packet of two whole headers. */
  private enterVxlan(view: DataView, start: number, end: number, wireEnd: number): number {
    const ip = start + ETHERNET_BYTES;
    const udp = ip + IPV4_BYTES;
    const inner = ip + VXLAN_HEADERS;
    if (end - inner < ETHERNET_BYTES + IPV4_BYTES + TCP_BYTES) return -1;
    const port = view.getUint16(udp + 2);
    if (port !== PORT_VXLAN && port !== PORT_VXLAN_LINUX) return -1;
    if (isServicePort(view.getUint16(udp))) return -1;
    const totalLength = view.getUint16(ip + 2);
    // Nothing behind the packet, no fragment, no checksum that would have to be looked at, the lengths agree.
    if (ip + totalLength !== wireEnd || (view.getUint16(ip + 6) & 0x3fff) !== 0) return -1;
    if (view.getUint32(udp + 4) !== (totalLength - IPV4_BYTES) * 0x10000) return -1;
    if (view.getUint32(udp + 8) !== VXLAN_FLAGS) return -1;
    return inner;
  }

  /** Number of a link; most frames have one of the few that were met last. */
  private findLink(
    view: DataView,
    ethernet: number,
    from: number,
    outerSource: number,
    outerDestination: number,
    identifier: number,
  ): number {
    const { recent } = this;
    const first = view.getInt32(ethernet);
    const second = view.getInt32(ethernet + 4);
    const third = view.getInt32(ethernet + 8);
    const slot = (Math.imul(second ^ Math.imul(third, 31) ^ identifier, 0x9e3779b1) >>> 26) * 8;
    if (
      recent[slot] === first &&
      recent[slot + 1] === second &&
      recent[slot + 2] === third &&
      recent[slot + 3] === from &&
      recent[slot + 4] === outerSource &&
      recent[slot + 5] === outerDestination &&
      recent[slot + 6] === identifier
    )
      return recent[slot + 7];
    const { key } = this.links;
    key[0] = first;
    key[1] = second;
    key[2] = third;
    key[3] = from;
    key[4] = outerSource;
    key[5] = outerDestination;
    key[6] = identifier;
    const link = this.links.find();
    if (link !== NOT_FOUND) {
      recent.set(key, slot);
      recent[slot + 7] = link;
    }
    return link;
  }
}

/**
 * checksum.ts's answer, `wrong` or not, for a TCP segment captured whole, in integers alone: a word of 32 bits at a time, as two of the 16 bits of RFC 1071.
 */
function isSumWrong(view: DataView, addresses: number, tcp: number, end: number): boolean {
  let pseudo = TCP + end - tcp;
  for (let at = addresses; at < tcp; at += 4) {
    const word = view.getInt32(at);
    pseudo += (word >>> 16) + (word & 0xffff);
  }
  // What is left to the card: the sum of the pseudo-header, folded, not complemented.
  if (view.getUint16(tcp + CHECKSUM_AT) === fold(pseudo)) return false;
  let sum = pseudo;
  let at = tcp;
  for (; at + 4 <= end; at += 4) {
    const word = view.getInt32(at);
    sum += (word >>> 16) + (word & 0xffff);
  }
  if (at + 2 <= end) {
    sum += view.getUint16(at);
    at += 2;
  }
  if (at < end) sum += view.getUint8(at) << 8;
  return fold(sum) !== 0xffff;
}

/** Of a sum below 2³⁰ that is not 0: 1 … 0xffff, the same modulo 0xffff. */
function fold(sum: number): number {
  const once = (sum & 0xffff) + (sum >>> 16);
  return (once & 0xffff) + (once >>> 16);
}
