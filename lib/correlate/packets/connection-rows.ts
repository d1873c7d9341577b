// One connection's frames gathered into columns of their own, sorted by identity: what packets are formed from. Connections that follow each other
// ran at about the same time: they are read together, frame after frame as the captures have them, so that the tables are read from the cache.
import { STATUS_ICMP_ERROR } from '../../model/packet-status';
import type { PacketTable } from '../../model/packet-table';
import { PROTOCOL_TCP } from '../../model/protocols';
import { TCP_SYN } from '../../model/tcp-flags';
import type { ClockModel } from '../clocks/clocks';
import type { JoinedConnections } from '../connections/connections';
import { type CorrelationInput, captureOfRow } from '../input/input';
import { isShifted, type LegShifts, withoutShift } from '../legs/leg-shifts';
import type { LegTable } from '../legs/legs';
import { PACKET_SPAN_NS } from '../limits';

/** Columns by frame of the connection. */
const ROW_COLUMNS = {
  /** The lead of its series, and the lead's number of its link context. */
  capture: Uint16Array,
  /** 0 forward, 1 reverse. */
  direction: Uint8Array,
  identity: Uint32Array,
  point: Uint16Array,
  link: Uint16Array,
  ttl: Uint8Array,
  /** Directed tuple. */
  tuple: Uint32Array,
  ipId: Uint16Array,
  payloadDigest: Uint32Array,
  /** ns after the analysis' base by the reference clock. */
  time: Float64Array,
  /** As the connection counts them, shifts taken off: first sequence number the frame occupies, and how many (SYN and FIN count one, as RFC 9293 has it; payload only for cutting). */
  sequence: Uint32Array,
  payload: Uint32Array,
  flags: Uint16Array,
  acknowledgement: Uint32Array,
  timestampValue: Uint32Array,
  timestampEcho: Uint32Array,
  /** Sorts the frames by direction, identity and reference time. */
  order: Uint32Array,
} as const;

type RowColumns = {
  readonly [Name in keyof typeof ROW_COLUMNS]: InstanceType<(typeof ROW_COLUMNS)[Name]>;
};

/** A row a frame of the connection, in order of global rows. */
export interface ConnectionRows extends RowColumns {
  readonly count: number;
  readonly protocol: number;
  readonly globalRow: Uint32Array;
  readonly isVersion6: (row: number) => boolean;
  /** How far the time between two frames may be off, ns; 0 where nothing bounds it and clocks are compared as they are, Infinity at steps that nothing bounds. */
  readonly clockLeeway: (rowA: number, rowB: number) => number;
}

const COLUMN_NAMES = Object.keys(ROW_COLUMNS) as (keyof RowColumns)[];

const mapColumns = (make: (name: keyof RowColumns) => unknown): RowColumns =>
  Object.fromEntries(COLUMN_NAMES.map((name) => [name, make(name)])) as unknown as RowColumns;

/** Frames that are read together: their columns stay in the cache. */
const BATCH_ROWS = 32_768;

/** Gathers the frames of one connection. */
export const gatherConnection = (
  input: CorrelationInput,
  legs: LegTable,
  connections: JoinedConnections,
  identities: Uint32Array,
  clocks: ClockModel,
  connection: number,
): ConnectionRows =>
  new ConnectionReader(input, legs, connections, identities, clocks, 0).read(connection);

/** Gathers the frames of connection after connection. */
export class ConnectionReader {
  private columns: RowColumns = mapColumns((name) => new ROW_COLUMNS[name](0));
  private keys = new Float64Array(0);
  /** Connections that are read, and where the next row of each of them goes. */
  private first = 0;
  private end = 0;
  private next = new Uint32Array(0);

  /** `batchRows`: connections that have no more frames together are read at once. */
  constructor(
    private readonly input: CorrelationInput,
    private readonly legs: LegTable,
    private readonly connections: JoinedConnections,
    private readonly identities: Uint32Array,
    private readonly clocks: ClockModel,
    private readonly batchRows = BATCH_ROWS,
  ) {}

  /** Frames of one connection; its columns are written over when others are read. */
  read(connection: number): ConnectionRows {
    if (connection < this.first || connection >= this.end) this.readBatch(connection);
    const { firstRow, protocol, rows } = this.connections;
    const from = firstRow[connection] - firstRow[this.first];
    const count = firstRow[connection + 1] - firstRow[connection];
    const { tuples, captures } = this.input;
    const columns = this.view(from, from + count);
    const globalRow = rows.subarray(firstRow[connection], firstRow[connection + 1]);
    const place = (row: number): readonly [capture: number, time: number] => {
      const capture = captureOfRow(this.input, globalRow[row]);
      const own = globalRow[row] - this.input.rowBase[capture];
      return [capture, captures[capture].table.get('time', own)];
    };
    const gathered: ConnectionRows = {
      count,
      protocol: protocol[connection],
      globalRow,
      clockLeeway: (a, b) => this.clocks.leewayAt(...place(a), ...place(b), 0),
      isVersion6: (row) =>
        tuples.addressName(tuples.sourceAddress(columns.tuple[row])).includes(':'),
      ...columns,
    };
    sortRows(gathered, this.keys);
    return gathered;
  }

