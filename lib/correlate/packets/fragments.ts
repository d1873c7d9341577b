// IP fragments of one connection: put in their places, so that they are cut and joined as segments that offloads cut are (byte-ranges.ts).
// Routers fragment, connection tracking puts together and fragments anew: one point shows a datagram whole, the next in three, another in two.
//
// What a fragment carries is counted from the datagram's payload on, so that whole datagrams, fragments of it and fragments of the tunnel it
// travels in compare. Fragments of a datagram, and frames that hold it whole, get one number in `acknowledgement`, which datagrams do not use.
import { NO_TUPLE } from '../../model/packet-columns';
import { PROTOCOL_TCP } from '../../model/protocols';
import type { ConnectionTable } from '../connections/connections';
import { type CorrelationInput, captureOfRow } from '../input/input';
import { type LegTable, NO_LEG } from '../legs/legs';
import { PACKET_SPAN_NS } from '../limits';
import type { ConnectionRows } from './connection-rows';

/** 1: a connection some of whose frames are fragments. */
export function findFragmented(
  input: CorrelationInput,
  legs: LegTable,
  connections: ConnectionTable,
): Uint8Array {
  const fragmented = new Uint8Array(connections.count);
  input.captures.forEach(({ table }, capture) => {
    const { fragments } = table.sparse;
    for (let position = 0; position < fragments.length; position += 1) {
      const leg = legs.legOfRow[input.rowBase[capture] + fragments.get(position, 'row')];
      if (leg !== NO_LEG) fragmented[connections.connectionOfLeg[leg]] = 1;
    }
  });
  return fragmented;
}

/** A fragment of the connection. */
interface Fragment {
  /** Index into the rows. */
  readonly k: number;
  readonly ident: number;
  /** Bytes of the IP payload, or of the tunnel's. */
  readonly offset: number;
  readonly length: number;
  readonly isLast: boolean;
}

/** A datagram as one look at one point shows it: in fragments, or whole. */
interface Copy {
  /** Empty: whole. */
  readonly fragments: Fragment[];
  /** The frame that has the datagram's header: the first fragment, or the whole. */
  first: number | undefined;
  readonly direction: number;
  readonly ident: number;
  /** What tells it from another look at one point. */
  readonly cell: string;
  readonly point: number;
  time: number;
  /** Bytes before the payload, where the first fragment shows them. */
  header: number | undefined;
  /** Where the last fragment ends. */
  total: number | undefined;
}

interface Datagram {
  readonly copies: Copy[];
}

/** Writes into `rows` what part of which datagram each fragment carries. */
export function placeFragments(input: CorrelationInput, rows: ConnectionRows): void {
  const fragments = readFragments(input, rows);
  if (fragments.size === 0) return;
  const copies = gatherCopies(rows, fragments);
  const lengths = new Set(copies.map(payloadLength));
  for (let k = 0; k < rows.count; k += 1)
    if (!fragments.has(k) && lengths.has(rows.payload[k])) copies.push(wholeCopy(rows, k));
  const datagrams = joinCopies(input, rows, copies);
  datagrams.forEach((datagram, index) => {
    if (datagram.copies.some((copy) => copy.fragments.length > 0))
      placeDatagram(rows, datagram, index + 1);
  });
}

function readFragments(
  input: CorrelationInput,
  rows: ConnectionRows,
): ReadonlyMap<number, Fragment> {
  const found = new Map<number, Fragment>();
  for (let k = 0; k < rows.count; k += 1) {
    const capture = captureOfRow(input, rows.globalRow[k]);
    const { fragments } = input.captures[capture].table.sparse;
    const position = fragments.find(rows.globalRow[k] - input.rowBase[capture]);
    if (position < 0 || fragments.get(position, 'tuple') === NO_TUPLE) continue;
    found.set(k, {
      k,
      ident: fragments.get(position, 'ident'),
      offset: fragments.get(position, 'offset'),
      length: fragments.get(position, 'length'),
      isLast: fragments.get(position, 'more') === 0,
    });
  }
  return found;
}

/** Fragments with one identification in one look at one point, near in time; the same place once more begins another copy. */
function gatherCopies(rows: ConnectionRows, fragments: ReadonlyMap<number, Fragment>): Copy[] {
  const copies: Copy[] = [];
  const open = new Map<string, Copy>();
  const byTime = [...fragments.values()].sort(
    (a, b) => rows.time[a.k] - rows.time[b.k] || a.k - b.k,
  );
  for (const fragment of byTime) {
    const { k, ident, offset, length, isLast } = fragment;
    const cell = cellOf(rows, k);
    const key = `${cell} ${rows.direction[k]} ${ident}`;
    let copy = open.get(key);
    if (
      copy === undefined ||
      copy.fragments.some((other) => other.offset === offset) ||
      rows.time[k] - copy.time > PACKET_SPAN_NS
    ) {
      copy = {
        fragments: [],
        first: undefined,
        direction: rows.direction[k],
        ident,
        cell,
        point: rows.point[k],
        time: rows.time[k],
        header: undefined,
        total: undefined,
      };
      open.set(key, copy);
      copies.push(copy);
    }
    copy.fragments.push(fragment);
    if (isLast) copy.total = offset + length;
    if (offset > 0) continue;
    copy.first = k;
    copy.header = length - rows.payload[k];
  }
  // A tunnel's later fragments tell neither header nor inner packet: another point's copy may.
  const headers = new Map<string, number>();
  const key = ({ direction, ident }: Copy): string => `${direction} ${ident}`;
  for (const copy of copies) if (copy.header !== undefined) headers.set(key(copy), copy.header);
  for (const copy of copies) copy.header ??= headers.get(key(copy));
  return copies;
}

