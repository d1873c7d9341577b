// DNS (RFC 1035), mDNS and LLMNR: identifier, first question and response code, for hints and for the tree. Nothing behind the first question is read.
import { formatResponseCode } from '../model/hint';
import type { ProtocolField, ProtocolLayer } from '../model/protocol-tree';
import { NOT_ANSWERED } from '../model/sparse-tables';
import { uint16 } from './bytes';
import { fieldAt, type LayerContext, makeLayer, named, showHex16 } from './field';
import type { FoundHint } from './found-hint';

const PORT_DNS = 53;
const PORT_MDNS = 5353;
const PORT_LLMNR = 5355;
const HEADER_BYTES = 12;
/** A name's bytes on the wire, labels with their lengths (RFC 1035 section 2.3.4). */
const LONGEST_NAME = 255;
const LONGEST_LABEL = 63;
/** Over TCP a length comes first (section 4.2.2). */
const LENGTH_BYTES = 2;
const RESPONSE = 0x8000;

export const isDnsPort = (port: number): boolean =>
  port === PORT_DNS || port === PORT_MDNS || port === PORT_LLMNR;

/** IANA, DNS resource record types: those that clients ask for. */
const TYPES: Readonly<Record<number, string>> = {
  1: 'A',
  2: 'NS',
  5: 'CNAME',
  6: 'SOA',
  12: 'PTR',
  15: 'MX',
  16: 'TXT',
  28: 'AAAA',
  33: 'SRV',
  35: 'NAPTR',
  43: 'DS',
  48: 'DNSKEY',
  64: 'SVCB',
  65: 'HTTPS',
  252: 'AXFR',
  255: 'ANY',
};
interface DnsMessage {
  readonly start: number;
  readonly isResponse: boolean;
  readonly responseCode: number;
  /** Null: there is no question, or it is cut. */
  readonly question: {
    readonly name: string;
    readonly type: number;
    readonly start: number;
    /** Of the name. */
    readonly length: number;
  } | null;
}

/** The message at bytes [start, end); null where its header is cut or is none of DNS. */
function parseDns(bytes: Uint8Array, start: number, end: number): DnsMessage | null {
  if (end - start < HEADER_BYTES) return null;
  const flags = uint16(bytes, start + 2);
  // Operations 3 and above 6 are not assigned, and one packet holds one question or a few.
  const operation = (flags >>> 11) & 15;
  if (operation === 3 || operation > 6 || uint16(bytes, start + 4) > 16) return null;
  const name = uint16(bytes, start + 4) > 0 ? readName(bytes, start + HEADER_BYTES, end) : null;
  const typeAt = name === null ? end : start + HEADER_BYTES + name.length;
  return {
    start,
    isResponse: (flags & RESPONSE) !== 0,
    responseCode: flags & 15,
    question:
      name === null || typeAt + 4 > end
        ? null
        : { ...name, type: uint16(bytes, typeAt), start: start + HEADER_BYTES },
  };
}

/** The name at `from`, with its bytes; a pointer in a question is none that a sender writes. */
function readName(
  bytes: Uint8Array,
  from: number,
  end: number,
): { readonly name: string; readonly length: number } | null {
  const labels: string[] = [];
  const limit = Math.min(end, from + LONGEST_NAME);
  for (let at = from; at < limit; ) {
    const length = bytes[at];
    if (length === 0)
      return { name: labels.length === 0 ? '.' : labels.join('.'), length: at + 1 - from };
    if (length > LONGEST_LABEL || at + 1 + length > limit) return null;
    labels.push(readLabel(bytes, at + 1, length));
    at += 1 + length;
  }
  return null;
}

function readLabel(bytes: Uint8Array, from: number, length: number): string {
  let label = '';
  for (let at = from; at < from + length; at += 1) {
    const byte = bytes[at];
    const isPlain = byte > 0x20 && byte < 0x7f && byte !== 0x2e && byte !== 0x5c;
    label += isPlain ? String.fromCharCode(byte) : `\\${byte.toString().padStart(3, '0')}`;
  }
  return label;
}

const typeText = (type: number): string => TYPES[type] ?? `TYPE${type}`;

export function findDnsHint(
  bytes: Uint8Array,
  start: number,
  end: number,
  isTcp: boolean,
): FoundHint | null {
  const message = parseDns(bytes, isTcp ? start + LENGTH_BYTES : start, end);
  if (message === null || message.question === null) return null;
  const { question, isResponse, responseCode } = message;
  return {
    kind: isResponse ? 'dns-answer' : 'dns-question',
    text: `${typeText(question.type)} ${question.name}`,
    number: isResponse ? responseCode : NOT_ANSWERED,
  };
}

/** The message at the layer's place; null where it is none. */
export function describeDns(context: LayerContext, isTcp: boolean): ProtocolLayer | null {
  const { bytes, start, end } = context;
  const message = parseDns(bytes, isTcp ? start + LENGTH_BYTES : start, end);
  if (message === null) return null;
  const { question, isResponse, responseCode, start: at } = message;
  const flags: ProtocolField[] = [
    fieldAt('dns.flags.response', 'Response', isResponse ? 'yes' : 'no', at + 2, 2),
    fieldAt('dns.flags.opcode', 'Operation', `${(bytes[at + 2] >>> 3) & 15}`, at + 2, 2),
    fieldAt('dns.flags.truncated', 'Truncated', bytes[at + 2] & 2 ? 'set' : 'not set', at + 2, 2),
  ];
  if (isResponse)
    flags.push(
      fieldAt('dns.flags.rcode', 'Response code', formatResponseCode(responseCode), at + 2, 2),
    );
  const fields: ProtocolField[] = [
    ...(isTcp ? [fieldAt('dns.length', 'Length', `${uint16(bytes, start)}`, start, 2)] : []),
    fieldAt('dns.id', 'Identifier', showHex16(bytes, at), at, 2),
    fieldAt('dns.flags', 'Flags', showHex16(bytes, at + 2), at + 2, 2, flags),
    fieldAt('dns.count.queries', 'Questions', `${uint16(bytes, at + 4)}`, at + 4, 2),
    fieldAt('dns.count.answers', 'Answers', `${uint16(bytes, at + 6)}`, at + 6, 2),
  ];
  if (question !== null)
    fields.push(
      fieldAt('dns.qry.name', 'Name', question.name, question.start, question.length),
      fieldAt(
        'dns.qry.type',
        'Type',
        named(TYPES, question.type),
        question.start + question.length,
        2,
      ),
    );
  const asked = question === null ? '' : ` ${typeText(question.type)} ${question.name}`;
  return makeLayer(context, {
    name: 'dns',
    title: 'DNS',
    summary: isResponse
      ? `answer${asked}, ${formatResponseCode(responseCode)}`
      : `question${asked}`,
    fields,
    layerEnd: end,
  });
}
