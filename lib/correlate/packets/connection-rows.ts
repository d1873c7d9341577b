// One connection's frames gathered into columns of their own, sorted by identity: what packets are formed from. Connections that follow each other
// ran at about the same time: they are read together, frame after frame as the captures have them, so that the tables are read from the cache.
import { sortNumbers } from '../../base/radix-sort';
import { LENGTH_OVERFLOW } from '../../model/packet-columns';
import { STATUS_ICMP_ERROR } from '../../model/packet-status';
import type { PacketTable } from '../../model/packet-table';
import { PROTOCOL_TCP } from '../../model/protocols';
import { TCP_SYN } from '../../model/tcp-flags';
import type { ClockModel } from '../clocks/clocks';
import type { JoinedConnections } from '../connections/connections';
import { type CorrelationInput, captureOfRow } from '../input/input';
import { RowCursor } from '../input/row-cursor';
import { isShifted, type LegShifts, withoutShift } from '../legs/leg-shifts';
import type { LegTable } from '../legs/legs';
import { PACKET_SPAN_NS, ROW_ORDER_YIELD } from '../limits';
import { RowSorter } from './row-order';

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
  /** ns after the capture's base by its own clock. */
  ownTime: Float64Array,
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

/** Gathers the frames of connection after connection. */
export class ConnectionReader {
  private columns: RowColumns = mapColumns((name) => new ROW_COLUMNS[name](0));
  /** Connections that are read, and where the next row of each of them goes. */
  private first = 0;
  private end = 0;
  private next = new Uint32Array(0);
  private readonly batch = new Uint32Array(BATCH_ROWS);
  private readonly scratch = new Uint32Array(BATCH_ROWS);
  private readonly sorter = new RowSorter();
  private readonly cursor: RowCursor;

  constructor(
    private readonly input: CorrelationInput,
    private readonly legs: LegTable,
    private readonly connections: JoinedConnections,
    private readonly identities: Uint32Array,
    private readonly clocks: ClockModel,
  ) {
    this.cursor = new RowCursor(input);
  }

  /** Frames of one connection; its columns are written over when others are read. Yields, the connection's share of all, within a long one. */
  *read(connection: number): Generator<number, ConnectionRows> {
    const share = connection / this.connections.count;
    if (connection < this.first || connection >= this.end) yield* this.readBatch(connection, share);
    const { firstRow, protocol, rows } = this.connections;
    const from = firstRow[connection] - firstRow[this.first];
    const count = firstRow[connection + 1] - firstRow[connection];
    const { tuples } = this.input;
    const columns = this.view(from, from + count);
    const globalRow = rows.subarray(firstRow[connection], firstRow[connection + 1]);
    const place = (row: number): readonly [capture: number, time: number] => [
      captureOfRow(this.input, globalRow[row]),
      columns.ownTime[row],
    ];
    const gathered: ConnectionRows = {
      count,
      protocol: protocol[connection],
      globalRow,
      clockLeeway: (a, b) => this.clocks.leewayAt(...place(a), ...place(b), 0),
      isVersion6: (row) =>
        tuples.addressName(tuples.sourceAddress(columns.tuple[row])).includes(':'),
      ...columns,
    };
    yield* this.sorter.sort(gathered, share);
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
      ownTime: columns.ownTime.subarray(from, to),
      sequence: columns.sequence.subarray(from, to),
      payload: columns.payload.subarray(from, to),
      flags: columns.flags.subarray(from, to),
      acknowledgement: columns.acknowledgement.subarray(from, to),
      timestampValue: columns.timestampValue.subarray(from, to),
      timestampEcho: columns.timestampEcho.subarray(from, to),
      order: columns.order.subarray(from, to),
    };
  }

  private *readBatch(first: number, share: number): Generator<number> {
    const { firstRow, count, rows } = this.connections;
    let end = first + 1;
    while (end < count && firstRow[end + 1] - firstRow[first] <= BATCH_ROWS) end += 1;
    this.first = first;
    this.end = end;
    const total = firstRow[end] - firstRow[first];
    if (this.columns.order.length < total) {
      const size = Math.max(total, Math.min(BATCH_ROWS, this.input.totalRows));
      this.columns = mapColumns((name) => new ROW_COLUMNS[name](size));
    }
    if (this.next.length < end - first) this.next = new Uint32Array(end - first);
    for (let c = first; c < end; c += 1) this.next[c - first] = firstRow[c] - firstRow[first];
    if (end === first + 1) {
      // A connection's own frames are in order.
      for (let from = firstRow[first]; from < firstRow[end]; from += ROW_ORDER_YIELD) {
        this.readRows(rows.subarray(from, Math.min(from + ROW_ORDER_YIELD, firstRow[end])));
        if (total > ROW_ORDER_YIELD) yield share;
      }
      return;
    }
    const batch = this.batch.subarray(0, total);
    batch.set(rows.subarray(firstRow[first], firstRow[end]));
    sortNumbers(batch, this.scratch);
    this.readRows(batch);
  }

  /** `rows`: of the batch, rising. */
  private readRows(rows: Uint32Array): void {
    for (let from = 0; from < rows.length; ) {
      const i = this.cursor.seek(rows[from]);
      const base = rows[from] - i;
      let to = from + 1;
      while (to < rows.length && rows[to] < this.cursor.end) to += 1;
      this.readBlock(rows.subarray(from, to), base);
      from = to;
    }
  }

  /** `rows`: all in the cursor's block, in which global row `base` has the index 0. */
  private readBlock(rows: Uint32Array, base: number): void {
    const { legs, columns: to, next, first, identities, clocks, cursor } = this;
    const { connectionOfLeg, forwardOfLeg, protocol, shifts } = this.connections;
    const { table, pointOfLink, lead, leadLink } = cursor.source;
    const { capture: ownCapture, columns } = cursor;
    const { legOfRow } = legs;
    const { capture, direction, identity, point, link, ttl, tuple, ipId, payloadDigest } = to;
    const { time, ownTime } = to;
    const { sequence, payload, flags, acknowledgement, timestampValue, timestampEcho } = to;
    for (let at = 0; at < rows.length; at += 1) {
      const globalRow = rows[at];
      const i = globalRow - base;
      const leg = legOfRow[globalRow];
      const connection = connectionOfLeg[leg];
      const k = next[connection - first]++;
      const ownTuple = columns.tuple[i];
      const ownFlags = columns.flags[i];
      const length = columns.payloadLength[i];
      const ownLink = columns.link[i];
      capture[k] = lead;
      tuple[k] = ownTuple;
      direction[k] = (ownTuple & 1) ^ forwardOfLeg[leg];
      identity[k] = identities[globalRow];
      link[k] = leadLink[ownLink];
      point[k] = pointOfLink[ownLink];
      ttl[k] = columns.ttl[i];
      ipId[k] = columns.ipId[i];
      payloadDigest[k] =
        columns.status[i] & STATUS_ICMP_ERROR
          ? errorDigest(table, cursor.rowAt(i))
          : columns.payloadDigest[i];
      ownTime[k] = columns.time[i];
      time[k] = clocks.referenceTime(ownCapture, columns.time[i]);
      flags[k] = ownFlags;
      sequence[k] =
        columns.sequence[i] + (ownFlags & TCP_SYN && protocol[connection] === PROTOCOL_TCP ? 1 : 0);
      payload[k] = length === LENGTH_OVERFLOW ? table.payloadLength(cursor.rowAt(i)) : length;
      acknowledgement[k] = columns.acknowledgement[i];
      timestampValue[k] = columns.timestampValue[i];
      timestampEcho[k] = columns.timestampEcho[i];
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
