// TLS hellos (RFC 8446 section 4.1, RFC 5246 section 7.4.1): version, server name, application protocols, for hints and for the tree. Nothing but the first record's hello is read.
import type { ProtocolField, ProtocolLayer } from '../model/protocol-tree';
import { uint16, uint24 } from './bytes';
import { fieldAt, hexText, type LayerContext, makeLayer, named } from './field';
import type { FoundHint } from './found-hint';

/** Content type of a record that carries handshake messages. */
export const TLS_HANDSHAKE = 22;
const CLIENT_HELLO = 1;
const SERVER_HELLO = 2;
const RECORD_BYTES = 5;
const MESSAGE_BYTES = 4;
/** Version and random number. */
const HELLO_FIXED_BYTES = 34;
const EXTENSION_SERVER_NAME = 0;
const EXTENSION_PROTOCOLS = 16;
const EXTENSION_VERSIONS = 43;
/** A hello has some twenty; more than this is no hello. */
const MOST_EXTENSIONS = 64;
/** Of a name in DNS, and of all protocols' names together that are kept. */
const LONGEST_NAME = 255;

const VERSIONS: Readonly<Record<number, string>> = {
  768: 'SSL 3.0',
  769: 'TLS 1.0',
  770: 'TLS 1.1',
  771: 'TLS 1.2',
  772: 'TLS 1.3',
};
const MESSAGES: Readonly<Record<number, string>> = { 1: 'Client Hello', 2: 'Server Hello' };

interface Hello {
  readonly isClient: boolean;
  /** The newest that a client offers, or that the server chose. */
  readonly version: number;
  readonly serverName: string | null;
  readonly protocols: readonly string[];
  /** What was found, with its bytes. */
  readonly fields: readonly ProtocolField[];
}

/** The hello in the record at bytes [start, end); null where there is none. What is cut off is not there. */
function parseHello(bytes: Uint8Array, start: number, end: number): Hello | null {
  if (end - start < RECORD_BYTES + MESSAGE_BYTES + HELLO_FIXED_BYTES) return null;
  if (bytes[start] !== TLS_HANDSHAKE || bytes[start + 1] !== 3) return null;
  const message = start + RECORD_BYTES;
  const type = bytes[message];
  if (type !== CLIENT_HELLO && type !== SERVER_HELLO) return null;
  const isClient = type === CLIENT_HELLO;
  const hello = message + MESSAGE_BYTES;
  const legacyVersion = uint16(bytes, hello);
  if (bytes[hello] !== 3) return null;
  const recordEnd = message + uint16(bytes, start + 3);
  const helloEnd = Math.min(end, recordEnd, hello + uint24(bytes, message + 1));
  const found = new HelloReader(bytes, isClient, legacyVersion);
  found.readExtensions(
    extensionsAt(bytes, hello + HELLO_FIXED_BYTES, helloEnd, isClient),
    helloEnd,
  );
  return found;
}

/** Behind session, cipher suites and compressions; `end` where these are cut. */
function extensionsAt(bytes: Uint8Array, from: number, end: number, isClient: boolean): number {
  if (from >= end) return end;
  let at = from + 1 + bytes[from];
  if (!isClient) return at + 3;
  if (at + 2 > end) return end;
  at += 2 + uint16(bytes, at);
  return at < end ? at + 1 + bytes[at] : end;
}

class HelloReader implements Hello {
  version: number;
  serverName: string | null = null;
  protocols: readonly string[] = [];
  readonly fields: ProtocolField[] = [];

  constructor(
    private readonly bytes: Uint8Array,
    readonly isClient: boolean,
    legacyVersion: number,
  ) {
    this.version = legacyVersion;
  }

  readExtensions(from: number, end: number): void {
    const { bytes } = this;
    let at = from + 2;
    for (let i = 0; i < MOST_EXTENSIONS && at + 4 <= end; i += 1) {
      const body = at + 4;
      const bodyEnd = body + uint16(bytes, at + 2);
      if (bodyEnd > end) return;
      const type = uint16(bytes, at);
      if (type === EXTENSION_SERVER_NAME) this.readServerName(body, bodyEnd);
      else if (type === EXTENSION_PROTOCOLS) this.readProtocols(body, bodyEnd);
      else if (type === EXTENSION_VERSIONS) this.readVersions(body, bodyEnd);
      at = bodyEnd;
    }
  }

  /** RFC 6066 section 3: a list, of which the first entry is a host name. */
  private readServerName(from: number, end: number): void {
    const { bytes } = this;
    if (end - from < 5 || bytes[from + 2] !== 0) return;
    const length = uint16(bytes, from + 3);
    const at = from + 5;
    if (length === 0 || length > LONGEST_NAME || at + length > end) return;
    this.serverName = readText(bytes, at, length);
    this.add('extensions_server_name', 'Server name', this.serverName, at, length);
  }

