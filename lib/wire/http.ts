// HTTP/1's first line (RFC 9112 section 2) and HTTP/2's preface (RFC 9113 section 3.4), for hints and for the tree.
import type { ProtocolField, ProtocolLayer } from '../model/protocol-tree';
import { fieldAt, type LayerContext, makeLayer } from './field';
import type { FoundHint } from './found-hint';

const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'OPTIONS', 'PATCH', 'CONNECT', 'TRACE'];
const RESPONSE = 'HTTP/1.';
const PREFACE = 'PRI * HTTP/2.0\r\n';
/** Of a first line that are read; a longer target is cut. */
const LONGEST_LINE = 256;
/** Characters of a target that are kept: what follows `?` often tells users apart, and would fill the memory. */
const LONGEST_TARGET = 80;

/** What a request, a response or the preface begins with, four characters at least. */
export const HTTP_BEGINNINGS: readonly string[] = [
  ...METHODS.map((method) => `${method} `),
  RESPONSE,
  PREFACE,
];

interface FirstLine {
  readonly kind: 'http-request' | 'http-response' | 'http2';
  /** Printable, without its end. */
  readonly line: string;
  /** Words of the line, each with the place of its first byte. */
  readonly words: readonly { readonly text: string; readonly start: number }[];
}

function parseFirstLine(bytes: Uint8Array, start: number, end: number): FirstLine | null {
  let line = '';
  const limit = Math.min(end, start + LONGEST_LINE);
  for (let at = start; at < limit; at += 1) {
    const byte = bytes[at];
    if (byte === 0x0d || byte === 0x0a) break;
    if (byte < 0x20 || byte > 0x7e) return null;
    line += String.fromCharCode(byte);
    // Most payloads that begin with such a letter are no HTTP: the first word decides.
    if (line.length === 8 && !isBeginning(line)) return null;
  }
  if (!isBeginning(line)) return null;
  const words: { text: string; start: number }[] = [];
  for (const match of line.matchAll(/\S+/g))
    words.push({ text: match[0], start: start + match.index });
  if (PREFACE.startsWith(line) && line.length >= 14) return { kind: 'http2', line, words };
  if (line.startsWith(RESPONSE))
    return /^HTTP\/1\.[01] \d{3}\b/.test(line) ? { kind: 'http-response', line, words } : null;
  return words.length >= 2 ? { kind: 'http-request', line, words } : null;
}

const isBeginning = (line: string): boolean =>
  line.startsWith(RESPONSE) ||
  line.startsWith('PRI * ') ||
  METHODS.some((method) => line.startsWith(`${method} `));

/** `GET /path?…`: the query is left out, a long target is cut. */
function requestText(words: FirstLine['words']): string {
  const target = words[1].text;
  const query = target.indexOf('?');
  const path = query < 0 ? target : `${target.slice(0, query)}?…`;
  return `${words[0].text} ${path.length > LONGEST_TARGET ? `${path.slice(0, LONGEST_TARGET)}…` : path}`;
}

export function findHttpHint(bytes: Uint8Array, start: number, end: number): FoundHint | null {
  const first = parseFirstLine(bytes, start, end);
  if (first === null) return null;
  const { kind, words } = first;
  switch (kind) {
    case 'http2':
      return { kind, text: 'HTTP/2', number: 0 };
    case 'http-response':
      return { kind, text: `${words[0].text} ${words[1].text}`, number: Number(words[1].text) };
    case 'http-request':
      return { kind, text: requestText(words), number: 0 };
  }
}

/** The first line as a layer; null where there is none. */
export function describeHttp(context: LayerContext): ProtocolLayer | null {
  const { bytes, start, end } = context;
  const first = parseFirstLine(bytes, start, end);
  if (first === null) return null;
  const { kind, line, words } = first;
  const word = (index: number, name: string, label: string): ProtocolField[] =>
    index < words.length
      ? [fieldAt(name, label, words[index].text, words[index].start, words[index].text.length)]
      : [];
  if (kind === 'http2')
    return makeLayer(context, {
      name: 'http2',
      title: 'HTTP/2',
      summary: 'connection preface',
      fields: [fieldAt('http2.magic', 'Preface', line, start, line.length)],
      layerEnd: start + PREFACE.length,
    });
  const isRequest = kind === 'http-request';
  return makeLayer(context, {
    name: 'http',
    title: 'HTTP',
    summary: line,
    fields: isRequest
      ? [
          ...word(0, 'http.request.method', 'Method'),
          ...word(1, 'http.request.uri', 'Target'),
          ...word(2, 'http.request.version', 'Version'),
        ]
      : [
          ...word(0, 'http.response.version', 'Version'),
          ...word(1, 'http.response.code', 'Status'),
          ...word(2, 'http.response.phrase', 'Reason'),
        ],
    layerEnd: start + line.length,
  });
}