const wholeCopy = (rows: ConnectionRows, k: number): Copy => ({
  fragments: [],
  first: k,
  direction: rows.direction[k],
  ident: rows.ipId[k],
  cell: cellOf(rows, k),
  point: rows.point[k],
  time: rows.time[k],
  header: 0,
  total: rows.payload[k],
});

const cellOf = (rows: ConnectionRows, k: number): string =>
  `${rows.point[k]} ${rows.capture[k]} ${rows.link[k]} ${rows.ttl[k]} ${rows.tuple[k]}`;

const payloadLength = ({ total, header }: Copy): number =>
  total === undefined || header === undefined ? -1 : total - header;

/** Copies of one datagram: by their identification, else by content, where it is made anew on the way (IPv6) or rewritten. */
function joinCopies(
  input: CorrelationInput,
  rows: ConnectionRows,
  copies: readonly Copy[],
): readonly Datagram[] {
  const keepsIdents = areIdentsKept(copies);
  const datagrams: Datagram[] = [];
  const byIdent = new Map<string, Datagram[]>();
  const byContent = new Map<string, Datagram[]>();
  const fits = (copy: Copy, { copies: others }: Datagram, apart: 'cell' | 'point'): boolean =>
    others.every(
      (other) =>
        other[apart] !== copy[apart] &&
        Math.abs(other.time - copy.time) <= PACKET_SPAN_NS &&
        agree(payloadLength(other), payloadLength(copy), -1) &&
        agree(digestOf(rows, other), digestOf(rows, copy), 0),
    );
  for (const copy of [...copies].sort((a, b) => a.time - b.time)) {
    const idents = identsOf(rows, copy);
    const digest = digestOf(rows, copy);
    const length = payloadLength(copy);
    const content =
      digest === 0 || length < 0 ? undefined : `${copy.direction} ${digest} ${length}`;
    let datagram = idents
      .flatMap((ident) => byIdent.get(ident) ?? [])
      .find((one) => fits(copy, one, 'cell'));
    if (
      datagram === undefined &&
      content !== undefined &&
      (!keepsIdents || isVersion6(input, rows, copy))
    )
      datagram = byContent.get(content)?.find((one) => fits(copy, one, 'point'));
    if (datagram === undefined) {
      datagram = { copies: [] };
      datagrams.push(datagram);
    }
    datagram.copies.push(copy);
    for (const ident of idents) note(byIdent, ident, datagram);
    if (content !== undefined) note(byContent, content, datagram);
  }
  return datagrams;
}

/** Identifications that a copy goes by: its own, and that of the packet within a tunnel whose fragments these are. */
function identsOf(rows: ConnectionRows, { direction, ident, first }: Copy): readonly string[] {
  const own = first === undefined ? 0 : rows.ipId[first];
  const low = ident & 0xffff;
  return (own === low ? [low] : [low, own])
    .filter((one) => one !== 0)
    .map((one) => `${direction} ${one}`);
}

function note(lists: Map<string, Datagram[]>, key: string, datagram: Datagram): void {
  const list = lists.get(key);
  if (list === undefined) lists.set(key, [datagram]);
  else if (!list.includes(datagram)) list.push(datagram);
}

/** Whether two points show fragments, or fragments and a whole, of one identification. */
function areIdentsKept(copies: readonly Copy[]): boolean {
  const pointOf = new Map<string, number>();
  return copies.some(({ direction, ident, point }) => {
    const key = `${direction} ${ident}`;
    const seenAt = pointOf.get(key);
    pointOf.set(key, point);
    return ident !== 0 && seenAt !== undefined && seenAt !== point;
  });
}

const isVersion6 = ({ tuples }: CorrelationInput, rows: ConnectionRows, { first }: Copy): boolean =>
  first !== undefined && tuples.addressName(tuples.sourceAddress(rows.tuple[first])).includes(':');

const digestOf = (rows: ConnectionRows, { first }: Copy): number =>
  first === undefined ? 0 : rows.payloadDigest[first];

const agree = (a: number, b: number, unknown: number): boolean =>
  a === b || a === unknown || b === unknown;

function placeDatagram(rows: ConnectionRows, { copies }: Datagram, number: number): void {
  const header = copies.find((copy) => copy.first !== undefined)?.first;
  const isTcp = rows.protocol === PROTOCOL_TCP;
  if (isTcp && header === undefined) return;
  for (const copy of copies) {
    if (!isTcp && copy.fragments.length === 0 && copy.first !== undefined)
      place(rows, copy.first, 0, rows.payload[copy.first], number);
    for (const { k, offset, length } of copy.fragments) {
      const start = Math.max(0, offset - (copy.header ?? 0));
      const bytes = Math.max(0, offset + length - (copy.header ?? 0)) - start;
      if (!isTcp) place(rows, k, start, bytes, number);
      else if (k !== copy.first) placeSegment(rows, k, header!, start, bytes);
    }
  }
}

function place(
  rows: ConnectionRows,
  k: number,
  start: number,
  bytes: number,
  number: number,
): void {
  rows.sequence[k] = start;
  rows.payload[k] = bytes;
  rows.acknowledgement[k] = number;
}

/** A later fragment of a segment has the header of its first one. */
function placeSegment(
  rows: ConnectionRows,
  k: number,
  header: number,
  start: number,
  bytes: number,
): void {
  rows.sequence[k] = rows.sequence[header] + start;
  rows.payload[k] = bytes;
  rows.flags[k] = rows.flags[header];
  rows.acknowledgement[k] = rows.acknowledgement[header];
  rows.timestampValue[k] = rows.timestampValue[header];
  rows.timestampEcho[k] = rows.timestampEcho[header];
}
