// The identity of a packet: a digest of what neither NAT nor routing changes (ALGORITHMS B1, B7), for every frame.
// TCP: sequence, acknowledgement, SYN/ACK/FIN/RST, length, timestamps. UDP, ICMP, ARP: payload digest, length, IP ID.
import { LENGTH_OVERFLOW, NO_TUPLE, type PacketColumns } from '../../model/packet-columns';
import {
  STATUS_MALFORMED,
  STATUS_PAYLOAD_CUT,
  STATUS_TIMESTAMPS,
  STATUS_TRANSPORT,
} from '../../model/packet-status';
import type { PacketTable } from '../../model/packet-table';
import {
  PROTOCOL_ARP,
  PROTOCOL_ICMP,
  PROTOCOL_ICMPV6,
  PROTOCOL_TCP,
  PROTOCOL_UDP,
} from '../../model/protocols';
import { TCP_IDENTITY_FLAGS } from '../../model/tcp-flags';
import type { CorrelationInput } from '../input/input';
import { type RowSlice, rowSlices } from '../input/row-slices';
import {
  halfOfOpening,
  isShifted,
  type LegShifts,
  readNumbers,
  withoutShift,
} from '../legs/leg-shifts';
import { type LegTable, NO_LEG } from '../legs/legs';
import { IDENTITY_YIELD_ROWS } from '../limits';

/** One more value into a hash; `finish` makes an identity of it. */
export const mix = (hash: number, value: number): number => {
  let h = Math.imul(value, 0xcc9e2d51);
  h = (h << 15) | (h >>> 17);
  h = hash ^ Math.imul(h, 0x1b873593);
  h = (h << 13) | (h >>> 19);
  return (Math.imul(h, 5) + 0xe6546b64) | 0;
};

export const finish = (hash: number): number => {
  let h = hash ^ (hash >>> 16);
  h = Math.imul(h, 0x85ebca6b);
  h ^= h >>> 13;
  h = Math.imul(h, 0xc2b2ae35);
  h ^= h >>> 16;
  return h >>> 0 || 1;
};

/** Identity of one frame with another seed, never 0. Same content, same number; verify the fields after a match. */
export function packetIdentity(
  table: PacketTable,
  row: number,
  protocol: number,
  seed: number,
  fields: IdentityFields,
): number {
  const [columns, i] = [table.columnsOf(row), table.indexInBlock(row)];
  return identityAt(columns, i, table.payloadLength(row), protocol, seed, fields);
}

/** The same of a frame in its columns. `payload`: its length. */
export function identityAt(
  columns: PacketColumns,
  i: number,
  payload: number,
  protocol: number,
  seed: number,
  fields: IdentityFields,
): number {
  const digest = fields.digests ? columns.payloadDigest[i] : 0;
  // Echoes keep what they carry where IP versions are translated (RFC 7915).
  let hash = mix(seed, protocol === PROTOCOL_ICMPV6 ? PROTOCOL_ICMP : protocol);
  switch (protocol) {
    case PROTOCOL_TCP:
      hash = mix(hash, columns.sequence[i]);
      hash = mix(hash, columns.acknowledgement[i]);
      hash = mix(hash, columns.flags[i] & TCP_IDENTITY_FLAGS);
      hash = mix(hash, payload);
      if (!fields.timestamps) return finish(hash);
      hash = mix(hash, columns.timestampValue[i]);
      return finish(mix(hash, columns.timestampEcho[i]));
    case PROTOCOL_UDP:
      hash = mix(hash, payload);
      hash = mix(hash, digest);
      return finish(fields.ipIds ? mix(hash, columns.ipId[i]) : hash);
    case PROTOCOL_ICMP:
    case PROTOCOL_ICMPV6:
      // An echo's identifier is rewritten by NAT; its sequence is not.
      hash = mix(hash, echoFlags(protocol, columns.flags[i]));
      hash = mix(hash, columns.sequence[i] & 0xffff);
      hash = mix(hash, payload);
      return finish(mix(hash, digest));
    case PROTOCOL_ARP:
      hash = mix(hash, columns.flags[i]);
      return finish(mix(hash, columns.payloadDigest[i]));
    default:
      hash = mix(hash, payload);
      hash = mix(hash, digest);
      return finish(fields.ipIds ? mix(hash, columns.ipId[i]) : hash);
  }
}

/** Type and code of an ICMPv6 echo as ICMP has them. */
export const echoFlags = (protocol: number, flags: number): number =>
  protocol !== PROTOCOL_ICMPV6 ? flags : flags === 0x8000 ? 0x0800 : flags === 0x8100 ? 0 : flags;

