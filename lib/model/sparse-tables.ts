// What only some frames have: tables beside the columns, one flat array each, rows sorted by the frame's row. A frame can have several rows.
//
// A row's first number is the frame's row: within the block in a ParsedBlock, within the capture in a PacketTable. Example, `sackBlocks`:
//   17 1449 2897   17 4345 5793   90 1449 2897      two blocks in frame 18, one in frame 91
// A table is added by a line here and by the decoder that writes it.
import { lowerBoundBy } from '../base/bisect';
import { GrowableColumn } from '../base/growable';

interface SparseSchema {
  readonly array: Float64ArrayConstructor | Uint32ArrayConstructor;
  /** Names of a row's numbers. */
  readonly columns: readonly ['row', ...string[]];
  /** The column that holds a directed tuple, as `tuple` of the packet columns does: the engine writes its own number over it. */
  readonly tuple?: string;
}

export const SPARSE_TABLES = {
  /** Lengths of frames where one of them is LENGTH_OVERFLOW or more. */
  overflow: { array: Float64Array, columns: ['row', 'captured', 'wire', 'payload'] },
  /**
   * Packets that the capture says it dropped on an interface (pcapng's epb_dropcount, interface statistics): within `from` … `to`, ns after the
   * capture's base, infinite where the file does not say. `row`: the frame before which it is told, the last one at the file's end.
   */
  drops: { array: Float64Array, columns: ['row', 'interface', 'from', 'to', 'count'] },
  /** pcapng's epb_packetid. */
  packetIds: { array: Uint32Array, columns: ['row', 'high', 'low'] },
  /** pcapng's epb_flags where they say more than a direction. */
  packetFlags: { array: Uint32Array, columns: ['row', 'flags'] },
  /** pcapng's epb_verdict. `kind`: 0 hardware, 1 eBPF at TC, 2 eBPF at XDP, as the draft numbers them. */
  verdicts: { array: Uint32Array, columns: ['row', 'kind', 'high', 'low'] },
  /** Comments on frames: index in CaptureSummary.comments. */
  comments: { array: Uint32Array, columns: ['row', 'index'] },
  /** TCP SYN: MSS (0: none), window scale (0xffff: none), SACK permitted (0 or 1). */
  synOptions: { array: Uint32Array, columns: ['row', 'mss', 'windowScale', 'sackPermitted'] },
  /** TCP SACK option (RFC 2018): edges of a block. */
  sackBlocks: { array: Uint32Array, columns: ['row', 'left', 'right'] },
  /**
   * The packet that an ICMP or ICMPv6 error quotes, as its own row would have it where it passed; one row an error, none where not even its addresses were captured.
   * `tuple`: directed as the quoted packet ran. `status`: bits of packet-status.ts; without STATUS_TRANSPORT its ports were not quoted.
   * `sequence`, `ipId`, `ttl`, `payloadDigest`: as the packet columns have them; a TCP header of 8 bytes (RFC 792) has `sequence`, but neither
   * `acknowledgement` nor `flags` (0: not quoted). `length`: bytes of the IP packet by its own header, `payloadLength` what follows from it; 0: it does not say (TSO), or headers are cut.
   * `mtu`: of the next hop, from the error (RFC 1191, RFC 4443 section 3.2); 0: it says none.
   */
  quotes: {
    array: Uint32Array,
    columns: [
      'row',
      'tuple',
      'status',
      'ipId',
      'sequence',
      'acknowledgement',
      'flags',
      'length',
      'payloadLength',
      'payloadDigest',
      'ttl',
      'mtu',
    ],
    tuple: 'tuple',
  },
  /**
   * IP fragments, first and later; one row a frame. `ident`: 16 bits of IPv4, 32 of IPv6. `offset`, `length`: the bytes of the IP payload that this one carries.
   * `more`: 1 or 0. `tuple`: directed, with the ports that the datagram's first fragment has at this point (within a tunnel: the first fragment's inner packet), the
   * frame's own tuple (ports 0) where that one was not seen: found by addresses, protocol and identification, at most a minute apart.
   */
  fragments: {
    array: Uint32Array,
    columns: ['row', 'tuple', 'ident', 'offset', 'length', 'more'],
    tuple: 'tuple',
  },
  /** The first fragment in `row` gives its `tuple` to a row of `fragments` that went out with a block before: `position` in the capture's whole table. */
  settledFragments: {
    array: Uint32Array,
    columns: ['row', 'position', 'tuple'],
    tuple: 'tuple',
  },
  /**
   * What the first payloads of a conversation say of it, for labels: a TCP sender's first message that is known (once, until a SYN opens the tuple anew), UDP's first 64.
   * `kind`: a code of HINT_KINDS. `text`: index in PacketTable.texts. `number`: DNS: the response code, NOT_ANSWERED in a question; TLS, QUIC: the version; HTTP: the status code or 0.
   */
  hints: { array: Uint32Array, columns: ['row', 'kind', 'text', 'number'] },
} as const satisfies Readonly<Record<string, SparseSchema>>;

