// What the first payloads of a conversation say of it, as rows of the sparse table `hints`: one look at the first byte of a payload for most frames.
import { NO_TUPLE } from '../model/packet-columns';
import { STATUS_FRAGMENT, STATUS_TRANSPORT } from '../model/packet-status';
import { PROTOCOL_TCP, PROTOCOL_UDP } from '../model/protocols';
import { HINT_KINDS, type HintKind, type SparseTable } from '../model/sparse-tables';
import { beginsConversation } from './beginnings';
import type { DecodedFrame } from './decoded-frame';
import { findDnsHint, isDnsPort } from './dns';
import type { FoundHint } from './found-hint';
import { findHttpHint } from './http';
import { findQuicHint } from './quic';
import { findTlsHint, TLS_HANDSHAKE } from './tls';

/** A resolver asks for two or three names from one port; a forwarder never stops. */
const MOST_DATAGRAMS = 64;
/** Different texts of one capture; names made at random would fill the memory. */
const MOST_TEXTS = 262_144;
/** A datagram with QUIC's long header: its two highest bits (RFC 9000 section 17.2). */
const QUIC_LONG = 0xc0;

const CODES = Object.fromEntries(HINT_KINDS.map((kind, code) => [kind, code])) as Readonly<
  Record<HintKind, number>
>;

export class HintWriter {
  /** Hints of each directed tuple. */
  private counts = new Uint8Array(1024);
  private readonly numbers = new Map<string, number>();
  private texts: string[] = [];

  /** A SYN opens the tuple anew: both directions may say again what they are. */
  forget(tuple: number): void {
    if (tuple === NO_TUPLE || tuple >= this.counts.length) return;
    this.counts[tuple & ~1] = 0;
    this.counts[tuple | 1] = 0;
  }

  /** Whether a TCP sender said what the conversation is: later messages that begin alike are not looked at. */
  isTold(tuple: number): boolean {
    return tuple < this.counts.length && this.counts[tuple] > 0;
  }

  /** Looks at the payload of the frame of `row`, of which one byte at least was captured. */
  write(
    view: DataView,
    bytes: Uint8Array,
    frame: DecodedFrame,
    row: number,
    tuple: number,
    table: SparseTable<'hints'>,
  ): void {
    const { protocol, payload } = frame;
    if (protocol === PROTOCOL_TCP) {
      if (!beginsConversation(view, payload, frame.end) && !isDns(frame)) return;
    } else if (protocol !== PROTOCOL_UDP || (!isDns(frame) && bytes[payload] < QUIC_LONG)) return;
    if ((frame.status & (STATUS_TRANSPORT | STATUS_FRAGMENT)) !== STATUS_TRANSPORT) return;
    const count = this.countOf(tuple);
    if (count >= (protocol === PROTOCOL_TCP && !isDns(frame) ? 1 : MOST_DATAGRAMS)) return;
    const hint = findHint(bytes, frame);
    if (hint === null) return;
    const text = this.internText(hint.text);
    if (text < 0) return;
    this.counts[tuple] = count + 1;
    table.push(row);
    table.push(CODES[hint.kind]);
    table.push(text);
    table.push(hint.number);
  }

  /** Texts interned since the call before. */
  takeTexts(): string[] {
    const { texts } = this;
    this.texts = [];
    return texts;
  }

  private countOf(tuple: number): number {
    if (tuple >= this.counts.length) {
      const larger = new Uint8Array(Math.max(this.counts.length * 2, (tuple | 1) + 1));
      larger.set(this.counts);
      this.counts = larger;
    }
    return this.counts[tuple];
  }

  /** -1: there is no more room. */
  private internText(text: string): number {
    const known = this.numbers.get(text);
    if (known !== undefined) return known;
    const number = this.numbers.size;
    if (number >= MOST_TEXTS) return -1;
    this.numbers.set(text, number);
    this.texts.push(text);
    return number;
  }
}

export const isDns = ({ sourcePort, destinationPort }: DecodedFrame): boolean =>
  isDnsPort(sourcePort) || isDnsPort(destinationPort);

function findHint(bytes: Uint8Array, frame: DecodedFrame): FoundHint | null {
  const { payload, end, protocol } = frame;
  const isTcp = protocol === PROTOCOL_TCP;
  if (isDns(frame)) return findDnsHint(bytes, payload, end, isTcp);
  if (!isTcp) return findQuicHint(bytes, payload, end, frame.payloadLength);
  return bytes[payload] === TLS_HANDSHAKE
    ? findTlsHint(bytes, payload, end)
    : findHttpHint(bytes, payload, end);
}