/** Identity of every global row; 0 where there is no tuple, or of TCP not so much as its header. */
export function* computeIdentities(
  input: CorrelationInput,
  fields: IdentityFields,
): Generator<number, Uint32Array> {
  const identities = new Uint32Array(input.totalRows);
  for (const slice of rowSlices(input)) {
    identifySlice(input, fields, slice, identities);
    yield slice.done;
  }
  return identities;
}

function identifySlice(
  { tuples }: CorrelationInput,
  fields: IdentityFields,
  { source, columns, from, to, globalBase, rowBase }: RowSlice,
  identities: Uint32Array,
): void {
  const { tuple, status, payloadLength } = columns;
  for (let i = from; i < to; i += 1) {
    if (tuple[i] === NO_TUPLE) continue;
    const protocol = tuples.protocol(tuple[i]);
    if (protocol === PROTOCOL_TCP && (status[i] & STATUS_TRANSPORT) === 0) continue;
    const short = payloadLength[i];
    const payload = short === LENGTH_OVERFLOW ? source.table.payloadLength(rowBase + i) : short;
    identities[globalBase + i] = identityAt(columns, i, payload, protocol, 0, fields);
  }
}

/**
 * Writes the identities of shifted legs anew, from the numbers as their connection counts them. A handshake that a proxy took is no packet of
 * the other half's: its half counts, too.
 */
export function* shiftIdentities(
  input: CorrelationInput,
  legs: LegTable,
  shifts: LegShifts,
  fields: IdentityFields,
  identities: Uint32Array,
): Generator<number> {
  for (let capture = 0; capture < input.captures.length; capture += 1) {
    const { table } = input.captures[capture];
    const base = input.rowBase[capture];
    for (let row = 0; row < table.rows; row += 1) {
      if (row % IDENTITY_YIELD_ROWS === IDENTITY_YIELD_ROWS - 1)
        yield (base + row) / input.totalRows;
      const leg = legs.legOfRow[base + row];
      if (leg === NO_LEG || identities[base + row] === 0 || !isShifted(shifts, leg)) continue;
      const columns = table.columnsOf(row);
      const i = table.indexInBlock(row);
      const direction = columns.tuple[i] & 1;
      const payload = table.payloadLength(row);
      const raw = readNumbers(columns, i);
      const { sequence, acknowledgement, timestampValue, timestampEcho } = withoutShift(
        shifts,
        leg,
        direction,
        raw,
      );
      let hash = mix(0, PROTOCOL_TCP);
      const half = halfOfOpening(shifts, leg, direction, raw, payload);
      if (half !== 0) hash = mix(hash, half);
      hash = mix(hash, sequence);
      hash = mix(hash, acknowledgement);
      hash = mix(hash, raw.flags & TCP_IDENTITY_FLAGS);
      hash = mix(hash, payload);
      if (fields.timestamps) hash = mix(mix(hash, timestampValue), timestampEcho);
      identities[base + row] = finish(hash);
    }
  }
}

/** What a snapshot length cut at one point must count at none: else one packet would have two identities. */
export interface IdentityFields {
  /** No datagram's payload was cut short of its digest. */
  readonly digests: boolean;
  /** No segment's options were cut. */
  readonly timestamps: boolean;
  /** IP IDs of datagrams are kept on the way (loose-identities.ts). */
  readonly ipIds: boolean;
}

export function* findIdentityFields(input: CorrelationInput): Generator<number, IdentityFields> {
  let digests = true;
  let timestamps = true;
  for (const { columns, from, to, done } of rowSlices(input)) {
    const { status, tuple } = columns;
    for (let i = nextCut(status, from, to); i < to; i = nextCut(status, i + 1, to)) {
      const bits = status[i];
      if (tuple[i] === NO_TUPLE) continue;
      const isTcp = input.tuples.protocol(tuple[i]) === PROTOCOL_TCP;
      if (!isTcp && bits & STATUS_PAYLOAD_CUT) digests = false;
      const optionsCut = (bits & STATUS_MALFORMED) !== 0 && (bits & STATUS_TIMESTAMPS) === 0;
      if (isTcp && bits & STATUS_TRANSPORT && optionsCut) timestamps = false;
    }
    yield done;
  }
  return { digests, timestamps, ipIds: true };
}

/** The first frame from `from` on that is cut or malformed; `to` where none is. */
function nextCut(status: Uint16Array, from: number, to: number): number {
  let i = from;
  while (i < to && (status[i] & (STATUS_PAYLOAD_CUT | STATUS_MALFORMED)) === 0) i += 1;
  return i;
}