  /** RFC 7301 section 3.1. */
  private readProtocols(from: number, end: number): void {
    const { bytes } = this;
    const names: string[] = [];
    for (let at = from + 2; at < end && at - from < LONGEST_NAME; at += 1 + bytes[at]) {
      const length = bytes[at];
      if (length === 0 || at + 1 + length > end) break;
      const name = readText(bytes, at + 1, length);
      names.push(name);
      this.add('extensions_alpn_str', 'Application protocol', name, at + 1, length);
    }
    this.protocols = names;
  }

  /** RFC 8446 section 4.2.1; reserved values that clients mix in (RFC 8701) are passed over. */
  private readVersions(from: number, end: number): void {
    const { bytes } = this;
    for (let at = this.isClient ? from + 1 : from; at + 2 <= end; at += 2) {
      const version = uint16(bytes, at);
      if (VERSIONS[version] === undefined) continue;
      if (version > this.version) this.version = version;
      this.add('extensions.supported_version', 'Supported version', VERSIONS[version], at, 2);
    }
  }

  private add(name: string, label: string, value: string, start: number, length: number): void {
    this.fields.push(fieldAt(`tls.handshake.${name}`, label, value, start, length));
  }
}

/** Printable ASCII; other bytes as `\xNN`, so that a name can't draw what it is not. */
function readText(bytes: Uint8Array, from: number, length: number): string {
  let text = '';
  for (let at = from; at < from + length; at += 1) {
    const byte = bytes[at];
    text +=
      byte >= 0x20 && byte < 0x7f
        ? String.fromCharCode(byte)
        : `\\x${byte.toString(16).padStart(2, '0')}`;
  }
  return text;
}

const versionText = (version: number): string => VERSIONS[version] ?? hexText(version, 4);

/** `TLS 1.3 api.example.com (h2, http/1.1)` */
const helloText = ({ version, serverName, protocols }: Hello): string =>
  [versionText(version), serverName ?? '', protocols.length > 0 ? `(${protocols.join(', ')})` : '']
    .filter((part) => part !== '')
    .join(' ');

export function findTlsHint(bytes: Uint8Array, start: number, end: number): FoundHint | null {
  const hello = parseHello(bytes, start, end);
  if (hello === null) return null;
  return {
    kind: hello.isClient ? 'tls-client' : 'tls-server',
    text: helloText(hello),
    number: hello.version,
  };
}

const CONTENT_TYPES: Readonly<Record<number, string>> = {
  20: 'change cipher spec',
  21: 'alert',
  22: 'handshake',
  23: 'application data',
};

/** Whether a record's header stands there: its type, a version of TLS, an honest length (RFC 8446 section 5.1). */
export const isTlsRecord = (bytes: Uint8Array, start: number, end: number): boolean =>
  end - start >= RECORD_BYTES &&
  CONTENT_TYPES[bytes[start]] !== undefined &&
  bytes[start + 1] === 3 &&
  bytes[start + 2] <= 4 &&
  uint16(bytes, start + 3) <= 0x4800;

/** The first record of a payload, and the hello in it. */
export function describeTls(context: LayerContext): ProtocolLayer {
  const { bytes, start, end } = context;
  const length = uint16(bytes, start + 3);
  const hello = parseHello(bytes, start, end);
  const fields: ProtocolField[] = [
    fieldAt('tls.record.content_type', 'Content', named(CONTENT_TYPES, bytes[start]), start, 1),
    fieldAt('tls.record.version', 'Version', versionText(uint16(bytes, start + 1)), start + 1, 2),
    fieldAt('tls.record.length', 'Length', `${length}`, start + 3, 2),
  ];
  if (hello !== null) {
    const message = start + RECORD_BYTES;
    const version = message + MESSAGE_BYTES;
    fields.push(
      fieldAt('tls.handshake.type', 'Message', named(MESSAGES, bytes[message]), message, 1),
      fieldAt('tls.handshake.version', 'Version', versionText(uint16(bytes, version)), version, 2),
      ...hello.fields,
    );
  }
  return makeLayer(context, {
    name: 'tls',
    title: 'TLS',
    summary:
      hello === null
        ? `${CONTENT_TYPES[bytes[start]]}, ${length} bytes`
        : `${hello.isClient ? 'Client' : 'Server'} Hello, ${helloText(hello)}`,
    fields,
    layerEnd: start + RECORD_BYTES + length,
  });
}
