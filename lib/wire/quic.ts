// QUIC's initial packets (RFC 9000 section 17.2.2, RFC 9369): version and connection identifiers, for hints and for the tree. What they carry is encrypted.
import type { ProtocolField, ProtocolLayer } from '../model/protocol-tree';
import { uint32 } from './bytes';
import { fieldAt, hexText, type LayerContext, makeLayer, showBytes } from './field';
import type { FoundHint } from './found-hint';

const LONG_HEADER = 0xc0;
const VERSION_1 = 1;
const VERSION_2 = 0x6b3343cf;
/** Drafts, as 0xff0000NN. */
const DRAFT = 0xff0000;
/** Both sides fill the datagrams of their initial packets up to this (RFC 9000 section 14.1). */
const LEAST_INITIAL = 1200;
const LONGEST_IDENTIFIER = 20;

interface Initial {
  readonly version: number;
  readonly destination: { readonly start: number; readonly length: number };
  readonly source: { readonly start: number; readonly length: number } | null;
}

/** The initial packet at the payload of `length` bytes; null where it is none. */
function parseInitial(
  bytes: Uint8Array,
  start: number,
  end: number,
  length: number,
): Initial | null {
  if (length < LEAST_INITIAL || end - start < 6) return null;
  if ((bytes[start] & LONG_HEADER) !== LONG_HEADER) return null;
  const version = uint32(bytes, start + 1);
  const type = (bytes[start] >>> 4) & 3;
  const isDraft = version >>> 8 === DRAFT;
  if (version !== VERSION_1 && version !== VERSION_2 && !isDraft) return null;
  // Version 2 numbers the types anew, so that nobody relies on them.
  if (type !== (version === VERSION_2 ? 1 : 0)) return null;
  const destination = identifierAt(bytes, start + 5, end);
  if (destination === null) return null;
  const source = identifierAt(bytes, destination.start + destination.length, end);
  return { version, destination, source };
}

function identifierAt(bytes: Uint8Array, at: number, end: number) {
  if (at >= end) return null;
  const length = bytes[at];
  if (length > LONGEST_IDENTIFIER || at + 1 + length > end) return null;
  return { start: at + 1, length };
}

const versionText = (version: number): string =>
  version === VERSION_1
    ? 'version 1'
    : version === VERSION_2
      ? 'version 2'
      : `draft ${version & 0xff}`;

export function findQuicHint(
  bytes: Uint8Array,
  start: number,
  end: number,
  length: number,
): FoundHint | null {
  const initial = parseInitial(bytes, start, end, length);
  if (initial === null) return null;
  return { kind: 'quic', text: `QUIC ${versionText(initial.version)}`, number: initial.version };
}

/** The initial packet at the layer's place; null where it is none. */
export function describeQuic(context: LayerContext): ProtocolLayer | null {
  const { bytes, start, end, frame } = context;
  const initial = parseInitial(bytes, start, end, frame.payloadLength);
  if (initial === null) return null;
  const { version, destination, source } = initial;
  const identifier = (
    letter: 'd' | 's',
    label: string,
    { start: at, length }: Initial['destination'],
  ): ProtocolField[] => {
    const lengthField = fieldAt(`quic.${letter}cil`, `${label}, length`, `${length}`, at - 1, 1);
    if (length === 0) return [lengthField];
    return [
      lengthField,
      fieldAt(`quic.${letter}cid`, label, showBytes(bytes, at, length), at, length),
    ];
  };
  return makeLayer(context, {
    name: 'quic',
    title: 'QUIC',
    summary: `initial, ${versionText(version)}, to ${showBytes(bytes, destination.start, destination.length)}`,
    fields: [
      fieldAt('quic.header_form', 'Header form', 'long', start, 1),
      fieldAt('quic.long.packet_type', 'Packet type', 'initial', start, 1),
      fieldAt('quic.version', 'Version', hexText(version, 8), start + 1, 4),
      ...identifier('d', 'Destination identifier', destination),
      ...(source === null ? [] : identifier('s', 'Source identifier', source)),
    ],
    layerEnd: end,
  });
}