/** Codes of a hint's kind are places in this list. */
export const HINT_KINDS = [
  'dns-question',
  'dns-answer',
  'tls-client',
  'tls-server',
  'http-request',
  'http-response',
  'http2',
  'quic',
] as const;
export type HintKind = (typeof HINT_KINDS)[number];
/** A DNS hint's `number` without a response code. */
export const NOT_ANSWERED = 0xffff;

export type SparseName = keyof typeof SPARSE_TABLES;
export type SparseColumn<N extends SparseName> = (typeof SPARSE_TABLES)[N]['columns'][number];
type SparseArray<N extends SparseName> = InstanceType<(typeof SPARSE_TABLES)[N]['array']> & {
  readonly buffer: ArrayBuffer;
};

/** Every table's rows of one block, flat. */
export type SparseRows = { readonly [N in SparseName]: SparseArray<N> };

export const SPARSE_NAMES = Object.keys(SPARSE_TABLES) as SparseName[];

/** One table while it is filled, and as it is read: by position (a row of the table), or by frame with `first`. */
export class SparseTable<N extends SparseName> {
  private readonly schema: SparseSchema;
  private readonly stride: number;
  private readonly values: GrowableColumn<Float64Array<ArrayBuffer> | Uint32Array<ArrayBuffer>>;

  constructor(name: N, capacity = 64) {
    this.schema = SPARSE_TABLES[name];
    this.stride = this.schema.columns.length;
    this.values = new GrowableColumn<Float64Array<ArrayBuffer> | Uint32Array<ArrayBuffer>>(
      this.schema.array,
      capacity,
    );
  }

  /** Rows of the table. */
  get length(): number {
    return this.values.length / this.stride;
  }

  /** Appends one number; a row is complete when all its columns were pushed in order. */
  push(value: number): void {
    this.values.push(value);
  }

  /** Appends a block's rows, whose frames start at row `base`. */
  take(rows: ArrayLike<number>, base: number): void {
    for (let i = 0; i < rows.length; i += 1)
      this.values.push(i % this.stride === 0 ? rows[i] + base : rows[i]);
  }

  /** Writes over a number of a row that is there. */
  set(position: number, column: SparseColumn<N>, value: number): void {
    this.values.values[position * this.stride + this.schema.columns.indexOf(column)] = value;
  }

  get(position: number, column: SparseColumn<N>): number {
    return this.values.values[position * this.stride + this.schema.columns.indexOf(column)];
  }

  /** Position of the first row at or after the frame of `row`; `length` where there is none. */
  first(row: number): number {
    const { values } = this.values;
    return lowerBoundBy(this.length, (position) => values[position * this.stride] < row);
  }

  /** Position of the first row of the frame; -1: it has none. */
  find(row: number): number {
    const position = this.first(row);
    return position < this.length && this.values.values[position * this.stride] === row
      ? position
      : -1;
  }

  /** A copy of exactly the rows. */
  finish(): SparseArray<N> {
    return this.values.finish() as SparseArray<N>;
  }
}

export type SparseTables = { readonly [N in SparseName]: SparseTable<N> };

/** All tables, empty. */
export const createSparseTables = (): SparseTables =>
  Object.fromEntries(
    SPARSE_NAMES.map((name) => [name, new SparseTable(name)]),
  ) as unknown as SparseTables;

/** The rows of all tables. */
export const finishSparseTables = (tables: SparseTables): SparseRows =>
  Object.fromEntries(
    SPARSE_NAMES.map((name) => [name, tables[name].finish()]),
  ) as unknown as SparseRows;

/** Renumbers the tuples that the tables hold: the engine's numbers over the parser's. */
export function renumberTuples(rows: SparseRows, renumber: (tuple: number) => number): void {
  for (const name of SPARSE_NAMES) {
    const { columns, tuple }: SparseSchema = SPARSE_TABLES[name];
    if (tuple === undefined) continue;
    const values = rows[name];
    for (let i = columns.indexOf(tuple); i < values.length; i += columns.length)
      values[i] = renumber(values[i]);
  }
}