  /** Written out: views are made for every connection. */
  private view(from: number, to: number): RowColumns {
    const { columns } = this;
    return {
      capture: columns.capture.subarray(from, to),
      direction: columns.direction.subarray(from, to),
      identity: columns.identity.subarray(from, to),
      point: columns.point.subarray(from, to),
      link: columns.link.subarray(from, to),
      ttl: columns.ttl.subarray(from, to),
      tuple: columns.tuple.subarray(from, to),
      ipId: columns.ipId.subarray(from, to),
      payloadDigest: columns.payloadDigest.subarray(from, to),
      time: columns.time.subarray(from, to),
      sequence: columns.sequence.subarray(from, to),
      payload: columns.payload.subarray(from, to),
      flags: columns.flags.subarray(from, to),
      acknowledgement: columns.acknowledgement.subarray(from, to),
      timestampValue: columns.timestampValue.subarray(from, to),
      timestampEcho: columns.timestampEcho.subarray(from, to),
      order: columns.order.subarray(from, to),
    };
  }

  private readBatch(first: number): void {
    const { firstRow, count, rows } = this.connections;
    let end = first + 1;
    while (end < count && firstRow[end + 1] - firstRow[first] <= this.batchRows) end += 1;
    this.first = first;
    this.end = end;
    const total = firstRow[end] - firstRow[first];
    if (this.keys.length < total) {
      const size = Math.max(total, Math.min(this.batchRows, this.input.totalRows));
      this.columns = mapColumns((name) => new ROW_COLUMNS[name](size));
      this.keys = new Float64Array(size);
    }
    if (this.next.length < end - first) this.next = new Uint32Array(end - first);
    for (let c = first; c < end; c += 1) this.next[c - first] = firstRow[c] - firstRow[first];
    const batch = rows.subarray(firstRow[first], firstRow[end]);
    this.readRows(end === first + 1 ? batch : batch.slice().sort());
  }

  /** `rows`: all of the batch, rising. */
  private readRows(rows: Uint32Array): void {
    const { input, legs, columns: to, next, first } = this;
    const { connectionOfLeg, forwardOfLeg, protocol, shifts } = this.connections;
    let capture = 0;
    for (let at = 0; at < rows.length; at += 1) {
      const globalRow = rows[at];
      while (globalRow >= input.rowBase[capture + 1]) capture += 1;
      const { table, pointOfLink, lead, leadLink } = input.captures[capture];
      const row = globalRow - input.rowBase[capture];
      const columns = table.columnsOf(row);
      const i = table.indexInBlock(row);
      const leg = legs.legOfRow[globalRow];
      const connection = connectionOfLeg[leg];
      const k = next[connection - first]++;
      const tuple = columns.tuple[i];
      to.capture[k] = lead;
      to.tuple[k] = tuple;
      to.direction[k] = (tuple & 1) ^ forwardOfLeg[leg];
      to.identity[k] = this.identities[globalRow];
      to.link[k] = leadLink[columns.link[i]];
      to.point[k] = pointOfLink[columns.link[i]];
      to.ttl[k] = columns.ttl[i];
      to.ipId[k] = columns.ipId[i];
      to.payloadDigest[k] =
        columns.status[i] & STATUS_ICMP_ERROR ? errorDigest(table, row) : columns.payloadDigest[i];
      to.time[k] = this.clocks.referenceTime(capture, columns.time[i]);
      to.flags[k] = columns.flags[i];
      to.sequence[k] =
        columns.sequence[i] +
        (columns.flags[i] & TCP_SYN && protocol[connection] === PROTOCOL_TCP ? 1 : 0);
      to.payload[k] = table.payloadLength(row);
      to.acknowledgement[k] = columns.acknowledgement[i];
      to.timestampValue[k] = columns.timestampValue[i];
      to.timestampEcho[k] = columns.timestampEcho[i];
      if (shifts !== undefined && isShifted(shifts, leg)) takeOffShift(to, k, shifts, leg);
    }
  }
}

/** What an error carries is the head of another packet, which is translated with it: its IP ID or content tells errors apart. */
function errorDigest({ sparse: { quotes } }: PacketTable, row: number): number {
  const position = quotes.find(row);
  if (position < 0) return 0;
  return quotes.get(position, 'ipId') || quotes.get(position, 'payloadDigest');
}

