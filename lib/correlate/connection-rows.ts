// One connection's frames gathered into columns of their own, sorted by identity: what packets are formed from.
import { STATUS_ICMP_ERROR } from '../model/packet-status';
import type { PacketTable } from '../model/packet-table';
import { TCP_SYN } from '../model/tcp-flags';
import type { ClockModel } from './clocks';
import type { ConnectionTable } from './connections';
import { type CorrelationInput, captureOfRow } from './input';
import { isShifted, type LegShifts, withoutShift } from './leg-shifts';
import type { LegTable } from './legs';

/** A row a frame of the connection; `order` sorts them by direction, identity and reference time. */
export interface ConnectionRows {
  readonly count: number;
  readonly protocol: number;
  readonly globalRow: Float64Array;
  /** The lead of its series, and the lead's number of its link context. */
  readonly capture: Uint16Array;
  /** 0 forward, 1 reverse. */
  readonly direction: Uint8Array;
  readonly identity: Uint32Array;
  readonly point: Uint16Array;
  readonly link: Uint16Array;
  readonly ttl: Uint8Array;
  /** Directed tuple. */
  readonly tuple: Uint32Array;
  readonly ipId: Uint16Array;
  readonly payloadDigest: Uint32Array;
  /** ns after the analysis' base by the reference clock. */
  readonly time: Float64Array;
  /** As the connection counts them, shifts taken off: first sequence number the frame occupies, and how many (SYN and FIN count one, as RFC 9293 has it; payload only for cutting). */
  readonly sequence: Uint32Array;
  readonly payload: Uint32Array;
  readonly flags: Uint16Array;
  readonly acknowledgement: Uint32Array;
  readonly timestampValue: Uint32Array;
  readonly timestampEcho: Uint32Array;
  readonly order: Uint32Array;
}

/** Gathers the frames of one connection. */
export function gatherConnection(
  input: CorrelationInput,
  legs: LegTable,
  connections: ConnectionTable,
  identities: Uint32Array,
  clocks: ClockModel,
  connection: number,
): ConnectionRows {
  const from = connections.firstRow[connection];
  const count = connections.firstRow[connection + 1] - from;
  const rows: ConnectionRows = {
    count,
    protocol: connections.protocol[connection],
    globalRow: connections.rows.subarray(from, from + count),
    capture: new Uint16Array(count),
    direction: new Uint8Array(count),
    identity: new Uint32Array(count),
    point: new Uint16Array(count),
    link: new Uint16Array(count),
    ttl: new Uint8Array(count),
    tuple: new Uint32Array(count),
    ipId: new Uint16Array(count),
    payloadDigest: new Uint32Array(count),
    time: new Float64Array(count),
    sequence: new Uint32Array(count),
    payload: new Uint32Array(count),
    flags: new Uint16Array(count),
    acknowledgement: new Uint32Array(count),
    timestampValue: new Uint32Array(count),
    timestampEcho: new Uint32Array(count),
    order: new Uint32Array(count),
  };
  const { shifts } = connections;
  for (let k = 0; k < count; k += 1) {
    const globalRow = rows.globalRow[k];
    const capture = captureOfRow(input, globalRow);
    const { table, pointOfLink, lead, leadLink } = input.captures[capture];
    const row = globalRow - input.rowBase[capture];
    const columns = table.columnsOf(row);
    const i = table.indexInBlock(row);
    const leg = legs.legOfRow[globalRow];
    rows.capture[k] = lead;
    rows.tuple[k] = columns.tuple[i];
    rows.direction[k] = (columns.tuple[i] & 1) ^ connections.forwardOfLeg[leg];
    rows.identity[k] = identities[globalRow];
    rows.link[k] = leadLink[columns.link[i]];
    rows.point[k] = pointOfLink[columns.link[i]];
    rows.ttl[k] = columns.ttl[i];
    rows.ipId[k] = columns.ipId[i];
    rows.payloadDigest[k] =
      columns.status[i] & STATUS_ICMP_ERROR ? errorDigest(table, row) : columns.payloadDigest[i];
    rows.time[k] = clocks.referenceTime(capture, columns.time[i]);
    rows.flags[k] = columns.flags[i];
    rows.sequence[k] =
      columns.sequence[i] + (rows.protocol === 6 && columns.flags[i] & TCP_SYN ? 1 : 0);
    rows.payload[k] = table.payloadLength(row);
    rows.acknowledgement[k] = columns.acknowledgement[i];
    rows.timestampValue[k] = columns.timestampValue[i];
    rows.timestampEcho[k] = columns.timestampEcho[i];
    if (shifts !== undefined && isShifted(shifts, leg)) takeOffShift(rows, k, shifts, leg);
  }
  sortRows(rows);
  return rows;
}

/** What an error carries is the head of another packet, which is translated with it: its IP ID or content tells errors apart. */
function errorDigest({ sparse: { quotes } }: PacketTable, row: number): number {
  const position = quotes.find(row);
  if (position < 0) return 0;
  return quotes.get(position, 'ipId') || quotes.get(position, 'payloadDigest');
}

function takeOffShift(rows: ConnectionRows, k: number, shifts: LegShifts, leg: number): void {
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

/** Fills `order`: direction, identity, time, then global row, so that ties fall the same way in every run. */
function sortRows(rows: ConnectionRows): void {
  const { order, direction, identity, time, globalRow } = rows;
  for (let k = 0; k < rows.count; k += 1) order[k] = k;
  order.sort(
    (a, b) =>
      direction[a] - direction[b] ||
      identity[a] - identity[b] ||
      time[a] - time[b] ||
      globalRow[a] - globalRow[b],
  );
}

/** Two frames in the same cell are two packets, or one that passed twice in every respect: same point, link context, TTL and tuple. */
export const sameCell = (rows: ConnectionRows, a: number, b: number): boolean =>
  rows.point[a] === rows.point[b] &&
  rows.capture[a] === rows.capture[b] &&
  rows.link[a] === rows.link[b] &&
  rows.ttl[a] === rows.ttl[b] &&
  rows.tuple[a] === rows.tuple[b];
