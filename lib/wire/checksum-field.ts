// Checksums as the tree shows them: the number as it stands, and what it says: right, wrong, left to the card, absent, or why it can't be checked.
import { STATUS_FRAGMENT, STATUS_MALFORMED } from '../model/packet-status';
import type { ProtocolField } from '../model/protocol-tree';
import { uint16 } from './bytes';
import { type ChecksumState, checksumState } from './checksum';
import { crc32c } from './crc32c';
import { fieldAt, type LayerContext, showHex16, showHex32 } from './field';

const STATES: Readonly<Record<ChecksumState, string>> = {
  right: 'right',
  wrong: 'wrong',
  partial: 'partial: the sender left it to its network card',
  absent: 'absent',
  unknown: 'not checkable: the packet was not captured whole',
};

const CONTRADICTION = 'not checkable: the headers contradict themselves';

interface ChecksumSpec {
  /** Of the protocol, as `tcp` in `tcp.checksum`. */
  readonly name: string;
  readonly label?: string;
  /** Offset of the field within the header, and bytes that the sum covers. */
  readonly field: number;
  readonly length: number;
  /** Whether the addresses count in (TCP, UDP, ICMPv6). */
  readonly isPseudo: boolean;
}

/** The Internet checksum of the layer; nothing where the field itself was not captured. */
export function describeChecksum(context: LayerContext, spec: ChecksumSpec): ProtocolField[] {
  const { bytes, start, end } = context;
  const at = start + spec.field;
  if (at + 2 > end) return [];
  return [withStatus(spec, showHex16(bytes, at), at, 2, stateOf(context, spec))];
}

/** SCTP's CRC32c over its whole packet (RFC 9260 section 6.8), the field taken for zeros; 0 stands for "not computed" where the card does it. */
export function describeCrc32c(context: LayerContext, spec: ChecksumSpec): ProtocolField[] {
  const { bytes, start, end } = context;
  const at = start + spec.field;
  if (at + 4 > end) return [];
  const obstacle = findObstacle(context);
  const stored = new DataView(bytes.buffer, bytes.byteOffset + at, 4).getUint32(0, true);
  const state =
    obstacle ??
    (start + spec.length > end
      ? STATES.unknown
      : crc32c(bytes, start, spec.length, at) === stored
        ? STATES.right
        : stored === 0
          ? STATES.partial
          : STATES.wrong);
  return [withStatus(spec, showHex32(bytes, at), at, 4, state)];
}

function withStatus(
  { name, label = 'Checksum' }: ChecksumSpec,
  value: string,
  start: number,
  length: number,
  state: string,
): ProtocolField {
  const marked = state === STATES.wrong ? ({ isWrong: true } as const) : {};
  const status = fieldAt(`${name}.checksum.status`, 'Status', state, start, length);
  const checksum = fieldAt(`${name}.checksum`, label, `${value} (${state})`, start, length, [
    { ...status, ...marked },
  ]);
  return { ...checksum, ...marked };
}

function stateOf(context: LayerContext, { name, field, length, isPseudo }: ChecksumSpec): string {
  const { bytes, start, end, frame } = context;
  const isHeader = name === 'ip';
  const obstacle = isHeader ? null : findObstacle(context);
  if (obstacle !== null) return obstacle;
  const { source, destination, family, protocol } = frame;
  const place = { source, destination, protocol, start, length, field, end };
  const state = checksumState(bytes, { ...place, family: isPseudo ? family : 0 });
  if (state !== 'wrong') return STATES[state];
  // Some cards fill in the IP header's too.
  if (isHeader && uint16(bytes, start + field) === 0) return STATES.partial;
  return (frame.status & STATUS_MALFORMED) !== 0 ? CONTRADICTION : STATES.wrong;
}

/** Why the sum can't be known, whatever was captured. */
function findObstacle({ frame }: LayerContext): string | null {
  if ((frame.status & STATUS_FRAGMENT) !== 0) return 'not checkable: a fragment';
  if (frame.isRouted) return 'not checkable: source routed, the receiver is another address';
  return null;
}