function takeOffShift(rows: RowColumns, k: number, shifts: LegShifts, leg: number): void {
  const numbers = withoutShift(shifts, leg, rows.tuple[k] & 1, {
    flags: rows.flags[k],
    sequence: rows.sequence[k],
    acknowledgement: rows.acknowledgement[k],
    timestampValue: rows.timestampValue[k],
    timestampEcho: rows.timestampEcho[k],
  });
  rows.sequence[k] = numbers.sequence;
  rows.acknowledgement[k] = numbers.acknowledgement;
  rows.timestampValue[k] = numbers.timestampValue;
  rows.timestampEcho[k] = numbers.timestampEcho;
}

/** Frames that a key has room for beside direction and identity (33 of 53 bits). */
const MOST_KEYED = 2 ** 20;
/** More are parted first by direction and the highest bits of the identity, which is as good as random: 24 bits of it are left, and 29 for the frame. */
const PART_BITS = 8;
const IDENTITY_BITS_LEFT = 32 - PART_BITS;
const MOST_PARTED = 2 ** 29;
/** Frames of one identity up to which insertion sorts fastest. */
const FEW = 32;

/** Fills `order`: direction, identity, time, then global row, so that ties fall the same way in every run. `keys` has room for as many. */
function sortRows(rows: ConnectionRows, keys: Float64Array): void {
  // Numbers sort natively many times faster than by comparing in JavaScript.
  if (rows.count <= MOST_KEYED) sortKeyed(rows, keys);
  else sortParted(rows, keys);
  for (let from = 0; from < rows.count; ) {
    const to = endOfRun(rows, from);
    sortByTime(rows, from, to);
    from = to;
  }
}

function sortKeyed({ count, order, direction, identity }: ConnectionRows, keys: Float64Array) {
  for (let k = 0; k < count; k += 1)
    keys[k] = (direction[k] * 2 ** 32 + identity[k]) * MOST_KEYED + k;
  keys.subarray(0, count).sort();
  for (let i = 0; i < count; i += 1)
    order[i] = keys[i] - Math.floor(keys[i] / MOST_KEYED) * MOST_KEYED;
}

function sortParted({ count, order, direction, identity }: ConnectionRows, keys: Float64Array) {
  const partOf = (k: number): number =>
    (direction[k] << PART_BITS) | (identity[k] >>> IDENTITY_BITS_LEFT);
  const first = new Uint32Array((2 << PART_BITS) + 1);
  for (let k = 0; k < count; k += 1) first[partOf(k) + 1] += 1;
  for (let part = 1; part < first.length; part += 1) first[part] += first[part - 1];
  const next = first.slice();
  for (let k = 0; k < count; k += 1)
    keys[next[partOf(k)]++] = (identity[k] & (2 ** IDENTITY_BITS_LEFT - 1)) * MOST_PARTED + k;
  for (let part = 0; part + 1 < first.length; part += 1)
    keys.subarray(first[part], first[part + 1]).sort();
  for (let i = 0; i < count; i += 1)
    order[i] = keys[i] - Math.floor(keys[i] / MOST_PARTED) * MOST_PARTED;
}

/** End of the run of frames with one direction and identity that begins at `from` of `order`. */
export function endOfRun(
  { count, order, identity, direction }: ConnectionRows,
  from: number,
): number {
  const first = order[from];
  let to = from + 1;
  while (
    to < count &&
    identity[order[to]] === identity[first] &&
    direction[order[to]] === direction[first]
  )
    to += 1;
  return to;
}

/** Sorts `order[from … to)`, which is in order of rows. */
function sortByTime({ order, time }: ConnectionRows, from: number, to: number): void {
  if (to - from > FEW) {
    order.subarray(from, to).sort((a, b) => time[a] - time[b] || a - b);
    return;
  }
  for (let i = from + 1; i < to; i += 1) {
    const k = order[i];
    let place = i;
    while (place > from && time[order[place - 1]] > time[k]) {
      order[place] = order[place - 1];
      place -= 1;
    }
    order[place] = k;
  }
}

/** Whether the time between two frames is one that a packet may take; what clocks leave open at a step is not counted. */
export function areNear(
  rows: ConnectionRows,
  a: number,
  b: number,
  apart = Math.abs(rows.time[a] - rows.time[b]),
): boolean {
  return apart <= PACKET_SPAN_NS || apart - rows.clockLeeway(a, b) <= PACKET_SPAN_NS;
}

/** Two frames in the same cell are two packets, or one that passed twice in every respect: same point, link context, TTL and tuple. */
export const sameCell = (rows: ConnectionRows, a: number, b: number): boolean =>
  rows.point[a] === rows.point[b] &&
  rows.capture[a] === rows.capture[b] &&
  rows.link[a] === rows.link[b] &&
  rows.ttl[a] === rows.ttl[b] &&
  rows.tuple[a] === rows.tuple[b];
